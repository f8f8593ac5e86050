"""Quantities: a parsed text enters, `Quantity`s leave."""

from whoholds.read.quantities.extract import drop_anchored, extract_quantities

__all__ = ["drop_anchored", "extract_quantities"]
