"""Word pieces: they stand for the characters they came from, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoholds.read.network.pieces import UNKNOWN, cut_text, numbers_of_pieces


def pieces_of(text: str) -> list[tuple[str, str]]:
    """Each piece with the characters that it stands for."""
    names = {number: piece for piece, number in numbers_of_pieces().items()}
    found = cut_text(text)
    return [
        (names[int(number)], text[start:end])
        for number, start, end in zip(found.numbers, found.starts, found.ends, strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rebels fled.", [("rebels", "Rebels"), ("fled", "fled"), (".", ".")]),
        ("café", [("cafe", "café")]),
        ("Borsk", [("bo", "Bo"), ("##rsk", "rsk")]),
        ("“ours”", [("“", "“"), ("ours", "ours"), ("”", "”")]),
        ("snake_case", [("snake", "snake"), ("_", "_"), ("case", "case")]),
        ("ИКС", [(UNKNOWN, "ИКС")]),
        ("", []),
        (" \n\t", []),
    ],
)
def test_words_are_cut_into_known_pieces(text: str, expected: list[tuple[str, str]]) -> None:
    assert pieces_of(text) == expected


def test_a_letter_that_becomes_two_keeps_its_offsets_inside_the_word() -> None:
    assert {words for _, words in pieces_of("İstanbul")} <= {"İstanbul"}


def test_a_word_beyond_all_length_is_unknown() -> None:
    assert pieces_of("a" * 500) == [(UNKNOWN, "a" * 500)]


@given(st.text(max_size=80))
def test_pieces_stand_in_order_and_leave_only_blanks(text: str) -> None:
    found = cut_text(text)
    starts, ends = found.starts.tolist(), found.ends.tolist()
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    covered = {i for start, end in zip(starts, ends, strict=True) for i in range(start, end)}
    assert not "".join(c for i, c in enumerate(text) if i not in covered).strip()
