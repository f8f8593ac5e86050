"""What each source is worth, as far as the record has learned it: claims and a record in, a row a source out.

Letters and numbers are those of the Admiralty code (NATO AJP-2.1): the letter for the source, from the
reliability that the record's parameters give it; the number for what it said, from how the record has it.
F and 6 mean "cannot be judged".
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from whoholds.check.forecasts import SourceScore
from whoholds.check.propositions import Mood, Proposition, propositions_of
from whoholds.fuse.evidence import source_key
from whoholds.fuse.sources import SourceParameters
from whoholds.ground.inputs import ground_key
from whoholds.ground.record import GroundRecord
from whoholds.model import CONTESTED, Claim
from whoholds.theatre import Theatre

__all__ = ["LETTERS", "NUMBERS", "SourceRating", "rate_sources"]

LETTERS = (
    ("A", 0.95, "completely reliable"),
    ("B", 0.85, "usually reliable"),
    ("C", 0.70, "fairly reliable"),
    ("D", 0.50, "not usually reliable"),
    ("E", 0.0, "unreliable"),
    ("F", None, "cannot be judged"),
)
"""Letter, the least chance that the source tells what it knows, and the code's own words. The code has no
probabilities: these bounds are ours, an even chance dividing what is mostly reliable from what is not."""
NUMBERS = (
    (1, 0.9, "confirmed"),
    (2, 0.7, "probably true"),
    (3, 0.5, "possibly true"),
    (4, 0.3, "doubtful"),
    (5, 0.0, "improbable"),
    (6, None, "cannot be judged"),
)
"""Number, the least mean probability that the record gives to what was said, and the code's words."""
LEAST_JUDGED = 3
"""Claims about who holds a place that the record must have of a source before it gets a letter."""
LEAST_LEARNED = 0.005
"""A source whose reliability is no further than this from that of all like it has not been told apart."""


@dataclass(frozen=True, slots=True)
class SourceRating:
    """One source, what it said, and what that was worth.

    Attributes:
        key: Registry id or folded name; `publisher:` before it, for a publisher in its own voice.
        name: Its name.
        side: A party's id, `independent`, `other` or None.
        kind: The registry's kind, else the role that the text gives, else None.
        n_claims: Claims, copies left out.
        n_copies: Claims that only repeat another.
        n_judged: Claims about who holds a place that the record has.
        letter: Admiralty letter.
        number: Admiralty number.
        reliability: Mean chance that it tells what it knows, over what it said; None where not judged.
        credibility: Mean probability that the record gives to what it said of the day it spoke of.
        forecasts: Score of its settled forecasts, or None.
    """

    key: str
    name: str
    side: str | None
    kind: str | None
    n_claims: int
    n_copies: int
    n_judged: int
    letter: str
    number: int
    reliability: float | None
    credibility: float | None
    forecasts: SourceScore | None


def rate_sources(
    claims: Sequence[Claim],
    record: GroundRecord,
    theatre: Theatre,
    *,
    copies: Iterable[str] = (),
    publishers: Mapping[str, str | None] | None = None,
    scores: Sequence[SourceScore] = (),
) -> list[SourceRating]:
    """All who speak in some claims, those with most claims first.

    Args:
        claims: Claims in any order.
        record: The record that they make.
        theatre: For registry, parties and zone.
        copies: Ids of claims that only repeat another.
        publishers: Report id to its publisher's name.
        scores: What `score_sources` found.
    """
    repeated = set(copies)
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c.id):
        groups[_key(claim, publishers or {})].append(claim)
    found = [_rate(key, group, record, theatre, repeated, scores) for key, group in groups.items()]
    return sorted(found, key=lambda r: (-r.n_claims, r.name.casefold(), r.key))


def _key(claim: Claim, publishers: Mapping[str, str | None]) -> str:
    if claim.speaker is not None:
        return source_key(claim)
    return f"publisher:{(publishers.get(claim.report_id) or 'unknown publisher')}"


def _rate(
    key: str,
    group: Sequence[Claim],
    record: GroundRecord,
    theatre: Theatre,
    repeated: set[str],
    scores: Sequence[SourceScore],
) -> SourceRating:
    own = [c for c in group if c.id not in repeated]
    voice = next((c.speaker for c in group if c.speaker is not None), None)
    by_id = {s.id: s for s in theatre.sources}
    entry = by_id.get(key) or theatre.find_source(voice.name if voice else key.removeprefix("publisher:"))
    name, kind = key.removeprefix("publisher:"), "publisher" if voice is None else None
    side = entry.side if entry else None
    if voice is not None:
        usual = Counter(c.speaker.name for c in group if c.speaker).most_common(1)[0][0]
        name = entry.name if entry else usual
        sides = Counter(c.speaker.side for c in group if c.speaker and c.speaker.side)
        side = sides.most_common(1)[0][0] if sides else side
        kind = entry.kind if entry else voice.role if voice.role != "speaker" else None
    reliability, credibility = [], []
    learned = False
    for claim in own:
        for item in propositions_of(claim, theatre, theatre.zone):
            p = _p_of(record, item)
            if p is None:
                continue
            credibility.append(p)
            r, is_own = _reliability(record.parameters, source_key(claim), _interest(item, side))
            reliability.append(r)
            learned = learned or is_own
    names = {name, *(c.speaker.name for c in group if c.speaker)}
    r_mean = fmean(reliability) if learned and len(reliability) >= LEAST_JUDGED else None
    c_mean = fmean(credibility) if credibility else None
    return SourceRating(
        key=key,
        name=name,
        side=side,
        kind=kind,
        n_claims=len(own),
        n_copies=len(group) - len(own),
        n_judged=len(credibility),
        letter=next(a for a, least, _ in LETTERS if least is None or (r_mean or -1.0) >= least),
        number=next(n for n, least, _ in NUMBERS if least is None or (c_mean or -1.0) >= least),
        reliability=r_mean,
        credibility=c_mean,
        forecasts=_score_of(names, scores) if voice is not None else None,
    )


def _score_of(names: set[str], scores: Sequence[SourceScore]) -> SourceScore | None:
    mine = [s for s in scores if s.name in names]
    n = sum(s.n for s in mine)
    return SourceScore(min(s.name for s in mine), n, sum(s.n * s.brier for s in mine) / n) if n else None


def _p_of(record: GroundRecord, item: Proposition) -> float | None:
    """The record's probability of what was said, on the day it was said of; None where it has none."""
    key = ground_key(item.place)
    if item.mood is not Mood.FACT or item.is_area or key not in record.places:
        return None
    if not record.days[0] <= item.on <= record.days[-1]:
        return None
    p = dict(record.place_state(key, item.on).p)
    if item.holds is None:
        return p[CONTESTED]
    if item.party not in p:
        return None
    return p[item.party] if item.holds else 1.0 - p[item.party]


def _interest(item: Proposition, side: str | None) -> int:
    """Whether words serve (0) or hurt (1) the speaker's side, or neither (2): columns of the parameters."""
    if side is None or item.party is None or item.holds is None or side in ("independent", "other"):
        return 2
    return 0 if (item.party == side) == item.holds else 1


def _reliability(parameters: SourceParameters, key: str, interest: int) -> tuple[float, bool]:
    """A source's reliability, and whether it is its own rather than that of all like it."""
    pooled = float(parameters.pooled[interest])
    at = bisect_left(parameters.sources, key)
    if at >= len(parameters.sources) or parameters.sources[at] != key:
        return pooled, False
    own = float(parameters.reliability[at, interest])
    return own, abs(own - pooled) >= LEAST_LEARNED
