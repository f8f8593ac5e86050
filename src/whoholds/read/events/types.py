"""What event extraction puts out: one mention a predicate, with its arguments as tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from whoholds.model import Event, Polarity, Stance

__all__ = ["EventMention", "Mood"]


@dataclass(frozen=True, slots=True)
class Mood:
    """How a clause puts its event: as a fact, or under a modal, a governing verb, a condition.

    Attributes:
        stance: The stance that the clause itself gives, or None for a plain fact.
        polarity: Whether the event is said to be so inside the clause.
        holder: Head token of who orders, intends, considers or proposes, where a governing verb names one.
        governor: Token of the word that gave the stance, or None.
        is_attempt: Under "try", "attempt": fought for, not done.
        is_conditional: Under "if", "unless", "should".
        is_future: Under "will", "would", "going to", "set to".
    """

    stance: Stance | None = None
    polarity: Polarity = Polarity.POSITIVE
    holder: int | None = None
    governor: int | None = None
    is_attempt: bool = False
    is_conditional: bool = False
    is_future: bool = False


@dataclass(frozen=True, slots=True)
class EventMention:
    """One predicate that states an event, with its arguments.

    All numbers are token indexes into the parse.

    Attributes:
        event: The contract's event.
        frame: Id of the frame that matched (`take`), for explanation and tests.
        trigger: The verb or noun that states it.
        head: The verb, participle or noun that heads the clause which states it.
        actor: Head of the words for who acts, or None.
        target: Head of the words for whom it is done to, or None.
        grounds: Heads of the words for the places it is about, target place first.
        objects: Heads of what is taken, lost, hit or counted.
        causer: Head of who made the actor do it ("forcing units to retreat"), or None.
        mood: How the clause puts it.
        is_nominal: Whether the trigger is a noun.
        is_presupposed: A noun told by the way ("after the capture of the bridge"), not the clause's own news.
        is_purpose: Aimed at by another clause ("gathered to retake the town"), not told as done.
        is_laid: The work of a bomb that somebody laid or carried, by the words.
        rank: The frame's precedence where one clause states several events.
    """

    event: Event
    frame: str
    trigger: int
    head: int
    actor: int | None = None
    target: int | None = None
    grounds: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    causer: int | None = None
    mood: Mood = field(default_factory=Mood)
    is_nominal: bool = False
    is_presupposed: bool = False
    is_purpose: bool = False
    is_laid: bool = False
    rank: int = 0
