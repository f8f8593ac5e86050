"""What may lie where a ledger should: each gives one clear line, and nothing is half written."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.conftest import (
    NOW,
    TEXT,
    WORDS,
    add,
    assess,
    make_claim,
    make_reading,
    make_report,
    make_theatre,
    simple_reading,
)
from whoholds.errors import (
    ConfigurationError,
    InputError,
    InvariantError,
    LedgerDamagedError,
    LedgerExistsError,
    LedgerTooNewError,
    NotALedgerError,
    StoreError,
)
from whoholds.model import Place
from whoholds.store import Audience, Ledger, PlaceCorrection, create_ledger, open_ledger
from whoholds.store.sqlite import SqliteLedger
from whoholds.store.sqlite.files import load_migrations


def count(ledger: Ledger) -> int:
    return ledger.view(Audience.DESK, NOW).count_reports()


def one_line(error: BaseException) -> str:
    message = str(error)
    assert message
    assert "\n" not in message
    return message


@pytest.fixture
def closed(ledger: Ledger) -> Path:
    """The path of a ledger with three reports, closed."""
    for n in range(3):
        add(ledger, simple_reading(n))
    ledger.close()
    return ledger.path


# --- not a ledger -----------------------------------------------------------------------------------


def make_foreign(path: Path, *, application_id: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {application_id}")
        connection.execute("CREATE TABLE t (a)")


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (None, StoreError, "no ledger"),
        (b"", NotALedgerError, "empty"),
        (b"hello", NotALedgerError, "not a ledger"),
        (b"hello" * 1000, NotALedgerError, "not a ledger"),
        (b"SQLite format 3\x00", LedgerDamagedError, "torn"),
        ("folder", NotALedgerError, "folder"),
        ("sqlite", NotALedgerError, "not a ledger"),
        ("geopackage", NotALedgerError, "GeoPackage, but not a ledger"),
    ],
)
def test_not_a_ledger(
    tmp_path: Path, content: bytes | str | None, error: type[StoreError], words: str, read_only: bool
) -> None:
    path = tmp_path / "x.gpkg"
    if content == "folder":
        path.mkdir()
    elif content == "sqlite":
        make_foreign(path, application_id=0)
    elif content == "geopackage":
        make_foreign(path, application_id=0x47504B47)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(error, match=words) as caught:
        open_ledger(path, read_only=read_only)
    assert str(path) in one_line(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [p.name for p in tmp_path.iterdir() if p.name != "x.gpkg"] == []


def test_torn_file(closed: Path) -> None:
    whole = closed.read_bytes()
    for size in (len(whole) - 1, len(whole) - 4096, len(whole) // 2, 5000, 200, 60):
        closed.write_bytes(whole[:size])
        with pytest.raises(LedgerDamagedError, match=r"torn|damaged") as caught:
            open_ledger(closed)
        assert "backup" in one_line(caught.value)
    closed.write_bytes(whole)
    with open_ledger(closed) as ledger:
        assert count(ledger) == 3


def test_overwritten_pages_give_a_clear_error(closed: Path) -> None:
    whole = closed.read_bytes()
    closed.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(LedgerDamagedError) as caught, open_ledger(closed) as ledger:
        ledger.view(Audience.DESK, NOW).stats()
    one_line(caught.value)


def test_new_ledger_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    path.write_text("mine")
    with pytest.raises(LedgerExistsError, match="already"):
        create_ledger(path, make_theatre(), now=NOW)
    assert path.read_text() == "mine"
    for copy in ("backup", "export_public"):
        with create_ledger(tmp_path / f"{copy}.gpkg", make_theatre(), now=NOW) as ledger:
            with pytest.raises(LedgerExistsError):
                ledger.backup(path) if copy == "backup" else ledger.export_public(path, NOW)
            with pytest.raises(LedgerExistsError):
                ledger.backup(ledger.path) if copy == "backup" else ledger.export_public(ledger.path, NOW)
    assert path.read_text() == "mine"


def test_failed_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreError, match="no folder"):
        create_ledger(tmp_path / "none" / "x.gpkg", make_theatre(), now=NOW)
    with pytest.raises(ConfigurationError):
        create_ledger(tmp_path / "x.gpkg", make_theatre(tmp_path, gazetteers=["none.csv"]), now=NOW)
    monkeypatch.setattr("whoholds.store.sqlite.ledger.refresh_layers", _fail)
    with pytest.raises(StoreError):
        create_ledger(tmp_path / "x.gpkg", make_theatre(), now=NOW)
    assert list(tmp_path.iterdir()) == []


def _fail(*_: object) -> None:
    raise StoreError("no")


def test_file_is_private(closed: Path) -> None:
    assert closed.stat().st_mode & 0o077 == 0


AS_NOBODY = """
import os, sys
from tests.store.conftest import NOW, add, make_theatre, simple_reading
from whoholds.errors import StoreError
from whoholds.store import Audience, create_ledger, open_ledger
reading, path = simple_reading(9), sys.argv[1]
# Nobody may not even read the interpreter's own modules: load all that is needed before.
with create_ledger(path + ".warm", make_theatre(), now=NOW) as ledger:
    add(ledger, reading)
