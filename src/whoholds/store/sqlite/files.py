"""Ledger files: make, recognise, open and migrate them; SQLite's errors in the program's words."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from whoholds.errors import (
    InputError,
    InvariantError,
    LedgerDamagedError,
    LedgerExistsError,
    LedgerTooNewError,
    NotALedgerError,
    StoreError,
)
from whoholds.model import sha256_hex

__all__ = ["Database", "Migration", "check_file", "claim_path", "connect", "load_migrations", "migrate"]

APPLICATION_ID = 0x47504B47
"""`GPKG`: what marks a GeoPackage (OGC 12-128r18, requirement 2)."""
GEOPACKAGE_VERSION = 10300
"""GeoPackage 1.3, in `PRAGMA user_version`."""
BUSY_MS = 30_000
"""How long a writer waits for another before it gives up."""
_MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema."""

    version: int
    name: str
    sql: str


@cache
def load_migrations() -> tuple[Migration, ...]:
    """The steps in order: `migrations/NNNN_name.sql`."""
    found = []
    for entry in files("whoholds.store.sqlite").joinpath("migrations").iterdir():
        match = re.fullmatch(r"(\d{4})_(\w+)\.sql", entry.name)
        if match:
            found.append(Migration(int(match[1]), match[2], entry.read_text("utf-8")))
    found.sort(key=lambda m: m.version)
    if [m.version for m in found] != list(range(1, len(found) + 1)):
        raise InvariantError("the migrations are not numbered without gaps; reinstall whoholds")
    return tuple(found)


