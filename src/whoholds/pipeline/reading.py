"""Readers by their names: reports in, readings out, in this process or in several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import entry_points
from itertools import chain, islice
from typing import TYPE_CHECKING

from whoholds.errors import ConfigurationError, DependencyError
from whoholds.model import Reading, Rejection, Report

if TYPE_CHECKING:
    from whoholds.places.gazetteer import Gazetteer
    from whoholds.places.read import Corrections
    from whoholds.places.usual import UsualArea
    from whoholds.read.reader import Reader
    from whoholds.theatre import Theatre

__all__ = ["CHUNK", "DEFAULT_READER", "Progress", "load_reader", "read_reports", "read_reports_parallel"]

DEFAULT_READER = "rules.en"
CHUNK = 32
"""Reports a worker takes at a time: enough to fill spaCy's batches, few enough to share out evenly."""

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
