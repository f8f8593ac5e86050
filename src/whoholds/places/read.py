"""Places of one report: a parse in, `PlaceMention`s out. Pure; the gazetteer is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from whoholds.model import Candidate, Place, PlaceMention, Span
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.layers import Meaning
from whoholds.places.recognise import Name, recognise_names
from whoholds.places.resolve import Resolution, resolve_names
from whoholds.places.usual import UsualArea
from whoholds.text.parse import Parsed
from whoholds.theatre import Theatre

__all__ = ["Corrections", "read_places", "resolve_spans"]

MIN_P = 0.35
"""Below this probability a name stays unresolved, with its candidates."""
SHOWN_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people decided about names: casefolded words to place id, or to None for "no place that is known".

    Attributes:
        by_name: Those for every report.
        by_report: Those for one report each, by its id; they are laid over the others.
    """

    by_name: Mapping[str, str | None] = field(default_factory=dict)
    by_report: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, *earlier_to_later: Mapping[str, str | None]) -> Corrections:
        """Corrections by exact words, for every report; later mappings win."""
        merged: dict[str, str | None] = {}
        for mapping in earlier_to_later:
            merged |= {words.casefold(): place_id for words, place_id in mapping.items()}
        return cls(merged)

    @classmethod
    def collect(cls, said: Iterable[tuple[str | None, str, str | None]]) -> Corrections:
        """Corrections from (report id or None, words, place id or None), oldest first; later ones win."""
        general: dict[str, str | None] = {}
        own: dict[str, dict[str, str | None]] = {}
        for report_id, words, place_id in said:
            known = general if report_id is None else own.setdefault(report_id, {})
            known[words.casefold()] = place_id
        return cls(general, own)

    def for_report(self, report_id: str) -> Corrections:
        """Those that hold in one report."""
        own = self.by_report.get(report_id)
        return Corrections({**self.by_name, **own} if own else self.by_name)


def read_places(
    parsed: Parsed,
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    corrections: Corrections | None = None,
    usual: UsualArea | None = None,
) -> tuple[PlaceMention, ...]:
    """The places that a report names, in the order of the text, without overlaps.

    Names in page furniture and bylines are left out. Mentions that stay unresolved have `place_id` None.
    What people decided holds, with a `p` of 1, and helps to decide the other names.

    Args:
        parsed: The report.
        gazetteer: Where names are looked up.
        theatre: Makes its own area likelier.
        corrections: What people decided about names before (`Corrections.for_report`).
        usual: Where the places of the publisher's earlier reports lie: makes that area likelier.
    """
    return _decide(recognise_names(parsed, gazetteer, theatre), gazetteer, theatre, corrections, usual)


def resolve_spans(
    text: str,
    spans: Sequence[tuple[int, int]],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    corrections: Corrections | None = None,
    usual: UsualArea | None = None,
) -> tuple[PlaceMention, ...]:
    """Resolve given spans of a text together, without parsing it: one mention a span, in their order."""
    from whoholds.places.spans import names_of_spans

    names = names_of_spans(text, spans, gazetteer)
    order = sorted(range(len(names)), key=lambda i: names[i].span.start)
    resolved = _decide([names[i] for i in order], gazetteer, theatre, corrections, usual)
    found = dict(zip(order, resolved, strict=True))
    return tuple(found[i] for i in range(len(names)))


def _decide(
    names: list[Name],
    gazetteer: Gazetteer,
    theatre: Theatre | None,
    corrections: Corrections | None,
    usual: UsualArea | None,
) -> tuple[PlaceMention, ...]:
    """A mention for each name: as people decided, or as all the names together make likeliest."""
    said = {} if corrections is None else corrections.by_name
    settled: list[tuple[Place | None] | None] = []
    for name in names:
        words = name.span.exact.casefold()
        if words not in said:
            settled.append(None)
            continue
        place_id = said[words]
        place = None if place_id is None else gazetteer.get(place_id)
        settled.append(None if place_id is not None and place is None else (place,))
    known = [n if s is None else _settle(n, s[0]) for n, s in zip(names, settled, strict=True)]
    resolved = resolve_names(known, gazetteer, theatre, usual=usual)
    return tuple(
        mention_of(r if s is None else Resolution(r.name, () if s[0] is None else ((s[0], 1.0),)))
        for r, s in zip(resolved, settled, strict=True)
    )


def _settle(name: Name, place: Place | None) -> Name:
    """The name with the one meaning that a person gave it."""
    meanings = () if place is None else (Meaning(place, is_primary=True, is_own=True),)
    return replace(name, meanings=meanings, kind_hint=None, role="literal", vouched=False)


def mention_of(resolution: Resolution) -> PlaceMention:
    """A resolution as a mention: the best place where its probability reaches `MIN_P`."""
    name = resolution.name
    candidates = tuple(
        Candidate(place.id, place.name, place.lon, place.lat, p)
        for place, p in resolution.ranked[:SHOWN_CANDIDATES]
    )
    if not resolution.ranked or resolution.ranked[0][1] < MIN_P:
        kind = _KIND_OF_HINT.get(name.kind_hint or "", "other")
        return PlaceMention(
            name.span, None, name.span.exact, kind=kind, role=name.role, candidates=candidates
        )
    place, p = resolution.ranked[0]
    return PlaceMention(
        name.span,
        place.id,
        place.name,
        place.lon,
        place.lat,
        place.radius_m,
        place.kind,
        place.country,
        p,
        name.role,
        candidates,
    )


_KIND_OF_HINT = {
    "admin2": "admin",
    "admin": "admin",
    "settlement": "settlement",
    "facility": "facility",
    "water": "water",
    "landform": "landform",
}


def span_of(name: Name) -> Span:
    """The words of a name."""
    return name.span
