"""Turns of a transcript: who answers says all of it; who asks, and lists of other kinds, say nothing."""

from __future__ import annotations

import pytest

from whoholds.read.attribution import extract_attributions
from whoholds.text.parse import parse


def spoken(text: str) -> dict[str, list[str]]:
    """What each source is said to say, by the rule of answers."""
    found: dict[str, list[str]] = {}
    for speech in extract_attributions(parse(text)):
        if speech.rule == "answer":
            its = found.setdefault(speech.attribution.source_name or "", [])
            its += [c.exact for c in speech.attribution.content]
    return found


BRIEFING = """Briefing at the ministry, in full

Colonel Petra Aldin: Good morning. Our border guards are back in Ostra. The post was empty for two nights.

Question: Where did the rebels go?

Colonel Aldin: Down the valley road. We followed them to the bridge.

Nobody was hurt there.

Question: People in Dorna are leaving.

Colonel: They need not. The road is open: two lanes, day and night."""


def test_who_answers_says_every_turn_to_its_end() -> None:
    found = spoken(BRIEFING)
    assert list(found) == ["Colonel Petra Aldin"]
    (turns,) = found.values()
    assert turns[0].startswith("Good morning.")
    assert turns[1].endswith("Nobody was hurt there.")
    assert turns[2].endswith("day and night.")
    assert not any("Where did" in t or "Dorna" in t for t in turns)


def test_whoever_mostly_asks_is_no_speaker() -> None:
    text = (
        "Morning Post: Has Alba fallen?\n\nGovernor Weiss: No. Our men hold the mill.\n\n"
        "Morning Post: And the road?\n\nGovernor Weiss: It was cut on Monday."
    )
    assert [name.split()[-1] for name in spoken(text)] == ["Weiss"]


def test_a_label_within_an_answer_and_a_note_at_the_end_are_no_speakers() -> None:
    text = BRIEFING.replace("Nobody was hurt there.", "Two points: nobody was hurt, and the road is open.")
    found = spoken(text + "\n\nNote: the talk was cut.")
    assert list(found) == ["Colonel Petra Aldin"]
    assert any(t.endswith("the road is open.") for t in found["Colonel Petra Aldin"])


def test_press_secretaries_answer_and_labels_may_stand_alone() -> None:
    text = (
        "Q: Has Alba fallen?\n\nPress Secretary Berg:\n\nNo. Our men hold the mill.\n\n"
        "Q: And the road?\n\nPress Secretary Berg:\n\nIt was cut on Monday.\n\nIt will be mended."
    )
    ((name, turns),) = spoken(text).items()
    assert name.endswith("Berg")
    assert [t.split()[-1] for t in turns] == ["mill.", "mended."]


def test_capitals_name_the_speaker_once() -> None:
    text = BRIEFING.replace("Colonel Petra Aldin:", "COLONEL ALDIN:").replace(
        "Colonel Aldin:", "COLONEL ALDIN:"
    )
    (name,) = spoken("Colonel Petra Aldin met the press.\n\n" + text)
    assert name.lower().split().count("aldin") == 1


def test_two_who_answer_are_kept_apart() -> None:
    text = (
        BRIEFING
        + "\n\nQuestion: And the dam?\n\nGovernor Weiss: The dam is dry.\n\nGovernor Weiss: It leaks."
    )
    assert {name.split()[-1]: len(its) for name, its in spoken(text).items()} == {"Aldin": 3, "Weiss": 2}


def test_questions_and_answers_by_letters_are_those_of_whom_the_text_introduces() -> None:
    text = (
        "A nurse from Meden, Olga Dorn, left the city in May.\n\nQ: What did you see?\n\n"
        "A: Two shells hit my ward. I counted nine dead.\n\nQ: Who fired?\n\nA: I was in the cellar.\n\n"
        "Q: And the road?\n\nA: We took it by day.\n\nNote: the talk was cut."
    )
    assert [name.split()[-1] for name in spoken(text)] == ["Dorn"]


@pytest.mark.parametrize(
    "text",
    [
        "Alba: calm.\n\nBorna: two shells at noon.\n\nAlba: smoke seen again.\n\nCida: no contact.",
        "Location: the mill.\n\nTime: noon.\n\nStatus: the army holds it.",
        "The governor spoke on Monday: the town is ours. Is it? The rebels say no.",
        "Question: who holds Alba?\n\nNobody answers any more.",
        "Our reporter: Shells fell.\n\nArmy: calm.\n\nOur reporter: More fell.\n\nArmy: still calm.",
    ],
)
def test_lists_and_questions_alone_are_no_transcript(text: str) -> None:
    assert spoken(text) == {}


def test_who_is_cited_within_an_answer_keeps_the_floor() -> None:
    text = BRIEFING + " The mayor says that his town is quiet."
    names = {s.attribution.source_name for s in extract_attributions(parse(text))}
    assert "mayor" in names
