"""The event that a clause's words speak for, and how that is weighed against what the frames say.

Features of a clause and the frames' answer enter, an event leaves. The words are judged by a multinomial
logistic regression (`evals/train_wording.py` fits it on the project's gold and on its single sentences);
the network of `whoholds.read.network` has its own chances, and the frames' answer counts as a witness beside
both, worth `_WORTH` in log-odds. A frame that fits is mostly followed; where none does and the answer would
be "other", the models decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from whoholds.model import EVENT_GROUPS, Event
from whoholds.read.network import Opinion
from whoholds.read.wording.domain import tells_of_war
from whoholds.read.wording.features import Wording, describe_clause
from whoholds.text.tokens import Token

__all__ = ["EventModel", "load_model", "settle_event"]

_WORTH = {"sure": 4.0, "ground": 2.0, "frame": 1.0, "plain": 0.5, "none": 0.0}
"""What the rules' answer is worth in log-odds beside both models: where words settle it, of a frame with its
ground, of another frame, of a single plain word, of no frame at all. On the wars of `evals/gold/tuning.txt`
the share of right events is level about these; frames are nearly always right on plain news, of which the
gold has less."""
_ACTS = 1.0
"""More for acts of politics: a visit, an offer, an agreement is called so by a verb of its own."""
_WORDS, _NETWORK = 0.6, 1.4
"""Weights of the log-chances of the two models, chosen on the same wars and on dev, which both have learned
from: they know much of the same, and the network knows the report."""
_ALONE = {"sure": 4.0, "ground": 4.0, "frame": 2.5, "plain": 2.5, "none": 1.5}
"""What the rules' answer is worth beside the words' model where the network was not asked."""
_OPEN = frozenset({Event.OTHER, Event.STATEMENT})
"""What the rules answer where they know nothing better."""


@dataclass(frozen=True, slots=True)
class EventModel:
    """Weights of a multinomial logistic regression.

    Attributes:
        events: The classes.
        numbers: Named feature to its row of `named`.
        named: Weights of the named features, [features, events].
        dense: Weights of the mean vectors, [parts x size, events].
        constant: Constants, [events].
    """

    events: tuple[Event, ...]
    numbers: Mapping[str, int]
    named: NDArray[np.float32]
    dense: NDArray[np.float32]
    constant: NDArray[np.float32]

    def weigh(self, wording: Wording) -> NDArray[np.float32]:
        """Log-probability of each event by the words alone, [events]."""
        # In one order, whatever that of the set: sums of rounded numbers depend on it.
        rows = sorted(n for name in wording.names if (n := self.numbers.get(name)) is not None)
        scores = self.constant + self.named[rows].sum(axis=0) + wording.means @ self.dense
        top = scores.max()
        return np.asarray(scores - top - np.log(np.exp(scores - top).sum()), dtype=np.float32)


@lru_cache(maxsize=1)
def load_model() -> EventModel:
    """The model of the package's data."""
    with as_file(files("whoholds.read.wording") / "data" / "events.npz") as path, np.load(path) as stored:
        names = str(stored["names"]).split("\n")
        return EventModel(
            events=tuple(Event(e) for e in str(stored["events"]).split("\n")),
            numbers={name: number for number, name in enumerate(names)},
            named=stored["named"].astype(np.float32),
            dense=stored["dense"].astype(np.float32),
            constant=stored["constant"].astype(np.float32),
        )


def settle_event(
    answer: Event,
    *,
    is_framed: bool,
    has_ground: bool,
    is_sure: bool = False,
    head: Token,
    words: Sequence[Token],
    opinion: Opinion | None = None,
    caution: float = 0.0,
) -> tuple[Event, float]:
    """The event of a clause by the rules' answer and by its words, and how likely it is against the others.

    Args:
        answer: What the rules say.
        is_framed: Whether a frame says it.
        has_ground: Whether that frame found its ground in the words.
        is_sure: Whether the words settle it: a bomb that was laid or carried, one side made to give up.
        head: The clause's head.
        words: Its tokens, without those of other claims, of cue and of speaker.
        opinion: What the network makes of the clause, or None where it was not asked.
        caution: What the rules' answer is worth beyond the usual.
    """
    model = load_model()
    if answer not in model.events or not (is_framed or tells_of_war(head.doc)):
        return answer, 1.0
    scores = model.weigh(describe_clause(head, words))
    worth = _ALONE
    if opinion is not None:
        read = np.array([opinion.events[event] for event in model.events], dtype=np.float32)
        scores, worth = _WORDS * scores + _NETWORK * read, _WORTH
    framed = "sure" if is_sure else "ground" if has_ground else "frame"
    kind = framed if is_framed else "none" if answer in _OPEN else "plain"
    acts = _ACTS if is_framed and EVENT_GROUPS[answer] == "politics" else 0.0
    scores[model.events.index(answer)] += worth[kind] + acts + caution
    chances = np.exp(scores - scores.max())
    best = int(scores.argmax())
    chance = float(chances[best] / chances.sum())
    return model.events[best], chance
