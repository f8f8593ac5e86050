"""Whatever comes in: no crash, exact offsets, the same answer twice; and what is refused."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.read.claims.world import context, read

from whoholds.model import Reading, Rejection, Report, sha256_hex
from whoholds.model.contract import reading_to_json
from whoholds.read.rules_en import RulesReader
from whoholds.text.language import detect_language

PIECES = st.sampled_from(
    [
        "The army", "rebels", "took", "lost", "Arbin", "Borsk", "near", "on Monday", "said", "that", ",", ".", "\n", "\n\n",
        '"', "“", "”", "(", ")", "▪️", "and", "not", "400 soldiers", "will", "if", "denied", "claims", "shelling of", "there",
        "\u200b", "\u202e", "القوات", "Войска", "\x07", "é", "👍🏽", "&nbsp;", "<b>", "fighting", "withdrew from", ":", "—", "86%",
        "ordered", "to", "retake", "the town", "Kremlin", "has yet to", "respond", "with supply lines cut", "%", "A.", "No",
    ]
)  # fmt: skip


@given(st.lists(PIECES, min_size=1, max_size=60).map(" ".join))
@example('The army , " : The army')
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_offsets_are_exact_on_any_text(text: str) -> None:
    report = Report(
        id="x", text=text, sha256=sha256_hex(text.encode()), published_at=date(2031, 5, 14), lang="en"
    )
    (found,) = RulesReader().read_many([report], context())
    if isinstance(found, Rejection):
        assert found.code == "empty_text"
        return
    seen = set()
    for claim in found.claims:
        assert claim.quote is not None
        assert text[claim.quote.start : claim.quote.end] == claim.quote.exact
        for span in (*(p.span for p in claim.places), *(q.span for q in claim.quantities)):
            assert span is None or text[span.start : span.end] == span.exact
        seen.add(claim.id)
    assert len(seen) == len(found.claims)
    assert reading_to_json(found)["claims"] is not None


@pytest.mark.parametrize(
    "text",
    [
        "THE ARMY RETOOK ARBIN AND BORSK. REBELS FLED. " * 20,
        "The army took Arbin and " * 400,
        '"' * 2_000 + "The army took Arbin.",
        "Rebels took " + ", ".join(["Arbin"] * 1_500) + ".",
        "\u200bRebels\u200b took\u200b Arbin\u200b.",
        "\n".join(["x"] * 1_000),
        "<p>The army took Arbin.</p>" * 20,
    ],
    ids=["capitals", "no full stop", "quotes", "list", "zero width", "lines", "markup"],
)
def test_strange_texts_are_read(text: str) -> None:
    found = read(text)
    assert all(c.quote and text[c.quote.start : c.quote.end] == c.quote.exact for c in found.claims)


def test_order_and_rejections_of_a_batch() -> None:
    texts = [
        "Rebels took Arbin.",
        "   ",
        "Войска вошли в город и закрепились на окраине.",
        "The army left Borsk.",
    ]
    reports = [Report(id=str(n), text=t, sha256=sha256_hex(t.encode())) for n, t in enumerate(texts)]
    found = list(RulesReader().read_many(reports, context()))
    assert [f.report.id if isinstance(f, Reading) else f.item for f in found] == ["0", "1", "2", "3"]
    assert [f.code for f in found if isinstance(f, Rejection)] == ["empty_text", "no_reader_for_language"]


def test_reading_twice_gives_the_same_ids() -> None:
    text = "Frontwatch confirmed that rebels had entered Dornay but noted that fighting continued on the outskirts."
    assert [c.id for c in read(text).claims] == [c.id for c in read(text).claims]


def test_without_a_date_nothing_is_anchored() -> None:
    claims = read("Rebels took Arbin on Monday.", on=None).claims
    assert [c.holds.to_days() for c in claims] == [(None, None)]
    assert [c.reported_at for c in claims] == [None]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The army entered the town on Monday, officials said.", "en"),
        ("Rebels take the bridge and the road to the north", "en"),
        ("Войска вошли в город", "ru"),
        ("Les troupes sont entrées dans la ville après de violents combats.", "fr"),
        ("القوات دخلت المدينة", "ar"),
        ("123 456", None),
        ("", None),
    ],
)
def test_language_of_a_text(text: str, language: str | None) -> None:
    assert detect_language(text) == language
