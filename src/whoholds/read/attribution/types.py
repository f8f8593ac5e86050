"""What attribution hands on: one attribution with the facts that stance, claims and sources need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from whoholds.model import Attribution

__all__ = ["AttributedSpeech", "CueClass", "Tense"]


class CueClass(StrEnum):
    """What the words of attribution say of how the source stands to the content.

    The first group tells, the second takes a side, the third is about what is to be done, the fourth
    is inside a head, the last says that nothing was said.
    """

    NEUTRAL = "neutral"
    ADDING = "adding"
    SHOWING = "showing"
    HEARSAY = "hearsay"
    ASKING = "asking"
    PREDICTING = "predicting"

    CONFIRMING = "confirming"
    CLAIMING = "claiming"
    HEDGING = "hedging"
    DENYING = "denying"
    AGREEING = "agreeing"
    WARNING = "warning"
    ACCUSING = "accusing"
    JUDGING = "judging"

    ORDERING = "ordering"
    PROPOSING = "proposing"
    PROMISING = "promising"
    THREATENING = "threatening"
    REFUSING = "refusing"
    CONSIDERING = "considering"
    INTENDING = "intending"

    BELIEVING = "believing"
    KNOWING = "knowing"
    FEELING = "feeling"
    DOUBTING = "doubting"

    SILENCE = "silence"


class Tense(StrEnum):
    """When the saying is, as its verb has it."""

    PAST = "past"
    PRESENT = "present"
    FUTURE = "future"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class AttributedSpeech:
    """One attribution, with the tokens that it stands on.

    Attributes:
        attribution: The contract's form: spans, kind, nesting, antecedent, probability.
        cue_class: What the cue says of the source's stance.
        cue_tokens: Indexes of the cue's tokens, in order; empty without a cue.
        cue_head: The cue's verb, noun or preposition, or None without a cue.
        source_tokens: First and one past last token of the source, or None.
        content_tokens: First and one past last token of each piece of the content.
        is_negated: Whether the saying is negated ("did not say").
        tense: When the saying is.
        is_modal: Whether the saying itself is only possible, conditional or wished for ("may say").
        is_passive: Whether the cue is a passive ("was reported").
        source_side_hint: Words of the source, its apposition or its antecedent that tell a side
            ("Ukrainian", "Russia's"), in the text's words, or None.
        source_role: Title or common noun of the source ("spokesman", "military commander", "channel").
        rule: Which rule found it; probabilities are kept a rule.
    """

    attribution: Attribution
    cue_class: CueClass
    cue_tokens: tuple[int, ...]
    cue_head: int | None
    source_tokens: tuple[int, int] | None
    content_tokens: tuple[tuple[int, int], ...]
    is_negated: bool = False
    tense: Tense = Tense.PAST
    is_modal: bool = False
    is_passive: bool = False
    source_side_hint: str | None = None
    source_role: str | None = None
    rule: str = "verb"
