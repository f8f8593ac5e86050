"""The data of certainty: what a word says of the happening that it governs, and which nouns tell happenings.

In: the files of `data/`. Out: frozen tables. Values are FactBank's marks on one scale (Saurí and Pustejovsky
2009; Stanovsky et al. 2017): 3 certain, 2 probable, 1 possible, with the sign of the polarity, and 0 open.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from whoholds.text.parse import dictionary

__all__ = [
    "MARKS",
    "Entry",
    "Signature",
    "Words",
    "entries",
    "forms",
    "happening_nouns",
    "is_happening",
    "signatures",
    "words",
]

MARKS: Mapping[str, int] = MappingProxyType(
    {"CT+": 3, "PR+": 2, "PS+": 1, "Uu": 0, "PS-": -1, "PR-": -2, "CT-": -3}
)


@dataclass(frozen=True, slots=True)
class Signature:
    """What a governing word says of its complement (Karttunen 1971; Nairn, Condoravdi and Karttunen 2006).

    Attributes:
        affirmed: The complement's value where the governor is told as a fact.
        negated: Its value where the governor is denied.
    """

    affirmed: int
    negated: int

    @property
    def is_factive(self) -> bool:
        """Whether the complement stands whatever becomes of the governor ("know that", "regret")."""
        return self.affirmed == self.negated == 3

    def of(self, governor: int) -> int:
        """The complement's value under a governor of this value; no surer than that, unless factive."""
        if self.is_factive:
            return 3
        if governor == 0:
            return 0
        value = self.affirmed if governor > 0 else self.negated
        bound = abs(governor)
        return max(-bound, min(bound, value))


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of `signatures.csv`.

    Attributes:
        lemma: The governing word.
        pos: verb, noun or adjective.
        frame: How it takes its complement: `to`, `that`, `wh`, `ing`, `np` (object), `subject`, or a
            preposition.
        signature: What it says of it.
        example: A sentence with the complement's word between stars.
    """

    lemma: str
    pos: str
    frame: str
    signature: Signature
    example: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of `words.toml`, by what they do.

    Attributes:
        modals: Auxiliary to value.
        adverbs: Adverb to value.
        adjectives: Adjective before a noun to value.
        linkers: Conjunction or preposition to value of what it brings in.
        instead: Words that make "of" and "than" bring in what was not done.
        light: Verbs whose noun is as certain as they are.
        negations: Negative words.
        definite: Determiners of what is taken as known.
        result: Verbs after which an infinitive tells how it came out.
    """

    modals: Mapping[str, int]
    adverbs: Mapping[str, int]
    adjectives: Mapping[str, int]
    linkers: Mapping[str, int]
    instead: frozenset[str]
    light: frozenset[str]
    negations: frozenset[str]
    definite: frozenset[str]
    result: frozenset[str]


def _text(name: str) -> str:
    return (files("whoholds.read.certainty") / "data" / name).read_text("utf-8")


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """All rows of `signatures.csv`."""
    return tuple(
        Entry(
            row["lemma"],
            row["pos"],
            row["frame"],
            Signature(MARKS[row["affirmed"]], MARKS[row["negated"]]),
            row["example"],
        )
        for row in csv.DictReader(_text("signatures.csv").splitlines())
    )


@lru_cache(maxsize=1)
def signatures() -> Mapping[tuple[str, str], Mapping[str, Signature]]:
    """Lemma and part of speech to signature by frame."""
    found: dict[tuple[str, str], dict[str, Signature]] = {}
    for entry in entries():
        found.setdefault((entry.lemma, entry.pos), {})[entry.frame] = entry.signature
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def forms() -> Mapping[str, str]:
    """Regular forms of the governors that end in a mute e, which lemmatisers tend to miss, to their lemma."""
    found: dict[str, str] = {}
    for entry in entries():
        if entry.lemma.endswith("e"):
            stem = entry.lemma[:-1]
            found |= {f"{stem}{ending}": entry.lemma for ending in ("es", "ed", "ing")}
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of `words.toml`."""
    table = tomllib.loads(_text("words.toml"))

    def valued(name: str) -> Mapping[str, int]:
        return MappingProxyType({w: MARKS[group["value"]] for group in table[name] for w in group["words"]})

    return Words(
        modals=valued("modal"),
        adverbs=valued("adverb"),
        adjectives=valued("adjective"),
        linkers=valued("linker"),
        instead=frozenset(valued("instead")),
        light=frozenset(table["light"]["verbs"]),
        negations=frozenset(table["negation"]["words"]),
        definite=frozenset(table["definite"]["words"]),
        result=frozenset(table["result"]["verbs"]),
    )


@lru_cache(maxsize=1)
def happening_nouns() -> Mapping[str, Any]:
    """`events.toml` as it stands."""
    return MappingProxyType(tomllib.loads(_text("events.toml")))


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    """Verbs that the pipeline's lemmatiser knows (WordNet's)."""
    return frozenset(dictionary()["verb"])


@lru_cache(maxsize=1)
def _listed() -> tuple[frozenset[str], frozenset[str]]:
    table = happening_nouns()
    return frozenset(table["nouns"]), frozenset(table["things"]) - frozenset(table["nouns"])


@lru_cache(maxsize=16_384)
def is_happening(lemma: str) -> bool:
    """Whether a noun tells a happening: listed, or made of a verb ("deployment", "invasion")."""
    nouns, things = _listed()
    if lemma in nouns:
        return True
    if lemma in things:
        return False
    verbs = _verbs()
    return any(
        lemma.endswith(ending) and len(stem := lemma[: -len(ending)]) >= 3 and stem + verbal in verbs
        for ending, verbal in happening_nouns()["suffixes"]
    )
