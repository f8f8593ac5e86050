"""Every frame's own sentences, and tables of what must and must not be an event."""

from __future__ import annotations

import pytest

from whoholds.model import Event, Polarity, Stance
from whoholds.read.events import EventMention, extract_events
from whoholds.read.events.lexicon import Frame, frames
from whoholds.text.parse import Parsed, parse_many

EXAMPLES = [(frame, example) for frame in frames() for example in frame.examples]


def events_of(text: str) -> tuple[Parsed, tuple[EventMention, ...]]:
    (parsed,) = parse_many([text], has_headline=False)
    return parsed, extract_events(parsed)


@pytest.mark.parametrize(("frame", "example"), EXAMPLES, ids=[f"{f.id}-{e[0][:30]}" for f, e in EXAMPLES])
def test_frame_reads_its_examples(frame: Frame, example: tuple[str, ...]) -> None:
    text, actor, target, ground, *named = example
    wanted = Event(named[0]) if named else frame.event
    parsed, found = events_of(text)
    doc = parsed.doc
    fitting = [m for m in found if m.frame == frame.id and m.event is wanted]
    assert fitting, [(m.frame, m.event) for m in found]
    read = [
        (
            "" if m.actor is None else doc[m.actor].text,
            "" if m.target is None else doc[m.target].text,
            not ground or ground in [t.text for g in m.grounds for t in doc[g].subtree],
        )
        for m in fitting
    ]
    assert (actor, target, True) in read


def test_every_frame_has_an_example_and_a_word() -> None:
    assert [f.id for f in frames() if not f.examples] == []
    assert [f.id for f in frames() if not (f.verbs or f.nouns)] == []


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("The army retook Arbin, Borsk and Caldera.", Event.CONTROL_GAINED),
        ("Sarmin fell to the rebels on Friday.", Event.CONTROL_GAINED),
        ("The town passed into the hands of the militia.", Event.CONTROL_GAINED),
        ("Forced out of the port, the rebels regrouped.", Event.OTHER),
        ("The militia's loss of the bridge was a blow.", Event.CONTROL_LOST),
        ("The village was abandoned by the garrison.", Event.WITHDRAWAL),
        ("Loyalist units ceded two hills to the rebels.", Event.CONTROL_LOST),
        ("The rebels still control the market.", Event.CONTROL_HELD),
        ("The port is in rebel hands.", Event.CONTROL_HELD),
        ("The garrison is still there.", Event.CONTROL_HELD),
        ("Tanks rolled into the capital.", Event.ENTERED),
        ("Army units are inside the town.", Event.ENTERED),
        ("The village has changed hands again.", Event.CONTESTED),
        ("The army is clearing the village.", Event.CONTESTED),
        ("Rebels advanced two kilometres toward the city.", Event.ADVANCE),
        ("The militia made gains near the river.", Event.ADVANCE),
        ("Government troops pulled back from the ridge.", Event.WITHDRAWAL),
        ("The retreat of the garrison from the fort continued.", Event.WITHDRAWAL),
        ("Heavy fighting raged in the suburbs.", Event.CLASH),
        ("The brigade repelled three assaults near the dam.", Event.CLASH),
        ("Gunmen ambushed a patrol near the border.", Event.CLASH),
        ("Warplanes struck a depot.", Event.STRIKE),
        ("A drone hit an army checkpoint.", Event.STRIKE),
        ("The militia attacked the base with drones.", Event.STRIKE),
        ("Artillery pounded the suburb.", Event.SHELLING),
        ("Mortar fire on the camp killed nobody.", None),
        ("The rebels fired mortars at the barracks.", Event.SHELLING),
        ("The militia captured 40 soldiers.", Event.CAPTURE_OF_PERSONS),
        ("Twelve soldiers surrendered.", Event.CAPTURE_OF_PERSONS),
        ("Nine civilians were killed in the town.", Event.CASUALTIES),
        ("Air defences downed five drones.", Event.EQUIPMENT_LOSSES),
        ("The minister visited the front.", Event.VISIT),
        ("The junta rejected the truce.", Event.REFUSAL),
        ("Both sides agreed to a ceasefire.", Event.AGREEMENT),
        ("The envoy put forward a peace plan.", Event.PROPOSAL),
        ("The rebels cut the road to the port.", Event.OTHER),
        ("The army encircled the garrison.", Event.OTHER),
        ("About 4,000 families fled the district.", Event.OTHER),
    ],
)
def test_predicate_states_the_event(text: str, event: Event | None) -> None:
    _, found = events_of(text)
    kinds = {m.event for m in found if not m.is_presupposed}
    assert (event in kinds) if event is not None else not kinds & {Event.CONTROL_GAINED, Event.SHELLING}


