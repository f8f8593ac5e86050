"""Speed and memory of the control record: forward-backward beside hmmlearn, and a whole record from claims.

    python benchmarks/fuse.py forward-backward [--units 33000 --days 1200]
    python benchmarks/fuse.py update [--claims 200000 --places 2339 --days 1219]
    python benchmarks/fuse.py record [--claims 200000 --places 2339 --days 1219]

Both sides of the first do the same work in one run: posteriors of three states from the same
log-likelihoods, start and transitions. hmmlearn (`uv pip install hmmlearn`) takes sequences one after
another; its time is measured on `--peer-units` of them and scaled. Memory is the peak resident size of a
process that does our part alone.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

import numpy as np

from whoholds.fuse.hmm import smooth_states

CLOCK = time.process_time
"""Seconds of this process alone: on a busy machine the wall clock measures the neighbours."""
STATES = 3
BLOCK = 1024
ROUNDS = 3
"""Runs of each side, of which the best counts: what else the machine does makes one slower, never faster."""


def draw_block(seed: int, days: int, units: int) -> np.ndarray:
    """Log-likelihoods of a block of units, [days, states, units]."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1, (days, STATES, units)).astype(np.float32)


def chances() -> tuple[np.ndarray, np.ndarray]:
    """Start distribution and chances of change, [states], [states, states] with diagonal 0."""
    base = np.array([[0, 0.002, 0.01], [0.001, 0, 0.01], [0.03, 0.04, 0]], dtype=np.float32)
    return np.array([0.6, 0.3, 0.1], dtype=np.float32), base


def run_ours(units: int, days: int) -> tuple[float, np.ndarray]:
    """Seconds for all units in blocks, and the posteriors, [days, states, units]."""
    start, base = chances()
    every = np.broadcast_to(base, (days, STATES, STATES))
    out = np.empty((days, STATES, units), dtype=np.float32)
    scratch = np.empty((days, STATES, BLOCK), dtype=np.float32)
    spent = 0.0
    for first in range(0, units, BLOCK):
        n = min(BLOCK, units - first)
        evidence = draw_block(first, days, n)
        began = CLOCK()
        smooth_states(
            evidence,
            np.repeat(start[:, None], n, axis=1),
            every,
            counts_changes=False,
            overwrites=True,
            out=scratch[:, :, :n],
        )
        out[:, :, first : first + n] = scratch[:, :, :n]
        spent += CLOCK() - began
    return spent, out


def run_peer(units: int, days: int) -> tuple[float, np.ndarray]:
    """Seconds of hmmlearn's forward-backward for the first units, and its posteriors."""
    from hmmlearn.base import BaseHMM

    class GivenLikelihood(BaseHMM):
        """hmmlearn's public path with the log-likelihoods handed in as they are."""

        def _compute_log_likelihood(self, X: np.ndarray) -> np.ndarray:
            return X

    start, base = chances()
    model = GivenLikelihood(n_components=STATES)
    model.startprob_ = start.astype(np.float64) / start.sum(dtype=np.float64)
    model.transmat_ = base + np.diag(1 - base.sum(axis=1, dtype=np.float64))
    model._check = lambda: None
    out = np.empty((units, days, STATES))
    spent = 0.0
    for first in range(0, units, BLOCK):
        n = min(BLOCK, units - first)
        evidence = np.ascontiguousarray(draw_block(first, days, n).transpose(2, 0, 1), dtype=np.float64)
        began = CLOCK()
        _, found = model.score_samples(evidence.reshape(-1, STATES), [days] * n)
        spent += CLOCK() - began
        out[first : first + n] = found.reshape(n, days, STATES)
    return spent, out


def compare(args: argparse.Namespace) -> None:
    """Print both times, the ratio, the largest difference and our peak memory."""
    child = [sys.executable, __file__, "ours", "--units", str(args.units), "--days", str(args.days)]
    runs = [subprocess.run(child, capture_output=True, text=True, check=True) for _ in range(ROUNDS)]
    seconds, memory = min(tuple(float(x) for x in run.stdout.split()) for run in runs)
    peers = [run_peer(args.peer_units, args.days) for _ in range(ROUNDS)]
    peer_seconds, theirs = min(p[0] for p in peers), peers[0][1]
    _, ours = run_ours(args.peer_units, args.days)
    scaled = peer_seconds * args.units / args.peer_units
    print(f"{args.units} units, {args.days} days, {STATES} states")
    size = args.units * args.days * STATES * 4 / 1e6
    print(f"ours      {seconds:8.2f} s   peak {memory:.0f} MB (posteriors {size:.0f} MB)")
    print(f"hmmlearn  {scaled:8.2f} s   measured {peer_seconds:.2f} s on {args.peer_units} units")
    apart = np.abs(ours.transpose(2, 0, 1) - theirs).max()
    print(f"ratio     {scaled / seconds:8.1f}     largest difference {apart:.1e}")


