"""Datelines: "DAMASCUS, May 21 (KNA) — ", where and when a report was written, before its first words.

A text and its blocks enter, the characters of its datelines leave. Whoever reads on from there is told where
the writer sat, not where it happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from whoholds.text.blocks import Block, BlockKind

__all__ = ["find_datelines"]

_PLACE = r"(?P<place>[^\W\d_][\w.'’/-]+(?: [^\W\d_][\w.'’/-]*){0,3})"
_REGION = r"(?:,[ ]?[^\W\d_][\w.'’ ]{0,25}(?<! )){0,2}"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = rf"(?:,? ?(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}\b)(?:,? \d{{4}})?)"
_AGENCY = r"(?: ?\([^()\n]{2,40}\))"
_DASH = r"(?: ?[—–]| --?) ?(?=\S)"
"""A hyphen closes it only with a blank before: "DONETSK-bound" is a word."""
_BARE = re.compile(rf"{_PLACE}{_REGION}{_DASH}")
"""Place and dash alone: a list of towns may stand so as well."""
_FULL = re.compile(
    # With a day or an agency a colon or a mere full stop closes it too.
    rf"{_PLACE}{_REGION}(?:(?:{_DAY}{_AGENCY}?|{_AGENCY})(?:{_DASH}| ?: ?(?=\S)|\.? (?=[\"“]|[^\W\d_])))"
)


def find_datelines(text: str, blocks: Sequence[Block]) -> tuple[tuple[int, int], ...]:
    """First character of each dateline and the one after its last, in order.

    Args:
        text: The text as it stands.
        blocks: Its blocks.
    """
    full: list[tuple[int, int]] = []
    bare: list[tuple[int, int]] = []
    for block in blocks:
        if block.kind not in (BlockKind.BODY, BlockKind.HEADLINE):
            continue
        match = _FULL.match(text, block.start, block.end)
        if match is not None and _is_place(match):
            full.append(match.span())
        elif block.kind is BlockKind.BODY:
            match = _BARE.match(text, block.start, block.end)
            if match is not None and match["place"].isupper():
                bare.append(match.span())
    return tuple(sorted(full + bare if len(bare) == 1 else full))


def _is_place(match: re.Match[str]) -> bool:
    """Whether a place is printed as a dateline's: in capitals, or as a name before an agency and a dash."""
    words = match["place"].split()
    if match["place"].isupper():
        return True
    ends = match.group().rstrip()
    return ")" in ends and ends[-1] in "—–-" and all(word[0].isupper() for word in words)
