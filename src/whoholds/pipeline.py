"""Where the stages meet: reports in, claims kept, a record of control out.

    bytes --acquire--> Report --read--> Reading --store--> ledger --view--> claims --ground--> GroundRecord

The stages are pure and know nothing of each other's neighbours; the order, the store, the clock and the
caches are here. `cli` and `web` call this and nothing below it but `model`.
"""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from whoholds.acquire.files import Defaults, Incoming, make_report
from whoholds.errors import ConfigurationError, DependencyError, InputError, NotFoundError
from whoholds.model import Claim, Place, Reading, Rejection, Report, parse_moment
from whoholds.text.clean import clean_text, decode_bytes

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord
    from whoholds.places.gazetteer import Gazetteer
    from whoholds.places.read import Corrections
    from whoholds.places.usual import UsualArea
    from whoholds.read.reader import Reader
    from whoholds.store import Audience, Clock, Ledger, View
    from whoholds.store.parameters import ParameterVersion
    from whoholds.theatre import Theatre

__all__ = ["AddSummary", "Workspace", "load_reader", "read_reports", "read_reports_parallel"]

DEFAULT_READER = "rules.en"
CHUNK = 32
"""Reports a worker takes at a time: enough to fill spaCy's batches, few enough to share out evenly."""
RECORDS_KEPT = 8
"""Records of control kept in memory, one for each "as known on" that was asked for."""

Progress = Callable[[int, int | None, str], None]
"""Called with (done, total or None, what)."""


def load_reader(name: str = DEFAULT_READER) -> Reader:
    """A reader by its entry-point name.

    Raises:
        ConfigurationError: No such reader is installed.
        DependencyError: It is, but a part that it needs is not.
    """
    found = {e.name: e for e in entry_points(group="whoholds.readers")}
    if name not in found:
        raise ConfigurationError(f"no reader {name!r}; installed: {', '.join(sorted(found)) or 'none'}")
    try:
        reader: Reader = found[name].load()()
    except ImportError as error:
        raise DependencyError(f"reader {name!r} needs {error.name}, which is not installed") from None
    return reader


def read_reports(
    reports: Iterable[Report],
    gazetteer: Gazetteer,
    theatre: Theatre | None = None,
    reader: str = DEFAULT_READER,
    *,
    corrections: Corrections | None = None,
    usual_areas: Mapping[str, UsualArea] | None = None,
) -> Iterator[Reading | Rejection]:
    """Read reports in order, in this process.

    Args:
        reports: To be read.
        gazetteer: Where names are looked up.
        theatre: The war.
        reader: Entry-point name.
        corrections: What people decided about place names.
        usual_areas: By publisher, where its places usually lie.
    """
    from whoholds.read.reader import ReadingContext

    context = ReadingContext(gazetteer, theatre, corrections, usual_areas or {})
    yield from load_reader(reader).read_many(reports, context)


