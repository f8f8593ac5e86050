"""Tables of places (CSV, GeoJSON, GeoPackage) with a column mapping: rows in, places out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from whoholds.errors import ConfigurationError, InputError
from whoholds.model import Place
from whoholds.model.place import PLACE_KINDS
from whoholds.places.layers import kind_of_word, slug_of

__all__ = ["ColumnMapping", "read_table"]

FIELDS = (
    "id",
    "name",
    "names",
    "lon",
    "lat",
    "kind",
    "country",
    "admin1",
    "population",
    "radius_km",
    "radius_m",
)
_USUAL = {
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "name": ("name", "name_en", "name:en", "placename", "settlement", "title", "featurename"),
    "id": ("id", "place_id", "pcode", "code", "osm_id", "fid"),
    "kind": ("kind", "type", "fclass", "place", "class"),
    "country": ("country", "country_code", "iso2", "countrycode"),
    "population": ("population", "pop"),
    "names": ("names", "alternatenames", "alt_name"),
    "admin1": ("admin1", "admin1code"),
    "radius_km": ("radius_km",),
    "radius_m": ("radius_m",),
}
PAGE = 20_000


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column holds which field; fields not named are looked for under their usual names."""

    columns: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, pairs: Sequence[str]) -> ColumnMapping:
        """A mapping from `FIELD=COLUMN` texts.

        Raises:
            ConfigurationError: A text is not of that form or names no field.
        """
        columns: dict[str, str] = {}
        for pair in pairs:
            name, equals, column = pair.partition("=")
            if not equals or name not in FIELDS or not column:
                raise ConfigurationError(
                    f"--column {pair!r}: write FIELD=COLUMN, FIELD one of {', '.join(FIELDS)}"
                )
            columns[name] = column
        return cls(columns)

    def settle(self, header: Sequence[str], path: Path, *, has_geometry: bool) -> dict[str, str]:
        """Field to column of a table with this header.

        Raises:
            InputError: A needed column is missing.
        """
        by_lower = {h.strip().lower(): h for h in header}
        found: dict[str, str] = {}
        for name in FIELDS:
            wanted = self.columns.get(name)
            if wanted is not None:
                if wanted not in header:
                    raise InputError(f"{path} has no column {wanted!r}; it has {', '.join(header)}")
                found[name] = wanted
                continue
            for usual in _USUAL[name]:
                if usual in by_lower:
                    found[name] = by_lower[usual]
                    break
        needed = {"name"} if has_geometry else {"name", "lon", "lat"}
        if missing := sorted(needed - set(found)):
            raise InputError(
                f"{path} has no column for {', '.join(missing)}; it has {', '.join(header)}: "
                f"say which with --column {missing[0]}=COLUMN"
            )
        return found


def read_table(
    path: Path, prefix: str, mapping: ColumnMapping, reject: Callable[[int, str], None]
) -> Iterator[tuple[int, Place]]:
    """Places of a table with their row numbers (a CSV's line numbers).

    Args:
        path: `.csv`, or any file with layers that GDAL reads (GeoJSON, GeoPackage).
        prefix: Of ids that the table does not prefix itself.
        mapping: Field to column.
        reject: Told each bad row.

    Raises:
        InputError: The file cannot be read or lacks a column.
    """
    if path.suffix.lower() in (".csv", ".tab"):
        yield from _read_csv(path, prefix, mapping, reject)
    else:
        yield from _read_features(path, prefix, mapping, reject)


def _read_csv(
    path: Path, prefix: str, mapping: ColumnMapping, reject: Callable[[int, str], None]
) -> Iterator[tuple[int, Place]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        head = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=head.count)
        reader = csv.DictReader(file, delimiter=delimiter)
        columns = mapping.settle(list(reader.fieldnames or ()), path, has_geometry=False)
        serials: dict[str, int] = {}
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                reject(reader.line_num, str(error))
                continue
            cells = {name: (row.get(column) or "").strip() for name, column in columns.items()}
            more = [v for k, v in row.items() if k and k.startswith("name_") and isinstance(v, str) and v]
            place = _row_place(cells, more, prefix, reader.line_num, reject, serials)
            if place is not None:
                yield reader.line_num, place


def _read_features(
    path: Path, prefix: str, mapping: ColumnMapping, reject: Callable[[int, str], None]
) -> Iterator[tuple[int, Place]]:
    import pyogrio
    import shapely

    try:
        info = pyogrio.read_info(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(f"cannot read {path}: {str(error).splitlines()[0]}") from None
    header = [str(f) for f in info["fields"]]
    columns = mapping.settle(header, path, has_geometry=True)
    used = [c for c in header if c in columns.values() or c.startswith("name_")]
    serials: dict[str, int] = {}
    start = 0
    while True:
        meta, _, geometry, fields = pyogrio.raw.read(
            path, columns=used, skip_features=start, max_features=PAGE
        )
        names = [str(f) for f in meta["fields"]]
        if geometry is None or not len(geometry):
            return
        for offset, wkb in enumerate(geometry):
            row = {n: fields[i][offset] for i, n in enumerate(names)}
            cells = {f: _text(row.get(c)) for f, c in columns.items()}
            if wkb is None:
                reject(start + offset + 1, "has no geometry")
                continue
            shape = shapely.from_wkb(wkb)
            if shape.is_empty:
                reject(start + offset + 1, "has an empty geometry")
                continue
            point = shape if shape.geom_type == "Point" else shape.representative_point()
            cells |= {"lon": repr(point.x), "lat": repr(point.y)}
            more = [_text(v) for n, v in row.items() if n.startswith("name_")]
            place = _row_place(cells, [m for m in more if m], prefix, start + offset + 1, reject, serials)
            if place is not None:
                yield start + offset + 1, place
        start += len(geometry)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value).strip()


def _row_place(
    cells: Mapping[str, str],
    more: Sequence[str],
    prefix: str,
    line: int,
    reject: Callable[[int, str], None],
    serials: dict[str, int],
) -> Place | None:
    name = cells["name"]
    if any(0xDC80 <= ord(c) <= 0xDCFF for c in name):
        reject(line, "not UTF-8")
        return None
    try:
        lon, lat = float(cells["lon"].replace(",", ".")), float(cells["lat"].replace(",", "."))
        radius_m = float(cells.get("radius_m") or 0) or 1000 * float(cells.get("radius_km") or 2)
        population = max(0, int(float(cells.get("population") or 0)))
    except (ValueError, OverflowError):
        reject(line, "lon, lat, radius or population is no number")
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        reject(line, f"lies off the globe: lon {cells['lon']}, lat {cells['lat']}")
        return None
    if not name:
        reject(line, "has no name")
        return None
    own = cells.get("id", "")
    if not own:
        own = slug_of(name)
        serials[own] = serials.get(own, 0) + 1
        own = own if serials[own] == 1 else f"{own}-{serials[own]}"
    kind = cells.get("kind", "").lower()
    names = tuple(
        dict.fromkeys(
            n.strip() for n in (*cells.get("names", "").split("|"), *more) if n.strip() and n.strip() != name
        )
    )
    return Place(
        own if ":" in own else f"{prefix}:{own}",
        name,
        lon,
        lat,
        kind if kind in PLACE_KINDS else kind_of_word(kind),
        cells.get("country") or None,
        cells.get("admin1") or None,
        None,
        population,
        radius_m,
        None,
        names,
    )
