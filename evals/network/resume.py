"""The network of the package as one that can learn on: its whole numbers turned back into weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from evals.network.model import Network
from numpy.typing import NDArray
from onnx import numpy_helper

from whoholds.read.network.encoder import POINTED

__all__ = ["resume"]


def resume(network: Network, folder: Path) -> None:
    """Give a network the weights of `network.onnx` and `heads.npz`.

    Raises:
        ValueError: Not every weight of the layers was found.
    """
    graph = onnx.load(folder / "network.onnx").graph
    arrays = {i.name: numpy_helper.to_array(i) for i in graph.initializer}

    def whole(name: str) -> NDArray[np.float32]:
        raw = arrays[f"{name}_quantized"].astype(np.float32)
        return (raw - arrays[f"{name}_zero_point"]) * arrays[f"{name}_scale"]

    makes = {name: node for node in graph.node for name in node.output}
    state = network.state_dict()
    found = {name.removeprefix("network."): a for name, a in arrays.items() if name.startswith("network.")}
    for name, array in found.items():
        base, end = name.rsplit("_", 1) if name.endswith("_quantized") else (name, "")
        if not end and name in state:
            state[name][: len(array)] = torch.from_numpy(array.copy())
        elif base in state:
            state[base][: len(array)] = torch.from_numpy(whole(f"network.{base}"))
    missing = {name for name in state if name.endswith("weight") and _is_layer(name)}
    for node in graph.node:
        bias = next((n for n in node.input if n.endswith(".bias") and n.startswith("network.")), None)
        if node.op_type != "Add" or bias is None:
            continue
        product = makes[next(n for n in node.input if n != bias)]
        while product.op_type != "MatMulInteger":
            product = makes[product.input[0]]
        name = bias.removeprefix("network.").removesuffix("bias") + "weight"
        state[name] = torch.from_numpy(whole(product.input[1].removesuffix("_quantized")).T.copy())
        missing.discard(name)
    if missing:
        raise ValueError(f"{folder / 'network.onnx'}: no weights for {', '.join(sorted(missing))}")
    with np.load(folder / "heads.npz") as heads:
        parts = {"query": "query", **{f"classes.{n}": n for n in network.classes}}
        parts |= {f"clause.{n}": n for n in POINTED} | {f"none.{n}": f"{n}_none" for n in POINTED}
        for name, stored in parts.items():
            state[f"{name}.weight"] = torch.from_numpy(heads[stored].astype(np.float32).T.copy())
            state[f"{name}.bias"] = torch.from_numpy(heads[f"{stored}_constant"].astype(np.float32))
        state["norm.weight"] = torch.from_numpy(heads["norm"].astype(np.float32))
        state["norm.bias"] = torch.from_numpy(heads["norm_constant"].astype(np.float32))
    network.load_state_dict(state)


def _is_layer(name: str) -> bool:
    return name.startswith(("encoder.layers.", "key.", "value.", "told.", "piece.")) and "norm" not in name
