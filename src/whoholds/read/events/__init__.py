"""Events: a parsed report in, who took, lost, holds, entered, left or attacked what out."""

from whoholds.read.events.extract import extract_events
from whoholds.read.events.types import EventMention, Mood

__all__ = ["EventMention", "Mood", "extract_events"]
