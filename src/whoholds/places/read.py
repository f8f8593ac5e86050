"""Places of one report: a parse in, `PlaceMention`s out. Pure; the gazetteer is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from whoholds.model import Candidate, PlaceMention, Span
from whoholds.places.folding import fold_name
from whoholds.places.gazetteer import Gazetteer
from whoholds.places.recognise import Name, recognise_names
from whoholds.places.resolve import Resolution, resolve_names
from whoholds.text.parse import Parsed
from whoholds.theatre import Theatre

__all__ = ["Corrections", "read_places", "resolve_spans"]

MIN_P = 0.35
"""Below this probability a name stays unresolved, with its candidates."""
SHOWN_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Corrections:
    """What people decided about names: folded words to place id, or to None for "no place here".

    The store keeps them for a report or for a theatre; the narrower mapping is laid over the wider.
    """

    by_name: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, *wider_to_narrower: Mapping[str, str | None]) -> Corrections:
        """Corrections by exact words; later mappings win."""
        merged: dict[str, str | None] = {}
        for mapping in wider_to_narrower:
            merged |= {fold_name(words): place_id for words, place_id in mapping.items()}
        return cls(merged)


def read_places(
    parsed: Parsed,
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    corrections: Corrections | None = None,
) -> tuple[PlaceMention, ...]:
    """The places that a report names, in the order of the text, without overlaps.

    Names in page furniture and bylines are left out. Mentions that stay unresolved have `place_id` None.

    Args:
        parsed: The report.
        gazetteer: Where names are looked up.
        theatre: Makes its own area likelier.
        corrections: What people decided about names before.
    """
    names = recognise_names(parsed, gazetteer, theatre)
    resolutions = resolve_names(names, gazetteer, theatre)
    found = (_mention(r, gazetteer, corrections) for r in resolutions)
    return tuple(m for m in found if m is not None)


def resolve_spans(
    text: str, spans: Sequence[tuple[int, int]], gazetteer: Gazetteer, theatre: Theatre | None = None
) -> tuple[PlaceMention, ...]:
    """Resolve given spans of a text together, without parsing it: one mention a span, in their order."""
    from whoholds.places.spans import names_of_spans

    names = names_of_spans(text, spans, gazetteer)
    order = sorted(range(len(names)), key=lambda i: names[i].span.start)
    resolved = resolve_names([names[i] for i in order], gazetteer, theatre)
    found: list[PlaceMention | None] = [None] * len(names)
    for i, resolution in zip(order, resolved, strict=True):
        found[i] = mention_of(resolution)
    return tuple(m for m in found if m is not None)


def _mention(
    resolution: Resolution, gazetteer: Gazetteer, corrections: Corrections | None
) -> PlaceMention | None:
    name = resolution.name
    if corrections is not None and corrections.by_name:
        for words in (name.span.exact, name.key):
            key = fold_name(words)
            if key in corrections.by_name:
                place_id = corrections.by_name[key]
                place = None if place_id is None else gazetteer.get(place_id)
                if place is None:
                    return None
                return mention_of(Resolution(name, ((place, 1.0),)))
    return mention_of(resolution)


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
