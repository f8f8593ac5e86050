"""Import of gazetteers: GeoNames dumps and tables in, a database beside the packaged index out.

Streams: a dump of twelve million lines needs no more memory than a batch. A batch and the mark of how far
it went are one transaction, so a killed import goes on where it was; the same file twice changes nothing.
Bad lines are counted and listed, the rest goes in. Names are keyed at the end, in one pass.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from whoholds.errors import ConfigurationError, InputError
from whoholds.model import Place
from whoholds.places.compile import settlement_radius_m
from whoholds.places.database import ImportDatabase
from whoholds.places.layers import slug_of
from whoholds.places.tables import ColumnMapping, read_table

__all__ = ["ColumnMapping", "ImportReport", "import_gazetteer", "read_geonames"]

BATCH = 20_000
RULES = 2
"""Raised whenever the same file would give another gazetteer: the file is then read again when asked for."""
LISTED = 1_000
"""Rejections kept with their reasons; the others are only counted."""
_DUMP_COLUMNS = 19
_ALTERNATE_COLUMNS = (8, 10)
_CODE_NAMES = re.compile(r"admin[12]Codes(?:ASCII)?\.txt$", re.IGNORECASE)
_FEATURE_KIND = {
    "P": "settlement",
    "A": "admin",
    "H": "water",
    "T": "landform",
    "V": "landform",
    "S": "facility",
    "R": "facility",
    "L": "other",
    "U": "water",
}
_DEFAULT_RADIUS_M = {
    "admin": 20_000.0,
    "water": 10_000.0,
    "landform": 5_000.0,
    "other": 20_000.0,
    "facility": 1_000.0,
}
_AREA_RADIUS_M = {"ADM1": 60_000.0, "ADM2": 25_000.0, "ADM3": 12_000.0, "ADM4": 6_000.0}


@dataclass(slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        name: The gazetteer's name.
        n_places: Places in it now.
        n_names: Keys by which they are found.
        n_rejected: Lines that could not be used.
        rejected: The first of them: line number and reason.
        start: Line up to which an earlier, stopped run got; its rejections are in already.
        last_rejected: The last line that could not be used.
    """

    name: str
    n_places: int = 0
    n_names: int = 0
    n_rejected: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    start: int = 0
    last_rejected: int = 0

    def reject(self, line: int, reason: str) -> None:
        """Count a bad line, and list it while there is room."""
        if line <= self.start:
            return
        self.n_rejected += 1
        self.last_rejected = line
        if len(self.rejected) < LISTED:
            self.rejected.append((line, reason))


def import_gazetteer(
    path: Path,
    folder: Path,
    *,
    name: str | None = None,
    mapping: ColumnMapping | None = None,
    progress: Callable[[str], None] | None = None,
) -> ImportReport:
    """Import a file into the gazetteer `name` of a folder, made if it is not there.

    Takes GeoNames' `XX.txt`, `allCountries.zip`, `alternateNamesV2.zip`, `admin1CodesASCII.txt` and
    `admin2Codes.txt` as they come, and CSV, GeoJSON and GeoPackage with a column mapping.

    Args:
        path: The file.
        folder: Where gazetteers lie.
        name: Default: the file's stem; all GeoNames files go into `geonames`.
        mapping: For tables.
        progress: Told how far it is.

    Raises:
        InputError: The file is not there, is empty, or no line of it could be used.
        StoreError: The database cannot be written.
    """
    if not path.is_file():
        raise InputError(f"no file {path}; give a GeoNames dump, a CSV, a GeoJSON or a GeoPackage")
    say = progress or (lambda _: None)
    style = _style_of(path)
    chosen = name or ("geonames" if style != "table" else slug_of(path.stem))
    if not re.fullmatch(r"[\w-]+", chosen):
        raise ConfigurationError(f"--name {chosen!r}: use letters, digits, - and _")
    report = ImportReport(chosen)
    state = path.stat()
    columns = ",".join(f"{k}={v}" for k, v in sorted((mapping or ColumnMapping()).columns.items()))
    source = f"{path.name}:{state.st_size}:{state.st_mtime_ns}:{columns}:{RULES}"
    with ImportDatabase.create(folder / f"{chosen}.sqlite") as database:
        if database.is_current(source):
            say(f"{path.name}: is in the gazetteer {chosen!r} already; nothing to do")
        else:
            report.start = database.resume(source)
            if report.start:
                say(f"{path.name}: going on after line {report.start:,}")
        report.n_rejected, report.rejected = database.rejections()
        if not database.is_current(source):
            _load(path, style, database, mapping or ColumnMapping(), report, say)
            say(f"{path.name}: keying names")
            database.build_keys(lambda words: say(f"{path.name}: {words}"))
            database.finish()
        report.n_places, report.n_names = database.counts()
    if not report.n_places:
        raise InputError(f"{path}: no place could be read from it ({report.n_rejected:,} lines rejected)")
    return report


def _load(
    path: Path,
    style: str,
    database: ImportDatabase,
    mapping: ColumnMapping,
    report: ImportReport,
    say: Callable[[str], None],
) -> None:
    """All lines that are not in yet."""
    if style == "alternates":
        line = _load_alternates(path, database, report, say)
    elif style == "codes":
        line = _load_codes(path, database, report)
    elif style == "dump":
        line = _load_places(read_geonames(path, report), database, report, say, path.name)
    else:
        rows = read_table(path, report.name, mapping, report.reject)
        line = _load_places(rows, database, report, say, path.name)
    database.commit(max(line, report.last_rejected, report.start), report.n_rejected, report.rejected)


