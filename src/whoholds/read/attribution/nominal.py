"""Attributions by nouns: "X's claim that …", "its refusal to …", "issued a warning that …".

In: a tree. Out: drafts. The source is the noun's possessor, its author after "by" or "from", or the subject
of the light verb that the noun is the object of; without any of these nobody is named.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import NounEntry, nouns
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, cue_span, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, Tree
from whoholds.read.attribution.verbal import entry_of, find_subject, is_passive

__all__ = ["find_claim", "read_nouns"]

_LIGHT = frozenset(
    [
        "make",
        "issue",
        "give",
        "express",
        "have",
        "voice",
        "offer",
        "deliver",
        "release",
        "send",
        "repeat",
        "reiterate",
        "put",
        "raise",
        "hold",
        "keep",
        "share",
        "come",
        "reach",
        "take",
        "post",
        "publish",
        "file",
        "lodge",
        "draw",
        "get",
    ]
)
_BY = frozenset({"by", "from", "among"})


def read_nouns(tree: Tree, regions: list[Region]) -> Iterator[Draft]:
    """Drafts of all nouns that the lexicon has and that govern a content."""
    table = nouns()
    for noun, lemma in enumerate(tree.lemma):
        if lemma not in table or tree.is_furniture[noun]:
            continue
        # "Reports that the town is lost are premature": at the head of a sentence taken for a verb.
        misread = tree.tag[noun] in ("VBZ", "NNPS") and tree.dep[noun] == "nsubj"
        if tree.tag[noun] not in ("NN", "NNS") and not misread:
            continue
        if stands_in_speech(tree, regions, noun):
            continue
        draft = _read_noun(tree, regions, noun, table[lemma])
        if draft is not None:
            yield draft


def find_claim(tree: Tree, noun: int) -> Span2 | None:
    """What a noun of saying brings in, whoever says it, or None."""
    entry = nouns().get(tree.lemma[noun])
    got = None if entry is None else _content(tree, noun, entry)
    return None if got is None else got[0]


def _read_noun(tree: Tree, regions: list[Region], noun: int, entry: NounEntry) -> Draft | None:
    got = _content(tree, noun, entry)
    if got is None:
        return None
    content, last = got
    carried = _carried(tree, noun, content)
    if carried is not None:
        return carried
    cue_first, source, source_head = _author(tree, noun, is_clause=tree.lower[content[0]] == "that")
    if source is None and not (tree.lower[content[0]] == "that" and entry.cue_class in _UNNAMED):
        return None
    found = trim(tree, content)
    if found is None:
        return None
    if tree.quote[found[1] - 1] >= 0:
        found = (found[0], max(found[1], regions[tree.quote[found[1] - 1]].last))
    if source is not None and source[0] < found[1] and found[0] < source[1]:
        return None
    return Draft("noun", entry.cue_class, (cue_first, last), noun, source, source_head, [found])


def _carried(tree: Tree, noun: int, content: Span2) -> Draft | None:
    """ "The staff said in a statement that …": the verb tells, where the parse has the noun tell."""
    preposition = tree.head[noun]
    verb = tree.head[preposition]
    if tree.dep[noun] != "pobj" or tree.lower[preposition] not in ("in", "on", "by", "through", "via"):
        return None
    if tree.tag[verb] not in FINITE_TAGS or tree.lower[content[0]] != "that" or is_passive(tree, verb):
        return None
    entry = entry_of(tree, verb)
    subject = find_subject(tree, verb)
    found = trim(tree, content)
    if entry is None or "that" not in entry.takes or subject is None or subject > verb or found is None:
        return None
    source = source_span(tree, subject, before=verb, whole=False)
    cue = cue_span(tree, verb, floor=source[1] - 1 if source[1] <= verb else -1)
    return Draft("clause", entry.cue_class, cue, verb, source, subject, [found])


_UNNAMED = frozenset({"claiming", "neutral", "hearsay", "accusing", "hedging", "feeling", "predicting"})


def _content(tree: Tree, noun: int, entry: NounEntry) -> tuple[Span2, int] | None:
    for kid in tree.kids[noun]:
        if kid < noun:
            continue
        span = (tree.left[kid], tree.right[kid])
        if (
            "that" in entry.takes
            and tree.dep[kid] in ("acl", "ccomp", "relcl")
            and tree.lower[span[0]] == "that"
        ):
            # "the claim that he made" is a relative clause: there "that" is the object.
            that = span[0]
            if tree.dep[that] in ("dobj", "nsubj", "nsubjpass", "pobj"):
                continue
            return span, noun + 1
        if "that" in entry.takes and tree.dep[kid] == "prep" and tree.lower[kid] in (*_BY, "of"):
            # "the claim of the rebels that …": the clause may be hung on whose claim it is.
            author = tree.kid(kid, "pobj")
            clause = None if author is None else tree.kid(author, "relcl", "acl", "ccomp")
            opens = None if clause is None else tree.left[clause]
            if clause is not None and opens is not None and tree.lower[opens] == "that":
                if tree.dep[opens] == "mark":
                    return (opens, tree.right[clause]), noun + 1
                continue
        if "to" in entry.takes and tree.dep[kid] in ("acl", "relcl", "xcomp", "ccomp"):
            aux = tree.kid(kid, "aux")
            if aux is not None and tree.lower[aux] == "to":
                return span, noun + 1
        if tree.dep[kid] != "prep" or tree.lower[kid] not in entry.takes or kid != noun + 1:
            continue
        if tree.kid(kid, "pobj", "pcomp") is not None and tree.right[kid] > kid + 1:
            return (kid + 1, tree.right[kid]), kid + 1
    return None


def _author(tree: Tree, noun: int, *, is_clause: bool) -> tuple[int, Span2 | None, int | None]:
    """Where the cue begins, and the source."""
    owner = tree.kid(noun, "poss")
    if owner is not None:
        last = tree.right[owner]
        found = trim(tree, (tree.left[owner], last))
        return last, found, owner
    for kid in tree.kids[noun]:
        named = tree.kid(kid, "pobj") if tree.dep[kid] == "prep" else None
        if named is None or (tree.lower[kid] not in _BY and not (tree.lower[kid] == "of" and is_clause)):
            continue
        span = source_span(tree, named, before=kid)
        that = next((t for t in range(named + 1, span[1]) if tree.lower[t] == "that"), span[1])
        return _bare_start(tree, noun), (span[0], that), named
    verb = tree.head[noun]
    if tree.dep[noun] == "dobj" and tree.lemma[verb] in _LIGHT and not is_passive(tree, verb):
        subject = find_subject(tree, verb)
        if subject is not None:
            source = source_span(tree, subject, before=verb)
            first, _ = cue_span(tree, verb, floor=source[1] - 1 if source[1] <= verb else -1)
            return first, source, subject
    return _bare_start(tree, noun), None, None


def _bare_start(tree: Tree, noun: int) -> int:
    first = noun
    while (
        first > tree.left[noun]
        and tree.dep[first - 1] in ("amod", "compound")
        and tree.head[first - 1] == noun
    ):
        first -= 1
    return first
