"""Whose words they are: labels, relayers, continued speech, rejections, retractions, silence, own voice."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.read.claims.world import context, read

from whoholds.model import Claim, Reading, Report, Stance, sha256_hex
from whoholds.read.claims.allegiance import named_beside
from whoholds.read.claims.relays import is_publisher, words_of
from whoholds.read.rules_en import RulesReader
from whoholds.text.parse import parse_many

# (publisher, text, words of the quote, speakers from the outermost in, stance)
SAID = [
    ('Delta Post', 'Front report\n\nMayor of Kaldor: the river bridge was blown up at noon. Shops are closed.', 'bridge was blown up', ['Mayor of Kaldor'], 'claimed'),
    ('Delta Post', 'Front report\n\nMayor of Kaldor: the river bridge was blown up at noon. Shops are closed.', 'Shops are closed', ['Mayor of Kaldor'], 'claimed'),
    ('Delta Post', 'Two sides\n\nThe Defence Ministry in Kaldor. The pass is ours. Two guns were lost.\n\nThe Army Staff in Tarsk. The pass was never lost.', 'pass is ours', ['Defence Ministry in Kaldor'], 'claimed'),
    ('Delta Post', 'Two sides\n\nThe Defence Ministry in Kaldor. The pass is ours. Two guns were lost.\n\nThe Army Staff in Tarsk. The pass was never lost.', 'pass was never lost', ['Army Staff in Tarsk'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor has decreed a curfew in Tarsk.', 'decreed a curfew', ['The governor'], 'ordered'),
    ('Delta Post', 'War\n\nThe governor rejected a ceasefire in Tarsk.', 'rejected a ceasefire', [], 'asserted'),
    ('Delta Post', 'War\n\nThe governor rejected reports that Tarsk had fallen.', 'Tarsk had fallen', ['governor'], 'denied'),
    ('Delta Post', 'Situation\n\nTarsk: two shells fell on Monday.\n\nKaldor: the market is open again.\n\nMelk: the bridge was burned.', 'bridge was burned', [], 'asserted'),
    ('Delta Post', 'Situation\n\nPolice: two posts were burned on Monday.\n\nHospital: nine wounded were brought in.\n\nTarsk is calm.', 'two posts were burned', [], 'asserted'),
    ('Delta Post', 'Situation\n\nPolice: two posts were burned on Monday.\n\nTarsk is calm.', 'two posts were burned', ['Police'], 'claimed'),
    ('Delta Post', "Live\n\n18:05 - Defence ministry spokeswoman: 'Our troops left the town this morning.'", 'troops left the town', ['Defence ministry spokeswoman'], 'claimed'),
    ('Delta Post', 'War\n\nAccording to the governor, rebels entered the town at dawn. They burned the court and looted the bank, he said.', 'burned the court', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe town has fallen, the governor told reporters; his men had held it for nine days.', 'his men had held it', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe bridge was destroyed, police said, and a dam nearby was damaged.', 'a dam nearby was damaged', ['police'], 'claimed'),
    ('Delta Post', 'War\n\n"We left at night," said Maria Olt, a baker. Soldiers had told her to go, she said; the house burned an hour later.', 'Soldiers had told her', ['Maria Olt'], 'claimed'),
    ('Delta Post', 'War\n\nIn an interview with Radio Nord, the colonel claimed his men had destroyed nine tanks.', 'destroyed nine tanks', ['Radio Nord', 'colonel'], 'claimed'),
    ('Delta Post', 'War\n\nThe state news agency quoted a colonel as saying that the pass was open.', 'the pass was open', ['state news agency', 'colonel'], 'claimed'),
    ('Delta Post', 'War\n\nCiting a military source, the daily Vesnik reported that two bridges had been mined.', 'two bridges had been mined', ['Vesnik', 'military source'], 'claimed'),
    ('Delta Post', 'War\n\nThe rebels seized the depot, state television said, citing the army.', 'rebels seized the depot', ['state television', 'army'], 'claimed'),
    ('Delta Post', 'War\n\nResidents reported hearing gunfire near the airport on Monday.', 'gunfire', ['Residents'], 'claimed'),
    ('Delta Post', 'War\n\nA shopkeeper saw armed men enter the police station.', 'armed men enter', ['shopkeeper'], 'claimed'),
    ('Delta Post', 'War\n\nVillagers spoke of heavy shelling on Sunday night.', 'heavy shelling', ['Villagers'], 'claimed'),
    ('Delta Post', 'War\n\nA doctor at the hospital counted 14 dead.', 'counted 14 dead', ['doctor at the hospital'], 'claimed'),
    ('Delta Post', 'War\n\nThe army denied the reports. "All lies," a spokesman said.', 'army denied the reports', ['army'], 'denied'),
    ('Delta Post', 'War\n\nThe ministry called reports that Tarsk had fallen a lie.', 'Tarsk had fallen', ['ministry'], 'denied'),
    ('Delta Post', 'War\n\nThe ministry called reports that Tarsk had fallen "fake".', 'Tarsk had fallen', ['ministry'], 'denied'),
    ('Delta Post', 'War\n\nThe governor dismissed as false the claim that rebels had entered Tarsk.', 'rebels had entered Tarsk', ['governor'], 'denied'),
    ('Delta Post', 'War\n\nIt is not true that Tarsk has fallen, the ministry said.', 'Tarsk has fallen', ['ministry'], 'denied'),
    ('Delta Post', 'War\n\nRebels denied they had shelled the market.', 'they had shelled the market', ['Rebels'], 'denied'),
    ('Delta Post', 'War\n\nThe army withdrew its earlier claim that Tarsk had been retaken.', 'Tarsk had been retaken', ['army'], 'denied'),
    ('Delta Post', "War\n\nThe rebels' claim to have taken Tarsk is false.", 'have taken Tarsk', ['rebels'], 'claimed'),
    ('Delta Post', 'War\n\nThe ministry confirmed the death of nine soldiers in Tarsk.', 'death of nine soldiers', ['ministry'], 'confirmed'),
    ('Delta Post', 'War\n\nAn army officer, who asked not to be named, admitted that the hill was lost.', 'the hill was lost', ['army officer'], 'confirmed'),
    ('Delta Post', 'War\n\nThe army did not respond to a request for comment.', 'did not respond', ['army'], 'no_comment'),
    ('Delta Post', 'War\n\nThe ministry would not say how many soldiers had died.', 'how many soldiers had died', ['ministry'], 'no_comment'),
    ('Delta Post', 'War\n\nThere was no comment from the ministry on the raid.', 'no comment from the ministry', ['ministry'], 'no_comment'),
    ('Delta Post', 'War\n\nThe Kremlin has so far kept quiet about the loss of Tarsk.', 'kept quiet', ['Kremlin'], 'no_comment'),
    ('Delta Post', 'War\n\nOfficials in Tarsk refused to discuss the losses.', 'refused to discuss', ['Officials in Tarsk'], 'no_comment'),
    ('Delta Post', 'War\n\nThe army intends to retake Tarsk, its commander said.', 'retake Tarsk', ['its commander'], 'intended'),
    ('Delta Post', 'War\n\nThe president vowed to retake Tarsk.', 'retake Tarsk', ['president'], 'intended'),
    ('Delta Post', 'War\n\nThe general ordered his men to leave Tarsk.', 'leave Tarsk', ['general'], 'ordered'),
    ('Delta Post', 'War\n\nThe mayor urged residents to leave Tarsk.', 'leave Tarsk', ['mayor'], 'proposed'),
    ('Delta Post', 'War\n\nAnalysts expect the town to fall within days.', 'fall within days', ['Analysts'], 'predicted'),
    ('Delta Post', 'War\n\nThe town will fall by Friday, an analyst predicted.', 'The town will fall', ['analyst'], 'predicted'),
    ('Delta Post', 'War\n\nThe government is weighing a withdrawal from Tarsk.', 'withdrawal from Tarsk', ['government'], 'considered'),
    ('Delta Post', 'War\n\nThe town is calm, Deputy Governor Anna Holm said on Friday. The deputy governor added that buses were running.', 'buses were running', ['Anna Holm'], 'claimed'),
    ('Delta Post', 'War\n\nGen. Karl Voss said the line held. The general added that reserves had arrived.', 'reserves had arrived', ['general'], 'claimed'),
    ('Delta Post', 'War\n\nThe Institute for Border Studies, a think-tank, said the army had lost the hill. The institute put losses at 300 men.', 'put losses at 300', ['Institute'], 'claimed'),
    ('Delta Post', 'War\n\nThe spokesman for the Northern Front, Ivan Petrel, wrote on Telegram: "Tarsk is ours."', 'Tarsk is ours', ['Ivan Petrel'], 'claimed'),
    ('Delta Post', 'War\n\n"Tarsk is ours," Ivan Petrel, the front\'s spokesman, wrote on Telegram.', 'Tarsk is ours', ['Ivan Petrel'], 'claimed'),
    ('Delta Post', 'War\n\nTarsk is ours - @northfront', 'Tarsk is ours', ['@northfront'], 'claimed'),
    ('Delta Post', 'War\n\nThe channel North Wind writes that Tarsk has fallen.', 'Tarsk has fallen', ['North Wind'], 'claimed'),
    ('Delta Post', "War\n\nThe governor's adviser, Petro Lanz, said 12 shells hit the port.", '12 shells hit the port', ['Petro Lanz'], 'claimed'),
    ('Delta Post', 'War\n\nMoscow says its troops took Tarsk.', 'its troops took Tarsk', ['Moscow'], 'claimed'),
    ('Delta Post', 'War\n\nThe army said on Monday it had retaken Tarsk, but residents said fighting continued.', 'fighting continued', ['residents'], 'claimed'),
    ('Delta Post', 'War\n\nA rebel commander, Abu Samir, told AFP by phone that his men had taken Tarsk.', 'his men had taken Tarsk', ['Abu Samir'], 'claimed'),
    ('Delta Post', 'War\n\nAccording to two officials with knowledge of the plan, the brigade will leave Tarsk on Friday.', 'the brigade will leave', ['two officials with knowledge of the plan'], 'predicted'),
    ('Delta Post', 'War\n\nThe brigade, officials say, will leave Tarsk on Friday.', 'will leave Tarsk', ['officials'], 'predicted'),
    ('Delta Post', 'War\n\nPolice blamed rebels for the attack.', 'Police blamed rebels', ['Police'], 'claimed'),
    ('Delta Post', 'War\n\nThe army accused rebels of shelling the market.', 'shelling the market', ['army'], 'claimed'),
    ('Delta Post', 'War\n\nRebels claimed responsibility for the attack on Tarsk.', 'claimed responsibility', ['Rebels'], 'claimed'),
    ('Delta Post', 'War\n\nPolice chief Anna Reit told the Vesna news agency: "We have lost the port."', 'We have lost the port', ['Vesna', 'Anna Reit'], 'claimed'),
    ('Delta Post', 'War\n\n09:15 Army spokesman Jon Falk: enemy columns are moving south.', 'enemy columns are moving', ['Jon Falk'], 'claimed'),
    ('Delta Post', 'War\n\nRed Crescent volunteer, reached by phone: "The road is cut."', 'The road is cut', ['Red Crescent volunteer'], 'claimed'),
    ('Delta Post', 'War\n\nThe rebels tell a different story: the town was never lost.', 'the town was never lost', ['rebels'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor disagrees: no soldier has left the town.', 'no soldier has left', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe army denied this.', 'The army denied this', ['army'], 'denied'),
    ('Delta Post', 'War\n\nBoth sides have denied the accusation.', 'denied the accusation', ['Both sides'], 'denied'),
    ('Delta Post', "War\n\nKaldor's governor acknowledged heavy losses.", 'heavy losses', ["Kaldor's governor"], 'confirmed'),
    ('Delta Post', 'War\n\nThe ministry reported the loss of two ships.', 'loss of two ships', ['ministry'], 'claimed'),
    ('Delta Post', 'War\n\nThe rebels announced a ceasefire.', 'announced a ceasefire', ['rebels'], 'claimed'),
    ('Delta Post', 'War\n\nThe coroner put the number of dead at 31.', 'number of dead at 31', ['coroner'], 'claimed'),
    ('Delta Post', 'War\n\nHospital officials raised the death toll to 45.', 'death toll to 45', ['officials'], 'claimed'),
    ('Delta Post', 'War\n\nAid workers heard explosions near the camp.', 'heard explosions', ['workers'], 'claimed'),
    ('Delta Post', 'War\n\nThe army said two villages had been lost and acknowledged that 40 men were missing.', '40 men were missing', ['army'], 'confirmed'),
    ('Delta Post', 'War\n\nA deputy said that the mayor had fled, adding that his house had been looted.', 'his house had been looted', ['deputy'], 'claimed'),
    ('Delta Post', 'War\n\nThe envoy said the rebels had left, but warned that they could return.', 'they could return', ['envoy'], 'suggested'),
    ('Delta Post', 'War\n\nThe governor, quoted by Interfakt, said the dam was safe.', 'the dam was safe', ['Interfakt', 'governor'], 'claimed'),
    ('Delta Post', 'War\n\nInterfakt, citing the governor, reported that the dam was safe.', 'the dam was safe', ['Interfakt', 'governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor told parliament that the dam was safe.', 'the dam was safe', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor told the Delta Post that the dam was safe.', 'the dam was safe', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor said in an interview with the newspaper Vesnik that the dam was safe.', 'the dam was safe', ['Vesnik', 'governor'], 'claimed'),
    ('Delta Post', 'War\n\nAn earlier report by the UN said the dam was safe.', 'the dam was safe', ['earlier report by the UN'], 'claimed'),
    ('Eastern Command Press Office', 'Summary\n\nThe enemy says it has taken Kaldor. The Eastern Command rejects this claim.', 'has taken Kaldor', ['enemy'], 'claimed'),
    ('Delta Post', 'War\n\nThe army declined to give figures.', 'declined to give figures', ['army'], 'no_comment'),
    ('Delta Post', 'War\n\nThe palace was silent on the matter.', 'was silent', ['palace'], 'no_comment'),
    ('Delta Post', 'War\n\nNeither army commented on the raid.', 'commented on the raid', ['Neither army'], 'no_comment'),
    ('Delta Post', 'War\n\nThe ministry has said little about the raid.', 'said little', ['ministry'], 'no_comment'),
    ('Delta Post', 'War\n\nThe militia asked residents to stay at home.', 'stay at home', ['militia'], 'proposed'),
    ('Delta Post', 'War\n\nThe colonel hopes to reach Kaldor by June.', 'reach Kaldor', ['colonel'], 'intended'),
    ('Delta Post', 'War\n\nThe army said it would retake Kaldor; it had lost the town in March.', 'it had lost the town', ['army'], 'claimed'),
    ('Delta Post', 'War\n\nRebels hit the port, officials said, and damaged two cranes.', 'damaged two cranes', ['officials'], 'claimed'),
    ('Delta Post', 'War\n\nRebels hit the port, officials said, but the navy has not commented.', 'has not commented', ['navy'], 'no_comment'),
    ('Delta Post', 'War\n\n"They fled," Lt. Mara Quist of the border guard said. The lieutenant said 12 men had been taken.', '12 men had been taken', ['Mara Quist'], 'claimed'),
    ('Delta Post', 'War\n\nThe foreign minister, Lena Kost, met envoys. Her deputy, Paul Riis, said talks had failed.', 'talks had failed', ['Paul Riis'], 'claimed'),
    ('Delta Post', 'War\n\nTwo women who fled the town said their street had burned.', 'their street had burned', ['Two women'], 'claimed'),
    ('Delta Post', 'War\n\nOne of the survivors, a miner named Olek, said the roof had collapsed.', 'the roof had collapsed', ['miner'], 'claimed'),
    ('Delta Post', 'War\n\nA statement by the General Staff said the ridge was lost.', 'the ridge was lost', ['statement by the General Staff'], 'claimed'),
    ('Delta Post', 'War\n\nThe General Staff said in a statement that the ridge was lost.', 'the ridge was lost', ['General Staff'], 'claimed'),
    ('Delta Post', 'War\n\nThe town fell on Monday, per the war monitor Linia.', 'The town fell', ['Linia'], 'claimed'),
    ('Delta Post', 'War\n\nIn a post on Telegram, the governor wrote that three drones had been shot down.', 'three drones had been shot down', ['governor'], 'claimed'),
    ('Delta Post', 'War\n\nWitnesses: armed men entered the mosque at noon.', 'armed men entered', ['Witnesses'], 'claimed'),
    ('Delta Post', 'War\n\nThe governor does not dispute that the army left Kaldor on Monday.', 'the army left Kaldor', ['governor'], 'confirmed'),
    ('Delta Post', 'War\n\nThe governor does not believe that the army left Kaldor on Monday.', 'the army left Kaldor', ['governor'], 'denied'),
    ('Delta Post', 'War\n\nThe governor did not confirm that the army had left Kaldor.', 'did not confirm', ['governor'], 'no_comment'),
]  # fmt: skip

# What looks like speech and is the publisher's own: the must-nots of the rules above, and unnamed hearsay.
OWN = [
    ('Delta Post', 'Map notes\n\nTarsk: the army pushed two kilometres north.', 'the army pushed two kilometres north', [], 'asserted'),
    ('Delta Post', 'Map notes\n\nNorthern sector: rebels took the quarry.', 'rebels took the quarry', [], 'asserted'),
    ('Delta Post', 'Map notes\n\nSituation: rebels took the quarry on Friday.', 'rebels took the quarry', [], 'asserted'),
    ('Delta Post', 'War\n\nThe bridge was destroyed, police said. The army has sent engineers.', 'The army has sent engineers', [], 'asserted'),
    ('Delta Post', 'War\n\nRebels reportedly took the mill on Monday.', 'took the mill', [], 'claimed'),
    ('Delta Post', 'War\n\nApparently, the garrison has left the town.', 'the garrison has left', [], 'suggested'),
    ('Delta Post', 'War\n\nIt appears that the garrison has left the town.', 'the garrison has left', [], 'suggested'),
    ('Delta Post', 'War\n\nThe garrison seems to have left the town.', 'left the town', [], 'suggested'),
    ('Delta Post', 'War\n\nThe commander is said to have fled to the north.', 'fled to the north', [], 'claimed'),
    ('Northern Command Press Service', 'Daily summary\n\nNorthern Command reports the capture of Tarsk.', 'capture of Tarsk', [], 'asserted'),
    ('Northern Command Press Service', 'Daily summary\n\nThe Northern Command announces that its units have taken Tarsk.', 'units have taken Tarsk', [], 'asserted'),
    ('Delta Post', 'War\n\nA Delta Post correspondent saw four tanks burning at Tarsk.', 'tanks burning', [], 'asserted'),
    ('Delta Post', 'War\n\nOur reporter in Tarsk says the bridge is open.', 'bridge is open', [], 'asserted'),
    ('Delta Post', 'War\n\nWe reported yesterday that Tarsk had fallen. This was incorrect.', 'Tarsk had fallen', [], 'denied'),
    ('Delta Post', 'War\n\nCorrection: we said Tarsk had fallen; it has not.', 'Tarsk had fallen', [], 'denied'),
    ('Delta Post', 'War\n\nIn an earlier version of this story we wrote that the mayor had fled. He has not.', 'the mayor had fled', [], 'denied'),
    ('Delta Post', 'War\n\nNote: the road is cut.', 'the road is cut', [], 'asserted'),
    ('Delta Post', 'War\n\nKaldor front: the army holds the ridge.', 'the army holds the ridge', [], 'asserted'),
    ('Delta Post', 'War\n\nOne thing is certain: the army has lost the ridge.', 'the army has lost the ridge', [], 'asserted'),
    ('Delta Post', 'War\n\nThe parties signed an agreement.', 'signed an agreement', [], 'asserted'),
    ('Delta Post', 'War\n\nShelling on Monday put the bridge at risk.', 'Shelling on Monday', [], 'asserted'),
    ('Delta Post', 'War\n\nWe wrote on Monday that the dam had burst. It had.', 'the dam had burst', [], 'asserted'),
    ('Delta Post', 'War\n\nYesterday we reported that the dam had burst. We apologise for the error.', 'the dam had burst', [], 'denied'),
    ('Delta Post', 'War\n\nOur count shows 40 burnt tanks on the road.', '40 burnt tanks', [], 'asserted'),
    ('Delta Post', 'War\n\nThere is no evidence that the mayor has fled.', 'the mayor has fled', [], 'denied'),
    ('Delta Post', 'War\n\nThe garrison declined to surrender.', 'declined to surrender', [], 'asserted'),
    ('Delta Post', 'War\n\nThe night in Kaldor was quiet.', 'was quiet', [], 'asserted'),
    ('Delta Post', 'War\n\nResidents were asked to stay at home.', 'stay at home', [], 'proposed'),
    ('Delta Post', 'War\n\nThe army retook Kaldor. It had lost the town in March.', 'It had lost the town', [], 'asserted'),
    ('Delta Post', 'War\n\nThe army says it retook Kaldor; the town is in ruins.', 'the town is in ruins', [], 'asserted'),
    ('Delta Post', 'War\n\nUnconfirmed reports say the bridge has been blown up.', 'the bridge has been blown up', [], 'claimed'),
    ('Delta Post', 'War\n\nThe bridge was said to have been blown up.', 'blown up', [], 'claimed'),
    ('Delta Post', 'War\n\nIt was reported that the bridge had been blown up.', 'the bridge had been blown up', [], 'claimed'),
]  # fmt: skip


@pytest.fixture(scope="module")
def readings() -> dict[tuple[str, str], Reading]:
    """All texts, read in one batch."""
    texts = sorted({(publisher, text) for publisher, text, *_ in (*SAID, *OWN)})
    reports = [
        Report(
            id=f"r{number}",
            text=text,
            sha256=sha256_hex(text.encode()),
            published_at=date(2031, 5, 14),
            publisher=publisher,
            lang="en",
        )
        for number, (publisher, text) in enumerate(texts)
    ]
    found = RulesReader().read_many(reports, context())
    return {key: r for key, r in zip(texts, found, strict=True) if isinstance(r, Reading)}


def told(reading: Reading, words: str, stance: str) -> list[Claim]:
    """The claims whose quote has some words, with a stance."""
    return [c for c in reading.claims if c.quote and words in c.quote.exact and c.stance is Stance(stance)]


@pytest.mark.parametrize(("publisher", "text", "words", "speakers", "stance"), SAID)
def test_words_are_the_speakers(
    readings: dict[tuple[str, str], Reading],
    publisher: str,
    text: str,
    words: str,
    speakers: list[str],
    stance: str,
) -> None:
    claims = told(readings[publisher, text], words, stance)
    assert speakers in [[s.name for s in c.attribution] for c in claims]


@pytest.mark.parametrize(("publisher", "text", "words", "speakers", "stance"), OWN)
def test_words_are_the_publishers_or_nobodys(
    readings: dict[tuple[str, str], Reading],
    publisher: str,
    text: str,
    words: str,
    speakers: list[str],
    stance: str,
) -> None:
    assert speakers in [
        [s.name for s in c.attribution] for c in told(readings[publisher, text], words, stance)
    ]


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("Northern Command", "Northern Command Press Service"),
        ("General Command", "Armed Forces General Command"),
        ("operations room", "Western Operations Room"),
        ("The Courier", "Courier"),
        ("DPA", "Delta Press Agency"),
    ],
)
def test_name_is_the_publishers(name: str, publisher: str) -> None:
    assert is_publisher(name, words_of(publisher))


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("Kaldor", "Kaldor Courier"),
        ("the army", "Army News Network"),
        ("Delta", "Delta Post"),
        ("Southern Command", "Northern Command Press Service"),
        ("", "Courier"),
        ("mayor", ""),
    ],
)
def test_name_is_not_the_publishers(name: str, publisher: str) -> None:
    assert not is_publisher(name, words_of(publisher))


# (text, speaker, side): who says "our men"
SPEAKERS = [
    ('Rebels hold Borsk. "Our boys drove the army out of Dornay," Ada Holm said.', "Ada Holm", "FLS"),
    ('Rebels hold Borsk. "Our troops drove the rebels out of Dornay," Ada Holm said.', "Ada Holm", "NOR"),
    ('Rebels hold Borsk. "Our street has no water and the rebels left," Ada Holm said.', "Ada Holm", None),
    ('"Our boys saw rebels and the army in Dornay," Ada Holm said.', "Ada Holm", None),
]


@pytest.mark.parametrize(("text", "name", "side"), SPEAKERS)
def test_side_of_a_speaker_whom_no_name_ties_to_one(text: str, name: str, side: str | None) -> None:
    sources = [c.attribution[-1] for c in read(text).claims if c.attribution]
    assert sources
    assert {(s.name.removeprefix("Col. ").split("General ")[-1], s.side) for s in sources} == {(name, side)}


# (text, speaker, side): officers of a state that a group fights, where no theatre says who is who
OFFICERS = [
    (
        "The army of Norland shelled TKR fighters in Borsk. The TKR left Borsk, {} said.",
        "Col. Ada Holm",
        "XN",
    ),
    (
        "The army of Norland shelled TKR fighters in Borsk. The TKR left Borsk, {} said.",
        "Commander Ada Holm",
        None,
    ),
    (
        "The army of Norland shelled TKR fighters in Borsk. The TKR left Borsk, {} said.",
        "Director General Ada Holm",
        None,
    ),
    (
        "The army of Norland shelled TKR fighters in Borsk. Sudria's army was there as well. The TKR left Borsk, {} said.",
        "Col. Ada Holm",
        None,
    ),
]


@pytest.mark.parametrize(("text", "name", "side"), OFFICERS)
def test_side_of_an_officer(text: str, name: str, side: str | None) -> None:
    text = text.format(name)
    report = Report(
        id="r", text=text, sha256=sha256_hex(text.encode()), published_at=date(2031, 5, 14), lang="en"
    )
    (found,) = RulesReader().read_many([report], replace(context(), theatre=None))
    assert isinstance(found, Reading)
    sources = [c.attribution[-1] for c in found.claims if c.attribution]
    assert sources
    assert {s.side for s in sources} == {side}


def test_who_bears_the_name_beside_what_it_is() -> None:
    doc = next(iter(parse_many(["Borsk Watch, a monitoring group, confirmed it."], has_headline=False))).doc
    group, watch = (next(t for t in doc if t.text == w) for w in ("group", "Watch"))
    assert named_beside(group) == watch
    assert named_beside(watch) == watch
