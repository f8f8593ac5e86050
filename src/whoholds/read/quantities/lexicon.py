"""Units, currencies, counted nouns and approximators, loaded from `data/`.

Nothing enters; look-up tables by first word leave. Phrases are stored as tuples of the tokens that
`numerals.lex` makes of them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

from whoholds.model import Approximator

__all__ = [
    "SHARED",
    "Phrases",
    "Unit",
    "approximators",
    "currencies",
    "money_names",
    "noun_words",
    "singular",
    "unit_of_noun",
    "units",
]


SHARED = ("persons", "settlements", "vehicles", "aircraft", "drones", "missiles")
"""Units of the contract that many nouns share."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as put out.

    Attributes:
        name: The unit's name in the contract, or its own.
        factor: What the written number is multiplied by to be in that unit.
        kind: The table it comes from: length, area, share, time, speed, mass, money, ….
    """

    name: str
    factor: float
    kind: str


class Phrases(Generic[T]):
    """Phrases by their first (or last) word, longest first."""

    def __init__(self, entries: Mapping[str, T], *, from_end: bool = False) -> None:
        self._from_end = from_end
        self._by_word: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for words, value in entries.items():
            phrase = tuple(words.split())
            self._by_word.setdefault(phrase[-1 if from_end else 0], []).append((phrase, value))
        for found in self._by_word.values():
            found.sort(key=lambda item: -len(item[0]))

    def match(self, words: Sequence[str]) -> tuple[int, T] | None:
        """The longest phrase that a list of words begins (or ends) with: its length and value."""
        if not words:
            return None
        for phrase, value in self._by_word.get(words[-1 if self._from_end else 0], ()):
            size = len(phrase)
            part = words[-size:] if self._from_end else words[:size]
            if tuple(part) == phrase:
                return size, value
        return None

    def __contains__(self, word: str) -> bool:
        return word in self._by_word


@lru_cache(maxsize=4)
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def units() -> Phrases[Unit]:
    """Units that follow a number."""
    found = {}
    for kind, table in _toml("units").items():
        for words, (name, factor) in table.items():
            found[words] = Unit(name, factor, kind)
    for words, (name, factor) in _toml("money")["after"].items():
        found[words] = Unit(name, factor, "money")
    return Phrases(found)


@lru_cache(maxsize=1)
def currencies() -> Phrases[Unit]:
    """Currency signs and codes that stand before a number."""
    table = _toml("money")["before"]
    return Phrases({w: Unit(name, factor, "money") for w, (name, factor) in table.items()}, from_end=True)


@lru_cache(maxsize=1)
def approximators() -> tuple[Phrases[Approximator], Phrases[Approximator]]:
    """Words before and after a number that say how exactly it is meant."""
    data = _toml("approximators")
    before = Phrases({w: Approximator(v) for w, v in data["before"].items()}, from_end=True)
    return before, Phrases({w: Approximator(v) for w, v in data["after"].items()})


@lru_cache(maxsize=1)
def noun_words() -> dict[str, frozenset[str]]:
    """Sets of nouns by name (`persons`, `labels`, …)."""
    return {name: frozenset(words) for name, words in _toml("nouns").items()}


_IRREGULAR = {
    "people": "people", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "troops": "troops", "servicemen": "serviceman", "servicewomen": "servicewoman", "gunmen": "gunman",
    "policemen": "policeman", "crewmen": "crewman", "militiamen": "militiaman", "lives": "life",
    "buses": "bus", "minibuses": "minibus", "gases": "gas",
}  # fmt: skip


def singular(noun: str) -> str:
    """The singular of a lower-case English noun, roughly: what a look-up needs."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith(("sses", "shes", "ches", "xes")):
        return noun[:-2]
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


@lru_cache(maxsize=1)
def _shared_units() -> dict[str, str]:
    return {word: name for name in SHARED for word in noun_words()[name]}


def unit_of_noun(noun: str) -> str:
    """The contract's unit for a counted head noun, else the noun itself, in lower case."""
    low = noun.lower()
    shared = _shared_units().get(singular(low))
    if shared is None and low.endswith(_PEOPLE) and low not in _NOT_PEOPLE:
        return "persons"
    return shared or low


_PEOPLE = ("folk", "people", "men", "women")
"""How nouns end that are of people: "townsfolk", "Frenchmen"."""
_NOT_PEOPLE = frozenset({"specimen", "regimen", "acumen", "abdomen", "stamen", "omen", "cement"})


@lru_cache(maxsize=1)
def money_names() -> frozenset[str]:
    """Codes and names of currencies as units: "USD", "francs"."""
    table = _toml("money")
    named = {name for side in ("before", "after") for name, _ in table[side].values()}
    return frozenset(named | noun_words()["currencies"])
