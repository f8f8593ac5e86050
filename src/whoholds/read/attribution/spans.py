"""Where a source, a cue and a content begin and end.

In: a tree and a token. Out: token spans `[first, last)`. The conventions are those of attribution corpora: a
source has its determiner, titles and appositions; a cue its auxiliaries and adverbs; a content its `that`.
"""

from __future__ import annotations

from whoholds.read.attribution.tree import NOUN_TAGS, Tree

__all__ = ["Span2", "clause_span", "cue_span", "label_colon", "sentence_start", "source_span", "trim"]

Span2 = tuple[int, int]

_STOPS = frozenset({".", ",", ";", ":", "-", "--", "–", "—", "…", "...", "!", "?"})
_DASHES = frozenset({"-", "–", "—", "--"})
_LONGEST_LABEL = 16
_DATELINE_TOKENS = 14
_DATELINE_TAGS = frozenset(
    {"NNP", "NNPS", "NN", "CD", ",", ".", "-LRB-", "-RRB-", "HYPH", ":", "SYM", "_SP", "JJ"}
)
_AUX = frozenset({"aux", "auxpass", "neg", "advmod"})
_TAIL_ADVERBS = frozenset(
    {"back", "again", "publicly", "repeatedly", "instead", "yet", "privately", "openly"}
)
_CATENATIVES = frozenset(
    {
        "go",
        "begin",
        "start",
        "continue",
        "proceed",
        "use",
        "finish",
        "keep",
        "end",
        "try",
        "attempt",
        "conclude",
        "open",
    }
)
_LEAD_ADVERBS_OUT = frozenset(
    {
        "however",
        "meanwhile",
        "instead",
        "moreover",
        "furthermore",
        "therefore",
        "when",
        "where",
        "how",
        "why",
        "so",
    }
)


def trim(tree: Tree, span: Span2, *, stops: bool = True) -> Span2 | None:
    """A span without white space and, unless told otherwise, without stops at its ends.

    A stop inside a closing quotation mark stays.
    """
    first, last = span
    while first < last and (tree.words[first].isspace() or (stops and tree.words[first] in _STOPS)):
        first += 1
    while last > first and (tree.words[last - 1].isspace() or (stops and tree.words[last - 1] in _STOPS)):
        last -= 1
    return (first, last) if first < last else None


def skip_dateline(tree: Tree, first: int) -> int:
    """The token after a dateline ("GOMA (Agency) - …") that begins a paragraph, else the token itself."""
    if (
        first > 0
        and tree.paragraph[first - 1] == tree.paragraph[first]
        and not tree.words[first - 1].isspace()
    ):
        return first
    capitals = False
    for token in range(first, min(first + _DATELINE_TOKENS, len(tree))):
        word = tree.words[token]
        if word in _DASHES:
            return token + 1 if token > first and capitals else first
        capitals = capitals or (word.isupper() and len(word) > 2)
        if tree.tag[token] not in _DATELINE_TAGS:
            return first
    return first


def label_colon(tree: Tree, token: int) -> int | None:
    """The colon that ends a label at the head of a token's sentence ("The rebels: …"), or None."""
    line = tree.paragraph[token]
    for at, word in enumerate(tree.words[token : token + _LONGEST_LABEL], start=token):
        if word in (".", "!", "?", ";") or tree.paragraph[at] != line:
            return None
        if word in (":", "):"):
            return at if at > token else None
    return None


def sentence_start(tree: Tree, token: int) -> int:
    """Where a token's sentence begins; one that begins with a comma was cut from the words before it."""
    number = tree.sentence[token]
    first = tree.sentences[number][0]
    while number > 0 and tree.words[first] == "," and tree.paragraph[first - 1] == tree.paragraph[first]:
        number -= 1
        first = tree.sentences[number][0]
    return first


