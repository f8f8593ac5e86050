"""Who acts and whom it is done to: by the words, by the pronouns, and by there being two sides."""

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on

from whoholds.read.claims.sides import find_roster
from whoholds.text.parse import parse_many

# (text, words of the claim, who acts, whom it is done to; None where the words leave it open)
SIDES = [
    # A passive's agent, and the other side as the one that loses.
    ("Arbin was taken by rebels on Monday.", "taken by", "FLS", "NOR"),
    ("The army's withdrawal from Arbin began on Monday.", "withdrawal", "NOR", None),
    # What is done to a side without an agent is the other one's doing.
    ("Norlandic positions near Arbin were shelled on Monday.", "were shelled", "FLS", "NOR"),
    ("Two Norlandic soldiers were killed near Arbin.", "were killed", "FLS", "NOR"),
    # A side's speaker tells without an agent of what is done to it, not of its own deeds.
    ("The Norlandic army said that Arbin had been shelled.", "had been shelled", "FLS", None),
    ("The Norlandic army said that its guns had shelled Arbin.", "had shelled", "NOR", None),
    # "They" in a side's own words are the others, "it" in reported words is the speaker.
    ('"They have left Arbin," a Norlandic general said.', "have left", "FLS", None),
    ("The Norlandic army said it had left Arbin.", "had left", "NOR", None),
    # Numbers of men are the men.
    ("Hundreds of rebels entered Arbin.", "entered", "FLS", "NOR"),
    # A watcher's own voice names nobody that the words do not.
    ("Artillery hit the market of Arbin.", "hit", None, None),
    ("A drone hit the market of Arbin.", "hit", None, None),
    ("Residents said that explosions were heard in Arbin.", "were heard", None, None),
    ("Shelling damaged a school in Arbin.", "damaged", None, None),
    # Who only tells of a deed has no part in it; a force that tells may have done it.
    ("An aid group reported shelling in Arbin.", "shelling", None, None),
    ("A mapping group noted fighting in Arbin.", "fighting", None, None),
    ("A mapping group reported fighting on the outskirts of Arbin.", "fighting", None, None),
    ("The army was fighting near Arbin.", "fighting", "NOR", None),
    # A note's own noun, and whose hands, flag or rule it is: one side named in the clause has it.
    ("Arbin is in rebel hands.", "rebel hands", "FLS", "NOR"),
    ("Arbin remains under Norlandic rule.", "rule", "NOR", "FLS"),
    ("Norlandic soldiers at the bridge in Arbin.", "at the bridge", "NOR", None),
    # Two sides named, or none: the words do not say who of them.
    ("Arbin is quiet.", "quiet", None, None),
    # The side whose dead are counted suffers, and the other one did it.
    ("In Arbin, 40 rebel dead since Monday.", "40 rebel dead", "NOR", "FLS"),
    # Whom it is given to is the other side.
    ("Arbin was lost to the rebels.", "lost to", "NOR", "FLS"),
]


@pytest.mark.parametrize(("text", "words", "actor", "target"), SIDES)
def test_who_acts(text: str, words: str, actor: str | None, target: str | None) -> None:
    claim = claim_on(text, words)
    assert claim.actor_id == actor
    if target is not None:
        assert claim.target_id == target


# (text, publisher, the group that it is about, or None)
GROUPS = [
    ("TKR held the bridge. The TKR attacked the port.", None, "TKR"),
    ("TKR political officer Ada Holm spoke. Rebels left.", None, "TKR"),
    ("Opposition factions (TKR) took the town.", None, "TKR"),
    ("The men of Tavash came in June. Tavash attacked the port.", None, "Tavash"),
    # Nobody gives the rebels a name: the word is theirs.
    ("The rebels attacked the port. The rebels left.", None, "rebels"),
    # Who watches, mediates and prints is no side.
    ("The TKO mission said that aid had come. A TKO envoy arrived.", None, None),
    ("Tavash News reported fire. Tavash News saw smoke.", "Tavash News", None),
    ("Radio Tavash said that shots were heard.", None, None),
    ("Borsk fell on Friday. Borsk was shelled.", None, None),
]


@pytest.mark.parametrize(("text", "publisher", "group"), GROUPS)
def test_group_by_its_deeds(text: str, publisher: str | None, group: str | None) -> None:
    from whoholds.read.events import extract_events

    parsed = next(iter(parse_many([text], has_headline=False)))
    roster = find_roster(parsed.doc, (), extract_events(parsed), lambda _: None, publisher)
    assert roster.main_group == group
