"""Attributions of quotations: which words beside the marks say who speaks.

In: a tree and its regions. Out: drafts, one a speaker's turn. Works by neighbourhood, not by the parse of
the quoted words, which quotation marks and fragments confuse.
"""

from __future__ import annotations

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, cue_span, label_colon, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import entry_of, find_subject, is_passive

__all__ = ["read_quotations"]

_WINDOW = 40
_INNER_CONTINUES = frozenset({",", "?", "!", "…", "...", "--", "—", "–", "-"})
_BREAKS = frozenset({".", ",", ";", ":", "!", "?", "—", "–", "--", "-", "…", "...", ")", "(", "[", "]"})
_NAMING = frozenset({"NNP", "NNPS", "PRP", "DT"})
_ENDS = frozenset({".", ";", "!", "?"})


def read_quotations(tree: Tree, regions: list[Region]) -> list[Draft]:
    """Drafts of all quotations that have a speaker beside them, in order."""
    found: list[Draft] = []
    by_cue: dict[int, Draft] = {}
    previous: Draft | None = None
    previous_region: Region | None = None
    for region in regions:
        if tree.is_furniture[region.first]:
            continue
        if not (region.is_speech or _is_introduced(tree, region) or _is_exclaimed(tree, region)):
            continue
        first = region.first
        verb = _cue_after(tree, region)
        if verb is not None and not _opens_clause(tree, region):
            # "The town “is lost,” she said": the words before the marks are hers too, unless another verb
            # of saying has brought them in.
            start = _unquoted_start(tree, region)
            if start is None:
                continue
            first = start
        if verb is None:
            verb = _cue_before(tree, region)
            if verb is not None:
                first = _clause_start(tree, region, verb)
        if verb is not None and verb in by_cue:
            draft = by_cue[verb]
            draft.content.append((first, region.last))
        elif verb is not None:
            made = _make(tree, (first, region.last), verb)
            by_cue[verb] = made
            _add_account(tree, made)
            found.append(made)
            draft = made
        elif previous is not None and previous_region is not None and _follows(tree, previous_region, region):
            _add_piece(previous, region)
            draft = previous
        else:
            continue
        previous, previous_region = draft, region
    return found


def _add_piece(draft: Draft, region: Region) -> None:
    draft.content.append((region.first, region.last))


def _add_account(tree: Tree, draft: Draft) -> None:
    """Add what follows the speaker after a colon: "“Untrue,” retorted the captain: the mill was theirs"."""
    source = draft.source
    if source is None or draft.cue is None or source[0] < draft.cue[0]:
        return
    colon = next((t for t in range(*source) if tree.words[t] == ":"), source[1])
    if colon >= len(tree) or tree.words[colon] != ":" or tree.quote[min(colon + 1, len(tree) - 1)] >= 0:
        return
    draft.source = trim(tree, (source[0], colon)) or source
    last = colon + 1
    limit = min(len(tree), colon + 2 * _WINDOW)
    while last < limit and tree.words[last] not in (".", "!", "?") and "\n" not in tree.words[last]:
        last += 1
    account = trim(tree, (colon + 1, last))
    if account is not None and any(tree.tag[t] in FINITE_TAGS for t in range(*account)):
        draft.content.append(account)


def _make(tree: Tree, content: Span2, verb: int) -> Draft:
    entry = entry_of(tree, verb)
    subject = _speaker(tree, verb)
    source = None
    if subject is not None:
        source = source_span(tree, subject, before=verb, whole=False)
        if any(tree.quote[t] >= 0 for t in (source[0], source[1] - 1)):
            source = _plain_phrase(tree, subject, verb) if tree.quote[subject] < 0 else None
    cue = cue_span(tree, verb, floor=source[1] - 1 if source is not None and source[1] <= verb else -1)
    if cue[1] < len(tree) and tree.words[cue[1]] == ":":
        cue = (cue[0], cue[1] + 1)
    return Draft(
        "direct",
        entry.cue_class if entry is not None else CueClass.NEUTRAL,
        cue,
        verb,
        source,
        subject if source is not None else None,
        [content],
        is_direct=True,
    )


