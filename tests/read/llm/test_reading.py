"""What becomes of a model's answer: its words are held against the text, what is not there is not said."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from tests.read.llm.conftest import World
from tests.read.llm.server import claim, claims, endpoint, source
from tests.read.llm.story import HOLM, RETAKEN, TEXT, counts, one, read

from whoholds.model.contract import claim_to_json, holds_to_json


def test_a_whole_claim(world: World) -> None:
    found = one(world, RETAKEN | {"time_words": "Tuesday"})
    assert found.quote is not None
    assert TEXT[found.quote.start : found.quote.end] == found.quote.exact
    (speaker,) = found.attribution
    assert (speaker.name, speaker.role, speaker.side) == ("General Ada Holm", "General", None)
    assert speaker.cue is not None
    assert speaker.cue.exact == "said"
    assert (found.stance, found.event, found.actor, found.actor_id) == (
        "claimed",
        "control_gained",
        "Norlandic troops",
        "NOR",
    )
    (place,) = found.places
    assert (place.place_id, place.relation) == ("t:1", "in")
    assert place.span is not None
    # The one beside the quote, not the one in the headline.
    assert place.span.start > TEXT.index("\n")
    assert holds_to_json(found.holds, found.edtf) == {
        "from": "2031-05-13",
        "to": "2031-05-13",
        "edtf": "2031-05-13",
    }
    assert found.reader == "llm/1:tiny"
    assert found.reported_at == date(2031, 5, 14)
    assert claim_to_json(found)["id"].startswith("sha256:")
    assert found.p < 0.5


@pytest.mark.parametrize(
    ("quote", "exact"),
    [
        ("having lost the town", "having lost the town"),
        ("having lost the town.", "having lost the town"),
        ("“We hold it,”", "We hold it"),
        ('"We hold it," a rebel spokesman', "We hold it,” a rebel spokesman"),
        ("having  lost\nthe town", "having lost the town"),
        ("the agency. Fighting went on", "the agency.\nFighting went on"),
    ],
)
def test_words_that_stand_in_the_text(world: World, quote: str, exact: str) -> None:
    found = one(world, claim(quote))
    assert found.quote is not None
    assert found.quote.exact == exact


@pytest.mark.parametrize(
    "quote",
    [
        "Norlandic troops retook Arbin",  # not its words
        "norlandic troops had retaken Arbin",  # not its letters
        "had retaken Arb",  # a word cut off
        "freeing 4",  # a number cut off
        "The Front denied",  # its words, but a later one is not
        "...",
        "“ ”",
        ".*",
        TEXT + TEXT,
    ],
)
def test_words_that_do_not_are_dropped_and_counted(world: World, quote: str) -> None:
    if quote == "The Front denied":
        quote += " having lost the city"
    found, dropped = counts(world, RETAKEN, claim(quote))
    assert [c.quote.exact for c in found.claims if c.quote] == ["Norlandic troops had retaken Arbin"]
    assert dropped == {"quote": 1}


def test_nothing_but_inventions_is_a_failure(world: World) -> None:
    with endpoint([claims(claim("Rebels ate Arbin"), claim("Nobody came"))]) as server:
        found = world.rejection(world.reader(server), TEXT)
    assert found.code == "llm_bad_answer"
    assert "2 claims whose quote is not in the text" in found.message


def test_no_claims_is_a_reading_without_claims(world: World) -> None:
    assert read(world).claims == ()


def test_headlines_are_no_claims(world: World) -> None:
    found, dropped = counts(world, claim("Arbin changes hands"))
    assert found.claims == ()
    assert dropped == {"no_article": 1}


def test_a_speaker_that_is_not_in_the_text_takes_the_claim_with_it(world: World) -> None:
    invented = RETAKEN | {"sources": [source("General Bo Lind", cue="said")]}
    chained = RETAKEN | {"sources": [HOLM, source("the palace")]}
    found, dropped = counts(world, invented, chained, claim("Fighting went on near Borsk", event="clash"))
    assert [c.event for c in found.claims] == ["clash"]
    assert dropped == {"source": 2}


@pytest.mark.parametrize(
    "sources",
    [
        "General Ada Holm",
        [{"cue": "said"}],
        [{"name": ""}],
        [None],
        [{"name": "General Ada Holm"}, {"cue": "said"}],
    ],
)
def test_a_chain_that_cannot_be_read_is_no_shorter_chain(world: World, sources: object) -> None:
    found, dropped = counts(world, claim("Fighting went on near Borsk"), RETAKEN | {"sources": sources})
    assert len(found.claims) == 1
    assert dropped == {"label": 1}


def test_the_publisher_is_its_own_voice(world: World) -> None:
    item = claim(
        "Fighting went on near Borsk", stance="claimed", sources=[source("Frontwatch", cue="reported")]
    )
    assert [s.source_id for s in one(world, item).attribution] == ["frontwatch"]
    own = one(world, item, publisher="Frontwatch")
    assert (own.attribution, own.stance) == ((), "asserted")


def test_only_the_publisher_asserts(world: World) -> None:
    assert one(world, RETAKEN | {"stance": "asserted"}).stance == "claimed"
    assert one(world, RETAKEN | {"sources": [], "stance": "claimed"}).stance == "claimed"


def test_silence_needs_who_is_silent(world: World) -> None:
    _, dropped = counts(world, RETAKEN, claim("The Front denied having lost the town", stance="no_comment"))
    assert dropped == {"label": 1}


def test_a_chain_and_its_attributions(world: World) -> None:
    hold = claim(
        "We hold it",
        stance="claimed",
        event="control_held",
        sources=[
            source("the agency", cue="told"),
            source("a rebel spokesman", cue="told", role="spokesman", side="FLS"),
        ],
    )
    found = read(world, hold, RETAKEN, RETAKEN | {"quote": "freeing 40 villagers", "event": "other"})
    held = next(c for c in found.claims if c.event == "control_held")
    assert [(s.name, s.role, s.side) for s in held.attribution] == [
        ("agency", "relayer", None),
        ("rebel spokesman", "spokesman", "FLS"),
    ]
    holm, spokesman, agency = found.attributions
    assert [s.exact for s in holm.content] == ["Norlandic troops had retaken Arbin", "freeing 40 villagers"]
    assert (agency.nested_in, spokesman.nested_in) == (None, 2)
    assert (holm.kind, spokesman.kind) == ("indirect", "direct")


def test_a_pronoun_carries_its_antecedent(world: World) -> None:
    text = "General Ada Holm spoke on Tuesday. She said Borsk was lost. Later she said Arbin held."
    she = source("General Ada Holm", words="she", cue="said")
    found = read(world, claim("Arbin held", stance="claimed", sources=[she]), text=text)
    assert found.claims[0].attribution[0].name == "General Ada Holm"
    (attribution,) = found.attributions
    assert attribution.source is not None
    assert (attribution.source.exact, attribution.source_name) == ("she", "General Ada Holm")


@pytest.mark.parametrize("field", ["stance", "event", "polarity"])
@pytest.mark.parametrize("value", ["conquered", "", None, 7, ["asserted"], {"a": 1}])
def test_unknown_labels_are_no_claims(world: World, field: str, value: object) -> None:
    found, dropped = counts(world, claim("Fighting went on near Borsk"), RETAKEN | {field: value})
    assert len(found.claims) == 1
    assert dropped == {"label": 1}


@pytest.mark.parametrize("item", ["a string", 7, None, [], {}, {"quote": ""}, {"quote": 7}])
def test_things_that_are_no_claims(world: World, item: Any) -> None:
    found, dropped = counts(world, RETAKEN, item)
    assert len(found.claims) == 1
    assert dropped == {"claim_shape": 1}


def test_what_may_be_missing_is_left_out_without_the_claim(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "whoholds.read.llm")
    item = RETAKEN | {
        "sources": [HOLM | {"cue": "thundered", "words": "the old general", "role": "field marshal"}],
        "actor": "the third army",
        "target": "the Front's garrison",
        "places": [
            {"words": "Arbin"},
            {"words": "Caldera"},
            {"words": "Arbin", "relation": "under"},
            "Borsk",
        ],
        "quantities": [{"words": "400 villagers", "low": 400, "high": 400}, {"words": "40", "low": None}],
        "time_words": "on Friday",
        "first_day": "2031-13-40",
    }
    found, dropped = counts(world, item)
    (kept,) = found.claims
    assert (kept.actor, kept.target, kept.quantities) == (None, None, ())
    assert kept.attribution[0].cue is None
    assert kept.attribution[0].role == "speaker"
    assert [p.exact for p in kept.places] == ["Arbin"]
    assert holds_to_json(kept.holds, kept.edtf) == {"from": None, "to": "2031-05-14", "edtf": None}
    assert dropped == {
        "source_words": 1,
        "cue": 1,
        "actor": 1,
        "target": 1,
        "place": 1,
        "place_shape": 2,
        "quantity": 1,
        "quantity_shape": 1,
        "time_words": 1,
        "day": 1,
    }
    assert "3 places" in caplog.text


def test_fields_that_are_missing_are_unknown(world: World) -> None:
    found = one(world, {"quote": "Fighting went on near Borsk", "stance": "asserted", "event": "clash"})
    assert (found.polarity, found.places, found.actor) == ("positive", (), None)


def test_a_party_may_stand_for_words_that_the_text_leaves_out(world: World) -> None:
    found = one(world, RETAKEN | {"target": "FLS", "target_party": "FLS"})
    assert (found.target, found.target_id) == ("FLS", "FLS")


@pytest.mark.parametrize(
    ("actor", "hint", "party"),
    [
        ("Norlandic troops", None, "NOR"),
        ("Norlandic troops", "FLS", "NOR"),  # the words decide
        ("The Front", None, "FLS"),
        ("General Ada Holm", "NOR", "NOR"),  # the model may know where words say nothing
        ("General Ada Holm", "XX", None),
        ("General Ada Holm", None, None),
    ],
)
def test_parties(world: World, actor: str, hint: str | None, party: str | None) -> None:
    assert one(world, RETAKEN | {"actor": actor, "actor_party": hint}).actor_id == party


def test_without_a_theatre_parties_are_states(world: World) -> None:
    text = "Sudria took Arbin. The Norland army left."
    items = [claim(text[:17], actor="Sudria"), claim(text[19:-1], actor="The Norland army")]
    found = read(world, *items, text=text, war=False)
    assert [(c.actor, c.actor_id) for c in found.claims] == [("Sudria", "XS"), ("Norland army", "XN")]


# --- words that stand more than once ----------------------------------------------------------------------


def test_a_repeated_quote_goes_to_its_speaker(world: World) -> None:
    text = "Arbin fell, Ada Holm said. Nobody believed her. Arbin fell, Bo Lind said."
    items = [
        claim("Arbin fell", stance="claimed", sources=[source(name, cue="said")])
        for name in ("Bo Lind", "Ada Holm")
    ]
    found = read(world, *items, text=text)
    starts = {c.attribution[0].name: c.quote.start for c in found.claims if c.quote}
    assert starts == {"Ada Holm": 0, "Bo Lind": text.rindex("Arbin")}
    cues = [c.attribution[0].cue.start for c in found.claims if c.attribution[0].cue]
    assert cues == [text.index("said"), text.rindex("said")]


def test_a_repeated_quote_without_more_goes_by_order(world: World) -> None:
    text = "Arbin fell. Borsk fell later. Arbin fell again."
    found = read(world, claim("Borsk fell later"), claim("Arbin fell"), text=text)
    assert [c.quote.start for c in found.claims if c.quote] == [12, 30]


def test_the_same_claim_twice_is_one(world: World) -> None:
    found, dropped = counts(world, RETAKEN, RETAKEN)
    assert len(found.claims) == 1
    assert dropped == {"same": 1}


# --- places, figures, times -------------------------------------------------------------------------------


def test_areas_that_hold_finer_places_and_adjectives_are_left_out(world: World) -> None:
    text = "Rebels withdrew from Arbin to Borsk in Vesk Province."
    places = [
        {"words": w, "relation": r}
        for w, r in (("Arbin", "from"), ("Borsk", "toward"), ("Vesk Province", "in"))
    ]
    found = one(
        world, claim("Rebels withdrew from Arbin to Borsk in Vesk Province", places=places), text=text
    )
    assert [(p.place_id, p.relation) for p in found.places] == [("t:2", "toward"), ("t:1", "from")]


@pytest.mark.parametrize(
    ("words", "low", "high", "kept"),
    [
        ("40 villagers", 40, 40, (40, 40)),
        ("40 villagers", 400, 400, (40, 40)),  # in English the rules read the words
        ("over 1,200 men", 1200, None, (1200, None)),
        ("dozens of men", 24, 99, (24, 99)),
        ("several men", 3, 9, None),
        ("400 villagers", 400, 400, None),
        ("40 villagers", -1, None, None),
        ("40 villagers", 50, 40, None),
        ("40 villagers", True, None, None),
        ("40 villagers", 1e300, None, None),
    ],
)
def test_figures(
    world: World, words: str, low: Any, high: Any, kept: tuple[float, float | None] | None
) -> None:
    text = "The army freed 40 villagers, and over 1,200 men, dozens of men and several men left Arbin."
    figure = {
        "words": words,
        "low": low,
        "high": high,
        "unit": "persons",
        "of": None,
        "approximator": "exact",
    }
    found = one(world, claim(text, quantities=[figure]), text=text)
    assert [(q.low, q.high) for q in found.quantities] == ([] if kept is None else [kept])


@pytest.mark.parametrize(
    ("words", "low", "kept"),
    [
        ("40 жителей", 40, True),
        ("40 жителей", 41, False),
        ("1,2 млн гривен", 1_200_000, True),
        ("1,2 млн гривен", 2_400_000, False),
        ("1 500 человек", 1500, True),
        ("десятки машин", 24, True),
    ],
)
def test_figures_of_other_languages(world: World, words: str, low: float, kept: bool) -> None:
    text = "Армия освободила 40 жителей, 1 500 человек и десятки машин; ущерб 1,2 млн гривен."
    figure = {"words": words, "low": low, "high": low, "unit": "persons", "of": None, "approximator": "exact"}
    assert bool(one(world, claim(text, quantities=[figure]), text=text, lang="ru").quantities) is kept


@pytest.mark.parametrize(
    ("fields", "on", "holds"),
    [
        # In English the rules date the words, whatever the model thinks.
        ({"time_words": "on Monday", "first_day": "2031-05-14"}, True, ("2031-05-12", "2031-05-12")),
        ({"time_words": "Monday"}, True, ("2031-05-12", "2031-05-12")),
        ({"time_words": "early May"}, True, ("2031-05-01", "2031-05-14")),
        ({}, True, (None, "2031-05-14")),
        ({"first_day": "2031-05-12", "last_day": "2031-05-12"}, True, (None, "2031-05-14")),
        ({"time_words": "on Monday"}, False, (None, None)),
        ({"stance": "ordered"}, True, ("2031-05-14", None)),
        ({"stance": "proposed", "time_words": "on Monday"}, True, (None, None)),
        ({"stance": "predicted", "time_words": "by Friday"}, True, (None, None)),
        ({"stance": "intended", "time_words": "by Friday"}, True, (None, "2031-05-16")),
        ({"stance": "intended", "event": "control_held"}, True, ("2031-05-14", None)),
    ],
)
def test_times_of_english(
    world: World, fields: dict[str, Any], on: bool, holds: tuple[str | None, str | None]
) -> None:
    text = "Rebels took Arbin on Monday. They have held it since early May. They may leave by Friday."
    found = one(world, claim("Rebels took Arbin", **fields), text=text, on=date(2031, 5, 14) if on else None)
    told = holds_to_json(found.holds, found.edtf)
    assert (told["from"], told["to"]) == holds
    assert found.deadline == (date(2031, 5, 16) if found.stance == "predicted" else None)


@pytest.mark.parametrize(
    ("first", "last", "on", "holds"),
    [
        ("2031-05-12", "2031-05-12", True, ("2031-05-12", "2031-05-12")),
        ("2031-05-12", None, True, ("2031-05-12", None)),
        ("2031-05-13", "2031-05-12", True, (None, "2031-05-14")),
        ("2031-06-12", "2031-06-12", True, (None, "2031-05-14")),  # told as past, dated ahead
        ("2031-05-12", "2031-05-12", False, (None, None)),  # nothing to anchor it
        ("0001-01-01", None, True, (None, "2031-05-14")),
        ("Monday", "Monday", True, (None, "2031-05-14")),
        (None, None, True, (None, "2031-05-14")),
    ],
)
def test_times_of_other_languages(
    world: World, first: str | None, last: str | None, on: bool, holds: tuple[str | None, str | None]
) -> None:
    found = one(
        world,
        claim(
            "Повстанцы взяли Арбин в понедельник", time_words="в понедельник", first_day=first, last_day=last
        ),
        text="Повстанцы взяли Арбин в понедельник.",
        lang="ru",
        on=date(2031, 5, 14) if on else None,
    )
    told = holds_to_json(found.holds, found.edtf)
    assert (told["from"], told["to"]) == holds


def test_a_year_in_the_words_needs_no_publication(world: World) -> None:
    words = "12 мая 2031 года"
    item = claim("Арбин взят", time_words=words, first_day="2031-05-12", last_day="2031-05-12")
    found = one(world, item, text=f"Арбин взят {words}.", lang="ru", on=None)
    assert found.edtf == "2031-05-12"


@pytest.mark.parametrize("on", [date(1, 1, 1), date(9999, 12, 31)])
@pytest.mark.parametrize("stance", ["claimed", "ordered", "intended"])
def test_placeholders_for_a_publication_anchor_nothing(world: World, on: date, stance: str) -> None:
    found = one(world, RETAKEN | {"stance": stance, "event": "control_held", "time_words": "Tuesday"}, on=on)
    assert (found.holds.start, found.holds.end) == (None, None)