def read_reports_parallel(
    reports: Iterable[Report],
    theatre: Theatre | None = None,
    reader: str = DEFAULT_READER,
    *,
    workers: int | None = None,
) -> Iterator[Reading | Rejection]:
    """Read reports in order on all cores; the same result as `read_reports`.

    One process is used where there is one chunk or one core (starting workers costs a second), and for a
    reader that says `is_exclusive`, as one that counts its cost does.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from whoholds.places.gazetteer import open_gazetteer

    # The default is not loaded for the question: its workers load it.
    is_exclusive = reader != DEFAULT_READER and getattr(load_reader(reader), "is_exclusive", False)
    count = 1 if is_exclusive else workers or os.cpu_count() or 1
    source = iter(reports)
    first = list(islice(source, CHUNK))
    second = list(islice(source, CHUNK)) if count > 1 else []
    if count == 1 or not second:
        yield from read_reports(chain(first, source), open_gazetteer(theatre), theatre, reader)
        return
    # Built before the workers start, so that they only open it.
    open_gazetteer(theatre)
    chunks = chain([first, second], iter(lambda: list(islice(source, CHUNK)), []))
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(theatre, reader)
    ) as pool:
        waiting = [pool.submit(_read_chunk, chunk) for chunk in islice(chunks, 2 * count)]
        while waiting:
            done = waiting.pop(0).result()
            upcoming = next(chunks, None)
            if upcoming:
                waiting.append(pool.submit(_read_chunk, upcoming))
            yield from done


_worker: tuple[Gazetteer, Theatre | None, str] | None = None


def _start_worker(theatre: Theatre | None, reader: str) -> None:
    from whoholds.places.gazetteer import open_gazetteer

    global _worker
    # The parent said already what there is to say of the gazetteer.
    _worker = (open_gazetteer(theatre, progress=lambda _: None), theatre, reader)


def _read_chunk(reports: list[Report]) -> list[Reading | Rejection]:
    assert _worker is not None
    gazetteer, theatre, reader = _worker
    return list(read_reports(reports, gazetteer, theatre, reader))


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
        self._records: OrderedDict[tuple[object, ...], GroundRecord] = OrderedDict()
        self._latest: tuple[tuple[object, ...], GroundRecord, list[Claim]] | None = None

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
        return next(self._read([incoming.report], DEFAULT_READER, self._usual_areas()))

    def _read(
        self, reports: Iterable[Report], reader: str, usual_areas: Mapping[str, UsualArea]
    ) -> Iterator[Reading | Rejection]:
        """Readings with what the ledger's people and its earlier reports say of places."""
        from whoholds.places.read import Corrections

        said = [
            (c.report_id, c.exact, None if c.place is None else c.place.id)
            for c in self.ledger.place_corrections()
        ]
        return read_reports(
            reports,
            self.gazetteer,
            self.theatre,
            reader,
            corrections=Corrections.collect(said),
            usual_areas=usual_areas,
        )

    def _usual_areas(self) -> dict[str, UsualArea]:
        """By publisher, where the places of its reports in the ledger lie, as far as they are sure."""
        from whoholds.places.usual import UsualArea

        found: dict[str, list[tuple[Place, int]]] = {}
        for publisher, place_id, n_reports in self.ledger.places_by_publisher():
            place = self.gazetteer.get(place_id)
            if place is not None:
                found.setdefault(publisher, []).append((place, n_reports))
        return {publisher: UsualArea.of(places) for publisher, places in found.items()}

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
        from whoholds.store import PlaceCorrection

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
        self._need_words(words.strip(), report_id)
        return self.ledger.add_correction(PlaceCorrection(words, place, by, self.now(), why, report_id))

    def _need_words(self, words: str, report_id: str | None) -> None:
        from whoholds.store import Audience, ClaimFilter

        view = self.view(Audience.DESK)
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        if report_id is not None:
            texts = [view.report(report_id).report.text]
            where = f"report {report_id.removeprefix('sha256:')[:12]}"
        else:
            texts = [r.text for r in view.reports(text=words)]
            where = "any report"
        if any(whole.search(text) for text in texts):
            return
        folded = words.casefold()
        claims = view.claims(ClaimFilter())
        if any(
            (p.exact or p.name).casefold() == folded
            for c in claims
            if report_id in (None, c.report_id)
            for p in c.places
        ):
            return
        raise NotFoundError(
            f"the words {words[:80]!r} do not occur in {where}; give them as the text has them"
        )

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
                usual_areas = self._usual_areas()
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
        """The record of control, as known on an instant (None: now).

        Kept in memory by ledger revision, so that a moved slider costs a look-up.

        Args:
            as_known_on: Claims known by then; None for all.
            audience: For whom; the desk by default.
            clock: Known when said in public, or when recorded here.
            parameters: A named version of the source parameters, `latest` for the newest that fits or, where
                none does, learned from these claims, `learn` for the latter in any case.

        Raises:
            NotFoundError: There is no version of that name.
            ConfigurationError: It does not fit this record (another method, or learned from later claims).
        """
        from whoholds.ground.extend import extend_record
        from whoholds.ground.record import compute_record
        from whoholds.store import Audience, Clock

        who, clock = audience or Audience.DESK, Clock(clock)
        view = self.view(who)
        version = self.choose_parameters(parameters, as_known_on, clock=clock, audience=who)
        key = (view.revision(), who, as_known_on, clock, version.name if version else None)
        with self._lock:
            if key in self._records:
                self._records.move_to_end(key)
                return self._records[key]
        claims: list[Claim] = view.claims_for_control(as_known_on, clock)
        last_day, found = self.last_day(claims), None
        with self._lock:
            earlier = self._latest if self._latest and self._latest[0] == key[1:] else None
        if earlier is not None and as_known_on is None and last_day is not None:
            # By a frozen version, a few more claims are taken into the record that is there.
            found = extend_record(earlier[1], earlier[2], claims, last_day)
        found = found or compute_record(
            self.theatre,
            claims,
            as_known_on=as_known_on,
            clock=clock.value,
            last_day=last_day,
            parameters=version.parameters if version else None,
        )
        with self._lock:
            self._records[key] = found
            if version is not None and as_known_on is None:
                self._latest = (key[1:], found, claims)
            while len(self._records) > RECORDS_KEPT:
                self._records.popitem(last=False)
        return found

    def parameter_versions(self) -> list[ParameterVersion]:
        """The named versions of the source parameters, oldest first."""
        from whoholds.store import Audience
        from whoholds.store.parameters import list_versions

        return list_versions(self.view(Audience.DESK))

    def choose_parameters(
        self,
        asked: str,
        as_known_on: datetime | None = None,
        *,
        clock: Clock | str = "public",
        audience: Audience | None = None,
    ) -> ParameterVersion | None:
        """The version that `record` is made with; None where it learns its own. Raises as `record` does."""
        from whoholds.store import Audience
        from whoholds.store.parameters import Wanted, choose_version

        wanted = Wanted.of(self.theatre, as_known_on, clock, audience or Audience.DESK)
        return choose_version(self.parameter_versions(), asked, wanted)

    def learn(
        self,
        name: str | None = None,
        *,
        by: str,
        as_known_on: datetime | None = None,
        clock: Clock | str = "public",
        audience: Audience | None = None,
    ) -> ParameterVersion:
        """Learn the source parameters from the claims known by an instant, and keep them as a version.

        Args:
            name: Of the version; the day by default.
            by: Who asks for it.
            as_known_on: Learn from claims known by then; by now for None.
            clock: Known when said in public, or when recorded here.
            audience: Whose claims; the desk's by default.

        Raises:
            InputError: The name cannot be used, the instant is to come, or there is nothing to learn from.
        """
        from whoholds.store import Audience
        from whoholds.store.parameters import free_name, keep_version, learn_version

        now, who = self.now(), audience or Audience.DESK
        known = as_known_on or now
        if known > now:
            raise InputError(f"nothing can be learned from what is known on {known}, which is to come")
        claims = self.view(who).claims_for_control(known, clock)
        version = learn_version(
            self.theatre,
            claims,
            name=free_name(self.parameter_versions(), now) if name is None else name,
            by=by,
            now=now,
            known=known,
            clock=clock,
            audience=who,
            last_day=self.last_day(claims),
        )
        keep_version(self.ledger, version)
        return version

    def last_day(self, claims: Iterable[Claim] = ()) -> date:
        """The last day that the record covers: the theatre's, or else the latest report's."""
        if self.theatre.last_day is not None:
            return self.theatre.last_day
        days = [_day(c.reported_at) for c in claims if c.reported_at is not None]
        today = self.now().astimezone(self.theatre.zone).date()
        return min(max(days), today) if days else today

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


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _mark_echo(claim: Claim, originals: Iterable[Claim]) -> Claim:
    """The claim with the id of the one that it copies: same event, polarity and a place in common."""
    places = {p.place_id or p.name for p in claim.places}
    for original in originals:
        same = (claim.event, claim.polarity) == (original.event, original.polarity)
        if same and places == {p.place_id or p.name for p in original.places}:
            return replace(claim, echo_of=original.echo_of or original.id)
    return claim