@pytest.mark.parametrize(
    "text",
    [
        "The company took part in the fair.",
        "Workers marched in a general strike.",
        "The ministers struck a deal on wool.",
        "Prices hit a record high.",
        "The storm hit the coast.",
        "The bank holds a large share of the market.",
        "He was charged with assault.",
        "Protesters clashed with police outside the court.",
        "The team lost the match.",
        "The film captured the mood of the country.",
        "The committee took control measures seriously.",
        "She left the party in March.",
        "The minister entered talks with the union.",
        "They fought a legal battle over the estate.",
        "The mayor opened a new hospital.",
        "Firefighters gained ground against the blaze.",
        "The occupied territory has two rivers.",
        "The capture could not be verified.",
    ],
)
def test_peace_is_no_war(text: str) -> None:
    _, found = events_of(text)
    war = {
        Event.CONTROL_GAINED, Event.CONTROL_LOST, Event.CONTROL_HELD, Event.ENTERED, Event.CONTESTED,
        Event.ADVANCE, Event.WITHDRAWAL, Event.CLASH, Event.STRIKE, Event.SHELLING,
    }  # fmt: skip
    assert [m for m in found if m.event in war] == []


@pytest.mark.parametrize(
    ("text", "stance", "polarity"),
    [
        ("The rebels took the town.", None, "positive"),
        ("The rebels did not take the town.", None, "negative"),
        ("The rebels never took the town.", None, "negative"),
        ("The rebels failed to take the town.", None, "negative"),
        ("The rebels have yet to take the town.", None, "negative"),
        ("The rebels were unable to take the town.", None, "negative"),
        ("No soldiers entered the town.", None, "negative"),
        ("The rebels no longer hold the town.", None, "negative"),
        ("The rebels managed to take the town.", None, "positive"),
        ("The rebels may have taken the town.", Stance.SUGGESTED, "positive"),
        ("The rebels have probably taken the town.", Stance.SUGGESTED, "positive"),
        ("The rebels appear to have taken the town.", Stance.SUGGESTED, "positive"),
        ("The rebels will take the town.", Stance.PREDICTED, "positive"),
        ("The rebels are expected to take the town.", Stance.PREDICTED, "positive"),
        ("The rebels plan to take the town.", Stance.INTENDED, "positive"),
        ("The rebels vowed to take the town.", Stance.INTENDED, "positive"),
        ("The rebels are considering leaving the town.", Stance.CONSIDERED, "positive"),
        ("The king ordered the guard to take the town.", Stance.ORDERED, "positive"),
        ("The envoy urged the rebels to leave the town.", Stance.PROPOSED, "positive"),
        ("The rebels reportedly took the town.", Stance.CLAIMED, "positive"),
        ("The fall of the town is imminent.", Stance.PREDICTED, "positive"),
    ],
)
def test_mood_of_a_clause(text: str, stance: Stance | None, polarity: str) -> None:
    _, found = events_of(text)
    moods = [(m.mood.stance, m.mood.polarity) for m in found]
    assert (stance, Polarity(polarity)) in moods


def test_causative_names_who_made_the_loser_lose() -> None:
    parsed, found = events_of("Rebels pushed into the valley, forcing army units to cede control of the dam.")
    lost = next(m for m in found if m.event is Event.CONTROL_LOST)
    assert lost.causer is not None
    assert parsed.doc[lost.causer].text == "Rebels"
    assert lost.actor is not None
    assert parsed.doc[lost.actor].text == "units"


def test_attempt_and_purpose_are_marked() -> None:
    _, tried = events_of("The militia tried to seize the airport.")
    assert any(m.mood.is_attempt for m in tried)
    _, aimed = events_of("Troops gathered near the river to retake the town.")
    assert any(m.is_purpose for m in aimed if m.event is Event.CONTROL_GAINED)
