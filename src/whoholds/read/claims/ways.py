"""Where a named place stands to an event, as the clause's grammar has it: goals, roads, banks, distances.

A parse, a name's tokens and the relation that the words right before it give enter; the relation that the
claim has leaves. What is reached by going is `toward` ("fled to X", "the X road", "march on X"), what lies
between two places is `near` both, what is crossed is `across`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from whoholds.model import Event, Relation
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Token

__all__ = [
    "is_distance_word",
    "is_moving",
    "is_sector",
    "measured_from",
    "open_end",
    "relation_by_noun",
    "relation_in_clause",
    "shifted_by",
]


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads((files("whoholds.read.claims") / "data" / "ways.toml").read_text("utf-8"))
    return {name: frozenset(words) for name, words in table.items()}


def relation_in_clause(doc: Doc, start: int, end: int, kind: str, relation: Relation) -> Relation:
    """The relation of the name at tokens `[start, end)`.

    Args:
        doc: The parse.
        start: Its first token.
        end: The token after its last.
        kind: The place's kind.
        relation: What the words right before the name give.
    """
    root = doc[start:end].root
    words = _words()
    following = doc[end] if end < len(doc) else None
    if following is not None and following.lower_ in words["routes"]:
        joined = start > 1 and doc[start - 1].text in ("-", "–") and doc[start - 2].text[:1].isupper()
        return Relation.NEAR if joined else Relation.TOWARD
    if following is not None and following.text in ("-", "–") and _ends_at_route(doc, end):
        return Relation.NEAR
    if following is not None and following.lower_ in ("'s", "’s", "'"):
        owned = lemma_of(root.head)
        if owned in words["edges"]:
            return Relation.OUTSKIRTS
        if owned in words["surroundings"]:
            return Relation.NEAR
    if relation not in (Relation.IN, Relation.FROM, Relation.ACROSS):
        return relation
    if measured_from(doc, start):
        return Relation.NEAR
    if kind == "settlement" and {t.lower_ for t in doc[end - 1 : end + 1]} & words["terrain"]:
        # "the X hills" are not the town.
        return Relation.NEAR
    if relation is Relation.ACROSS and kind == "settlement" and start and doc[start - 1].lower_ == "over":
        # What flies over a town is there.
        return Relation.IN
    if kind == "water" and (root.dep_ == "dobj" or relation is Relation.IN) and _is_crossed(root):
        return Relation.ACROSS
    preposition = _preposition_of(root)
    if preposition is None:
        # "left X" does not say whither: where they left is where it was.
        return Relation.IN if relation is Relation.FROM else relation
    return _relation_by_preposition(preposition, kind, relation)


def _relation_by_preposition(preposition: Token, kind: str, relation: Relation) -> Relation:
    words = _words()
    word, head = preposition.lower_, preposition.head
    lemma = lemma_of(head)
    if word == "between" and kind != "country":
        return Relation.NEAR
    if word in ("above", "over") and lemma in words["rises"]:
        return Relation.NEAR
    if word == "to" and (lemma in words["going"] or lemma in words["routes"] or _goes(head)):
        return Relation.TOWARD
    if word == "for" and lemma in words["setting_out"]:
        return Relation.TOWARD
    if word == "on" and lemma in words["marching"]:
        return Relation.TOWARD
    if word == "of" and kind == "water" and lemma in words["banks"]:
        return Relation.NEAR
    if word == "from" and lemma in words["distances"]:
        return Relation.NEAR
    return relation


def measured_from(doc: Doc, at: int) -> bool:
    """Whether the words before a phrase at token `at` place something beside it ("12 km from X").

    So do "the hills above X" and "west of X", but not "in the west of X".
    """
    words = _words()
    while at > 1 and doc[at - 1].lower_ in ("the", "a", "an", "this", "that", "its", "their"):
        at -= 1
    if at < 2:
        return False
    word, before = doc[at - 1].lower_, doc[at - 2]
    if word in ("above", "behind", "below", "beneath", "overlooking", "around", "outside", "over"):
        return before.lower_ in words["terrain"]
    if word not in ("from", "of", "off"):
        return False
    if before.lower_ == "out" and at > 2:
        before = doc[at - 3]
    if before.lower_ in words["units"]:
        return True
    is_part = (
        before.i > 1
        and doc[before.i - 1].lower_ == "the"
        and doc[before.i - 2].lower_ in ("in", "of", "from")
    )
    return word == "of" and before.lower_.replace("-", "") in words["compass"] and not is_part


def shifted_by(clause: Sequence[Token]) -> bool:
    """Whether a clause that names no place is beside the place spoken of: "11 km from it", "2 km off"."""
    words = _words()
    for token in clause:
        word = token.lower_
        if word == "nearby":
            return True
        before = token.doc[token.i - 1] if token.i else None
        if word in ("away", "off") and before is not None and before.lower_ in words["units"]:
            return True
        is_meant = word in ("it", "them", "there")
        is_definite = before is not None and before.lower_ in ("the", "its", "their")
        is_apart = is_meant or (is_definite and lemma_of(token) not in words["parts"])
        if is_apart and measured_from(token.doc, token.i):
            return True
    return False


def relation_by_noun(noun: Token, relation: Relation) -> Relation:
    """The relation of a place that a noun points back to ("west of the city", "the city's edge").

    Args:
        noun: "the city", "the town".
        relation: What its preposition alone gives.
    """
    words = _words()
    owned = lemma_of(noun.head) if noun.dep_ == "poss" else ""
    if owned in words["edges"]:
        return Relation.OUTSKIRTS
    if noun.dep_ != "pobj":
        return relation
    preposition = noun.head
    head = lemma_of(preposition.head).replace("-", "")
    if preposition.lower_ == "of":
        if head in words["edges"]:
            return Relation.OUTSKIRTS
        if head in words["compass"] or head in words["distances"]:
            is_part = any(c.dep_ == "prep" and c.lower_ == "in" for c in (preposition.head.head,))
            return Relation.IN if is_part else Relation.NEAR
        return relation
    if preposition.lower_ == "to" and (head in words["going"] or head in words["routes"]):
        return Relation.TOWARD
    return relation


def is_moving(root: Token) -> bool:
    """Whether a "from" is that of a movement or a supply, and not of who somebody is ("a driver from X")."""
    preposition = _preposition_of(root)
    if preposition is None:
        return True
    words = _words()
    head = preposition.head
    if preposition.lower_ == "of":
        head = preposition.head.head
    if lemma_of(head) == "be":
        # "He was from X."
        return False
    if head.pos_ in ("VERB", "AUX", "ADV", "ADP", "PART"):
        return True
    if lemma_of(head) in words["movers"] or lemma_of(head) in words["routes"]:
        return True
    verb = head.head if head.dep_ in ("nsubj", "nsubjpass", "dobj") else None
    is_going = verb is not None and (lemma_of(verb) in words["going"] or lemma_of(verb) in words["coming"])
    return is_going or lemma_of(head) in words["leaving_nouns"]


def open_end(
    event: Event,
    verb: Token,
    clause: Sequence[Token],
    relations: Sequence[Relation],
    *,
    is_pointed: bool,
) -> Relation | None:
    """The relation of the end that a way leaves unsaid, or None where nothing is open.

    Args:
        event: What the clause says.
        verb: Its predicate.
        clause: Its tokens.
        relations: Those of the places that it names.
        is_pointed: Whether it points to a place besides ("pulled out of the city toward X").
    """
    words = _words()
    lemmas = {lemma_of(t) for t in clause if t.pos_ in ("VERB", "NOUN")}
    only = set(relations)
    is_passive = any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children)
    is_going = verb.pos_ == "VERB" and (
        lemma_of(verb) in words["going"] - words["bringing"]
        or (is_passive and lemma_of(verb) in words["bringing"])
    )
    is_leaving = event is Event.WITHDRAWAL or (is_going and event is Event.OTHER)
    if event is Event.WITHDRAWAL and only == {Relation.ACROSS}:
        return Relation.FROM
    if only == {Relation.TOWARD}:
        if is_pointed and is_leaving:
            return Relation.FROM
        is_road = any(
            t.lower_ in words["routes"] and t.dep_ in ("nsubj", "nsubjpass", "pobj") for t in clause
        )
        return Relation.FROM if is_leaving and not is_road and event is not Event.ADVANCE else None
    if only == {Relation.FROM}:
        is_coming = bool(lemmas & words["coming"]) or event in (Event.ADVANCE, Event.ENTERED)
        return Relation.TOWARD if is_coming else None
    return None


def is_distance_word(token: Token) -> bool:
    """Whether a word may stand in a distance: "(some 50 km south-west of"."""
    word = token.lower_.replace("-", "")
    return (
        token.like_num
        or token.is_punct
        or word in _words()["compass"]
        or word in _words()["measures"]
        or lemma_of(token) in _words()["distances"]
    )


def is_sector(doc: Doc, start: int, end: int) -> bool:
    """Whether a name's words make it a stretch of the front ("the X sector", "in the direction of X")."""
    return any(t.lower_ in _words()["sectors"] for t in doc[max(0, start - 3) : end + 2])


def _preposition_of(root: Token) -> Token | None:
    """The preposition that a name, or the list or phrase that it stands in, depends on."""
    current = root
    for _ in range(6):
        if current.dep_ == "pobj":
            return current.head
        if current.dep_ not in ("conj", "appos", "compound", "nmod", "poss") or current.head == current:
            return None
        current = current.head
    return None


def _goes(head: Token) -> bool:
    """Whether a "to" hangs on a phrase of going ("more have gone on to X")."""
    return head.dep_ in ("prt", "advmod") and lemma_of(head.head) in _words()["going"]


def _is_crossed(root: Token) -> bool:
    return root.dep_ == "dobj" and lemma_of(root.head) in _words()["crossing"]


def _ends_at_route(doc: Doc, at: int) -> bool:
    """Whether a hyphen at a token joins two names before a road ("the X-Y road")."""
    return (
        at + 2 < len(doc)
        and doc[at + 1].text[:1].isupper()
        and any(t.lower_ in _words()["routes"] for t in doc[at + 2 : at + 4])
    )
