"""`whoholds places correct`: said once, followed by the claims there are and by reports added later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from whoholds.cli import main
from whoholds.places.gazetteer import open_gazetteer

EARLIER = "Russian forces captured the village of Pokrovka on 10 March, the General Staff said."
LATER = "Ukrainian forces recaptured Pokrovka on 12 March, the Defence Ministry said."
NOT_NAMED = "Ukrainian forces left Kurilovo on 12 March, the Defence Ministry said."


class Desk:
    """A ledger with one report, and the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.ledger = folder / "desk.gpkg"
        self.run("new", self.ledger, "--theatre", "kursk")
        self.add("earlier", EARLIER, "2025-03-11")

    def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main.run([str(a) for a in arguments])
        text = self.capsys.readouterr()
        return int(str(stopped.value.code)), text.out, text.err

    def add(self, name: str, text: str, on: str) -> None:
        path = self.folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        status, _, problem = self.run("add", self.ledger, path, "--published-at", on, "--publisher", "Desk")
        assert status == 0, problem

    def correct(self, words: str, place_id: str, *more: str) -> tuple[int, str, str]:
        said = ("--by", "Ann", "--why", "seen on the map")
        return self.run("places", "correct", self.ledger, words, place_id, *said, *more)

    def pokrovka(self) -> dict[str, Any]:
        """Place id by report's day of the claims about Pokrovka."""
        from whoholds.pipeline import Workspace
        from whoholds.store import Audience

        with Workspace.open(self.ledger, read_only=True) as workspace:
            claims = workspace.view(Audience.DESK).claims()
        return {
            str(c.reported_at): (p.place_id, p.p) for c in claims for p in c.places if p.exact == "Pokrovka"
        }


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture(scope="module")
def others() -> tuple[str, str]:
    """Two places called Pokrovka that the machine would not choose here."""
    found = [p for p in open_gazetteer().find("Pokrovka", limit=40) if p.country == "RU" and p.lon > 60]
    return found[0].id, found[1].id


def test_claims_of_before_and_of_later_reports_follow(desk: Desk, others: tuple[str, str]) -> None:
    status, said, _ = desk.correct("pokrovka", others[0])
    assert (status, "1 claim follows" in said) == (0, True)
    desk.add("later", LATER, "2025-03-13")
    assert desk.pokrovka() == {"2025-03-11": (others[0], 1.0), "2025-03-13": (others[0], 1.0)}


def test_the_reading_itself_follows_so_that_other_names_do(desk: Desk, others: tuple[str, str]) -> None:
    from whoholds.pipeline import Workspace
    from whoholds.store import Audience

    desk.correct("Pokrovka", others[0])
    desk.add("later", LATER, "2025-03-13")
    with Workspace.open(desk.ledger, read_only=True) as workspace:
        view = workspace.view(Audience.DESK)
        (newest,) = (r for r in view.reports() if "recaptured" in r.text)
        mentions = view.report(newest.id).reading["places"]
    assert [(m["place_id"], m["p"]) for m in mentions if m["exact"] == "Pokrovka"] == [(others[0], 1.0)]


def test_a_newer_word_undoes_an_older_and_both_stay(desk: Desk, others: tuple[str, str]) -> None:
    desk.correct("Pokrovka", "none")
    assert desk.pokrovka() == {"2025-03-11": (None, 0.0)}
    desk.correct("Pokrovka", others[1])
    assert desk.pokrovka() == {"2025-03-11": (others[1], 1.0)}
    _, listed, _ = desk.run("places", "corrections", desk.ledger, "--format", "table")
    first, second = listed.splitlines()
    assert "no place that is known" in first
    assert "replaced since" in first
    assert "replaced since" not in second
    assert "Ann" in second
    assert "seen on the map" in second


def test_one_report_s_word_holds_there_alone(desk: Desk, others: tuple[str, str]) -> None:
    desk.add("later", LATER, "2025-03-13")
    before = desk.pokrovka()
    _, listed, _ = desk.run("claims", desk.ledger, "--format", "csv")
    report = next(
        cell
        for row in listed.splitlines()
        if "recaptured" in row
        for cell in row.split(",")
        if "sha256" in cell and cell != row.split(",")[0]
    )
    status, _, problem = desk.correct("Pokrovka", others[0], "--report", report)
    assert status == 0, problem
    assert desk.pokrovka() == {"2025-03-11": before["2025-03-11"], "2025-03-13": (others[0], 1.0)}


def test_why_tells_who_said_so(desk: Desk) -> None:
    town = next(p.id for p in open_gazetteer().find("Sudzha") if p.country == "RU")
    desk.correct("Pokrovka", town)
    status, said, problem = desk.run("why", desk.ledger, "Sudzha")
    assert status == 0, problem
    assert "“Pokrovka” means Sudzha, says Ann" in said
    assert "seen on the map" in said


@pytest.mark.parametrize(
    ("words", "place_id", "more", "told"),
    [
        ("Pokrovka", "geonames:1", (), "no place has the id 'geonames:1'"),
        ("Qwerty", "none", (), "the words 'Qwerty' do not occur in any report"),
        ("Pokrov", "none", (), "the words 'Pokrov' do not occur in any report"),
        ("Pokrovka", "none", ("--report", "ffff"), "'ffff'"),
        (" ", "none", (), "needs the words"),
    ],
)
def test_a_mistake_is_one_clear_line(
    desk: Desk, words: str, place_id: str, more: tuple[str, ...], told: str
) -> None:
    status, _, problem = desk.correct(words, place_id, *more)
    assert status == 2
    assert told in problem
    assert problem.count("\n") == 1
    assert desk.run("places", "corrections", desk.ledger)[1] == ""


def test_words_of_another_report_are_no_words_of_this_one(desk: Desk) -> None:
    desk.add("other", NOT_NAMED, "2025-03-13")
    _, listed, _ = desk.run("claims", desk.ledger, "--format", "csv")
    row = next(r for r in listed.splitlines() if "Kurilovo" in r)
    report = [cell for cell in row.split(",") if cell.startswith("sha256:")][1]
    status, _, problem = desk.correct("Pokrovka", "none", "--report", report)
    assert status == 2
    assert "do not occur in report" in problem


def test_nobody_and_no_reason_are_refused(desk: Desk) -> None:
    for said in (("--by", "", "--why", "x"), ("--by", "Ann", "--why", " ")):
        status, _, _ = desk.run("places", "correct", desk.ledger, "Pokrovka", "none", *said)
        assert status == 2
