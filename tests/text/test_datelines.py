"""Datelines are found by their form, and headings and names in capitals are none."""

from __future__ import annotations

import pytest

from whoholds.text.blocks import find_blocks
from whoholds.text.datelines import find_datelines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DAMASCUS - The town fell on Monday, residents said.", "DAMASCUS - "),
        ("SAN JOSE, C.R., April 12 (CPA)—Insurgents took the port.", "SAN JOSE, C.R., April 12 (CPA)—"),
        ("BREST, Sept. 16. American infantry went in.", "BREST, Sept. 16. "),
        ("GOMA (Agency) - Rebels left the town.", "GOMA (Agency) - "),
        ("Goma (Agency) — Rebels left the town.", "Goma (Agency) — "),
        ("ALBA, Norland (KNA): The mayor fled.", "ALBA, Norland (KNA): "),
        ("ALBA: two shells at noon.", None),
        ("BOGOTÁ — The envoys met.", "BOGOTÁ — "),
        ("PARIS/BERLIN (KNA) - The ministers met.", "PARIS/BERLIN (KNA) - "),
        ("ALBA, Mar. 5 — The mill fell.", "ALBA, Mar. 5 — "),
        ("ALBA, Norland - Borna-based troops left.", "ALBA, Norland - "),
        ("ALBA Mayor Karl Berg said that the mill fell.", None),
        ("ALBA May Be Next, Officials Fear.", None),
        ("ALBA-BORNA road cut by shelling.", None),
        ("Rebels left Alba (the port) - and came back.", None),
        ("ISIS fighters left Alba.", None),
        ("NATO said on Monday that it knew.", None),
        ("The army (all of it) — left.", None),
        ("", None),
    ],
)
def test_a_dateline_is_known_by_its_form(text: str, expected: str | None) -> None:
    found = find_datelines(text, find_blocks(text))
    assert [text[a:b] for a, b in found] == ([] if expected is None else [expected])


def test_each_paragraph_may_have_one() -> None:
    text = "Talks and a fall\n\nALBA (KNA) — Talks began.\n\nBORNA — The mill fell. It burned."
    assert [text[a:b] for a, b in find_datelines(text, find_blocks(text))] == ["ALBA (KNA) — ", "BORNA — "]


def test_one_with_a_day_takes_nothing_from_one_without() -> None:
    text = "ALBA, Mar. 5 — Talks began.\n\nBORNA — The mill fell."
    assert [text[a:b] for a, b in find_datelines(text, find_blocks(text))] == ["ALBA, Mar. 5 — ", "BORNA — "]


def test_a_headline_with_a_dash_is_none() -> None:
    text = "ALBA FALLS - rebels in the mill\n\nBORNA - The mill fell on Monday."
    assert [text[a:b] for a, b in find_datelines(text, find_blocks(text))] == ["BORNA - "]


@pytest.mark.parametrize("unit", ["A-", "A ", "A.", "A,", "A (", "A, May 1 "])
def test_any_line_takes_little_time(unit: str) -> None:
    text = unit * 20_000
    found = find_datelines(text, find_blocks(text))
    assert len(found) <= 1


def test_a_list_of_towns_has_none() -> None:
    text = "ALBA — calm.\n\nBORNA — two shells.\n\nCIDA — no contact."
    assert find_datelines(text, find_blocks(text)) == ()
