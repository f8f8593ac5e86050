"""An attribution in the making, in token spans, before order, nesting and names are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from whoholds.read.attribution.types import CueClass

__all__ = ["Draft"]


@dataclass(slots=True)
class Draft:
    """One attribution found by one rule.

    Attributes:
        rule: Name of the rule.
        cue_class: The cue's class.
        cue: Token span of the cue, or None.
        cue_head: The cue's verb, noun or preposition, or None.
        source: Token span, or None.
        source_head: The source's noun, or None.
        content: Token spans.
        is_direct: Whether the content is a quotation.
    """

    rule: str
    cue_class: CueClass
    cue: tuple[int, int] | None
    cue_head: int | None
    source: tuple[int, int] | None
    source_head: int | None
    content: list[tuple[int, int]] = field(default_factory=list)
    is_direct: bool = False
