"""What may be shown, and how a person's corrections change a claim. Pure: claims in, claims out.

Embargo, coarsening, display rights and redactions are decided here and nowhere else, so that every
store applies the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Any

import h3

from whoholds.errors import FormatError, InputError
from whoholds.model import Claim, ClaimPlace, Quantity, Source, Span
from whoholds.model.contract import claim_from_json, claim_to_json
from whoholds.model.report import DISPLAY_RIGHTS
from whoholds.store.moments import moment_bounds
from whoholds.store.records import PlaceCorrection
from whoholds.theatre import Theatre

__all__ = [
    "MASK",
    "apply_corrections",
    "apply_place_corrections",
    "claim_display",
    "claim_words",
    "coarsen_claim",
    "coarsen_mention",
    "correction_path",
    "corrections_in_force",
    "hide_quotes",
    "mask_mentions",
    "mask_text",
    "redact_claim",
    "redact_corrections",
    "report_display",
    "snap_point",
    "source_display",
    "visible_from",
]

MASK = "█"
"""Stands for each code point that may not be shown, so that offsets into the text still hold."""
REDACTED = "[redacted]"

# Identity, provenance and words are not a person's to correct: a wrong reading is rejected instead.
_FIXED_FIELDS = frozenset(
    {"v", "id", "report_id", "quote", "recorded_at", "origin_recorded_at", "reader", "supersedes", "origin"}
)
# Short for the target place, which stands first.
_ALIASES = {name: f"places.0.{name}" for name in ("place_id", "relation")}
# Corrections of these hold words of the report.
_WORDED_FIELDS = frozenset({"actor", "target", "exact", "name", "attribution", "quantities", "places", "of"})


# --- when -----------------------------------------------------------------------------------------


def visible_from(
    reported_at: date | datetime | None,
    published_at: date | datetime | None,
    recorded_at: datetime,
    zone: tzinfo,
) -> datetime:
    """The instant from which an embargo runs: the later of said and published.

    A day counts from its end, the last moment that it may mean; where neither is known, from when
    the ledger learned it.
    """
    known = [moment_bounds(m, zone)[1] for m in (reported_at, published_at) if m is not None]
    return max(known, default=recorded_at)


# --- whose words ----------------------------------------------------------------------------------


def source_display(theatre: Theatre, *names: str | None) -> str:
    """The strictest display right that the theatre gives any of some sources, by id or name."""
    by_id = {s.id: s for s in theatre.sources}
    rights = []
    for name in names:
        entry = None if name is None else by_id.get(name) or theatre.find_source(name)
        if entry is not None:
            rights.append(entry.display)
    return _strictest(rights)


def report_display(theatre: Theatre, publisher: str | None, display: str) -> str:
    """The right in force for a report: the stricter of its own and its publisher's in the theatre."""
    return _strictest([display, source_display(theatre, publisher)])


def claim_display(theatre: Theatre, claim: Claim, report: tuple[str | None, str] | None) -> str:
    """The right in force for a claim's words.

    Args:
        theatre: Whose source registry counts.
        claim: The claim.
        report: Publisher and display right of its report, or None for a claim without one; the right is
            then that of its outermost source.
    """
    if report is not None:
        return report_display(theatre, *report)
    first = claim.attribution[0] if claim.attribution else None
    return source_display(theatre, first.source_id, first.name) if first else "full"


def _strictest(rights: Iterable[str]) -> str:
    # An unknown right is the strictest: nothing is shown by mistake of spelling.
    order = {right: i for i, right in enumerate(DISPLAY_RIGHTS)}
    return DISPLAY_RIGHTS[max((order.get(r, len(order) - 1) for r in rights), default=0)]


def mask_text(text: str, shown: Iterable[tuple[int, int]] = ()) -> str:
    """A text with every code point masked but those in the stretches `shown`."""
    kept = [MASK] * len(text)
    for start, end in shown:
        kept[start:end] = text[start:end]
    return "".join(kept)


def claim_words(claim: Claim) -> list[tuple[int, int]]:
    """Where the words stand that a claim shows: its quote, cues, places and figures."""
    spans = [claim.quote, *(s.cue for s in claim.attribution), *(p.span for p in claim.places)]
    spans += [q.span for q in claim.quantities]
    return [(s.start, s.end) for s in spans if s is not None]


