"""Long reports in stretches: nothing is lost, every offset is into the whole text, ids are the contract's."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.read.claims.world import context

from whoholds.model import Reading, Report, Span, claim_id, sha256_hex
from whoholds.read.rules_en import RulesReader
from whoholds.read.stretches import join_readings, move_spans, split_report
from whoholds.text import parse as module

STORY = 'The army took Arbin on Monday, the ministry said. "Rebels lost 40 men near Borsk," he added. '
ODD = [
    "\u200b",
    "\u202e",
    "\ufeff",
    "\x07",
    "القوات",
    "Войска",
    "<p>",
    "&nbsp;",
    "“",
    "”",
    '"',
    "‘",
    "(",
    "\n",
]


def report_of(text: str) -> Report:
    return Report(
        id="x", text=text, sha256=sha256_hex(text.encode()), published_at=date(2031, 5, 14), lang="en"
    )


def read(text: str) -> Reading:
    (found,) = RulesReader().read_many([report_of(text)], context())
    assert isinstance(found, Reading)
    return found


def spans_of(item: Any) -> list[Span]:
    if isinstance(item, Span):
        return [item]
    if isinstance(item, tuple):
        return [s for part in item for s in spans_of(part)]
    if is_dataclass(item):
        return [s for f in fields(item) for s in spans_of(getattr(item, f.name))]
    return []


def test_a_short_report_is_one_stretch() -> None:
    report = report_of(STORY)
    assert split_report(report) == [report]


def test_stretches_are_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_CHARS", 300)
    text = STORY * 20
    parts = split_report(report_of(text))
    assert len(parts) > 5
    assert "".join(p.text for p in parts) == text
    assert {p.sha256 for p in parts} == {sha256_hex(text.encode())}


def test_what_each_stretch_says_is_in_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_CHARS", 300)
    text = (STORY + "\n") * 12
    found = read(text)
    assert found.report.text == text
    assert len(found.claims) >= 12
    assert all(text[s.start : s.end] == s.exact for s in spans_of(found))
    assert len({c.id for c in found.claims}) == len(found.claims)
    starts = [c.quote.start for c in found.claims if c.quote]
    assert max(starts) > len(text) * 0.8
    for claim in found.claims:
        assert claim.quote is not None
        names = [s.name for s in claim.attribution]
        places = [p.span for p in claim.places]
        assert claim.id == claim_id(
            found.report.sha256,
            claim.quote,
            names,
            claim.stance,
            claim.polarity,
            claim.event,
            claim.actor,
            claim.target,
            places,
        )
    for number, item in enumerate(found.attributions):
        if item.nested_in is not None:
            outer = found.attributions[item.nested_in]
            assert number != item.nested_in
            assert any(o.start <= s.start and s.end <= o.end for o in outer.content for s in item.content)


def test_only_the_first_stretch_has_a_headline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_CHARS", 120)
    body = "The army took Arbin and it was quiet there for the rest of the long day in the south."
    text = f"Army takes port\n{body}\nRebels took Borsk and the whole valley behind it on Monday\n{body}\n"
    quotes = [c.quote.exact for c in read(text).claims if c.quote]
    assert any("Rebels took Borsk" in q for q in quotes)
    assert not any("Army takes port" in q for q in quotes)


def test_spans_move_and_nothing_else() -> None:
    span = Span(3, 6, "abc")
    assert move_spans((span, None, "abc", (span,)), 10) == (
        Span(13, 16, "abc"),
        None,
        "abc",
        (Span(13, 16, "abc"),),
    )


def test_one_part_is_the_reading_itself() -> None:
    reading = Reading(report=report_of(STORY), reader="rules.en/1")
    assert join_readings(report_of(STORY), [reading]) is reading
    assert replace(reading) == reading


@given(st.lists(st.sampled_from([STORY, *ODD, "no stop here ", "WE TOOK BORSK. "]), min_size=1, max_size=30))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_offsets_are_exact_on_hostile_texts(monkeypatch: pytest.MonkeyPatch, pieces: list[str]) -> None:
    monkeypatch.setattr(module, "PIECE_CHARS", 200)
    text = "".join(pieces) + "x"
    found = read(text)
    assert found.report.text == text
    assert all(text[s.start : s.end] == s.exact for s in spans_of(found))
