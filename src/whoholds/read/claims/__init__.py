"""Claims: attributions, events, places, times and quantities in; one claim a statement out."""

from whoholds.read.claims.extract import extract_claims
from whoholds.read.claims.material import Material

__all__ = ["Material", "extract_claims"]
