"""What the words of a clause speak for, beside the frames: a second witness, learned from the project's own gold."""

from whoholds.read.wording.model import settle_event

__all__ = ["settle_event"]
