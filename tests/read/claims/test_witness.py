"""The network beside the rules: it wins only where it is surer by more than the rules are worth."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from whoholds.model import ClaimPlace, Event, Polarity, Relation, Source, Span, Stance
from whoholds.read.claims.party import Party
from whoholds.read.claims.witness import Witness
from whoholds.read.network import Opinion
from whoholds.read.network.pieces import cut_text
from whoholds.text.parse import Parsed, parse_many
from whoholds.text.tokens import Token

TEXT = "The army took Borsk on Monday, the mayor said. Rebels had left it. Soldiers waited near Dornay."


def parsed() -> Parsed:
    return next(iter(parse_many([TEXT], has_headline=False)))


def opinion_of(
    *,
    stances: dict[Stance, float] | None = None,
    actor: dict[str, float] | None = None,
    speaker: dict[str, float] | None = None,
    place: dict[str, float] | None = None,
    relations: dict[Relation, float] | None = None,
) -> Opinion:
    """An opinion by words: chances of stances, actors and speakers ("" is nobody), log-odds of places."""
    pieces = cut_text(TEXT)

    def spread(named: dict[str, float] | None) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        found = np.zeros(len(pieces.numbers) + 1, dtype=np.float32)
        for words, chance in (named or {"": 1.0}).items():
            at = -1 if not words else int(np.searchsorted(pieces.starts, TEXT.index(words)))
            found[at] = chance
        return found

    odds = np.full(len(pieces.numbers), -9.0, dtype=np.float32)
    for words, value in (place or {}).items():
        odds[(pieces.starts >= TEXT.index(words)) & (pieces.ends <= TEXT.index(words) + len(words))] = value
    shares = dict.fromkeys(Stance, 0.0001) | (stances or {Stance.ASSERTED: 1.0})
    return Opinion(
        events=dict.fromkeys(Event, -3.0),
        stances={s: log(x) for s, x in shares.items()},
        polarities={Polarity.POSITIVE: log(0.9), Polarity.NEGATIVE: log(0.1)},
        relations={r: log((relations or {}).get(r, 0.1)) for r in Relation},
        pieces=pieces,
        first=0,
        who={"actor": spread(actor), "target": spread(None), "speaker": spread(speaker)},
        place=odds,
        sight=(0, len(TEXT)),
    )


@pytest.mark.parametrize(("chance", "expected"), [(0.6, Stance.CLAIMED), (0.999, Stance.DENIED)])
def test_a_stance_is_overruled_only_by_much(chance: float, expected: Stance) -> None:
    opinion = opinion_of(stances={Stance.DENIED: chance, Stance.CLAIMED: 1 - chance})
    assert Witness(parsed()).settle_stance(Stance.CLAIMED, opinion, is_told=True)[0] is expected


def test_what_others_say_is_not_asserted_and_silence_may_be_heard() -> None:
    sure = opinion_of(stances={Stance.ASSERTED: 0.9999})
    assert Witness(parsed()).settle_stance(Stance.CLAIMED, sure, is_told=True)[0] is not Stance.ASSERTED
    assert Witness(parsed()).settle_stance(Stance.NO_COMMENT, sure, is_told=True) == (Stance.NO_COMMENT, 1.0)
    silent = opinion_of(stances={Stance.NO_COMMENT: 0.9999})
    assert Witness(parsed()).settle_stance(Stance.CLAIMED, silent, is_told=True)[0] is Stance.NO_COMMENT
    unsure = opinion_of(stances={Stance.NO_COMMENT: 0.6, Stance.CLAIMED: 0.4})
    assert Witness(parsed()).settle_stance(Stance.CLAIMED, unsure, is_told=True)[0] is Stance.CLAIMED


@pytest.mark.parametrize("answer", [Stance.PREDICTED, Stance.INTENDED])
def test_whether_will_is_a_plan_hangs_on_the_report(answer: Stance) -> None:
    """A chance at which no other stance would be given up."""
    other = {Stance.PREDICTED: Stance.INTENDED, Stance.INTENDED: Stance.PREDICTED}[answer]
    opinion = opinion_of(stances={other: 0.95, answer: 0.05, Stance.DENIED: 0.05})
    assert Witness(parsed()).settle_stance(answer, opinion, is_told=True, is_bare=True)[0] is other
    governed = opinion_of(stances={other: 0.85, answer: 0.15})
    assert Witness(parsed()).settle_stance(answer, governed, is_told=True)[0] is answer, "vowed, expected"
    doubt = opinion_of(stances={other: 0.85, Stance.DENIED: 0.15})
    assert Witness(parsed()).settle_stance(Stance.DENIED, doubt, is_told=True)[0] is Stance.DENIED


def test_without_an_opinion_the_rules_stand() -> None:
    witness = Witness(parsed())
    answer = Party("the army", "NOR", 1)
    assert Witness(parsed()).settle_stance(Stance.DENIED, None, is_told=True) == (Stance.DENIED, 1.0)
    assert witness.settle_party("actor", answer, None, [], name) is answer
    assert witness.settle_polarity(Polarity.NEGATIVE, None) is Polarity.NEGATIVE
    assert witness.settle_speaker((), None, as_source) == ((), 1.0)
    assert witness.placing.settle([], lambda *_: [], None, [], Event.CLASH) == ()


def as_source(token: Token) -> tuple[Source, ...]:
    return (Source(token.text),)


def name(token: Token) -> Party:
    return Party(token.text, None, token.i)


def test_who_acts_may_stand_in_another_sentence() -> None:
    its = parsed()
    witness = Witness(its)
    words = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    sure = opinion_of(actor={"army": 0.95, "": 0.05})
    found = witness.settle_party("actor", None, sure, words, name)
    assert found is not None
    assert found.words == "army"
    unsure = opinion_of(actor={"army": 0.5, "": 0.5})
    assert witness.settle_party("actor", None, unsure, words, name) is None


def test_the_grammars_actor_outweighs_a_doubt() -> None:
    its = parsed()
    words = list(its.doc.tokens)[:4]
    answer = Party("army", None, 1)
    doubtful = opinion_of(actor={"army": 0.3, "Rebels": 0.7})
    assert Witness(its).settle_party("actor", answer, doubtful, words, name) is answer


def test_who_speaks_may_be_somebody_of_whom_the_rules_know_no_speech() -> None:
    mayor = (Source("mayor"),)
    witness = Witness(parsed())
    witness.hear([mayor])
    sure = opinion_of(speaker={"mayor": 0.999, "": 0.001})
    assert witness.settle_speaker((), sure, as_source)[0] == mayor
    assert Witness(parsed()).settle_speaker((), sure, as_source)[0] == (Source("mayor"),)
    unsure = opinion_of(speaker={"mayor": 0.6, "": 0.4})
    assert witness.settle_speaker((), unsure, as_source)[0] == ()
    feared = (Source("somebody who only fears it"),)
    assert witness.settle_speaker(feared, sure, as_source) == (feared, 1.0)


def place(words: str, relation: Relation = Relation.IN) -> ClaimPlace:
    at = TEXT.index(words)
    return ClaimPlace(None, words, relation=relation, span=Span(at, at + len(words), words), p=0.8)


def test_an_inherited_place_gives_way_and_a_named_one_stays() -> None:
    its = parsed()
    witness = Witness(its)
    borsk, dornay = place("Borsk"), place("Dornay", Relation.NEAR)
    words = [t for t in its.doc.tokens if TEXT.index("Soldiers") <= t.idx]
    opinion = opinion_of(place={"Borsk": 5.0, "Dornay": -2.0})
    assert [
        p.name
        for p in witness.placing.settle([dornay], lambda *_: [borsk, dornay], opinion, words, Event.ENTERED)
    ] == ["Dornay"]
    left = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    assert [
        p.name
        for p in witness.placing.settle([dornay], lambda *_: [borsk, dornay], opinion, left, Event.ENTERED)
    ] == ["Borsk"]
    assert [
        p.name for p in witness.placing.settle([], lambda *_: [borsk, dornay], opinion, left, Event.ENTERED)
    ] == ["Borsk"]
    nowhere = opinion_of(place={"Borsk": -6.0, "Dornay": -6.0})
    assert witness.placing.settle([dornay], lambda *_: [borsk, dornay], nowhere, left, Event.ENTERED) == ()


@pytest.mark.parametrize(
    ("odds", "event", "expected"),
    [
        (-2.0, Event.AGREEMENT, ["Dornay"]),
        (-3.0, Event.AGREEMENT, []),
        (-3.0, Event.CONTROL_GAINED, ["Dornay"]),
        (-6.0, Event.CONTROL_GAINED, []),
    ],
)
def test_the_last_place_named_goes_only_where_the_network_is_sure(
    odds: float, event: Event, expected: list[str]
) -> None:
    its = parsed()
    dornay = place("Dornay", Relation.NEAR)
    words = [t for t in its.doc.tokens if TEXT.index("Soldiers") <= t.idx]
    opinion = opinion_of(place={"Dornay": odds})
    found = Witness(its).placing.settle([dornay], lambda *_: [dornay], opinion, words, event)
    assert [p.name for p in found] == expected


def test_a_place_that_is_only_meant_gives_way_to_a_much_likelier_one() -> None:
    its = parsed()
    left = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    borsk, dornay = place("Borsk"), place("Dornay")

    def settle(odds: dict[str, float]) -> list[str]:
        found = Witness(its).placing.settle(
            [dornay], lambda *_: [borsk, dornay], opinion_of(place=odds), left, Event.ENTERED
        )
        return [p.name for p in found]

    assert settle({"Borsk": 6.0, "Dornay": 0.0}) == ["Borsk"]
    assert settle({"Borsk": 1.0, "Dornay": 0.0}) == ["Dornay"], "a little likelier is not enough"


def test_the_outskirts_are_those_of_a_town() -> None:
    its = parsed()
    left = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    dornay, region = place("Dornay", Relation.OUTSKIRTS), replace(place("Borsk"), kind="admin")
    opinion = opinion_of(place={"Borsk": 6.0, "Dornay": 0.0})

    def settle(here: ClaimPlace, other: ClaimPlace) -> list[str]:
        found = Witness(its).placing.settle([here], lambda *_: [here, other], opinion, left, Event.CONTESTED)
        return [p.name for p in found]

    assert settle(dornay, region) == ["Dornay"]
    assert settle(dornay, replace(region, kind="settlement")) == ["Borsk"]
    assert settle(replace(dornay, relation=Relation.IN), region) == ["Borsk"]


def test_of_a_place_named_twice_the_surer_mention_speaks() -> None:
    text = (
        "The army took Borsk on Monday, the mayor said. Rebels had left it. Nobody was seen at Borsk later."
    )
    its = next(iter(parse_many([text], has_headline=False)))
    pieces = cut_text(text)
    odds = np.full(len(pieces.numbers), -9.0, dtype=np.float32)
    first, second = text.index("Borsk"), text.rindex("Borsk")
    odds[(pieces.starts >= second) & (pieces.ends <= second + 5)] = 3.0
    opinion = replace(opinion_of(), pieces=pieces, place=odds, sight=(0, len(text)))
    mentions = [ClaimPlace(None, "Borsk", span=Span(at, at + 5, "Borsk"), p=0.8) for at in (first, second)]
    left = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    (kept,) = Witness(its).placing.settle(mentions[:1], lambda *_: mentions, opinion, left, Event.ENTERED)
    assert kept.name == "Borsk"


def test_the_town_of_a_dateline_takes_no_part() -> None:
    text = "BORSK, May 3 (KNA) — " + TEXT
    its = next(iter(parse_many([text], has_headline=False)))
    pieces = cut_text(text)
    who = np.zeros(len(pieces.numbers) + 1, dtype=np.float32)
    who[0] = 1.0
    opinion = replace(opinion_of(), pieces=pieces, who={"actor": who, "target": who, "speaker": who})
    words = [t for t in its.doc.tokens if t.text in ("Rebels", "had", "left", "it")]
    assert Witness(its).settle_party("actor", None, opinion, words, name) is None


def test_news_of_no_war_is_asked_where_it_happened_alone() -> None:
    text = "Police killed two protesters in Kampala on Monday, and shops in Entebbe were shut."
    its = next(iter(parse_many([text], has_headline=False)))
    head = next(t for t in its.doc.tokens if t.text == "killed")
    clause = list(its.doc.tokens)[:9]
    witness = Witness(its)
    witness.ask([(clause, head)], deeds=0)
    assert witness.on_places(clause, head) is None
    witness.ask([(clause, head)], deeds=1)
    assert witness.on_places(clause, head) is not None
    assert witness.of_clause(clause, head) is None


def test_a_preposition_outweighs_what_the_network_makes_of_the_relation() -> None:
    its = parsed()
    near = opinion_of(place={"Dornay": 4.0, "Borsk": 4.0}, relations={Relation.IN: 0.99, Relation.NEAR: 0.01})
    said = [t for t in its.doc.tokens if TEXT.index("Soldiers") <= t.idx]
    (dornay,) = Witness(its).placing.settle(
        [place("Dornay", Relation.NEAR)], lambda *_: [], near, said, Event.ENTERED
    )
    assert dornay.relation is Relation.NEAR, "near Dornay, the text says"
    bare = [t for t in its.doc.tokens if t.idx < TEXT.index(" on Monday")]
    (borsk,) = Witness(its).placing.settle(
        [place("Borsk", Relation.NEAR)], lambda *_: [], near, bare, Event.ENTERED
    )
    assert borsk.relation is Relation.IN, "took Borsk: no preposition says how"


def test_what_a_direction_is_measured_from_is_no_place_of_the_claim() -> None:
    text = (
        "The army holds the hill of Cida, south-east of Alba, its general said on Monday to the press there."
    )
    its = next(iter(parse_many([text], has_headline=False)))
    pieces = cut_text(text)
    odds = np.full(len(pieces.numbers), 6.0, dtype=np.float32)
    opinion = replace(opinion_of(), pieces=pieces, place=odds, sight=(0, len(text)))

    def named(words: str) -> ClaimPlace:
        at = text.index(words)
        return ClaimPlace(None, words, span=Span(at, at + len(words), words), p=0.8)

    found = Witness(its).placing.settle(
        [named("Cida")],
        lambda *_: [named("Cida"), named("Alba")],
        opinion,
        list(its.doc.tokens),
        Event.CONTROL_HELD,
    )
    assert [p.name for p in found] == ["Cida"]
