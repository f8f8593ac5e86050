"""The parser's lost objects: what is taken is no speaker."""

from __future__ import annotations

import pytest

from whoholds.text.parse import parse_many

# (text, the subject of the last verb of saying, a word and what it hangs on)
LOST = [
    (
        "In the past week Russian forces retook Pogrebki, Orlovka, Nikolsky and Novaya Sorochina, the "
        "Russian Defence Ministry said in its weekly summary.",
        "Ministry",
        ("Pogrebki", "retook"),
    ),
    ("The army retook the port, the ministry said.", "ministry", ("port", "retook")),
    (
        "Russian troops have retaken Apanasovka, Byakhovo, Vishnevka, Gordeyevka and Desyaty Oktyabr, the "
        "Russian Defence Ministry said.",
        "Ministry",
        ("Apanasovka", "retaken"),
    ),
    (
        "Ukrainian forces advanced north-east of Martynovka, the institute said.",
        "institute",
        ("forces", "advanced"),
    ),
    ("He said the army, the navy and the police said nothing.", "He", ("police", "navy")),
    ("The army and the navy said the port was safe.", "army", ("navy", "army")),
    ("Rebels fled, a shepherd said.", "shepherd", ("Rebels", "fled")),
]


@pytest.mark.parametrize(("text", "speaker", "hanging"), LOST)
def test_lost_objects(text: str, speaker: str, hanging: tuple[str, str]) -> None:
    doc = next(iter(parse_many([text], has_headline=False))).doc
    said = next(t for t in doc if t.text == "said")
    assert [c.text for c in said.children if c.dep_ == "nsubj"] == [speaker]
    word = next(t for t in doc if t.text == hanging[0])
    assert word.head.text == hanging[1]
    assert doc.heads[word.i] == word.head.i
