"""Between which two sides a report's war is fought: from what each is told to do and to have.

A parse, the tokens that name parties and the report's roster enter; a `Contest` leaves: the pair, the state
that "the army" means, the group that "the rebels" means. What is told of forces, of ground and of fire
counts most, a name that only acts or owns a little, a name beside them nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from whoholds.model import EVENT_GROUPS
from whoholds.read.claims.sides import Roster, is_state, side_words
from whoholds.read.events.lexicon import lemma_of, lemmas_of, noun_classes
from whoholds.read.events.types import EventMention
from whoholds.text.tokens import Doc, Token

__all__ = ["Contest", "find_contest"]

_OWNING = frozenset({"amod", "poss", "compound", "nmod"})
_ACTING = frozenset({"nsubj", "nsubjpass", "pobj", "dobj", "poss", "agent"})
_WARLIKE = frozenset({"force", "equipment", "air_weapon", "ground_weapon"})
_FORCE_WEIGHT = 3
"""What a name is worth that has forces or arms, or takes part in an event of the ground."""
_ROLE_MOST = 6
"""The most that common nouns ("the army", "rebels") add: they say that there is such a side, not which."""
_SIDE = 4
"""The least weight of a state to be a side beside another state: more than one force or deed."""
_TOLD = 2
"""The least weight of a side of whom anything is told."""
_FAR = 4
"""By how much two states must be told of more than the state at home and its rebels to be the sides."""


@dataclass(frozen=True, slots=True)
class Contest:
    """The sides of a report's war.

    Attributes:
        pair: The two sides in play, or None where there are not two.
        home: The state that "the army" means, or None.
        group: The group that "the rebels" means, or None.
    """

    pair: tuple[str, str] | None
    home: str | None
    group: str | None


def find_contest(
    doc: Doc,
    by_token: Mapping[int, str],
    events: Sequence[EventMention],
    roster: Roster,
    of_phrase: Callable[[Token], str | None],
) -> Contest:
    """The two sides that a report without a theatre tells of."""
    weight = _weigh_names(doc, by_token)
    for event in events:
        if EVENT_GROUPS[event.event] in ("territory", "presence", "fire"):
            for index in {event.actor, event.target} - {None}:
                party = None if index is None else of_phrase(doc[index])
                if party is not None:
                    weight[party] += _FORCE_WEIGHT
    home, group = roster.home, roster.main_group
    by_role = _weigh_roles(doc, by_token)
    if home is not None and (group is not None or len(roster.groups) > 1):
        weight[home] += by_role[0]
    if group is not None:
        weight[group] += by_role[1]
    states = sorted((-n, p) for p, n in weight.items() if is_state(p))
    groups = [p for p, _ in roster.groups]
    if len(states) > 1 and -states[1][0] >= _SIDE:
        rival = 0 if group is None else weight[group]
        if -states[1][0] > rival + _FAR:
            return Contest((states[0][1], states[1][1]), home, group)
    if group is not None and home is not None:
        return Contest((home, group), home, group)
    if len(groups) > 1:
        first, second = sorted(groups[:2], key=lambda p: (-weight[p], p))
        if home is None or weight[home] <= weight[second]:
            return Contest((first, second), home, group)
        if weight[first] >= 2 * weight[second]:
            return Contest((home, first), home, first)
        return Contest((home, first), home, group)
    ranked = sorted((-n, p) for p, n in weight.items())
    told = [(n, p) for n, p in ranked if -n >= _TOLD]
    if home is not None and told and told[0][1] != home and not weight[home]:
        return Contest((home, told[0][1]), home, group)
    if len(ranked) == 2 or (len(told) > 1 and (len(ranked) < 3 or ranked[2][0] > ranked[1][0])):
        return Contest((ranked[0][1], ranked[1][1]), home, group)
    return Contest(None, home, group)


def _weigh_names(doc: Doc, by_token: Mapping[int, str]) -> Counter[str]:
    """How much each named party has and does."""
    weight: Counter[str] = Counter()
    table = noun_classes()
    words = side_words()
    for i, party in by_token.items():
        token = doc[i]
        if any(t.lower_ in words["joined"] for t in doc[i + 1 : i + 3]):
            # "Norlandic-backed fighters" are another's.
            continue
        if token.dep_ in _OWNING and _WARLIKE & set(table.get(lemma_of(token.head), ())):
            weight[party] += _FORCE_WEIGHT
        elif token.dep_ in _ACTING:
            weight[party] += 1
        else:
            weight.setdefault(party, 0)
    return weight


def _weigh_roles(doc: Doc, by_token: Mapping[int, str]) -> tuple[int, int]:
    """How often a state's forces, and irregular ones, are told of without a name."""
    words = side_words()
    state = group = 0
    for index, lemma in enumerate(lemmas_of(doc)):
        is_state_word, is_group_word = lemma in words["state"], lemma in words["irregular"]
        if not (is_state_word or is_group_word):
            continue
        token = doc[index]
        if token.dep_ not in _ACTING or any(c.i in by_token for c in token.children):
            continue
        state += is_state_word
        group += is_group_word
    return min(state, _ROLE_MOST), min(group, _ROLE_MOST)
