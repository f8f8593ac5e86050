"""Attributions by a colon: "Kremlin: talks are over", "A nurse, by phone: …", "The army disagrees: …".

In: a tree with its quotation marks found, and the drafts of the other rules. Out: drafts. A label at the head
of a line names who speaks, unless the line names its speaker itself: then the label is a heading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from whoholds.read.attribution.draft import Draft
from whoholds.read.attribution.lexicon import is_speaking_role, source_words, verbs
from whoholds.read.attribution.quotes import Region, stands_in_speech
from whoholds.read.attribution.spans import Span2, cue_span, label_colon, source_span, trim
from whoholds.read.attribution.tree import FINITE_TAGS, NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.attribution.types import CueClass
from whoholds.read.attribution.verbal import entry_of, find_subject, is_passive, may_speak

__all__ = ["read_colons", "read_told_colons"]

_SHORT_LABEL = 4
_REACH = 160
"""Longest sentence looked through, in tokens: a text without full stops must not cost quadratic time."""
# Verbs that bring in another's own account after a colon, besides the verbs of saying.
_CONTRARY = frozenset({"differ", "disagree", "dispute", "contest", "contradict", "deny", "reject", "counter"})
_OPENERS = frozenset({"update", "updated", "breaking", "urgent"})
_GIVEN = frozenset({"from", "by"})
"""What may stand before a speaker's name in a label: "From a reader: …", "By Olt's count: …"."""
_STOPS = frozenset({".", "!", "?", ";"})
_ENDS = frozenset({".", "!", "?"})
_TELLINGS = frozenset({"version", "account", "line", "story", "answer", "reply", "claim", "verdict"})
_ACCOUNTS = frozenset({CueClass.NEUTRAL, CueClass.ADDING, CueClass.CLAIMING})


def read_colons(tree: Tree, regions: list[Region], drafts: Collection[Draft]) -> Iterator[Draft]:
    """Drafts of lines with a speaker's label.

    Args:
        tree: The text.
        regions: Its quotations.
        drafts: What other rules have found: who speaks in a line by its own words.
    """
    tellers = {
        d.cue_head
        for d in drafts
        if d.cue_head is not None and d.source_head is not None and tree.tag[d.source_head] != "PRP"
    }
    for number, (first, last) in enumerate(tree.sentences):
        opened = first
        while first < last and (
            is_lead(tree, first)
            or tree.lower[first] in _OPENERS
            or (tree.words[first] == ":" and first > opened and tree.tag[first - 1] == "CD")
        ):
            first += 1
        if first >= last or tree.is_furniture[first]:
            continue
        colon = label_colon(tree, first)
        if colon is None or colon + 2 >= len(tree) or tree.words[colon + 1].isspace():
            continue
        first += tree.lower[first] in _GIVEN and first + 1 < colon
        label = _label_head(tree, regions, first, colon)
        if label is None:
            continue
        end = _content_end(tree, regions, number, colon)
        if sum(tree.words[t] == "," for t in range(colon, min(end, last))) > 5:
            # A list of names under a heading, not a statement.
            continue
        if _has_own_teller(tree, colon, tellers):
            continue
        last_of_name = label[0] - 1 if _is_account(tree, first, label[0]) else label[1]
        source = trim(tree, (first, last_of_name))
        content = trim(tree, (colon + 1, end))
        if source is None or content is None:
            continue
        if tree.quote[content[1] - 1] >= 0:
            content = (content[0], max(content[1], regions[tree.quote[content[1] - 1]].last))
        yield Draft("colon", CueClass.NEUTRAL, (colon, colon + 1), colon, source, label[0], [content])


def is_lead(tree: Tree, token: int) -> bool:
    """Whether a token only leads in a line: a bullet, a symbol, the hour of an entry."""
    word = tree.words[token]
    return not word.isalpha() and not any(c.isalpha() for c in word) and word not in ('"', "“", "(", ":")


