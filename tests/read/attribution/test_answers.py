"""Interviews and letters: long stretches of one person's words, told once whose they are."""
# ruff: noqa: E501 - texts stay one a line

from __future__ import annotations

import pytest

from whoholds.read.attribution import AttributedSpeech, extract_attributions
from whoholds.text.parse import parse_many

INTERVIEW = """"We wait for the ferry"

Captain Adam Berg commands the garrison at Olt. We met him on Monday.

Who holds the bridge?

We do, since Friday. The rebels left their guns.

And the port?

The port burned in May. My deputy says it can be rebuilt.

They say you are short of bread.

That is true. We have flour for nine days.

Will you leave?

No."""

MARKED = """A nurse from Meden, Olga Dorn, 41, left the city in May.

Q: What did you see?

A: Two shells hit my ward. I counted nine dead.

Q: Who fired?

A: Nobody knows. I was in the cellar.

Q: Is the road open?

A: By day."""

LETTER = """Mrs Berg has had a letter from her son, Sergeant Paul Berg, and lets us print it.

"Dear all, we took the mill on Monday. Nobody shot at us. I am well.

The bridge was blown twice. The captain says that we leave on Friday.

Send socks."

The army gave no names."""

# (text, words said, name)
MUST = [
    (INTERVIEW, "The rebels left their guns", "Adam Berg"),
    (INTERVIEW, "We have flour for nine days", "Adam Berg"),
    (INTERVIEW, "it can be rebuilt", "My deputy"),
    (MARKED, "Two shells hit my ward", "Olga Dorn"),
    (MARKED, "I was in the cellar", "Olga Dorn"),
    (LETTER, "we took the mill on Monday", "Paul Berg"),
    (LETTER, "The bridge was blown twice", "Paul Berg"),
    (LETTER, "we leave on Friday", "captain"),
]

# Whose questions the text answers itself; marks left open; a quotation of a sentence; no one brought in.
MUST_NOT = [
    "Five answers\n\nCaptain Berg left Olt.\n\nWho holds it?\n\nThe army does.\n\nSince when?\n\nSince May.\n\nWhy?\n\nFor the bridge.",
    "Is the town lost?\n\nWe do not know.\n\nWho holds it?\n\nWe asked twice.\n\nWhy?\n\nWe have no line.",
    'A letter from Adam Berg came.\n\n"We took the mill. I am well. Nobody died.\n\nThe port burned.\n\nThe ferry sank.',
    'A letter from Adam Berg came.\n\n"We are well."\n\nThe port burned.',
    'The port burned.\n\n"We took the mill. I am well. Nobody died."\n\nThe ferry sank.',
]  # fmt: skip


def _parse(text: str) -> tuple[AttributedSpeech, ...]:
    (parsed,) = parse_many([text])
    return extract_attributions(parsed)


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[AttributedSpeech, ...]]:
    """All texts with one person's words, read once."""
    return {text: _parse(text) for text in (INTERVIEW, MARKED, LETTER)}


@pytest.mark.parametrize(("text", "words", "name"), MUST)
def test_words_are_whose_they_were_said_to_be(
    found: dict[str, tuple[AttributedSpeech, ...]], text: str, words: str, name: str
) -> None:
    said = [
        s.attribution.source_name for s in found[text] if any(words in c.exact for c in s.attribution.content)
    ]
    assert name in said


@pytest.mark.parametrize("words", ["Who holds the bridge", "They say you are short", "commands the garrison"])
def test_questions_are_not_the_answerers(found: dict[str, tuple[AttributedSpeech, ...]], words: str) -> None:
    answers = [s for s in found[INTERVIEW] if s.rule == "answer"]
    assert not any(words in c.exact for s in answers for c in s.attribution.content)


@pytest.mark.parametrize("text", MUST_NOT)
def test_other_texts_have_no_answers(text: str) -> None:
    assert "answer" not in [s.rule for s in _parse(text)]