os.unlink(path + ".warm")
if os.geteuid() == 0:
    os.chown(path, 65534, 65534)
    os.chown(os.path.dirname(path), 65534, 65534)
    # Root may write everywhere: be nobody.
    os.setegid(65534)
    os.seteuid(65534)
def look():
    with open_ledger(path, read_only=True) as ledger:
        return ledger.view(Audience.DESK, NOW).count_reports()
def write():
    with open_ledger(path) as ledger:
        add(ledger, reading)
        return "written"
def make():
    create_ledger(path + ".new", make_theatre(), now=NOW).close()
def attempt(act):
    try:
        return str(act())
    except StoreError as error:
        assert "\\n" not in str(error)
        return error.code
for file_mode, folder_mode in ((0o444, 0o555), (0o444, 0o755), (0o644, 0o555), (0o000, 0o755)):
    os.chmod(path, file_mode)
    os.chmod(os.path.dirname(path), folder_mode)
    print(attempt(look), attempt(write), attempt(make) if folder_mode == 0o555 else "-")
os.chmod(os.path.dirname(path), 0o755)
"""


@pytest.mark.fault
def test_no_permission(closed: Path) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "shut" / "a.gpkg"
        folder.chmod(0o755)
        path.parent.mkdir()
        shutil.copy(closed, path)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(path)], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "3 ledger_read_only store_unavailable",
            "3 ledger_read_only -",
            "3 ledger_read_only store_unavailable",
            "store_unavailable store_unavailable -",
        ]
    finally:
        shutil.rmtree(folder)


def test_read_only_writes_nothing(closed: Path) -> None:
    before = closed.read_bytes()
    with open_ledger(closed, read_only=True) as ledger:
        assert count(ledger) == 3
        with pytest.raises(StoreError, match="reading only") as caught:
            add(ledger, simple_reading(7))
        assert caught.value.code == "ledger_read_only"
    assert closed.read_bytes() == before
    assert [p.name for p in closed.parent.iterdir()] == [closed.name]


def test_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(StoreError, match="closed"):
        count(ledger)
    with pytest.raises(StoreError, match="closed"):
        add(ledger, simple_reading())


# --- versions ---------------------------------------------------------------------------------------


def make_version_1(path: Path) -> None:
    """A file as the first version made it, from that version's SQL alone."""
    fresh = create_ledger(path.with_name("new.gpkg"), make_theatre(), now=NOW)
    add(fresh, simple_reading())
    fresh.close()
    first = load_migrations()[0]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {0x47504B47}")
        connection.execute("PRAGMA user_version = 10300")
        connection.executescript(first.sql)
        connection.execute(
            "INSERT INTO ledger_schema (version, name, sha256) VALUES (1, ?, 'x')", (first.name,)
        )
        connection.execute("ATTACH ? AS new", (str(path.with_name("new.gpkg")),))
        for table in (
            "theatre",
            "report",
            "report_bytes",
            "reading",
            "claim",
            "current_claim",
            "current_place",
        ):
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
        connection.commit()


def test_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.gpkg"
    make_version_1(path)
    with pytest.raises(StoreError, match="older") as caught:
        open_ledger(path, read_only=True)
    assert caught.value.code == "ledger_too_old"
    with open_ledger(path) as ledger:
        view = ledger.view(Audience.DESK, NOW)
        assert view.count_reports() == view.count_claims() == 1
        report_id = view.reports()[0].id
        ledger.add_comment(report_id, "new in version 2", by="Ann", now=NOW)
        assert len(view.comments(report_id)) == 1
        add(ledger, simple_reading(1))
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT version, name FROM ledger_schema").fetchall()
    assert found == [(m.version, m.name) for m in load_migrations()]
    with open_ledger(path, read_only=True) as ledger:
        assert count(ledger) == 2


