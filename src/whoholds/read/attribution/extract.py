"""The entry: a parsed text in, its attributions out, in text order.

Runs the rules (quotations, verbs, nouns, phrases), drops what contradicts, settles nesting, names the
sources, and turns token spans into the contract's spans.
"""

from __future__ import annotations

from dataclasses import replace

from whoholds.model import Attribution, Span
from whoholds.read.attribution.answers import ANSWER_RULE, read_answers, read_letters
from whoholds.read.attribution.bulletins import read_bulletins
from whoholds.read.attribution.colons import read_colons, read_told_colons
from whoholds.read.attribution.continuing import add_continuations, add_own_words
from whoholds.read.attribution.cues import probability, read_cue_facts
from whoholds.read.attribution.direct import read_quotations
from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.entries import ENTRY_RULE, is_medium_itself, read_entries
from whoholds.read.attribution.lines import read_inverted, read_named_quotes, read_quoted_last
from whoholds.read.attribution.naming import Named, name_sources
from whoholds.read.attribution.nominal import read_nouns
from whoholds.read.attribution.phrases import read_citations, read_dashes, read_phrases
from whoholds.read.attribution.quotes import find_regions
from whoholds.read.attribution.rejections import read_rejections
from whoholds.read.attribution.sections import read_sections
from whoholds.read.attribution.silence import read_silence
from whoholds.read.attribution.trailing import read_trailing
from whoholds.read.attribution.tree import Tree, build_tree
from whoholds.read.attribution.turns import Transcript, read_turns
from whoholds.read.attribution.types import AttributedSpeech, CueClass
from whoholds.read.attribution.verbal import read_verbs
from whoholds.text.parse import Parsed

__all__ = ["extract_attributions", "find_scare_quotes"]


def extract_attributions(parsed: Parsed, tree: Tree | None = None) -> tuple[AttributedSpeech, ...]:
    """Who is said to have said, thought, ordered or kept silent on what.

    Args:
        parsed: A text with its parse.
        tree: The same as lists, where somebody has made them already.

    Returns:
        The attributions in the order of the text (of their first word). `nested_in` of each is an index into
        this tuple.
    """
    tree = build_tree(parsed) if tree is None else tree
    regions = find_regions(tree)
    drafts = read_quotations(tree, regions)
    letters = list(read_letters(tree, regions, drafts))
    for draft in letters:
        # A letter tells as any text does: what others say in it is found as elsewhere.
        for first, last in draft.content:
            tree.quote[first:last] = [-1] * (last - first)
    taken = {d.cue_head for d in drafts if d.cue_head is not None}
    silences = list(read_silence(tree, regions))
    drafts += silences
    taken |= {token for d in silences if d.cue is not None for token in range(*d.cue)}
    drafts += read_verbs(tree, regions, taken)
    taken |= {d.cue_head for d in drafts if d.cue_head is not None}
    drafts += read_trailing(tree, regions, taken)
    drafts += read_bulletins(tree, regions, taken)
    told = {d.cue_head for d in drafts if d.rule not in ("object", "infinitive") and d.cue_head is not None}
    turned = [*read_inverted(tree, regions, told), *read_quoted_last(tree)]
    instead = {d.cue_head for d in turned}
    drafts = [d for d in drafts if d.cue_head not in instead] + turned
    drafts += read_phrases(tree, regions)
    drafts += read_nouns(tree, regions)
    rejections = list(read_rejections(tree))
    instead = {d.cue_head for d in rejections if d.source is not None}
    drafts = [d for d in drafts if d.cue_head not in instead] + rejections
    told = {d.cue_head for d in drafts if d.rule not in ("object", "infinitive") and d.cue_head is not None}
    told_so = list(read_told_colons(tree, regions, told))
    instead = {d.cue_head for d in told_so}
    drafts = [d for d in drafts if d.cue_head not in instead or d.rule == "noun"] + told_so
    transcript = read_turns(tree)
    entries = [] if transcript.drafts else read_entries(tree, regions) or read_sections(tree)
    colons = read_colons(tree, regions, drafts)
    drafts += [d for d in colons if d.cue_head not in transcript.extent]
    # Of a label nothing is said but by its entry: neither its colon nor its "quoting" is another cue.
    labels = {
        token
        for d in entries
        if d.source is not None and d.cue is not None
        for token in range(max(d.source[0] - 1, 0), d.cue[1])
    }
    drafts = [d for d in drafts if d.cue_head not in labels] + entries
    drafts += read_named_quotes(tree, regions, drafts)
    drafts += read_dashes(tree, regions, [c for d in drafts if d.is_direct for c in d.content])
    drafts += read_citations(tree, regions, [c for d in drafts for c in d.content])
    drafts += [*letters, *(transcript.drafts or read_answers(tree))]
    add_continuations(tree, drafts)
    add_own_words(tree, regions, drafts)
    drafts.sort(key=_order)
    _cut_at_participles(tree, drafts)
    drafts = _keep_telling(tree, drafts)
    nesting = _nest(drafts)
    names = _name_media(
        tree, drafts, nesting, _name_turns(tree, drafts, transcript, name_sources(tree, drafts))
    )
    marks = _count_marks(tree)
    return tuple(
        _finish(tree, marks, draft, nested, named)
        for draft, nested, named in zip(drafts, nesting, names, strict=True)
    )


