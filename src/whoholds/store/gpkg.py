"""GeoPackage geometry: GeoJSON or WKB in, blobs out. Pure.

A blob is the header of OGC 12-128r18 (GeoPackage 1.3), section 2.1.3, and ISO WKB, little-endian, two
dimensions, WGS84.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from whoholds.errors import FormatError

__all__ = ["SRS_ID", "blob_from_geojson", "blob_from_wkb", "point_blob", "wkb_from_blob"]

SRS_ID = 4326
_CODES = {
    "Point": 1,
    "LineString": 2,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
# Doubles in the header for each envelope code: none, xy, xyz, xym, xyzm.
_ENVELOPE_DOUBLES = (0, 4, 6, 6, 8)


def point_blob(lon: float, lat: float) -> bytes:
    """A point; no envelope, as the standard advises for points."""
    return blob_from_wkb(struct.pack("<BIdd", 1, 1, lon, lat))


def blob_from_wkb(wkb: bytes) -> bytes:
    """ISO WKB with the GeoPackage header before it, without an envelope."""
    return struct.pack("<2sBBi", b"GP", 0, 0b0000_0001, SRS_ID) + wkb


def blob_from_geojson(geometry: Mapping[str, Any]) -> bytes:
    """A GeoJSON geometry as a blob, with its envelope; heights are left out.

    Raises:
        FormatError: The geometry is not GeoJSON, is empty or has other than numbers as coordinates.
    """
    points: list[tuple[float, float]] = []
    try:
        wkb = _wkb(geometry, points)
    except (KeyError, TypeError, ValueError, IndexError, struct.error):
        points = []
    if not points:
        raise FormatError(f"not a GeoJSON geometry: {str(geometry)[:80]}", code="bad_geometry")
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points):
        raise FormatError(
            "a geometry lies off the globe; coordinates are lon, lat in degrees", code="bad_coordinates"
        )
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    header = struct.pack("<2sBBi", b"GP", 0, 0b0000_0011, SRS_ID)
    return header + struct.pack("<4d", min(lons), max(lons), min(lats), max(lats)) + wkb


def wkb_from_blob(blob: bytes) -> bytes:
    """The WKB inside a blob.

    Raises:
        FormatError: It is no GeoPackage geometry.
    """
    if len(blob) < 8 or blob[:2] != b"GP":
        raise FormatError("not a GeoPackage geometry", code="bad_geometry")
    code = (blob[3] >> 1) & 0b111
    if code >= len(_ENVELOPE_DOUBLES):
        raise FormatError(f"unknown GeoPackage envelope code {code}", code="bad_geometry")
    return blob[8 + 8 * _ENVELOPE_DOUBLES[code] :]


def _wkb(geometry: Mapping[str, Any], points: list[tuple[float, float]]) -> bytes:
    kind = geometry["type"]
    head = struct.pack("<BI", 1, _CODES[kind])
    if kind == "GeometryCollection":
        parts = [_wkb(g, points) for g in geometry["geometries"]]
        return head + struct.pack("<I", len(parts)) + b"".join(parts)
    coordinates = geometry["coordinates"]
    if kind == "Point":
        return head + _position(coordinates, points)
    if kind == "LineString":
        return head + _line(coordinates, points)
    if kind == "Polygon":
        return head + _sequence((_line(ring, points) for ring in coordinates), len(coordinates))
    part = _PARTS[kind]
    return head + _sequence(
        (_wkb({"type": part, "coordinates": c}, points) for c in coordinates), len(coordinates)
    )


def _sequence(parts: Iterable[bytes], n: int) -> bytes:
    return struct.pack("<I", n) + b"".join(parts)


def _line(coordinates: Sequence[Sequence[float]], points: list[tuple[float, float]]) -> bytes:
    return _sequence((_position(c, points) for c in coordinates), len(coordinates))


def _position(position: Sequence[float], points: list[tuple[float, float]]) -> bytes:
    lon, lat = float(position[0]), float(position[1])
    points.append((lon, lat))
    return struct.pack("<dd", lon, lat)
