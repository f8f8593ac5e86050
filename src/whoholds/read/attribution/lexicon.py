"""The lexicons of attribution, loaded once from the data files beside the code.

In: the TOML files of `data/`. Out: frozen entries by lemma. Each entry has its class, what it takes, and an
example sentence of our own, which the tests read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from whoholds.read.attribution.types import CueClass

__all__ = [
    "NounEntry",
    "PhraseEntry",
    "VerbEntry",
    "is_speaking_role",
    "load_lexicon",
    "nouns",
    "phrases",
    "source_words",
    "verbs",
]


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """A verb that attributes.

    Attributes:
        lemma: The verb.
        cue_class: What it says of the source's stance.
        takes: Its complements: `quote`, `that` (finite clause), `wh` (question), `to` (what the source
            does), `obj_to` (what another is to do), `np`, `ing`, `as` ("described it as"), `small`
            ("called it a lie"), `named` (passive only: the content is the subject), `np_witness` (an object,
            where the source is an onlooker), `np_claim` (an object that is a claim), `np_count` (an
            object with a number), `figure` (an object with
            a number: "put the dead at nine").
        prepositions: Prepositions that belong to the cue and open the content ("called for").
        particle: Whether a sense needs a particle, and which ("point out").
        human: Whether only persons, bodies and states can be its source.
        example: A sentence with it.
    """

    lemma: str
    cue_class: CueClass
    takes: frozenset[str]
    prepositions: frozenset[str]
    human: bool
    example: str


@dataclass(frozen=True, slots=True)
class NounEntry:
    """A noun that attributes ("claim that", "refusal to").

    Attributes:
        lemma: The noun.
        cue_class: What it says of the source's stance.
        takes: `that`, `to`, and prepositions whose object is the content ("of").
        example: A sentence with it.
    """

    lemma: str
    cue_class: CueClass
    takes: frozenset[str]
    example: str


@dataclass(frozen=True, slots=True)
class PhraseEntry:
    """A fixed phrase that attributes.

    Attributes:
        words: Its words, in lower case.
        cue_class: What it says of the source's stance.
        source: Where the source stands: `after` ("according to X"), `none` ("reportedly").
        example: A sentence with it.
    """

    words: tuple[str, ...]
    cue_class: CueClass
    source: str
    example: str


def load_lexicon(name: str) -> dict[str, Any]:
    """One data file as it stands."""
    text = resources.files("whoholds.read.attribution").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def verbs() -> Mapping[str, VerbEntry]:
    """Verbs by lemma; a phrasal verb's key is `point out`."""
    return {
        lemma: VerbEntry(
            lemma,
            CueClass(row["class"]),
            frozenset(row["takes"].split()),
            frozenset(row.get("prep", "").split()),
            row.get("human", False),
            row["example"],
        )
        for lemma, row in load_lexicon("verbs").items()
    }


@lru_cache(maxsize=1)
def nouns() -> Mapping[str, NounEntry]:
    """Nouns by lemma."""
    return {
        lemma: NounEntry(lemma, CueClass(row["class"]), frozenset(row["takes"].split()), row["example"])
        for lemma, row in load_lexicon("nouns").items()
    }


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, tuple[PhraseEntry, ...]]:
    """Phrases by their first word, longest first."""
    found: dict[str, list[PhraseEntry]] = {}
    for words, row in load_lexicon("phrases").items():
        entry = PhraseEntry(
            tuple(words.split()), CueClass(row["class"]), row.get("source", "after"), row["example"]
        )
        found.setdefault(entry.words[0], []).append(entry)
    return {first: tuple(sorted(entries, key=lambda e: -len(e.words))) for first, entries in found.items()}


@lru_cache(maxsize=1)
def source_words() -> Mapping[str, frozenset[str]]:
    """Words about sources, by list: titles, persons, women, men, groups, outlets, people …"""
    return {name: frozenset(text.split()) for name, text in load_lexicon("sources").items()}


def is_speaking_role(word: str) -> bool:
    """Whether a word, in lower case, names a person by office, a body, or a title."""
    words = source_words()
    return word in words["persons"] or word in words["groups"] or word in words["titles"]
