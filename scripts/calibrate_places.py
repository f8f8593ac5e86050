"""Fit the weights of `whoholds.places.resolve.Weights` to synthetic contexts made from the gazetteer.

    PYTHONPATH=src python scripts/calibrate_places.py [--reports 3000] [--seed 1]

A synthetic report is a list of names whose places are known because we chose them: a centre, names around
it, names from anywhere, and the country or the region named with some probability. Shares below are our
assumptions about news, stated here once; no corpus is read. The weights are those that give the chosen
places the highest likelihood (multinomial logit, L2 prior 0.01), with "none of these" learned from names
whose place was taken out. Printed: weights, and the calibration on other synthetic reports.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import astuple, fields, replace
from itertools import accumulate

import numpy as np
from scipy.optimize import minimize

from whoholds.model import Place, Span
from whoholds.places.company import Company
from whoholds.places.gazetteer import StackedGazetteer, open_gazetteer
from whoholds.places.layers import IndexLayer, Meaning
from whoholds.places.recognise import Name
from whoholds.places.resolve import FITTED, Weights, holders_of, joint_features, own_features

SHARE_LOCAL = 0.5  # reports about a smaller place and its surroundings; the others are about the large ones
ATTENTION = {"local": 0.9, "world": 1.2}  # exponent of population in how often a place is the centre
NAME_ATTENTION = 1.0  # the same, for names around the centre
SHARES = {
    "region": 0.27,
    "country": 0.17,
    "anywhere": 0.13,
    "country_name": 0.2,
    "region_name": 0.15,
    "capital": 0.1,
    "feature": 0.05,
}
P_COUNTRY_NAMED, P_REGION_NAMED, P_CONTAINER, P_OTHER_NAME = 0.55, 0.3, 0.12, 0.08
P_NOT_THERE = 0.04  # the place meant is not in the gazetteer; a namesake may be


class World:
    """Settlements by country and region, for weighted draws."""

    def __init__(self, gazetteer: StackedGazetteer) -> None:
        layer = next(x for x in gazetteer.layers if isinstance(x, IndexLayer))
        self.gazetteer = gazetteer
        self.places = [layer.index.place(n) for n in layer.index.places()]
        self.towns = [p for p in self.places if p.kind == "settlement"]
        self.countries = [p for p in self.places if p.kind == "country"]
        self.regions = [p for p in self.places if p.feature == "ADM1" and p.population]
        self.lower = [p for p in self.places if p.feature == "ADM2" and p.population]
        self.capitals = [p for p in self.towns if p.feature == "PPLC"]
        self.features = [p for p in self.places if p.id.startswith("feature:")]
        self.by_region: dict[str | None, list[Place]] = {}
        self.by_country: dict[str | None, list[Place]] = {}
        for town in self.towns:
            self.by_region.setdefault(town.admin1, []).append(town)
            self.by_country.setdefault(town.country, []).append(town)
        self._sums: dict[tuple[int, float], list[float]] = {}

    def draw(self, rng: random.Random, places: list[Place], exponent: float) -> Place:
        """A place, by population to the power of `exponent`."""
        key = (id(places), exponent)
        if key not in self._sums:
            self._sums[key] = list(accumulate((p.population + 100) ** exponent for p in places))
        return rng.choices(places, cum_weights=self._sums[key])[0]


def make_report(world: World, rng: random.Random) -> tuple[list[Name], list[Place | None]]:
    """Names with their meanings, and the place of each (None where it was taken out)."""
    style = "local" if rng.random() < SHARE_LOCAL else "world"
    centre = world.draw(rng, world.towns, ATTENTION[style])
    meant = [centre]
    for _ in range(rng.randint(0, 8)):
        what = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
        if what == "region":
            meant.append(world.draw(rng, world.by_region[centre.admin1], NAME_ATTENTION))
        elif what == "country":
            meant.append(world.draw(rng, world.by_country[centre.country], NAME_ATTENTION))
        elif what == "anywhere":
            meant.append(world.draw(rng, world.towns, 1.2))
        elif what == "country_name":
            meant.append(world.draw(rng, world.countries, 0.8))
        elif what == "capital":
            # Capitals stand for governments: named as often as their countries are populous.
            land = world.draw(rng, world.countries, 0.8)
            meant += [p for p in world.capitals if p.country == land.country][:1]
        elif what == "feature":
            meant.append(rng.choice(world.features))
        else:
            meant.append(world.draw(rng, world.regions if rng.random() < 0.8 else world.lower, 1.0))
    if rng.random() < P_COUNTRY_NAMED and centre.country:
        meant += [p for p in world.countries if p.country == centre.country][:1]
    if rng.random() < P_REGION_NAMED and centre.admin1:
        area = world.gazetteer.area(centre.admin1)
        meant += [area] if area is not None else []
    rng.shuffle(meant)
    names: list[Name] = []
    truth: list[Place | None] = []
    for place in meant:
        name = make_name(world, rng, place)
        if name is None:
            continue
        known: Place | None = place
        if place.kind == "settlement" and rng.random() < P_NOT_THERE:
            name.meanings = tuple(m for m in name.meanings if m.place.id != place.id)
            known = None
        names.append(name)
        truth.append(known)
        wider = world.gazetteer.area(place.admin1 or place.country or "")
        if wider is not None and wider.id != place.id and rng.random() < P_CONTAINER:
            box = make_name(world, rng, wider)
            if box is not None:
                name.inside.append(len(names))
                names.append(box)
                truth.append(wider)
    return names, truth


def make_name(world: World, rng: random.Random, place: Place) -> Name | None:
    """The place's preferred name, or now and then another in the same script, with what it may mean."""
    words = place.name
    if rng.random() < P_OTHER_NAME:
        others = [
            n for n in world.gazetteer.names(place.id) if n[:1].isascii() and n[:1].isupper() and len(n) > 3
        ]
        words = rng.choice(others) if others else words
    for ending in (" Oblast", " Province", " Governorate", " Region", " State", " District", " Department"):
        if rng.random() < 0.5:
            words = words.removesuffix(ending)
    meanings: tuple[Meaning, ...] = tuple(m for m in world.gazetteer.meanings(words, limit=40) if m.role == 0)
    if all(m.place.id != place.id for m in meanings):
        return None
    return Name(0, 0, Span(0, len(words), words), words, meanings, None, "literal", True)


