"""Stance and polarity of a claim: the cue's class and the clause's mood, put together.

What a cue says of its content and how the clause itself is put enter; one stance and one polarity leave
(annotation rules: an order, a plan or a proposal is never a fact, whoever tells of it).
"""

from __future__ import annotations

from whoholds.model import EVENT_GROUPS, Event, Polarity, Stance
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.mood import find_mood
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Token

__all__ = ["schedule_stance", "settle_stance"]

_WILL = frozenset({"will", "would", "wo", "'ll", "’ll", "shall"})
_ACTS = frozenset({Stance.ORDERED, Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED})


def settle_stance(
    cue: Stance | None,
    mention: EventMention | None,
    head: Token,
    *,
    speaker_side: str | None,
    actor_side: str | None,
    is_own: bool,
    is_evidence: bool,
    has_speaker: bool,
    is_observer: bool = False,
    is_doubt: bool = False,
) -> tuple[Stance, Polarity]:
    """The stance and the polarity of a claim.

    Args:
        cue: The stance of the innermost cue, or None in the publisher's own voice.
        mention: The event mention, or None for a bare statement.
        head: The head of the clause.
        speaker_side: The speaker's party.
        actor_side: The actor's party.
        is_own: Whether the actor is the speaker's own ("we", "our units").
        is_evidence: Whether the cue's source is footage and the like.
        has_speaker: Whether a speaker is named.
        is_observer: Whether the speaker watches and does not act: nothing told is an own act.
        is_doubt: Whether the cue doubts or does not believe what it brings.
    """
    mood = mention.mood.stance if mention is not None else _bare_mood(head)
    if mood is None and mention is not None and mention.is_purpose and cue not in _ACTS:
        # "gathered to retake the town": aimed at, not done.
        mood = Stance.INTENDED
    if mood is None and _is_scheduled(head):
        mood = Stance.INTENDED
    polarity = mention.mood.polarity if mention is not None else _bare_polarity(head)
    own_act = not is_observer and (is_own or (actor_side is not None and actor_side == speaker_side))
    if mention is not None and mention.frame == "violate":
        # "A ceasefire will take effect on Monday": a schedule of those who say so.
        own_act = own_act or mood is Stance.PREDICTED
    conditional = (mention is not None and mention.mood.is_conditional) or _has_condition(head)
    if is_doubt and (mood is Stance.PREDICTED or _is_to_come(head)):
        # "Doubts that the truce will hold": who doubts that a thing will come foresees that it will not.
        return Stance.PREDICTED, Polarity.POSITIVE if polarity is Polarity.NEGATIVE else Polarity.NEGATIVE
    if cue in (Stance.DENIED, Stance.NO_COMMENT):
        return cue, polarity
    if is_evidence:
        if mood in (Stance.SUGGESTED, Stance.PREDICTED) or cue is Stance.SUGGESTED:
            return Stance.SUGGESTED, polarity
        return Stance.CONFIRMED, polarity
    is_policy = mention is None or EVENT_GROUPS[mention.event] == "politics"
    if is_policy and mood is Stance.PREDICTED and speaker_side is not None and not is_observer:
        # "Prisoners would be treated as criminals": who does it is who says it.
        own_act = own_act or _is_agentless(head)
    if mention is not None and mention.event is Event.VISIT and mood is Stance.PREDICTED:
        # "A delegation will go to the capital on Monday": a schedule, unless somebody only expects it.
        own_act = own_act or mention.mood.governor is None
    if mood is Stance.PREDICTED and own_act and cue is not Stance.PREDICTED:
        mood = Stance.INTENDED
    if (
        mood is Stance.INTENDED
        and mention is not None
        and not own_act
        and mention.mood.holder is None
        and _is_duty(head)
    ):
        # "The rebels must leave": what a speaker wants of others is a demand.
        mood = Stance.PROPOSED if cue is not None else mood
    if conditional and mood in (None, Stance.PREDICTED, Stance.INTENDED, Stance.SUGGESTED) and has_speaker:
        return (Stance.CONSIDERED if own_act else Stance.SUGGESTED), polarity
    if cue is None:
        return (mood if mood is not None else Stance.ASSERTED), polarity
    if cue in _ACTS or cue is Stance.PREDICTED:
        if mood in _ACTS and cue is not Stance.PREDICTED:
            return mood or cue, polarity
        return cue, polarity
    if cue is Stance.SUGGESTED:
        return (mood if mood in _ACTS else cue), polarity
    if mood is not None:
        return mood, polarity
    if not has_speaker and cue is Stance.CONFIRMED:
        return cue, polarity
    return cue, polarity


