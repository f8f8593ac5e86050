"""Who acts and whom it is done to where the words do not say, but the report's two sides do.

An event with the parties that its own words name enters, with the speaker's side and the stance; the same
with what follows from there being two sides leaves. Nothing is guessed where there are not exactly two.
"""

from __future__ import annotations

from whoholds.model import EVENT_GROUPS, Event, Stance
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.party import Party
from whoholds.read.events.arguments import surface_subject
from whoholds.read.events.lexicon import lemma_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc, Token

__all__ = ["Unsaid"]

_OPPOSED = frozenset({"territory", "presence", "fire", "count"})
_OPPOSED_FRAMES = frozenset({"defeat", "encircle", "cut_route"})
_TOTALS = frozenset({Event.AREA_TOTAL, Event.SETTLEMENT_TOTAL})
_LOSSES = frozenset({Event.CASUALTIES, Event.EQUIPMENT_LOSSES})
_ALONE = frozenset({Event.CASUALTIES})
"""Events whose target, if the words give none, is nobody of the two: who is hurt need not fight."""
_TAKEN = frozenset({Event.CONTROL_GAINED, Event.ENTERED, Event.ADVANCE})
_AHEAD = frozenset({Stance.INTENDED, Stance.CONSIDERED, Stance.PROPOSED})
"""Stances of one's own acts to come."""
_CLEARING = frozenset({"mop_up", "clear_of_enemy", "clear_ground"})
"""What the side does that last took ground."""