def _name_turns(tree: Tree, drafts: list[Draft], transcript: Transcript, names: list[Named]) -> list[Named]:
    """The names, where each turn of a transcript is of whom the fullest label of its speaker names."""
    by_label = {d.source: n for n, d in enumerate(drafts) if d.rule == ANSWER_RULE and d.source is not None}
    found = list(names)
    for label, fullest in transcript.names.items():
        if label in by_label and fullest in by_label:
            named = names[by_label[fullest]]
            found[by_label[label]] = replace(named, name=_with_title(tree.text_of(fullest), named.name))
    return found


def _with_title(label: str, name: str | None) -> str:
    """A label's words, with the first name that the text has elsewhere: "Gen. Berg", "Adam Berg"."""
    words, known = label.split(), (name or "").split()
    if not known or known[-1].lower() != words[-1].lower():
        return label
    same = {word.lower() for word in known}
    return " ".join([*(w for w in words if w.lower() not in same), *known])


def _name_media(
    tree: Tree, drafts: list[Draft], nesting: list[int | None], names: list[Named]
) -> list[Named]:
    """The names, where an entry's are its whole label, and "it" or "the station" in it are its medium."""
    found = list(names)
    for number, draft in enumerate(drafts):
        if draft.rule == ENTRY_RULE and draft.source is not None:
            first, last = draft.source
            has_article = tree.lower[first] in ("the", "a", "an") and last - first > 1
            found[number] = replace(names[number], name=tree.text_of((first + has_article, last)))
    for number, draft in enumerate(drafts):
        holder = nesting[number]
        if holder is None or drafts[holder].rule not in WHOLE_RULES or draft.source is None:
            continue
        is_own = draft.source[1] - draft.source[0] == 1 and tree.lower[draft.source[0]] in ("i", "we")
        if is_own or (drafts[holder].rule == ENTRY_RULE and is_medium_itself(tree, draft.source)):
            found[number] = found[holder]
    return found


def _cut_at_participles(tree: Tree, drafts: list[Draft]) -> None:
    """End a content before ", saying …", "and warned that …" where the same source goes on to tell."""
    by_source: dict[tuple[int, int], list[Draft]] = {}
    for draft in drafts:
        if draft.source is not None:
            by_source.setdefault(draft.source, []).append(draft)
    for group in by_source.values():
        going_on = [
            d.cue[0]
            for d in group
            if d.cue is not None
            and d.cue_head is not None
            and (
                (tree.tag[d.cue_head] == "VBG" and tree.words[d.cue[0] - 1] == ",")
                or (tree.dep[d.cue_head] == "conj" and tree.dep[d.cue[0] - 1] == "cc")
            )
        ]
        for cut in going_on[:4]:
            end = cut - (tree.dep[cut - 1] == "cc")
            end -= tree.words[end - 1] == ","
            for draft in group:
                for number, (first, last) in enumerate(draft.content):
                    if first < end < last and draft.cue is not None and draft.cue[0] < end:
                        draft.content[number] = (first, end)


_NESTED_RULES = frozenset({"direct", "clause", "parenthesis", "fronted", "phrase", "rejection"})
_NESTED_CLASSES = frozenset(
    [
        "neutral",
        "adding",
        "showing",
        "hearsay",
        "confirming",
        "claiming",
        "hedging",
        "denying",
        "warning",
        "accusing",
        "predicting",
        "ordering",
    ]
)


WHOLE_RULES = frozenset({ENTRY_RULE, ANSWER_RULE})
"""Rules of speech that is a whole text in itself, with other voices inside."""
_DEEPEST = 3
"""Speakers inside one another's words: news has a relayer, a speaker and whom that one quotes."""


