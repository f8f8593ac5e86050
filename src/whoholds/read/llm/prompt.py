"""What the model is asked: a piece of a report and the war in, chat messages out. The words are data."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from whoholds.model import Report
from whoholds.model.contract import moment_to_json
from whoholds.theatre import Theatre

__all__ = ["Message", "load_words", "messages_for"]

Message = dict[str, str]
_LISTS = ("stance", "polarity", "event", "relation", "measure")


@dataclass(frozen=True, slots=True)
class Words:
    """The data file of the prompt.

    Attributes:
        rules: What a claim is.
        parties: How the war's parties are told.
        no_parties: What is told without a theatre.
        question: How a report is handed over.
        shape: How the schema is told to servers that do not enforce it.
        meanings: By list (`stance`, `event`, …), label to what it means.
        example: An invented report (`text`, `published`, `publisher`) and its `answer`.
    """

    rules: str
    parties: str
    no_parties: str
    question: str
    shape: str
    meanings: dict[str, dict[str, str]]
    example: dict[str, str]


@lru_cache(maxsize=1)
def load_words() -> Words:
    """The prompt's words, from `data/prompt.toml`."""
    table = tomllib.loads((files("whoholds.read.llm") / "data" / "prompt.toml").read_text("utf-8"))
    return Words(
        rules=table["rules"].strip(),
        parties=table["parties"],
        no_parties=table["no_parties"],
        question=table["question"],
        shape=table["shape"],
        meanings={name: table[name] for name in _LISTS},
        example=table["example"],
    )


def messages_for(
    report: Report, piece: str, theatre: Theatre | None, schema: dict[str, Any], *, is_shape_told: bool
) -> list[Message]:
    """The messages of one request.

    Args:
        report: Whose text it is.
        piece: The stretch of its text that is asked about.
        theatre: The war, or None.
        schema: What the answer has to look like.
        is_shape_told: Whether the schema has to stand in the prompt, as the server does not enforce it.
    """
    words = load_words()
    told = [words.rules]
    for name, meanings in words.meanings.items():
        told.append(f"{name}: " + "; ".join(f"{label} = {meaning}" for label, meaning in meanings.items()))
    if theatre is None:
        told.append(words.no_parties)
    else:
        told.append(words.parties.format(parties="; ".join(_party_line(theatre))))
    if is_shape_told:
        told.append(words.shape.format(schema=json.dumps(schema, separators=(",", ":"))))
    example = words.example
    return [
        {"role": "system", "content": "\n\n".join(told)},
        {"role": "user", "content": _question(example["published"], example["publisher"], example["text"])},
        {"role": "assistant", "content": example["answer"]},
        {
            "role": "user",
            "content": _question(
                moment_to_json(report.published_at) or "unknown", report.publisher or "unknown", piece
            ),
        },
    ]


def _question(published: str, publisher: str, text: str) -> str:
    return load_words().question.format(published=published, publisher=publisher, text=text)


def _party_line(theatre: Theatre) -> list[str]:
    return [f"{p.id}: {', '.join(dict.fromkeys((p.name, *p.names)))}" for p in theatre.parties]
