"""How names that stand next to each other belong together: in a list, or as a place and what locates it.

The parse of unknown names is often wrong; the few words between two names tell more surely. The spans of
the names of a report enter; for each its neighbours in a list leave, and whether the next says where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from whoholds.model import PlaceMention
from whoholds.read.claims.ground import ground_words
from whoholds.read.claims.ways import is_distance_word
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Token

__all__ = ["JOINTS", "Adjoining"]

JOINTS = frozenset({",", "and", "or", "&"})
"""What joins the members of a list."""
_ASIDE = 8
"""Words of the longest aside between members of a list: "X (twice), Y (four times) and Z"."""
_AWAY = 12
"""Words of the longest distance between a place and what it is measured from."""
_AREAS = ground_words()["region"]
_KINDS = _AREAS | ground_words()["settlement"]
_NAMED_AREA = 3
"""Words of the longest kind behind an area's name: "X local government area"."""
_WIDE = frozenset({"admin", "country"})


class Adjoining:
    """The names of one report's places, each beside the next.

    Attributes:
        before: Of each member of a list but the first, by its first token, that of the member before it.
        after: The other way round.
    """

    def __init__(
        self, doc: Doc, spans: Sequence[tuple[int, int]], mentions: Mapping[int, PlaceMention]
    ) -> None:
        self._doc, self._mentions = doc, mentions
        self._ends = dict(spans)
        self._peers: dict[int, int] = {}
        self.before: dict[int, int] = {}
        self.after: dict[int, int] = {}
        for (first, end), (start, _) in pairwise(spans):
            joint = _without_aside(doc.tokens[end:start])
            if 0 < len(joint) <= 2 and all(w in JOINTS for w in joint):
                self.before[start] = first
                self.after[first] = start
                if joint != [","]:
                    self._note_peers(start)

    def _note_peers(self, last: int) -> None:
        """Note the members of a list up to here as peers, by the last one that its first "and" brings."""
        members = [last]
        while members[-1] in self.before and members[-1] not in self._peers:
            members.append(self.before[members[-1]])
        name = self._peers.get(members[-1], last)
        self._peers |= dict.fromkeys(members, name)

    def are_peers(self, one: int, other: int) -> bool:
        """Whether two names, by their first tokens, stand in one list: neither locates the other."""
        return one in self._peers and self._peers[one] == self._peers.get(other)

    def tells_where(self, end: int, start: int) -> bool:
        """Whether a name only says where the one before it is.

        Args:
            end: The token after the one before.
            start: Its own first token.
        """
        between = self._doc[end:start]
        if between and lemma_of(between[0]) in _KINDS:
            # "X village, 5 km from Y".
            between = between[1:]
        if not 1 <= len(between) <= _AWAY:
            return False
        if len(between) > 1 and all(is_distance_word(t) for t in between):
            # "X, some 50 km south of Y", "X near Y".
            return True
        words = [t.lower_ for t in between if t.text != ","]
        if words[:1] not in (["in"], ["on"]) or not all(self._is_of_area(t) for t in between):
            return False
        # "X, in the Y plain", "X in Y district", "X in the province of Y".
        return self._is_area(start) or (words[-1] == "of" and any(lemma_of(t) in _AREAS for t in between))

    @staticmethod
    def _is_of_area(token: Token) -> bool:
        return (
            token.lower_ in ("in", "on", "the", "of", ",")
            or lemma_of(token) in _KINDS
            or is_distance_word(token)
        )

    def _is_area(self, start: int) -> bool:
        mention = self._mentions[start]
        if mention.kind in _WIDE:
            return True
        end = self._ends[start]
        return any(lemma_of(t) in _AREAS for t in self._doc[max(start, end - 1) : end + _NAMED_AREA])


def _without_aside(between: Sequence[Token]) -> list[str]:
    """The words between two names, in small letters, without what stands in brackets."""
    words = [t.lower_ for t in between[: _ASIDE + 2]]
    if len(between) <= _ASIDE + 2 and "(" in words and ")" in words[words.index("(") :]:
        first = words.index("(")
        words = words[:first] + words[words.index(")", first) + 1 :]
    return words
