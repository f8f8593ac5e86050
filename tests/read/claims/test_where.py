"""Where a claim is: what its clause names, what it points to, what it leaves unsaid."""
# ruff: noqa: E501 - tables of sentences stay one a line

from __future__ import annotations

import pytest
from tests.read.claims.world import claim_on


def where(text: str, words: str) -> list[str]:
    return [f"{p.relation.value} {p.name}" for p in claim_on(text, words).places]


NAMED = [
    # (text, words of the quote, places)
    ("Rebels fled to Borsk on Monday.", "fled", ["toward Borsk"]),
    ("The road to Borsk is closed.", "closed", ["toward Borsk"]),
    ("The Borsk road is closed.", "closed", ["toward Borsk"]),
    ("The road between Arbin and Borsk is cut.", "cut", ["near Arbin", "near Borsk"]),
    ("The road from Arbin to Borsk is cut.", "cut", ["toward Borsk", "from Arbin"]),
    ("The Velm-Orsha road is cut.", "cut", ["near Velm", "near Orsha"]),
    ("Twelve soldiers were killed on the Velm–Orsha axis.", "killed", ["toward Velm", "toward Orsha"]),
    ("The army shelled Borsk's outskirts.", "shelled", ["outskirts Borsk"]),
    ("The army retook Arbin, Borsk and Dornay.", "retook", ["in Arbin", "in Borsk", "in Dornay"]),
    ("Troops left Arbin on Monday.", "left", ["in Arbin"]),
    ("Troops pulled out of Arbin.", "pulled", ["from Arbin"]),
    ("Troops stopped 12 km from Borsk.", "stopped", ["near Borsk"]),
    ("Rebels dug in on the hills above Borsk.", "dug", ["near Borsk"]),
    ("Rebels hold the Borsk hills.", "hold", ["near Borsk"]),
    ("Rebels drove the garrison out of Borsk and took it.", "took", ["in Borsk"]),
    ("Rebels hold streets in the west of Borsk.", "hold", ["in Borsk"]),
    # An aside does not end a list; what locates a place is none of its own.
    ("Rebels shelled Arbin (twice), Borsk (four times) and Dornay.", "shelled", ["in Arbin", "in Borsk", "in Dornay"]),
    ("The army took half of Arbin district, 20 km north of the capital Borsk.", "took", ["in Arbin District"]),
    ("Rebels attacked three villages near Borsk, including Velm, Orsha Dol and Tirna.", "attacked", ["in Velm", "in Orsha Dol", "in Tirna", "near Borsk"]),
    # Members of a list are peers, however often "and" joins them; without it the second holds the first.
    ("Rebels shelled Borsk and Arbin District and Dornay.", "shelled", ["in Borsk", "in Arbin District", "in Dornay"]),
    ("Rebels shelled Borsk, Arbin District.", "shelled", ["in Borsk"]),
    # Who somebody is says nothing of where he fights.
    ("Fighters from Arbin captured 40 soldiers in Borsk.", "captured", ["in Borsk"]),
    ("The Kyiv-based analyst said rebels had entered Arbin.", "entered", ["in Arbin"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "places"), NAMED)
def test_places_named_in_the_clause(text: str, words: str, places: list[str]) -> None:
    assert where(text, words) == places


MEANT = [
    ("Rebels took Arbin on Monday. Twelve soldiers were killed.", "killed", ["in Arbin"]),
    ("Rebels took Arbin on Monday. They still hold the town.", "hold", ["in Arbin"]),
    ("Rebels took Arbin on Monday. Clashes went on there overnight.", "there", ["in Arbin"]),
    ("Rebels took Arbin and Borsk. The army has left both towns.", "left", ["in Arbin", "in Borsk"]),
    ("Rebels took Arbin on Monday. Families fled to Borsk. Shops are closed.", "closed", ["in Arbin"]),
    ("Rebels took Arbin. The road to Borsk is cut. Twelve soldiers were killed.", "killed", ["in Arbin"]),
    ("Rebels took Arbin on Monday. Army units pulled out of the town toward Borsk.", "pulled", ["from Arbin", "toward Borsk"]),
    ("Rebels took Arbin on Monday. Clashes continued west of the town.", "continued", ["near Arbin"]),
    ("Army retakes Arbin\n\nTwelve soldiers were killed on Monday.", "killed", ["in Arbin"]),
    ("Front line today\n\nArbin: quiet. Twelve soldiers were wounded.\nBorsk: rebels hold the bridge.", "hold", ["in Borsk"]),
    ("Front line today\n\nArbin: quiet. Twelve soldiers were wounded.\nBorsk: rebels hold the bridge.", "wounded", ["in Arbin"]),
    ("Rebels took Arbin on Monday. In Borsk a minister said that 12 soldiers had been killed.", "killed", ["in Arbin"]),
    ("Rebels took Arbin on Monday. Shells fell 3 km away.", "fell", ["near Arbin"]),
    ("Rebels took Arbin on Monday. Army guns stand north of it.", "stand", ["near Arbin"]),
    ("Rebels took Arbin on Monday. Clashes went on north of the railway.", "went", ["in Arbin"]),
    # Who acts on something is a town's government; what it undergoes is told of the town.
    ("Rebels took Arbin on Monday. Borsk has sent 40 trucks.", "sent", ["in Arbin"]),
    ("Rebels took Arbin on Monday. Borsk has no power.", "power", ["in Borsk"]),
    ("Front today\n\nArbin. The army holds the bridge.\n\nBorsk? Twelve soldiers were wounded.", "wounded", ["in Borsk"]),
    # The town told of most is where "the town" is; a paragraph that points to none is not thereby there.
    ("Week in short\n\nRebels took Arbin on Monday. They hold Arbin.\n\nTwo men died in Borsk. Shelling hit Dornay.\n\nNobody has left the town.", "left", ["in Arbin"]),
    ("Week in short\n\nRebels took Arbin on Monday. They hold Arbin.\n\nThe government is to buy 40 tanks abroad.", "buy", []),
    ("Week in short\n\nRebels took Arbin on Monday.\n\nTwelve soldiers were killed.", "killed", ["in Arbin"]),
    ("Week in short\n\nRebels took Arbin on Monday.\n\nPrices rose again.\n\nThe army has lost 40 tanks this year.", "lost", []),
    ("Front today\n\nVesk Province. Rebels took Arbin on Monday. Shops are closed.", "closed", ["in Arbin"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "places"), MEANT)
def test_places_told_before(text: str, words: str, places: list[str]) -> None:
    assert where(text, words) == places


NOWHERE = [
    ("Rebels took Arbin on Monday. A minister said an inquiry would be opened.", "inquiry"),
    ("Norland's prime minister said 12 soldiers had been killed.", "killed"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), NOWHERE)
def test_what_is_said_is_nowhere(text: str, words: str) -> None:
    assert where(text, words) == []


UNNOTICED = [
    # (text, words, the name's words, whether it is a place)
    ("Rebels took Arbin. The army retook Jebel Quorra on Monday.", "retook", "Jebel Quorra", True),
    ("Rebels took Arbin. Fighters regrouped at Quorrath.", "regrouped", "Quorrath", True),
    ("Rebels took Arbin. Quorrath fell on Monday.", "fell", "Quorrath", True),
    ("Rebels took Arbin. The Quorrath road is closed.", "closed", "Quorrath", True),
    ("Rebels took Arbin. Drones hit the Quorrath Dam.", "hit", "Quorrath Dam", True),
    ("Rebels took Arbin. The army has shelled Quorrath since Monday.", "shelled", "Quorrath", True),
    ("Rebels took Arbin. Quorrath is empty of rebels.", "empty", "Quorrath", True),
    ("Rebels took Arbin. Soldiers crept past Quorrath, a spur above the road.", "crept", "Quorrath", True),
    ("Rebels took Arbin. They pulled back to Quorrath, where stores were burned.", "burned", "Quorrath", True),
    ("Rebels took Arbin. The army flew 200 children out of Quorrath.", "flew", "Quorrath", True),
    ("Rebels took Arbin. The line between Quorrath and Borsk is quiet.", "quiet", "Quorrath", True),
    ("Rebels took Arbin. There was no army post in al-Quorrath.", "post", "al-Quorrath", True),
    ("Rebels took Arbin. Sappers reached the Quorrath temple.", "reached", "Quorrath", True),
    ("Front today\n\nQuorrath. The army holds the bridge.\n\nMezzir. Rebels shelled the market.", "holds", "Quorrath", True),
    ("Front today\n\nQuorrath and Mezzir: quiet. The army holds the bridge.", "quiet", "Quorrath", True),
    ("Rebels took Arbin. Soldiers dug in along the Quorrath.", "dug", "Quorrath", True),
    ("Rebels took Arbin. Quorrath is in the hands of the rebels.", "hands", "Quorrath", True),
    ("Rebels took Arbin. Quorrath, on the coast, has fish.", "fish", "Quorrath", True),
    ("Rebels took Arbin. Quorrath has no soldier in it.", "soldier", "Quorrath", True),
    ("Rebels took Arbin. Quorrath is quiet.", "quiet", "Quorrath", True),
    ("Rebels took Arbin. The elders asked the army to stay out of Quorrath.", "out", "Quorrath", True),
    ("Rebels took Arbin. The army holds Quorrath's airstrip.", "holds", "Quorrath", True),
    ("Diary\n\nTue: rebels left Arbin.\nThu: shells hit the market.", "hit", "Thu", False),
    ("Rebels took Arbin, said Colonel Quorrath.", "took", "Quorrath", False),
    ("Rebels took Arbin. Quorrath, in the second car, was killed.", "killed", "Quorrath", False),
    ("Rebels took Arbin. Zem Quorrath led them. The army surrounded Quorrath.", "surrounded", "Quorrath", False),
    ("Rebels took Arbin. Quorrath, a village elder, left on Monday.", "left", "Quorrath", False),
    ("Rebels took Arbin. The gun was made out of Quorrath.", "made", "Quorrath", False),
    ("Rebels took Arbin. Quorrath said his men would stay.", "stay", "Quorrath", False),
    ("Rebels took Arbin. The 5th Quorrath Brigade left.", "left", "Quorrath", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "name", "is_place"), UNNOTICED)
def test_names_that_recognition_passed_over(text: str, words: str, name: str, is_place: bool) -> None:
    assert (name in {p.name for p in claim_on(text, words).places}) is is_place