def _style_of(path: Path) -> str:
    lower = path.name.lower()
    if "alternatenames" in lower:
        return "alternates"
    if _CODE_NAMES.search(path.name):
        return "codes"
    return "dump" if lower.endswith((".txt", ".zip", ".tsv")) else "table"


def _load_places(
    rows: Iterator[tuple[int, Place]],
    database: ImportDatabase,
    report: ImportReport,
    say: Callable[[str], None],
    title: str,
) -> int:
    line = 0
    for line, place in rows:
        if line <= report.start:
            continue
        if not database.put(place):
            report.reject(line, f"id {place.id} occurs twice; the first one counts")
        if database.pending >= BATCH:
            database.commit(line, report.n_rejected, report.rejected)
            say(f"{title}: {line:,} lines")
    return line


@contextmanager
def _lines_of(path: Path) -> Iterator[Iterator[bytes]]:
    """The lines of a text file, or of the largest text member of an archive, as bytes."""
    if path.suffix.lower() != ".zip":
        with path.open("rb") as plain:
            yield iter(plain)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m
                for m in archive.infolist()
                if m.filename.lower().endswith(".txt") and "readme" not in m.filename.lower()
            ]
            if not members:
                raise InputError(f"{path} has no .txt in it")
            with archive.open(max(members, key=lambda m: m.file_size)) as member:
                packed: IO[bytes] = member
                yield iter(packed)
    except zipfile.BadZipFile:
        raise InputError(f"{path} is a broken archive; fetch it again") from None


def read_geonames(path: Path, report: ImportReport) -> Iterator[tuple[int, Place]]:
    """Places of a GeoNames dump with their line numbers; bad lines go to `report`."""
    with _lines_of(path) as lines:
        for number, raw in enumerate(lines, 1):
            if number <= report.start or not raw.strip() or raw.startswith(b"#"):
                continue
            try:
                text = raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                report.reject(number, "not UTF-8")
                continue
            place = _dump_place(text.split("\t"), number, report)
            if place is not None:
                yield number, place


def _dump_place(cells: list[str], number: int, report: ImportReport) -> Place | None:
    if len(cells) != _DUMP_COLUMNS:
        report.reject(number, f"{len(cells)} columns instead of {_DUMP_COLUMNS}")
        return None
    (
        identity,
        name,
        plain,
        others,
        lat_text,
        lon_text,
        feature_class,
        feature,
        country,
        _,
        admin1,
        admin2,
        _,
        _,
        population_text,
        *_,
    ) = cells
    try:
        serial, lat, lon = int(identity), float(lat_text), float(lon_text)
        population = int(population_text or 0)
    except ValueError:
        report.reject(number, "id, coordinates or population are no numbers")
        return None
    # Written so that NaN fails too.
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        report.reject(number, f"lies off the globe: lon {lon_text}, lat {lat_text}")
        return None
    if not name.strip() or not 0 < serial < 1 << 62:
        report.reject(number, "has no name" if not name.strip() else f"id {serial} is out of range")
        return None
    kind = _FEATURE_KIND.get(feature_class, "other")
    if feature.startswith("PCL"):
        kind = "country"
    if kind == "settlement":
        radius_m = settlement_radius_m(population)
    elif kind == "country":
        radius_m = 300_000.0
    else:
        radius_m = _AREA_RADIUS_M.get(feature, _DEFAULT_RADIUS_M[kind])
    names = tuple(dict.fromkeys(n for n in (plain, *others.split(",")) if n and n != name))
    return Place(
        f"geonames:{serial}",
        name.strip(),
        lon,
        lat,
        kind,
        country or None,
        f"{country}.{admin1}" if admin1 else None,
        f"{country}.{admin1}.{admin2}" if admin2 else None,
        max(0, population),
        radius_m,
        feature or None,
        names,
    )


def _load_alternates(
    path: Path, database: ImportDatabase, report: ImportReport, say: Callable[[str], None]
) -> int:
    """`alternateNamesV2.txt`: id, geonameid, language, name, …; links and codes are no names."""
    number = 0
    with _lines_of(path) as lines:
        for number, raw in enumerate(lines, 1):
            if number <= report.start or not raw.strip():
                continue
            cells = raw.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            low, high = _ALTERNATE_COLUMNS
            if not low <= len(cells) <= high or not cells[1].isdigit():
                report.reject(number, f"{len(cells)} columns instead of {low} to {high}, or no id")
                continue
            if cells[2] in ("link", "post", "iata", "icao", "faac", "wkdt", "unlc", "phon", "tcid"):
                continue
            database.put_name(int(cells[1]), cells[2], cells[3])
            if database.pending >= BATCH:
                database.commit(number, report.n_rejected, report.rejected)
                say(f"{path.name}: {number:,} lines")
    return number


def _load_codes(path: Path, database: ImportDatabase, report: ImportReport) -> int:
    """`admin1CodesASCII.txt`, `admin2Codes.txt`: code, name, plain name, geonameid."""
    number = 0
    with _lines_of(path) as lines:
        for number, raw in enumerate(lines, 1):
            cells = raw.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            if len(cells) != 4 or not cells[3].isdigit():
                report.reject(number, "not code, name, plain name and id")
                continue
            for name in cells[1:3]:
                database.put_name(int(cells[3]), "en", name)
    return number
