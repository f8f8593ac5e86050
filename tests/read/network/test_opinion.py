"""The network as the reader asks it: chances that are chances, stretches that miss nothing, one answer."""

from __future__ import annotations

import itertools
import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from whoholds.model import Event, Stance
from whoholds.read.network import Opinion, Perusal
from whoholds.read.network.encoder import LONGEST
from whoholds.read.network.opinion import cut_stretches
from whoholds.read.network.pieces import cut_text

STORY = (
    "The army took Borsk from the rebels on Monday, the governor said. The rebels left Dornay at night. "
    "Fighting went on near the bridge. Three soldiers were killed."
)


def ask(text: str, words: str, head: str | None = None) -> Opinion:
    """The network's opinion of a clause, by its words."""
    at = text.index(words)
    breaks = [i for i in range(len(text)) if i == 0 or text[i - 2 : i] == ". "]
    (opinion,) = Perusal(text, breaks).of_clauses([(at, at + len(words), text.index(head or words, at))])
    assert opinion is not None
    return opinion


def test_chances_are_chances() -> None:
    opinion = ask(STORY, "The army took Borsk", "took")
    for chances in (opinion.events, opinion.stances, opinion.polarities, opinion.relations):
        assert sum(math.exp(x) for x in chances.values()) == pytest.approx(1.0, abs=1e-3)
    for who in ("actor", "target", "speaker"):
        total = opinion.chance_of(who, 0, len(STORY)) + opinion.nobody(who)
        assert total == pytest.approx(1.0, abs=1e-3)


# (the words of a clause, its head, its event): plain sentences, in no gold.
TOLD = [
    ("The army took Borsk", "took", Event.CONTROL_GAINED),
    ("The rebels left Dornay", "left", Event.WITHDRAWAL),
    ("Three soldiers were killed", "killed", Event.CASUALTIES),
]


@pytest.mark.parametrize(("words", "head", "event"), TOLD)
def test_it_knows_what_a_plain_clause_tells(words: str, head: str, event: Event) -> None:
    events = ask(STORY, words, head).events
    assert max(events, key=lambda e: events[e]) is event


def test_it_points_at_who_acts_where_and_who_says_so() -> None:
    opinion = ask(STORY, "The army took Borsk", "took")

    def chance(who: str, words: str) -> float:
        at = STORY.index(words)
        return opinion.chance_of(who, at, at + len(words))

    assert chance("actor", "The army") > chance("actor", "rebels")
    assert chance("target", "rebels") > chance("target", "governor")
    assert chance("speaker", "the governor") > chance("speaker", "rebels")
    here, there = STORY.index("Borsk"), STORY.index("bridge")
    odds = opinion.place_odds(here, here + 5), opinion.place_odds(there, there + 6)
    assert odds[0] is not None
    assert odds[1] is not None
    assert odds[0] > odds[1]


def test_who_speaks_changes_the_stance() -> None:
    said = ask("The rebels may have left Borsk, analysts think.", "The rebels may have left Borsk", "left")
    own = ask("The rebels left Borsk on Monday.", "The rebels left Borsk on Monday", "left")
    assert said.stances[Stance.SUGGESTED] > own.stances[Stance.SUGGESTED]


def test_the_order_of_asking_changes_nothing() -> None:
    text = " ".join(f"On day {n} the army shelled the hill above the river." for n in range(120))
    breaks = [i for i in range(len(text)) if text.startswith("On day", i)]
    clauses = [(b, b + 40, text.index("shelled", b)) for b in breaks]
    forward = Perusal(text, breaks)
    backward = Perusal(text, breaks)
    first = forward.of_clauses(clauses)
    second = [backward.of_clauses([c])[0] for c in reversed(clauses)][::-1]
    assert all(first)
    for one, other in zip(first, second, strict=True):
        assert one is not None
        assert other is not None
        assert one.events == pytest.approx(other.events, abs=1e-3)
        assert one.place == pytest.approx(other.place, abs=1e-3)


@pytest.mark.parametrize("words", [1, LONGEST - 3, LONGEST, 3 * LONGEST + 7])
def test_stretches_hold_every_piece_and_end_before_sentences(words: int) -> None:
    text = "hill " * words
    pieces = cut_text(text)
    breaks = list(range(0, len(text), 50))
    found = cut_stretches(pieces, breaks)
    assert found[0][0] == 0
    assert found[-1][1] == len(pieces.numbers)
    assert all(last - first <= LONGEST - 2 for first, last in found)
    assert all(b[0] <= a[1] and a[0] < b[0] for a, b in itertools.pairwise(found))
    starts = {int(pieces.starts[last]) for _, last in found[:-1]}
    assert starts <= set(breaks)


def test_beyond_the_text_there_is_no_opinion() -> None:
    assert Perusal("", []).of_clauses([(0, 0, 0)]) == [None]
    assert Perusal("Rebels left.", [0]).of_clauses([(40, 50, 40)]) == [None]
    assert Perusal("Rebels left.", [0]).told_odds(40, 50) is None


def test_read_ahead_it_says_the_same() -> None:
    text = STORY * 12
    clauses = [(i, i + 20, i + 9) for i in range(len(text)) if text.startswith("The army took", i)]
    breaks = [c[0] for c in clauses]
    with ThreadPoolExecutor(1) as ahead:
        early = Perusal(text, breaks, ahead).of_clauses(clauses)
    late = Perusal(text, breaks).of_clauses(clauses)
    assert [o and o.events for o in early] == [o and o.events for o in late]


def test_towns_of_claims_are_told_from_other_words() -> None:
    perusal = Perusal(STORY, [0])

    def odds(words: str) -> float:
        found = perusal.told_odds(STORY.index(words), STORY.index(words) + len(words))
        assert found is not None
        return found

    assert min(odds("Borsk"), odds("Dornay")) > max(odds("Monday"), odds("governor"), odds("soldiers"))