def hide_quotes(claim: Claim) -> Claim:
    """The claim without the report's own words; names of who speaks and acts, and places, stay."""
    return replace(
        claim,
        quote=_mask_span(claim.quote),
        attribution=tuple(replace(s, cue=_mask_span(s.cue)) for s in claim.attribution),
        places=tuple(_mask_place(p) for p in claim.places),
        quantities=tuple(_mask_quantity(q) for q in claim.quantities),
    )


def redact_claim(claim: Claim) -> Claim:
    """The claim without any words: structure, registry ids, gazetteer names, dates and figures stay."""
    hidden = hide_quotes(claim)
    return replace(
        hidden,
        attribution=tuple(_redact_source(s) for s in hidden.attribution),
        actor=None if claim.actor is None else claim.actor_id or REDACTED,
        target=None if claim.target is None else claim.target_id or REDACTED,
        places=tuple(p if p.place_id else replace(p, name=REDACTED) for p in hidden.places),
    )


def redact_corrections(corrections: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Corrections of a redacted claim: those that hold wording are dropped, those of ids and dates stay."""
    return tuple((f, v) for f, v in corrections if not set(f.split(".")) & _WORDED_FIELDS or "_id" in f)


def _redact_source(source: Source) -> Source:
    # A title is a word of the text; map, relayer, speaker and publisher are ours.
    role = source.role if source.role in ("map", "relayer", "speaker", "publisher") else None
    return replace(source, name=source.source_id or REDACTED, role=role)


def _mask_span(span: Span | None) -> Span | None:
    return None if span is None else Span(span.start, span.end, MASK * (span.end - span.start))


def _mask_place(place: ClaimPlace) -> ClaimPlace:
    return replace(
        place, span=_mask_span(place.span), exact=None if place.exact is None else MASK * len(place.exact)
    )


def _mask_quantity(quantity: Quantity) -> Quantity:
    return replace(quantity, span=_mask_span(quantity.span), of=None)


def mask_mentions(mentions: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A reading's mentions, less those with a word that `text` has masked.

    Args:
        mentions: Lists `attributions`, `places`, `times`, `quantities` of the contract.
        text: The report's text as it may be shown.
    """
    kept: dict[str, Any] = {}
    for name, items in mentions.items():
        shown = [i for i in items if all(MASK not in text[a:b] for a, b in _spans(i))]
        if name == "attributions":
            # Its indices point into a list that may have holes now, and a name may come from elsewhere.
            shown = [i | {"nested_in": None, "source_name": None} for i in shown]
        kept[name] = shown
    return kept


def _spans(item: Any) -> list[tuple[int, int]]:
    if isinstance(item, list):
        return [s for part in item for s in _spans(part)]
    if not isinstance(item, Mapping):
        return []
    own = [(item["start"], item["end"])] if isinstance(item.get("start"), int) else []
    return own + [s for value in item.values() for s in _spans(value)]


# --- where ----------------------------------------------------------------------------------------


def coarsen_claim(claim: Claim, resolution: int | None) -> Claim:
    """The claim with each place moved to the centre of its H3 cell; the radius is at least the cell's."""
    if resolution is None or not claim.places:
        return claim
    return replace(claim, places=tuple(_coarsen_place(p, resolution) for p in claim.places))


def _coarsen_place(place: ClaimPlace, resolution: int) -> ClaimPlace:
    if place.lon is None or place.lat is None:
        return place
    lon, lat, radius_m = snap_point(place.lon, place.lat, resolution)
    return replace(place, lon=lon, lat=lat, radius_m=max(place.radius_m or 0.0, radius_m))


def coarsen_mention(mention: Mapping[str, Any], resolution: int | None) -> dict[str, Any]:
    """A place mention of the contract, likewise, its candidates included."""
    found = dict(mention)
    if resolution is None:
        return found
    if found.get("lon") is not None and found.get("lat") is not None:
        lon, lat, radius_m = snap_point(found["lon"], found["lat"], resolution)
        found |= {"lon": lon, "lat": lat}
        if "radius_m" in found:
            found["radius_m"] = max(found["radius_m"] or 0.0, radius_m)
    if "candidates" in found:
        found["candidates"] = [coarsen_mention(c, resolution) for c in found["candidates"]]
    return found


def snap_point(lon: float, lat: float, resolution: int) -> tuple[float, float, float]:
    """The centre of a point's H3 cell and the mean edge length (its circumradius) in metres."""
    lat_centre, lon_centre = h3.cell_to_latlng(h3.latlng_to_cell(lat, lon, resolution))
    edge_m = float(h3.average_hexagon_edge_length(resolution, unit="m"))
    return round(lon_centre, 6), round(lat_centre, 6), round(edge_m, 1)


# --- corrections ----------------------------------------------------------------------------------


def apply_corrections(claim: Claim, corrections: Iterable[tuple[str, str]], zone: tzinfo) -> Claim:
    """The claim with fields of its contract JSON set to new values.

    Args:
        claim: The claim; its id stays.
        corrections: (field, value as JSON text); a field may be a path (`holds.from`, `places.0.place_id`);
            `place_id` and `relation` alone are the first place's.
        zone: The theatre's time zone.

    Raises:
        InputError: A field is not there or not a person's to change, or a value does not fit.
    """
    pairs = list(corrections)
    if not pairs:
        return claim
    record = claim_to_json(claim, zone)
    # Precision is not cut by a correction of another field.
    record["p"] = claim.p
    for name, text in pairs:
        path = correction_path(name)
        if path[0] in _FIXED_FIELDS:
            raise InputError(f"{name} cannot be corrected; reject the claim instead", code="bad_correction")
        try:
            value = json.loads(text)
        except ValueError:
            raise InputError(
                f"the new value of {name} is not JSON: {text[:80]!r}; strings need quotes",
                code="bad_correction",
            ) from None
        _set_at(record, path, value, name)
        if path[0] == "holds" and len(path) == 2 and path[1] != "edtf":
            # The EDTF form spoke of the old days.
            record["holds"]["edtf"] = None
    try:
        corrected = claim_from_json(record, zone)
    except FormatError as error:
        raise InputError(f"the correction does not fit: {error}", code="bad_correction") from None
    return replace(corrected, origin=claim.origin, recorded_at=claim.recorded_at)


def correction_path(field: str) -> list[str]:
    """The steps into a claim's JSON that a correction's field names."""
    return _ALIASES.get(field, field).split(".")


def _set_at(record: Any, path: Sequence[str], value: Any, name: str) -> None:
    for step in path[:-1]:
        record = _step(record, step, name)
    last = path[-1]
    if isinstance(record, list):
        _step(record, last, name)
        record[int(last)] = value
    elif isinstance(record, dict) and (last in record or len(path) > 1):
        record[last] = value
    else:
        raise InputError(f"a claim has no field {name!r}", code="bad_correction")


def _step(record: Any, step: str, name: str) -> Any:
    if isinstance(record, list) and step.isdecimal() and int(step) < len(record):
        return record[int(step)]
    if isinstance(record, dict) and step in record:
        return record[step]
    raise InputError(f"a claim has no field {name!r}", code="bad_correction")


def apply_place_corrections(claim: Claim, corrections: Iterable[PlaceCorrection]) -> Claim:
    """The claim with its places resolved as people said; a report's own correction beats a general one."""
    chosen = corrections_in_force(claim, corrections)
    if not chosen:
        return claim
    places = tuple(_resolve(p, chosen.get((p.exact or p.name).casefold())) for p in claim.places)
    return replace(claim, places=places)


def corrections_in_force(claim: Claim, corrections: Iterable[PlaceCorrection]) -> dict[str, PlaceCorrection]:
    """What people said of the words of a claim's places, by casefolded words.

    Of several the newest counts, and one for the report before one for all reports.

    Args:
        claim: As it was read or imported.
        corrections: Oldest first.
    """
    general: dict[str, PlaceCorrection] = {}
    own: dict[str, PlaceCorrection] = {}
    wanted = {(p.exact or p.name).casefold() for p in claim.places}
    for correction in corrections:
        words = correction.exact.casefold()
        if words not in wanted:
            continue
        if correction.report_id is None:
            general[words] = correction
        elif correction.report_id == claim.report_id:
            own[words] = correction
    return general | own


def _resolve(place: ClaimPlace, correction: PlaceCorrection | None) -> ClaimPlace:
    if correction is None:
        return place
    meant = correction.place
    if meant is None:
        return replace(
            place,
            place_id=None,
            name=place.exact or place.name,
            lon=None,
            lat=None,
            radius_m=None,
            kind="other",
            p=0.0,
        )
    return replace(
        place,
        place_id=meant.id,
        name=meant.name,
        lon=meant.lon,
        lat=meant.lat,
        radius_m=meant.radius_m,
        kind=meant.kind,
        p=1.0,
    )
