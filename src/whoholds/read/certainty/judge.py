"""The value of every word of a parse: what its governor says of it, then what stands around it.

A parse as lists enters, one value a token leaves (-3 to 3; `lexicon` has the scale). Heads are judged before
what hangs on them, each token once, so that time is linear in the number of tokens.
"""

from __future__ import annotations

from collections.abc import Mapping

from whoholds.read.attribution.tree import NOUN_TAGS, VERB_TAGS, Tree
from whoholds.read.certainty.around import SUBJECTS, Around, look_around
from whoholds.read.certainty.lexicon import Signature, Words, forms, signatures, words

__all__ = ["judge_words"]

CERTAIN, PROBABLE, POSSIBLE, OPEN = 3, 2, 1, 0
_OBJECTS = frozenset({"dobj", "nsubjpass", "attr", "oprd"})
_FUNCTIONS = frozenset({"aux", "auxpass", "neg", "punct", "det", "mark", "cc"})
_NOMINAL_TAGS = NOUN_TAGS | {"PRP", "CD", "DT", "WP"}
_PAST = frozenset({"VBD", "VBN"})
_WH = frozenset({"WDT", "WP", "WP$", "WRB"})
_POS = {"V": "verb", "J": "adjective", "N": "noun"}
_RANKED = frozenset(
    {"first", "last", "second", "third", "next", "only", "one", "latest", "youngest", "oldest"}
)
_NOUN_FRAMES = ("of", "for", "to", "on")
_SAYING = Signature(CERTAIN, OPEN)


def judge_words(tree: Tree) -> list[int]:
    """The value of every token: how sure the words are that what it tells is so.

    Args:
        tree: The parse as lists.

    Returns:
        One value a token, 3 (certainly so) to -3 (certainly not); 0 is open. Tokens that tell nothing
        carry the value of what they hang on.
    """
    judge = _Judge(tree, words())
    for token in _from_roots(tree):
        judge.settle(token)
    return judge.value


def _from_roots(tree: Tree) -> list[int]:
    """Every token after its head."""
    found = [i for i, head in enumerate(tree.head) if head == i]
    for token in found:
        # The list grows while it is gone through, by what hangs on what was reached.
        found += tree.kids[token]
    return found


