"""Short reports of an invented war, in every manner of reporting, and the claims that they make."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

from datetime import date

import pytest
from tests.read.claims.world import claim_on, read

from whoholds.model import Claim, Event, Measure, Polarity, Relation, Stance

ON = date(2031, 5, 14)


def speaker_of(claim: Claim) -> str | None:
    return None if claim.speaker is None else claim.speaker.name


# (text, words of the quote, event, stance, actor's party, places)
OWN_VOICE = [
    ("The army retook Arbin, Borsk and Dornay on Monday.", "retook", Event.CONTROL_GAINED, Stance.ASSERTED, "NOR", ["Arbin", "Borsk", "Dornay"]),
    ("Rebels entered Arbin on Monday and left it on Tuesday.", "entered", Event.ENTERED, Stance.ASSERTED, "FLS", ["Arbin"]),
    ("Rebels entered Arbin on Monday and left it on Tuesday.", "left it", Event.WITHDRAWAL, Stance.ASSERTED, "FLS", ["Arbin"]),
    ("Government forces withdrew from Dornay to Borsk.", "withdrew", Event.WITHDRAWAL, Stance.ASSERTED, "NOR", ["Dornay", "Borsk"]),
    ("Borsk has moved into the grey zone.", "grey zone", Event.CONTESTED, Stance.ASSERTED, None, ["Borsk"]),
    ("The army is clearing Borsk of insurgents.", "clearing", Event.CONTESTED, Stance.ASSERTED, "NOR", ["Borsk"]),
    ("Norlandic warplanes bombed Dornay overnight.", "bombed", Event.STRIKE, Stance.ASSERTED, "NOR", ["Dornay"]),
    ("Rebels attacked Norlandic positions in Arbin with drones.", "attacked", Event.STRIKE, Stance.ASSERTED, "FLS", ["Arbin"]),
    ("Norlandic forces launched 12 airstrikes on rebel positions near Borsk, while artillery pounded Dornay.", "pounded", Event.SHELLING, Stance.ASSERTED, "NOR", ["Dornay"]),
    ("The FLS agreed to a truce with the army.", "agreed", Event.AGREEMENT, Stance.ASSERTED, "FLS", []),
    ("The Front turned down the ceasefire proposal.", "turned down", Event.REFUSAL, Stance.ASSERTED, "FLS", []),
    ("Army units have encircled the rebels in Borsk, cutting off their supply routes.", "encircled", Event.OTHER, Stance.ASSERTED, "NOR", ["Borsk"]),
    ("No aid has reached Dornay since April.", "aid", Event.OTHER, Stance.ASSERTED, None, ["Dornay"]),
    ("In the Dornay sector, rebels tried to advance near Borsk without success.", "tried", Event.CLASH, Stance.ASSERTED, "FLS", ["Borsk"]),
    ("Enemy attacks near Dornay were repelled.", "repelled", Event.CLASH, Stance.ASSERTED, None, ["Dornay"]),
    ("Geolocated footage shows rebels raising their flag over the town hall in Arbin.", "raising", Event.CONTROL_GAINED, Stance.CONFIRMED, "FLS", ["Arbin"]),
    ("Two helicopters were shot down over Borsk.", "shot down", Event.EQUIPMENT_LOSSES, Stance.ASSERTED, None, ["Borsk"]),
    ("The president ordered the army to free Vesk Province by 1 June.", "free", Event.CONTROL_GAINED, Stance.ORDERED, "NOR", ["Vesk Province"]),
    ("Mediators urged the rebels to withdraw from Dornay.", "withdraw", Event.WITHDRAWAL, Stance.PROPOSED, "FLS", ["Dornay"]),
    ("Rebels may have left Borsk.", "left", Event.WITHDRAWAL, Stance.SUGGESTED, "FLS", ["Borsk"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "event", "stance", "actor", "places"), OWN_VOICE)
def test_claim_in_the_publishers_voice(
    text: str, words: str, event: Event, stance: Stance, actor: str | None, places: list[str]
) -> None:
    claim = claim_on(text, words)
    assert (claim.event, claim.stance, claim.actor_id) == (event, stance, actor)
    assert [p.name for p in claim.places] == places


# (text, words of the quote, event, stance, speaker, side)
SPOKEN = [
    ("Fighting continued on the outskirts of Dornay, Frontwatch said.", "Fighting", Event.CONTESTED, Stance.CLAIMED, "Frontwatch", "independent"),
    ("The mayor admitted that Dornay was lost.", "lost", Event.CONTROL_LOST, Stance.CONFIRMED, "mayor", None),
    ("Rebels took 12 villages in the past three days, the Front claimed.", "12 villages", Event.SETTLEMENT_TOTAL, Stance.CLAIMED, "Front", "FLS"),
    ("The Norlandic defence ministry said that its troops had entered Dornay.", "entered", Event.ENTERED, Stance.CLAIMED, "Norlandic defence ministry", "NOR"),
    ("Frontwatch noted that Dornay remains under rebel control.", "control", Event.CONTROL_HELD, Stance.CLAIMED, "Frontwatch", "independent"),
    ("The army said it had repelled an assault on Borsk, killing 60 rebels.", "killing", Event.CASUALTIES, Stance.CLAIMED, "army", "NOR"),
    ("Rebel commander Ossa Tel said that his fighters would take Dornay.", "take", Event.CONTROL_GAINED, Stance.INTENDED, "Ossa Tel", "FLS"),
    ("The blogger Mira Kost wrote that the army would take Dornay.", "take", Event.CONTROL_GAINED, Stance.PREDICTED, "Mira Kost", None),
    ("The Front has accepted the ceasefire plan, mediators said, but the army has yet to respond.", "respond", Event.PROPOSAL, Stance.NO_COMMENT, "army", "NOR"),
    ("The Front neither confirmed nor denied the loss of Borsk.", "loss", Event.CONTROL_LOST, Stance.NO_COMMENT, "Front", "FLS"),
    ("Prisoners would be tried by a court, Norlandic officials said.", "tried", Event.STATEMENT, Stance.INTENDED, "Norlandic officials", "NOR"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "event", "stance", "speaker", "side"), SPOKEN)
def test_claim_of_a_speaker(
    text: str, words: str, event: Event, stance: Stance, speaker: str, side: str | None
) -> None:
    claim = claim_on(text, words)
    assert (claim.event, claim.stance) == (event, stance)
    assert claim.speaker is not None
    assert speaker.casefold() in claim.speaker.name.casefold()
    assert claim.speaker.side == side


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Front fighters failed to take the bridge at Borsk.", "failed"),
        ("Neither side controls Dornay, an observer told the agency.", "controls"),
        ("Aid has not reached Borsk.", "reached"),
        ("The army no longer holds Dornay.", "holds"),
        ("Rebels have yet to enter Arbin.", "enter"),
    ],
)
def test_negative_polarity(text: str, words: str) -> None:
    assert claim_on(text, words).polarity is Polarity.NEGATIVE


@pytest.mark.parametrize(
    "text",
    [
        "The Norlandic capture of Arbin has not been independently verified.",
        "The claim could not be confirmed.",
        "The Courier could not reach the army for comment on Sunday's weather.",
        "Read also: what we know of the war",
        "Tags: Arbin, Borsk, war",
        "Thank you for reading.",
    ],
)
def test_no_claim(text: str) -> None:
    assert [c.quote for c in read(text).claims] == []


def test_headline_and_furniture_make_no_claims() -> None:
    text = "Rebels take Arbin\nThe Courier\n\nRebels took Arbin on Monday.\n\nTags\nArbin\n"
    claims = read(text).claims
    assert [c.quote.exact for c in claims if c.quote] == ["Rebels took Arbin on Monday"]


def test_two_stances_in_one_sentence() -> None:
    text = "Frontwatch confirmed that rebels had entered Dornay but noted that fighting continued on the outskirts."
    entered, fighting = claim_on(text, "entered"), claim_on(text, "fighting")
    assert (entered.stance, fighting.stance) == (Stance.CONFIRMED, Stance.CLAIMED)
    assert (entered.event, fighting.event) == (Event.ENTERED, Event.CONTESTED)
    assert [(p.name, p.relation) for p in fighting.places] == [("Dornay", Relation.OUTSKIRTS)]
    assert speaker_of(entered) == speaker_of(fighting) == "Frontwatch"


def test_two_counts_of_different_kinds_are_two_claims() -> None:
    claims = read("The enemy lost 30 soldiers and four tanks near Borsk.").claims
    assert {(c.event, q.low) for c in claims for q in c.quantities} == {
        (Event.CASUALTIES, 30.0),
        (Event.EQUIPMENT_LOSSES, 4.0),
    }


def test_elaborated_act_is_one_claim() -> None:
    claims = read("Norland has struck back, launching drone attacks on rebel positions in Arbin.").claims
    assert [(c.event, c.actor_id) for c in claims] == [(Event.STRIKE, "NOR")]


def test_forcing_is_of_those_who_are_forced() -> None:
    claim = claim_on("Rebels pushed on, forcing army units to retreat and cede control of Dornay.", "cede")
    assert (claim.event, claim.actor_id, claim.target_id) == (Event.CONTROL_LOST, "NOR", "FLS")
    assert [p.name for p in claim.places] == ["Dornay"]


def test_total_has_measure_and_own_words() -> None:
    claim = claim_on("The army holds 400 square kilometres of Vesk Province.", "holds")
    assert claim.event is Event.AREA_TOTAL
    assert [(q.low, q.unit, q.measure) for q in claim.quantities] == [(400.0, "km2", Measure.HELD)]


def test_named_villages_are_no_total() -> None:
    claim = claim_on("The army took two villages, Arbin and Borsk.", "took")
    assert claim.event is Event.CONTROL_GAINED
    assert [p.name for p in claim.places] == ["Arbin", "Borsk"]


def test_enemy_and_we_are_the_speakers_sides() -> None:
    text = '"We took Dornay from the enemy," Front spokesman Ilo Marr said.'
    claim = claim_on(text, "took")
    assert (claim.actor_id, claim.target_id) == ("FLS", "NOR")


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("Rebels took Arbin on Monday.", "took", (date(2031, 5, 12), date(2031, 5, 12))),
        ("Rebels took Arbin.", "took", (None, ON)),
        ("Rebels have held Arbin since 2 May.", "held", (date(2031, 5, 2), ON)),
        ("The army said on Monday that it had lost Dornay.", "lost", (None, date(2031, 5, 12))),
        ("The president ordered the army to retake Dornay.", "retake", (ON, None)),
        ("Rebels will take Arbin.", "take", (None, None)),
    ],
)
def test_when_a_claim_holds(text: str, words: str, days: tuple[date | None, date | None]) -> None:
    assert claim_on(text, words).holds.to_days() == days


def test_forecast_has_a_deadline() -> None:
    claim = claim_on("The rebels will take Arbin by Friday, a blogger wrote.", "take")
    assert (claim.stance, claim.deadline) == (Stance.PREDICTED, date(2031, 5, 16))
    assert claim.holds.to_days() == (None, None)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("Rebels entered Dornay on Monday. Fighting continued there on Tuesday.", "there", "Dornay"),
        ("Rebels attacked Dornay. The town was later retaken by the army.", "retaken", "Dornay"),
        (
            "Fighting raged in Vesk Province. The army pushed deeper into the region.",
            "pushed",
            "Vesk Province",
        ),
    ],
)
def test_place_meant_but_not_named(text: str, words: str, place: str) -> None:
    assert [p.name for p in claim_on(text, words).places] == [place]


def test_place_is_never_guessed_across_the_report() -> None:
    text = "Rebels took Arbin.\n\nPrices rose.\n\nSchools opened.\n\nRain fell.\n\nTwo soldiers were killed."
    assert claim_on(text, "killed").places == ()


def test_origin_and_publication_go_with_every_claim() -> None:
    claim = claim_on("Rebels took Arbin.", "took")
    assert claim.reader == "rules.en/3"
    assert claim.reported_at == ON
    assert 0 < claim.p <= 1


@pytest.mark.parametrize("guns", ["The rebels' guns", "Howitzers of the army", "Both sides' mortars"])
def test_guns_that_fall_silent_keep_no_secret(guns: str) -> None:
    claim = claim_on(f"{guns} around Dornay fell silent at noon on Monday.", "silent")
    assert claim.stance is not Stance.NO_COMMENT


@pytest.mark.parametrize(
    ("speaker", "side"),
    [
        ("A Norlandic officer", "NOR"),
        ("The Red Cross delegate in Norland", None),
        ("Norlandic observers of the truce", None),
        ("A UN officer from Norland", None),
    ],
)
def test_who_stands_between_the_sides_is_of_neither(speaker: str, side: str | None) -> None:
    claim = claim_on(f"{speaker} said that the rebels had left Dornay on Monday.", "left Dornay")
    assert claim.speaker is not None
    assert claim.speaker.side == side


@pytest.mark.parametrize("line", ["2 May: patrol fired on near Dornay.", "2 May – rebels entered Dornay."])
def test_a_day_that_opens_a_line_stays_with_its_month(line: str) -> None:
    claim = claim_on(f"Incidents\n\n{line}\n5 May: two soldiers were killed at Borsk.", "Dornay")
    assert claim.holds.to_days() == (date(2031, 5, 2), date(2031, 5, 2))
