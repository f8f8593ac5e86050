"""The network as a second witness: what the rules say of a clause, weighed against what it reads there.

The rules' answers for one clause and the network's chances enter; the answers to keep leave. Of each field
the rules' answer has a fixed worth in log-odds, chosen on wars that neither was made on (`evals/gold/
tuning.txt`); another answer wins only where the network holds it for likelier by more than that.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from math import exp, log

import numpy as np

from whoholds.model import Polarity, Source, Stance
from whoholds.read.claims.party import Party, is_part
from whoholds.read.claims.placing import PLACE, Placing
from whoholds.read.network import Opinion, Perusal, likeliest
from whoholds.read.wording.domain import count_war_words, is_about_war
from whoholds.text.datelines import find_datelines
from whoholds.text.parse import Parsed
from whoholds.text.tokens import Token

__all__ = ["Witness"]

_WORTH = {
    "stance": 2.0,
    "own stance": 1.0,
    "stance to come": 0.5,
    "polarity": 2.0,
    "speaker": 3.5,
    "no speaker": 1.0,
    "actor said": 3.5,
    "actor meant": 1.5,
    "actor none": 0.0,
    "target said": 2.5,
    "target meant": 1.5,
    "target none": 0.0,
}
"""What the rules' answer is worth: parties stand in the clause, come from elsewhere, or are none."""
_WORDS_A_DEED = 50
"""News of no war that tells a deed once in so many words is asked about: the network takes its time."""
_TO_COME = frozenset({Stance.PREDICTED, Stance.INTENDED})
"""Whether a bare "will" tells a forecast or a plan hangs on who speaks of whom, over the whole report."""
_USUAL, _CAUTION = 60, 1.5
"""On texts shorter than the usual report, of which the network learned from fewer, the rules are worth up to
one and a half units more."""
_PLAIN = 2
"""A text that names forces or arms fewer times than this may be news of crime or politics: as much again."""
_NEW_SPEAKER = 0.5
"""Least chance of somebody whose no speech of the report is."""
_LEAST = 0.02
"""Chance of a word piece below which it is nobody's name."""
_TINY = 1e-6
_FAINT = 0.008
"""Least chance that anybody has to be the speaker whom the rules name: the network is never surer."""
_FIRST_PERSON = frozenset({"we", "us", "our", "ours", "i", "me", "my", "mine"})
_INNER = frozenset({"compound", "amod", "nmod", "det", "nummod", "case", "flat", "punct"})


@dataclass(slots=True)
class _Heard:
    """Who may be meant: how likely, and as whom."""

    chance: float
    party: Party
    best: float


