"""Fits the network to gold, and tells how often it is right."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

import torch
from evals.network.cases import Case, Text
from evals.network.model import Network
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from whoholds.read.network.encoder import CLASSES, POINTED

__all__ = ["Batch", "fit", "measure"]

PIECES = 1500
"""Pieces of a batch."""
RATE = 1.3e-4
WARMING = 0.06
MASKED = 0.1
"""Share of the pieces that are hidden in training: no single word may decide."""
SMOOTHING = 0.05
NONE = -100
SHARE = {
    "event": 1.0,
    "stance": 0.5,
    "polarity": 0.2,
    "relation": 0.2,
    "actor": 0.4,
    "target": 0.4,
    "speaker": 0.4,
    "place": 0.1,
    "told": 0.1,
}
"""What each task weighs in the loss; of places every piece is asked, of the others one."""
CROPPED = 0.5
"""Share of the texts of which a run of sentences is read alone too: much that is published is no longer."""
KEPT_A_STEP = 0.997
"""Share of the mean of the weights that a step leaves as it was: the mean is of some 300 steps, an epoch."""
LONGEST_CROP = 3
"""Sentences of the longest such run."""
BRIEF_SHARE = 0.5
"""Share of the reports no longer than that which a round takes: two in five reports of gold are briefs."""
Cases = Sequence[tuple[int, Case]]
Names = Mapping[str, Sequence[str]]


class Batch:
    """Texts side by side, the shorter ones filled up."""

    def __init__(self, texts: Sequence[Text], masked: int | None) -> None:
        longest = max(len(t.numbers) for t in texts)
        self.numbers = torch.zeros(len(texts), longest, dtype=torch.long)
        self.mask = torch.zeros(len(texts), longest, dtype=torch.bool)
        for row, text in enumerate(texts):
            self.numbers[row, : len(text.numbers)] = torch.from_numpy(text.numbers)
            self.mask[row, : len(text.numbers)] = True
        if masked is not None:
            hidden = (torch.rand(self.numbers.shape) < MASKED) & self.mask
            self.numbers = self.numbers.masked_fill(hidden, masked)
        self.cases = [(row, case) for row, text in enumerate(texts) for case in text.cases]
        self._whole = {row for row, text in enumerate(texts) if text.is_whole}

    def told(self) -> tuple[list[int], Tensor]:
        """The texts whose claims have their places annotated, and which pieces are one of them."""
        found = torch.zeros(self.numbers.shape, dtype=torch.bool)
        rows = set()
        for row, case in self.cases:
            if "place" in case.pointed and row in self._whole:
                rows.add(row)
                flags = torch.from_numpy(case.pointed["place"])
                found[row, : len(flags)] |= flags
        order = sorted(rows)
        return order, found[order]

    def flags(self, name: str) -> tuple[list[int], Tensor]:
        """The cases that point at something or at nothing, and what at, [cases, pieces]."""
        rows = [n for n, (_, case) in enumerate(self.cases) if name in case.pointed]
        found = torch.zeros(len(rows), self.numbers.shape[1], dtype=torch.bool)
        for row, number in enumerate(rows):
            its = self.cases[number][1].pointed[name]
            found[row, : len(its)] = torch.from_numpy(its)
        return rows, found


def fit(
    network: Network,
    texts: Sequence[Text],
    twins: Sequence[Text],
    names: Names,
    *,
    epochs: int,
    mask: int,
    share: float = 1.0,
) -> Iterator[tuple[int, float]]:
    """Train; after each epoch its number and mean loss.

    Every other epoch the reports have other place names. At the end the weights are the mean of those of the
    last steps, the later the more. `share` is that of the usual rate.
    """
    named = list(network.named_parameters())
    tables = [p for n, p in named if n.startswith(("encoder.words", "encoder.positions"))]
    heads = [p for n, p in named if not n.startswith("encoder.")]
    layers = [p for n, p in named if n.startswith("encoder.") and not any(p is t for t in tables)]
    rates = (share * RATE, share * RATE / 2, share * RATE * 10)
    groups = [{"params": p, "lr": r} for p, r in zip((layers, tables, heads), rates, strict=True)]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    steps, step = epochs * len(_batches(_with_crops(texts))), 0
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(KEPT_A_STEP))
    for epoch in range(epochs):
        network.train()
        losses = []
        for part in _batches(_with_crops(twins if epoch % 2 else texts), shuffled=True):
            pace = min(1.0, (step + 1) / (WARMING * steps)) * max(0.02, 1 - step / steps)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * pace
            loss = _loss(network, Batch(part, mask), names)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            if epoch >= epochs - 3:
                mean.update_parameters(network)
            losses.append(float(loss.detach()))
            step += 1
        if epoch == epochs - 1:
            network.load_state_dict(mean.module.state_dict())
        yield epoch, sum(losses) / len(losses)


def measure(network: Network, texts: Sequence[Text], names: Names) -> dict[str, float]:
    """Share right of each task: of the pointers, whether the likeliest piece is one that gold points at."""
    network.eval()
    right, total = dict.fromkeys(SHARE, 0), dict.fromkeys(SHARE, 0)
    with torch.no_grad():
        for part in _batches(texts):
            batch = Batch(part, None)
            found = network(batch.numbers, batch.mask, batch.cases)
            for name, wanted in _classes(batch.cases, names).items():
                total[name] += int((wanted >= 0).sum())
                right[name] += int((found[name].argmax(1) == wanted).sum())
            for name in POINTED:
                rows, flags = batch.flags(name)
                scores, none = found[name]
                chosen = torch.cat([scores, none[:, None]], 1)[rows].argmax(1)
                nobody = ~flags.any(1, keepdim=True)
                total[name] += len(rows)
                right[name] += int(torch.cat([flags, nobody], 1).gather(1, chosen[:, None]).sum())
            rows, flags = batch.told()
            said = (found["told"][rows] > 0) & batch.mask[rows]
            # Of the pieces that either holds for a place, the share that both do.
            right["told"] += int((said & flags).sum())
            total["told"] += int((said | flags).sum())
    return {name: right[name] / max(1, total[name]) for name in SHARE}


def _loss(network: Network, batch: Batch, names: Names) -> Tensor:
    found = network(batch.numbers, batch.mask, batch.cases)
    loss = torch.zeros(())
    for name, wanted in _classes(batch.cases, names).items():
        if (wanted >= 0).any():
            smoothing = SMOOTHING if name == "event" else 0.0
            loss = loss + SHARE[name] * functional.cross_entropy(
                found[name], wanted, ignore_index=NONE, label_smoothing=smoothing
            )
    for name in POINTED:
        rows, flags = batch.flags(name)
        if not rows:
            continue
        scores, none = found[name][0][rows], found[name][1][rows]
        if name == "place":
            each = functional.binary_cross_entropy_with_logits(scores, flags.float(), reduction="none")
            loss = loss + SHARE[name] * (each * (scores > -1e3)).sum(1).mean()
            continue
        # Any of the pieces that name whom gold means is right: their chances are summed.
        shares = functional.log_softmax(torch.cat([scores, none[:, None]], 1), 1)
        right = torch.cat([flags, ~flags.any(1, keepdim=True)], 1)
        loss = loss - SHARE[name] * torch.logsumexp(shares.masked_fill(~right, -1e4), 1).mean()
    rows, flags = batch.told()
    if rows:
        each = functional.binary_cross_entropy_with_logits(
            found["told"][rows], flags.float(), reduction="none"
        )
        loss = loss + SHARE["told"] * (each * batch.mask[rows]).sum(1).mean()
    return loss


def _with_crops(texts: Sequence[Text]) -> list[Text]:
    """The texts, and of some of them a run of sentences as a text of its own."""
    found = [t for t in texts if not _is_brief(t) or random.random() < BRIEF_SHARE]
    for text in texts:
        if len(text.breaks) > LONGEST_CROP and random.random() < CROPPED:
            at = random.randrange(len(text.breaks))
            ends = (*text.breaks, len(text.numbers) - 1)
            crop = text.crop(text.breaks[at], ends[min(at + random.randint(1, LONGEST_CROP), len(ends) - 1)])
            if crop.cases:
                found.append(crop)
    return found


def _is_brief(text: Text) -> bool:
    return text.part in ("dev", "wide") and len(text.breaks) <= LONGEST_CROP


def _classes(cases: Cases, names: Names) -> dict[str, Tensor]:
    """Numbers of the labels, `NONE` where there is none."""
    return {
        name: torch.tensor(
            [names[name].index(c.labels[name]) if name in c.labels else NONE for _, c in cases]
        )
        for name in CLASSES
    }


def _batches(texts: Sequence[Text], *, shuffled: bool = False) -> list[list[Text]]:
    """Texts of like length together, some `PIECES` pieces a batch."""
    order = list(texts)
    if shuffled:
        random.shuffle(order)
    found: list[list[Text]] = []
    for first in range(0, len(order), 400):
        batch: list[Text] = []
        for text in sorted(order[first : first + 400], key=lambda t: len(t.numbers)):
            batch.append(text)
            if sum(len(t.numbers) for t in batch) >= PIECES:
                found.append(batch)
                batch = []
        if batch:
            found.append(batch)
    if shuffled:
        random.shuffle(found)
    return found
