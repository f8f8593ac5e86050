"""The network while it learns, in PyTorch: the first layers of a sentence model, and what is read off them.

The layers are those of all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020, Reimers and Gurevych 2019), their
weights the start. `whoholds.read.network.opinion` reads the heads in the same way, in numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import torch
from evals.network.cases import Case
from torch import Tensor, nn
from torch.nn import functional

from whoholds.read.network.encoder import PLACE_LEAN, POINTED, POINTER, SEEN_HEADS

__all__ = ["Network"]

WIDTH, HEADS = 384, 12
JITTER = 0.35
"""Share of the clauses whose edges are moved in training: a reader's clause is not gold's quote."""


class Layer(nn.Module):
    """One layer of attention."""

    def __init__(self, weights: dict[str, Tensor], number: int, dropout: float) -> None:
        super().__init__()
        name = f"encoder.layer.{number}."
        self.query = _linear(weights, name + "attention.self.query")
        self.key = _linear(weights, name + "attention.self.key")
        self.value = _linear(weights, name + "attention.self.value")
        self.mixed = _linear(weights, name + "attention.output.dense")
        self.mixed_norm = _norm(weights, name + "attention.output.LayerNorm")
        self.inner = _linear(weights, name + "intermediate.dense")
        self.outer = _linear(weights, name + "output.dense")
        self.outer_norm = _norm(weights, name + "output.LayerNorm")
        self.dropout = dropout

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """States of the next layer, [texts, pieces, width]."""
        texts, pieces, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(texts, pieces, HEADS, width // HEADS).transpose(1, 2)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(2, 3) / math.sqrt(width // HEADS)
        if mask is not None:
            scores = scores.masked_fill(~mask[:, None, None, :], -1e4)
        mixed = (torch.softmax(scores, -1) @ split(self.value(x))).transpose(1, 2).reshape(x.shape)
        x = self.mixed_norm(x + functional.dropout(self.mixed(mixed), self.dropout, self.training))
        inner = functional.gelu(self.inner(x))
        return self.outer_norm(x + functional.dropout(self.outer(inner), self.dropout, self.training))


class Encoder(nn.Module):
    """Word pieces to states in context."""

    def __init__(self, weights: dict[str, Tensor], layers: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding.from_pretrained(
            weights["embeddings.word_embeddings.weight"].clone(), freeze=False
        )
        self.positions = nn.Embedding.from_pretrained(
            weights["embeddings.position_embeddings.weight"].clone(), freeze=False
        )
        self.kind = nn.Parameter(weights["embeddings.token_type_embeddings.weight"][0].clone())
        self.norm = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(weights, n, dropout) for n in range(layers))
        self.dropout = dropout

    def forward(self, numbers: Tensor, mask: Tensor | None = None) -> Tensor:
        """States [texts, pieces, width]."""
        at = torch.arange(numbers.shape[1])
        x = self.norm(self.words(numbers) + self.positions(at) + self.kind)
        x = functional.dropout(x, self.dropout, self.training)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(
        self, weights: dict[str, Tensor], layers: int, classes: dict[str, int], dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.encoder = Encoder(weights, layers, dropout)
        self.query = nn.Linear(2 * WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH)
        self.classes = nn.ModuleDict({name: nn.Linear(3 * WIDTH, n) for name, n in classes.items()})
        self.clause = nn.ModuleDict({name: nn.Linear(3 * WIDTH, POINTER) for name in POINTED})
        self.piece = nn.ModuleDict({name: nn.Linear(WIDTH, POINTER) for name in POINTED})
        self.told = nn.Linear(WIDTH, 1)
        self.none = nn.ModuleDict({name: nn.Linear(3 * WIDTH, 1) for name in POINTED})
        self.dropout = dropout

    def forward(
        self, numbers: Tensor, mask: Tensor, cases: Sequence[tuple[int, Case]]
    ) -> dict[str, tuple[Tensor, Tensor] | Tensor]:
        """Scores of each case: of its classes, and for each pointer those of the pieces and of none.

        And of each text ("told") the log-odds of its pieces of being a place of any claim.

        Args:
            numbers: Pieces, [texts, pieces].
            mask: Which of them are there.
            cases: Number of the text and claim.
        """
        # Halved numbers take half the time to learn from; what is measured and written down is whole.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training):
            states = self.encoder(numbers, mask)
        states = states.float()
        found: dict[str, tuple[Tensor, Tensor] | Tensor] = {"told": self.tell(states)}
        by_text = [(t, [case for text, case in cases if text == t]) for t in range(len(states))]
        clauses = [self._read_clauses(states[t][mask[t]], its) for t, its in by_text if its]
        clause = functional.dropout(torch.cat(clauses), self.dropout, self.training)
        found |= {name: head(clause) for name, head in self.classes.items()}
        for name in POINTED:
            ours, theirs = (
                self.clause[name](clause).split([len(c) for c in clauses]),
                self.piece[name](states),
            )
            scores = torch.cat(
                [o @ theirs[t].T for o, (t, _) in zip(ours, (b for b in by_text if b[1]), strict=True)]
            ) / math.sqrt(POINTER)
            none = self.none[name](clause)
            if name == "place":
                scores, none = scores - PLACE_LEAN + none, torch.zeros_like(none)
            where = torch.tensor([text for text, _ in cases])
            found[name] = (scores.masked_fill(~mask[where], -1e4), none.squeeze(1))
        return found

    def _read_clauses(self, states: Tensor, cases: Sequence[Case]) -> Tensor:
        """The vectors of clauses of one text, [cases, 3 width]: themselves, and what else bears on them."""
        inner = torch.stack([self._pool(states, case) for case in cases])
        shape = (SEEN_HEADS, WIDTH // SEEN_HEADS)
        query = self.query(inner).view(len(cases), *shape).transpose(0, 1)
        key = self.key(states).view(len(states), *shape).transpose(0, 1)
        value = self.value(states).view(len(states), *shape).transpose(0, 1)
        seen = functional.scaled_dot_product_attention(query, key, value)
        return torch.cat([inner, self.norm(seen.transpose(0, 1).reshape(len(cases), WIDTH))], 1)

    def tell(self, states: Tensor) -> Tensor:
        """Log-odds of each piece of being a place of any claim, [texts, pieces]."""
        return self.told(states).squeeze(2) - PLACE_LEAN

    def _pool(self, states: Tensor, case: Case) -> Tensor:
        first, last = case.first, case.last
        if self.training and random.random() < JITTER:
            first = max(1, first + random.randint(-4, 2))
            last = min(len(states), last + random.randint(-2, 4))
            if first >= last:
                first, last = case.first, case.last
        return torch.cat([states[first:last].mean(0), states[case.head]])


def _linear(weights: dict[str, Tensor], name: str) -> nn.Linear:
    weight, constant = weights[f"{name}.weight"], weights[f"{name}.bias"]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = weight.clone(), constant.clone()
    return layer


def _norm(weights: dict[str, Tensor], name: str) -> nn.LayerNorm:
    layer = nn.LayerNorm(WIDTH, eps=1e-12)
    layer.weight.data, layer.bias.data = weights[f"{name}.weight"].clone(), weights[f"{name}.bias"].clone()
    return layer