class Witness:
    """Asks the network about the clauses of one report.

    Attributes:
        caution: What the rules are worth beyond the usual, for a short text.
        placing: Settles the places of its clauses.
    """

    def __init__(self, parsed: Parsed, publisher: str | None = None, ahead: Executor | None = None) -> None:
        """Set a report up.

        Args:
            parsed: Its text and parse.
            publisher: Who published it: its own name is no speaker's.
            ahead: Where the network reads it meanwhile, or None to let it read when it is asked.
        """
        self._publisher = publisher or ""
        self._parsed = parsed
        self._doc = parsed.doc
        self._starts = [token.idx for token in parsed.doc.tokens]
        self.caution = _CAUTION * max(0.0, 1.0 - len(parsed.doc) / _USUAL)
        if count_war_words(parsed.doc) < _PLAIN:
            self.caution += _CAUTION
        self.placing = Placing(parsed, self.caution)
        self._datelines = find_datelines(parsed.text, parsed.blocks)
        self._is_asked = is_about_war(parsed.doc)
        self._perusal: Perusal | None = None
        if self._is_asked and ahead is not None:
            self._perusal = self._peruse(ahead)
        self._opinions: dict[tuple[int, int, int], Opinion | None] = {}
        self._chains: dict[str, tuple[Source, ...]] = {"": ()}
        self._speakers: list[tuple[int, int, str]] | None = None

    def hear(self, chains: Iterable[tuple[Source, ...]]) -> None:
        """Note who speaks in the report: the sources of each of its speeches, outermost first."""
        for chain in chains:
            if chain and not is_part(chain[-1].name, self._publisher):
                self._chains.setdefault(chain[-1].name, chain)

    def ask(self, clauses: Iterable[tuple[Sequence[Token], Token]], deeds: int) -> None:
        """Have the network judge clauses (words, head) at once: one by one takes many times as long.

        Args:
            clauses: Those of all statements.
            deeds: How many tell of violence or of ground: news of no war with many is asked about for places.
        """
        if not self._is_asked and deeds * _WORDS_A_DEED < len(self._doc):
            return
        asked = list(dict.fromkeys(_extent(words, head) for words, head in clauses if words))
        self._opinions |= zip(asked, self._read().of_clauses(asked), strict=True)

    def of_clause(self, words: Sequence[Token], head: Token) -> Opinion | None:
        """What the network makes of a clause that it was asked about; None where that is of no war."""
        return self.on_places(words, head) if self._is_asked else None

    def on_places(self, words: Sequence[Token], head: Token) -> Opinion | None:
        """The same for its places: the network has learned where things happen in other news as well."""
        return self._opinions.get(_extent(words, head)) if words else None

    def _read(self) -> Perusal:
        if self._perusal is None:
            self._perusal = self._peruse(None)
        return self._perusal

    def _peruse(self, ahead: Executor | None) -> Perusal:
        breaks = [t.idx for t in self._doc.tokens if t.is_sent_start]
        return Perusal(self._parsed.text, breaks, ahead)

    def is_place(self, start: int, end: int) -> bool:
        """Whether the characters `[start, end)` are a place of what the report claims."""
        odds = self._read().told_odds(start, end) if self._is_asked else None
        return odds is not None and odds > PLACE["unnoticed"]

    def _worth(self, name: str) -> float:
        """What the rules' answer is worth in log-odds."""
        return _WORTH[name] + self.caution

    def settle_stance(
        self,
        answer: Stance,
        opinion: Opinion | None,
        *,
        is_told: bool,
        is_ours: bool = False,
        is_bare: bool = False,
    ) -> tuple[Stance, float]:
        """The stance by the rules' answer and the network's, and how likely it is against the others.

        Args:
            answer: What the rules say.
            opinion: What the network makes of the clause.
            is_told: Whether somebody else than the publisher is its speaker.
            is_ours: Whether a cue brings the publisher's own words: they are no hearsay.
            is_bare: Whether no word above the clause gives the stance ("expected", "vowed").
        """
        if opinion is None or answer is Stance.NO_COMMENT:
            return answer, 1.0
        scores = dict(opinion.stances)
        if is_told:
            scores.pop(Stance.ASSERTED, None)
        if is_ours and Stance.CLAIMED in scores:
            # What somebody claims, the publisher as its own speaker asserts.
            claimed = scores.pop(Stance.CLAIMED)
            scores[Stance.ASSERTED] = log(exp(claimed) + exp(scores.get(Stance.ASSERTED, log(_TINY))))
        open_ = "stance to come" if is_bare and answer in _TO_COME else "stance"
        worth = self._worth("own stance" if answer is Stance.ASSERTED else open_)
        scores[answer] = scores.get(answer, log(_TINY)) + worth
        return likeliest(scores)

    def settle_polarity(self, answer: Polarity, opinion: Opinion | None) -> Polarity:
        """The polarity by the rules' answer and the network's."""
        if opinion is None:
            return answer
        scores = dict(opinion.polarities)
        scores[answer] += self._worth("polarity")
        return likeliest(scores)[0]

    def settle_party(
        self,
        who: str,
        answer: Party | None,
        opinion: Opinion | None,
        words: Sequence[Token],
        name: Callable[[Token], Party],
        other: Party | None = None,
    ) -> Party | None:
        """Who acts ("actor") or whom it is done to ("target"), by the rules' answer and the network's.

        Args:
            who: Which of the two.
            answer: What the rules say.
            opinion: What the network makes of the clause.
            words: The clause.
            name: A noun's phrase as a party.
            other: Who has the other part by the rules or by what was settled before: nobody has both.
        """
        if opinion is None or (answer is not None and _is_first_person(answer)):
            return answer
        heard = self._hear(who, opinion, name)
        if other is not None:
            heard = [h for h in heard if not _is_same_party(h.party, other)]
        nobody = opinion.nobody(who)
        how = "none" if answer is None else "said" if self.said(answer, words) else "meant"
        ours = nobody if answer is None else self._share_of(answer, heard)
        if answer is not None and answer.token is None and not ours:
            # Whom the theatre or the pair of sides gives, and no word names, the network cannot point at.
            ours = nobody
        bar = log(max(ours, _TINY)) + self._worth(f"{who} {how}")
        best = max(heard, key=lambda h: h.chance, default=None)
        if best is not None and log(max(best.chance, _TINY)) > bar and best.chance >= nobody:
            return best.party
        return None if log(max(nobody, _TINY)) > bar else answer

    @staticmethod
    def said(answer: Party | None, words: Sequence[Token]) -> Party | None:
        """The rules' answer where it stands in the clause, else None."""
        is_said = answer is not None and any(t.i == answer.token for t in words)
        return answer if is_said else None

    @staticmethod
    def _share_of(answer: Party, heard: Sequence[_Heard]) -> float:
        return next((h.chance for h in heard if _is_same_party(h.party, answer)), 0.0)

    def _hear(self, who: str, opinion: Opinion, name: Callable[[Token], Party]) -> list[_Heard]:
        """Who the network thinks may be meant: pieces put together to phrases, phrases to parties."""
        found: dict[str, _Heard] = {}
        by_head: dict[int, Party] = {}
        chances = opinion.who[who][:-1]
        for at in np.flatnonzero(chances >= _LEAST):
            chance = float(chances[at])
            start = int(opinion.pieces.starts[opinion.first + int(at)])
            head = _head_of(self._doc.tokens[max(0, bisect_right(self._starts, start) - 1)])
            if not head.text[:1].isalnum() or any(a <= head.idx < b for a, b in self._datelines):
                # The town where a report was written takes no part in it.
                continue
            if head.i not in by_head:
                by_head[head.i] = name(head)
            party = by_head[head.i]
            key = party.id or party.words.lower()
            if key not in found:
                found[key] = _Heard(chance, party, chance)
                continue
            one = found[key]
            one.chance += chance
            if chance > one.best:
                one.party, one.best = party, chance
        return list(found.values())

    def settle_speaker(
        self,
        answer: tuple[Source, ...],
        opinion: Opinion | None,
        source: Callable[[Token], tuple[Source, ...]],
    ) -> tuple[tuple[Source, ...], float]:
        """Who says it by the rules' answer and the network's (a chain of sources, none for the publisher),
        and how likely that is against the others.

        Args:
            answer: What the rules say.
            opinion: What the network makes of the clause.
            source: A noun's phrase as a source, where no speech of the report is its.
        """
        ours = answer[-1].name if answer else ""
        if opinion is None or ours not in self._chains:
            # Whose will or fear is told without a speech is known by the rules alone.
            return answer, 1.0
        new: dict[str, tuple[Source, ...]] = {}
        shares = {ours: 0.0, "": opinion.nobody("speaker")}
        for start, end, name in self._named_within(opinion.sight):
            # A title and a name, a name and its last word are one person; who passes on another's words
            # is of the same chain.
            key = ours if any(is_part(name, link.name) for link in answer) else name
            shares[key] = shares.get(key, 0.0) + opinion.chance_of("speaker", start, end)
        for one in self._hear("speaker", opinion, lambda t: Party(t.text, None, t.i)):
            head = None if one.party.token is None else self._doc[one.party.token]
            if head is not None and one.chance >= _NEW_SPEAKER and head.pos_ in ("NOUN", "PROPN"):
                found = source(head)
                known = (self._publisher, *self._chains)
                if found and not any(is_part(found[-1].name, name) for name in known):
                    new[found[-1].name], shares[found[-1].name] = found, one.chance
        scores = {name: log(max(share, _FAINT)) for name, share in shares.items()}
        scores[ours] += self._worth("speaker" if ours else "no speaker")
        best, chance = likeliest(scores)
        return (answer if best == ours else new.get(best) or self._chains[best]), chance

    def _named_within(self, sight: tuple[int, int]) -> list[tuple[int, int, str]]:
        """Where a stretch of the text has the names of those who speak in the report, the longest ones."""
        if self._speakers is None:
            text, end = self._parsed.text, 0
            found = [
                (*match.span(), name)
                for name in filter(None, self._chains)
                for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            ]
            self._speakers = []
            for one in sorted(found, key=lambda f: (f[0], -f[1])):
                if one[0] >= end:
                    self._speakers.append(one)
                    end = one[1]
        first = bisect_left(self._speakers, (sight[0],))
        last = bisect_left(self._speakers, (sight[1],))
        return self._speakers[first:last]


def _extent(words: Sequence[Token], head: Token) -> tuple[int, int, int]:
    """A clause's first character, the one after its last, the first of its head."""
    return min(t.idx for t in words), max(t.idx + len(t.text) for t in words), head.idx


def _is_first_person(party: Party) -> bool:
    """Whether a party is its speaker by grammar: "we", "our men"."""
    first = party.words.lower().partition(" ")[0]
    return party.is_own and first in _FIRST_PERSON


def _is_same_party(one: Party, other: Party) -> bool:
    if one.id is not None and one.id == other.id:
        return True
    return one.words.lower().removeprefix("the ") == other.words.lower().removeprefix("the ")


def _head_of(token: Token) -> Token:
    """The noun whose phrase a word stands in."""
    for _ in range(6):
        if token.dep_ not in _INNER or token.head == token:
            break
        if token.head.pos_ not in ("NOUN", "PROPN", "NUM", "PRON"):
            break
        token = token.head
    return token
