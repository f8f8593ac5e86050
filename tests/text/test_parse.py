"""The parse: exact offsets for any text, sentences that follow the layout, time that is linear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoholds.text import parse as module
from whoholds.text.parse import english_pipeline, parse, parse_many


@pytest.mark.parametrize(
    "text",
    [
        "Troops entered the port on Tuesday. They left on Friday.",
        "HEADLINE WITHOUT STOP\n\nBody follows here.\n\n\nAnd here.",
        "нет английского текста",
        "العربية من اليمين إلى اليسار mixed with English",
        "zero\u200bwidth and \x07 control \ufeff characters",
        "no full stop " * 50,
        "\n\n \t x",
        '"' * 500,
        "He said " + "“" * 2_000 + "it fell" + "”" * 2_000 + ". It was so.",
        "x" * 700 + " " + "," * 700 + "\n\n" + "-" * 301,
        " " * 400 + "." * 600 + "  end",
    ],
)
def test_tokens_are_the_text(text: str) -> None:
    doc = parse(text).doc
    assert doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in doc)


def test_a_headline_is_a_sentence_of_its_own() -> None:
    doc = parse("Army takes port as rebels flee\n\nThe army said on Monday that it held the port.").doc
    assert next(doc.sents).text.strip() == "Army takes port as rebels flee"


def test_long_texts_are_cut_and_joined_without_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_CHARS", 200)
    text = "The army entered the town. " * 60 + "x" * 900
    parsed = parse(text)
    assert parsed.doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in parsed.doc)
    assert sum(1 for s in parsed.doc.sents if "entered" in s.text) >= 55


def test_many_in_order() -> None:
    texts = ["One went.", "Two came.", "", "Three stayed."]
    assert [p.text for p in parse_many(texts)] == texts


def test_blocks_are_found_by_offset() -> None:
    text = "Head line here\n\nBody sentence is here.\n"
    parsed = parse(text)
    block = parsed.block_at(text.index("sentence"))
    assert block is not None
    assert text[block.start : block.end] == "Body sentence is here."
    assert parsed.block_at(len("Head line here") + 1) is None
    assert parsed.block_at(10_000) is None


def test_the_pipeline_is_loaded_once() -> None:
    assert english_pipeline() is english_pipeline()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["“", ".", "x", " ", "\n", "'", "ж", "\u200b", "a.b"]), st.integers(1, 700)
        ),
        max_size=6,
    )
)
def test_long_runs_are_cut_without_loss(runs: list[tuple[str, int]]) -> None:
    text = "".join(mark * count for mark, count in runs)
    doc = english_pipeline().make_doc(text)
    assert doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in doc)
    assert all(len(t.text) <= module.RUN_CHARS for t in doc if not t.is_space)


def test_ordinary_texts_are_not_cut() -> None:
    text = f"See https://example.org/{'a' * 200} (the “whole” report)."
    assert [t.text for t in english_pipeline().make_doc(text)][1] == f"https://example.org/{'a' * 200}"
