"""A small network that reads a report as a whole: a witness beside the rules."""

from whoholds.read.network.opinion import Opinion, Perusal, likeliest

__all__ = ["Opinion", "Perusal", "likeliest"]
