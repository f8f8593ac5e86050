"""Who says it and who acts: names of a draft in, contract sources and parties out, verified and with ids.

A source that does not stand in the text takes its claim with it: a claim is never put into another mouth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from whoholds.model import Attribution, Source, Span
from whoholds.places.gazetteer import Gazetteer
from whoholds.read.llm.answer import DraftSource
from whoholds.read.llm.locate import Locator, gap
from whoholds.read.llm.schema import SIDES
from whoholds.theatre import Theatre, fold_name

__all__ = ["Link", "Sides", "attributions_of", "find_chain"]

_ARTICLE = re.compile(r"(?:the|a|an)\s+(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LONGEST_NAME = 5
_QUOTED = ('"“«„', '"”»“')


@dataclass(frozen=True, slots=True)
class Link:
    """One verified link of a chain.

    Attributes:
        source: The link as the claim carries it.
        words: The words that stand for it beside the claim.
    """

    source: Source
    words: Span


class Sides:
    """The parties of the theatre, or the states, that words mean."""

    def __init__(self, gazetteer: Gazetteer, theatre: Theatre | None) -> None:
        self.theatre = theatre
        self._gazetteer = gazetteer
        self._memory: dict[str, str | None] = {}

    def party_of(self, words: str, hint: str | None = None) -> str | None:
        """The party that a phrase names by its own words; else the model's, where there is such a party."""
        if words not in self._memory:
            self._memory[words] = next((p for n in _names_in(words) if (p := self._named(n))), None)
        return self._memory[words] or (hint if self.is_party(hint) else None)

    def is_party(self, hint: str | None) -> bool:
        """Whether an id is one of a party: of the theatre's, or, without one, of the form of a state's."""
        if hint is None:
            return False
        return hint in self.theatre.party_ids if self.theatre else _COUNTRY.fullmatch(hint) is not None

    def _named(self, words: str) -> str | None:
        if self.theatre is not None and (party := self.theatre.find_party(words)) is not None:
            return party
        if not any(c.isupper() or not c.isascii() for c in words):
            return None
        country = self._gazetteer.country_of(words)
        if country is None or self.theatre is None:
            return None if country is None else country.country
        return next((p.id for p in self.theatre.parties if p.country == country.country), None)


def strip_article(words: str) -> str:
    """A name without a leading English article."""
    return _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words


def find_chain(
    drafts: Sequence[DraftSource],
    quote: Span,
    locator: Locator,
    sides: Sides,
    publisher: str | None,
    dropped: Counter[str],
) -> tuple[Link, ...] | None:
    """The chain of a claim, outermost first, or None where one of its names does not stand in the text.

    The publisher is no link of its own chain.
    """
    found: list[Link] = []
    kept = [d for d in drafts if publisher is None or fold_name(d.name) != fold_name(publisher)]
    for number, draft in enumerate(kept):
        name = locator.nearest(draft.name, [quote])
        if name is None:
            return None
        words = name
        if draft.words is not None and draft.words != draft.name:
            located = locator.nearest(draft.words, [quote])
            if located is None:
                dropped["source_words"] += 1
            words = located or name
        cue = _find_cue(draft.cue, quote, words, locator, dropped)
        called = " ".join(strip_article(name.exact).split())
        entry = None if sides.theatre is None else sides.theatre.find_source(called)
        role = draft.role if draft.role and locator.nearest(draft.role, [quote]) is not None else None
        found.append(
            Link(
                Source(
                    name=called,
                    source_id=None if entry is None else entry.id,
                    role=(None if entry is None else entry.role)
                    or role
                    or ("relayer" if number < len(kept) - 1 else "speaker"),
                    side=(None if entry is None else entry.side) or _side(called, draft.side, sides),
                    cue=cue,
                ),
                words,
            )
        )
    return tuple(found)


def _side(name: str, hint: str | None, sides: Sides) -> str | None:
    return sides.party_of(name, hint) or (hint if hint in SIDES else None)


def _find_cue(
    words: str | None, quote: Span, source: Span, locator: Locator, dropped: Counter[str]
) -> Span | None:
    """The cue nearest to its claim and source, outside the claim where it can be."""
    if words is None:
        return None
    found = locator.occurrences(words)
    if not found:
        dropped["cue"] += 1
        return None
    return min(found, key=lambda s: (s.overlaps(quote), gap(s, quote) + gap(s, source)))


def attributions_of(text: str, spoken: Sequence[tuple[Span, tuple[Link, ...]]]) -> tuple[Attribution, ...]:
    """The attributions of a report: one a source and cue, with the quotes of all its claims.

    Args:
        text: The report's text.
        spoken: Quotes with their chains.
    """
    order: list[tuple[Span, Span | None]] = []
    content: dict[tuple[Span, Span | None], list[Span]] = {}
    names: dict[tuple[Span, Span | None], str] = {}
    outer: dict[tuple[Span, Span | None], tuple[Span, Span | None]] = {}
    for quote, chain in spoken:
        above: tuple[Span, Span | None] | None = None
        for link in chain:
            key = (link.words, link.source.cue)
            if key not in content:
                order.append(key)
                content[key] = []
                names[key] = link.source.name
                if above is not None and above != key:
                    outer[key] = above
            if quote not in content[key]:
                content[key].append(quote)
            above = key
    order.sort(key=lambda k: (min(content[k]).start, k[0].start))
    index = {key: number for number, key in enumerate(order)}
    return tuple(
        Attribution(
            source=key[0],
            cue=key[1],
            content=tuple(sorted(content[key])),
            kind="direct" if all(_is_quoted(text, s) for s in content[key]) else "indirect",
            nested_in=index[outer[key]] if key in outer else None,
            source_name=None if strip_article(key[0].exact) == names[key] else names[key],
        )
        for key in order
    )


def _is_quoted(text: str, span: Span) -> bool:
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 2]
    return bool(before) and before in _QUOTED[0] and any(c in _QUOTED[1] for c in after)


def _names_in(words: str) -> Iterator[str]:
    """Runs of words of a phrase, longer ones first."""
    parts = _WORD.findall(words)
    for length in range(min(_LONGEST_NAME, len(parts)), 0, -1):
        for start in range(len(parts) - length + 1):
            yield " ".join(parts[start : start + length])
