"""The parse as plain objects says what spaCy's says."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whoholds.text.parse import english_pipeline
from whoholds.text.tokens import Doc, Token, read_doc

TEXTS = (
    "",
    " ",
    "Army takes port\n\nThe army, which had fled on 5 May, took the port “by night”, Ada Holm said.",
    "BORSK, Norland – 12 dead; two T-72s lost...\n\n\tA was 'told' that B, C and D (all TKR) fell. Why?",
    "\n\nIt's the pro-Norland mayor's 3rd office; no-one, U.S.-backed or not, says so!  Twenty-one left. ",
    "A dam that they said they thought they had seen the men who hold it blow up is whole. \u200b“”«»",
)
SAME = (
    "i", "idx", "text", "whitespace_", "lower_", "lemma_", "pos_", "tag_", "dep_", "ent_type_", "ent_iob_",
    "is_space", "is_punct", "is_alpha", "is_quote", "is_stop", "is_title", "like_num",
)  # fmt: skip


def both(text: str) -> tuple[Any, Doc]:
    parse = english_pipeline()(text)
    return parse, read_doc(parse)


def numbers(tokens: Any) -> list[int]:
    return [token.i for token in tokens]


@pytest.mark.parametrize("text", TEXTS)
def test_every_attribute_is_spacys(text: str) -> None:
    parse, doc = both(text)
    assert (doc.text, len(doc)) == (parse.text, len(parse))
    for theirs, ours in zip(parse, doc, strict=True):
        assert [getattr(ours, name) for name in SAME] == [getattr(theirs, name) for name in SAME]
        assert ours.is_sent_start is bool(theirs.is_sent_start)
        assert (ours.head.i, len(ours)) == (theirs.head.i, len(theirs))
        assert (ours.left_edge.i, ours.right_edge.i) == (theirs.left_edge.i, theirs.right_edge.i)
        for name in ("children", "lefts", "subtree"):
            assert numbers(getattr(ours, name)) == numbers(getattr(theirs, name))
        assert (ours.sent.start, ours.sent.end) == (theirs.sent.start, theirs.sent.end)
    assert [(s.start, s.end) for s in doc.sents] == [(s.start, s.end) for s in parse.sents]
    assert [(e.start, e.end, e.label_) for e in doc.ents] == [(e.start, e.end, e.label_) for e in parse.ents]


@pytest.mark.parametrize("text", TEXTS[2:])
def test_every_stretch_is_spacys(text: str) -> None:
    parse, doc = both(text)
    for start, end in product(range(len(doc) + 1), repeat=2):
        theirs, ours = parse[start:end], doc[start:end]
        assert (ours.text, len(ours), numbers(ours)) == (theirs.text, len(theirs), numbers(theirs))
        if len(ours):
            assert ours.root.i == theirs.root.i
            assert (ours.start_char, ours.sent.start) == (theirs.start_char, theirs.sent.start)
            assert (ours[-1].i, ours[1:3].text) == (theirs[-1].i, theirs[1:3].text)


@settings(max_examples=200, deadline=None)
@given(text=st.sampled_from(TEXTS[2:]), start=st.integers(0, 110), length=st.integers(1, 40))
def test_code_points_find_the_tokens_that_they_find_in_spacy(text: str, start: int, length: int) -> None:
    parse, doc = both(text)
    for mode in ("strict", "expand"):
        theirs = parse.char_span(start, start + length, alignment_mode=mode)
        ours = doc.char_span(start, start + length, alignment_mode=mode)
        assert (theirs is None) == (ours is None)
        if theirs is not None and ours is not None:
            assert (ours.start, ours.end) == (theirs.start, theirs.end)


def test_who_governs_whom() -> None:
    parse, doc = both(TEXTS[-1])
    for theirs, ours in product(range(len(doc)), repeat=2):
        assert doc[theirs].is_ancestor(doc[ours]) is parse[theirs].is_ancestor(parse[ours])


def test_a_token_is_one_thing() -> None:
    _, doc = both(TEXTS[2])
    assert doc[3] is doc[3]
    assert doc[3].nbor(-1) is doc[2]
    assert [t for t in doc if isinstance(t, Token)] == doc.tokens
    with pytest.raises(IndexError):
        doc[0].nbor(-1)
    with pytest.raises(IndexError):
        doc[len(doc)]
