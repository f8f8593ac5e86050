"""The network itself: word pieces in their context enter, vectors that know that context leave.

`data/network.onnx` holds the layers, `data/heads.npz` what is read off their output; both are made by
`python -m evals.network`. It runs on one processor core, by whole numbers of eight bits, so that the same
text gives the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

__all__ = [
    "CLASSES",
    "LONGEST",
    "PLACE_LEAN",
    "POINTED",
    "POINTER",
    "SEEN_HEADS",
    "Context",
    "Heads",
    "encode",
    "heads",
]

LONGEST = 384
"""Pieces that are read at once: some 280 words, a short report whole."""
_WARNING = 3
POINTED = ("actor", "target", "place", "speaker")
"""What a clause points at."""
CLASSES = ("event", "stance", "polarity", "relation")
"""What a clause is one of."""
SEEN_HEADS = 6
"""Attention heads by which a clause looks at the rest of the text."""
POINTER = 128
"""Length of the vectors by which a clause points at pieces."""
PLACE_LEAN = 3.0
"""Most pieces are no place of a clause: the network learns from that far below even."""
Numbers = NDArray[np.float32]


class Context:
    """What the network made of one stretch of text.

    Attributes:
        states: A vector of each piece in its context, [pieces, width].
        keys: By which a clause finds what else in the text bears on it, [heads, pieces, width / heads].
        values: What it finds there, [heads, pieces, width / heads].
        told: Log-odds of each piece of being a place of any claim, [pieces].
        pointed: Of "actor", "target", "place" and "speaker" the vectors that a clause's own is held
            against, each [pieces, `POINTER`].
    """

    __slots__ = ("keys", "pointed", "states", "told", "values")

    def __init__(
        self, states: Numbers, keys: Numbers, values: Numbers, told: Numbers, *pointed: Numbers
    ) -> None:
        shape = (len(states), SEEN_HEADS, -1)
        self.states = states
        self.keys = np.ascontiguousarray(keys.reshape(shape).transpose(1, 0, 2))
        self.values = np.ascontiguousarray(values.reshape(shape).transpose(1, 0, 2))
        self.told = told
        self.pointed: Mapping[str, Numbers] = dict(zip(POINTED, pointed, strict=True))


@dataclass(frozen=True, slots=True)
class Heads:
    """What is read off the network's output for one clause.

    Attributes:
        query: By which a clause looks at the rest of the text, [2 width, width].
        query_constant: Its constant, [width].
        norm: Scale of what it saw there, [width].
        norm_constant: And shift, [width].
        joint: All the heads side by side, [3 width, columns].
        constant: Their constants, [columns].
        columns: Which columns are whose.
        names: What the columns of "event", "stance", "polarity" and "relation" stand for.
    """

    query: Numbers
    query_constant: Numbers
    norm: Numbers
    norm_constant: Numbers
    joint: Numbers
    constant: Numbers
    columns: Mapping[str, slice]
    names: Mapping[str, tuple[str, ...]]


def encode(numbers: NDArray[np.int64]) -> Context:
    """Read one stretch of at most `LONGEST` pieces."""
    found = _session().run(None, {"pieces": numbers[None, :]})
    return Context(*(np.asarray(array, dtype=np.float32)[0] for array in found))


@lru_cache(maxsize=1)
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _WARNING
    with as_file(files("whoholds.read.network") / "data" / "network.onnx") as path:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def heads() -> Heads:
    """The heads of the package's data."""
    with (
        as_file(files("whoholds.read.network") / "data" / "heads.npz") as path,
        np.load(path) as stored,
    ):
        wanted = (*CLASSES, *POINTED, *(f"{name}_none" for name in POINTED))
        found = {name: np.asarray(stored[name], dtype=np.float32) for name in wanted}
        constants = [np.asarray(stored[f"{name}_constant"], dtype=np.float32) for name in wanted]
        query, query_constant, norm, norm_constant = (
            np.asarray(stored[name], dtype=np.float32)
            for name in ("query", "query_constant", "norm", "norm_constant")
        )
        names = {name: tuple(str(stored[f"{name}_names"]).split("\n")) for name in CLASSES}
    columns, first = {}, 0
    for name in wanted:
        columns[name] = slice(first, first + found[name].shape[1])
        first += found[name].shape[1]
    joint = np.ascontiguousarray(np.concatenate([found[name] for name in wanted], axis=1))
    return Heads(query, query_constant, norm, norm_constant, joint, np.concatenate(constants), columns, names)