def _label_head(tree: Tree, regions: list[Region], first: int, colon: int) -> tuple[int, int] | None:
    """The head of a speaker's label and the end of its name, or None where the label is none of a speaker."""
    if tree.quote[first] >= 0 or any(
        tree.tag[t] in ("VBD", "VBZ", "VBP", "MD") and tree.dep[t] != "relcl" for t in range(first, colon)
    ):
        return None
    if tree.tag[first] == "IN":
        # "Of the port: …", "On the dam: …": a heading.
        return None
    labels = source_words()["labels"]
    end = _name_stop(tree, first, colon)
    stops = (t for t in range(first + 1, end) if tree.tag[t] in ("IN", "TO") or tree.words[t] == ",")
    stop = next(stops, end)
    head = stop - 1
    while head > first and tree.tag[head] in ("CD", "RB"):
        head -= 1
    is_role = is_speaking_role(tree.lemma[head])
    if (tree.lower[end - 1] in labels and not is_role) or tree.lower[first] in labels:
        return None
    if tree.tag[head] not in NOUN_TAGS:
        return None
    quoted = stands_in_speech(tree, regions, colon + 1)
    if quoted and (is_role or tree.tag[head] in ("NNP", "NNPS") or tree.tag[first] == "DT"):
        # "A subscriber in Olt: “They have gone.”", inside a line too.
        return head, end
    starts = first == 0 or tree.paragraph[first - 1] != tree.paragraph[first] or _opens_line(tree, first)
    is_name = tree.tag[head] in ("NNP", "NNPS")
    if not starts and not (is_name and end == colon and colon - first <= _SHORT_LABEL):
        # "Soldiers. A pilot, reached by phone: …": inside a line only who is plainly a speaker.
        is_plain = (end < colon or colon - first <= _SHORT_LABEL) and is_speaking_role(tree.lemma[head])
        return (head, end) if is_plain or _is_account(tree, first, head) else None
    # "Kadesh: “The town is ours.”": marks after the colon make a speaker of any name.
    is_name = is_name or (tree.quote[colon + 1] >= 0 and tree.words[head][0].isupper())
    if tree.is_headline[first] or tree.paragraph[first] == 0 or is_name:
        return head, end
    return (head, end) if is_speaking_role(tree.lemma[head]) else None


def _is_account(tree: Tree, first: int, head: int) -> bool:
    """Whether a label is somebody's account of things: "The governor's version: …"."""
    return head > first and tree.tag[head - 1] == "POS" and tree.lemma[head] in _TELLINGS


def _name_stop(tree: Tree, first: int, colon: int) -> int:
    """Where the name in a label ends: before "to residents", ", quoted by N", ", by phone", "again"."""
    for token in range(first + 1, colon):
        is_clause = tree.tag[token] in ("VBN", "VBG") and tree.words[token - 1] == ","
        if is_clause or tree.lower[token] in ("to", "("):
            # "Radio North (night programme): …", "The army to reporters: …".
            return token - is_clause
        if tree.words[token] == "," and tree.tag[token + 1] in ("IN", "VBN", "VBG", "RB"):
            return token
    return colon - 1 if colon - 1 > first and tree.tag[colon - 1] == "RB" else colon


def _opens_line(tree: Tree, first: int) -> bool:
    before = first - 1
    while before >= 0 and tree.paragraph[before] == tree.paragraph[first]:
        if tree.lower[before] in _OPENERS:
            before -= 1
            continue
        is_after_hour = tree.words[before] == ":" and before > 0 and tree.tag[before - 1] == "CD"
        if not (is_lead(tree, before) or is_after_hour) or tree.words[before] in (".", "!", "?"):
            return False
        before -= 1
    return True


def _has_own_teller(tree: Tree, colon: int, tellers: Collection[int]) -> bool:
    """Whether the sentence after a label says by itself who speaks, outside quotation marks."""
    first = colon + 1
    if tree.quote[first] >= 0:
        # "The rebels: “It is ours,” said their commander": the words after the marks tell.
        region = tree.quote[first]
        while first < len(tree) and tree.quote[first] == region and first < colon + _REACH:
            first += 1
        if tree.words[first - 2] in (".", "!", "?", "…"):
            return False
    end = first
    highest = min(len(tree), first + _REACH)
    while end < highest and tree.paragraph[end] == tree.paragraph[colon]:
        if tree.words[end] in _ENDS and tree.quote[end] < 0 and _ends_sentence(tree, end):
            break
        end += 1
    return any(t in tellers and tree.quote[t] < 0 and t > colon for t in range(first, end))