def test_failed_migration_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "old.gpkg"
    make_version_1(path)
    with closing(sqlite3.connect(path)) as connection:
        # Half of the step can be taken; then this table is in the way.
        connection.execute("CREATE TABLE tag (a)")
        connection.commit()
    with pytest.raises((StoreError, InvariantError)):
        open_ledger(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT MAX(version) FROM ledger_schema").fetchone() == (1,)
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'comment'").fetchone()
        connection.execute("DROP TABLE tag")
        connection.commit()
    with open_ledger(path) as ledger:
        assert count(ledger) == 1


def test_newer_file_is_refused_with_a_clear_word(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("INSERT INTO ledger_schema (version, name, sha256) VALUES (99, 'future', 'x')")
        connection.commit()
    for read_only in (False, True):
        with pytest.raises(LedgerTooNewError, match="newer") as caught:
            open_ledger(closed, read_only=read_only)
        assert "99" in one_line(caught.value)


def test_migrations_are_numbered_and_never_changed() -> None:
    """A released step is history: a change of the schema is a new file."""
    assert [(m.version, m.name) for m in load_migrations()] == [(1, "ledger"), (2, "talk")]


# --- append-only ------------------------------------------------------------------------------------

APPEND_ONLY = (
    *("report", "report_bytes", "reading", "claim", "assessment", "correction", "redaction"),
    *("run", "theatre", "theatre_file", "comment", "tag", "ledger_schema"),
)


@pytest.fixture
def every_table(tmp_path: Path) -> Path:
    """A closed ledger with a row or more in every append-only table."""
    (tmp_path / "g.csv").write_text("id\n")
    with create_ledger(tmp_path / "e.gpkg", make_theatre(tmp_path, gazetteers=["g.csv"]), now=NOW) as ledger:
        kept, blanked = add(ledger, simple_reading(0)), add(ledger, simple_reading(1))
        ledger.add_assessment(assess(kept, "accept"))
        ledger.add_comment(kept, "hm", by="Ann", now=NOW)
        ledger.add_tag(kept, "t", by="Ann", now=NOW)
        ledger.add_run("read", by="x", now=NOW, details={})
        ledger.add_correction(PlaceCorrection("Sudzha", Place("t:2", "S", 35.0, 51.0), "Ann", NOW))
        ledger.add_redaction(blanked, by="Ann", why="harm", now=NOW)
    return tmp_path / "e.gpkg"


def test_no_row_of_the_record_can_be_changed(every_table: Path) -> None:
    with closing(sqlite3.connect(every_table, isolation_level=None)) as connection:
        for table in APPEND_ONLY:
            before = connection.execute(f"SELECT * FROM {table}").fetchall()
            assert before, table
            columns = [c[1] for c in connection.execute(f"PRAGMA table_info({table})")]
            attempts = [f"DELETE FROM {table}", f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
            attempts += [f"UPDATE {table} SET {column} = 'x'" for column in columns[1:]]
            attempts += [f"UPDATE OR REPLACE {table} SET {columns[0]} = {columns[0]} + 100"]
            for attempt in attempts:
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    connection.execute(attempt)
            assert connection.execute(f"SELECT * FROM {table}").fetchall() == before


def test_words_are_blanked_only_with_a_redaction_on_record(every_table: Path) -> None:
    with closing(sqlite3.connect(every_table, isolation_level=None)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM redaction_guard").fetchone() == (0,)
        kept, blanked = (r[0] for r in connection.execute("SELECT id FROM report ORDER BY seq"))
        with pytest.raises(sqlite3.IntegrityError, match="redaction on record"):
            connection.execute("INSERT INTO redaction_guard VALUES (?)", (kept,))
        connection.execute("INSERT INTO redaction_guard VALUES (?)", (blanked,))
        # Even then hash, times and origin stay, and no other report is touched.
        for change in ("sha256 = 'x'", "recorded_at = 'x'", "published_at = 'x'", "origin = 'x'", "id = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(f"UPDATE report SET {change} WHERE id = ?", (blanked,))
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE report SET text = '' WHERE id = ?", (kept,))
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE report_bytes SET content = x'00' WHERE report_id = ?", (blanked,))


# --- full disk, two writers -------------------------------------------------------------------------


def test_full_disk_loses_nothing_acknowledged(ledger: Ledger) -> None:
    assert isinstance(ledger, SqliteLedger)
    connection = ledger._database.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 12}")
    kept = 0
    with pytest.raises(StoreError, match="no space left") as caught:  # noqa: PT012
        for n in range(1000):
            add(ledger, simple_reading(n))
            kept += 1
    assert caught.value.code == "disk_full"
    one_line(caught.value)
    assert kept > 0
    assert count(ledger) == ledger.view(Audience.DESK, NOW).count_claims() == kept
    connection.execute("PRAGMA max_page_count = 1000000")
    add(ledger, simple_reading(kept))
    assert count(ledger) == kept + 1


LIMITED = """
import resource, signal, sys
from tests.store.conftest import NOW, add, simple_reading, make_theatre
from whoholds.errors import StoreError
from whoholds.store import open_ledger, create_ledger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
what, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
try:
    if what == "create":
        create_ledger(path, make_theatre(), now=NOW)
    elif what == "backup":
        open_ledger(path).backup(path + ".copy")
    elif what == "export":
        open_ledger(path).export_public(path + ".copy", NOW)
    else:
        ledger = open_ledger(path)
        for n in range(10, 10000):
            add(ledger, simple_reading(n))
            print("kept", flush=True)
except StoreError as error:
    print("StoreError:", error)
"""


@pytest.mark.fault
@pytest.mark.parametrize(
    ("what", "size"), [("create", 50_000), ("add", 500_000), ("backup", 100_000), ("export", 100_000)]
)
def test_operating_system_refuses_to_write_more(tmp_path: Path, closed: Path, what: str, size: int) -> None:
    path = tmp_path / "new.gpkg" if what == "create" else closed
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, what, str(path), str(size)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert lines[-1].startswith("StoreError:")
    assert done.stderr == ""
    kept = lines.count("kept")
    assert (kept > 0) == (what == "add")
    with open_ledger(closed) as ledger:
        assert count(ledger) == 3 + kept
    assert sorted(p.name for p in tmp_path.iterdir()) == [closed.name]


WRITER = """
import sys
from tests.store.conftest import add, simple_reading
from whoholds.store import open_ledger
with open_ledger(sys.argv[1]) as ledger:
    for n in range(int(sys.argv[2]), int(sys.argv[3])):
        add(ledger, simple_reading(n))
"""


@pytest.mark.fault
def test_two_writers(ledger: Ledger) -> None:
    # The ranges overlap: each of the shared reports is kept once.
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(ledger.path), a, b], stderr=subprocess.PIPE)
        for a, b in (("0", "60"), ("40", "100"))
    ]
    for n in range(100, 130):
        add(ledger, simple_reading(n))
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    view = ledger.view(Audience.DESK, NOW)
    assert view.count_reports() == view.count_claims() == 130
    ledger.close()
    with closing(sqlite3.connect(ledger.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_writer_that_waits_too_long_says_so(ledger: Ledger) -> None:
    assert isinstance(ledger, SqliteLedger)
    ledger._database.connection.execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another writer") as caught:
            add(ledger, simple_reading())
        assert caught.value.code == "ledger_busy"
        other.execute("ROLLBACK")
    add(ledger, simple_reading())
    assert count(ledger) == 1


def test_several_threads_share_a_ledger(ledger: Ledger) -> None:
    errors: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for n in range(start, start + 10):
                add(ledger, simple_reading(n))
                ledger.view(Audience.PUBLIC, NOW).claims_for_control(NOW + timedelta(days=1))
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, args=(10 * t,)) for t in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert count(ledger) == 40


def test_error_inside_a_transaction_undoes_it(ledger: Ledger) -> None:
    report = make_report(TEXT)
    square = {"type": "Polygon", "coordinates": []}
    broken = make_claim(report, WORDS, geometry=square)
    with pytest.raises(ValueError, match="GeoJSON"):
        add(ledger, make_reading(report, broken))
    assert count(ledger) == 0
    assert not ledger.has_report(report.id)


def test_half_letters_are_refused_in_one_line(ledger: Ledger) -> None:
    report = make_report(TEXT, title="half a \ud83d smile")
    with pytest.raises(InputError, match="no letter") as caught:
        add(ledger, make_reading(report))
    one_line(caught.value)
    assert count(ledger) == 0


# --- copies -----------------------------------------------------------------------------------------


def test_backup_is_the_whole_ledger_while_it_is_in_use(ledger: Ledger, tmp_path: Path) -> None:
    add(ledger, simple_reading(0))
    ledger.add_comment(ledger.view(Audience.DESK, NOW).reports()[0].id, "private", by="Ann", now=NOW)
    ledger.backup(tmp_path / "b.gpkg")
    add(ledger, simple_reading(1))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gpkg", "a.gpkg-shm", "a.gpkg-wal", "b.gpkg"]
    with open_ledger(tmp_path / "b.gpkg") as copy:
        ours, theirs = ledger.view(Audience.DESK, NOW), copy.view(Audience.DESK, NOW)
        (report,) = theirs.reports()
        assert theirs.report(report.id) == ours.report(report.id)
        add(copy, simple_reading(5))
        assert (count(copy), count(ledger)) == (2, 2)
