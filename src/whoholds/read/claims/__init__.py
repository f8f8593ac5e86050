"""Claims: attributions, events, places, times and quantities in; one claim a statement out."""

from whoholds.read.claims.extract import Material, extract_claims

__all__ = ["Material", "extract_claims"]
