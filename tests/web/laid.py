"""A small war of our own making for the pages' tests: a theatre and reports with their claims.

Claims are laid by hand, without a reader or a gazetteer; ledger, record and pages are the real ones.
Places, people and publishers are invented; the ground is real.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from whoholds.model import (
    Claim,
    ClaimPlace,
    Event,
    Interval,
    Polarity,
    Quantity,
    Reading,
    Rejection,
    Report,
    Source,
    Span,
    Stance,
    claim_id,
    content_id,
    sha256_hex,
)
from whoholds.model.vocabulary import Measure
from whoholds.pipeline import Workspace
from whoholds.theatre import Theatre

NOW = datetime(2025, 3, 30, 12, tzinfo=UTC)
FIRST, LAST = date(2025, 3, 1), date(2025, 3, 20)
PLACES = {
    "Alderford": ("laid:1", 35.27, 51.19),
    "Birchwell": ("laid:2", 34.90, 51.41),
    "Cressing <b>Mill</b>": ("laid:3", 35.55, 51.05),
    "Dunmore": ("laid:4", 34.95, 51.10),
}
PARTIES = {"Northland": "NO", "Southland": "SO"}
HOSTILE = (
    "<script>window.broken = true</script>"
    '<img src="http://foreign.example/x.png" onerror="window.broken = true">'
)


def lay_theatre(**changes: Any) -> Theatre:
    """Two parties on twenty days."""
    data: dict[str, Any] = {
        "id": "laid",
        "name": "The laid war",
        "time_zone": "Europe/Moscow",
        "resolution": 7,
        "first_day": FIRST,
        "last_day": LAST,
        "parties": [
            {"id": "NO", "name": "Northland", "color": "#D55E00"},
            {"id": "SO", "name": "Southland", "color": "#0072B2"},
        ],
        "sources": [{"id": "shy", "name": "Shy Gazette", "side": "independent", "display": "none"}],
        "area": {"bbox": [34.4, 50.9, 35.9, 51.7]},
    }
    return Theatre.model_validate({**data, **changes})


def lay_report(text: str, **fields: Any) -> Report:
    """A report whose bytes are its text in UTF-8."""
    digest = sha256_hex(text.encode())
    fields = {"publisher": "Laid Wire", "published_at": date(2025, 3, 5), "lang": "en", **fields}
    return Report(id=content_id("report/1", digest), text=text, sha256=digest, **fields)


def read_report(report: Report) -> Reading:
    """A reading: each sentence that names a place is a claim of General Marsh; `|` parts nested ones."""
    claims = []
    start = 0
    for sentence in report.text.split(". "):
        for name in PLACES:
            if name in sentence:
                claims.append(_claim(report, start, sentence, name))
                if " that " in sentence:
                    # The words after "that" once more, as the general's own: a claim inside a claim.
                    inner = sentence.index(" that ") + len(" that ")
                    if name in sentence[inner:]:
                        claims.append(
                            _claim(report, start + inner, sentence[inner:], name, speaker="Envoy Reed")
                        )
        start += len(sentence) + 2
    return Reading(report, LaidReader.name, claims=tuple(claims))


def _claim(report: Report, start: int, words: str, name: str, speaker: str = "General Marsh") -> Claim:
    place_id, lon, lat = PLACES[name]
    at = start + words.index(name)
    quote, span = Span.of(report.text, start, start + len(words)), Span.of(report.text, at, at + len(name))
    actor = next((p for p in PARTIES if p in words), "Northland")
    event = Event.CONTROL_LOST if "lost" in words else Event.CONTROL_GAINED
    quantities: tuple[Quantity, ...] = ()
    if "km²" in words:
        event = Event.AREA_TOTAL
        number = Span.of(report.text, start + words.index("1,100"), start + words.index("km²") + 3)
        quantities = (Quantity(number, 1100.0, 1100.0, "km2", "ground", measure=Measure.HELD),)
    moment = report.published_at
    day = moment.date() if isinstance(moment, datetime) else moment
    found = Claim(
        id="",
        report_id=report.id,
        quote=quote,
        attribution=(Source(speaker, None, "spokesman", "NO"),),
        stance=Stance.DENIED if "denied" in words else Stance.CLAIMED,
        polarity=Polarity.POSITIVE,
        event=event,
        actor=actor,
        actor_id=PARTIES[actor],
        places=(ClaimPlace(place_id, name, name, span, lon, lat, 2000.0, 0.9),),
        holds=Interval() if day is None else Interval.from_days(None, day, ZoneInfo("Europe/Moscow")),
        quantities=quantities,
        reported_at=moment,
        reader=LaidReader.name,
        p=0.82,
        origin=report.origin,
    )
    identity = claim_id(
        report.sha256,
        quote,
        [speaker],
        found.stance,
        found.polarity,
        found.event,
        found.actor,
        None,
        [span],
    )
    return replace(found, id=identity)


class NoPlaces:
    """A gazetteer that has no place: the laid reader looks nothing up."""

    def get(self, place_id: str) -> None:
        return None


class LaidReader:
    """A reader in the place of the real one, so that these tests load no language model."""

    name = "laid/1"
    languages = frozenset({"en"})

    def read_many(self, reports: Iterable[Report], context: object) -> Iterator[Reading | Rejection]:
        """Read by `read_report`; a report in `xx` has no reader."""
        for report in reports:
            if report.lang == "xx":
                yield Rejection(report.id, "read", "no_reader_for_language", "no reader for language 'xx'")
            else:
                yield read_report(report)


REPORTS = (
    lay_report(
        "General Marsh said that Northland took Alderford. He denied that Northland lost Birchwell. "
        "Northland holds 1,100 km² around Dunmore. Nothing more",
        title="Marsh speaks of Alderford",
        address="https://wire.example/marsh",
    ),
    lay_report(
        "Southland took Alderford back, the general said. Southland took Dunmore. No more was said",
        publisher="whoholds demo, after Laid Post",
        published_at=date(2025, 3, 9),
        title="A demo",
        origin="written-for-demo",
    ),
    lay_report(
        f"{HOSTILE} Northland took Cressing <b>Mill</b> at dawn. The end",
        publisher="<i>Hostile</i> & Sons",
        published_at=datetime(2025, 3, 12, 8, 30, tzinfo=UTC),
        title="<script>window.broken = true</script>",
        address="javascript:window.broken=true",
    ),
    lay_report(
        "Shy words say that Northland took Birchwell. Shy end",
        publisher="Shy Gazette",
        published_at=date(2025, 3, 14),
        title="Shy",
    ),
)


def lay_workspace(path: Path, reports: Iterable[Report] = REPORTS, **theatre: Any) -> Workspace:
    """A new ledger with the reports, and a clock that stands still."""
    Workspace.create(path, lay_theatre(**theatre)).close()
    workspace = Workspace.open(path)
    workspace.now = lambda: NOW
    for report in reports:
        raw = report.text.encode()
        workspace.ledger.add_reading(read_report(report), raw=raw, media_type="text/plain", now=NOW)
    return workspace
