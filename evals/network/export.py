"""Writes a trained network down as the reader takes it: layers for ONNX Runtime, heads for numpy."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from evals.network.model import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from whoholds.read.network.encoder import LONGEST, POINTED

__all__ = ["export"]


class Graph(nn.Module):
    """What runs once a stretch: all that does not depend on the clause."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor) -> tuple[Tensor, ...]:
        """States, keys, values, what is a place of some claim, and the four pointers' vectors."""
        states = self.network.encoder(pieces)
        pointed = [self.network.piece[name](states) for name in POINTED]
        network = self.network
        return states, network.key(states), network.value(states), network.tell(states), *pointed


def export(network: Network, names: Mapping[str, Sequence[str]], folder: Path) -> None:
    """Write `network.onnx` (weights as bytes) and `heads.npz` into a folder."""
    network.eval()
    positions = network.encoder.positions.weight.data[:LONGEST].clone()
    network.encoder.positions = nn.Embedding.from_pretrained(positions)
    with tempfile.TemporaryDirectory() as passing:
        whole = Path(passing) / "network.onnx"
        torch.onnx.export(
            Graph(network),
            (torch.zeros(1, 8, dtype=torch.long),),
            str(whole),
            input_names=["pieces"],
            dynamic_axes={"pieces": {0: "texts", 1: "pieces"}},
            dynamo=False,
        )
        # Seven bits of eight: without it the sums overflow on processors that lack VNNI, and answers differ.
        quantize_dynamic(
            whole, folder / "network.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    weights = {
        "query": network.query,
        **network.classes,
        **{name: network.clause[name] for name in POINTED},
        **{f"{name}_none": network.none[name] for name in POINTED},
    }
    stored = {name: layer.weight.data.T.numpy() for name, layer in weights.items()}
    stored |= {f"{name}_constant": layer.bias.data.numpy() for name, layer in weights.items()}
    stored |= {"norm": network.norm.weight.data.numpy(), "norm_constant": network.norm.bias.data.numpy()}
    np.savez_compressed(
        folder / "heads.npz",
        **{f"{name}_names": np.array("\n".join(labels)) for name, labels in names.items()},
        **{name: array.astype(np.float16) for name, array in stored.items()},
    )
