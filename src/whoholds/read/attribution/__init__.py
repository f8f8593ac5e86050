"""Attribution: who is said to have said what.

In: a parsed text. Out: attributions with exact spans, the class of their cue, and the named source.
"""

from whoholds.read.attribution.extract import extract_attributions, find_scare_quotes
from whoholds.read.attribution.sources import source_name
from whoholds.read.attribution.types import AttributedSpeech, CueClass, Tense

__all__ = [
    "AttributedSpeech",
    "CueClass",
    "Tense",
    "extract_attributions",
    "find_scare_quotes",
    "source_name",
]
