"""Attributions by verbs: subject, verb, and the clause, infinitive, object or quotation that it takes.

In: a tree with its quotation marks found. Out: drafts. The lexicon says which complements a verb takes; the
parse says which it has.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.extents import (
    TALLIES,
    after_label,
    figure_span,
    front_span,
    lost_subject,
    object_end,
    turn_end,
)
from whoholds.read.attribution.lexicon import VerbEntry, nouns, source_words, verbs
from whoholds.read.attribution.quotes import Region
from whoholds.read.attribution.spans import Span2, cue_span, label_colon, skip_dateline, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass

__all__ = ["find_subject", "read_verbs"]

_ACCOUNTS = frozenset({*TALLIES, "account", "version", "story", "this", "that", "it"})
_WH = frozenset({"what", "who", "whom", "whose", "which", "when", "where", "why", "how", "whether", "if"})
_NEEDS_HUMAN = frozenset({"object", "infinitive", "gerund", "small", "passive", "figure"})
_AGENT_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "ant",
    "ent",
    "man",
    "woman",
    "ese",
    "ite",
    "crat",
    "ee",
    "can",
    "ary",
    "ive",
)
_TOLD_RULES = frozenset({"clause", "object", "infinitive", "gerund", "figure"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")


def entry_of(tree: Tree, verb: int) -> VerbEntry | None:
    """The lexicon's entry of a verb, with its particle or preposition where it has one."""
    table = verbs()
    if tree.lower[verb + 1 : verb + 3] == ["it", "that"]:
        entry = table.get(f"{tree.lemma[verb]} it")
        if entry is not None:
            return entry
    for kid in tree.kids[verb]:
        if verb < kid <= verb + 4 and tree.dep[kid] in ("prt", "prep", "advmod"):
            entry = table.get(f"{tree.lemma[verb]} {tree.lower[kid]}")
            if entry is not None:
                return entry
    return table.get(tree.lemma[verb])


def is_passive(tree: Tree, verb: int) -> bool:
    """Whether a verb is a passive."""
    is_bare = tree.tag[verb] == "VBN" and tree.dep[verb] == "ROOT" and tree.kid(verb, "aux") is None
    if is_bare and tree.kid(verb, "agent") is not None:
        # "Two cases confirmed by the clinic": a note leaves "were" out.
        return True
    return tree.kid(verb, "auxpass", "nsubjpass") is not None or (
        tree.tag[verb] == "VBN"
        and tree.dep[verb] in ("acl", "advcl")
        and tree.kid(verb, "aux", *_SUBJECTS) is None
    )


def find_subject(tree: Tree, verb: int) -> int | None:
    """The head of the noun phrase that does what the verb says, by control where it has no own subject."""
    if tree.tag[verb] == "VBG" and tree.dep[verb] == "advcl" and tree.words[tree.left[verb] - 1] == ",":
        verb = _teller_above(tree, verb)
    verb = _told_beside(tree, verb)
    for _ in range(6):
        own = tree.kid(verb, *_SUBJECTS)
        if own is not None:
            return _right_of_label(tree, _past_article(tree, own), verb)
        dep, head = tree.dep[verb], tree.head[verb]
        if dep == "pcomp" and tree.lower[head] in ("as", "for"):
            # "quoted a colonel as saying", "rebuked the envoy for suggesting": the object says it.
            quoted = tree.kid(tree.head[head], "dobj")
            if quoted is not None and quoted < verb:
                return quoted
        if head == verb:
            return None
        if dep == "acl":
            return head if tree.tag[verb] == "VBG" else None
        if dep in ("conj", "xcomp", "advcl", "pcomp", "ccomp", "prep", "dep"):
            verb = head
            continue
        return None
    return None


def _past_article(tree: Tree, subject: int) -> int:
    """The noun, where the parse made its article the subject ("The Commander-in-Chief")."""
    after = subject + 1
    if (
        tree.lower[subject] in ("the", "a", "an")
        and after < len(tree)
        and tree.head[after] == tree.head[subject]
    ):
        return after if tree.tag[after] in NOUN_TAGS else subject
    return subject


