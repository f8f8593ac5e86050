"""The word lists of `data/words.toml`, loaded once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

__all__ = ["PlaceWords", "place_words"]


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What words around a name say of it. All words are lower case.

    Attributes:
        type_after: Word after a name to the kind it gives ("Kursk region": admin).
        type_before: Word before a name ("the town of Sudzha"): the kind.
        not_place_after: Words after which the name before is no place.
        unit_after: Of these, those for units and ships: they need no capital.
        street_after: Words that make the name before a road's.
        person_before: Titles of persons.
        locative: Words before places.
        beside: Words after a name, or after its "'s", that make it a place ("the X sector").
        ground_verbs: Lemmas whose object is ground.
        government_verbs: Lemmas whose subject, if a capital, is a government.
        institution: Words for bodies that lie where their name says.
        dealing_verbs: Lemmas whose object or receiver, if a capital, is a government.
        town_things: Lemmas of what a town has, and a government has not.
        directions: Words for a part of a place ("eastern Ghouta").
        common: Words that are places by accident.
    """

    type_after: Mapping[str, str]
    type_before: Mapping[str, str]
    not_place_after: frozenset[str]
    unit_after: frozenset[str]
    street_after: frozenset[str]
    person_before: frozenset[str]
    locative: frozenset[str]
    beside: frozenset[str]
    ground_verbs: frozenset[str]
    government_verbs: frozenset[str]
    institution: frozenset[str]
    dealing_verbs: frozenset[str]
    town_things: frozenset[str]
    directions: frozenset[str]
    common: frozenset[str]


@lru_cache(maxsize=1)
def place_words() -> PlaceWords:
    """The lists."""
    data = tomllib.loads(resources.files("whoholds.places").joinpath("data", "words.toml").read_text("utf-8"))
    words = {name: frozenset(values) for name, values in data["words"].items()}
    return PlaceWords(data["type_after"], data["type_before"], **words)
