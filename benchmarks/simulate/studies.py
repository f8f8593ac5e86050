"""The four questions put to drawn wars: seeds and sizes in, tables out (lists of rows of text).

Coverage of the areas' intervals, recovery of the sources' habits, calibration beside the baselines, and what
becomes of the record as sources lie, copy and fall silent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from benchmarks.simulate.runs import (
    AreaCase,
    draw_told,
    measure_areas,
    pool,
    record_places,
    score_war,
)
from benchmarks.simulate.voices import Cast, Map, Told, draw_cast, usual_cast
from benchmarks.simulate.world import Size, draw_world
from evals.control.scores import BINS, Scored, measure_gains

from whoholds.fuse.sources import SourceParameters

__all__ = ["print_table", "study_calibration", "study_coverage", "study_degradation", "study_recovery"]

Table = list[list[str]]
INTERESTS = ("own", "against", "neutral")
NO_FOG = (0.0, 0.0)


def print_table(title: str, table: Table) -> None:
    """A table in Markdown."""
    print(f"\n{title}\n")
    print(f"| {' | '.join(table[0])} |")
    print("|---" * len(table[0]) + "|")
    for row in table[1:]:
        print(f"| {' | '.join(row)} |")


# --- coverage --------------------------------------------------------------------------------------------


def study_coverage(seeds: Iterable[int], size: Size) -> tuple[Table, list[AreaCase]]:
    """How often the 80 % intervals of areas hold the truth, in wars of casts and fog at random."""
    cases = [case for seed in seeds for case in measure_areas(seed, size)]
    is_party: Callable[[AreaCase], bool] = lambda c: c.state != "contested"  # noqa: E731
    kinds: dict[str, Callable[[AreaCase], bool]] = {
        "all": lambda _: True,
        "parties' ground": is_party,
        "… as known on the day": lambda c: is_party(c) and c.is_now,
        "… looking back": lambda c: is_party(c) and not c.is_now,
        "… some map speaks": lambda c: is_party(c) and c.has_maps,
        "… words alone": lambda c: is_party(c) and not c.has_maps,
        "… 50 km² and more in truth": lambda c: is_party(c) and c.true_km2 >= 50,
        "contested ground": lambda c: not is_party(c),
    }
    table = [
        [
            "areas",
            "cases",
            "covered",
            "truth below",
            "truth above",
            "mean truth km²",
            "bias",
            "mean error",
            "mean width",
        ]
    ]
    for name, picks in kinds.items():
        some = [c for c in cases if picks(c)]
        if not some:
            continue
        true, said = np.array([c.true_km2 for c in some]), np.array([c.km2 for c in some])
        low, high = np.array([c.low for c in some]), np.array([c.high for c in some])
        table.append(
            [
                name,
                str(len(some)),
                f"{np.mean((low <= true) & (true <= high)):.3f}",
                f"{np.mean(true < low):.3f}",
                f"{np.mean(true > high):.3f}",
                f"{true.mean():.0f}",
                f"{(said - true).mean():+.0f}",
                f"{np.abs(said - true).mean():.0f}",
                f"{(high - low).mean():.0f}",
            ]
        )
    return table, cases


# --- recovery --------------------------------------------------------------------------------------------


def study_recovery(seeds: Sequence[int], size: Size) -> tuple[Table, Table, Table]:
    """Learned parameters beside the true ones: reliabilities, maps' movements, a sweep of one voice's lies.

    Without fog: what all get wrong together no source model can tell from the truth.
    """
    cast = usual_cast()
    runs = [_learn(seed, cast, size) for seed in seeds]
    words = [["source", "interest", "statements a war", "told from knowledge", "learned", "prior"]]
    for voice in cast.voices:
        for i, interest in enumerate(INTERESTS):
            n = np.mean([t.total.get(voice.name, [0, 0, 0])[i] for t, _ in runs])
            shares = [t.share(voice.name, i) for t, _ in runs]
            known = [s for s in shares if s is not None]
            if n < 5 or not known:
                continue
            learnt = np.mean([_reliability(p, voice.name, i) for _, p in runs])
            prior = _prior_reliability(i)
            words.append(
                [voice.name, interest, f"{n:.0f}", f"{np.mean(known):.2f}", f"{learnt:.2f}", f"{prior:.2f}"]
            )
    told = np.mean([len(t.announced) / max(1, t.changes) for t, _ in runs])
    words.append(["all", "changes of hands told of", "", f"{told:.2f}", *_announced(runs)])
    maps = [["map", "habit", "true", "learned at the front", "learned in the rear"]]
    for drawn in cast.maps:
        for habit, true in (("mends a day", drawn.mends), ("errs a day", drawn.errs)):
            learned = [_map_rates(p, drawn, habit) for _, p in runs]
            front, rear = np.mean(learned, axis=0)
            note = f"{true:.3f}" + (f" (of {drawn.copies})" if drawn.copies else "")
            maps.append([drawn.name, habit, note, f"{front:.3f}", f"{rear:.4f}"])
    sweep = [["red-ministry tells from knowledge (own interest)", "learned", "blue-staff", "learned"]]
    for own in (0.3, 0.5, 0.7, 0.9):
        liar = replace(
            cast, voices=tuple(replace(v, own=own) if v.name == "red-ministry" else v for v in cast.voices)
        )
        found = [_learn(seed, liar, size) for seed in seeds]
        row = []
        for name in ("red-ministry", "blue-staff"):
            share = np.mean([t.share(name, 0) or 0 for t, _ in found])
            row += [f"{share:.2f}", f"{np.mean([_reliability(p, name, 0) for _, p in found]):.2f}"]
        sweep.append(row)
    return words, maps, sweep


def _learn(seed: int, cast: Cast, size: Size) -> tuple[Told, SourceParameters]:
    world = draw_world(seed, size, fog=NO_FOG)
    claims, told = draw_told(world, cast, seed)
    return told, record_places(claims, world).parameters


def _reliability(parameters: SourceParameters, name: str, interest: int) -> float:
    if name not in parameters.sources:
        return float(parameters.pooled[interest])
    return float(parameters.reliability[parameters.sources.index(name), interest])


def _prior_reliability(interest: int) -> float:
    from whoholds.fuse.sources import PRIOR_RELIABILITY

    return float(PRIOR_RELIABILITY[interest])


def _announced(runs: Sequence[tuple[Told, SourceParameters]]) -> list[str]:
    """The learned share of changes that are told of, where the model learns one."""
    found = [getattr(p, "announced", None) for _, p in runs]
    known = [float(np.mean(f)) for f in found if f is not None]
    return [f"{np.mean(known):.2f}", ""] if known else ["set, not learned", ""]


def _map_rates(parameters: SourceParameters, drawn: Map, habit: str) -> tuple[float, float]:
    """Chance a day, at the front and in the rear, that a wrong view mends, or a right one errs."""
    moves = parameters.moves[parameters.sources.index(drawn.name)]
    k = moves.shape[1]
    rates = []
    for regime in (1, 0):
        parties = range(k - 1)
        if habit == "mends a day":
            rates.append(np.mean([moves[regime, x, v, x] for x in parties for v in range(k) if v != x]))
        else:
            rates.append(np.mean([1 - moves[regime, x, x, x] for x in parties]))
    return float(rates[0]), float(rates[1])


# --- calibration -----------------------------------------------------------------------------------------


def study_calibration(seeds: Iterable[int], size: Size) -> tuple[Table, Table, Table]:
    """The record beside the baselines, the gains with their intervals, and the reliability of its numbers."""
    wars: dict[str, list[tuple[Scored, Scored]]] = {}
    for seed in seeds:
        world = draw_world(seed, size)
        claims, _ = draw_told(world, draw_cast(seed), seed)
        for name, both in score_war(world, claims).items():
            wars.setdefault(name, []).append(both)
    near = {name: pool([s[0] for s in found]) for name, found in wars.items()}
    every = {name: pool([s[1] for s in found]) for name, found in wars.items()}
    figures = [
        ["method", "near accuracy", "near log-loss", "flips F1", "near ECE", "log-loss all", "ECE all"]
    ]
    for name, scored in near.items():
        a, b = scored.figures(), every[name].figures()
        values = (a["accuracy"], a["log_loss"], a["flips_f1"], a["ece"], b["log_loss"], b["ece"])
        figures.append([name, *(f"{v:.3f}" for v in values)])
    gains = [["near flips", "record", "best baseline", "gain", "95 % interval"]]
    for name, g in measure_gains(near["record"], {n: s for n, s in near.items() if n != "record"}):
        gains.append(
            [
                g.metric,
                f"{g.ours:.3f}",
                f"{g.theirs:.3f} ({name})",
                f"{g.gain:+.3f}",
                f"{g.low:+.3f} to {g.high:+.3f}",
            ]
        )
    return figures, gains, _reliability_table(near["record"], every["record"])


def _reliability_table(near: Scored, every: Scored) -> Table:
    table = [["said", "near: days", "said", "so", "all: days", "said", "so"]]
    a, b = near.reliability(), every.reliability()
    for i in range(BINS):
        if not b.n[i]:
            continue
        row = [f"{i / BINS:.1f}-{(i + 1) / BINS:.1f}"]
        for r in (a, b):
            n = r.n[i]
            row += [f"{n:.0f}", f"{r.p[i] / n:.3f}", f"{r.right[i] / n:.3f}"] if n else ["0", "-", "-"]
        table.append(row)
    return table


# --- degradation -----------------------------------------------------------------------------------------


def study_degradation(seeds: Sequence[int], size: Size) -> Table:
    """What becomes of the record as sources lie more, copy more or fall silent, all else as usual."""
    usual = usual_cast()
    settings: list[tuple[str, str, Cast]] = [("as usual", "", usual)]
    for share in (0.7, 0.5, 0.3, 0.1):
        settings.append(("voices tell from knowledge", f"{share:.0%} of what they did", _lie(usual, share)))
    for n in (1, 3, 10):
        settings.append(("reprints a statement, same words or marked", str(n), replace(usual, reprints=n)))
    for n in (1, 3, 10):
        copied = replace(usual, reprints=n, marked=0.0, reworded=1.0)
        settings.append(("reprints in other words, unmarked", str(n), copied))
    for n in (2, 4, 8):
        copies = tuple(Map(f"copy-{i}", 0.3, 0.4, 0.001, 14, copies="mapper") for i in range(n))
        settings.append(("maps that copy the mapper", str(n + 1), replace(usual, maps=usual.maps + copies)))
    for share in (0.75, 0.5, 0.25):
        settings.append(("all fall silent after", f"{share:.0%} of the war", _silence(usual, share)))
    settings.append(("no maps", "", replace(usual, maps=())))
    settings.append(("maps alone", "", replace(usual, voices=())))
    table = [["what", "how much", "near accuracy", "near log-loss", "flips F1", "near ECE", "log-loss all"]]
    for what, much, cast in settings:
        wars = []
        for seed in seeds:
            world = draw_world(seed, size)
            claims, _ = draw_told(world, cast, seed)
            wars.append(score_war(world, claims)["record"])
        near, every = pool([w[0] for w in wars]).figures(), pool([w[1] for w in wars]).figures()
        values = (near["accuracy"], near["log_loss"], near["flips_f1"], near["ece"], every["log_loss"])
        table.append([what, much, *(f"{v:.3f}" for v in values)])
    return table


def _lie(cast: Cast, share: float) -> Cast:
    voices = tuple(
        replace(v, own=v.own * share, against=v.against * share, neutral=v.neutral * share)
        for v in cast.voices
    )
    return replace(cast, voices=voices)


def _silence(cast: Cast, share: float) -> Cast:
    return replace(
        cast,
        voices=tuple(replace(v, silent_from=min(v.silent_from, share)) for v in cast.voices),
        maps=tuple(replace(m, silent_from=min(m.silent_from, share)) for m in cast.maps),
    )
