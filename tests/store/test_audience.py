"""Every door of the view and of the public export: embargo, coarsening, display rights, redaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import h3
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
from whoholds.errors import InputError, NotFoundError
from whoholds.model import Event, Place, Source
from whoholds.store import (
    Audience,
    ClaimFilter,
    ControlRow,
    ControlRun,
    Ledger,
    PlaceCorrection,
    View,
    create_ledger,
    open_ledger,
)
from whoholds.store.policy import MASK, visible_from

OLD = NOW - timedelta(days=5)
NewLedger = Callable[..., Ledger]


def public(ledger: Ledger, now: datetime = NOW) -> View:
    return ledger.view(Audience.PUBLIC, now)


def reading_at(n: int, published_at: Any, **changes: Any):
    return simple_reading(n, published_at=published_at, **changes)


# --- embargo ----------------------------------------------------------------------------------------


@pytest.fixture
def embargoed(new_ledger: NewLedger) -> tuple[Ledger, str, str]:
    """A ledger with an old report and one of an hour ago, under an embargo of a day."""
    ledger = new_ledger(embargo_hours=24)
    old = add(ledger, reading_at(0, OLD))
    fresh = add(ledger, reading_at(1, NOW - timedelta(hours=1), title="Fresh secret"))
    for report_id in (old, fresh):
        ledger.add_comment(report_id, "between us", by="Ann", now=NOW)
        ledger.add_tag(report_id, "private", by="Ann", now=NOW)
        ledger.add_assessment(assess(report_id, "accept"))
    ledger.add_run("read", by="x", now=NOW, details={})
    row = ControlRow("u", date(2025, 3, 1), None, "RU", (("RU", 1.0),), 2)
    ledger.replace_control(ControlRun("hmm/1", NOW), [row])
    return ledger, old, fresh


DOORS: dict[str, Callable[[View], Any]] = {
    "claims": lambda v: {c.report_id for c in v.claims()},
    "claims by text": lambda v: {c.report_id for c in v.claims(ClaimFilter(text="sudzha"))},
    "claims by place": lambda v: {c.report_id for c in v.claims(ClaimFilter(place_id="t:1"))},
    "claims for control": lambda v: {c.report_id for c in v.claims_for_control()},
    "claims as known": lambda v: {c.report_id for c in v.claims_for_control(NOW)},
    "claims as known to the desk": lambda v: {c.report_id for c in v.claims_for_control(NOW, "desk")},
    "reports": lambda v: {r.id for r in v.reports()},
    "reports by text": lambda v: {r.id for r in v.reports(text="town")},
}


@pytest.mark.parametrize("door", DOORS)
def test_embargo_at_every_list(embargoed: tuple[Ledger, str, str], door: str) -> None:
    ledger, old, fresh = embargoed
    look = DOORS[door]
    assert look(ledger.view(Audience.DESK, NOW)) == {old, fresh}
    assert look(public(ledger)) == {old}
    assert look(public(ledger, NOW + timedelta(hours=23))) == {old, fresh}
    assert look(public(ledger, NOW + timedelta(hours=22, minutes=59, seconds=59))) == {old}


def test_embargo_at_every_look_up_and_total(embargoed: tuple[Ledger, str, str]) -> None:
    ledger, old, fresh = embargoed
    desk, view = ledger.view(Audience.DESK, NOW), public(ledger)
    hidden = next(c for c in desk.claims() if c.report_id == fresh)
    shown = next(c for c in desk.claims() if c.report_id == old)
    assert view.claim(shown.id).id == shown.id
    with pytest.raises(NotFoundError):
        view.claim(hidden.id)
    assert view.report(old).report.id == old
    with pytest.raises(NotFoundError):
        view.report(fresh)
    for report_id in (old, fresh):
        with pytest.raises(NotFoundError):
            view.report_bytes(report_id)
    assert view.count_claims() == view.count_reports() == 1
    assert view.claim_statuses([hidden.id, shown.id]) == {shown.id: "new"}
    (place,) = view.places()
    assert (place.n_claims, place.last_reported) == (1, OLD)
    totals = view.stats()
    assert (totals.n_reports, totals.n_claims, totals.last_reported) == (1, 1, OLD)
    assert totals.by_event == {"control_gained": 1}
    assert view.assessments(fresh) == []
    assert [(a.verdict, a.by, a.why) for a in view.assessments(old)] == [("accept", "", "")]
    assert view.comments(old) == view.tags(old) == view.runs() == []
    assert desk.comments(old)
    # Drawn from all claims, the desk's record would tell of the hidden ones.
    assert view.control() == []
    assert view.control_run() is None
    assert len(desk.control()) == 1


def test_public_record_of_control_is_its_own(embargoed: tuple[Ledger, str, str]) -> None:
    ledger, _, _ = embargoed
    row = ControlRow("u", date(2025, 3, 1), None, "UA", (("UA", 1.0),), 1)
    ledger.replace_control(ControlRun("hmm/1", NOW, audience=Audience.PUBLIC, details={"n": 1}), [row])
    assert [r.status for r in public(ledger).control()] == ["UA"]
    assert public(ledger).control_run() == ControlRun("hmm/1", NOW, audience=Audience.PUBLIC)
    assert [r.status for r in ledger.view(Audience.DESK, NOW).control()] == ["RU"]


def test_revision_moves_when_the_embargo_ends(embargoed: tuple[Ledger, str, str]) -> None:
    ledger, _, _ = embargoed
    assert public(ledger).revision() < public(ledger, NOW + timedelta(hours=23)).revision()
    before = public(ledger).revision()
    ledger.add_theatre(make_theatre(embargo_hours=500), by="Ann", now=NOW)
    assert public(ledger).claims() == []
    assert public(ledger).revision() > before


def test_embargo_in_the_public_file(embargoed: tuple[Ledger, str, str], tmp_path: Path) -> None:
    ledger, old, fresh = embargoed
    hidden = next(c for c in ledger.view(Audience.DESK, NOW).claims() if c.report_id == fresh)
    path = tmp_path / "public.gpkg"
    ledger.export_public(path, NOW)
    content = path.read_bytes()
    for secret in (
        "Number 1",
        "Fresh secret",
        hidden.id,
        fresh,
        "between us",
        "private",
        "Ann",
        "desk officer",
    ):
        assert secret.encode() not in content, secret
    with open_ledger(path) as copy:
        for view in (public(copy), copy.view(Audience.DESK, NOW)):
            assert [r.id for r in view.reports()] == [old]
            assert [c.report_id for c in view.claims()] == [old]
            assert view.control() == []
        with pytest.raises(NotFoundError):
            copy.view(Audience.DESK, NOW).report_bytes(old)


def test_public_file_is_the_public_view(new_ledger: NewLedger, tmp_path: Path) -> None:
    ledger = new_ledger(coarsen_to_resolution=6)
    for n, changes in enumerate(({}, {"display": "quotes"}, {"publisher": "Shy Gazette"})):
        add(ledger, reading_at(n, OLD + timedelta(hours=n), **changes))
    rejected, corrected, _ = ledger.view(Audience.DESK, NOW).claims()
    ledger.add_assessment(assess(rejected.id, "reject"))
    ledger.add_assessment(assess(corrected.id, "correct", ("event", "control_lost")))
    ledger.export_public(tmp_path / "p.gpkg", NOW)
    view = public(ledger)
    with open_ledger(tmp_path / "p.gpkg", read_only=True) as copy:
        same = public(copy)
        assert same.claims() == view.claims()
        assert {c.id for c in same.claims()} == {c.id for c in view.claims()} == {corrected.id, _.id}
        assert same.claim_statuses() == view.claim_statuses()
        assert same.places() == view.places()
        assert same.reports() == view.reports()
        for report in view.reports():
            ours, theirs = view.report(report.id), same.report(report.id)
            assert replace(theirs, assessments=()) == replace(ours, assessments=())
    assert ledger.view(Audience.DESK, NOW).claim(rejected.id) == rejected


@pytest.mark.parametrize(
    ("reported_at", "published_at", "runs_from"),
    [
        (datetime(2025, 3, 10, tzinfo=UTC), None, datetime(2025, 3, 10, tzinfo=UTC)),
        (
            datetime(2025, 3, 10, tzinfo=UTC),
            datetime(2025, 3, 12, tzinfo=UTC),
            datetime(2025, 3, 12, tzinfo=UTC),
        ),
        (
            datetime(2025, 3, 13, tzinfo=UTC),
            datetime(2025, 3, 12, tzinfo=UTC),
            datetime(2025, 3, 13, tzinfo=UTC),
        ),
        (date(2025, 3, 10), None, datetime(2025, 3, 11, tzinfo=UTC)),
        (None, date(2025, 3, 10), datetime(2025, 3, 11, tzinfo=UTC)),
        (None, None, NOW),
    ],
)
def test_embargo_runs_from_the_later_and_the_end_of_a_day(
    reported_at: Any, published_at: Any, runs_from: datetime
) -> None:
    assert visible_from(reported_at, published_at, NOW, UTC) == runs_from


def test_claim_of_an_embargoed_report_is_embargoed_whenever_it_was_said(new_ledger: NewLedger) -> None:
    ledger = new_ledger(embargo_hours=24)
    report = make_report(TEXT, published_at=NOW)
    add(ledger, make_reading(report, make_claim(report, WORDS, reported_at=OLD)))
    assert public(ledger).claims() == []
    other = make_claim(make_report(TEXT + "!"), WORDS, reported_at=None)
    ledger.add_claims([other], now=NOW)
    assert public(ledger).claims() == []
    assert len(public(ledger, NOW + timedelta(days=1)).claims()) == 2


def test_no_embargo_hides_nothing(ledger: Ledger) -> None:
    add(ledger, reading_at(0, NOW.date()))
    assert len(public(ledger).claims()) == len(public(ledger).reports()) == 1


# --- coarsening -------------------------------------------------------------------------------------


def test_coarsening_at_every_door(new_ledger: NewLedger, tmp_path: Path) -> None:
    ledger = new_ledger(coarsen_to_resolution=6)
    report_id = add(ledger, simple_reading())
    exact = (35.2707, 51.1903)
    lat, lon = h3.cell_to_latlng(h3.latlng_to_cell(exact[1], exact[0], 6))
    snapped = (round(lon, 6), round(lat, 6))
    view, desk = public(ledger), ledger.view(Audience.DESK, NOW)
    claim_id = desk.claims()[0].id

    def where(items: Any) -> set[tuple[float, float]]:
        return {(p.lon, p.lat) for p in items}

    def doors(v: View) -> list[set[tuple[float, float]]]:
        mentions = v.report(report_id).reading["places"]
        in_json = v.report(report_id).reading["claims"][0]["places"]
        return [
            where(v.claims()[0].places),
            where(v.claim(claim_id).places),
            where(v.claims_for_control()[0].places),
            where(v.claims_for_control(NOW)[0].places),
            where(v.report(report_id).claims[0].places),
            where(v.places()),
            {(m["lon"], m["lat"]) for m in mentions},
            {(p["lon"], p["lat"]) for p in in_json},
        ]

    assert doors(desk) == [{exact}] * 8
    assert doors(view) == [{snapped}] * 8
    assert (view.claims()[0].places[0].radius_m or 0) >= 3000
    ledger.export_public(tmp_path / "p.gpkg", NOW)
    with open_ledger(tmp_path / "p.gpkg") as copy:
        assert doors(copy.view(Audience.DESK, NOW)) == [{snapped}] * 8
    # The layer that QGIS draws is snapped too.
    connection = sqlite3.connect(tmp_path / "p.gpkg")
    assert connection.execute("SELECT lon, lat FROM current_place").fetchall() == [snapped]
    connection.close()


@pytest.mark.parametrize("resolution", [None, 6])
def test_public_file_has_no_exact_gazetteer_beside_coarse_places(
    tmp_path: Path, resolution: int | None
) -> None:
    folder = tmp_path / "war"
    folder.mkdir()
    (folder / "places.csv").write_text("hamlet,35.123456")
    (folder / "theatre.toml").write_text("# ask Ann")
    theatre = make_theatre(folder, gazetteers=["places.csv"], coarsen_to_resolution=resolution)
    with create_ledger(tmp_path / "a.gpkg", theatre, now=NOW) as ledger:
        ledger.export_public(tmp_path / "p.gpkg", NOW)
    content = (tmp_path / "p.gpkg").read_bytes()
    assert b"ask Ann" not in content
    assert (b"35.123456" in content) == (resolution is None)
    with open_ledger(tmp_path / "p.gpkg") as copy:
        assert len(copy.theatre.gazetteers) == (resolution is None)


def test_desk_record_is_not_shown_where_places_are_coarsened(new_ledger: NewLedger) -> None:
    ledger = new_ledger(coarsen_to_resolution=6)
    row = ControlRow("u", date(2025, 3, 1), None, "RU", (("RU", 1.0),), 2)
    ledger.replace_control(ControlRun("hmm/1", NOW), [row])
    assert public(ledger).control() == []


def test_correction_does_not_tell_the_exact_place(new_ledger: NewLedger) -> None:
    ledger = new_ledger(coarsen_to_resolution=5)
    add(ledger, simple_reading())
    (claim,) = ledger.view(Audience.DESK, NOW).claims()
    ledger.add_correction(PlaceCorrection("Sudzha", Place("t:9", "Field", 35.123456, 51.1), "Ann", NOW))
    ledger.add_assessment(assess(claim.id, "correct", ("places.0.lon", 35.654321)))
    assert public(ledger).assessments(claim.id)[0].corrections == ()
    assert "35.654321" not in repr(public(ledger).claims())
    assert "35.654321" in repr(ledger.view(Audience.DESK, NOW).claims())


# --- display rights ---------------------------------------------------------------------------------


def test_full_right_shows_all(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    stored = public(ledger).report(report_id)
    assert (stored.report.text, stored.report.title, stored.display) == (TEXT, "A headline", "full")
    assert stored.report.meta == ()
    assert ledger.view(Audience.DESK, NOW).report(report_id).report.meta


def test_quotes_right_shows_the_quotes_in_their_places(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading(display="quotes"))
    view = public(ledger)
    stored = view.report(report_id)
    text = stored.report.text
    assert len(text) == len(TEXT)
    assert text.strip(MASK) == WORDS
    assert stored.report.title is None
    assert stored.reading["report"]["title"] is None
    assert stored.reading["text"] == text
    (claim,) = view.claims()
    assert claim.quote is not None
    assert text[claim.quote.start : claim.quote.end] == claim.quote.exact == WORDS
    assert stored.reading["places"][0]["exact"] == "Sudzha"
    assert view.reports(text="secret") == []
    assert ledger.view(Audience.DESK, NOW).reports(text="secret") != []


@pytest.mark.parametrize("by", ["report", "theatre", "misspelt"])
def test_no_right_shows_no_word(ledger: Ledger, tmp_path: Path, by: str) -> None:
    changes = {
        "report": {"display": "none"},
        "theatre": {"publisher": "the shy gazette"},
        "misspelt": {"display": "nonne"},
    }[by]
    report_id = add(ledger, simple_reading(**changes))
    view = public(ledger)
    (claim,) = view.claims()
    stored = view.report(report_id)
    shown = repr(
        [view.claims(), view.claim(claim.id), view.claims_for_control(), view.claims_for_control(NOW)]
    )
    shown += repr([stored, view.reports(), view.places()])
    for secret in ("took", "Wednesday", "secret paragraph", "headline"):
        assert secret not in shown
    assert set(stored.report.text) == {MASK}
    assert stored.display == "none"
    assert stored.reading["places"] == []
    # Who says what of which place is no quotation.
    assert (claim.speaker, claim.places[0].name) == (Source("the ministry", "mod", "speaker", "RU"), "Sudzha")
    assert view.claims(ClaimFilter(text="took")) == []
    assert view.claims(ClaimFilter(text="sudzha ministry")) == [claim]
    assert view.reports(text="wednesday") == []
    ledger.export_public(tmp_path / "p.gpkg", NOW)
    content = (tmp_path / "p.gpkg").read_bytes()
    assert b"Wednesday" not in content
    assert "Wednesday" in repr(ledger.view(Audience.DESK, NOW).claims())


def test_imported_claim_takes_the_right_of_its_source(ledger: Ledger) -> None:
    claim = make_claim(make_report(TEXT), WORDS, attribution=(Source("Shy Gazette"),))
    ledger.add_claims([claim], now=NOW)
    for shown in (public(ledger).claims(), public(ledger).claims_for_control(NOW)):
        assert "Wednesday" not in repr(shown)


# --- rejection --------------------------------------------------------------------------------------


def test_public_does_not_see_what_was_rejected(ledger: Ledger) -> None:
    first, second = add(ledger, simple_reading(0)), add(ledger, simple_reading(1))
    claim = next(c for c in ledger.view(Audience.DESK, NOW).claims() if c.report_id == first)
    ledger.add_assessment(assess(claim.id, "reject"))
    ledger.add_assessment(assess(second, "reject"))
    view = public(ledger)
    assert view.claims() == view.claims_for_control() == view.claims_for_control(NOW) == []
    assert [r.id for r in view.reports()] == [first]
    with pytest.raises(NotFoundError):
        view.claim(claim.id)
    with pytest.raises(NotFoundError):
        view.report(second)
    assert len(ledger.view(Audience.DESK, NOW).claims()) == 2


# --- redaction --------------------------------------------------------------------------------------


@pytest.fixture
def redacted(ledger: Ledger) -> tuple[Ledger, str]:
    report = make_report(TEXT, title="Zebra headline", meta=(("note", "Zebra note"),))
    claim = make_claim(report, WORDS, target="Zebra brigade", actor="Zebra troops")
    unresolved = replace(claim.places[0], place_id=None, name="Sudzha words")
    loose = make_claim(report, "The town changed hands", event=Event.OTHER, places=(unresolved,))
    report_id = add(ledger, make_reading(report, claim, loose))
    later = replace(claim, places=(replace(claim.places[0], p=0.5),))
    add(ledger, make_reading(report, later, loose, reader="test/2"))
    ledger.add_comment(claim.id, "Zebra comment", by="Bob", now=NOW)
    ledger.add_assessment(
        assess(claim.id, "correct", ("actor", "Zebra force"), ("actor_id", "UA"), why="Zebra reason")
    )
    for n in range(1, 30):
        add(ledger, simple_reading(n))
    return ledger, report_id


def test_redaction_leaves_no_word_in_the_file(redacted: tuple[Ledger, str], tmp_path: Path) -> None:
    ledger, report_id = redacted
    only_here = ["Zebra", "Sudzha words"]
    assert b"Zebra" in ledger.path.read_bytes() + ledger.path.with_name("a.gpkg-wal").read_bytes()
    done = ledger.add_redaction(report_id, by="Ann", why="harm", now=NOW)
    ledger.export_public(tmp_path / "p.gpkg", NOW)
    ledger.backup(tmp_path / "b.gpkg")
    files = [p for p in ledger.path.parent.iterdir() if p.is_file()]
    assert len(files) >= 3
    for path in files:
        for secret in only_here:
            assert secret.encode() not in path.read_bytes(), (path.name, secret)
    assert done.sha256 == make_report(TEXT).sha256
    for audience in Audience:
        view = ledger.view(audience, NOW)
        stored = view.report(report_id)
        shown = repr([stored, view.reports(), view.claims(ClaimFilter(report_id=report_id))])
        shown += repr([view.claims_for_control(NOW), view.assessments(report_id)])
        assert "Zebra" not in shown
        assert stored.report.text == MASK * len(TEXT)
        assert stored.report.sha256 == done.sha256
        assert stored.redaction is not None
        assert (stored.redaction.why == "harm") == (audience is Audience.DESK)
        assert len(view.redactions()) == 1
        with pytest.raises(NotFoundError):
            view.report_bytes(report_id)
    ledger.close()
    with open_ledger(ledger.path) as again:
        assert again.view(Audience.DESK, NOW).redactions() == [done]


def test_redaction_keeps_the_structure_of_claims(redacted: tuple[Ledger, str]) -> None:
    ledger, report_id = redacted
    view = ledger.view(Audience.DESK, NOW)
    before = {c.id: c for c in view.claims(ClaimFilter(report_id=report_id))}
    ledger.add_redaction(report_id, by="Ann", why="harm", now=NOW)
    after = {c.id: c for c in view.claims(ClaimFilter(report_id=report_id))}
    assert after.keys() == before.keys()
    for claim_id, claim in after.items():
        was = before[claim_id]
        assert (claim.event, claim.stance, claim.holds, claim.reported_at) == (
            was.event,
            was.stance,
            was.holds,
            was.reported_at,
        )
        assert [p.place_id for p in claim.places] == [p.place_id for p in was.places]
        assert claim.quote is not None
        assert was.quote is not None
        assert (claim.quote.start, claim.quote.end) == (was.quote.start, was.quote.end)
        assert claim.speaker == Source("mod", "mod", "speaker", "RU")
    corrected = next(c for c in after.values() if c.event is Event.CONTROL_GAINED)
    assert corrected.actor_id == "UA", "the desk's correction of an id outlives the words"
    assert view.claim_statuses([corrected.id]) == {corrected.id: "corrected"}


def test_redacted_words_do_not_come_back(redacted: tuple[Ledger, str]) -> None:
    ledger, report_id = redacted
    first = ledger.add_redaction(report_id, by="Ann", why="harm", now=NOW)
    assert ledger.add_redaction(report_id, by="Bob", why="again", now=NOW + timedelta(days=1)) == first
    reading = simple_reading()
    for reader in ("test/1", "test/3"):
        added = ledger.add_reading(
            replace(reading, reader=reader), raw=TEXT.encode(), media_type="text/plain", now=NOW
        )
        assert (added.is_new, added.n_claims) == (False, 0)
    claim = make_claim(make_report(TEXT), "The town changed hands", id="i:1", report_id=report_id)
    assert ledger.add_claims([claim], now=NOW).added == 1
    assert "changed hands" not in repr(ledger.view(Audience.DESK, NOW).claim("i:1"))
    with pytest.raises(NotFoundError):
        ledger.add_redaction("sha256:none", by="Ann", why="harm", now=NOW)
    with pytest.raises(InputError):
        ledger.add_redaction(report_id, by=" ", why="harm", now=NOW)
