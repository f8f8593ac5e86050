"""Certainty of events: a parsed text in; each event word with how sure the words are that it happened out."""

from whoholds.read.certainty.extract import extract_certainty

__all__ = ["extract_certainty"]