class Unsaid:
    """Settles what is left open, claim by claim in the order of the text."""

    def __init__(self, doc: Doc, parties: Parties) -> None:
        self._doc = doc
        self._parties = parties
        self._forces = noun_classes()
        self._last: Party | None = None
        self._last_sentence = -1
        self._gainer: Party | None = None
        self.attacker: Party | None = None

    def note(self, trigger: Token, actor: Party | None) -> None:
        """Remember who acted last."""
        if actor is not None and actor.id is not None:
            self._last = actor
            self._last_sentence = trigger.sent.start

    def last_near(self, head: Token) -> Party | None:
        """Who acted last, at most a sentence before."""
        start = head.sent.start
        is_near = self._last_sentence >= 0 and (
            self._last_sentence == start or self._doc[self._last_sentence].sent.end >= start
        )
        return self._last if is_near else None

    def remember(self, event: Event, actor: Party | None, stance: Stance) -> None:
        """Remember who is told to take ground, and who to attack."""
        if actor is None or actor.id is None or stance is Stance.DENIED:
            return
        if event in _TAKEN:
            self._gainer = actor
        if EVENT_GROUPS[event] == "fire":
            self.attacker = actor

    def _party(self, party: str | None) -> Party | None:
        return None if party is None else Party(party, party, None)

    def _opponent(self, party: Party | None) -> Party | None:
        return None if party is None else self._party(self._parties.other_than(party.id))

    def oppose(
        self,
        event: Event,
        mention: EventMention,
        actor: Party | None,
        target: Party | None,
        side: str | None,
        stance: Stance,
    ) -> tuple[Party | None, Party | None]:
        """What two opposing sides add to an event's own arguments."""
        if not (EVENT_GROUPS[event] in _OPPOSED or mention.frame in _OPPOSED_FRAMES):
            return actor, target
        if target is None and mention.objects:
            owner = self._owner_of(mention)
            target = owner if owner is None or actor is None or owner.id != actor.id else None
        if target is None and mention.frame == "cut_route":
            target = self._sufferer(mention)
            actor = actor or self._opponent(target)
        if actor is None:
            actor = self._find_actor(event, mention, target, side, stance)
        if target is not None and target.id is None and actor is not None and self._is_force(target):
            other = self._parties.other_than(actor.id)
            if other is not None:
                target = Party(target.words, other, target.token)
        if target is None and event not in _ALONE:
            target = self._opponent(actor)
        if (
            target is not None
            and actor is not None
            and target.id is not None
            and target.id == actor.id
            and event not in _LOSSES
        ):
            target = None
        return actor, target

    def oppose_unframed(
        self, event: Event, actor: Party | None, target: Party | None
    ) -> tuple[Party | None, Party | None]:
        """The same where no frame but the clause's words tell the event: the other side of who acts."""
        if EVENT_GROUPS[event] in _OPPOSED and event not in _LOSSES:
            if target is None:
                target = self._opponent(actor)
            elif actor is None:
                actor = self._opponent(target)
        return actor, target

    def _find_actor(
        self, event: Event, mention: EventMention, target: Party | None, side: str | None, stance: Stance
    ) -> Party | None:
        """Who acts where the event's own words name nobody."""
        own = self._party(side) if self._parties.is_party(side) else None
        if own is not None:
            own = Party(own.words, side, None, is_own=True)
        if event in _TOTALS:
            has_other = own is not None and self._parties.other_than(side) is not None
            return self._opponent(target) or (own if has_other else None)
        if target is not None and target.id is not None and event not in _LOSSES:
            return self._opponent(target)
        if (
            target is None
            and own is not None
            and mention.frame != "map_colour"
            and _is_speakers(event, stance)
        ):
            return own
        if event in _TAKEN and stance is Stance.CONFIRMED:
            # What a side admits without saying who did it, the other one did.
            return self._opponent(own)
        if event is Event.WITHDRAWAL:
            is_near = self._last_sentence == self._doc[mention.trigger].sent.start
            return self._last if is_near else own
        if target is None and mention.frame in _CLEARING:
            return self._gainer or own
        return self._gainer if own is None and target is None and event is Event.CONTROL_GAINED else None

    def find_loser(self, target: Party | None) -> tuple[Party | None, Party | None]:
        """Who lost what "has fallen": the opponent of who is told to take ground in this report."""
        gainer = target if target is not None and target.id is not None else self._gainer
        loser = self._opponent(gainer)
        if loser is not None:
            return loser, gainer
        if gainer is None and (sides := self._parties.state_and_group) is not None:
            # What "falls" with no word of to whom or from whom falls to those who rose against a state.
            return self._party(sides[0]), self._party(sides[1])
        return None, target

    def find_attacker(
        self, event: Event, mention: EventMention, target: Party | None, side: str | None, stance: Stance
    ) -> Party | None:
        """Who did it where nobody is named: the other side than who suffers, tells it, or owns the land."""
        suffers = None if target is None else target.id
        is_own_fire = mention.actor is not None and self._parties.is_own(self._doc[mention.actor])
        if suffers is None and not is_own_fire:
            is_side = self._parties.is_party(side)
            if is_side and (stance in _AHEAD or event is Event.EQUIPMENT_LOSSES):
                # One's own strikes to come; and things that "were destroyed" are, unless "ours", the enemy's.
                return self._party(side) if self._parties.other_than(side) is not None else None
            suffers = self._parties.defender_at(mention.trigger, mention.grounds)
            if suffers is None and is_side:
                # A side tells without an agent of what is done to it; of its own deeds it says "we".
                suffers = side
        return self._party(self._parties.other_than(suffers))

    def _is_force(self, party: Party) -> bool:
        return party.token is not None and "force" in self._forces.get(lemma_of(self._doc[party.token]), ())

    def _owner_of(self, mention: EventMention) -> Party | None:
        """Whose the thing was: "territory that Norland seized", "Sudrian positions"."""
        for index in mention.objects:
            head = self._doc[index]
            below = [c for c in head.children if c.dep_ == "prep" for c in c.children]
            for token in [c for noun in (head, *below) for c in noun.children]:
                if token.dep_ != "relcl":
                    continue
                subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
                found = None if subject is None else self._parties.of_phrase(subject)
                if found is not None:
                    return self._party(found)
        return None

    def _sufferer(self, mention: EventMention) -> Party | None:
        """Of "they face defeat, with supply lines severed": the subject of the main clause."""
        verb = self._doc[mention.trigger]
        if verb.dep_ not in ("advcl", "pcomp"):
            return None
        up = verb.head.head if verb.dep_ == "pcomp" else verb.head
        subject = surface_subject(up) if up.pos_ in ("VERB", "AUX") else None
        return None if subject is None else self._party(self._parties.of_phrase(subject))


def _is_speakers(event: Event, stance: Stance) -> bool:
    """Whether an event without an actor is the speaker's: a gain it claims, a loss it admits."""
    if stance in (Stance.CONFIRMED, Stance.DENIED):
        return event in (Event.CONTROL_LOST, Event.WITHDRAWAL)
    return event in (Event.CONTROL_GAINED, Event.CONTROL_HELD, Event.WITHDRAWAL)
