"""The data of event extraction: frames, classes of nouns, light and governing verbs.

Nothing enters but the files in `data/`; what leaves are frozen tables. Each frame carries its own test
sentences, which `tests/read/events` runs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from whoholds.errors import ConfigurationError
from whoholds.model import Event, Stance
from whoholds.text.tokens import Doc, Token

__all__ = [
    "Frame",
    "Governor",
    "Light",
    "framed_lemmas",
    "frames",
    "governors",
    "is_mistagged_verb",
    "lemma_of",
    "lemmas_of",
    "light_verbs",
    "noun_classes",
]

_CLAUSAL = frozenset({"acl", "relcl", "ccomp", "advcl", "ROOT", "conj"})
FRAME_FILES = ("territory", "presence", "fire", "counts", "politics", "military", "reports", "idioms")


@dataclass(frozen=True, slots=True)
class Frame:
    """One way in which English states an event.

    Attributes:
        id: Name of the frame.
        event: The event stated, unless a named weapon or the place decides (`by_weapon`, `is_fighting`).
        rank: Precedence among the events of one clause.
        verbs: Lemmas, with a particle or preposition after a space where it belongs to the verb.
        nouns: Lemmas of nominalisations.
        constraints: Further conditions on the arguments, by name, as in the file.
        actor: Slots for who acts, first filled wins.
        target: Slots for whom it is done to.
        place: Slots for where, all that are filled.
        noun_of: Whether "of" after the noun names the `object` or the `subject`.
        examples: (text, actor, target, ground) with the words expected, "" for none; a fifth is the event
            where the words decide it.
        sets: The constraints that list words, as sets: they are asked for at every predicate.
    """

    id: str
    event: Event
    rank: int
    verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    constraints: Mapping[str, Any]
    actor: tuple[str, ...]
    target: tuple[str, ...]
    place: tuple[str, ...]
    noun_of: str
    examples: tuple[tuple[str, ...], ...]
    sets: Mapping[str, frozenset[str]]

    def words(self, name: str) -> frozenset[str]:
        """A constraint that lists words, as a set; empty where the frame has none."""
        return self.sets.get(name, _NO_WORDS)

    def asks(self, name: str) -> bool:
        """Whether the frame sets a yes-or-no constraint."""
        return bool(self.constraints.get(name, False))


@dataclass(frozen=True, slots=True)
class Governor:
    """A word that governs another predicate and changes how it is meant."""

    id: str
    stance: Stance | None
    negates: bool
    is_attempt: bool


@dataclass(frozen=True, slots=True)
class Light:
    """Verbs that lend a nominalisation their clause, by the part that the noun plays."""

    doing: frozenset[str]
    occurring: frozenset[str]
    undergoing: frozenset[str]
    reporting: frozenset[str]
    causing: frozenset[str]
    presupposing: frozenset[str]


_NO_WORDS: frozenset[str] = frozenset()


def _lists_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((files("whoholds.read.events") / "data" / f"{name}.toml").read_text("utf-8"))


_KEYS = {"id", "event", "rank", "verbs", "nouns", "actor", "target", "place", "noun_of", "examples"}


@lru_cache(maxsize=1)
def frames() -> tuple[Frame, ...]:
    """All frames, in the order of their files."""
    found = []
    for name in FRAME_FILES:
        for entry in _load(name)["frame"]:
            found.append(
                Frame(
                    id=entry["id"],
                    event=Event(entry["event"]),
                    rank=entry["rank"],
                    verbs=tuple(entry.get("verbs", ())),
                    nouns=tuple(entry.get("nouns", ())),
                    constraints=MappingProxyType({k: _frozen(v) for k, v in entry.items() if k not in _KEYS}),
                    actor=tuple(entry.get("actor", ("subject",))),
                    target=tuple(entry.get("target", ())),
                    place=tuple(entry.get("place", ())),
                    noun_of=entry.get("noun_of", "object"),
                    examples=tuple(tuple(e) for e in entry.get("examples", ())),
                    sets={k: frozenset(v) for k, v in entry.items() if k not in _KEYS and _lists_words(v)},
                )
            )
    if len({f.id for f in found}) < len(found):
        raise ConfigurationError("two event frames have one id; give each frame its own")
    return tuple(found)


@lru_cache(maxsize=1)
def framed_lemmas() -> Mapping[str, frozenset[Event]]:
    """Lemma to the events of the frames that list it, whatever else they ask for."""
    found: dict[str, set[Event]] = {}
    for frame in frames():
        for entry in (*frame.verbs, *frame.nouns):
            found.setdefault(entry.partition(" ")[0], set()).add(frame.event)
    return MappingProxyType({lemma: frozenset(events) for lemma, events in found.items()})


@lru_cache(maxsize=1)
def _forms() -> Mapping[str, str]:
    table = _load("forms")
    return MappingProxyType(table["forms"] | table["verbs"])


@lru_cache(maxsize=1)
def _verb_forms() -> frozenset[str]:
    return frozenset(_load("forms")["verbs"])


def is_mistagged_verb(token: Token) -> bool:
    """Whether a token tagged as a noun is a verb all the same ("The army retook the town")."""
    if token.lower_ not in _verb_forms():
        return False
    return token.pos_ in ("NOUN", "PROPN") or (token.pos_ == "ADJ" and token.dep_ in _CLAUSAL)


@lru_cache(maxsize=16_384)
def _lemma(word: str, lemma: str) -> str:
    if (known := _forms().get(word)) is not None:
        return known
    return lemma[:-2] + "an" if lemma.endswith("men") and len(lemma) > 5 else lemma


_LEMMAS = "whoholds.lemmas"


def lemmas_of(doc: Doc) -> list[str]:
    """`lemma_of` each token of a parse, found once: the reader asks ten times for each."""
    known: list[str] | None = doc.user_data.get(_LEMMAS)
    if known is None:
        known = doc.user_data[_LEMMAS] = list(map(_lemma, doc.lower, map(str.lower, doc.lemmas)))
    return known


def lemma_of(token: Token) -> str:
    """A token's lemma in lower case, with the forms that the pipeline's lemmatiser does not know."""
    # The list itself and no call, once it is there: nothing in the reader is asked more often.
    known: list[str] | None = token.doc.user_data.get(_LEMMAS)
    return (lemmas_of(token.doc) if known is None else known)[token.i]


@lru_cache(maxsize=1)
def noun_classes() -> Mapping[str, frozenset[str]]:
    """Lemma to the classes that it belongs to ("village": ground, settlement)."""
    table = _load("nouns")
    found: dict[str, set[str]] = {}

    def members(name: str) -> list[str]:
        return [w for e in table[name] for w in (members(e[1:]) if e.startswith("@") else [e])]

    for name in table:
        for word in members(name):
            found.setdefault(word, set()).add(name)
    return MappingProxyType({word: frozenset(names) for word, names in found.items()})


@lru_cache(maxsize=1)
def governors() -> Mapping[str, Governor]:
    """Lemma to what it does to its complement; of two classes the later in the file wins, `plain` never."""
    found: dict[str, Governor] = {}
    for entry in _load("governors")["governor"]:
        stance = Stance(entry["stance"]) if "stance" in entry else None
        governor = Governor(entry["id"], stance, entry.get("negates", False), entry.get("attempt", False))
        for word in entry["words"]:
            found[word] = governor
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def light_verbs() -> Light:
    """The light verbs, by the part that their noun plays."""
    table = _load("light")
    return Light(**{name: frozenset(table[name]) for name in Light.__slots__})
