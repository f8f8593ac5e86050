"""Sides that a report itself shows, and names that only the words around make places; no theatre."""

from __future__ import annotations

import pytest

from whoholds.places.evidence import shared_type
from whoholds.places.unlisted import find_unlisted
from whoholds.read.claims.sides import find_roster
from whoholds.text.parse import parse_many

# (text, group that "the rebels" means, or None)
GROUPS = [
    ("TKR fighters entered the port on Monday. The army fled.", "TKR"),
    ("The Tovan Kestrel Resistance (TKR) said rebels had left the port.", "TKR"),
    ("Militants of the TKR stormed the camp.", "TKR"),
    ("The UN said that aid had reached the port.", None),
    ("Soldiers of the 6th Division left the barracks.", None),
    ("Anna Holm visited the front.", None),
    ("Artillery hit the market.", None),
]


@pytest.mark.parametrize(("text", "group"), GROUPS)
def test_group_is_found_by_what_is_said_of_it(text: str, group: str | None) -> None:
    doc = next(iter(parse_many([text]))).doc
    assert find_roster(doc, (), (), lambda _: None).main_group == group


# (text, names taken for places)
UNLISTED = [
    ("Rebels marched toward Quvvarin at dawn.", ["Quvvarin"]),
    ("The village of Quvvarin was shelled.", ["Quvvarin"]),
    ("Shells fell near Quvvarin. Nobody stayed in Quvvarin.", ["Quvvarin", "Quvvarin"]),
    ("General Quvvarin spoke for an hour.", []),
    ("He talked with Quvvarin for an hour.", []),
]


@pytest.mark.parametrize(("text", "names"), UNLISTED)
def test_name_that_no_gazetteer_has(text: str, names: list[str]) -> None:
    doc = next(iter(parse_many([text]))).doc
    texts = [t.text for t in doc]
    free = bytearray(len(texts))
    found = find_unlisted(doc, texts, [None] * len(texts), free, free)
    assert [" ".join(texts[a:b]) for a, b, _ in found] == names


# (words after the first name, kind shared)
SHARED = [
    (["and", "Borsk", "regions"], "admin"),
    ([",", "Borsk", "and", "Dornay", "provinces"], "admin"),
    (["and", "Borsk", "region"], None),
    (["and", "the", "regions"], None),
    ([",", "Borsk", "regions"], None),
]


@pytest.mark.parametrize(("words", "kind"), SHARED)
def test_type_word_of_a_coordination(words: list[str], kind: str | None) -> None:
    assert shared_type(["Arbin", *words], 1) == kind
