"""kill -9 at random moments: nothing acknowledged is lost, and the file opens."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.conftest import NOW, TEXT, make_theatre, simple_reading
from whoholds.model import content_id, sha256_hex
from whoholds.store import Audience, create_ledger, open_ledger

KILLS = 50
REPORTS = 200

# Starting an interpreter takes longer than adding 200 reports. One parent imports everything once and
# forks a child for each round; the child has opened nothing yet, so that it is a process like any other.
PARENT = """
import os, sys
from tests.store import adder
for line in sys.stdin:
    path, number = line.split()
    adder.make_readings(int(number))
    child = os.fork()
    if child == 0:
        sys.argv = ["adder", path, number]
        print("child", os.getpid(), flush=True)
        adder.main()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("end", status, flush=True)
"""


def report_id(n: int) -> str:
    return content_id("report/1", sha256_hex(simple_reading(n).report.text.encode()))


@pytest.mark.fault
def test_kill_at_random_moments_loses_no_acknowledged_report(tmp_path: Path) -> None:
    # Moments are drawn from a fixed seed; the operating system makes each run differ all the same.
    draw = random.Random(20240806)
    ids = [report_id(n) for n in range(REPORTS)]
    killed_midway = 0
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        try:
            for round_ in range(KILLS):
                path = tmp_path / f"{round_}.gpkg"
                create_ledger(path, make_theatre(), now=NOW).close()
                print(path, REPORTS, file=parent.stdin, flush=True)
                said = parent.stdout.readline().split()
                child = int(said[1])
                # The child is killed after it acknowledged so many, and a moment more.
                target, delay = draw.randrange(REPORTS - 1), draw.random() * 0.004
                acknowledged: list[int] = []
                while (line := parent.stdout.readline().split())[0] != "end":
                    acknowledged.append(int(line[0]))
                    if len(acknowledged) == target + 1:
                        _wait(delay)
                        os.kill(child, signal.SIGKILL)
                killed_midway += len(acknowledged) < REPORTS
                _check(path, ids, acknowledged)
        finally:
            parent.stdin.close()
    assert killed_midway >= KILLS * 0.8, "the kills came too late to show anything"


def _wait(seconds: float) -> None:
    signal.sigtimedwait([], seconds)


def _check(path: Path, ids: list[str], acknowledged: list[int]) -> None:
    with open_ledger(path) as ledger:
        view = ledger.view(Audience.DESK, NOW)
        kept = {r.id for r in view.reports()}
        assert {ids[n] for n in acknowledged} <= kept
        # At most the one that was being written when the kill came.
        assert len(acknowledged) <= len(kept) <= len(acknowledged) + 1
        assert view.count_claims() == len(kept)
        # One look through the view at the last of them; the bytes of all are checked below.
        for known in kept - {ids[n] for n in acknowledged[:-1]}:
            stored = view.report(known)
            assert stored.report.text.startswith(TEXT[:20])
            assert view.report_bytes(known) == stored.report.text.encode()
            assert len(stored.claims) == 1
            assert stored.reader == "test/1"
        if len(kept) % 5 == 0:
            before = view.claims()
            assert ledger.rebuild() == len(kept)
            assert view.claims() == before
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        whole = connection.execute(
            "SELECT r.id, r.sha256, b.content, COUNT(DISTINCT g.seq), COUNT(DISTINCT c.seq) FROM report r "
            "JOIN report_bytes b ON b.report_seq = r.seq JOIN reading g ON g.report_id = r.id "
            "JOIN claim c ON c.reading_seq = g.seq GROUP BY r.id"
        ).fetchall()
        assert {row[0] for row in whole} == kept
        for _, digest, content, n_readings, n_claims in whole:
            assert (sha256_hex(content), n_readings, n_claims) == (digest, 1, 1)


@pytest.mark.fault
def test_kill_while_a_ledger_is_made_leaves_no_half_ledger(tmp_path: Path) -> None:
    """The name is taken by a whole file or not at all."""
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.store.conftest import NOW, make_theatre\n"
        "from whoholds.store import create_ledger\n"
        "import whoholds.store.sqlite.ledger as module\n"
        "module.refresh_layers = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "create_ledger(Path(sys.argv[1]), make_theatre(), now=NOW)\n"
    )
    path = tmp_path / "x.gpkg"
    done = subprocess.run([sys.executable, "-c", script, str(path)], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert not path.exists()
    with create_ledger(path, make_theatre(), now=NOW) as ledger:
        assert ledger.view(Audience.DESK, NOW).count_reports() == 0


@pytest.mark.fault
@pytest.mark.parametrize("moment", ["before", "inside", "after"])
def test_kill_during_a_redaction(tmp_path: Path, moment: str) -> None:
    """The words are gone with the reason on record, or nothing happened."""
    path = tmp_path / "x.gpkg"
    create_ledger(path, make_theatre(), now=NOW).close()
    target = {"before": "_blank_report", "inside": "_blank_talk", "after": "_scrub"}[moment]
    script = (
        "import os, signal, sys\n"
        "from tests.store.conftest import NOW, add, simple_reading\n"
        "from whoholds.store import open_ledger\n"
        "import whoholds.store.sqlite.redaction as module\n"
        f"module.{target} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "ledger = open_ledger(sys.argv[1])\n"
        "ledger.add_redaction(add(ledger, simple_reading()), by='Ann', why='harm', now=NOW)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], timeout=60)
    assert done.returncode == -signal.SIGKILL
    with open_ledger(path) as ledger:
        view = ledger.view(Audience.DESK, NOW)
        (report,) = view.reports()
        is_done = moment == "after"
        assert bool(view.redactions()) == is_done
        assert (TEXT in report.text) == (not is_done)
        if not is_done:
            ledger.add_redaction(report.id, by="Ann", why="harm", now=NOW)
    assert b"secret paragraph" not in path.read_bytes()