def draw_war(args: argparse.Namespace) -> tuple[list, list, date]:
    """Places on a grid, claims about them drawn at random, and the first day."""
    from whoholds.fuse.places import PlaceRow
    from whoholds.model import Claim, ClaimPlace, Event, Interval, Polarity, Source, Stance

    rng = np.random.default_rng(1)
    side = int(np.ceil(np.sqrt(args.places)))
    places = [
        PlaceRow(
            f"p{i:05d}",
            f"P{i}",
            30 + 0.06 * (i % side),
            46 + 0.04 * (i // side),
            "AB"[(i % side) > side // 2],
        )
        for i in range(args.places)
    ]
    first = date(2022, 2, 24)
    events = (Event.CONTROL_GAINED, Event.CONTROL_HELD, Event.CLASH, Event.STRIKE, Event.CONTESTED)
    claims = []
    for n in range(args.claims):
        place = int(rng.integers(args.places))
        on = first + timedelta(days=int(rng.integers(args.days)))
        source = int(rng.integers(200))
        role = "map" if source < 4 else "speaker"
        claims.append(
            Claim(
                id=f"sha256:{n:064x}",
                report_id=f"r{n}",
                quote=None,
                attribution=(
                    Source(f"s{source}", f"s{source}", role, ("A", "B", "independent")[source % 3]),
                ),
                stance=Stance.ASSERTED,
                polarity=Polarity.POSITIVE,
                event=Event.CONTROL_HELD if role == "map" else events[int(rng.integers(len(events)))],
                actor="AB"[int(rng.random() < 0.2) ^ int((place % side) > side // 2)],
                places=(ClaimPlace(f"p{place:05d}", ""),),
                holds=Interval.of_day(on),
                reported_at=on,
            )
        )
    return claims, places, first


def time_record(args: argparse.Namespace) -> None:
    """Print the time of a whole record with sources learned, from claims drawn at random."""
    from whoholds.fuse.places import fuse_places

    claims, places, first = draw_war(args)
    began = CLOCK()
    record = fuse_places(claims, places, from_on=first, to_on=first + timedelta(days=args.days - 1))
    spent = CLOCK() - began
    print(
        f"{args.claims} claims, {args.places} places, {args.days} days, sources learned: {spent:.1f} s, "
        f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, "
        f"{len(record.rejections)} rejected"
    )


def time_update(args: argparse.Namespace) -> None:
    """Print the time of one more claim by a frozen version, beside a rebuild, and whether the bytes agree."""
    from collections import defaultdict

    from whoholds.fuse.control import fuse_evidence, key_index
    from whoholds.fuse.evidence import gather_evidence
    from whoholds.fuse.units import units_of_points
    from whoholds.fuse.update import update_fusion

    claims, places, first = draw_war(args)
    held = np.array(["AB".index(p.initial_holder) for p in places], dtype=np.int16)
    units = units_of_points(
        [p.place_id for p in places],
        [p.name for p in places],
        np.array([p.lon for p in places]),
        np.array([p.lat for p in places]),
        held,
        None,
    )
    parties, days = ("A", "B"), (first, first + timedelta(days=args.days - 1))
    index, more = key_index(units), [c for c in claims if c.speaker.role != "map"][-21:]
    later = {c.id for c in more}
    known = [c for c in claims if c.id not in later]
    evidence = gather_evidence(known, parties, index)
    version = fuse_evidence(evidence, units, parties, days).parameters
    fusion = fuse_evidence(evidence, units, parties, days, parameters=version)
    by_place = defaultdict(list)
    for claim in known:
        by_place[claim.places[0].place_id].append(claim)
    spent = []
    for claim in more:
        place = claim.places[0].place_id
        by_place[place].append(claim)
        began = CLOCK()
        fresh = gather_evidence(by_place[place], parties, {place: index[place]})
        fusion = update_fusion(fusion, units, fresh, np.array([index[place]]))
        spent.append(CLOCK() - began)
        assert fusion is not None
    began = CLOCK()
    rebuilt = fuse_evidence(gather_evidence(claims, parties, index), units, parties, days, parameters=version)
    whole = CLOCK() - began
    same = fusion.posterior.tobytes() == rebuilt.posterior.tobytes()
    print(
        f"one more of {args.claims} claims, {args.places} places, {args.days} days: median "
        f"{1e3 * float(np.median(spent[1:])):.0f} ms, most {1e3 * max(spent):.0f} ms; a rebuild "
        f"{whole:.1f} s; {'the same bytes' if same else 'OTHER BYTES'} after {len(more)} claims"
    )


def main() -> None:
    """Read the command line and run one benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("forward-backward", "record", "update", "ours"))
    parser.add_argument("--units", type=int, default=33_000)
    parser.add_argument("--days", type=int, default=None)
    parser.add_argument("--peer-units", type=int, default=2_048)
    parser.add_argument("--claims", type=int, default=200_000)
    parser.add_argument("--places", type=int, default=2_339)
    args = parser.parse_args()
    if args.days is None:
        args.days = 1_219 if args.what in ("record", "update") else 1_200
    if args.what == "record":
        time_record(args)
    elif args.what == "update":
        time_update(args)
    elif args.what == "ours":
        seconds, _ = run_ours(args.units, args.days)
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        compare(args)


if __name__ == "__main__":
    main()