def source_span(tree: Tree, noun: int, *, before: int | None = None, whole: bool = False) -> Span2:
    """The noun phrase of a source.

    Args:
        tree: The parse.
        noun: Its head.
        before: The cue; the phrase ends before it where it stands left of it.
        whole: Keep relative clauses (inverted sources: "said X, who …").
    """
    first, last = tree.left[noun], tree.right[noun]
    after = skip_dateline(tree, first)
    if noun < after < last:
        # The parse made the place of the dateline the subject, and the subject its apposition.
        limit = len(tree) if before is None else before
        noun = next((k for k in tree.kids[noun] if after <= k < limit and tree.tag[k] in NOUN_TAGS), noun)
        last = tree.right[noun] if noun >= after else last
    first = min(after, noun)
    colon = label_colon(tree, first) if first < noun else None
    if colon is not None and colon < noun:
        first = colon + 1
    while first < noun and tree.tag[first] == "CD" and ":" in tree.words[first]:
        # The hour at the head of an entry.
        first += 1
    if before is not None:
        if noun < before:
            last = min(last, before)
        else:
            first = max(first, before + 1)
    if not whole:
        for kid in tree.kids[noun]:
            if (
                kid > noun and tree.dep[kid] in ("relcl", "acl", "advcl") and _after_comma(tree, kid, noun)
            ) or (kid > noun and tree.dep[kid] == "prep" and _after_comma(tree, kid, noun)):
                last = min(last, tree.left[kid])
    # A quotation mark that the parser hung onto the noun is not part of it.
    while first < noun and (
        tree.words[first] in _STOPS or tree.words[first].isspace() or tree.words[first] in "”“\"'’"
    ):
        first += 1
    while (
        first < noun
        and tree.dep[first] in ("cc", "advmod", "mark", "preconj")
        and tree.head[first] == noun
        and tree.lower[first] in ("and", "but", "or", "meanwhile", "however", "so")
    ):
        first += 1
    found = trim(tree, (first, last))
    if found is None:
        return noun, noun + 1
    return found[0], _closing_comma(tree, found)


def _closing_comma(tree: Tree, span: Span2) -> int:
    """The end of a source, with the comma that closes an apposition inside it."""
    first, last = span
    if last < len(tree) and tree.words[last] == ",":
        for token in range(first + 1, last):
            if tree.words[token] == "," and any(
                tree.dep[t] in ("appos", "relcl") for t in range(token + 1, last)
            ):
                return last + 1
    return last


def _after_comma(tree: Tree, kid: int, noun: int) -> bool:
    before = tree.left[kid] - 1
    if before <= noun or tree.words[before] not in (",", "—", "–", "--", "-"):
        return False
    # The hyphens of "the commander-in-chief" divide nothing.
    return tree.words[before] != "-" or tree.end[before - 1] < tree.start[before]


def cue_span(tree: Tree, head: int, *, floor: int = -1) -> Span2:
    """A verb's cue: auxiliaries, negation and adverbs beside it, and a particle.

    Args:
        tree: The parse.
        head: The verb.
        floor: Token that the cue must not reach (the source's last).
    """
    first = head
    while first - 1 > floor:
        token = first - 1
        if tree.dep[token] not in _AUX or tree.lower[token] in _LEAD_ADVERBS_OUT:
            break
        if not (tree.head[token] == head or first <= tree.head[token] <= head):
            break
        if tree.left[token] != token:
            break
        first = token
    first = _catenative(tree, head, first, floor)
    last = head + 1
    while last < len(tree) and tree.head[last] == head and tree.dep[last] == "prt":
        last += 1
    if last < len(tree) and tree.head[last] == head and tree.lower[last] in _TAIL_ADVERBS:
        last += 1
    return first, last


def _catenative(tree: Tree, head: int, first: int, floor: int) -> int:
    """Where the cue begins if a verb of beginning or going on governs its own ("went on to say")."""
    governor = tree.head[head]
    by = governor
    if tree.dep[head] == "pcomp" and tree.lower[governor] == "by":
        governor = tree.head[governor]
    elif tree.dep[head] not in ("xcomp", "advcl"):
        return first
    if tree.lemma[governor] not in _CATENATIVES or not floor < governor < head or head - governor > 5:
        return first
    between = range(governor + 1, first)
    if any(tree.dep[t] not in ("aux", "prt", "advmod", "neg") and t != by for t in between):
        return first
    start = governor
    while start - 1 > floor and tree.dep[start - 1] in _AUX and tree.head[start - 1] == governor:
        start -= 1
    return start


def clause_span(tree: Tree, head: int) -> Span2:
    """The subtree of a clause's head."""
    return tree.left[head], tree.right[head]