def _right_of_label(tree: Tree, subject: int, verb: int) -> int:
    """The noun phrase that speaks, where the parse made the label of its line the subject.

    "MOSCOW: The ministry, by telephone, said …": the first noun phrase after the colon.
    """
    if subject > verb:
        return subject
    colon = label_colon(tree, tree.sentences[tree.sentence[subject]][0])
    if colon is None or not subject < colon < verb or tree.quote[colon + 1] >= 0:
        return subject
    for token in range(colon + 1, verb):
        noun = tree.tag[token] in NOUN_TAGS or tree.tag[token] == "PRP"
        if noun and tree.tag[token + 1] not in (*NOUN_TAGS, "POS", "HYPH", "JJ"):
            return token
        if tree.tag[token] in VERB_TAGS:
            break
    return subject


def _told_beside(tree: Tree, verb: int) -> int:
    """The verb of telling that "… and warned that" goes on from, where the parse hung it on what was told."""
    if (
        tree.dep[verb] != "conj"
        or tree.tag[verb] not in FINITE_TAGS
        or tree.kid(verb, *_SUBJECTS) is not None
    ):
        return verb
    entry = entry_of(tree, verb)
    if entry is None or tree.kid(verb, "ccomp") is None or "that" not in entry.takes:
        return verb
    told = tree.head[verb]
    teller = tree.head[told]
    if tree.dep[told] != "ccomp" or teller == told or teller > told or tree.tag[teller] not in FINITE_TAGS:
        return verb
    above = entry_of(tree, teller)
    return teller if above is not None and "that" in above.takes else verb


def _teller_above(tree: Tree, verb: int) -> int:
    """The verb of telling that ", saying …" goes with: one above it, over verbs that only act."""
    above = tree.head[verb]
    for _ in range(8):
        if tree.lemma[above] in verbs() and tree.tag[above] in VERB_TAGS:
            return above
        if tree.head[above] == above:
            break
        above = tree.head[above]
    return verb


def read_verbs(tree: Tree, regions: list[Region], taken: set[int]) -> Iterator[Draft]:
    """Drafts of all verbs that the lexicon has and no quotation has taken yet."""
    merged = _relays(tree)
    for verb, tag in enumerate(tree.tag):
        if tag not in VERB_TAGS or verb in taken or verb in merged or tree.is_furniture[verb]:
            continue
        region = tree.quote[verb]
        if region >= 0 and regions[region].is_speech:
            continue
        entry = entry_of(tree, verb)
        if entry is None:
            continue
        draft = read_verb(tree, regions, verb, entry)
        if draft is not None:
            yield draft


def _relays(tree: Tree) -> set[int]:
    """The passives of "was quoted as saying", which are one cue with the verb after them."""
    return {
        token
        for token, tag in enumerate(tree.tag[:-2])
        if tag == "VBN"
        and tree.lower[token + 1] == "as"
        and tree.tag[token + 2] == "VBG"
        and tree.lemma[token + 2] in verbs()
        and is_passive(tree, token)
    }


def may_speak(tree: Tree, noun: int) -> bool:
    """Whether a source can be a person or a body: a name, a pronoun, or a noun of persons or bodies."""
    if tree.tag[noun] not in ("NN", "NNS"):
        return True
    words = source_words()
    lemma = tree.lemma[noun]
    return (
        any(tree.entity[k] == "PERSON" for k in tree.kids_with(noun, "appos"))
        or lemma in words["persons"]
        or lemma in words["groups"]
        or lemma.endswith(_AGENT_ENDINGS)
        or lemma in words["people"]
    )


