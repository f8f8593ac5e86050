"""What the words of a clause speak for: a witness beside the frames, learned from the project's own gold."""

from whoholds.read.wording.model import settle_event

__all__ = ["settle_event"]