def schedule_stance(stance: Stance, head: Token, mention: EventMention | None, event: Event) -> Stance:
    """The stance of what has a day of its own that is yet to come: a schedule where no will is told.

    "The delegation flies out tomorrow", "the parliament will vote on Thursday" (annotation.md, "Stance").

    Args:
        stance: The stance by cue and mood.
        head: The head of the clause.
        mention: The event mention, or None for a bare statement.
        event: The claim's event.
    """
    if stance in (Stance.ASSERTED, Stance.CLAIMED) and head.tag_ in ("VBZ", "VBP"):
        return Stance.INTENDED
    is_policy = EVENT_GROUPS[event] == "politics"
    is_guess = mention is not None and mention.mood.governor is not None
    return Stance.INTENDED if stance is Stance.PREDICTED and is_policy and not is_guess else stance


def _bare_polarity(head: Token) -> Polarity:
    """The polarity of a clause without a frame; "has yet to" governs what its infinitive tells."""
    if lemma_of(head) == "have" and any(c.lower_ == "yet" for c in head.children):
        inner = next((c for c in head.children if c.dep_ == "xcomp"), head)
        return find_mood(inner, inner).polarity
    return find_mood(head, head).polarity


def _bare_mood(head: Token) -> Stance | None:
    if lemma_of(head) in ("need", "have") and any(c.dep_ == "xcomp" for c in head.children):
        # "would need to reflect": what is required, no forecast.
        return None
    for child in head.children:
        if child.dep_ == "aux" and child.tag_ == "MD":
            word = child.lower_
            if word in ("may", "might", "could"):
                return Stance.SUGGESTED
            if word in _WILL:
                return Stance.PREDICTED
            if word in ("must", "should"):
                return Stance.PROPOSED
    return None


def _is_to_come(head: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ in _WILL for c in head.children)


def _is_scheduled(head: Token) -> bool:
    """Whether a clause tells of what is to be: "The unit is to leave", "Ministry to send aid"."""
    if any(c.dep_ == "aux" and c.lower_ == "to" for c in head.children):
        return head.dep_ == "ROOT" and any(
            c.dep_ in ("nsubj", "nsubjpass") and c.i < head.i for c in head.children
        )
    if lemma_of(head) != "be" or any(c.dep_ in ("attr", "acomp", "prep", "neg") for c in head.children):
        return False
    return any(
        c.dep_ == "xcomp" and any(t.dep_ == "aux" and t.lower_ == "to" for t in c.children)
        for c in head.children
    )


def _is_agentless(head: Token) -> bool:
    deps = {c.dep_ for c in head.children}
    return "auxpass" in deps and ("agent" not in deps or _is_by_institution(head))


def _is_by_institution(head: Token) -> bool:
    """ "tried by a court": whoever announces it has it done."""
    return any(
        p.lower_ in ("court", "tribunal", "authorities", "police", "commission")
        for c in head.children
        if c.dep_ == "agent"
        for p in c.children
    )


def _is_duty(head: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ in ("must", "should") for c in head.children)


def _has_condition(head: Token) -> bool:
    """Whether the clause stands under a condition ("If they leave, we will …")."""
    for child in head.children:
        if child.dep_ == "advcl" and any(
            c.dep_ == "mark" and c.lower_ in ("if", "unless") for c in child.children
        ):
            return True
    return False