class Database:
    """One connection, used by one thread at a time, with transactions of our own.

    Python's own transaction control would open transactions where it sees fit; it is off.
    """

    def __init__(self, path: Path, *, is_read_only: bool) -> None:
        self.path = path
        self.is_read_only = is_read_only
        self.lock = threading.RLock()
        self.connection = connect(path, is_read_only=is_read_only)

    def rows(self, sql: str, parameters: object = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self.lock, explain(self.path):
            return self.connection.execute(sql, parameters).fetchall()  # type: ignore[arg-type]

    def value(self, sql: str, parameters: object = ()) -> object:
        """The first column of the first row, or None."""
        found = self.rows(sql, parameters)
        return found[0][0] if found else None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the writer's lock from its start; all or nothing."""
        if self.is_read_only:
            raise StoreError(f"{self.path} is open for reading only", code="ledger_read_only")
        with self.lock, explain(self.path), transaction(self.connection):
            yield self.connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which all queries see the same state."""
        with self.lock, explain(self.path):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                # Nothing was written: an end of either kind only lets go of the snapshot.
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    def close(self) -> None:
        """Checkpoint and close. Closing twice does nothing."""
        with self.lock:
            if not self.is_read_only:
                # Readers may hold the log open: it is then folded in by whoever closes last.
                with suppress(sqlite3.Error):
                    self.connection.execute("PRAGMA busy_timeout = 0")
                    self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE … COMMIT, undone by any error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have undone it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explain(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, one line each."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(error, path) from error
    except UnicodeEncodeError as error:
        # Half of a surrogate pair, from text that was cut or decoded wrongly.
        raise InputError(
            f"a text holds {error.object[error.start : error.end]!a}, which is no letter; decode it again"
        ) from None


def _explained(error: sqlite3.Error, path: Path) -> Exception:
    # The primary code is the low byte of the extended one (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_FULL:
            return StoreError(f"no space left for {path}; nothing was half written", code="disk_full")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreError(
                f"{path} is held by another writer; try again when it is done", code="ledger_busy"
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreError(f"{path} cannot be written; check its permissions", code="ledger_read_only")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return LedgerDamagedError(f"{path} is damaged ({error}); restore a backup")
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError(f"cannot open {path}; check that its folder is there and may be written")
        case sqlite3.SQLITE_IOERR:
            return StoreError(f"reading or writing {path} failed ({error}); check the disk")
        case sqlite3.SQLITE_CONSTRAINT:
            return InvariantError(f"{path}: {error}")
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return StoreError(f"{path} is closed already", code="ledger_closed")
    if "no such table" in str(error) or "no such column" in str(error):
        return LedgerDamagedError(f"{path} lacks a part of the ledger ({error}); restore a backup")
    return InvariantError(f"{path}: {error}")


def connect(path: Path, *, is_read_only: bool) -> sqlite3.Connection:
    """Open a ledger with the settings that durability rests on, at every open.

    Raises:
        NotALedgerError: It is some other GeoPackage, which is left as it was.
        LedgerTooNewError: A newer program wrote it.
        StoreError: It cannot be opened.
    """
    uri = path.absolute().as_uri()
    with explain(path):
        if not is_read_only:
            return _opened(f"{uri}?mode=rw", path, is_read_only=False)
        try:
            # A reader with the right to write tidies the log away when it is the last to close; SQLite
            # itself falls back to reading where the right is missing.
            return _opened(f"{uri}?mode=rw", path, is_read_only=True)
        except sqlite3.OperationalError:
            if _has_log(path):
                raise
            # The log's index cannot be made on a medium that cannot be written; without a log the file
            # is whole and cannot change.
            return _opened(f"{uri}?mode=ro&immutable=1", path, is_read_only=True)


def _opened(uri: str, path: Path, *, is_read_only: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        # Before anything is set: a file that is not ours stays as it is.
        schema_version(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
        if is_read_only:
            connection.execute("PRAGMA query_only = ON")
        else:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # Blanked words are overwritten on disk, not only unlinked.
            connection.execute("PRAGMA secure_delete = ON")
        connection.create_function("casefold", 1, _casefold, deterministic=True)
    except (sqlite3.Error, StoreError):
        connection.close()
        raise
    return connection


def _casefold(text: str | None) -> str | None:
    """SQLite's own lower() knows only ASCII."""
    return None if text is None else text.casefold()


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


# --- recognising ----------------------------------------------------------------------------------


def check_file(path: Path) -> None:
    """Look at a file before SQLite does, whose words would be less clear.

    Raises:
        NotALedgerError: It is a directory, empty, or no ledger.
        LedgerDamagedError: It is shorter than it says.
        StoreError: It is not there or cannot be read.
    """
    if path.is_dir():
        raise NotALedgerError(f"{path} is a folder, not a ledger; give a file")
    try:
        with path.open("rb") as file:
            head = file.read(100)
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        raise StoreError(
            f"there is no ledger {path}; make one with: whoholds new {path} --theatre NAME"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from None
    if not head:
        raise NotALedgerError(f"{path} is empty, not a ledger")
    if len(head) < 100 and _MAGIC.startswith(head[:16]):
        raise LedgerDamagedError(f"{path} is torn off after {size} bytes; restore a backup")
    if not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise NotALedgerError(f"{path} is not a ledger of whoholds")
    page = int.from_bytes(head[16:18], "big")
    expected = (65536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
    # With a log beside it the file may be behind its header, and the log makes it whole.
    if size < expected and not _has_log(path):
        raise LedgerDamagedError(f"{path} is torn: {size} bytes where {expected} belong; restore a backup")


def schema_version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of an open file's schema.

    Raises:
        NotALedgerError: It is some other GeoPackage.
        LedgerTooNewError: A newer program wrote it.
    """
    has_schema = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger_schema'").fetchone()
    if not has_schema:
        raise NotALedgerError(f"{path} is a GeoPackage, but not a ledger of whoholds")
    version = connection.execute("SELECT MAX(version) FROM ledger_schema").fetchone()[0] or 0
    known = load_migrations()[-1].version
    if version > known:
        raise LedgerTooNewError(
            f"{path} was written by a newer whoholds (schema {version}, this one knows {known}); "
            "install the newer version to open it"
        )
    return int(version)


# --- making and migrating -------------------------------------------------------------------------


def migrate(connection: sqlite3.Connection, path: Path, *, upto: int | None = None) -> int:
    """Bring a file to the newest schema, each step in a transaction of its own; the steps taken."""
    taken = 0
    for step in load_migrations()[:upto]:
        if _version_or_zero(connection, path) >= step.version:
            continue
        with transaction(connection):
            # Another process may have taken the step while this one waited.
            if _version_or_zero(connection, path) >= step.version:
                continue
            for statement in _statements(step.sql):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO ledger_schema (version, name, sha256) VALUES (?, ?, ?)",
                (step.version, step.name, sha256_hex(step.sql.encode())),
            )
        taken += 1
    return taken


def _version_or_zero(connection: sqlite3.Connection, path: Path) -> int:
    """The version, 0 for a file that is only being made."""
    has_tables = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    return schema_version(connection, path) if has_tables else 0


def _statements(sql: str) -> Iterator[str]:
    # executescript would commit our transaction first.
    statement = ""
    for line in sql.splitlines(keepends=True):
        if not statement and (line.startswith("--") or not line.strip()):
            continue
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise InvariantError(f"a migration ends in the middle of a statement: {statement[:60]!r}")


@contextmanager
def claim_path(path: Path) -> Iterator[Path]:
    """A hidden name beside `path` to build a file under, which becomes `path` when it is whole.

    Raises:
        LedgerExistsError: Something has that name already, now or when the file is done.
        StoreError: The folder is not there or cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise LedgerExistsError(f"{path} is there already; choose another name or move it away")
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent} to make {path.name} in")
    fresh = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        yield fresh
        _take_name(fresh, path)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"cannot make {path}: {error.strerror or error}") from None
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                fresh.with_name(fresh.name + suffix).unlink()


def _take_name(fresh: Path, path: Path) -> None:
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    try:
        # Unlike a rename, a link never takes the place of another file.
        os.link(fresh, path)
    except FileExistsError:
        raise LedgerExistsError(f"{path} is there already; choose another name or move it away") from None
    except OSError:
        # No hard links on this file system.
        if path.exists():
            raise LedgerExistsError(f"{path} is there already; choose another name or move it away") from None
        fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_connection(path: Path) -> sqlite3.Connection:
    """A new, empty GeoPackage under a name that nobody else uses."""
    with explain(path):
        # 0600 from the first byte: the file is private.
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except OSError as error:
            raise StoreError(f"cannot make a file in {path.parent}: {error.strerror}") from None
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.create_function("casefold", 1, _casefold, deterministic=True)
    return connection
