"""The words of a clause as a witness: what they tell of verbs that no frame lists, what they leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from whoholds.model import Event
from whoholds.read.wording.domain import is_about_war, tells_of_war
from whoholds.read.wording.features import PARTS, describe_clause
from whoholds.read.wording.model import load_model, settle_event
from whoholds.read.wording.vectors import SIZE, find_vector
from whoholds.text.parse import parse_many
from whoholds.text.tokens import Token


def clause(text: str) -> tuple[Token, list[Token]]:
    parsed = next(iter(parse_many([text], has_headline=False)))
    sentence = next(iter(parsed.doc.sents))
    return sentence.root, list(sentence)


# (sentence, the event that its words speak for): none of them in the sentences that the model was fitted on.
TOLD = [
    ("The garrison scuttled away from the fort before sunrise.", Event.WITHDRAWAL),
    ("Their sentries still man the gate of the old mill.", Event.CONTROL_HELD),
    ("Eleven soldiers perished in the blast.", Event.CASUALTIES),
    ("A howitzer battery pummelled the ridge.", Event.SHELLING),
    ("Two helicopters were brought down by the rebels.", Event.EQUIPMENT_LOSSES),
    ("The harvest was poor and bread is dear.", Event.OTHER),
    ("Schools reopened and the buses run again.", Event.OTHER),
]


@pytest.mark.parametrize(("text", "event"), TOLD)
def test_words_alone(text: str, event: Event) -> None:
    head, words = clause(text)
    assert settle_event(Event.OTHER, is_framed=False, has_ground=False, head=head, words=words)[0] is event


def test_a_frame_is_followed_where_the_words_are_vague() -> None:
    head, words = clause("They did so on Monday.")
    for event in (Event.CONTROL_HELD, Event.WITHDRAWAL, Event.CLASH):
        assert settle_event(event, is_framed=True, has_ground=True, head=head, words=words)[0] is event


def test_a_bomb_that_was_laid_outweighs_words_of_fire() -> None:
    head, words = clause("Two suicide bombers struck a market in the capital.")
    given = {"is_framed": True, "has_ground": True, "head": head, "words": words}
    assert settle_event(Event.OTHER, is_sure=True, **given)[0] is Event.OTHER
    _, plain = settle_event(Event.OTHER, **given)
    assert settle_event(Event.OTHER, is_sure=True, **given)[1] >= plain


def test_names_are_no_features() -> None:
    here = describe_clause(*clause("Rebels took Arbin on Monday."))
    there = describe_clause(*clause("Rebels took Kobane on Monday."))
    assert not {n for n in here.names | there.names if "arbin" in n or "kobane" in n}


def test_vectors_know_meanings() -> None:
    flee, run_away, bread = (find_vector(w, w) for w in ("flee", "escape", "bread"))
    assert flee is not None
    assert run_away is not None
    assert bread is not None
    assert flee.shape == (SIZE,)
    assert float(flee @ run_away) > float(flee @ bread) + 0.2
    assert find_vector("qwxzzy", "qwxzzy") is None


def test_probabilities_sum_to_one() -> None:
    wording = describe_clause(*clause("Shells fell on the market."))
    assert wording.means.shape == (len(PARTS) * SIZE,)
    assert np.exp(load_model().weigh(wording)).sum() == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "is_war"),
    [
        ("Rebels took the hill.", True),
        ("A howitzer stood by the road.", True),
        ("Police fired tear gas at protesters.", False),
        ("The company lost ground to its rivals.", False),
    ],
)
def test_reports_of_war(text: str, is_war: bool) -> None:
    assert tells_of_war(clause(text)[0].doc) is is_war


def test_a_soldier_in_passing_makes_no_report_about_a_war() -> None:
    news = "The council met on Monday and talked of schools, roads and the price of bread. " * 12
    assert is_about_war(clause("Rebels took the hill.")[0].doc)
    assert is_about_war(clause("Troops shelled the ridge; two soldiers fell. " + news[:240])[0].doc)
    assert not is_about_war(clause(news + "A soldier watched.")[0].doc)
    assert not is_about_war(clause(news)[0].doc)


def test_words_are_not_asked_where_no_war_is_told_of() -> None:
    head, words = clause("Protesters seized the square.")
    assert settle_event(Event.OTHER, is_framed=False, has_ground=False, head=head, words=words) == (
        Event.OTHER,
        1.0,
    )