def _ends_sentence(tree: Tree, stop: int) -> bool:
    """Whether a full stop is one, and no mark of an abbreviation that was cut off ("Col.")."""
    after = stop + 1
    return after >= len(tree) or tree.sentence[after] != tree.sentence[stop]


def _content_end(tree: Tree, regions: list[Region], number: int, colon: int) -> int:
    """The end of what a labelled speaker says."""
    if tree.quote[colon + 1] >= 0:
        region = regions[tree.quote[colon + 1]]
        after = region.last
        ends = after >= len(tree) or tree.words[after] in _STOPS or tree.words[after].isspace()
        if region.is_speech or ends:
            return after
    return _turn_end(tree, number, colon)


def _turn_end(tree: Tree, number: int, colon: int) -> int:
    """The end of a turn: up to another speaker, another label, or the end of the line."""
    at = number
    while tree.sentences[at][1] <= colon + 1 and at + 1 < len(tree.sentences):
        at += 1
    end = tree.sentences[at][1]
    for start, stop in tree.sentences[at + 1 :]:
        if tree.paragraph[start] != tree.paragraph[colon] or tree.words[start].isspace():
            break
        if any(
            tree.words[t] == ":" or (tree.tag[t] in FINITE_TAGS and tree.lemma[t] in verbs())
            for t in range(start, stop)
        ):
            break
        end = stop
    return end


def read_told_colons(tree: Tree, regions: list[Region], taken: Collection[int]) -> Iterator[Draft]:
    """Drafts of "The army tells it differently: …", "He begged to differ: …": a telling, then the account.

    Args:
        tree: The text.
        regions: Its quotations.
        taken: Verbs that other rules have made cues of a clause already.
    """
    for colon, word in enumerate(tree.words):
        if word != ":" or colon + 2 >= len(tree) or tree.quote[colon] >= 0 or tree.is_furniture[colon]:
            continue
        first, last = _sentence_around(tree, colon)
        verb = _teller_before(tree, first, colon, taken)
        if verb is None:
            continue
        subject = find_subject(tree, verb)
        if subject is None or subject > colon or not may_speak(tree, subject):
            continue
        if tree.quote[colon + 1] >= 0:
            last = max(last, regions[tree.quote[colon + 1]].last)
        content = trim(tree, (colon + 1, last))
        if content is None or not any(tree.tag[t] in (*FINITE_TAGS, "MD") for t in range(*content)):
            continue
        source = source_span(tree, subject, before=verb, whole=False)
        floor = source[1] - 1 if source[1] <= verb else -1
        cue = cue_span(tree, verb, floor=floor)
        yield Draft("clause", CueClass.NEUTRAL, cue, verb, source, subject, [content])


def _sentence_around(tree: Tree, token: int) -> Span2:
    """The stretch between full stops around a token, whatever the parse made of it."""
    paragraph = tree.paragraph[token]
    first = token
    lowest, highest = max(0, token - _REACH), min(len(tree), token + _REACH)
    while first > lowest and tree.paragraph[first - 1] == paragraph and tree.words[first - 1] not in _STOPS:
        first -= 1
    last = token + 1
    while last < highest and tree.paragraph[last] == paragraph and tree.words[last] not in _ENDS:
        if "\n" in tree.words[last]:
            break
        last += 1
    return first, last


def _teller_before(tree: Tree, first: int, colon: int, taken: Collection[int]) -> int | None:
    """The verb before a colon by which somebody gives an account, without a clause of its own."""
    for verb in range(colon - 1, first - 1, -1):
        if tree.tag[verb] not in VERB_TAGS or tree.quote[verb] >= 0:
            continue
        if is_passive(tree, verb):
            continue
        clause = tree.kid(verb, "ccomp")
        if tree.lemma[verb] in _CONTRARY and (clause is None or clause > colon):
            return verb
        if verb in taken or clause is not None:
            continue
        entry = entry_of(tree, verb)
        if entry is not None and {"quote", "that"} <= entry.takes and entry.cue_class in _ACCOUNTS:
            return verb
    return None
