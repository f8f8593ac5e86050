"""An open ledger, with what reads into it and what is derived from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from whoholds.acquire.files import Defaults, Incoming, make_report
from whoholds.errors import InputError, NotFoundError
from whoholds.model import Claim, Reading, Rejection, Report, parse_moment
from whoholds.pipeline.names import collect_corrections, list_usual_areas, need_words
from whoholds.pipeline.reading import CHUNK, DEFAULT_READER, Progress, read_reports
from whoholds.pipeline.records import RecordBook
from whoholds.text.clean import clean_text, decode_bytes

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord
    from whoholds.places.gazetteer import Gazetteer
    from whoholds.places.usual import UsualArea
    from whoholds.store import Audience, Clock, Ledger, View
    from whoholds.theatre import Theatre

__all__ = ["AddSummary", "Workspace"]


@dataclass(slots=True)
class AddSummary:
    """What an addition came to.

    Attributes:
        reports: New reports kept.
        known: Reports that the ledger had already, byte for byte.
        claims: New claims kept.
        rejections: What could not be used, each with its reason.
        report_ids: Ids of the new reports, in order.
    """

    reports: int = 0
    known: int = 0
    claims: int = 0
    rejections: list[Rejection] = field(default_factory=list)
    report_ids: list[str] = field(default_factory=list)


class Workspace:
    """An open ledger, with what reads into it and what is derived from it.

    Safe to use from several threads: the web server's workers share one.
    """

    def __init__(self, ledger: Ledger, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.ledger = ledger
        self.now = clock
        self._lock = threading.Lock()
        self._gazetteer: Gazetteer | None = None
        self.records = RecordBook(ledger, self.view, lambda: self.now())

    @classmethod
    def open(cls, path: str | Path, *, read_only: bool = False) -> Workspace:
        """Open the ledger in a file.

        Raises:
            StoreError: There is none, or it cannot be opened.
        """
        from whoholds.store import open_ledger

        return cls(open_ledger(path, read_only=read_only))

    @classmethod
    def create(cls, path: str | Path, theatre: Theatre) -> Workspace:
        """Make a new ledger.

        Raises:
            LedgerExistsError: There is a file already.
        """
        from whoholds.store import create_ledger

        return cls(create_ledger(path, theatre, now=datetime.now(UTC)))

    def close(self) -> None:
        """Close the ledger; everything acknowledged is on disk already."""
        self.ledger.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def theatre(self) -> Theatre:
        """The war that the ledger is about."""
        return self.ledger.theatre

    @property
    def gazetteer(self) -> Gazetteer:
        """The theatre's places, stacked before the embedded gazetteer; opened on first use."""
        from whoholds.places.gazetteer import open_gazetteer

        with self._lock:
            if self._gazetteer is None:
                self._gazetteer = open_gazetteer(self.theatre)
            return self._gazetteer

    def view(self, audience: Audience) -> View:
        """What an audience may see now."""
        return self.ledger.view(audience, self.now())

    # --- in ------------------------------------------------------------------------------------------

    def incoming_text(
        self,
        text: str,
        *,
        title: str | None = None,
        publisher: str | None = None,
        published_at: str | None = None,
        lang: str | None = None,
    ) -> Incoming:
        """A pasted text as an incoming report.

        Raises:
            InputError: It is empty or too large, or the date cannot be read.
        """
        raw = text.encode("utf-8", "surrogatepass")
        cleaned = clean_text(decode_bytes(raw, name="the text"))
        moment = parse_moment(published_at, self.theatre.zone) if published_at else None
        defaults = Defaults(publisher, moment, lang, self.theatre.zone)
        report = make_report(cleaned, raw, defaults, name="the text")
        return Incoming("the text", replace(report, title=title or report.title), raw, "text/plain")

    def read(self, incoming: Incoming) -> Reading | Rejection:
        """Read one report without keeping anything."""
        return next(
            self._read([incoming.report], DEFAULT_READER, list_usual_areas(self.ledger, self.gazetteer))
        )

    def _read(
        self, reports: Iterable[Report], reader: str, usual_areas: Mapping[str, UsualArea]
    ) -> Iterator[Reading | Rejection]:
        """Readings with what the ledger's people and its earlier reports say of places."""
        return read_reports(
            reports,
            self.gazetteer,
            self.theatre,
            reader,
            corrections=collect_corrections(self.ledger),
            usual_areas=usual_areas,
        )

    def correct_place(
        self, words: str, place_id: str | None, *, by: str, why: str, report_id: str | None = None
    ) -> int:
        """Keep which place some words mean, in one report or in all; the number of claims changed.

        Claims that are there follow at once, reports added later as they are read.

        Args:
            words: As the text has them, in any case ("Kurilovka").
            place_id: Of the gazetteer; None where they name no place that is known.
            by: Who says so.
            why: The reason.
            report_id: The report that it holds for; None for all.

        Raises:
            NotFoundError: No place has the id, there is no such report, or the words never occur.
            InputError: Nobody is named, no reason is given, or there are no words.
        """
        from whoholds.store import Audience, PlaceCorrection

        if not why.strip():
            raise InputError("a correction needs a reason")
        if not words.strip():
            raise InputError("a correction needs the words that it is about")
        place = None if place_id is None else self.gazetteer.get(place_id)
        if place is None and place_id is not None:
            raise NotFoundError(
                f"no place has the id {place_id!r}; `whoholds places find NAME` prints ids, "
                "and a theatre's table of places adds its own"
            )
        need_words(self.view(Audience.DESK), words.strip(), report_id)
        return self.ledger.add_correction(PlaceCorrection(words, place, by, self.now(), why, report_id))

    def add(
        self,
        items: Iterable[Incoming | Rejection],
        *,
        reader: str = DEFAULT_READER,
        progress: Progress | None = None,
        total: int | None = None,
    ) -> AddSummary:
        """Read reports and keep them, a transaction each. Bad ones are listed; the rest go in.

        A report is acknowledged (counted, and `progress` called) only once it is on disk.
        """
        summary = AddSummary()
        done = 0
        usual_areas: dict[str, UsualArea] | None = None
        source = iter(items)
        while batch := list(islice(source, CHUNK)):
            good = [i for i in batch if isinstance(i, Incoming)]
            for bad in batch:
                if isinstance(bad, Rejection):
                    summary.rejections.append(bad)
            new = [i for i in good if not self.ledger.has_report(i.report.id, reader)]
            summary.known += len(good) - len(new)
            if new and usual_areas is None:
                usual_areas = list_usual_areas(self.ledger, self.gazetteer)
            readings = self._read([i.report for i in new], reader, usual_areas or {}) if new else iter(())
            for incoming, reading in zip(new, readings, strict=True):
                done = self._keep(incoming, reading, summary, done, total, progress)
            done += len(batch) - len(new)
            if progress:
                progress(done, total, "")
        return summary

    def _keep(
        self,
        incoming: Incoming,
        reading: Reading | Rejection,
        summary: AddSummary,
        done: int,
        total: int | None,
        progress: Progress | None,
    ) -> int:
        if isinstance(reading, Rejection):
            summary.rejections.append(replace(reading, item=incoming.name))
        else:
            added = self.ledger.add_reading(
                self._with_echoes(reading),
                raw=incoming.raw,
                media_type=incoming.media_type,
                now=self.now(),
                name=Path(incoming.name).stem,
            )
            if added.is_new:
                summary.reports += 1
                summary.claims += added.n_claims
                summary.report_ids.append(added.report_id)
            else:
                summary.known += 1
        if progress:
            progress(done + 1, total, incoming.report.title or incoming.name)
        return done + 1

    def _with_echoes(self, reading: Reading) -> Reading:
        """The reading with `echo_of` set on claims of a report that says what it reprints."""
        named = reading.report.echo_of
        if not named:
            return reading
        originals = self.ledger.claims_of_report_named(named)
        return replace(reading, claims=tuple(_mark_echo(c, originals) for c in reading.claims))

    # --- out -----------------------------------------------------------------------------------------

    def record(
        self,
        as_known_on: datetime | None = None,
        *,
        audience: Audience | None = None,
        clock: Clock | str = "public",
        parameters: str = "latest",
    ) -> GroundRecord:
        """The record of control, as known on an instant (None: now); see `RecordBook.get`."""
        return self.records.get(as_known_on, audience=audience, clock=clock, parameters=parameters)

    def refresh_control(self) -> int:
        """Write the record of now into the ledger's `control` layer; the number of rows written.

        Where the public sees other claims than the desk, its own record is written beside.
        """
        from whoholds.ground.record import METHOD
        from whoholds.store import Audience, ControlRun

        theatre = self.theatre
        audiences = [Audience.DESK]
        if theatre.embargo_hours or theatre.coarsen_to_resolution is not None:
            audiences.append(Audience.PUBLIC)
        written = 0
        for audience in audiences:
            record = self.record(audience=audience)
            details = {"parameters": record.parameters.name}
            run = ControlRun(method=METHOD, made_at=self.now(), audience=audience, details=details)
            written += self.ledger.replace_control(run, record.control_rows())
        return written


def _mark_echo(claim: Claim, originals: Iterable[Claim]) -> Claim:
    """The claim with the id of the one that it copies: same event, polarity and a place in common."""
    places = {p.place_id or p.name for p in claim.places}
    for original in originals:
        same = (claim.event, claim.polarity) == (original.event, original.polarity)
        if same and places == {p.place_id or p.name for p in original.places}:
            return replace(claim, echo_of=original.echo_of or original.id)
    return claim
