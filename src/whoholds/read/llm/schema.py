"""The shape of an answer: the contract's vocabulary in, a JSON Schema and a model's view of a claim out.

The schema keeps to what structured output of the common servers understands: objects with all keys
required and no others, arrays, enumerations, and types with null.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from whoholds.model import Approximator, Event, Measure, Polarity, Relation, Stance

__all__ = ["SIDES", "answer_schema"]

SIDES = ("independent", "other")
"""Sides of a source beside the parties."""
Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_MAYBE_TEXT: Json = {"type": ["string", "null"]}
_MAYBE_NUMBER: Json = {"type": ["number", "null"]}


def answer_schema(parties: Sequence[str] = ()) -> Json:
    """The JSON Schema of an answer about one text.

    Args:
        parties: Ids of the theatre's parties; none for the text's own.
    """
    source = _object(
        name=_TEXT,
        words=_MAYBE_TEXT,
        cue=_MAYBE_TEXT,
        role=_MAYBE_TEXT,
        side=_maybe_one_of([*parties, *SIDES]),
    )
    place = _object(words=_TEXT, relation=_one_of(Relation))
    quantity = _object(
        words=_TEXT,
        low=_MAYBE_NUMBER,
        high=_MAYBE_NUMBER,
        unit=_MAYBE_TEXT,
        of=_MAYBE_TEXT,
        approximator=_one_of(Approximator),
        measure=_maybe_one_of([m.value for m in Measure]),
    )
    party = _maybe_one_of(list(parties)) if parties else _MAYBE_TEXT
    claim = _object(
        quote=_TEXT,
        sources=_list(source),
        stance=_one_of(Stance),
        polarity=_one_of(Polarity),
        event=_one_of(Event),
        actor=_MAYBE_TEXT,
        actor_party=party,
        target=_MAYBE_TEXT,
        target_party=party,
        places=_list(place),
        quantities=_list(quantity),
        time_words=_MAYBE_TEXT,
        first_day=_MAYBE_TEXT,
        last_day=_MAYBE_TEXT,
    )
    return _object(claims=_list(claim))


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _one_of(values: type[StrEnum]) -> Json:
    return {"type": "string", "enum": [v.value for v in values]}


def _maybe_one_of(values: Sequence[str]) -> Json:
    return {"type": ["string", "null"], "enum": [*values, None]}
