"""Sides that a report itself shows, and names that only the words around make places; no theatre."""

from __future__ import annotations

from dataclasses import replace

import pytest

from whoholds.model import PlaceMention, Span
from whoholds.places.evidence import shared_type
from whoholds.places.unlisted import find_unlisted
from whoholds.read.claims.contest import find_contest
from whoholds.read.claims.sidenames import is_formation, merge_forms
from whoholds.read.claims.sides import find_roster
from whoholds.text.parse import parse_many
from whoholds.text.tokens import Token

# (text, group that "the rebels" means, or None)
GROUPS = [
    ("TKR fighters entered the port on Monday. The army fled.", "TKR"),
    ("The Tovan Kestrel Resistance (TKR) said rebels had left the port.", "TKR"),
    ("Militants of the TKR stormed the camp.", "TKR"),
    ("The UN said that aid had reached the port.", None),
    ("Soldiers of the 6th Division left the barracks.", None),
    ("Anna Holm visited the front.", None),
    ("Artillery hit the market.", None),
    # An acronym that nobody else calls a group is one where the report names no other.
    ("The bus was back on Thursday. In the hills the TKR collects its tax at the door.", "TKR"),
    ("The WFP has no flour left. Convoys of the ICRC waited at the gate.", None),
    ("LIVE: the bridge is closed.", None),
    # Parts of a state's forces are no groups.
    ("The Third Field Army took the port. The Third Field Army holds it.", None),
    ("The National Guard entered the town. National Guard units hold the bridge.", None),
    # A state's army under its acronym, beside those it fights.
    ("TKR soldiers burned the camp. The rebels attacked a TKR platoon. Rebels fled.", "rebels"),
    # Days and words that open a sentence are no names of groups, and "rebels" say so in the plural.
    ("Rebels left the town by Easter. Heavy firing went on. A rebel commander fled.", "rebels"),
    # One people under several forms of its name.
    ("Veskian troops took the ridge. The Veskians hold the port, and Veskian outposts the road.", "Veskian"),
]


@pytest.mark.parametrize(("text", "group"), GROUPS)
def test_group_is_found_by_what_is_said_of_it(text: str, group: str | None) -> None:
    doc = next(iter(parse_many([text]))).doc
    assert find_roster(doc, (), (), lambda _: None).main_group == group


# (names of one report, folded; which is known again as which)
FORMS = [
    ({"vesk", "veskian", "veskians"}, {"veskian": "vesk", "veskians": "vesk"}),
    ({"tamiria", "tamirian"}, {"tamirian": "tamiria"}),
    ({"borsk", "bordo"}, {}),
    ({"tkr", "tkrs"}, {}),
    ({"north coast", "north coasts"}, {}),
]


@pytest.mark.parametrize(("names", "forms"), FORMS)
def test_forms_of_a_name(names: set[str], forms: dict[str, str]) -> None:
    assert merge_forms(names) == forms


# (words of a name, whether it is a part of a state's forces)
FORMATIONS = [
    ("third field army", True),
    ("royal navy", True),
    ("national guard", True),
    ("revolutionary guards", True),
    ("national liberation army", False),
    ("tovan resistance army", False),
    ("people's army", False),
    ("army", False),
]


@pytest.mark.parametrize(("name", "is_part"), FORMATIONS)
def test_part_of_a_states_forces(name: str, is_part: bool) -> None:
    assert is_formation(name.split()) is is_part


# (text, the two sides): states by their codes, groups by their names
CONTESTS = [
    ("Norlandic troops took the port. Sudrian artillery shelled it.", {"XN", "XS"}),
    (
        "Norlandic troops took the port. A Sudrian poet was there. Militants fled to the militants' camp.",
        {"XN", "militants"},
    ),
    ("Norlandic guns hit the ridge. Sudrian infantry took the port. Militants fled.", {"XN", "XS"}),
    ("TKR fighters entered the port. The Norlandic army fled.", {"XN", "TKR"}),
    ("The market was full. Buses ran.", set()),
]


# (text, the group that "rebels" means where the report is about Norland): told of once, they are the war's
# other side, unless another state is named.
ONCE = [
    ("Norlandic guns shelled the ridge. The guerrillas say otherwise.", "guerrillas"),
    ("Norlandic guns shelled the ridge. A Sudrian envoy met the guerrillas.", None),
    ("Norlandic guns shelled the ridge. The gunners slept.", None),
]


@pytest.mark.parametrize(("text", "group"), ONCE)
def test_group_told_of_once(text: str, group: str | None) -> None:
    states = {"Norlandic": "XN", "Sudrian": "XS", "Norland": "XN"}
    parsed = next(iter(parse_many([f"Norland waits. {text}"])))
    place = PlaceMention(Span.of(parsed.text, 0, 7), "t:9", "Norland", kind="country", country="XN")
    assert find_roster(parsed.doc, (place,), (), states.get).main_group == group


@pytest.mark.parametrize(("text", "pair"), CONTESTS)
def test_two_sides_of_a_war(text: str, pair: set[str]) -> None:
    states = {"Norlandic": "XN", "Sudrian": "XS"}
    doc = next(iter(parse_many([text]))).doc
    roster = replace(find_roster(doc, (), (), states.get), home="XN")
    by_token = {t.i: states[t.text] for t in doc if t.text in states} | roster.by_token

    def of_phrase(head: Token) -> str | None:
        return next((by_token[i] for i in (head.i, *(c.i for c in head.children)) if i in by_token), None)

    contest = find_contest(doc, by_token, (), roster, of_phrase)
    assert set(contest.pair or ()) == pair


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
