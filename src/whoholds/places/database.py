"""An imported gazetteer: one SQLite file, written by the importer, read as a layer."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

from whoholds.errors import StoreError
from whoholds.model import Place
from whoholds.places.folding import fold_name, skeleton_of
from whoholds.places.layers import Alike, Meaning

__all__ = ["DatabaseLayer", "ImportDatabase"]

SCHEMA = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS place (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    lon REAL NOT NULL, lat REAL NOT NULL, kind TEXT NOT NULL, country TEXT, admin1 TEXT, admin2 TEXT,
    population INTEGER NOT NULL, radius_m REAL NOT NULL,
    feature TEXT, names TEXT NOT NULL, run INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS other_name (
    serial INTEGER NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (serial, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (
    number INTEGER PRIMARY KEY, source TEXT NOT NULL, line INTEGER NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS rejected (run INTEGER PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS rejection (run INTEGER NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keying (run INTEGER PRIMARY KEY, place INTEGER NOT NULL);
"""
_PUT = """
INSERT INTO place (
    id, name, lon, lat, kind, country, admin1, admin2, population, radius_m, feature, names, run
)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, lon = excluded.lon, lat = excluded.lat, kind = excluded.kind,
    country = excluded.country,
    admin1 = excluded.admin1, admin2 = excluded.admin2, population = excluded.population,
    radius_m = excluded.radius_m, feature = excluded.feature, names = excluded.names, run = excluded.run
WHERE place.run <> excluded.run
"""
_CODE_NAME = re.compile(r"[A-Z0-9.]{1,4}")
KEY_BATCH = 20_000
"""Places whose names are keyed in one transaction."""


