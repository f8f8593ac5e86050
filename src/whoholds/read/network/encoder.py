"""The network itself: word pieces in their context enter, vectors that know that context leave.

`data/network.onnx` holds the layers, `data/heads.npz` what is read off their output; both are made by
`evals/train_network.py`. It runs on one processor core, by whole numbers of eight bits, so that the same
text gives the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
import onnxruntime
from numpy.typing import NDArray

__all__ = ["LONGEST", "Context", "encode", "heads"]

LONGEST = 384
"""Pieces that are read at once: some 280 words, a short report whole."""
_WARNING = 3
_POINTED = ("actor", "target", "place", "speaker")
Numbers = NDArray[np.float32]


class Context:
    """What the network made of one stretch of text.

    Attributes:
        states: A vector of each piece in its context, [pieces, width].
        keys: By which a clause finds what else in the text bears on it, [pieces, width].
        values: What it finds there, [pieces, width].
        pointed: Of "actor", "target", "place" and "speaker" the vectors that a clause's own is held
            against, each [pieces, 128].
    """

    __slots__ = ("keys", "pointed", "states", "values")

    def __init__(self, states: Numbers, keys: Numbers, values: Numbers, *pointed: Numbers) -> None:
        self.states = states
        self.keys = keys
        self.values = values
        self.pointed: Mapping[str, Numbers] = dict(zip(_POINTED, pointed, strict=True))


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
def heads() -> Mapping[str, Numbers | tuple[str, ...]]:
    """Weights by name, and under `event_names`, `stance_names` ... what their columns stand for."""
    with (
        as_file(files("whoholds.read.network") / "data" / "heads.npz") as path,
        np.load(path) as stored,
    ):
        return {
            name: tuple(str(stored[name]).split("\n"))
            if name.endswith("_names")
            else np.asarray(stored[name], dtype=np.float32)
            for name in stored.files
        }
