"""The prompt's data, the schema and looking words up, without an endpoint."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.read.claims.world import theatre

from whoholds.model import Event, Measure, Polarity, Relation, Report, Stance
from whoholds.read.llm.answer import read_answer
from whoholds.read.llm.failures import LlmFailureError
from whoholds.read.llm.locate import Locator, trim
from whoholds.read.llm.pieces import split_text
from whoholds.read.llm.prompt import load_words, messages_for
from whoholds.read.llm.schema import answer_schema

LISTS = {"stance": Stance, "polarity": Polarity, "event": Event, "relation": Relation, "measure": Measure}


@pytest.mark.parametrize("name", LISTS)
def test_every_label_is_told(name: str) -> None:
    assert set(load_words().meanings[name]) == {v.value for v in LISTS[name]}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value has the shape of the part of JSON Schema that is used here."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    types: dict[str, Any] = {
        "string": str,
        "number": (int, float),
        "array": list,
        "object": dict,
        "null": type(None),
    }
    if not any(isinstance(value, types[k]) for k in kinds) or (
        "enum" in schema and value not in schema["enum"]
    ):
        return False
    if isinstance(value, dict):
        named = schema["properties"]
        return set(value) == set(named) == set(schema["required"]) and all(
            fits(value[k], named[k]) for k in named
        )
    return all(fits(v, schema["items"]) for v in value) if isinstance(value, list) else True


def test_the_example_keeps_its_own_rules() -> None:
    example = load_words().example
    assert fits(json.loads(example["answer"]), answer_schema(["A", "B"]))
    assert not fits({"claims": [{}]}, answer_schema())
    dropped: Counter[str] = Counter()
    drafts = read_answer(example["answer"], dropped)
    locator = Locator(example["text"])
    assert len(drafts) == 2
    assert not dropped
    for draft in drafts:
        words = [draft.quote, draft.actor, *(p.words for p in draft.places)]
        words += [w for s in draft.sources for w in (s.name, s.words, s.cue)]
        assert all(locator.occurrences(w) for w in words if w is not None)


@pytest.mark.parametrize("parties", [(), ("NOR", "FLS")])
def test_the_schema_is_closed(parties: tuple[str, ...]) -> None:
    def check(part: dict[str, Any]) -> None:
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == list(part["properties"])
            for inner in part["properties"].values():
                check(inner)
        elif part["type"] == "array":
            check(part["items"])

    check(answer_schema(parties))


def test_the_prompt_has_the_war_and_survives_braces() -> None:
    report = Report(id="r", text="Set {x} and {0} %s", sha256="0" * 64)
    told = messages_for(report, report.text, theatre(), answer_schema(), is_shape_told=True)
    assert [m["role"] for m in told] == ["system", "user", "assistant", "user"]
    assert "FLS: Front for the Liberation of the South" in told[0]["content"]
    assert "Set {x} and {0} %s" in told[-1]["content"]
    assert "Published: unknown" in told[-1]["content"]
    assert "ISO 3166" in messages_for(report, "x", None, {}, is_shape_told=False)[0]["content"]


@given(st.text(), st.integers(1, 40))
def test_pieces_are_the_text(text: str, limit: int) -> None:
    pieces = split_text(text, 0, len(text), limit)
    assert all(0 < end - start <= limit for start, end in pieces)
    assert all(a[1] <= b[0] for a, b in pairwise(pieces))
    lost = set(range(len(text))) - {i for start, end in pieces for i in range(start, end)}
    assert all(text[i].isspace() for i in lost)


@given(st.text(alphabet="ab B.“\"'-— \n", max_size=40), st.text(alphabet="ab B.“\"'-— \n", max_size=8))
def test_what_is_found_stands_there(text: str, words: str) -> None:
    for span in Locator(text).occurrences(words):
        assert text[span.start : span.end] == span.exact
        folded = [" ".join(t.split()) for t in (span.exact, words)]
        table = str.maketrans({"“": '"', "—": "-"})
        assert folded[0].translate(table) == folded[1].translate(table)


@given(st.text(max_size=60), st.integers(0, 59), st.integers(1, 60))
def test_any_whole_stretch_is_found(text: str, start: int, length: int) -> None:
    words = text[start : start + length]
    cut = [text[max(0, start - 1) : start], text[start + length : start + length + 1]]
    if any(c.isalnum() for c in words) and not any(c.isalnum() for c in cut) and words == words.strip():
        assert (
            any(s.start == start and s.exact == words for s in Locator(text)._find(words))
            or text.count(words) > 1
        )


@given(st.text(alphabet="a .”“", min_size=1, max_size=12))
def test_trimming_leaves_words(text: str) -> None:
    from whoholds.model import Span

    found = trim(text, Span.of(text, 0, len(text)))
    assert (found is None) is ("a" not in text)
    if found is not None:
        assert found.exact[0] == found.exact[-1] == "a"


@given(st.text())
def test_no_answer_breaks_the_program(text: str) -> None:
    dropped: Counter[str] = Counter()
    try:
        found = read_answer(text, dropped)
    except LlmFailureError:
        found = []
    assert found == []


KEYS = ("quote", "stance", "event", "polarity", "sources", "places", "quantities", "name", "words", "low")
SCALARS = st.none() | st.booleans() | st.floats() | st.integers()
LABELS = st.sampled_from(["asserted", "clash", "in", "2031-05-14", ""])


@given(
    st.recursive(
        SCALARS | LABELS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_program(item: Any) -> None:
    dropped: Counter[str] = Counter()
    drafts = read_answer(json.dumps({"claims": [item]}), dropped)
    assert len(drafts) + dropped["claim_shape"] + dropped["label"] == 1


def test_a_word_that_stands_very_often_costs_little() -> None:
    text = "Arbin fell. " * 20_000
    found = Locator(text).occurrences("Arbin fell")
    assert len(found) == 200