def features_of(
    reports: list[tuple[list[Name], list[Place | None]]], weights: Weights
) -> list[tuple[np.ndarray, int]]:
    """For each name with a choice: candidates by features, and the row meant (-1 for none)."""
    vector = np.array(astuple(weights))
    found = []
    for names, truth in reports:
        own = [
            np.array([own_features(n, m, None) for m in n.meanings]).reshape(-1, vector.size) for n in names
        ]
        chosen = [
            n.meanings[int(np.argmax(rows @ vector))].place if len(rows) else None
            for n, rows in zip(names, own, strict=True)
        ]
        for _ in range(2):
            company, holding = Company(names, chosen), holders_of(names)
            full = [
                rows
                + np.array(
                    joint_features(i, names, n.meanings, chosen, {}, company, holding.get(i, ()))
                ).reshape(-1, vector.size)
                for i, (n, rows) in enumerate(zip(names, own, strict=True))
            ]
            chosen = [
                n.meanings[int(np.argmax(r @ vector))].place if len(r) else None
                for n, r in zip(names, full, strict=True)
            ]
        for name, rows, place in zip(names, full, truth, strict=True):
            if len(rows):
                ids = [m.place.id for m in name.meanings]
                found.append((rows, -1 if place is None else ids.index(place.id)))
    return found


def log_loss(
    free: np.ndarray, cases: list[tuple[np.ndarray, int]], weights: Weights
) -> tuple[float, np.ndarray]:
    """Mean negative log likelihood with its gradient in the fitted weights; `none` is the last of them."""
    vector = np.array(astuple(weights))
    vector[:FITTED] = free
    none = FITTED - 1
    loss, gradient = 0.0, np.zeros(FITTED)
    for rows, target in cases:
        scores = np.append(rows @ vector, vector[none])
        scores -= scores.max()
        p = np.exp(scores)
        p /= p.sum()
        row = len(rows) if target < 0 else target
        loss -= np.log(max(p[row], 1e-12))
        design = np.vstack([rows[:, :FITTED], np.zeros(FITTED)])
        design[-1, none] = 1.0
        gradient += p @ design - design[row]
    size = len(cases)
    return loss / size + 0.0005 * float(free @ free), gradient / size + 0.001 * free


def calibration(cases: list[tuple[np.ndarray, int]], weights: Weights) -> tuple[float, float]:
    """Share of names whose likeliest place is right, and the expected calibration error in ten bins."""
    vector = np.array(astuple(weights))
    ps, rights = [], []
    for rows, target in cases:
        scores = np.append(rows @ vector, weights.none)
        p = np.exp(scores - scores.max())
        p /= p.sum()
        best = int(np.argmax(p[:-1]))
        ps.append(p[best])
        rights.append(best == target)
    probabilities, right = np.array(ps), np.array(rights, dtype=float)
    bins = np.minimum((probabilities * 10).astype(int), 9)
    error = sum(
        abs(probabilities[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in range(10)
        if (bins == b).any()
    )
    return float(right.mean()), float(error)


def main() -> None:
    """Fit, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    world = World(open_gazetteer(progress=print))
    reports = [make_report(world, rng) for _ in range(options.reports)]
    held_out = [make_report(world, rng) for _ in range(options.reports // 3)]
    weights = Weights()
    for turn in range(3):
        cases = features_of(reports, weights)
        start = np.array(astuple(weights))[:FITTED]
        result = minimize(
            log_loss, start, args=(cases, weights), jac=True, method="L-BFGS-B", options={"maxiter": 60}
        )
        names = [f.name for f in fields(Weights)][:FITTED]
        weights = replace(weights, **{n: round(float(v), 2) for n, v in zip(names, result.x, strict=True)})
        print(f"turn {turn}: loss {result.fun:.4f}, {len(cases)} names", weights)
    right, error = calibration(features_of(held_out, weights), weights)
    print(f"held-out synthetic reports: {right:.3f} right, expected calibration error {error:.3f}")


if __name__ == "__main__":
    main()
