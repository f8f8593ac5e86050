"""How a sentence uses a time: a mention enters, "at", "since", "by" … leaves.

Read from the preposition that governs the expression, which stands right before it or above it in the
parse.
"""

from __future__ import annotations

import re

from whoholds.model import TimeMention
from whoholds.text.parse import Parsed

__all__ = ["ROLES", "time_role"]

ROLES = ("at", "since", "until", "by", "before", "after", "during", "from", "to")

_WORDS = {
    "since": "since",
    "until": "until", "till": "until", "through": "until", "til": "until",
    "by": "by", "within": "by",
    "before": "before", "prior": "before", "ahead": "before",
    "after": "after", "following": "after", "past": "after", "beyond": "after",
    "during": "during", "over": "during", "throughout": "during", "amid": "during",
    "from": "from", "starting": "from", "beginning": "from", "effective": "from", "onwards": "from",
    "to": "to",
}  # fmt: skip
_SKIPPED = frozenset(
    [
        "the",
        "a",
        "an",
        "about",
        "around",
        "approximately",
        "roughly",
        "some",
        "early",
        "late",
        "mid",
        "at",
        "on",
        "in",
        "of",
        "least",
    ]
)
_WORD = re.compile(r"[^\W\d_]+|[^\s\w]")
_LOOK_BACK = 40
"""Characters before an expression within which its preposition stands."""


def time_role(parsed: Parsed, mention: TimeMention) -> str:
    """How the sentence uses a time.

    Args:
        parsed: The text that the mention was found in.
        mention: A mention of `extract_times`.

    Returns:
        One of `ROLES`; "at" where no preposition says more.
    """
    start = mention.span.start
    before = parsed.text[max(0, start - _LOOK_BACK) : start]
    words = [w.lower() for w in _WORD.findall(before.rpartition("\n")[2])]
    if words[-3:] == ["no", "later", "than"]:
        return "by"
    if words[-2:] in (["up", "to"], ["up", "until"]):
        return "until"
    if words[-2:] in (["ahead", "of"], ["prior", "to"]):
        return "before"
    if words[-2:] == ["as", "of"] or words[-2:] == ["as", "at"]:
        return "at"
    while words and words[-1] in _SKIPPED:
        words.pop()
    if not words:
        return "at"
    last = words[-1]
    if last == "between":
        return "from"
    if last == "and" and "between" in words[-6:]:
        return "to"
    if last in ("-", "–", "—") and parsed.text[start - 1 : start] in ("-", "–", "—"):
        return "to"
    if last == "to" and "from" not in words:
        return "until"
    return _WORDS.get(last, "at")