def read_verb(tree: Tree, regions: list[Region], verb: int, entry: VerbEntry) -> Draft | None:
    """The draft of one verb, or None where it has no complement that attributes."""
    passive = is_passive(tree, verb)
    subject = find_subject(tree, verb)
    source: Span2 | None = None
    source_head: int | None = None
    if passive:
        agent = tree.kid(verb, "agent")
        named = tree.kid(agent, "pobj") if agent is not None else None
        if named is not None:
            source, source_head = source_span(tree, named), named
    elif subject is not None:
        if tree.dep[subject] == "expl":
            return None
        if tree.lower[subject] == "it" and tree.head[subject] != verb and _is_weather_it(tree, subject):
            return None
        source, source_head = source_span(tree, subject, before=verb, whole=False), subject
    if passive and entry.cue_class == CueClass.CONFIRMING and tree.kid(verb, "neg") is not None:
        # "could not be verified": nobody says anything.
        return None
    floor = source[1] - 1 if source is not None and source[1] <= verb else -1
    cue = cue_span(tree, verb, floor=floor)
    got = _complement(tree, verb, entry, passive=passive, subject=subject)
    if got is None:
        return None
    rule, pieces, preposition = got
    if source is None and not passive and rule in _TOLD_RULES and tree.tag[verb] in FINITE_TAGS:
        lost = lost_subject(tree, verb)
        if lost is not None and may_speak(tree, lost[1]):
            source, source_head = lost
    if rule == "raising" and not passive:
        source = source_head = None
    if entry.human and source_head is not None and rule in _NEEDS_HUMAN and not may_speak(tree, source_head):
        return None
    if tree.dep[verb] == "pcomp" and tree.lower[tree.head[verb]] == "as":
        relay = tree.head[tree.head[verb]]
        if is_passive(tree, relay) and tree.head[verb] == verb - 1 == relay + 1:
            cue = (cue_span(tree, relay, floor=floor)[0], cue[1])
    if preposition is not None and preposition == cue[1]:
        cue = (cue[0], preposition + 1)
    content = [p for piece in pieces for p in _shape(tree, regions, piece, cue, source)]
    if not content:
        return None
    if cue[1] < len(tree) and tree.words[cue[1]] == ":":
        cue = (cue[0], cue[1] + 1)
    if (
        source is None
        and not passive
        and rule != "raising"
        and not (tree.tag[verb] in ("VBG",) or tree.dep[verb] == "ROOT")
    ):
        return None
    return Draft(rule, entry.cue_class, cue, verb, source, source_head, content)


def _is_weather_it(tree: Tree, subject: int) -> bool:
    """Whether "it" stands for the infinitive after an adjective ("it is hard to imagine …")."""
    return tree.kid(tree.head[subject], "acomp") is not None and tree.lemma[tree.head[subject]] in (
        "be",
        "seem",
    )


