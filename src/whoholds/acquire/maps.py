"""A map as claims: each polygon is its maker's statement that a party holds that ground on a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from whoholds.errors import ConfigurationError, InputError, NotFoundError
from whoholds.model import (
    Claim,
    Event,
    Interval,
    MapClass,
    Polarity,
    Rejection,
    Source,
    Stance,
    content_id,
    imported_claim_id,
)
from whoholds.model.contract import geometry_hash
from whoholds.theatre import Theatre

__all__ = ["claims_of_map"]

LARGEST_DEGREES2 = 2500.0
"""A polygon over more than this (square degrees) is the outside of a map, not ground that is held."""


def claims_of_map(
    path: Path, theatre: Theatre, *, source: str, on: str, holder: str
) -> tuple[list[Claim], list[Rejection]]:
    """The claims of a GeoJSON map, and the features that could not be used.

    Args:
        path: GeoJSON Feature, FeatureCollection or bare geometry, WGS84.
        theatre: The war, whose registry and parties are used.
        source: Id or name of the map's maker.
        on: The day that it shows, ISO 8601.
        holder: The party that holds a feature with no `party` property of its own.

    Raises:
        NotFoundError: There is no such file.
        ConfigurationError: The day, the party or the file cannot be used.
    """
    if not path.is_file():
        raise NotFoundError(f"no file {str(path)!r}")
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise ConfigurationError(f"--on: cannot read {on!r} as a date; write it as 2025-03-12") from None
    try:
        data = json.loads(path.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid GeoJSON: {error}") from None
    entry = theatre.find_source(source)
    maker = Source(
        entry.name if entry else source, entry.id if entry else None, "map", entry.side if entry else None
    )
    claims, rejections = [], []
    for number, (geometry, properties) in enumerate(_features(data, path), 1):
        try:
            claims.append(_claim(geometry, properties, theatre, maker, day, holder))
        except InputError as error:
            rejections.append(Rejection(f"{path}[{number}]", "import", error.code, str(error)))
    return claims, rejections


def _features(data: Any, path: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        for feature in data.get("features") or ():
            yield feature.get("geometry"), feature.get("properties") or {}
    elif kind == "Feature":
        yield data.get("geometry"), data.get("properties") or {}
    elif kind in ("Polygon", "MultiPolygon"):
        yield data, {}
    else:
        raise ConfigurationError(
            f"{path} must hold GeoJSON polygons (a FeatureCollection, Feature or geometry)"
        )


def _claim(
    geometry: Any, properties: dict[str, Any], theatre: Theatre, maker: Source, day: date, holder: str
) -> Claim:
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping, shape
    from shapely.validation import make_valid

    named = str(properties.get("party") or holder)
    party = theatre.find_party(named)
    if party is None:
        raise InputError(
            f"party {named!r} is none of {', '.join(theatre.party_ids)} in theatre {theatre.id!r}",
            code="unknown_party",
        )
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise InputError("the feature is no polygon", code="bad_geometry")
    try:
        ground = shape(geometry)
        if not ground.is_valid:
            # A ring that crosses itself still says which ground is meant, but for its crossing.
            ground = make_valid(ground)
        pieces = [g for g in getattr(ground, "geoms", [ground]) if g.geom_type in ("Polygon", "MultiPolygon")]
    except (ShapelyError, ValueError, TypeError, AttributeError):
        raise InputError("the polygon's coordinates cannot be read", code="bad_geometry") from None
    if not pieces or ground.is_empty or sum(g.area for g in pieces) == 0:
        raise InputError("the polygon covers no ground", code="bad_geometry")
    west, south, east, north = ground.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise InputError(
            "the polygon lies off the globe; coordinates must be lon, lat in degrees", code="bad_geometry"
        )
    if sum(g.area for g in pieces) > LARGEST_DEGREES2:
        raise InputError("the polygon covers a continent or more; is it inside out?", code="bad_geometry")
    from shapely.geometry import MultiPolygon

    flat = [p for g in pieces for p in getattr(g, "geoms", [g])]
    plain = json.loads(json.dumps(mapping(flat[0] if len(flat) == 1 else MultiPolygon(flat))))
    try:
        map_class = MapClass(str(properties.get("map_class") or "held"))
    except ValueError:
        raise InputError(
            f"map_class {properties.get('map_class')!r} is not one of {', '.join(m.value for m in MapClass)}"
        ) from None
    event = Event.CONTESTED if map_class is MapClass.CONTESTED else Event.CONTROL_HELD
    found = imported_claim_id(
        maker.source_id or maker.name,
        day.isoformat(),
        event,
        party,
        geometry_hash(plain),
        (day.isoformat(), None),
    )
    return Claim(
        id=found,
        report_id=content_id("map/1", maker.source_id or maker.name, day.isoformat()),
        quote=None,
        attribution=(maker,),
        stance=Stance.ASSERTED,
        polarity=Polarity.POSITIVE,
        event=event,
        actor=party,
        actor_id=party,
        holds=Interval.from_days(day, None, theatre.zone),
        reported_at=day,
        reader="import",
        geometry=plain,
        map_class=map_class,
    )