class _Judge:
    """Judges the tokens of one parse in turn."""

    def __init__(self, tree: Tree, lexicon: Words) -> None:
        self.t = tree
        self.w = lexicon
        self.signatures = signatures()
        self.forms = forms()
        self.value = [CERTAIN] * len(tree)
        self.base = [CERTAIN] * len(tree)
        self.around: dict[int, Around] = {}

    def settle(self, token: int) -> None:
        """Judge one token, whose head is judged."""
        tag, dep = self.t.tag[token], self.t.dep[token]
        if dep not in _FUNCTIONS:
            if tag in VERB_TAGS or (tag == "MD" and dep in ("ROOT", "ccomp", "conj")):
                self._settle_verb(token)
                return
            if tag in _NOMINAL_TAGS:
                self.value[token] = self._noun(token)
                return
        # Adjectives, adverbs and prepositions are as certain as what they hang on.
        self.value[token] = self.value[self.t.head[token]]

    # --- verbs --------------------------------------------------------------------------------------

    def _settle_verb(self, token: int) -> None:
        around = look_around(self.t, self.w, token)
        self.around[token] = around
        dep, head = self.t.dep[token], self.t.head[token]
        if dep == "conj" and self.t.tag[head] in VERB_TAGS and head in self.around:
            above = self.around[head]
            if self._shares(token, head, around, above):
                base = self.base[head]
                shared = Around(
                    is_negated=above.is_negated or around.is_negated,
                    modal=around.modal or above.modal,
                    adverb=around.adverb,
                    has_perfect=above.has_perfect,
                )
                self.base[token], self.value[token] = base, self._apply(token, base, shared)
                return
            base = CERTAIN if around.linker is None and around.has_subject else self.base[head]
            if around.has_subject and dep == "conj":
                base = self.base[head]
        elif around.linker is not None and around.linker in self.w.linkers and dep != "ccomp":
            base = self.w.linkers[around.linker]
        else:
            base = self._context(token, dep, head, around)
        self.base[token] = base
        self.value[token] = self._apply(token, base, around)

    def _shares(self, token: int, head: int, own: Around, above: Around) -> bool:
        """Whether a conjunct stands under the same auxiliaries as the first ("may stay or leave")."""
        if own.has_subject or own.aux or own.is_infinitive:
            return False
        tag, first = self.t.tag[token], self.t.tag[head]
        return tag == first and (tag not in ("VBD", "VBZ", "VBP") or above.is_infinitive)

    def _apply(self, token: int, base: int, around: Around) -> int:
        """A predicate's value: its context's, bent by auxiliaries, negation and adverbs of its own."""
        value = base
        if around.is_negated:
            value = -value
        modal = around.modal
        if modal is not None:
            strength = self.w.modals.get(modal, CERTAIN)
            if modal in ("would", "'d"):
                strength = self._would(token, around)
            if strength == POSSIBLE:
                if not (around.is_negated and modal in ("can", "could", "ca")):
                    value = max(-POSSIBLE, min(POSSIBLE, value))
            elif strength == OPEN:
                perfect = around.has_perfect and modal in ("must", "should", "ought")
                value = max(-PROBABLE, min(PROBABLE, value)) if perfect and modal == "must" else OPEN
        if around.adverb is not None:
            bound = around.adverb
            value = -max(-2, min(2, value)) if bound < 0 else max(-bound, min(bound, value))
        return value

    def _would(self, token: int, around: Around) -> int:
        """ "Would" is a later "will" where a verb of saying or thinking in the past stands over it."""
        if around.has_condition or around.has_perfect:
            return OPEN
        current = token
        for _ in range(6):
            head = self.t.head[current]
            if head == current:
                return OPEN
            if self.t.dep[current] == "ccomp" and self.t.tag[head] in _PAST:
                return CERTAIN
            if self.t.dep[current] not in ("conj", "xcomp", "advcl"):
                return OPEN
            current = head
        return OPEN

    # --- what governs a verb --------------------------------------------------------------------------

    def _context(self, token: int, dep: str, head: int, around: Around) -> int:
        if dep == "ROOT" or head == token:
            return self._root(token, around)
        if dep in ("ccomp", "xcomp", "oprd", "acomp", "attr", "dobj", "nsubj", "nsubjpass"):
            return self._complement(token, dep, head, around)
        if dep == "advcl":
            return self._adverbial(token, head, around)
        if dep in ("relcl", "acl"):
            return self._adnominal(token, head, around)
        if dep in ("pcomp", "pobj"):
            return self._after_preposition(head)
        if dep in ("csubj", "csubjpass"):
            found = self._predicate_signature(head, "to" if around.is_infinitive else "that")
            if found is not None:
                return found.of(self.value[head])
            return OPEN if around.is_infinitive else CERTAIN
        if dep == "conj":
            return self.value[head]
        return CERTAIN

    def _root(self, token: int, around: Around) -> int:
        t = self.t
        first, last = t.sentences[t.sentence[token]]
        end = last - 1
        while end > first and not t.is_word(end) and t.lower[end] != "?":
            end -= 1
        if t.lower[end] == "?" and around.question is None and t.tag[first] not in _WH:
            return OPEN
        is_bare = t.tag[token] == "VB" and not around.aux and not around.has_subject
        if is_bare and not around.is_infinitive and t.left[token] == token:
            # An imperative stands first in its sentence; elsewhere a bare form is the tagger's slip.
            return OPEN
        return CERTAIN

    def _complement(self, token: int, dep: str, head: int, around: Around) -> int:
        t = self.t
        frame = self._frame(token, dep, around)
        if dep == "ccomp" and token < head and around.has_subject and t.tag[head] in VERB_TAGS:
            # "It fell, he said": told, whatever stands around the verb of telling.
            found = self._signature(head, "that") or _SAYING
            return found.of(self.value[head])
        if t.lemma[head] in ("have", "be") and frame == "to":
            special = self._have_or_be(token, head)
            if special is not None:
                return special
        signature = self._predicate_signature(head, frame)
        if signature is None and frame == "wh":
            return OPEN if around.question in ("whether", "if") else CERTAIN
        if frame == "wh" and around.question in ("whether", "if"):
            return OPEN
        if signature is not None:
            return signature.of(self.value[head])
        if frame == "that":
            return _SAYING.of(self.value[head])
        return self._purpose(head) if frame == "to" else self.value[head]

    def _frame(self, token: int, dep: str, around: Around) -> str:
        if around.question is not None and around.linker != "that":
            return "wh"
        if around.is_infinitive:
            return "to"
        if self.t.tag[token] == "VBG" and not around.is_finite:
            return "ing"
        if around.is_finite or (dep == "ccomp" and around.has_subject and self.t.tag[token] != "VB"):
            return "that"
        # A bare infinitive ("let them pass"), or the subjunctive after a demand.
        return "that" if around.linker == "that" else "to"

    def _have_or_be(self, token: int, head: int) -> int | None:
        """ "Has yet to", "has to", "is to", "is going to": what these make of an infinitive."""
        t, value = self.t, self.value[head]
        kids = {t.lower[k] for k in t.kids[head] if k < token}
        if "yet" in kids:
            return -value
        if any(t.dep[k] in ("acomp", "dobj", "attr", "nsubj") and self._governs(k) for k in t.kids[head]):
            return None
        if t.lemma[head] == "have":
            return max(-PROBABLE, min(PROBABLE, value)) if t.tag[head] == "VBD" else OPEN
        if t.dep[head] == "xcomp" or token - head > 4:
            return None
        return OPEN if t.tag[head] == "VBD" else value

    def _governs(self, token: int) -> bool:
        return bool(self._frames(token))

    def _frames(self, token: int) -> Mapping[str, Signature] | None:
        pos = _POS.get(self.t.tag[token][:1])
        if self.t.tag[token] == "VBN" or self.t.tag[token] == "VBD":
            pos = "verb"
        if pos is None:
            return None
        found = self.signatures.get((self.t.lemma[token], pos))
        if found is None:
            # The pipeline's lemma of "hopes" is "hop".
            lemma = self.forms.get(self.t.lower[token])
            found = None if lemma is None else self.signatures.get((lemma, pos))
        if found is None and pos == "verb":
            # "is set to", "is poised to": participles that are adjectives.
            found = self.signatures.get((self.t.lower[token], "adjective"))
        return found

    def _signature(self, token: int, frame: str) -> Signature | None:
        frames = self._frames(token)
        return None if frames is None else frames.get(frame)

    def _predicate_signature(self, head: int, frame: str) -> Signature | None:
        """The signature of a governor, or of the adjective or noun that a copula joins to it."""
        found = self._signature(head, frame)
        if found is None and self.t.lemma[head] in ("be", "become", "seem", "remain", "look", "get"):
            for kid in self.t.kids[head]:
                if self.t.dep[kid] in ("acomp", "attr", "oprd", "advmod", "nsubj"):
                    found = self._signature(kid, frame)
                    if found is None and self.t.lower[kid] == "about":
                        found = self.signatures[("about", "adjective")].get(frame)
                    if found is not None:
                        return found
        if found is None and frame == "to":
            # "makes it possible to", "has a plan to": the object's own word governs.
            for kid in self.t.kids[head]:
                if self.t.dep[kid] in ("acomp", "oprd", "dobj"):
                    found = self._signature(kid, frame)
                    if found is not None:
                        return found
        return found

    def _adverbial(self, token: int, head: int, around: Around) -> int:
        value = self.value[head]
        if around.is_infinitive:
            signature = self._predicate_signature(head, "to")
            return signature.of(value) if signature is not None else self._purpose(head)
        if around.linker in ("as", "than") and any(
            self.t.lower[k] in ("if", "though") for k in self.t.kids[token]
        ):
            return OPEN
        if not around.is_finite and not around.has_subject:
            return value if abs(value) < CERTAIN else CERTAIN
        return CERTAIN

    def _purpose(self, head: int) -> int:
        """ "Gathered to retake the town": aimed at and within reach, not done; "rose to flood": done."""
        value = self.value[head]
        if self.t.lemma[head] in self.w.result:
            return value
        return min(POSSIBLE, value) if value > 0 else OPEN

    def _adnominal(self, token: int, head: int, around: Around) -> int:
        t = self.t
        if around.is_infinitive:
            signature = self._signature(head, "to")
            if signature is not None:
                return signature.of(self.value[head])
            if t.dep[head] == "ROOT" and t.tag[head] in NOUN_TAGS and not around.has_subject and head < token:
                # A headline's "to" is a "will" ("Council to close school").
                return CERTAIN
            if t.lower[head] in _RANKED or any(t.lower[k] in _RANKED for k in t.kids[head]):
                return self.value[head]
            # What a thing is there for ("a contract to supply", "tankers to replace") is likelier than not.
            return min(PROBABLE, self.value[head]) if self.value[head] > 0 else OPEN
        tells = around.linker == "that" or (t.dep[token] == "acl" and around.is_finite)
        if not tells and t.lemma[token] == "be" and around.has_subject:
            # "the rumour that the well is dry": a copula leaves no gap for a relative "that".
            subjects = [k for k in t.kids[token] if t.dep[k] in SUBJECTS and t.lower[k] != "that"]
            tells = bool(subjects) and any(t.lower[k] == "that" for k in t.kids[token])
        if tells:
            signature = self._signature(head, "that")
            if signature is not None:
                return signature.of(self.value[head])
        return (
            self.value[head] if abs(self.value[head]) < CERTAIN and not self._is_definite(head) else CERTAIN
        )

    def _after_preposition(self, preposition: int) -> int:
        t = self.t
        word, host = t.lower[preposition], t.head[preposition]
        if word in self.w.linkers:
            return self.w.linkers[word]
        if word in ("of", "than") and (t.lower[host] in self.w.instead or self._is_instead(preposition)):
            return -CERTAIN
        governed = self._governed_by_preposition(host, word)
        if governed is not None:
            return governed
        value = self.value[host]
        return value if word == "by" and abs(value) < CERTAIN else CERTAIN

    def _is_instead(self, preposition: int) -> bool:
        return preposition > 0 and self.t.lower[preposition - 1] in self.w.instead

    # --- nouns ----------------------------------------------------------------------------------------

    def _noun(self, token: int) -> int:
        t = self.t
        value = self._noun_context(token, t.dep[token], t.head[token])
        for kid in t.kids[token]:
            word, dep = t.lower[kid], t.dep[kid]
            if dep in ("det", "neg") and word in ("no", "neither"):
                # A verb that the phrase negates has turned already.
                value = -abs(value)
            elif dep in ("amod", "compound") and word in self.w.adjectives:
                bound = self.w.adjectives[word]
                value = bound if bound <= 0 else max(-bound, min(bound, value))
        return value

    def _noun_context(self, token: int, dep: str, head: int) -> int:
        if dep == "ROOT" or head == token:
            return CERTAIN
        t, value = self.t, self.value[head]
        if dep in ("conj", "appos"):
            return value if t.tag[head] in NOUN_TAGS else CERTAIN
        if dep in ("compound", "nmod", "poss", "amod"):
            frames = None if dep == "poss" else self._frames(head)
            if frames is not None and t.tag[head] in NOUN_TAGS:
                signature = next((frames[f] for f in _NOUN_FRAMES if f in frames), None)
                if signature is not None:
                    return signature.of(value)
            return CERTAIN
        if dep in ("pobj", "pcomp"):
            return self._object_of_preposition(head)
        if t.tag[head] not in VERB_TAGS and t.tag[head] != "MD":
            return CERTAIN
        if dep in _OBJECTS or dep == "dative":
            return self._object(token, head)
        if dep in ("nsubj", "nsubjpass"):
            signature = self._predicate_signature(head, "subject")
            if signature is not None:
                return signature.of(value)
            if t.lemma[head] in self.w.light and t.lemma[head] in ("occur", "take", "follow", "happen"):
                return value
        return CERTAIN

    def _object(self, token: int, head: int) -> int:
        t, value = self.t, self.value[head]
        particle = next((t.lower[k] for k in t.kids[head] if t.dep[k] == "prt"), None)
        signature = self._signature(head, particle or "np") or self._signature(head, "np")
        if signature is not None:
            return signature.of(value)
        if t.lemma[head] in self.w.light:
            return value
        # A noun mostly names what is there; a denied verb alone takes an indefinite one with it.
        return value if value < 0 and not self._is_definite(token) else CERTAIN

    def _object_of_preposition(self, preposition: int) -> int:
        t = self.t
        word, host = t.lower[preposition], t.head[preposition]
        if word in self.w.linkers:
            return self.w.linkers[word]
        if word in ("of", "than") and (t.lower[host] in self.w.instead or self._is_instead(preposition)):
            return -CERTAIN
        if word == "of" and t.lower[host] in ("case", "event"):
            return OPEN
        governed = self._governed_by_preposition(host, word)
        return CERTAIN if governed is None else governed

    def _governed_by_preposition(self, host: int, preposition: str) -> int | None:
        """What a governor says of what its preposition brings in ("accused the guard of selling it")."""
        signature = self._predicate_signature(host, preposition)
        if signature is None and self.t.dep[host] in ("dobj", "nsubjpass") and self.t.head[host] != host:
            host = self.t.head[host]
            signature = self._signature(host, preposition)
        if signature is None and self.t.tag[host] in VERB_TAGS:
            # "made a proposal for a truce": the phrase belongs to the object, wherever the parser hangs it.
            for kid in self.t.kids[host]:
                if self.t.dep[kid] in ("dobj", "attr") and signature is None:
                    signature = self._signature(kid, preposition)
        return None if signature is None else signature.of(self.value[host])

    def _is_definite(self, noun: int) -> bool:
        t = self.t
        return t.tag[noun] in ("NNP", "NNPS", "PRP") or any(
            t.dep[k] == "poss" or (t.dep[k] == "det" and t.lower[k] in self.w.definite) for k in t.kids[noun]
        )
