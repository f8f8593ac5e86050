"""How a claim speaks of control: event, stance, polarity and parties in; likelihood rows over states out.

A `Message` says how well the words fit each state, on the day that they are about and on the day before
the change; `data/speech.toml` has the table with a reason a row. States are the parties in their order,
then `contested`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from whoholds.model import Event, Polarity, Relation, Stance

__all__ = ["Message", "message_of", "speech_version"]

_FLOOR = 0.02
"""Least fit of a state: words are never proof."""


@dataclass(frozen=True, slots=True)
class Message:
    """What one claim says of control.

    Attributes:
        after: Fit of each state from the claim's day on, the best state 1.
        before: Fit of each state on the day before the change, or None where no change is told.
        favours: Index of the party whom the words serve, or None.
        speaks_for: Index of the state that fits best; ties go to the first.
        weight: Exponent in [0, 1] for hedging and for distance from the named place.
    """

    after: tuple[float, ...]
    before: tuple[float, ...] | None
    favours: int | None
    speaks_for: int
    weight: float


@cache
def _table() -> dict[str, Any]:
    text = resources.files("whoholds.fuse").joinpath("data/speech.toml").read_text("utf-8")
    return tomllib.loads(text)


def speech_version() -> str:
    """The versioned name of the table."""
    return str(_table()["version"])


@cache
def message_of(
    event: Event,
    stance: Stance,
    polarity: Polarity,
    relation: Relation,
    actor: int | None,
    target: int | None,
    n_parties: int,
) -> Message | None:
    """What such a claim says of control, or None where it says nothing.

    Args:
        event: What is said.
        stance: How the speaker stands to it; a denial flips the row, a forecast says nothing.
        polarity: A negated event flips the row; a denied negation says it after all.
        relation: Where the event is with respect to the place.
        actor: Index of the party that acts, or None.
        target: Index of the party that it is done to, or None.
        n_parties: Number of parties; states are those and `contested`.
    """
    table = _table()
    row = table["event"].get(event.value)
    weight = float(table["stance"][stance.value]) * float(table["relation"][relation.value])
    if row is None or weight <= 0:
        return None
    if actor is None and target is None and event not in (Event.CONTESTED, Event.CLASH):
        # A fight between unnamed sides still says that the place is fought over.
        return None
    if target is None and actor is not None and n_parties == 2:
        target = 1 - actor
    elif actor is None and target is not None and n_parties == 2:
        actor = 1 - target
    after = _fit(row["after"], actor, target, n_parties)
    before = _fit(row["before"], actor, target, n_parties) if "before" in row else None
    favours = {"actor": actor, "target": target}.get(row.get("favours", ""))
    if (stance is Stance.DENIED) != (polarity is Polarity.NEGATIVE):
        # "They did not take it" speaks against what it names, on the day it is said; it tells no change.
        after = tuple(max(_FLOOR, 1 + _FLOOR - value) for value in after)
        before = None
        favours = {"actor": target, "target": actor}.get(row.get("favours", ""))
    top = max(after)
    after = tuple(value / top for value in after)
    return Message(after, before, favours, max(range(len(after)), key=lambda k: (after[k], -k)), weight)


def _fit(row: dict[str, float], actor: int | None, target: int | None, n_parties: int) -> tuple[float, ...]:
    values = [float(row["others"])] * n_parties
    if actor is not None:
        values[actor] = float(row["actor"])
    if target is not None and target != actor:
        values[target] = float(row["target"])
    return (*values, float(row["contested"]))
