"""The contract of a ledger: what goes in comes out, nothing twice, nothing overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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
from whoholds.errors import InputError, InvariantError, NotFoundError
from whoholds.model import Candidate, Event, Place, Source, Span, Stance
from whoholds.model.contract import claim_from_json, claim_to_json
from whoholds.store import Audience, ClaimFilter, Ledger, PlaceCorrection, open_ledger


def desk(ledger: Ledger):
    return ledger.view(Audience.DESK, NOW)


def test_report_and_claims_come_back(ledger: Ledger) -> None:
    reading = simple_reading()
    report_id = add(ledger, reading)
    stored = desk(ledger).report(report_id)
    assert stored.report == replace(reading.report, id=report_id)
    assert stored.recorded_at == NOW
    (claim,) = desk(ledger).claims()
    assert claim == replace(reading.claims[0], report_id=report_id, recorded_at=NOW)
    assert stored.claims == (claim,)
    assert stored.reading["places"][0]["exact"] == "Sudzha"
    assert desk(ledger).report_bytes(report_id) == TEXT.encode()


def test_same_bytes_change_nothing(ledger: Ledger) -> None:
    reading = simple_reading()
    add(ledger, reading)
    before = desk(ledger).revision()
    again = ledger.add_reading(reading, raw=TEXT.encode(), media_type="text/plain", now=NOW)
    assert (again.is_new, again.n_claims) == (False, 0)
    assert desk(ledger).revision() == before
    assert desk(ledger).count_reports() == 1


def test_other_bytes_than_those_read_are_refused(ledger: Ledger) -> None:
    with pytest.raises(InvariantError, match="SHA-256"):
        ledger.add_reading(simple_reading(), raw=b"other", media_type="text/plain", now=NOW)
    assert desk(ledger).count_reports() == 0


def test_has_report_by_reader_name_or_version(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    assert ledger.has_report(report_id)
    assert ledger.has_report(report_id, "test")
    assert ledger.has_report(report_id, "test/1")
    assert not ledger.has_report(report_id, "test/2")
    assert not ledger.has_report(report_id, "tes")
    assert not ledger.has_report("sha256:none")


def test_claims_of_report_named(ledger: Ledger) -> None:
    add(ledger, simple_reading())
    assert len(ledger.claims_of_report_named("story")) == 1
    assert ledger.claims_of_report_named("other") == []


# --- another reader ---------------------------------------------------------------------------------


def test_better_reading_takes_the_place_of_the_old(ledger: Ledger) -> None:
    report = make_report(TEXT)
    old = make_claim(report, WORDS)
    new = make_claim(report, "Russian troops took Sudzha", reader="test/2")
    report_id = add(ledger, make_reading(report, old))
    ledger.add_assessment(assess(old.id, "reject"))
    add(ledger, make_reading(report, new, reader="test/2"))
    (claim,) = desk(ledger).claims()
    assert (claim.id, claim.supersedes) == (new.id, old.id)
    assert desk(ledger).claim(old.id).supersedes is None
    # The verdict follows, and the old claim does not come back.
    assert desk(ledger).claim_statuses([new.id]) == {new.id: "rejected"}
    assert [a.verdict for a in desk(ledger).assessments(new.id)] == ["reject"]
    assert desk(ledger).report(report_id).reader == "test/2"
    assert desk(ledger).claims_for_control() == []


def test_same_claim_read_better_keeps_id_and_verdict(ledger: Ledger) -> None:
    report = make_report(TEXT)
    old = make_claim(report, WORDS)
    add(ledger, make_reading(report, old))
    ledger.add_assessment(assess(old.id, "accept"))
    resolved = replace(old, places=(replace(old.places[0], place_id="t:2"),))
    later = NOW + timedelta(hours=1)
    add(ledger, make_reading(report, resolved, reader="test/2"), later)
    (claim,) = desk(ledger).claims()
    assert (claim.id, claim.places[0].place_id, claim.supersedes) == (old.id, "t:2", None)
    assert desk(ledger).claim_statuses() == {old.id: "accepted"}
    (then,) = desk(ledger).claims_for_control(NOW, "desk")
    assert then.places[0].place_id == "t:1"


def test_lost_claim_stays_only_if_a_person_vouched_for_it(ledger: Ledger) -> None:
    report = make_report(TEXT)
    vouched = make_claim(report, WORDS)
    other = make_claim(report, "The town changed hands", event=Event.OTHER, places=())
    add(ledger, make_reading(report, vouched, other))
    ledger.add_assessment(assess(vouched.id, "accept"))
    add(ledger, make_reading(report, reader="test/2"))
    assert [c.id for c in desk(ledger).claims()] == [vouched.id]


def test_reader_must_not_give_an_id_twice(ledger: Ledger) -> None:
    report = make_report(TEXT)
    claim = make_claim(report, WORDS)
    with pytest.raises(InvariantError, match="same id"):
        add(ledger, make_reading(report, claim, claim))
    assert desk(ledger).count_reports() == 0


# --- imports ----------------------------------------------------------------------------------------


def test_import_keeps_origin_time_and_rejects_conflicts(ledger: Ledger) -> None:
    report = make_report(TEXT)
    first = make_claim(report, WORDS, recorded_at=datetime(2020, 1, 1, tzinfo=UTC))
    clash = replace(first, event=Event.CONTROL_LOST)
    result = ledger.add_claims([first, first, clash], now=NOW)
    assert (result.added, result.known) == (1, 1)
    (rejection,) = result.rejections
    assert (rejection.item, rejection.code) == (first.id, "conflicting_claim")
    (kept,) = desk(ledger).claims()
    assert kept == replace(first, recorded_at=NOW)
    again = ledger.add_claims(desk(ledger).claims(), now=NOW + timedelta(days=1))
    assert (again.added, again.known) == (0, 1)


def test_own_export_comes_back_as_known(ledger: Ledger) -> None:
    add(ledger, simple_reading())
    (claim,) = desk(ledger).claims()
    ledger.add_assessment(assess(claim.id, "correct", ("event", "control_lost")))
    exported = [claim_from_json(claim_to_json(c)) for c in desk(ledger).claims()]
    assert exported[0].event is Event.CONTROL_LOST
    result = ledger.add_claims(exported, now=NOW + timedelta(days=1))
    assert (result.added, result.known, result.rejections) == (0, 1, ())


def test_import_of_a_map(ledger: Ledger) -> None:
    square = {"type": "Polygon", "coordinates": [[[35, 51], [36, 51], [36, 52], [35, 51]]]}
    report = make_report(TEXT)
    good = make_claim(report, WORDS, id="m:1", quote=None, report_id="", places=(), geometry=square)
    bad = replace(good, id="m:2", geometry={"type": "Polygon", "coordinates": [[["x", 1]]]})
    off = replace(good, id="m:3", geometry={"type": "Point", "coordinates": [200, 10]})
    result = ledger.add_claims([good, bad, off], now=NOW)
    assert result.added == 1
    assert [r.code for r in result.rejections] == ["bad_geometry", "bad_coordinates"]
    assert desk(ledger).claims()[0].geometry == square


def test_chain_imported_backwards_keeps_its_verdict(ledger: Ledger) -> None:
    report = make_report(TEXT)
    a = make_claim(report, WORDS, id="c:a")
    b, c = replace(a, id="c:b", supersedes="c:a"), replace(a, id="c:c", supersedes="c:b")
    ledger.add_claims([c, b, a], now=NOW)
    assert [x.id for x in desk(ledger).claims()] == ["c:c"]
    ledger.add_assessment(assess("c:a", "reject"))
    assert desk(ledger).claim_statuses() == {"c:c": "rejected"}


# --- what people decide -----------------------------------------------------------------------------


def test_verdicts_correct_and_undo(ledger: Ledger) -> None:
    add(ledger, simple_reading())
    (claim,) = desk(ledger).claims()
    t1, t2, t3 = (NOW + timedelta(minutes=m) for m in (1, 2, 3))
    ledger.add_assessment(assess(claim.id, "reject", at=t1))
    assert desk(ledger).claims_for_control() == []
    assert desk(ledger).claims(ClaimFilter(status="rejected"))[0].id == claim.id
    ledger.add_assessment(assess(claim.id, "correct", ("event", "control_lost"), at=t2))
    (corrected,) = desk(ledger).claims_for_control()
    assert (corrected.id, corrected.event) == (claim.id, Event.CONTROL_LOST)
    assert desk(ledger).count_claims(ClaimFilter(event=Event.CONTROL_LOST)) == 1
    ledger.add_assessment(assess(claim.id, "correct", ("event", "control_gained"), at=t3))
    assert desk(ledger).claims_for_control() == [claim]
    # And on both earlier days the record is as it was then.
    assert desk(ledger).claims_for_control(t1) == []
    assert desk(ledger).claims_for_control(t2)[0].event is Event.CONTROL_LOST
    assert desk(ledger).claims_for_control(t1 - timedelta(seconds=1)) == [claim]


def test_rejected_report_takes_its_claims_out(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    (claim,) = desk(ledger).claims()
    ledger.add_assessment(assess(report_id, "reject", at=NOW))
    assert desk(ledger).claims_for_control() == []
    ledger.add_assessment(assess(claim.id, "accept", at=NOW + timedelta(minutes=1)))
    assert desk(ledger).claims_for_control() == [claim]
    assert desk(ledger).report(report_id).status == "rejected"


@pytest.mark.parametrize(
    ("field", "value", "ok"),
    [
        ("event", "control_lost", True),
        ("actor_id", None, True),
        ("holds.from", "2025-03-01", True),
        ("places.0.place_id", "t:1", True),
        ("places.0.place_id", None, True),
        ("places.0.place_id", "t:9", False),
        ("relation", "near", True),
        ("relation", "beside", False),
        ("place_id", "t:1", True),
        ("stance", "denied", True),
        ("quantities", [], True),
        ("event", "conquered", False),
        ("holds.from", "last week", False),
        ("holds.from", "2026-01-01", False),
        ("places.5.place_id", "t:9", False),
        ("places.0.lat", 99, False),
        ("id", "x", False),
        ("quote", None, False),
        ("report_id", "x", False),
        ("reader", "x", False),
        ("mood", "x", False),
    ],
)
def test_corrections_must_fit(ledger: Ledger, field: str, value: object, ok: bool) -> None:
    add(ledger, simple_reading())
    (claim,) = desk(ledger).claims()
    if ok:
        ledger.add_assessment(assess(claim.id, "correct", (field, value)))
        (after,) = desk(ledger).claims()
        assert after.id == claim.id
        assert desk(ledger).claim_statuses() == {claim.id: "corrected"}
    else:
        with pytest.raises(InputError):
            ledger.add_assessment(assess(claim.id, "correct", (field, value)))
        assert desk(ledger).claims() == [claim]
        assert desk(ledger).assessments(claim.id) == []


def test_another_place_brings_its_own_position(ledger: Ledger) -> None:
    report = make_report(TEXT)
    reading = make_reading(report, make_claim(report, WORDS))
    other = Candidate("t:5", "Sudzha (east)", 35.9, 51.5, 0.3)
    reading = replace(reading, places=(replace(reading.places[0], candidates=(other,)),))
    add(ledger, reading)
    (claim,) = desk(ledger).claims()
    ledger.add_assessment(assess(claim.id, "correct", ("place_id", "t:5")))
    (place,) = desk(ledger).claims()[0].places
    assert (place.place_id, place.name, place.lon, place.lat, place.p) == (
        "t:5",
        "Sudzha (east)",
        35.9,
        51.5,
        1,
    )
    assert (place.exact, place.span) == ("Sudzha", claim.places[0].span)
    with pytest.raises(InputError, match="does not know where"):
        ledger.add_assessment(assess(claim.id, "correct", ("place_id", "t:99")))
    given = (("places.0.place_id", "t:99"), ("places.0.lon", 35.0), ("places.0.lat", 51.0))
    ledger.add_assessment(assess(claim.id, "correct", *given, at=NOW + timedelta(minutes=1)))
    assert desk(ledger).claims()[0].places[0].lon == 35.0
    nowhere = assess(claim.id, "correct", ("place_id", None), at=NOW + timedelta(minutes=2))
    ledger.add_assessment(nowhere)
    assert desk(ledger).claims()[0].places[0].lon is None


def test_find_id(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    (claim,) = desk(ledger).claims()
    for known in (report_id, claim.id):
        bare = known.removeprefix("sha256:")
        for start in (known, bare, bare[:12], known[:20], f" {bare[:10]} "):
            assert ledger.find_id(start) == known
    for start in ("", "xyz", "%", bare + "0"):
        with pytest.raises(NotFoundError):
            ledger.find_id(start)
    with pytest.raises(NotFoundError, match="several") as caught:
        ledger.find_id("sha256:")
    assert caught.value.code == "ambiguous_id"


def test_decisions_need_a_subject_and_a_name(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    with pytest.raises(NotFoundError):
        ledger.add_assessment(assess("sha256:none", "accept"))
    with pytest.raises(InputError, match="verdict"):
        ledger.add_assessment(assess(report_id, "perhaps"))
    with pytest.raises(InputError, match="name"):
        ledger.add_comment(report_id, "hm", by=" ", now=NOW)
    with pytest.raises(InputError, match="reason"):
        ledger.add_redaction(report_id, by="Ann", why="", now=NOW)
    with pytest.raises(NotFoundError):
        ledger.add_tag("sha256:none", "urgent", by="Ann", now=NOW)


def test_comments_and_tags(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    ledger.add_comment(report_id, "Ask the editor", by="Ann", now=NOW)
    ledger.add_tag(report_id, "urgent", by="Ann", now=NOW)
    ledger.add_tag(report_id, "video", by="Bob", now=NOW)
    ledger.add_tag(report_id, "urgent", by="Bob", now=NOW + timedelta(minutes=1), is_removal=True)
    assert [c.words for c in desk(ledger).comments(report_id)] == ["Ask the editor"]
    assert [t.tag for t in desk(ledger).report(report_id).tags] == ["video"]


def test_place_correction_holds_for_claims_of_before_and_after(ledger: Ledger) -> None:
    first = add(ledger, simple_reading(0))
    meant = Place("t:7", "Sudzha (south)", 35.3, 51.1, radius_m=500.0)
    later = NOW + timedelta(minutes=1)
    assert ledger.add_correction(PlaceCorrection("sudzha", meant, "Ann", later)) == 1
    add(ledger, simple_reading(1))
    assert {c.places[0].place_id for c in desk(ledger).claims()} == {"t:7"}
    own = Place("t:8", "Sudzha (west)", 35.1, 51.1)
    ledger.add_correction(PlaceCorrection("Sudzha", own, "Ann", later, report_id=first))
    by_report = {c.report_id == first: c.places[0].place_id for c in desk(ledger).claims()}
    assert by_report == {True: "t:8", False: "t:7"}
    assert {c.places[0].place_id for c in desk(ledger).claims_for_control(NOW)} == {"t:1"}
    assert [p.place_id for p in desk(ledger).places()] == ["t:8", "t:7"] or len(desk(ledger).places()) == 2


def test_runs(ledger: Ledger) -> None:
    assert ledger.add_run("read", by="rules.en/1", now=NOW, details={"reports": 3}) == 1
    (run,) = desk(ledger).runs()
    assert (run["kind"], run["details"]) == ("read", {"reports": 3})


# --- asking -----------------------------------------------------------------------------------------


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    report = make_report(TEXT)
    voice = make_claim(
        report,
        "The town changed hands",
        attribution=(),
        stance=Stance.ASSERTED,
        event=Event.OTHER,
        places=(),
        reported_at=date(2025, 3, 14),
    )
    add(ledger, make_reading(report, make_claim(report, WORDS), voice))
    other = make_report("Бои идут у Суджи.", publisher="Other", published_at=date(2025, 3, 13))
    said = make_claim(
        other,
        "Бои идут",
        attribution=(Source("General Staff", None, "speaker", "UA"),),
        event=Event.CONTESTED,
        places=(),
        reported_at=date(2025, 3, 13),
    )
    add(ledger, make_reading(other, said))
    return ledger


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ({}, 3),
        ({"place_id": "t:1"}, 1),
        ({"place_id": "t:2"}, 0),
        ({"event": "contested"}, 1),
        ({"event": Event.OTHER}, 1),
        ({"stance": Stance.CLAIMED}, 2),
        ({"side": "RU"}, 1),
        ({"side": "independent"}, 1),
        ({"speaker": "the MINISTRY"}, 1),
        ({"speaker": "mod"}, 1),
        ({"speaker": "minis"}, 0),
        ({"publisher": "the wire"}, 2),
        ({"reported_from": date(2025, 3, 13)}, 2),
        ({"reported_to": date(2025, 3, 13)}, 2),
        ({"reported_from": date(2025, 3, 13), "reported_to": date(2025, 3, 13)}, 1),
        ({"reported_to": datetime(2025, 3, 12, 9, tzinfo=UTC)}, 1),
        ({"reported_from": datetime(2025, 3, 12, 9, tzinfo=UTC), "reported_to": date(2025, 3, 12)}, 1),
        ({"text": "БОИ"}, 1),
        ({"text": "took sudzha"}, 1),
        ({"text": "100%"}, 0),
        ({"status": "new"}, 3),
        ({"status": "accepted"}, 0),
        ({"limit": 2}, 2),
        ({"limit": 2, "offset": 2}, 1),
        ({"offset": 5}, 0),
    ],
)
def test_filters(filled: Ledger, asked: dict[str, object], n: int) -> None:
    claim_filter = ClaimFilter(**asked)  # type: ignore[arg-type]
    assert len(desk(filled).claims(claim_filter)) == n
    if "limit" not in asked and "offset" not in asked:
        assert desk(filled).count_claims(claim_filter) == n


def test_newest_first(filled: Ledger) -> None:
    assert [str(c.reported_at)[:10] for c in desk(filled).claims()] == [
        "2025-03-14",
        "2025-03-13",
        "2025-03-12",
    ]


def test_bad_filters(filled: Ledger) -> None:
    with pytest.raises(InputError, match="status"):
        desk(filled).claims(ClaimFilter(status="perhaps"))
    with pytest.raises(InputError, match="negative"):
        desk(filled).claims(ClaimFilter(limit=-1))


def test_reports_and_totals(filled: Ledger) -> None:
    view = desk(filled)
    assert [r.publisher for r in view.reports()] == ["Other", "The Wire"]
    assert [r.publisher for r in view.reports(text="бои")] == ["Other"]
    assert view.count_reports(publisher="other") == 1
    totals = view.stats()
    assert (totals.n_reports, totals.n_claims, totals.n_places, totals.n_speakers) == (2, 3, 1, 2)
    assert totals.by_event == {"contested": 1, "control_gained": 1, "other": 1}
    (place,) = view.places()
    assert (place.place_id, place.n_claims, place.lon) == ("t:1", 1, 35.2707)
    with pytest.raises(NotFoundError):
        view.report("sha256:none")
    with pytest.raises(NotFoundError):
        view.claim("sha256:none")


def test_two_clocks(ledger: Ledger) -> None:
    report = make_report(TEXT, published_at=date(2025, 3, 12))
    add(ledger, make_reading(report, make_claim(report, WORDS)))
    day_over = datetime(2025, 3, 12, 21, tzinfo=UTC)
    view = desk(ledger)
    assert len(view.claims_for_control(day_over)) == 1
    assert view.claims_for_control(day_over - timedelta(seconds=1)) == []
    assert view.claims_for_control(day_over, "desk") == []
    assert len(view.claims_for_control(NOW, "desk")) == 1
    assert view.claims_for_control(NOW - timedelta(seconds=1), "desk") == []


# --- the file ---------------------------------------------------------------------------------------


def test_all_is_there_after_reopening(ledger: Ledger) -> None:
    add(ledger, simple_reading())
    claims = desk(ledger).claims()
    ledger.close()
    ledger.close()
    assert sorted(p.name for p in ledger.path.parent.iterdir()) == ["a.gpkg"]
    with open_ledger(ledger.path) as again:
        assert desk(again).claims() == claims
        assert again.theatre.party_ids == ("RU", "UA")
    with open_ledger(ledger.path, read_only=True) as again:
        assert desk(again).claims() == claims


def test_rebuild_gives_the_same(ledger: Ledger) -> None:
    for n in range(3):
        add(ledger, simple_reading(n))
    first = desk(ledger).claims()[0]
    ledger.add_assessment(assess(first.id, "correct", ("event", "control_lost")))
    before, places = desk(ledger).claims(), desk(ledger).places()
    assert ledger.rebuild() == 3
    assert (desk(ledger).claims(), desk(ledger).places()) == (before, places)


def test_theatre_travels_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whoholds.store import create_ledger

    folder = tmp_path / "war"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("id,name\n")
    (folder / "line.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"properties": {"party": "RU"}, "geometry": {}}]}'
    )
    (folder / "theatre.toml").write_text("# as written\n")
    theatre = make_theatre(
        folder,
        gazetteers=["../outside.csv"],
        start={"on": "2024-08-05", "file": "line.geojson"},
        reports="reports",
    )
    create_ledger(tmp_path / "w.gpkg", theatre, now=NOW).close()
    for path in (folder / "line.geojson", folder / "theatre.toml", tmp_path / "outside.csv"):
        path.unlink()
    folder.rmdir()
    with open_ledger(tmp_path / "w.gpkg") as ledger:
        kept = ledger.theatre
        assert kept.start_areas() == {"RU": {}}
        assert kept.path(kept.gazetteers[0]).read_text() == "id,name\n"
        assert kept.path("theatre.toml").read_text() == "# as written\n"
        assert kept.reports is None
        assert kept.folder is not None
        (kept.folder / "line.geojson").write_text("spoilt")
    with open_ledger(tmp_path / "w.gpkg") as ledger:
        assert ledger.theatre.start_areas() == {"RU": {}}
    # A cache that cannot be written: a temporary folder serves.
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    with open_ledger(tmp_path / "w.gpkg") as ledger:
        assert ledger.theatre.start_areas() == {"RU": {}}


def test_theatre_edition(ledger: Ledger) -> None:
    ledger.add_theatre(make_theatre(embargo_hours=24), by="Ann", now=NOW)
    assert ledger.theatre.embargo_hours == 24
    with pytest.raises(InputError, match="new ledger"):
        ledger.add_theatre(make_theatre(id="other"), by="Ann", now=NOW)


def test_a_quote_is_a_span_of_the_text(ledger: Ledger) -> None:
    report_id = add(ledger, simple_reading())
    text = desk(ledger).report(report_id).report.text
    (claim,) = desk(ledger).claims()
    assert isinstance(claim.quote, Span)
    assert text[claim.quote.start : claim.quote.end] == claim.quote.exact
