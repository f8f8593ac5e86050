"""Who a source is: its name as the text has it, its title and side, and what a pronoun stands for.

In: a tree and token spans of sources. Out: names. A pronoun or a description gets the nearest fitting
antecedent before it, by number, gender, role and recency, and none where nothing fits.
"""

from __future__ import annotations

from dataclasses import dataclass

from whoholds.read.attribution.lexicon import source_words
from whoholds.read.attribution.tree import Tree, build_tree
from whoholds.text.parse import Parsed

__all__ = ["Mention", "Namer", "source_name"]

_PROPER = frozenset({"NNP", "NNPS"})
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_IT = frozenset({"it", "its", "itself"})
_THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
_RELATIVE = frozenset({"who", "which", "that", "whose", "whom"})
_FIRST = frozenset({"i", "we", "my", "our", "me", "us", "you", "your"})
_POSSESSIVES = frozenset({"his", "her", "its", "their"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_QUANTIFIERS = frozenset(
    {
        "some",
        "many",
        "several",
        "others",
        "another",
        "one",
        "both",
        "most",
        "few",
        "all",
        "any",
        "two",
        "three",
    }
)
_RANKS = {
    "gen.": "general",
    "gen": "general",
    "col.": "colonel",
    "col": "colonel",
    "lt.": "lieutenant",
    "lt": "lieutenant",
    "maj": "major",
    "capt": "captain",
    "sgt": "sergeant",
    "cmdr": "commander",
    "maj.": "major",
    "capt.": "captain",
    "sgt.": "sergeant",
    "cmdr.": "commander",
    "brig.": "brigadier",
    "adm.": "admiral",
    "sen.": "senator",
    "gov.": "governor",
    "rep.": "representative",
    "dr.": "doctor",
    "prof.": "professor",
    "colonel": "colonel",
    "general": "general",
    "captain": "captain",
    "major": "major",
    "lieutenant": "lieutenant",
    "commander": "commander",
}
"""Titles before a name, and the noun by which their bearer is taken up ("the general")."""
_TOLD_OF = 1.5
"""What a mention inside another's words loses as an antecedent."""
_SENTENCES_BACK = 12
"""How far back an antecedent is looked for, in sentences: further back, news repeats the name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody or something that may be taken up again.

    Attributes:
        head: Token of the head noun.
        name: The words to call it by.
        is_named: Whether these are a proper name.
        gender: `m`, `f` or "".
        number: `person`, `body`, `plural` or "".
        roles: Common nouns said of it, in lower case.
        is_source: Whether it was itself a source.
    """

    head: int
    name: str
    is_named: bool
    gender: str
    number: str
    roles: frozenset[str]
    is_source: bool


def source_name(parsed: Parsed, span: tuple[int, int]) -> str:
    """The name of a source, as the text has it: without article, title and apposition.

    Args:
        parsed: The text with its parse.
        span: First and one past last token of the source.

    Returns:
        "Valery Gerasimov" for "the top officer, General Valery Gerasimov"; a description as worded, where
        there is no name ("some military bloggers").
    """
    return name_in(build_tree(parsed), span)


def head_of(tree: Tree, span: tuple[int, int]) -> int:
    """The token of a span that governs the rest of it."""
    first, last = span
    leading = [
        token
        for token in range(first, last)
        if (not first <= tree.head[token] < last or tree.head[token] == token) and tree.is_word(token)
    ]
    # Where the verb was taken for a noun, "their command" hangs on it word by word: the noun is the head.
    nouns = [token for token in leading if tree.tag[token] not in ("PRP$", "DT", "JJ", "CD", "POS")]
    return (nouns or leading or [last - 1])[0]


def name_in(tree: Tree, span: tuple[int, int]) -> str:
    """`source_name` on a tree."""
    first, last = span
    while last > first + 1 and (not tree.is_word(last - 1) or tree.tag[last - 1] == "POS"):
        last -= 1
    head = head_of(tree, (first, last))
    proper = _proper_name(tree, head, first, last)
    if proper is not None:
        return proper
    number = tree.kid(head, "nummod")
    if tree.lower[head] == "one" or (number is not None and number > head):
        # "one of them, a captain": a mere number is named by what it is.
        apposed = next((k for k in tree.kids_with(head, "appos") if head < k < last), None)
        if apposed is not None:
            return name_in(tree, (tree.left[apposed], min(last, tree.right[apposed])))
    end = last
    for kid in tree.kids[head]:
        if first <= kid < last and kid > head and tree.dep[kid] in ("appos", "relcl", "acl"):
            named = _proper_name(tree, kid, first, last) if tree.dep[kid] == "appos" else None
            if named is not None:
                return named
            end = min(end, tree.left[kid])
    for token in range(first, last):
        if tree.entity[token] == "PERSON" and tree.head[token] == head and tree.dep[token] == "appos":
            return _proper_name(tree, token, first, last) or tree.text_of((token, token + 1))
    after = _named_after(tree, head, end, last)
    if after is not None:
        return after
    end = _before_addition(tree, head, end)
    while end > first + 1 and not tree.is_word(end - 1) and tree.words[end - 1] not in ')”"':
        end -= 1
    while first < end - 1 and tree.lower[first] in ("the", "a", "an"):
        first += 1
    return " ".join(tree.text_of((first, end)).split())


def _proper_name(tree: Tree, head: int, first: int, last: int) -> str | None:
    """The proper name that a noun is the end of, without titles; or the name before "channel", "agency"."""
    words = source_words()
    if tree.tag[head] in _PROPER or (
        tree.entity[head] in ("PERSON", "ORG") and tree.words[head][:1].isupper()
    ):
        start = head
        while start > first and (
            (
                tree.tag[start - 1] in _PROPER
                or tree.entity[start - 1] == "PERSON"
                or tree.words[start - 1] == "-"
            )
            and tree.words[start - 1] not in (",",)
            and (
                tree.entity[start - 1] == tree.entity[head]
                or tree.head[start - 1] == head
                or tree.head[start - 1] == start
            )
        ):
            start -= 1
        if start == head and tree.entity[head] == "" and _is_capital_by_place(tree, head):
            return None
        end = head + 1
        # Titles come before the name, each in capitals ("President", "Gen.") or not.
        at = start
        while at < end - 1 and (
            tree.lower[at] in words["titles"] or tree.words[at] == "-" or tree.entity[at] == "NORP"
        ):
            at += 1
        if tree.entity[head] == "PERSON":
            mark = head
            while mark > start and tree.entity[mark - 1] == "PERSON":
                mark -= 1
            while mark < end - 1 and tree.lower[mark] in words["titles"]:
                mark += 1
            at = max(at, mark)
        # "Defence Ministry": words of titles inside a body's name belong to it.
        elif tree.lower[head] in words["groups"] or tree.entity[head] in ("ORG", "GPE", "NORP"):
            at = start
        end = _name_end(tree, head, end, last)
        return tree.text_of((at, end))
    if tree.lemma[head] in words["outlets"] or tree.lower[head] in words["outlets"]:
        start = head
        while start > first and tree.tag[start - 1] in _PROPER:
            start -= 1
        while start < head and tree.lower[start] in words["titles"]:
            start += 1
        if start < head and tree.entity[start] not in ("NORP", "GPE"):
            return tree.text_of((start, head))
        for kid in tree.kids_with(head, "appos"):
            if first <= kid < last and tree.tag[kid] in _PROPER:
                return _proper_name(tree, kid, first, last)
    return None


def _named_after(tree: Tree, head: int, end: int, last: int) -> str | None:
    """The name after a comma, hung on a place before it ("the chief of the district, Anna Berg")."""
    comma = next((t for t in range(head + 1, end) if tree.words[t] == ","), None)
    if comma is None or last - comma < 3 or tree.kid(head, "conj", "cc") is not None:
        return None
    if any(tree.tag[t] not in _PROPER and tree.words[t] not in ("-", ",") for t in range(comma + 1, last)):
        return None
    return _proper_name(tree, last - 1 - (tree.words[last - 1] == ","), comma + 1, last)


def _before_addition(tree: Tree, head: int, end: int) -> int:
    """The end of a description without what only adds to it: ", who …", ", a monitor in …", "there"."""
    if tree.kid(head, "conj", "cc") is None:
        end = next((t for t in range(head + 1, end) if tree.words[t] == ","), end)
    while end - 1 > head and tree.lower[end - 1] in ("there", "here", "too", "himself", "herself"):
        end -= 1
    return end


def _is_capital_by_place(tree: Tree, token: int) -> bool:
    """Whether a common noun has its capital because it stands first ("Trader in the port: …")."""
    before = token - 1
    opens = before < 0 or tree.sentence[before] != tree.sentence[token] or not tree.is_word(before)
    return opens and tree.lower[token] in source_words()["persons"]


def _name_end(tree: Tree, head: int, end: int, last: int) -> int:
    """Include "of Defence" in "Ministry of Defence", and "Jr."."""
    for kid in tree.kids[head]:
        if kid == end and kid < last and tree.dep[kid] == "prep" and tree.lower[kid] in ("of", "for"):
            pobj = tree.kid(kid, "pobj")
            if (
                pobj is not None
                and tree.tag[pobj] in _PROPER
                and pobj < last
                and tree.entity[head] == tree.entity[pobj] == "ORG"
            ):
                # "Institute for the Study of War": one more of its kind may follow.
                return _name_end(tree, pobj, pobj + 1, last)
    return end


class Namer:
    """Names sources in text order, remembering whom the text has spoken of."""

    def __init__(self, tree: Tree, sources: list[tuple[int, int]]) -> None:
        self._tree = tree
        self._pending = sorted(self._subjects(sources))
        self._at = 0
        self._mentions: list[Mention] = []
        self._full: dict[str, str] = {}

    def _subjects(self, sources: list[tuple[int, int]]) -> set[tuple[int, int, int, bool]]:
        """What may be an antecedent: subjects, names, sources; (head, first, last, is source)."""
        tree = self._tree
        found: dict[int, tuple[int, int, int, bool]] = {}
        for token, dep in enumerate(tree.dep):
            if tree.is_furniture[token]:
                continue
            last_of_name = tree.entity[token] in ("PERSON", "ORG") and (
                token + 1 >= len(tree) or tree.entity[token + 1] != tree.entity[token]
            )
            subject = dep in ("nsubj", "nsubjpass") and tree.tag[token] in ("NN", "NNS", "NNP", "NNPS")
            if subject or (last_of_name and tree.tag[token] in _PROPER and dep not in ("compound",)):
                first = max(tree.left[token], token - 12)
                last = min(tree.right[token], token + 14)
                found[token] = (token, first, last, False)
        for first, last in sources:
            head = head_of(tree, (first, last))
            found[head] = (head, first, last, True)
        return set(found.values())

    def name(self, span: tuple[int, int]) -> tuple[str | None, Mention | None]:
        """The name of the source at a span, and what it was resolved to.

        Spans must come in text order. Returns the name (None where a pronoun stays open) and the antecedent
        where the source is a pronoun, a description or a short form.
        """
        tree = self._tree
        head = head_of(tree, span)
        self._advance(head)
        word = tree.lower[head]
        if word in _FIRST:
            return None, None
        if word in _RELATIVE or tree.tag[head] in ("WP", "WDT", "WP$"):
            governor = self._relative(head)
            if governor is None:
                return None, None
            mention = next((m for m in reversed(self._mentions) if m.head == governor), None)
            if mention is None:
                first, last = tree.left[governor], min(tree.right[governor], tree.left[head])
                mention = self._describe(governor, first, max(last, governor + 1), is_source=False)
            return mention.name, mention
        if word in _HE or word in _SHE or word in _IT or word in _THEY:
            found = self._pronoun(word, head)
            return (None, None) if found is None else (found.name, found)
        name = name_in(tree, span)
        if tree.tag[head] in _PROPER:
            full = self._full.get(name)
            return (full, None) if full is not None else (name, None)
        if (
            any(tree.lower[t] in _DEFINITE and tree.head[t] == head for t in range(*span))
            and span[1] - span[0] <= 4
        ):
            found = self._description(head)
            if found is not None:
                return found.name, found
        return name, None

    def _relative(self, head: int) -> int | None:
        tree = self._tree
        verb = tree.head[head]
        for _ in range(4):
            if tree.dep[verb] == "relcl":
                return self._who(head, tree.head[verb])
            if tree.head[verb] == verb:
                return None
            verb = tree.head[verb]
        return None

    def _who(self, relative: int, governor: int) -> int:
        """Whom "who" means: over a place to the person of it ("a nurse in the town, who said …")."""
        tree = self._tree
        preposition = tree.head[governor]
        if (
            tree.lower[relative] == "who"
            and tree.entity[governor] != "PERSON"
            and tree.tag[governor] in _PROPER
            and tree.dep[governor] == "pobj"
            and tree.lower[preposition] in ("in", "at", "from", "near", "of")
        ):
            owner = tree.head[preposition]
            if owner < governor and tree.lemma[owner] in source_words()["persons"]:
                return tree.head[owner] if tree.dep[owner] == "appos" else owner
        return governor

    def _advance(self, before: int) -> None:
        """Take in all mentions that begin before a token."""
        while self._at < len(self._pending) and self._pending[self._at][0] < before:
            head, first, last, is_source = self._pending[self._at]
            self._at += 1
            self._add(head, first, last, is_source)

    def _add(self, head: int, first: int, last: int, is_source: bool) -> None:
        tree = self._tree
        word = tree.lower[head]
        if word in _RELATIVE or word in _FIRST:
            return
        if word in _HE or word in _SHE or word in _IT or word in _THEY:
            found = self._pronoun(word, head)
            if found is not None:
                gender = "m" if word in _HE else "f" if word in _SHE else found.gender
                self._mentions.append(
                    Mention(head, found.name, found.is_named, gender, found.number, found.roles, is_source)
                )
            return
        mention = self._describe(head, first, last, is_source=is_source)
        if mention.is_named and " " in mention.name and mention.number != "body":
            self._full.setdefault(mention.name.rsplit(" ", 1)[-1], mention.name)
        self._mentions.append(mention)

    def _describe(self, head: int, first: int, last: int, *, is_source: bool) -> Mention:
        tree, words = self._tree, source_words()
        name = name_in(tree, (first, last))
        roles = {tree.lemma[head]} if tree.tag[head] not in _PROPER else set()
        for token in range(first, last):
            close = tree.head[token] == head or tree.head[tree.head[token]] == head
            if token != head and close and tree.dep[token] in ("compound", "appos", "amod", "nmod"):
                roles.add(tree.lower[token])
        is_named = any(part[:1].isupper() for part in name.split()) and any(
            tree.tag[t] in _PROPER for t in range(first, last)
        )
        if is_named and tree.tag[head] in _PROPER:
            roles.add(tree.lower[head])
            roles |= {_RANKS[tree.lower[t]] for t in range(first, last) if tree.lower[t] in _RANKS}
        known = self._full.get(name, name)
        earlier = (
            next((m for m in reversed(self._mentions[-80:]) if m.name == known), None) if is_named else None
        )
        gender = earlier.gender if earlier is not None else ""
        if earlier is not None:
            roles |= earlier.roles
        said = {tree.lower[t] for t in range(first, last)}
        if said & words["women"]:
            gender = "f"
        elif said & words["men"]:
            gender = "m"
        person = tree.entity[head] == "PERSON" or (
            tree.lemma[head] in words["persons"]
            or (
                tree.lower[head] not in words["groups"]
                and tree.tag[head] in _PROPER
                and bool(said & _RANKS.keys())
            )
            or any(tree.entity[t] == "PERSON" and known.endswith(tree.words[t]) for t in range(first, last))
        )
        conjoined = tree.kid(head, "conj") is not None and tree.kid(head, "conj") in range(first, last)
        if tree.tag[head] == "NNS" or conjoined:
            number = "plural"
        elif person:
            number = "person"
        elif (
            tree.lemma[head] in words["groups"]
            or tree.lower[head] in words["groups"]
            or tree.entity[head] in ("ORG", "GPE")
        ):
            number = "body"
        else:
            number = ""
        return Mention(head, known, is_named, gender, number, frozenset(roles), is_source)

    def _candidates(self, head: int) -> list[Mention]:
        tree = self._tree
        sentence = tree.sentence[head]
        found = []
        for mention in reversed(self._mentions[-60:]):
            if sentence - tree.sentence[mention.head] > _SENTENCES_BACK:
                break
            if mention.head < head:
                found.append(mention)
        return found

    def _pronoun(self, word: str, head: int) -> Mention | None:
        tree = self._tree
        best: Mention | None = None
        best_score = -99.0
        for rank, mention in enumerate(self._candidates(head)):
            if word in _HE | _SHE:
                gender = "m" if word in _HE else "f"
                if mention.number in ("body", "plural") or (mention.gender and mention.gender != gender):
                    continue
                if mention.number == "" and not mention.is_source:
                    continue
                # A named source of no known kind ("Berg said") is most often a person too.
                kind = 2.0 if mention.number == "person" else 1.5 * mention.is_named
                score = kind + 1.0 * (mention.gender == gender)
            elif word in _IT:
                if mention.number in ("person", "plural") or (mention.number == "" and not mention.is_source):
                    continue
                score = 2.0 * (mention.number == "body")
            else:
                if mention.number == "person" or (mention.number == "" and not mention.is_source):
                    continue
                score = 2.0 * (mention.number == "plural")
            # A source is taken up more often than another, a subject more often than an object, and what
            # stands in the sentence before more often than what stands far back.
            distance = tree.sentence[head] - tree.sentence[mention.head]
            score += 1.5 * mention.is_source + 0.7 * (tree.dep[mention.head] in ("nsubj", "nsubjpass"))
            score += 0.3 * mention.is_named - 0.8 * distance - 0.1 * rank
            score -= 0.8 * min(tree.paragraph[head] - tree.paragraph[mention.head], 2) * (distance > 1)
            if tree.quote[head] < 0 and self._is_quoted(mention.head):
                score -= 2.0
            # "Berg said the envoy had left. He would not say why": who is told of by a speaker speaks less.
            if distance > 0 and tree.dep[tree.head[mention.head]] == "ccomp":
                score -= _TOLD_OF
            if score > best_score:
                best, best_score = mention, score
        return best

    def _is_quoted(self, token: int) -> bool:
        """Whether a token is part of a speech, and no nickname between marks (Colonel “Brick”)."""
        tree = self._tree
        if token < 0 or tree.quote[token] < 0:
            return False
        return any(tree.quote[t] == tree.quote[token] for t in (token - 3, token + 3) if 0 <= t < len(tree))

    def _description(self, head: int) -> Mention | None:
        """What "the general", "the ministry" takes up: a name of which that noun was said."""
        lemma = self._tree.lemma[head]
        for mention in self._candidates(head):
            if mention.number == "person" and lemma in source_words()["groups"]:
                # "the ministry" is no ministry official.
                continue
            if mention.is_named and (lemma in mention.roles or mention.name.lower().split()[-1] == lemma):
                return mention
        return None
