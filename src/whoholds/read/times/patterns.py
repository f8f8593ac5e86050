"""Patterns over word classes: tokens in, matched rules with their named tokens out.

Each token becomes one character, its class; each pattern of `data/patterns.toml` a regular expression
over such characters; all patterns of a scan one alternation. So a text costs one dictionary look-up a
token and one pass of `re` over a string of one character a token. Stretches without any class are never
looked at.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from whoholds.errors import InvariantError

__all__ = [
    "Match",
    "Scanner",
    "code_of",
    "first_scanner",
    "load_context",
    "load_holidays",
    "load_words",
    "second_scanner",
]

_GRAINS = ("Day", "Part", "Week", "Month", "Span", "Year", "Clock", "Named", "PartName", "Length", "Other")
_SHAPES = (
    *("other", "break", "num", "day", "year", "ordinal", "clock", "isodate", "holiday", "inside"),
    *("dot", "comma", "dash", "apostrophe", "slash"),
)
_UNIONS = {"number": ("num", "day", "year"), "few": ("some",)}


@lru_cache(maxsize=1)
def load_words() -> dict[str, tuple[str, Any]]:
    """Word to (class, value) of `data/words.toml`."""
    found: dict[str, tuple[str, Any]] = {}
    for name, entries in _toml("words").items():
        for word, value in entries.items():
            found[word] = (name, value)
    return found


@lru_cache(maxsize=8)
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    names = [*_SHAPES, *_GRAINS, *_toml("words")]
    # Private-use characters: no class can be mistaken for syntax of a regular expression.
    return {name: chr(0xE000 + number) for number, name in enumerate(names)}


@lru_cache(maxsize=256)
def code_of(name: str) -> str:
    """The character of a class."""
    return _codes()[name]


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: its rule, the tokens [first, last), and the tokens kept by name."""

    rule: str
    first: int
    last: int
    kept: dict[str, int]


class Scanner:
    """All patterns of one scan, in their order."""

    def __init__(self, patterns: list[dict[str, str]]) -> None:
        self._names: list[tuple[str, list[tuple[str, str]]]] = []
        sources = []
        for number, entry in enumerate(patterns):
            source, names = _translate(entry["pattern"], number)
            sources.append(source)
            self._names.append((entry["rule"], names))
        self._single = [re.compile(source) for source in sources]
        every = "|".join(f"(?P<r{n}>{source})" for n, source in enumerate(sources))
        first = "".join(sorted(set().union(*(_first_codes(entry["pattern"]) for entry in patterns))))
        # One look at a character spares most of them the trial of every pattern.
        self._all = re.compile(f"(?=[{first}])(?:{every})")

    def find(self, codes: str, at: int = 0) -> Match | None:
        """The first match at or after an index."""
        found = self._all.search(codes, at)
        if found is None:
            return None
        # The last group to be closed is the one around its pattern.
        assert found.lastgroup is not None
        return self._match(int(found.lastgroup[1:]), found)

    def others(self, codes: str, at: int, tried: Match) -> list[Match]:
        """Matches of the patterns after the tried one that start at the same index."""
        number = next(
            n
            for n, single in enumerate(self._single)
            if self._names[n][0] == tried.rule and (m := single.match(codes, at)) and m.end() == tried.last
        )
        rest = range(number + 1, len(self._single))
        return [self._match(n, m) for n in rest if (m := self._single[n].match(codes, at))]

    def _match(self, number: int, found: re.Match[str]) -> Match:
        rule, names = self._names[number]
        kept = {plain: found.start(group) for plain, group in names if found.start(group) >= 0}
        if f"r{number}" in found.re.groupindex:
            return Match(rule, found.start(f"r{number}"), found.end(f"r{number}"), kept)
        return Match(rule, found.start(), found.end(), kept)


def _translate(pattern: str, number: int) -> tuple[str, list[tuple[str, str]]]:
    parts: list[str] = []
    names: list[tuple[str, str]] = []
    for item in pattern.split():
        if item == "(":
            parts.append("(?:")
            continue
        if item in (")", ")?"):
            parts.append(item)
            continue
        optional = item.endswith("?")
        item = item.removesuffix("?")
        name = item.rpartition(":")[0]
        source = f"[{_codes_of(item)}]"
        if name:
            group = f"g{number}_{name}"
            names.append((name, group))
            source = f"(?P<{group}>{source})"
        parts.append(source + ("?" if optional else ""))
    return "".join(parts), names


def _codes_of(item: str) -> str:
    """The characters that an item of a pattern stands for."""
    classes = item.removesuffix("?").rpartition(":")[2].split("|")
    return "".join(code_of(real) for one in classes for real in _UNIONS.get(one, (one,)))


def _first_codes(pattern: str) -> set[str]:
    """The characters that a match of a pattern can begin with."""
    found: set[str] = set()
    has_begun = False
    in_group = before = False
    for item in pattern.split():
        if item == "(":
            in_group, before = True, has_begun
        elif item in (")", ")?"):
            # What may be missing begins nothing for sure.
            in_group, has_begun = False, before if item == ")?" else has_begun
        elif not has_begun:
            found.update(_codes_of(item))
            has_begun = not item.endswith("?")
        if has_begun and not in_group:
            return found
    raise InvariantError(f"pattern {pattern!r} matches nothing at all; give it an item without `?`")


@lru_cache(maxsize=1)
def first_scanner() -> Scanner:
    """The scan for expressions that stand alone."""
    return Scanner(_toml("patterns")["first"])


@lru_cache(maxsize=1)
def second_scanner() -> Scanner:
    """The scan for what joins or narrows those found first."""
    return Scanner(_toml("patterns")["second"])


@lru_cache(maxsize=1)
def load_context() -> dict[str, frozenset[str]]:
    """Sets of words by which rules decide, by name (`data/context.toml`)."""
    return {name: frozenset(words) for name, words in _toml("context").items()}


@lru_cache(maxsize=1)
def load_holidays() -> dict[str, tuple[str, Any]]:
    """Words of a set phrase, single-spaced, to ("fixed", "12-25"), ("easter", days) or ("reference", …)."""
    return {words: (kind, v) for kind, table in _toml("holidays").items() for words, v in table.items()}
