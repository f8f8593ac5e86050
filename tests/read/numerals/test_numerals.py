"""Numbers in figures and words, and the tokens around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whoholds.read.numerals import Kind, lex, number_of_figures


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("twenty-four men", [24]),
        ("one hundred and five", [105]),
        ("one hundred and twenty thousand five hundred", [120_500]),
        ("two and a half years", [2.5]),
        ("a million and a half", [1_500_000]),
        ("half a million", [500_000]),
        ("1.2 million and 5bn and 400k", [1_200_000, 5_000_000_000, 400_000]),
        ("5-million", [5_000_000]),
        ("1 100 or 12 000 000", [1100, 12_000_000]),
        ("1,100 and 3,5 and 2½", [1100, 3.5, 2.5]),
        ("five thousand, two hundred", [5200]),
        ("two, three", [2, 3]),
        ("the twenty-first and 3rd", []),
        ("million reasons", []),
        ("2024-03-12 12:30", []),
    ],
)
def test_values(text: str, values: list[float]) -> None:
    assert [t.value for t in lex(text) if t.kind is Kind.NUMBER] == values


@pytest.mark.parametrize(
    ("figures", "value"),
    [
        ("1,100", 1100),
        ("3.5", 3.5),
        ("1.200.000", 1_200_000),
        ("7,5", 7.5),
        ("1,2,3", None),
        ("9" * 40, None),
    ],
)
def test_figures(figures: str, value: float | None) -> None:
    assert number_of_figures(figures) == value


@given(st.text())
def test_tokens_are_in_order_and_cover_all_but_white_space(text: str) -> None:
    end = 0
    for token in lex(text):
        assert token.start >= end
        assert text[end : token.start].strip() == ""
        end = token.end
    assert text[end:].strip() == ""