def _clause_start(tree: Tree, region: Region, verb: int) -> int:
    """Where the content begins whose end is quoted: at "that", or at the clause that the quotation ends."""
    for token in range(verb + 1, region.first):
        if tree.lower[token] == "that" and tree.dep[token] in ("mark", "det", "nsubj", "advmod"):
            return token
    clause = tree.kid(verb, "ccomp")
    if clause is not None and verb < tree.left[clause] < region.first and tree.quote[tree.left[clause]] < 0:
        return tree.left[clause]
    return region.first


def _opens_clause(tree: Tree, region: Region) -> bool:
    """Whether a quotation begins where a sentence or a clause may begin."""
    before = region.first - 1
    if before < 0 or tree.paragraph[before] != tree.paragraph[region.first] or tree.words[before].isspace():
        return True
    return tree.words[before] in _BREAKS or tree.quote[before] >= 0


def _unquoted_start(tree: Tree, region: Region) -> int | None:
    """Where the sentence begins of whose words only the last are quoted; None if another speaks in it."""
    token = region.first - 1
    while token >= 0 and tree.paragraph[token] == tree.paragraph[region.first]:
        if tree.words[token] in _ENDS or tree.quote[token] >= 0 or region.first - token > _WINDOW:
            break
        if tree.tag[token] in VERB_TAGS and entry_of(tree, token) is not None:
            return None
        token -= 1
    token += 1
    while tree.words[token].isspace() or (token < region.first and tree.words[token] in _BREAKS):
        token += 1
    return token


def _plain_phrase(tree: Tree, noun: int, verb: int) -> Span2:
    """A noun phrase between the verb and the next stop, where the parse ran over a quotation mark."""
    first = noun
    while first - 1 > verb and tree.words[first - 1] not in _BREAKS and tree.quote[first - 1] < 0:
        first -= 1
        if first == verb + 1:
            break
    if noun < verb:
        first = max(tree.left[noun], noun - 6)
    last = noun + 1
    while (
        last < len(tree)
        and last < tree.right[noun]
        and tree.words[last] not in _BREAKS
        and tree.quote[last] < 0
        and (last < verb or noun > verb)
    ):
        last += 1
    return first, last


def _speaker(tree: Tree, verb: int) -> int | None:
    if is_passive(tree, verb):
        agent = tree.kid(verb, "agent")
        return tree.kid(agent, "pobj") if agent is not None else None
    subject = find_subject(tree, verb)
    if subject is None or tree.quote[subject] >= 0:
        return _inverted(tree, verb)
    if subject < verb and (tree.quote[verb - 1] >= 0 or tree.words[verb - 1] in (",", "—", "–")):
        colon = label_colon(tree, tree.sentences[tree.sentence[subject]][0])
        if colon is not None and subject < colon < verb and tree.quote[colon + 1] >= 0:
            # "The rebels: “It is ours,” said their commander": the label is no subject.
            return _inverted(tree, verb) or subject
    return subject


def _inverted(tree: Tree, verb: int) -> int | None:
    """The head of the noun phrase right after a verb, whatever the parse hung it on."""
    best: int | None = None
    for token in range(verb + 1, min(verb + 12, len(tree))):
        if tree.quote[token] >= 0 or tree.words[token] in _BREAKS or tree.tag[token] in VERB_TAGS:
            break
        if tree.tag[token] in NOUN_TAGS or tree.tag[token] == "PRP":
            best = token
            if not (tree.tag[token + 1] in NOUN_TAGS if token + 1 < len(tree) else False):
                break
    return best


def _is_introduced(tree: Tree, region: Region) -> bool:
    before = region.first - 1
    return before >= 0 and tree.words[before] in (":", ",") and region.last - region.first > 4


def _is_exclaimed(tree: Tree, region: Region) -> bool:
    """Whether a short quotation stands at a sentence's start and stops inside its marks ("“Never,” …")."""
    before = region.first - 1
    starts = before < 0 or tree.words[before].isspace() or tree.words[before] in _ENDS
    return starts and tree.words[region.last - 2] in _INNER_CONTINUES


