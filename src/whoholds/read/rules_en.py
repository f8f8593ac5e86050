"""`rules.en`: the default reader, by rules over spaCy's small English pipeline. Nothing is downloaded.

Reports enter, a `Reading` (or a `Rejection`) for each leaves, in order.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC
from itertools import islice

from threadpoolctl import threadpool_limits

from whoholds.model import EVENT_GROUPS, Claim, PlaceMention, Reading, Rejection, Report
from whoholds.places.read import read_places
from whoholds.places.relations import relation_of
from whoholds.places.remembered import RememberingGazetteer
from whoholds.read.attribution import extract_attributions
from whoholds.read.attribution.tree import build_tree
from whoholds.read.certainty import extract_certainty
from whoholds.read.certainty.confidence import calibrate_claims
from whoholds.read.claims import Material, extract_claims
from whoholds.read.claims.parties import Parties
from whoholds.read.claims.unnoticed import add_unnoticed
from whoholds.read.claims.witness import Witness
from whoholds.read.events import extract_events
from whoholds.read.quantities import drop_anchored, extract_quantities
from whoholds.read.reader import ReadingContext
from whoholds.read.stretches import join_readings, split_report
from whoholds.read.times import extract_times
from whoholds.text.blocks import find_blocks
from whoholds.text.language import detect_language
from whoholds.text.parse import Parsed, parse_many

__all__ = ["RulesReader"]

_ON_GROUND = frozenset({"territory", "presence", "fire"})
_AT_ONCE = 32
"""Reports parsed together: enough to fill the batches of spaCy's neural layers."""
_MOST_AHEAD = 20_000
"""Tokens that the network reads ahead of the rules: what it makes of them takes some 160 MB."""


class RulesReader:
    """Reads English reports by rules."""

    name = "rules.en/3"
    languages = frozenset({"en"})

    def __init__(self, *, is_calibrated: bool = True) -> None:
        """Set the reader up.

        Args:
            is_calibrated: Whether claims get probabilities; else they keep the raw scores, to fit them.
        """
        self._is_calibrated = is_calibrated

    def read_many(self, reports: Iterable[Report], context: ReadingContext) -> Iterator[Reading | Rejection]:
        """Read reports in order; one that cannot be read gives a `Rejection` in its place."""
        source = iter(reports)
        given = context
        while batch := list(islice(source, _AT_ONCE)):
            context = replace(given, gazetteer=RememberingGazetteer(given.gazetteer))
            refused = [self._refuse(report) for report in batch]
            stretches = [split_report(r) if no is None else [] for r, no in zip(batch, refused, strict=True)]
            parsed = parse_many(part.text for parts in stretches for part in parts)
            with _reading_ahead() as ahead:
                prepared = _prepare(stretches, parsed, ahead)
                for report, rejection, parts in zip(batch, refused, stretches, strict=True):
                    if rejection is not None:
                        yield rejection
                        continue
                    readings = [self._read(part, *next(prepared), context) for part in parts]
                    yield join_readings(report, readings)

    def _refuse(self, report: Report) -> Rejection | None:
        """Why a report cannot be read, or None."""
        if not any(c.isalnum() for c in report.text):
            return Rejection(
                report.id,
                "read",
                "empty_text",
                f"report {report.id!r} has no words; give a text with sentences",
            )
        language = (report.lang or detect_language(report.text) or "en").lower().split("-")[0].split("_")[0]
        if language not in self.languages:
            return Rejection(
                report.id,
                "read",
                "no_reader_for_language",
                f"report {report.id!r} is in {language!r}, for which no reader is installed (here: en); "
                "give --lang en if the guess is wrong, or translate the text first",
            )
        return None

    def _read(self, report: Report, parsed: Parsed, witness: Witness, context: ReadingContext) -> Reading:
        theatre = context.theatre
        zone = UTC if theatre is None else theatre.zone
        tree = build_tree(parsed)
        speeches = extract_attributions(parsed, tree)
        places = read_places(
            parsed,
            context.gazetteer,
            theatre,
            context.corrections_for(report),
            context.usual_area_of(report),
        )
        times = extract_times(parsed, report.published_at, zone)
        quantities = extract_quantities(parsed, times)
        cues = frozenset(t for s in speeches for t in s.cue_tokens)
        events = extract_events(parsed, places, cues)
        noticed = places
        places = add_unnoticed(parsed, places, events, context.gazetteer, theatre, witness.is_place)
        entry = None if theatre is None else theatre.find_source(report.publisher)
        claims = extract_claims(
            Material(
                parsed=parsed,
                report=report,
                speeches=speeches,
                events=events,
                places=places,
                times=times,
                quantities=drop_anchored(quantities, times),
                parties=Parties(parsed, places, context.gazetteer, theatre, events, report.publisher),
                relation_of=relation_of,
                theatre=theatre,
                zone=zone,
                reader=self.name,
                witness=witness,
                publisher_side=None if entry is None else entry.side,
            )
        )
        return Reading(
            report=report,
            reader=self.name,
            attributions=tuple(s.attribution for s in speeches),
            places=_claimed_or_noticed(claims, places, noticed),
            times=times,
            quantities=quantities,
            claims=calibrate_claims(claims) if self._is_calibrated else claims,
            factuality=extract_certainty(tree),
        )


