"""The contract's section 3: places and claims in, rows out."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from whoholds.errors import ConfigurationError, FormatError
from whoholds.fuse.places import PlaceRow, control_of_places, read_places
from whoholds.model import Event

HEADER = "place_id,name,lon,lat,initial_holder,initial_on\n"
DAY = date(2024, 5, 10)
SPAN = {"from_on": date(2024, 5, 1), "to_on": date(2024, 6, 9)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,lon,lat\nA,1,2\n", "place_id"),
        (HEADER, "no places"),
        (HEADER + ",A,1,2,,\n", "line 2: place_id is empty"),
        (HEADER + "a,A,east,2,,\n", "line 2: lon is 'east'"),
        (HEADER + "a,A,181,2,,\n", "not within -180 and 180"),
        (HEADER + "a,A,1,2,red,May\n", "initial_on is 'May'"),
        (HEADER + "a,A,1,2,red,\na,A,1,2,blue,\n", "line 3: 'a' comes again"),
    ],
)
def test_a_bad_table_is_named_by_line(text: str, words: str) -> None:
    with pytest.raises(FormatError, match=words.replace("(", r"\(")):
        read_places(text.splitlines(keepends=True))


def test_a_place_listed_twice_counts_once() -> None:
    assert len(read_places((HEADER + "a,A,1,2,red,\na,A,1,2.001,red,\n").splitlines())) == 1


@pytest.mark.parametrize("holder", ["Red Army", "contested", "unknown", "1st"])
def test_a_holder_must_be_a_party_id(holder: str) -> None:
    with pytest.raises(ConfigurationError, match="initial_holder"):
        list(control_of_places([], [PlaceRow("a", "A", 1, 2, holder)], from_on=DAY))


def test_rows_have_the_columns_of_the_contract(make_claim, row_of_towns) -> None:
    rows = list(control_of_places([make_claim("town-4", DAY)], row_of_towns, **SPAN))
    assert list(rows[0]) == [
        "place_id",
        "date",
        "status",
        "p_blue",
        "p_red",
        "p_contested",
        "n_claims",
        "method",
    ]
    assert len(rows) == 9 * 40
    assert [r["place_id"] for r in rows] == sorted(r["place_id"] for r in rows)
    for row in rows:
        values = {s: float(row[f"p_{s}"]) for s in ("blue", "red", "contested")}
        assert sum(values.values()) == pytest.approx(1, abs=2e-6)
        assert values[row["status"]] == max(values.values())


def test_nothing_known_is_unknown(make_claim) -> None:
    places = [
        PlaceRow("a", "A", 30, 50),
        PlaceRow("b", "B", 30, 51, "red"),
        PlaceRow("c", "C", 30, 52, "blue"),
    ]
    rows = list(control_of_places([make_claim("b", DAY)], places, from_on=DAY, to_on=DAY))
    assert [r["status"] for r in rows] == ["unknown", "red", "blue"]
    assert sum(float(rows[0][f"p_{s}"]) for s in ("blue", "red", "contested")) == pytest.approx(1, abs=2e-6)


def test_the_order_of_claims_changes_no_byte(make_claim, row_of_towns) -> None:
    claims = [
        make_claim(
            f"town-{i}",
            date(2024, 5, 1 + (7 * i + k) % 28),
            event,
            actor,
            speaker=f"s{k}",
            side=side,
            number=k,
        )
        for i in range(9)
        for k, (event, actor, side) in enumerate(
            [
                (Event.CONTROL_GAINED, "red", "red"),
                (Event.CONTESTED, None, "independent"),
                (Event.CONTROL_LOST, "blue", "blue"),
                (Event.STRIKE, "red", "red"),
            ]
        )
    ]
    first = list(control_of_places(claims, row_of_towns, **SPAN))
    for seed in range(3):
        random.Random(seed).shuffle(claims)
        assert list(control_of_places(claims, row_of_towns, **SPAN)) == first


def test_what_came_later_changes_nothing_as_known_before(make_claim, row_of_towns) -> None:
    early = [make_claim("town-4", DAY, Event.CONTROL_GAINED, "red", side="red")]
    late = [make_claim("town-4", date(2024, 5, 12), actor="blue", reported_at=date(2024, 5, 20))]
    known = datetime(2024, 5, 19, 23, tzinfo=UTC)
    before = list(control_of_places(early, row_of_towns, as_known_on=known, **SPAN))
    assert list(control_of_places([*late, *early], row_of_towns, as_known_on=known, **SPAN)) == before
    assert list(control_of_places([*late, *early], row_of_towns, **SPAN)) != before


def test_days_run_forward(make_claim, row_of_towns) -> None:
    with pytest.raises(ConfigurationError, match="swap"):
        list(control_of_places([], row_of_towns, from_on=DAY, to_on=date(2024, 5, 1)))


def test_without_a_day_or_a_claim_there_is_nothing_to_say(row_of_towns) -> None:
    with pytest.raises(ConfigurationError, match="--on"):
        list(control_of_places([], row_of_towns))