def _quotes(tree: Tree, verb: int) -> bool:
    if tree.tag[verb] not in VERB_TAGS or tree.quote[verb] >= 0:
        return False
    entry = entry_of(tree, verb)
    return entry is not None and "quote" in entry.takes


def _cue_after(tree: Tree, region: Region) -> int | None:
    """The verb of "…,” X said" and "…,” said X"."""
    inner = tree.words[region.last - 2] if region.last - 2 > region.first else ""
    at = region.last
    if at >= len(tree):
        return None
    outer = tree.words[at]
    if inner not in _INNER_CONTINUES and outer not in (",", "—", "–", "--", "-"):
        return None
    if outer in (",", "—", "–", "--", "-"):
        at += 1
    paragraph = tree.paragraph[region.first]
    fallback: int | None = None
    for token in range(at, min(at + _WINDOW, len(tree))):
        if tree.paragraph[token] != paragraph or tree.quote[token] >= 0 or tree.words[token] in _ENDS:
            break
        if tree.tag[token] in VERB_TAGS:
            if _quotes(tree, token) and (token <= at + 1 or _subject_between(tree, token, at)):
                return token
            if _quotes(tree, token) and tree.tag[token] in FINITE_TAGS and tree.tag[at] in _NAMING:
                return token
            if fallback is None and tree.tag[token] in FINITE_TAGS and token <= at + 3 and inner == ",":
                fallback = token
    if fallback is not None:
        subject = tree.kid(fallback, "nsubj")
        if (
            subject is not None
            and tree.quote[subject] < 0
            and tree.kid(fallback, "dobj", "attr", "acomp") is None
        ):
            return fallback
    return None


def _subject_between(tree: Tree, verb: int, at: int) -> bool:
    subject = tree.kid(verb, "nsubj")
    if subject is None:
        subject = find_subject(tree, verb)
    return subject is not None and at <= subject < verb + _WINDOW


def _cue_before(tree: Tree, region: Region) -> int | None:
    """The verb of "X said: “…" and "X said, “…"."""
    at = region.first - 1
    if at < 0 or tree.paragraph[at] != tree.paragraph[region.first]:
        return None
    introduced = tree.words[at] in (":", ",")
    for token in range(at, max(-1, at - _WINDOW), -1):
        if tree.words[token] in _ENDS or tree.paragraph[token] != tree.paragraph[region.first]:
            break
        if tree.quote[token] >= 0:
            break
        if tree.tag[token] in VERB_TAGS:
            if _quotes(tree, token) and (introduced or token == at):
                return token
            if token == at:
                break
    return None


def _follows(tree: Tree, previous: Region, region: Region) -> bool:
    """Whether a quotation without a cue goes on with the words of the speaker before it."""
    gap = tree.paragraph[region.first] - tree.paragraph[previous.first]
    before = region.first - 1
    while before >= 0 and tree.words[before].isspace():
        before -= 1
    if gap == 0:
        # Only the rest of the cue's own sentence may stand between.
        if tree.words[before] not in _ENDS and before != previous.last - 1:
            return False
        stops = sum(tree.words[t] in _ENDS for t in range(previous.last, region.first))
        return stops <= 1
    opens_paragraph = before < 0 or tree.paragraph[before] != tree.paragraph[region.first]
    return (
        opens_paragraph
        and gap <= 2
        and not any(
            tree.is_word(t) and tree.quote[t] < 0 and not previous.is_closed
            for t in range(previous.last, region.first)
        )
        and (not previous.is_closed or _all_quoted(tree, region))
    )


def _all_quoted(tree: Tree, region: Region) -> bool:
    token = region.last
    paragraph = tree.paragraph[region.first]
    while token < len(tree) and tree.paragraph[token] == paragraph:
        if tree.is_word(token) and tree.quote[token] < 0:
            return False
        token += 1
    return True