def _complement(
    tree: Tree, verb: int, entry: VerbEntry, *, passive: bool, subject: int | None
) -> tuple[str, list[Span2], int | None] | None:
    takes = entry.takes
    kids = tree.kids[verb]
    for kid in kids:
        if tree.dep[kid] != "ccomp":
            continue
        span = (tree.left[kid], tree.right[kid])
        first = next((t for t in range(*span) if tree.is_word(t)), span[0])
        finite = (
            tree.kid(kid, "aux") is None
            or tree.tag[kid] != "VB"
            or tree.lower[tree.kid(kid, "aux") or 0] != "to"
        )
        if not finite:
            if "obj_to" in takes:
                return "infinitive", [span], None
            continue
        if tree.lower[first] in _WH and kid > verb:
            if "wh" in takes or ("that" in takes and tree.lower[first] in ("what", "if", "when")):
                return "clause", [span], None
            continue
        if kid < verb:
            if any(tree.words[t] == ";" for t in range(tree.right[kid], verb)):
                # "A tank burned; he could not say whose": the semicolon ends what others say.
                continue
            if "quote" in takes or "that" in takes:
                return "fronted", [after_label(tree, front_span(tree, span, verb))], None
            continue
        if tree.tag[kid] == "VBG" and tree.kid(kid, *_SUBJECTS) is None:
            if "ing" in takes:
                return "gerund", [span], None
            continue
        if "that" in takes:
            return "clause", [span], None
        if "small" in takes or "as" in takes:
            return "small", [span], None
    for kid in kids:
        if tree.dep[kid] == "xcomp" and kid > verb:
            span = (tree.left[kid], tree.right[kid])
            aux = tree.kid(kid, "aux")
            is_to = aux is not None and tree.lower[aux] == "to"
            wh = any(tree.lower[t] in _WH for t in range(span[0], min(span[0] + 1, span[1])))
            if wh and "wh" in takes:
                return "clause", [span], None
            if is_to:
                dobj = tree.kid(verb, "dobj")
                if dobj is None and entry.lemma in ("call on", "call upon"):
                    upon = tree.kid(verb, "prep")
                    dobj = None if upon is None else tree.kid(upon, "pobj")
                if dobj is not None and dobj < kid and "obj_to" in takes:
                    return "infinitive", [(tree.left[dobj], span[1])], None
                if "raise" in takes and subject is not None and tree.kid(verb, "nsubj") == subject:
                    return "raising", [source_span(tree, subject, before=verb), span], None
                if passive and takes & {"obj_to", "to", "that"} and subject is not None and subject < verb:
                    return "raising", [source_span(tree, subject, before=verb), span], None
                if "to" in takes or "obj_to" in takes:
                    return "infinitive", [span], None
            elif "ing" in takes and (tree.tag[kid] == "VBG" or (aux is not None and tree.tag[aux] == "VBG")):
                return "gerund", [span], None
            elif "small" in takes and tree.tag[kid] != "VBG":
                return "small", [span], None
    if "obj_to" in takes and "to" not in takes and not passive:
        dobj = tree.kid(verb, "dobj")
        for kid in kids:
            # "directed all units to protect the port": the parse takes it for a purpose.
            aux = (
                tree.kid(kid, "aux") if tree.dep[kid] == "advcl" and dobj is not None and kid > dobj else None
            )
            if aux is not None and dobj is not None and aux == tree.right[dobj] and tree.lower[aux] == "to":
                return "infinitive", [(tree.left[dobj], tree.right[kid])], None
    if "wh" in takes:
        for kid in kids:
            # "asked the envoy if …": the parse takes it for a condition.
            mark = tree.kid(kid, "mark") if kid > verb and tree.dep[kid] == "advcl" else None
            if mark is not None and tree.lower[mark] in ("if", "whether") and tree.words[mark - 1] != ",":
                return "clause", [(mark, tree.right[kid])], None
    if takes & {"that", "quote"} and _is_as_clause(tree, verb):
        return "parenthesis", [tree.sentences[tree.sentence[verb]]], None
    if tree.dep[verb] == "parataxis" and ("that" in takes or "quote" in takes):
        head = tree.head[verb]
        return "parenthesis", [(tree.left[head], turn_end(tree, head, verb))], None
    for kid in kids:
        if kid > verb and tree.dep[kid] == "prep" and tree.lower[kid] in entry.prepositions:
            pobj = tree.kid(kid, "pobj", "pcomp")
            if pobj is not None:
                dobj = tree.kid(verb, "dobj")
                if dobj is not None and dobj < kid:
                    return "object", [(tree.left[dobj], tree.right[kid])], None
                return "object", [(kid + 1, tree.right[kid])], kid
    if passive:
        agent = tree.kid(verb, "agent")
        if "figure" in takes and agent is not None and subject is not None and subject < verb:
            at = tree.kid(verb, "prep")
            if at is not None and tree.lower[at] == "at" and at < agent:
                return "passive", [(tree.left[subject], verb), (at, tree.right[at])], None
        if ("np" in takes or "named" in takes) and subject is not None and subject < verb:
            return "passive", [source_span(tree, subject, before=verb)], None
        return None
    dobj = tree.kid(verb, "dobj")
    if "figure" in takes:
        figure = figure_span(tree, verb, dobj)
        if figure is not None:
            return "figure", [figure], None
    if dobj is not None and dobj > verb:
        last = tree.right[dobj]
        if "np_count" in takes and any(tree.tag[t] == "CD" for t in range(verb + 1, last)):
            return "object", [(tree.left[dobj], object_end(tree, verb, last))], None
        if "np_witness" in takes and _is_witness(tree, subject):
            return "object", [(tree.left[dobj], object_end(tree, verb, last))], None
        if "as" in takes:
            for kid in kids:
                if tree.dep[kid] == "prep" and tree.lower[kid] == "as" and kid > dobj:
                    return "small", [(tree.left[dobj], tree.right[kid])], None
        if "np_claim" in takes and (tree.lemma[dobj] in _ACCOUNTS or tree.lemma[dobj] in nouns()):
            return "object", [(tree.left[dobj], object_end(tree, verb, last))], None
        if "small" in takes:
            oprd = tree.kid(verb, "oprd")
            if oprd is not None and oprd > dobj:
                return "small", [(tree.left[dobj], tree.right[oprd])], None
            after = tree.right[dobj]
            if after < len(tree) and tree.quote[after] >= 0 and tree.quote[after] != tree.quote[dobj]:
                return "small", [(tree.left[dobj], after + 1)], None
        if "np" in takes:
            if (
                last < len(tree)
                and tree.lower[last] == "as"
                and tree.head[last] == verb
                and tree.dep[last] == "prep"
            ):
                last = tree.right[last]
            return "object", [(tree.left[dobj], object_end(tree, verb, last))], None
    return None


