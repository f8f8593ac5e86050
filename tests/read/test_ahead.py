"""Reading ahead: the same answers in the same order however far; who stops early leaves nothing running."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from threadpoolctl import threadpool_info

from whoholds.model import Reading, Report, sha256_hex
from whoholds.places.gazetteer import open_gazetteer
from whoholds.read import rules_en
from whoholds.read.reader import ReadingContext
from whoholds.read.rules_en import RulesReader


def reports(count: int) -> list[Report]:
    texts = [f"The army took hill {n} from the rebels on Monday, the governor said." for n in range(count)]
    return [
        Report(f"r{n}", text, sha256_hex(text.encode()), published_at=date(2025, 3, 12), lang="en")
        for n, text in enumerate(texts)
    ]


def test_how_far_ahead_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ReadingContext(open_gazetteer())
    usual = list(RulesReader().read_many(reports(12), context))
    monkeypatch.setattr(rules_en, "_MOST_AHEAD", 20)
    assert list(RulesReader().read_many(reports(12), context)) == usual
    assert [r.report.id for r in usual if isinstance(r, Reading)] == [f"r{n}" for n in range(12)]


def test_one_who_stops_early_leaves_no_thread() -> None:
    reading = RulesReader().read_many(reports(20), ReadingContext(open_gazetteer()))
    next(reading)
    begun = [t for t in threading.enumerate() if t.name.startswith("network")]
    assert begun, "it reads in a thread of its own"
    reading.close()
    for thread in begun:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in begun)


def test_the_last_reader_gives_the_algebra_its_threads_back() -> None:
    def threads() -> int:
        return next(i["num_threads"] for i in threadpool_info() if i["user_api"] == "blas")

    usual = threads()
    first, second = (RulesReader().read_many(reports(20), ReadingContext(open_gazetteer())) for _ in range(2))
    next(first)
    next(second)
    first.close()
    assert threads() == 1
    second.close()
    assert threads() == usual
