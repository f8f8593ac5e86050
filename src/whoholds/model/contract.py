"""The JSON of `contracts.md`: model types to plain dicts, and back.

Writers leave nothing out that the contract names; readers accept what other programs write, ignore
unknown keys, and raise `FormatError` for what they cannot use. Half-open intervals become inclusive
days (or instants) here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, TypeVar

from whoholds.errors import FormatError, InputError
from whoholds.model.claim import Claim, ClaimPlace, Source, claim_id, imported_claim_id
from whoholds.model.ids import content_id
from whoholds.model.interval import ALWAYS, Interval, parse_edtf, parse_moment
from whoholds.model.mention import Attribution, PlaceMention, Quantity, Span, TimeMention
from whoholds.model.report import Reading
from whoholds.model.vocabulary import (
    Approximator,
    Event,
    MapClass,
    Measure,
    Polarity,
    Relation,
    Stance,
)

__all__ = [
    "VERSION",
    "claim_from_json",
    "claim_to_json",
    "geometry_hash",
    "holds_from_json",
    "holds_to_json",
    "moment_to_json",
    "place_mention_to_json",
    "quantity_to_json",
    "reading_to_json",
    "span_to_json",
]

VERSION = 1
Json = dict[str, Any]
E = TypeVar("E", bound=StrEnum)


def span_to_json(span: Span | None) -> Json | None:
    """S of the contract."""
    return None if span is None else {"start": span.start, "end": span.end, "exact": span.exact}


def moment_to_json(moment: date | datetime | None) -> str | None:
    """A day as `2025-03-12`, an instant in UTC as `2025-03-12T08:00:00Z`."""
    if moment is None:
        return None
    if isinstance(moment, datetime):
        text = moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")
        return text.replace("+00:00", "Z")
    return moment.isoformat()


def holds_to_json(holds: Interval, edtf: str | None, zone: tzinfo = UTC) -> Json:
    """`holds`: inclusive days where both ends lie on midnight in `zone`, instants elsewhere."""
    first, last = holds.to_days(zone)
    start: str | None = None if first is None else first.isoformat()
    end: str | None = None if last is None else last.isoformat()
    if holds.start is not None and not _is_midnight(holds.start, zone):
        start = moment_to_json(holds.start)
    if holds.end is not None and not _is_midnight(holds.end, zone):
        # Inclusive: the last whole second inside.
        end = moment_to_json(holds.end - timedelta(seconds=1))
    return {"from": start, "to": end, "edtf": edtf}


def holds_from_json(value: Mapping[str, Any] | None, zone: tzinfo = UTC) -> tuple[Interval, str | None]:
    """The interval and EDTF of a `holds`.

    Raises:
        FormatError: A date cannot be read, or the end is before the beginning.
    """
    if not value:
        return ALWAYS, None
    edtf = _text(value, "edtf")
    try:
        start, end = _text(value, "from"), _text(value, "to")
        if start is None and end is None:
            return (parse_edtf(edtf, zone) if edtf else ALWAYS), edtf
        return Interval(_edge(start, zone, after=False), _edge(end, zone, after=True)), edtf
    except InputError as error:
        raise FormatError(f"holds {dict(value)!r}: {error}", code="bad_interval") from None


def _edge(text: str | None, zone: tzinfo, *, after: bool) -> datetime | None:
    if text is None:
        return None
    moment = parse_moment(text, zone)
    if isinstance(moment, datetime):
        return moment + timedelta(seconds=1) if after else moment
    day = Interval.of_day(moment, zone)
    return day.end if after else day.start


def _is_midnight(instant: datetime, zone: tzinfo) -> bool:
    local = instant.astimezone(zone)
    return (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)


def quantity_to_json(quantity: Quantity) -> Json:
    """Q of the contract."""
    record = span_to_json(quantity.span) or {}
    record |= {
        "low": quantity.low,
        "high": quantity.high,
        "unit": quantity.unit,
        "of": quantity.of,
        "approximator": quantity.approximator.value,
    }
    if quantity.measure is not None:
        record["measure"] = quantity.measure.value
    return record


def claim_to_json(claim: Claim, zone: tzinfo = UTC) -> Json:
    """C of the contract."""
    record: Json = {
        "v": VERSION,
        "id": claim.id,
        "report_id": claim.report_id,
        "quote": span_to_json(claim.quote),
        "attribution": [
            {
                "name": s.name,
                "source_id": s.source_id,
                "role": s.role,
                "side": s.side,
                "cue": span_to_json(s.cue),
            }
            for s in claim.attribution
        ],
        "stance": claim.stance.value,
        "polarity": claim.polarity.value,
        "event": claim.event.value,
        "actor": claim.actor,
        "actor_id": claim.actor_id,
        "target": claim.target,
        "target_id": claim.target_id,
        "places": [_claim_place_to_json(p) for p in claim.places],
        "holds": holds_to_json(claim.holds, claim.edtf, zone),
        "deadline": moment_to_json(claim.deadline),
        "quantities": [quantity_to_json(q) for q in claim.quantities],
        "reported_at": moment_to_json(claim.reported_at),
        "recorded_at": moment_to_json(claim.recorded_at),
        "echo_of": claim.echo_of,
        "supersedes": claim.supersedes,
        "reader": claim.reader,
        "p": round(claim.p, 6),
    }
    if claim.geometry is not None:
        record["geometry"] = claim.geometry
        record["map_class"] = None if claim.map_class is None else claim.map_class.value
    if claim.origin is not None:
        record["origin"] = claim.origin
    return record


def _claim_place_to_json(place: ClaimPlace) -> Json:
    record: Json = {
        "place_id": place.place_id,
        "name": place.name,
        "exact": place.exact,
        "lon": place.lon,
        "lat": place.lat,
        "radius_m": place.radius_m,
        "p": round(place.p, 6),
        "relation": place.relation.value,
        "kind": place.kind,
    }
    if place.span is not None:
        record |= {"start": place.span.start, "end": place.span.end}
    return record


def reading_to_json(reading: Reading, zone: tzinfo = UTC, *, with_text: bool = False) -> Json:
    """One output line of `whoholds read`."""
    report = reading.report
    record: Json = {
        "v": VERSION,
        "id": report.id,
        "reader": reading.reader,
        "report": {
            "title": report.title,
            "publisher": report.publisher,
            "published_at": moment_to_json(report.published_at),
            "lang": report.lang,
            "sha256": report.sha256,
        },
    }
    if report.origin is not None:
        record["report"]["origin"] = report.origin
    if with_text:
        record["text"] = report.text
    record["attributions"] = [_attribution_to_json(a) for a in reading.attributions]
    record["places"] = [place_mention_to_json(p) for p in reading.places]
    record["times"] = [_time_to_json(t, zone) for t in reading.times]
    record["quantities"] = [quantity_to_json(q) for q in reading.quantities]
    record["factuality"] = [
        {"start": f.span.start, "end": f.span.end, "exact": f.span.exact, "value": f.value}
        for f in reading.factuality
    ]
    record["claims"] = [claim_to_json(c, zone) for c in reading.claims]
    return record


def _attribution_to_json(item: Attribution) -> Json:
    return {
        "source": span_to_json(item.source),
        "cue": span_to_json(item.cue),
        "content": [span_to_json(s) for s in item.content],
        "kind": item.kind,
        "nested_in": item.nested_in,
        "source_name": item.source_name,
        "p": round(item.p, 6),
    }


def place_mention_to_json(item: PlaceMention) -> Json:
    """P of the contract."""
    return (span_to_json(item.span) or {}) | {
        "place_id": item.place_id,
        "name": item.name,
        "lon": item.lon,
        "lat": item.lat,
        "radius_m": item.radius_m,
        "kind": item.kind,
        "country": item.country,
        "role": item.role,
        "p": round(item.p, 6),
        "candidates": [
            {"place_id": c.place_id, "name": c.name, "lon": c.lon, "lat": c.lat, "p": round(c.p, 6)}
            for c in item.candidates
        ],
    }


def _time_to_json(item: TimeMention, zone: tzinfo) -> Json:
    record = (span_to_json(item.span) or {}) | {
        "edtf": item.edtf,
        "timex": item.timex.value,
        "value": item.value,
    }
    if item.interval is not None:
        ends = holds_to_json(item.interval, None, zone)
        record |= {"from": ends["from"], "to": ends["to"]}
    else:
        record |= {"from": None, "to": None}
    return record


# --- reading what others wrote -----------------------------------------------------------------------


def claim_from_json(record: Mapping[str, Any], zone: tzinfo = UTC) -> Claim:
    """A claim from C of the contract. A missing id is worked out; other missing keys are unknown.

    Raises:
        FormatError: A required key is missing, or a value is not of the contract.
    """
    if not isinstance(record, Mapping):
        raise FormatError("a claim must be a JSON object")
    quote = _span(record.get("quote"))
    holds, edtf = holds_from_json(record.get("holds"), zone)
    event = _member(Event, record, "event", required=True)
    stance = _member(Stance, record, "stance", required=True)
    polarity = _member(Polarity, record, "polarity") or Polarity.POSITIVE
    assert event is not None
    assert stance is not None
    attribution = tuple(_source(s) for s in _list(record, "attribution"))
    places = tuple(_claim_place(p) for p in _list(record, "places"))
    reported_at = _moment(record, "reported_at", zone)
    geometry = record.get("geometry")
    if geometry is not None and not (isinstance(geometry, dict) and "type" in geometry):
        raise FormatError("geometry must be a GeoJSON geometry object", code="bad_geometry")
    deadline = _moment(record, "deadline", zone)
    claim = Claim(
        id=_text(record, "id") or "",
        report_id=_text(record, "report_id") or "",
        quote=quote,
        attribution=attribution,
        stance=stance,
        polarity=polarity,
        event=event,
        actor=_text(record, "actor"),
        actor_id=_text(record, "actor_id"),
        target=_text(record, "target"),
        target_id=_text(record, "target_id"),
        places=places,
        holds=holds,
        edtf=edtf,
        deadline=deadline.date() if isinstance(deadline, datetime) else deadline,
        quantities=tuple(_quantity(q) for q in _list(record, "quantities")),
        reported_at=reported_at,
        recorded_at=_instant(record, "recorded_at", zone),
        echo_of=_text(record, "echo_of"),
        supersedes=_text(record, "supersedes"),
        reader=_text(record, "reader") or "import",
        p=_number(record, "p", default=1.0) or 0.0,
        geometry=geometry,
        map_class=_member(MapClass, record, "map_class"),
        origin=_text(record, "origin"),
    )
    return claim if claim.id else _with_id(claim, record)


def _with_id(claim: Claim, record: Mapping[str, Any]) -> Claim:
    if claim.quote is not None:
        found = claim_id(
            claim.report_id,
            claim.quote,
            [s.name for s in claim.attribution],
            claim.stance,
            claim.polarity,
            claim.event,
            claim.actor,
            claim.target,
            [p.span for p in claim.places],
        )
    else:
        source = claim.speaker
        where: str | list[str] | None = [p.place_id or p.name for p in claim.places]
        if claim.geometry is not None:
            where = geometry_hash(claim.geometry)
        ends = record.get("holds") or {}
        found = imported_claim_id(
            source.source_id or source.name if source else None,
            moment_to_json(claim.reported_at),
            claim.event,
            claim.actor_id or claim.actor,
            where,
            (ends.get("from"), ends.get("to")),
        )
    return replace(claim, id=found)


def geometry_hash(geometry: Mapping[str, Any]) -> str:
    """A hash of a GeoJSON geometry, with coordinates rounded to 1e-7 degrees (about a centimetre)."""

    def plain(value: Any) -> Any:
        if isinstance(value, float | int) and not isinstance(value, bool):
            return round(value * 10_000_000)
        if isinstance(value, Mapping):
            return [
                [str(k), plain(v)]
                for k, v in sorted(value.items())
                if k in ("type", "coordinates", "geometries")
            ]
        return [plain(v) for v in value] if isinstance(value, list | tuple) else value

    return content_id("geometry/1", plain(geometry))


def _source(record: Mapping[str, Any]) -> Source:
    name = _text(record, "name")
    if name is None:
        raise FormatError("an attribution has no name")
    return Source(
        name,
        _text(record, "source_id"),
        _text(record, "role"),
        _text(record, "side"),
        _span(record.get("cue")),
    )


def _claim_place(record: Mapping[str, Any]) -> ClaimPlace:
    lon, lat = _number(record, "lon"), _number(record, "lat")
    if (lon is not None and not -180 <= lon <= 180) or (lat is not None and not -90 <= lat <= 90):
        raise FormatError(
            f"place {record.get('name')!r} lies off the globe: lon {lon}, lat {lat}", code="bad_coordinates"
        )
    exact, start, end = _text(record, "exact"), record.get("start"), record.get("end")
    span = None
    if exact and isinstance(start, int) and isinstance(end, int) and end - start == len(exact):
        span = Span(start, end, exact)
    p = _number(record, "p", default=1.0)
    return ClaimPlace(
        place_id=_text(record, "place_id"),
        name=_text(record, "name") or exact or _text(record, "place_id") or "",
        exact=exact,
        span=span,
        lon=lon,
        lat=lat,
        radius_m=_number(record, "radius_m"),
        p=1.0 if p is None else min(1.0, max(0.0, p)),
        relation=_member(Relation, record, "relation") or Relation.IN,
        kind=_text(record, "kind") or "settlement",
    )


def _quantity(record: Mapping[str, Any]) -> Quantity:
    span = _span(record) if isinstance(record.get("start"), int) else None
    return Quantity(
        span=span,
        low=_number(record, "low"),
        high=_number(record, "high"),
        unit=_text(record, "unit"),
        of=_text(record, "of"),
        approximator=_member(Approximator, record, "approximator") or Approximator.EXACT,
        measure=_member(Measure, record, "measure"),
    )


def _span(value: Any) -> Span | None:
    if value is None:
        return None
    try:
        return Span(int(value["start"]), int(value["end"]), str(value["exact"]))
    except (KeyError, TypeError, ValueError, AssertionError):
        raise FormatError(
            f"a span needs start, end and the exact words between them, not {str(value)[:80]}"
        ) from None


def _list(record: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = record.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise FormatError(f"{key} must be a list of objects")
    return value


def _text(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise FormatError(f"{key} must be a string, not {value!r}")
    return value


def _number(record: Mapping[str, Any], key: str, *, default: float | None = None) -> float | None:
    value = record.get(key, default)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise FormatError(f"{key} must be a number, not {value!r}")
    return float(value)


def _moment(record: Mapping[str, Any], key: str, zone: tzinfo) -> date | datetime | None:
    text = _text(record, key)
    return None if text is None else parse_moment(text, zone)


def _instant(record: Mapping[str, Any], key: str, zone: tzinfo) -> datetime | None:
    moment = _moment(record, key, zone)
    if moment is None or isinstance(moment, datetime):
        return moment
    return Interval.of_day(moment, zone).start


def _member(kind: type[E], record: Mapping[str, Any], key: str, *, required: bool = False) -> E | None:
    value = record.get(key)
    if value is None and not required:
        return None
    try:
        return kind(str(value))
    except ValueError:
        names = ", ".join(m.value for m in kind)
        raise FormatError(f"{key} {value!r} is not one of {names}") from None