class _SoleThread:
    """While anybody reads, the algebra has one thread.

    Its matrices are small, and a second thread would mostly spin, on a core that the network or another
    worker needs; nor does what comes out hang on the number of cores then. The limit is the process's, so the
    first reader sets it and the last one lifts it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers = 0
        self._limits: threadpool_limits | None = None

    def __enter__(self) -> None:
        with self._lock:
            if self._readers == 0:
                self._limits = threadpool_limits(1, user_api="blas")
            self._readers += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._readers -= 1
            if self._readers == 0 and self._limits is not None:
                self._limits.restore_original_limits()


_sole_thread = _SoleThread()


@contextmanager
def _reading_ahead() -> Iterator[Executor]:
    """A second thread, in which the network reads while the rules do: it lets go of the interpreter."""
    ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="network")
    with _sole_thread:
        try:
            yield ahead
        finally:
            ahead.shutdown(wait=False, cancel_futures=True)


def _prepare(
    stretches: Sequence[Sequence[Report]], parsed: Iterator[Parsed], ahead: Executor
) -> Iterator[tuple[Parsed, Witness]]:
    """The parses of a batch's stretches, each with the network begun on it some way ahead of the rules."""
    waiting: deque[tuple[Parsed, Witness]] = deque()
    tokens = 0
    for parts in stretches:
        for number, part in enumerate(parts):
            its = next(parsed)
            if number:
                # The headline is where the report begins.
                its = replace(its, blocks=find_blocks(its.text, has_headline=False))
            waiting.append((its, Witness(its, part.publisher, ahead)))
            tokens += len(its.doc)
            while tokens > _MOST_AHEAD:
                first = waiting.popleft()
                tokens -= len(first[0].doc)
                yield first
    while waiting:
        yield waiting.popleft()


def _claimed_or_noticed(
    claims: Sequence[Claim], places: Sequence[PlaceMention], noticed: Sequence[PlaceMention]
) -> tuple[PlaceMention, ...]:
    """The mentions that recognition saw, and those of the others that a claim about ground needs.

    What recognition passed over is a guess for the claims' sake. It is listed where ground changes hands or
    fire falls there, and the gazetteer knows the name. Else, on news of no war, one in fifteen was a place.
    """
    needed = {
        p.span
        for c in claims
        if EVENT_GROUPS[c.event] in _ON_GROUND
        for p in c.places
        if p.span is not None and p.place_id is not None
    }
    kept = [p for p in places if p.span in needed]
    kept += [p for p in noticed if not any(p.span.overlaps(k.span) for k in kept)]
    return tuple(sorted(kept, key=lambda p: (p.span.start, p.span.end)))
