"""Small theatres, reports and readings made by hand: no reader, no gazetteer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from whoholds.model import (
    Assessment,
    Claim,
    ClaimPlace,
    Event,
    Interval,
    PlaceMention,
    Polarity,
    Reading,
    Report,
    Source,
    Span,
    Stance,
    claim_id,
    content_id,
    sha256_hex,
)
from whoholds.store import Ledger, create_ledger
from whoholds.theatre import Theatre

NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)


def make_theatre(folder: Path | None = None, **changes: Any) -> Theatre:
    """Two parties, three sources, Moscow time."""
    data: dict[str, Any] = {
        "id": "test",
        "name": "A test",
        "time_zone": "Europe/Moscow",
        "parties": [{"id": "RU", "name": "Russia"}, {"id": "UA", "name": "Ukraine"}],
        "sources": [
            {"id": "mod", "name": "Defence Ministry", "side": "RU"},
            {"id": "wire", "name": "The Wire", "side": "independent"},
            {"id": "shy", "name": "Shy Gazette", "side": "independent", "display": "none"},
        ],
        "area": {"bbox": [34, 50, 37, 52]},
    }
    return Theatre.model_validate({**data, **changes, "folder": folder})


def make_report(
    text: str, *, publisher: str | None = "The Wire", published_at: Any = None, **changes: Any
) -> Report:
    """A report whose bytes are its text in UTF-8."""
    digest = sha256_hex(text.encode())
    report = Report(
        id=content_id("report/1", digest),
        text=text,
        sha256=digest,
        title="A headline",
        publisher=publisher,
        published_at=published_at or datetime(2025, 3, 12, 9, tzinfo=UTC),
        lang="en",
        address="https://example.org/story",
        meta=(("handler", "desk officer 7"),),
    )
    return replace(report, **changes)


def make_claim(report: Report, words: str, **changes: Any) -> Claim:
    """The claim that `words` of a report carry: the ministry says that Russia took Sudzha."""
    start = report.text.index(words)
    quote = Span.of(report.text, start, start + len(words))
    place_at = report.text.find("Sudzha", start)
    span = Span.of(report.text, place_at, place_at + 6) if place_at >= 0 else None
    claim = Claim(
        id="",
        report_id=report.id,
        quote=quote,
        attribution=(Source("the ministry", "mod", "speaker", "RU"),),
        stance=Stance.CLAIMED,
        polarity=Polarity.POSITIVE,
        event=Event.CONTROL_GAINED,
        actor="Russian troops",
        actor_id="RU",
        places=(
            ClaimPlace("t:1", "Sudzha", exact="Sudzha", span=span, lon=35.2707, lat=51.1903, radius_m=3000.0),
        ),
        holds=Interval.of_day(date(2025, 3, 12)),
        reported_at=report.published_at,
        reader="test/1",
        p=0.9,
    )
    claim = replace(claim, **changes)
    if claim.id:
        return claim
    assert claim.quote is not None
    names = [s.name for s in claim.attribution]
    spans = [p.span for p in claim.places]
    found = claim_id(
        report.sha256,
        claim.quote,
        names,
        claim.stance,
        claim.polarity,
        claim.event,
        claim.actor,
        claim.target,
        spans,
    )
    return replace(claim, id=found)


def make_reading(report: Report, *claims: Claim, reader: str = "test/1") -> Reading:
    """A reading with one place mention a claim."""
    places = tuple(
        PlaceMention(p.span, p.place_id, p.name, p.lon, p.lat, p.radius_m, "settlement", "RU", p.p)
        for c in claims
        for p in c.places
        if p.span is not None
    )
    return Reading(report, reader, places=places, claims=claims)


TEXT = (
    "The town changed hands. Russian troops took Sudzha on Wednesday, the ministry said. "
    "A secret paragraph about something else follows here."
)
WORDS = "Russian troops took Sudzha on Wednesday"


def simple_reading(n: int = 0, **changes: Any) -> Reading:
    """The n-th of any number of different reports, with one claim."""
    text = TEXT if n == 0 else f"{TEXT} Number {n}."
    report = make_report(text, **changes)
    return make_reading(report, make_claim(report, WORDS))


def add(ledger: Ledger, reading: Reading, now: datetime = NOW) -> str:
    """Keep a reading; the report's id."""
    added = ledger.add_reading(
        reading, raw=reading.report.text.encode(), media_type="text/plain", now=now, name="story"
    )
    return added.report_id


def assess(
    subject_id: str, verdict: str, *corrections: tuple[str, Any], at: datetime = NOW, why: str = "because"
) -> Assessment:
    """A verdict of Ann's."""
    pairs = tuple((field, json.dumps(value)) for field, value in corrections)
    return Assessment(
        id=content_id("assessment/1", subject_id, verdict, at.isoformat(), why, [list(p) for p in pairs]),
        subject_id=subject_id,
        verdict=verdict,
        by="Ann",
        at=at,
        why=why,
        corrections=pairs,
    )


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def new_ledger(tmp_path: Path) -> Iterator[Callable[..., Ledger]]:
    """Makes ledgers and closes them."""
    made: list[Ledger] = []

    def make(name: str = "a.gpkg", **changes: Any) -> Ledger:
        made.append(create_ledger(tmp_path / name, make_theatre(**changes), now=NOW))
        return made[-1]

    yield make
    for ledger in made:
        ledger.close()


@pytest.fixture
def ledger(new_ledger: Callable[..., Ledger]) -> Ledger:
    """An empty ledger without embargo."""
    return new_ledger()