def _keep_telling(tree: Tree, drafts: list[Draft]) -> list[Draft]:
    """Of what stands inside another's content, keep who tells: attitudes there are the content itself.

    "He said that the party opposes the deal" is his statement of an attitude, and "said that the envoy had
    told him …" is a chain of two speakers.
    """
    nesting = _nest(drafts)
    depth: dict[int, int] = {}
    kept = []
    for number in sorted(range(len(drafts)), key=lambda n: _cue_order(drafts[n])):
        draft, holder = drafts[number], nesting[number]
        # An entry or a letter is a whole report of its own: what is told in it is told at first hand.
        is_open = holder is None or drafts[holder].rule in WHOLE_RULES
        depth[number] = 0 if is_open or holder is None else depth.get(holder, 0) + 1
        # "said that they had been ordered to leave" is what the receivers of an order tell.
        orders = draft.cue_class == CueClass.ORDERING and draft.source is not None
        # "dismissed the army's claim that …": who rejects tells of the claim, and of whose it is.
        denied = (
            draft.rule == "noun"
            and draft.source is not None
            and tree.tag[draft.source[0]] != "PRP$"
            and holder is not None
            and drafts[holder].cue_class == CueClass.DENYING
        )
        telling = (draft.rule in _NESTED_RULES or orders or denied) and draft.cue_class in _NESTED_CLASSES
        # "pulled back to show that …" inside another's words is a purpose, not a second voice.
        if (
            draft.cue_head is not None
            and tree.dep[draft.cue_head] == "advcl"
            and tree.tag[draft.cue_head] == "VB"
        ):
            telling = False
        if depth[number] == 0 or (depth[number] <= _DEEPEST and telling):
            kept.append(number)
    return [drafts[number] for number in sorted(kept)]


def _cue_order(draft: Draft) -> int:
    return _order(draft)[0] if draft.cue is None else draft.cue[0]


def find_scare_quotes(parsed: Parsed) -> tuple[Span, ...]:
    """Words between quotation marks that no attribution has: used at a distance, or a name.

    They have no speaker and claim nothing, and so are no attributions; whoever weighs the words around them
    may want to know. In text order, marks included.
    """
    tree = build_tree(parsed)
    regions = find_regions(tree)
    said = {
        token
        for speech in extract_attributions(parsed)
        for first, last in speech.content_tokens
        for token in range(first, last)
    }
    return tuple(
        Span.of(parsed.text, tree.start[r.first], tree.end[r.last - 1])
        for r in regions
        if not r.is_speech and r.first not in said and not tree.is_furniture[r.first]
    )


def _count_marks(tree: Tree) -> list[int]:
    """How many quoted tokens stand before each token, so that any stretch is asked at once."""
    counts = [0]
    for region in tree.quote:
        counts.append(counts[-1] + (region >= 0))
    return counts


def _order(draft: Draft) -> tuple[int, int]:
    spans = [*draft.content, *(s for s in (draft.cue, draft.source) if s is not None)]
    return min(s[0] for s in spans), -1 if draft.cue is None else draft.cue[0]


def _nest(drafts: list[Draft]) -> list[int | None]:
    """For each draft the innermost other whose content holds its cue; linear but for the depth."""
    holders: list[tuple[int, int, int]] = sorted(
        (first, -last, number) for number, d in enumerate(drafts) for first, last in d.content
    )
    points = sorted(
        (d.cue[0] if d.cue is not None else _order(d)[0], number) for number, d in enumerate(drafts)
    )
    found: list[int | None] = [None] * len(drafts)
    stack: list[tuple[int, int, int]] = []
    at = 0
    for point, number in points:
        while at < len(holders) and holders[at][0] <= point:
            stack.append((-holders[at][1], -holders[at][0], holders[at][2]))
            at += 1
        while stack and stack[-1][0] <= point:
            stack.pop()
        inner = [holder for holder in stack[-8:] if holder[0] > point and holder[2] != number]
        if inner:
            # The first to end, and of those the last to begin.
            found[number] = min(inner)[2]
    return found


def _finish(tree: Tree, marks: list[int], draft: Draft, nested: int | None, named: Named) -> AttributedSpeech:
    text = tree.parsed.text

    def span(tokens: tuple[int, int]) -> Span:
        return Span.of(text, tree.start[tokens[0]], tree.end[tokens[1] - 1])

    kind = "direct" if draft.is_direct else "indirect"
    if not draft.is_direct and any(marks[last] > marks[first] for first, last in draft.content):
        kind = "mixed"
    facts = read_cue_facts(tree, draft)
    return AttributedSpeech(
        attribution=Attribution(
            source=None if draft.source is None else span(draft.source),
            cue=None if draft.cue is None else span(draft.cue),
            content=tuple(span(c) for c in draft.content),
            kind=kind,
            nested_in=nested,
            source_name=named.name,
            p=probability(draft, is_nested=nested is not None),
        ),
        cue_class=draft.cue_class,
        cue_tokens=() if draft.cue is None else tuple(range(*draft.cue)),
        cue_head=draft.cue_head,
        source_tokens=draft.source,
        content_tokens=tuple(draft.content),
        is_negated=facts.is_negated,
        tense=facts.tense,
        is_modal=facts.is_modal,
        is_passive=facts.is_passive,
        source_side_hint=named.side_hint,
        source_role=named.role,
        rule=draft.rule,
    )
