"""Ids: stable, and never equal for different field lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoholds.model import Event, Polarity, Span, Stance, canonical_json, claim_id, content_id

fields = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(fields, max_size=4), st.lists(fields, max_size=4))
def test_only_equal_fields_give_equal_bytes(a: list[object], b: list[object]) -> None:
    import json
    import unicodedata

    def plain(value: object) -> str:
        return unicodedata.normalize("NFC", json.dumps(value, ensure_ascii=False))

    assert (canonical_json(a) == canonical_json(b)) == (plain(a) == plain(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", None), ("a", "")),
        (("a", "null"), ("a", None)),
        ((1,), ("1",)),
        ((True,), (1,)),
        (("a", ["b"]), ("a", "b")),
        (('a","b',), ("a", "b")),
    ],
)
def test_concatenation_cannot_collide(a: tuple[object, ...], b: tuple[object, ...]) -> None:
    assert content_id("t/1", *a) != content_id("t/1", *b)  # type: ignore[arg-type]
    assert content_id("t/1", *a) != content_id("t/2", *a)  # type: ignore[arg-type]


def test_composed_and_decomposed_letters_are_one_name() -> None:
    assert content_id("t/1", "Vorone\u0301zh") == content_id("t/1", "Voron\u00e9zh")


def test_floats_and_mappings_have_no_canonical_form() -> None:
    for value in (1.5, {"a": 1}, b"bytes"):
        with pytest.raises(TypeError):
            content_id("t/1", value)  # type: ignore[arg-type]


def test_the_id_of_a_claim_is_pinned() -> None:
    """The contract promises ids: a change here orphans every review that anybody made."""
    quote = Span(10, 15, "words")
    found = claim_id(
        "ab" * 32,
        quote,
        ["A Speaker"],
        Stance.CLAIMED,
        Polarity.POSITIVE,
        Event.ENTERED,
        "X troops",
        None,
        [Span(12, 14, "rd")],
    )
    expected = content_id(
        "claim/1",
        "ab" * 32,
        10,
        15,
        ["A Speaker"],
        "claimed",
        "positive",
        "entered",
        "X troops",
        None,
        [[12, 14]],
    )
    assert found == expected
    assert len(found) == len("sha256:") + 64
