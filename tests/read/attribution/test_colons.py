"""Labels, accounts after a colon, rejections and speech that goes on: exact words of who says what."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

import pytest

from whoholds.read.attribution import AttributedSpeech, extract_attributions
from whoholds.text.parse import parse_many

# (text, source, rule, content)
MUST = [
    ("Trader in Arbin: the road is cut. Bread is dear.", "Trader in Arbin", "colon", ["the road is cut. Bread is dear"]),
    ("A nurse, reached by phone: two men have died.", "A nurse", "colon", ["two men have died"]),
    ("09:40 Army spokesman: the hill is ours.", "Army spokesman", "colon", ["the hill is ours"]),
    ("The rebels tell it differently: nobody fled.", "The rebels", "clause", ["nobody fled"]),
    ("The port burned, the mayor said; he had seen the smoke.", "the mayor", "fronted", ["The port burned", "he had seen the smoke"]),
    ("The port burned, the mayor said, and two cranes fell.", "the mayor", "parenthesis", ["The port burned", "and two cranes fell"]),
    ("Reports that the port burned are untrue.", None, "rejection", ["Reports that the port burned"]),
    ("It is not true that the port burned.", None, "rejection", ["that the port burned"]),
    ("There is no truth in rumours that the port burned.", None, "rejection", ["rumours that the port burned"]),
    ("The coroner put the number of dead at 31.", "The coroner", "figure", ["the number of dead at 31"]),
    ("Residents counted nine blasts before dawn.", "Residents", "object", ["nine blasts"]),
    ("The colonel hopes to reach the port.", "The colonel", "infinitive", ["to reach the port"]),
    ("The staff said in a statement that the port burned.", "The staff", "clause", ["that the port burned"]),
    ("Neither side would comment on the raid.", "Neither side", "silence", ["the raid"]),
    ("The minister would not be drawn on dates.", "The minister", "silence", ["dates"]),
    ("Their spokeswoman would not go into losses.", "Their spokeswoman", "silence", ["losses"]),
    ("Delhi makes no mention of the post.", "Delhi", "silence", ["the post"]),
    ("The announcer gave no figure for losses.", "The announcer", "silence", ["losses"]),
    ("The governor had nothing to say.", "The governor", "silence", []),
    ("From the union, not a word so far.", "the union", "silence", []),
    ("No word from the gunmen on the offer.", "the gunmen", "silence", ["the offer"]),
    ("The rebels have neither accepted nor rejected the offer.", "The rebels", "silence", []),
    ("The Interior Ministry counted 78 dead.", "The Interior Ministry", "object", ["78 dead"]),
    ("The Red Cross has registered 88 prisoners.", "The Red Cross", "object", ["88 prisoners"]),
    ("Rebel radio has it that the post has fallen.", "Rebel radio", "clause", ["that the post has fallen"]),
    ("The bishop called upon the garrison to leave.", "The bishop", "infinitive", ["the garrison to leave"]),
    ("Two cases were put at nine by the bishop.", "the bishop", "passive", ["Two cases", "at nine"]),
    ("The road is closed, by order of the governor.", "the governor", "phrase", ["The road is closed"]),
    ("According to the mayor, the port burned, two cranes fell, and nobody died.", "the mayor", "phrase", ["the port burned, two cranes fell, and nobody died"]),
    ("\u201cThe port is ours\u201d (defence ministry, Monday). Half true.", "defence ministry", "dash", ["\u201cThe port is ours\u201d"]),
    ("86 rebels killed since May (army count).", "army", "dash", ["86 rebels killed since May"]),
    ("The mayor said that the dam is sound; the level has dropped since May.", "The mayor", "clause", ["that the dam is sound", "the level has dropped since May"]),
    ("The captain said the road is open. \u201cWe cleared it on Monday.\u201d", "The captain", "clause", ["the road is open", "\u201cWe cleared it on Monday.\u201d"]),
    ("In Lisbon an Ardan envoy, Chike Obiora, insisted that the line held.", "an Ardan envoy, Chike Obiora,", "clause", ["that the line held"]),
    ("Their transmitter, heard faintly last night, insisted that the line held.", "Their transmitter", "clause", ["that the line held"]),
    ("Asked about the losses, the major looked at the ceiling.", "the major", "silence", ["the losses"]),
    ("The consul left our letters unanswered.", "The consul", "silence", []),
    ("The palace keeps its counsel.", "The palace", "silence", []),
    ("The rebel communiqué has six dead and a tank burned.", "The rebel communiqué", "object", ["six dead and a tank burned"]),
    ("Rebel radio has him in the capital.", "Rebel radio", "object", ["him in the capital"]),
    ("Townspeople put their number on both banks at a dozen.", "Townspeople", "figure", ["their number on both banks at a dozen"]),
    ("The prefect attributed the blast to a mine.", "The prefect", "object", ["the blast to a mine"]),
    ("The staff owns to the raid.", "The staff", "object", ["the raid"]),
    ("A driver reached the ford at noon. He saw three tanks on the ridge.", "He", "object", ["three tanks on the ridge"]),
]  # fmt: skip

# (text, rule that must not be found in it)
MUST_NOT = [
    ("Note: the road is cut.", "colon"),
    ("The army: \u201cIt is ours,\u201d said General Adam Berg.", "colon"),
    ("The list of goods: bread, salt, oil, rice, flour, sugar, tea and soap.", "colon"),
    ("The port burned, the mayor said, but the crews had left.", "colon"),
    ("Reports that the port burned proved accurate.", "rejection"),
    ("The claim that the port burned was repeated.", "rejection"),
    ("It is true that the port burned.", "rejection"),
    ("The brigade put the bridge at risk.", "figure"),
    ("The bank raised interest rates to 20 percent.", "figure"),
    ("The radio has twelve transmitters.", "object"),
    ("The army has six bridges.", "object"),
    ("The newspaper has no readers left.", "object"),
    ("The guard put down the revolt.", "object"),
    ("The house belongs to the prefect. He saw three tanks on the ridge.", "object"),
    ("Asked about the losses, the major said that two men died.", "silence"),
    ("Asked about the losses, the major nodded.", "silence"),
    ("Guns replied to the fire.", "object"),
    ("The garrison left the wounded unburied.", "silence"),
    ("The machine counted nine coins.", "object"),
    ("The night in the town was quiet.", "silence"),
    ("The rebels would not go into the town.", "silence"),
    ("The soldiers would not leave the hill.", "silence"),
    ("He gave no ground to the enemy.", "silence"),
    ("The mission has no figures of its own.", "silence"),
    ("The battery had nothing to fire.", "silence"),
    ("The army called upon its reserves.", "infinitive"),
    ("The governor (a former general) left.", "dash"),
    ("The Kurdish party (KDP) left the town (Erbil).", "dash"),
    ("Never was it said that the town fell.", "object"),
]


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[AttributedSpeech, ...]]:
    """All texts, parsed in one batch."""
    texts = sorted({row[0] for row in (*MUST, *MUST_NOT)})
    return {p.text: extract_attributions(p) for p in parse_many(texts, has_headline=False)}


@pytest.mark.parametrize(("text", "source", "rule", "content"), MUST)
def test_finds_who_says_what(
    found: dict[str, tuple[AttributedSpeech, ...]],
    text: str,
    source: str | None,
    rule: str,
    content: list[str],
) -> None:
    got = [
        (
            s.attribution.source and s.attribution.source.exact,
            s.rule,
            [c.exact for c in s.attribution.content],
        )
        for s in found[text]
    ]
    assert (source, rule, content) in got


@pytest.mark.parametrize(("text", "rule"), MUST_NOT)
def test_finds_no_such_speech(found: dict[str, tuple[AttributedSpeech, ...]], text: str, rule: str) -> None:
    assert rule not in [s.rule for s in found[text]]


@pytest.mark.parametrize(
    "text",
    [
        "The port burned, the mayor said, but the crews had left.",
        "The port burned, the mayor said. The crews had left.",
        "The port burned, the mayor said; the town is calm.",
    ],
)
def test_speech_ends_with_its_sentence(text: str) -> None:
    (parsed,) = parse_many([text], has_headline=False)
    told = [c.exact for s in extract_attributions(parsed) for c in s.attribution.content]
    assert not any("crews" in words or "calm" in words for words in told)
