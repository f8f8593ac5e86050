"""What a clause says of a name that only ground can be: signs that an unlisted name is a place.

A parse and a name's tokens enter; whether the words around tell of ground leaves. A place is shelled, cut
off, grey on a map, has a garrison, is a spur or an island, and something happens where it is; of persons
and bodies none of this is said.
"""

from __future__ import annotations

from whoholds.read.claims.mended import slot_words
from whoholds.read.events.lexicon import lemma_of
from whoholds.text.tokens import Doc, Token

__all__ = ["is_told_as_ground", "leads_by_preposition"]

_APPOSED = 6
"""Words between a name's comma and the noun that says what it is ("X, a small Norlandic island")."""
_UNDER = frozenset({"artillery", "mortar", "shell", "rocket"})
_OBJECTS = ("dobj", "nsubjpass")


def is_told_as_ground(doc: Doc, first: int, last: int) -> bool:
    """Whether what is said of the name at tokens `[first, last)` is said of ground alone."""
    root = doc[first:last].root
    verb = root.head
    if _is_where(doc, last) or _is_apposed(doc, last) or _lies_by(doc, last):
        return True
    if root.dep_ in _OBJECTS and verb.pos_ == "VERB" and lemma_of(verb) in slot_words()["laid_on"]:
        return True
    return root.dep_ in ("nsubj", "nsubjpass") and _is_state_of_ground(root, verb)


def leads_by_preposition(before: Token) -> bool:
    """Whether the words above a preposition make it lead somewhere ("out of X", "families from X")."""
    word = before.lower_
    doc = before.doc
    if word == "of" and before.i and doc[before.i - 1].lower_ == "out":
        return any(
            _goes(h) or lemma_of(h) in slot_words()["ousting"] for h in (before.head, before.head.head)
        )
    head = before.head
    if word in ("from", "of") and head.pos_ == "NOUN":
        return lemma_of(head) in slot_words()["folk"]
    if word not in slot_words()["leading"]:
        return False
    if head.pos_ in ("ADV", "ADP", "PART") and head.dep_ in ("prt", "advmod", "prep"):
        # "gone up to X", "fell back upon X".
        head = head.head
    return _goes(head) or (word == "for" and lemma_of(head) in slot_words()["bound"])


def _goes(head: Token) -> bool:
    return head.pos_ == "VERB" and lemma_of(head) in slot_words()["motion"]


def _is_where(doc: Doc, last: int) -> bool:
    """ "X, where the road forks"."""
    at = last + 1 if last < len(doc) and doc[last].text == "," else last
    return at < len(doc) and doc[at].lower_ == "where"


def _lies_by(doc: Doc, last: int) -> bool:
    """ "X, on the coast, has fish"."""
    return (
        last + 3 < len(doc)
        and doc[last].text == ","
        and doc[last + 1].lower_ in ("on", "near", "by", "above", "below", "beside", "opposite")
        and any(lemma_of(t) in slot_words()["lies_by"] for t in doc[last + 2 : last + 5])
    )


def _is_apposed(doc: Doc, last: int) -> bool:
    """ "X, a spur above the road": an apposition that names ground."""
    if last + 2 >= len(doc) or doc[last].text != "," or doc[last + 1].pos_ not in ("DET", "PRON"):
        return False
    for token in doc[last + 2 : last + 2 + _APPOSED]:
        if token.pos_ == "NOUN" and lemma_of(token) in slot_words()["landmarks"]:
            after = doc[token.i + 1] if token.i + 1 < len(doc) else None
            # "X, a village elder" is somebody.
            return after is None or after.pos_ not in ("NOUN", "PROPN", "PART")
        if token.pos_ not in ("ADJ", "NOUN", "PROPN", "NUM", "ADV") and token.text != "-":
            return False
    return False


def _is_state_of_ground(root: Token, verb: Token) -> bool:
    """ "X is grey", "X is a village", "X has a garrison", "X has been under siege", "X changed hands"."""
    words = slot_words()
    lemma = lemma_of(verb)
    if lemma in ("have", "change"):
        owned = [lemma_of(c) for c in verb.children if c.dep_ == "dobj"]
        if any(c.lower_ == "in" and any(p.lower_ == "it" for p in c.children) for c in verb.subtree):
            # "X has no enemy in it."
            return True
        return any(o in words["town_has"] if lemma == "have" else o == "hand" for o in owned)
    complements = [
        c for c in verb.children if c.dep_ in ("acomp", "attr", "oprd", "advmod", "prep") and c.i > root.i
    ]
    if verb.pos_ == "ADJ" or verb.dep_ == "acl":
        complements = [verb]
    elif lemma not in words["being"]:
        # "X is besieged" is parsed as a passive.
        return verb.tag_ == "VBN" and root.dep_ == "nsubjpass" and verb.lower_ in words["states"]
    for word in complements:
        if word.lower_ in words["states"]:
            return True
        if word.dep_ == "attr" and lemma_of(word) in words["landmarks"]:
            return True
        if (
            word.dep_ == "prep"
            and word.lower_ == "in"
            and any(lemma_of(c) in words["held_in"] for c in word.children)
        ):
            return True
        if word.dep_ == "prep" and word.lower_ == "under" and any(_lies_under(c) for c in word.children):
            return True
    return False


def _lies_under(noun: Token) -> bool:
    if lemma_of(noun) in slot_words()["under"]:
        return True
    return lemma_of(noun) == "fire" and any(c.lower_ in _UNDER for c in noun.children)