def _is_witness(tree: Tree, subject: int | None) -> bool:
    if subject is None:
        return False
    if tree.lower[subject] in ("he", "she", "they"):
        # "A driver came through at dawn. He heard guns": who was just told of.
        number = tree.sentence[subject]
        before = tree.sentences[number - 1] if number > 0 else (0, 0)
        if before == (0, 0) or tree.paragraph[before[0]] != tree.paragraph[subject]:
            return False
        earlier = next((t for t in range(*before) if tree.dep[t] == "nsubj" and tree.tag[t] != "PRP"), None)
        return earlier is not None and tree.lemma[earlier] in source_words()["witnesses"]
    has_name = any(tree.entity[k] == "PERSON" for k in tree.kids_with(subject, "appos"))
    return has_name or tree.lemma[subject] in source_words()["witnesses"]


def _is_as_clause(tree: Tree, verb: int) -> bool:
    """Whether a verb is that of ", as X noted," or "As X noted, …": what it says is the rest."""
    if tree.dep[verb] != "advcl" or tree.kid(verb, "dobj", "ccomp", "xcomp") is not None:
        return False
    first = tree.left[verb]
    if tree.lower[first] != "as":
        return False
    opens = first == tree.sentences[tree.sentence[verb]][0] or tree.words[first - 1] == ","
    return opens and tree.kid(verb, "nsubj") is not None


def _shape(
    tree: Tree, regions: list[Region], piece: Span2, cue: Span2, source: Span2 | None
) -> Iterator[Span2]:
    """A content's pieces: cut at the cue and source, grown to whole quotations, ends trimmed."""
    first, last = piece
    if piece[0] < cue[0] < piece[1] and source is not None and piece[0] <= source[0]:
        before = min(source[0], cue[0]) - 1
        if before >= piece[0] and tree.lower[before] == "as":
            source = (before, source[1])
    holes = sorted(span for span in (cue, source) if span is not None and first < span[1] and span[0] < last)
    parts: list[Span2] = []
    if holes:
        hole = (min(h[0] for h in holes), max(h[1] for h in holes))
        parts = [(first, hole[0]), (hole[1], last)]
    else:
        parts = [(first, last)]
    for part in parts:
        found = trim(tree, part)
        if found is None:
            continue
        a, b = found
        a = min(skip_dateline(tree, a), b - 1)
        if tree.quote[a] >= 0 and not (
            cue[0] >= regions[tree.quote[a]].first and cue[1] <= regions[tree.quote[a]].last
        ):
            a = min(a, regions[tree.quote[a]].first)
        if tree.quote[b - 1] >= 0:
            region = regions[tree.quote[b - 1]]
            if not (region.first <= cue[0] < region.last):
                b = max(b, region.last)
        while (
            b - a > 1
            and tree.quote[b - 1] < 0
            and (tree.dep[b - 1] == "cc" or tree.words[b - 1] in (",", ";", "-", "—", "–", "--"))
        ):
            b -= 1
        if any(tree.is_word(t) for t in range(a, b)):
            yield a, b
