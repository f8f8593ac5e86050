"""Fighting: what is tried for and not had is a clash, what is fought for from inside is contested, and of an
attack that is beaten off the actor is who attacked.

A unit of a claim, or an event's mention with its places or its parties, enter; an event, a yes or the parties
leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from whoholds.model import ClaimPlace, Event, Relation
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.party import Party
from whoholds.read.claims.units import Unit
from whoholds.read.events.lexicon import lemma_of
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Token

__all__ = ["as_contest", "find_sides", "is_tried"]

_REPELLED = "repel"
_ATTACKS = frozenset(
    {"attack", "assault", "offensive", "raid", "onslaught", "incursion", "storming", "counterattack"}
    | {"counter-attack", "sortie", "ambush", "charge", "thrust", "breakthrough", "infiltration"}
)
"""What is beaten off; who is driven back may have held the place."""
_HELD = frozenset({Event.CONTROL_GAINED, Event.CONTROL_HELD, Event.CAPTURE_OF_PERSONS})
"""What a clause on some ground tells of who has it; "that they seized" hardly shows that it is of ground."""

_EDGE = (Relation.OUTSKIRTS,)
_INSIDE = (Relation.IN, Relation.OUTSKIRTS)
_TRIED = frozenset({Event.CONTROL_GAINED, Event.ENTERED, Event.ADVANCE})


def is_tried(unit: Unit) -> bool:
    """Whether ground is only tried for ("tried to take the ridge"): that is a clash."""
    mention = unit.mention
    if mention is None or mention.mood.stance is not None:
        return False
    return mention.mood.is_attempt and unit.event in _TRIED


def as_contest(
    mention: EventMention | None, places: Sequence[ClaimPlace], *, is_judged: bool = False
) -> Event:
    """Fighting in a town or on its edge is contest for it, elsewhere a clash.

    Args:
        mention: The event mention, or None.
        places: Where it is told of.
        is_judged: Whether the network was asked, which knows fights in a town: then only the edge decides.
    """
    if mention is None or mention.frame != "fighting" or not places:
        return Event.CLASH
    is_town = places[0].kind in ("settlement", "facility", "other")
    is_inside = places[0].relation in (_EDGE if is_judged else _INSIDE)
    return Event.CONTESTED if is_town and is_inside else Event.CLASH


def find_sides(
    mention: EventMention, parties: Parties, actor: Party | None, target: Party | None
) -> tuple[Party | None, Party | None]:
    """Actor and target of a mention, where what is fought over says more than its own arguments.

    Args:
        mention: What is told.
        parties: The sides that the report speaks of.
        actor: Who does it, as the frame has it.
        target: To whom.
    """
    if mention.frame == _REPELLED:
        return _find_attacker(mention, parties, actor, target)
    if mention.event is Event.CONTROL_GAINED:
        return _find_former_holder(mention, parties, actor, target)
    return actor, target


def _find_attacker(
    mention: EventMention, parties: Parties, actor: Party | None, target: Party | None
) -> tuple[Party | None, Party | None]:
    """Actor and target turned round where one beats off the other's attack."""
    verb = parties.doc[mention.trigger]
    attack = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")), None)
    if attack is None or lemma_of(attack) not in _ATTACKS:
        return actor, target
    if target is not None and target.token == attack.i:
        target = None
    by = _agent_beside(attack)
    if target is None and by is not None:
        # "Beat back an attack by the rebels": the parser gives the attacker to the verb.
        target = Party(by.text, parties.of_phrase(by), by.i)
        actor = None if actor is not None and actor.token == by.i else actor
    if target is None and actor is not None and (other := parties.other_than(actor.id)) is not None:
        target = Party(other, other, None)
    if actor is None and target is not None and (other := parties.other_than(target.id)) is not None:
        actor = Party(other, other, None)
    return target, actor


def _agent_beside(attack: Token) -> Token | None:
    """Who attacks, right behind the noun: "an assault by the rebels"."""
    doc = attack.doc
    if attack.i + 1 >= len(doc) or doc[attack.i + 1].lower_ != "by":
        return None
    return next((c for c in doc[attack.i + 1].children if c.dep_ in ("pobj", "pcomp")), None)


def _find_former_holder(
    mention: EventMention, parties: Parties, actor: Party | None, target: Party | None
) -> tuple[Party | None, Party | None]:
    """Actor and target of ground that is taken, where a clause on the ground says who had taken or held it.

    "Four fifths of the land that the rebels seized has been retaken": not by the rebels, but from them.
    """
    verb = parties.doc[mention.trigger]
    ground = next((c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")), None)
    if ground is None:
        return actor, target
    within = range(ground.left_edge.i, ground.right_edge.i + 1)
    for held in parties.events:
        clause = parties.doc[held.trigger]
        if held.trigger not in within or clause.dep_ not in ("relcl", "acl") or held.event not in _HELD:
            continue
        by = _who_held(clause)
        holder = None if by is None else parties.of_phrase(by)
        other = parties.other_than(holder)
        if holder is None or other is None or (actor is not None and actor.id not in (None, holder)):
            continue
        taker = Party(other, other, None) if actor is None or actor.id == holder else actor
        return taker, Party(holder, holder, None if by is None else by.i)
    return actor, target


def _who_held(clause: Token) -> Token | None:
    """The subject of a clause on some ground, or a passive's agent: "seized by the rebels"."""
    agents = [p for c in clause.children if c.dep_ == "agent" for p in c.children if p.dep_ == "pobj"]
    return next(iter([*(c for c in clause.children if c.dep_ == "nsubj"), *agents]), None)