class ImportDatabase:
    """The writer's side. One import at a time: SQLite's own lock sees to it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._run = 0
        self._n_listed = 0
        self.pending = 0

    @classmethod
    @contextmanager
    def create(cls, path: Path) -> Iterator[ImportDatabase]:
        """Open or make the file.

        Raises:
            StoreError: It cannot be written, or another import is at work on it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot write the gazetteer {path}: {error}") from error
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA cache_size=-131072")
            connection.executescript(_TABLES)
            connection.execute(f"PRAGMA user_version={SCHEMA}")
            connection.execute("BEGIN IMMEDIATE")
            yield cls(connection)
        except sqlite3.Error as error:
            raise StoreError(f"cannot write the gazetteer {path}: {error}") from error
        finally:
            connection.close()

    def is_current(self, source: str) -> bool:
        """Whether the source was imported whole, and nothing else since."""
        row = self._db.execute("SELECT source, done FROM run ORDER BY number DESC LIMIT 1").fetchone()
        is_keyed = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'key'").fetchone()
        return row is not None and is_keyed is not None and row == (source, 1)

    def resume(self, source: str) -> int:
        """Begin, or go on with, the import of a source; the line to go on after."""
        row = self._db.execute(
            "SELECT number, line FROM run WHERE source = ? AND done = 0 ORDER BY number DESC LIMIT 1",
            (source,),
        ).fetchone()
        last = self._db.execute("SELECT max(number) FROM run").fetchone()[0]
        if row is not None and row[0] == last:
            self._run = int(row[0])
            return int(row[1])
        cursor = self._db.execute("INSERT INTO run (source, line, done) VALUES (?, 0, 0)", (source,))
        self._run = int(cursor.lastrowid or 0)
        return 0

    def rejections(self) -> tuple[int, list[tuple[int, str]]]:
        """How many lines the run at hand, or else the last one, could not use; the first with reasons."""
        run = self._run or self._db.execute("SELECT max(number) FROM run").fetchone()[0]
        row = self._db.execute("SELECT n FROM rejected WHERE run = ?", (run,)).fetchone()
        listed = self._db.execute("SELECT line, reason FROM rejection WHERE run = ? ORDER BY rowid", (run,))
        found = [(int(line), str(reason)) for line, reason in listed]
        self._n_listed = len(found)
        return (int(row[0]) if row else 0), found

    def put(self, place: Place) -> bool:
        """Add or renew a place; False where this import has had the id already."""
        self.pending += 1
        cursor = self._db.execute(
            _PUT,
            (
                place.id,
                place.name,
                place.lon,
                place.lat,
                place.kind,
                place.country,
                place.admin1,
                place.admin2,
                place.population,
                place.radius_m,
                place.feature,
                "\n".join(place.names),
                self._run,
            ),
        )
        return cursor.rowcount > 0

    def put_name(self, serial: int, language: str, name: str) -> None:
        """Add a name to the GeoNames place of a number."""
        self.pending += 1
        self._db.execute("INSERT OR IGNORE INTO other_name VALUES (?, ?, ?)", (serial, language, name))

    def commit(self, line: int, n_rejected: int, rejected: Sequence[tuple[int, str]]) -> None:
        """Make what came in so far durable, with the mark of how far it is and what could not be used."""
        self._db.execute("UPDATE run SET line = ? WHERE number = ?", (line, self._run))
        self._db.execute("INSERT OR REPLACE INTO rejected VALUES (?, ?)", (self._run, n_rejected))
        self._db.executemany(
            "INSERT INTO rejection VALUES (?, ?, ?)", [(self._run, *r) for r in rejected[self._n_listed :]]
        )
        self._n_listed = len(rejected)
        self._again()

    def _again(self) -> None:
        """Make durable what was written, and write on."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")
        self.pending = 0

    def build_keys(self, progress: Callable[[str], None]) -> None:
        """Key all names anew: folded names and skeletons, indexed after they are in.

        A batch of places at a time, so that a killed run goes on here too; the old keys serve until all
        new ones are there.
        """
        db = self._db
        done = self._keyed_until()
        total = int(db.execute("SELECT count(*) FROM place").fetchone()[0])
        has_more = db.execute("SELECT 1 FROM other_name LIMIT 1").fetchone() is not None
        query = "SELECT number, id, name, names FROM place WHERE number > ? ORDER BY number LIMIT ?"
        keyed = int(db.execute("SELECT count(*) FROM place WHERE number <= ?", (done,)).fetchone()[0])
        while rows := db.execute(query, (done, KEY_BATCH)).fetchall():
            db.executemany("INSERT INTO key_new VALUES (?, ?, ?)", self._keys_of(rows, has_more=has_more))
            done, keyed = int(rows[-1][0]), keyed + len(rows)
            db.execute("UPDATE keying SET place = ? WHERE run = ?", (done, self._run))
            self._again()
            if total > KEY_BATCH:
                progress(f"keying names: {keyed:,} of {total:,} places")
        db.execute("DROP TABLE IF EXISTS key")
        db.execute("ALTER TABLE key_new RENAME TO key")
        if total > KEY_BATCH:
            progress("keying names: sorting")
        db.execute("CREATE INDEX key_of ON key (key, is_primary, place)")

    def _keyed_until(self) -> int:
        """The place after which this run has to go on keying: 0, unless it was stopped while keying."""
        row = self._db.execute("SELECT place FROM keying WHERE run = ?", (self._run,)).fetchone()
        if row is not None:
            return int(row[0])
        self._db.execute("DROP TABLE IF EXISTS key_new")
        self._db.execute(
            "CREATE TABLE key_new (key TEXT NOT NULL, place INTEGER NOT NULL, is_primary INTEGER NOT NULL)"
        )
        self._db.execute("DELETE FROM keying")
        self._db.execute("INSERT INTO keying VALUES (?, 0)", (self._run,))
        self._again()
        return 0

    def _keys_of(
        self, rows: Sequence[tuple[int, str, str, str]], *, has_more: bool
    ) -> Iterator[tuple[str, int, int]]:
        for number, place_id, name, names in rows:
            more = names.split("\n") if names else []
            prefix, _, serial = place_id.partition(":")
            if has_more and prefix == "geonames":
                query = "SELECT name FROM other_name WHERE serial = ?"
                more += [n for (n,) in self._db.execute(query, (int(serial),))]
            yield from _keys(number, name, more)

    def finish(self) -> None:
        """Mark the run as done."""
        self._db.execute("UPDATE run SET done = 1 WHERE number = ?", (self._run,))
        self._db.execute("DELETE FROM keying")
        self._db.execute("COMMIT")

    def counts(self) -> tuple[int, int]:
        """Places and keys."""
        places = self._db.execute("SELECT count(*) FROM place").fetchone()[0]
        keys = self._db.execute("SELECT count(*) FROM key WHERE key NOT LIKE '/%'").fetchone()[0]
        return int(places), int(keys)


def _keys(number: int, name: str, others: list[str]) -> Iterator[tuple[str, int, int]]:
    first = fold_name(name)
    seen = set()
    for position, text in enumerate((name, *others)):
        # Upper-case codes and lower-case romanisations are alternates in GeoNames, not names.
        if position and (_CODE_NAME.fullmatch(text) or "a" <= text[:1] <= "z"):
            continue
        key = fold_name(text)
        if len(key) > 1 and key not in seen:
            seen.add(key)
            yield key, number, int(key == first)
            skeleton = "/" + skeleton_of(key)
            if skeleton not in seen:
                seen.add(skeleton)
                yield skeleton, number, 0


def _same(place: Place) -> Place:
    return place


_COLUMNS = (
    "p.id, p.name, p.lon, p.lat, p.kind, p.country, p.admin1, p.admin2, p.population, p.radius_m, p.feature"
)


class DatabaseLayer:
    """The reader's side (`layers.Layer`)."""

    def __init__(self, path: Path) -> None:
        """Open read-only.

        Raises:
            StoreError: It is no imported gazetteer, or its import was never finished.
        """
        try:
            self._db = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
            )
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            keyed = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'key'").fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"cannot read the gazetteer {path}: {error}") from error
        if version != SCHEMA or keyed is None:
            self._db.close()
            what = (
                "its import was not finished"
                if version == SCHEMA
                else f"another version of the program made it (layout {version}, this one reads {SCHEMA})"
            )
            raise StoreError(
                f"the imported gazetteer {path.stem!r} ({path}) is left out: {what}; "
                "run `whoholds places import` on its file again"
            )
        self.is_behind = self._is_behind()
        self.meanings_of = lru_cache(maxsize=8192)(self._meanings)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _is_behind(self) -> bool:
        """Whether a later import into it was stopped: its places are in, their names not all."""
        query = "SELECT done FROM run ORDER BY number DESC LIMIT 1"
        row = self._db.execute(query).fetchone()
        return row is not None and not row[0]

    def _meanings(self, key: str, limit: int) -> list[Meaning]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS}, k.is_primary FROM key k JOIN place p ON p.number = k.place "  # noqa: S608
            "WHERE k.key = ? ORDER BY p.population DESC, k.is_primary DESC, p.id LIMIT ?",
            (key, limit),
        )
        return [Meaning(Place(*row[:11]), 0, bool(row[11])) for row in rows]

    def meanings(self, key: str, limit: int) -> list[Meaning]:
        """See `Layer`."""
        return self.meanings_of(key, limit)

    def has(self, key: str) -> bool:
        """See `Layer`."""
        return bool(self.meanings_of(key, 40))

    def similar(self, skeleton: str, limit: int) -> list[Alike]:
        """See `Layer`."""
        found = []
        for meaning in self.meanings_of("/" + skeleton, limit):
            place = meaning.place
            for name in (place.name, *(self.names(place.id) or ())):
                key = fold_name(name)
                if skeleton_of(key) == skeleton:
                    found.append(Alike(key, place.population, partial(_same, place)))
        return found

    def get(self, place_id: str) -> Place | None:
        """See `Layer`."""
        query = f"SELECT {_COLUMNS} FROM place p WHERE p.id = ?"  # noqa: S608
        row = self._db.execute(query, (place_id,)).fetchone()
        return None if row is None else Place(*row)

    def names(self, place_id: str) -> tuple[str, ...] | None:
        """See `Layer`."""
        row = self._db.execute("SELECT names FROM place WHERE id = ?", (place_id,)).fetchone()
        if row is None:
            return None
        found = row[0].split("\n") if row[0] else []
        prefix, _, serial = place_id.partition(":")
        if prefix == "geonames":
            others = self._db.execute(
                "SELECT name FROM other_name WHERE serial = ? ORDER BY name", (int(serial),)
            )
            found += [name for (name,) in others]
        return tuple(dict.fromkeys(found))
