"""Breadth of understanding: sentences of our own from many wars."""
