"""What a rule may look at: tokens with their classes, the parse, the publication, what was told of last.

`Scene` is made for one text and forgets nothing but the narrative's day, which `remember` moves on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from whoholds.model import TimexType
from whoholds.read.numerals import Kind, Token
from whoholds.read.times.meaning import Meaning, day_meaning, safe_day, shift_days
from whoholds.read.times.patterns import Match, load_context, load_holidays, load_words
from whoholds.read.times.tense import Direction, direction_of, is_future
from whoholds.text.parse import Parsed

if TYPE_CHECKING:
    from whoholds.text.tokens import Token as Word

__all__ = ["Scene"]


class Scene:
    """One text while its times are read."""

    def __init__(self, parsed: Parsed, tokens: Sequence[Token], published: date | None, zone: tzinfo) -> None:
        self.parsed = parsed
        self.text = parsed.text
        self.tokens = tokens
        self.published = published
        self.zone = zone
        self.told: Meaning | None = None
        self.told_day: date | None = None
        self.told_at = -1
        self._words = load_words()
        self.context = load_context()

    # --- words ------------------------------------------------------------------------------------------

    def class_of(self, index: int) -> str:
        """The class of a token's word, "" for none."""
        return self._words.get(self.tokens[index].low, ("", None))[0]

    def value(self, index: int) -> Any:
        """What the lexicon gives a token's word."""
        return self._words[self.tokens[index].low][1]

    def step(self, index: int) -> int:
        """-1 for what looks back, 1 for what looks on, 0 for neither."""
        return int(self.value(index))

    def word_at(self, index: int) -> str:
        """The lower-case token at an index, "" past the ends."""
        return self.tokens[index].low if 0 <= index < len(self.tokens) else ""

    def words_from(self, index: int, count: int) -> list[str]:
        """Up to so many lower-case tokens from an index on."""
        return [token.low for token in self.tokens[index : index + count]]

    def word_before(self, index: int) -> str:
        """The lower-case token before an index."""
        return self.word_at(index - 1)

    def preposition(self, index: int) -> str:
        """The word that governs an expression, articles and "the end of" skipped."""
        at = index - 1
        while at >= 0 and self.tokens[at].low in self.context["before_modifiers"]:
            at -= 1
        return self.word_at(at)

    def parsed_word(self, index: int) -> Word:
        """The parse's token at (or before) the start of a token."""
        return self.parsed.doc.token_at(self.tokens[index].start)

    # --- form -------------------------------------------------------------------------------------------

    def is_joined(self, first: int, last: int) -> bool:
        """Whether the tokens [first, last) stand without white space between."""
        return all(self.tokens[n].end == self.tokens[n + 1].start for n in range(first, last - 1))

    def is_glued(self, index: int) -> bool:
        """Whether a token stands right after a letter or figure."""
        start = self.tokens[index].start
        return start > 0 and self.text[start - 1].isalnum()

    def is_hyphened(self, index: int, other: int) -> bool:
        """Whether a hyphen joins a number and its unit."""
        return other - index >= 2 and self.is_joined(index, other + 1)

    def is_year(self, index: int) -> bool:
        """Whether a plausible year is meant as one and not as a count, a name's number or a code."""
        token = self.tokens[index]
        before, after = self.word_before(index), self.word_at(index + 1)
        glued_before = self.text[token.start - 1 : token.start]
        glued_after = self.text[token.end : token.end + 1]
        if glued_before.isalnum() or (glued_before and glued_before in "#$€£¥₽₴₹₪/+.@"):
            return False
        if glued_before and glued_before in "-–—":
            outer = self.text[token.start - 2 : token.start - 1]
            if outer.isalpha() and self.word_at(index - 2) not in self.context["year_prefixes"]:
                return False
        if glued_after and glued_after in "-–" and self.text[token.end + 1 : token.end + 2].isalnum():
            return False  # "2000-strong", "1999-555"; ranges of years have their own rule
        if glued_after.isalpha() or (glued_after and glued_after in "%°/$€£"):
            return False
        word = self.parsed_word(index)
        if before in self.context["year_before"]:
            counts = self.counts_something(index) and word.ent_type_ != "DATE"
            return not counts or after in self.context["year_after"]
        if word.ent_type_ == "DATE":
            return True
        if before == "(" or after == ")":
            return word.pos_ == "NUM"
        if before == "the" and index + 1 < len(self.tokens) and self.tokens[index + 1].kind is Kind.WORD:
            # "the 2008 Olympic Games": a year before a name.
            return self.text[self.tokens[index + 1].start].isupper()
        if word.ent_type_ not in ("", "EVENT", "TIME", "GPE", "LAW"):
            return False
        return word.dep_ in ("npadvmod", "pobj", "nmod", "compound") and not self.counts_something(index)

    def counts_something(self, index: int) -> bool:
        """Whether a number counts the noun after it."""
        word = self.parsed_word(index)
        if word.dep_ != "nummod" or word.head.i <= word.i:
            return False
        return word.head.tag_ in ("NNS", "NNPS") and word.head.i - word.i <= 4

    def is_score(self, match: Match) -> bool:
        """Whether "3:02" is a result or a running time and no time of day."""
        token = self.tokens[match.kept["c"]]
        if ":" not in token.low:
            return False
        return (
            len(token.low.split(":")[0]) < 2
            and self.word_before(match.first) not in self.context["clock_before"]
        )

    def is_age(self, match: Match) -> bool:
        """Whether "35-year-old" or "35 years of age" is an age."""
        for index in range(match.last, min(match.last + 3, len(self.tokens))):
            word = self.tokens[index].low
            if word in ("old", "olds", "older", "younger", "age"):
                return True
            if word not in ("-", "of"):
                return False
        return False

    def is_rate(self, match: Match) -> bool:
        """Whether a length is only the measure of a rate: "100 km per 24 hours"."""
        return self.word_before(match.first) in ("per", "/")

    def is_rate_article(self, index: int) -> bool:
        """Whether "a year" is each year: "15 a year", "three times a week", "$40 a day"."""
        if index == 0:
            return False
        before = self.tokens[index - 1]
        if before.kind is Kind.NUMBER or before.low in ("times", "once", "twice", "%", "percent", "cent"):
            return True
        word = self.parsed_word(index)
        noun = word.head if word.dep_ == "det" else word
        return (
            noun.dep_ in ("npadvmod", "prep")
            and before.kind is Kind.WORD
            and self.parsed_word(index - 1).pos_ == "NOUN"
            and any(t.kind is Kind.NUMBER for t in self.tokens[max(0, index - 4) : index - 1])
        )

    def is_modifier(self, index: int) -> bool:
        """Whether a unit only modifies the noun after it ("a day job", "a week night")."""
        word = self.parsed_word(index)
        return word.dep_ == "compound" and word.head.i == word.i + 1 and self.word_at(index + 1) != "-"

    def is_name(self, index: int) -> bool:
        """Whether a capitalised word within a sentence is part of a name ("Daily News")."""
        token = self.tokens[index]
        return self.text[token.start].isupper() and self.parsed_word(index).pos_ == "PROPN"

    def is_bare_noun(self, match: Match) -> bool:
        """Whether a noun has nothing after it that says which one is meant."""
        after = self.word_at(match.last)
        if not after or after in self.context["clause_ends"] or match.last >= len(self.tokens):
            return True
        if self.tokens[match.last].kind is Kind.BREAK:
            return True
        noun = self.parsed_word(match.last - 1)
        if noun.dep_ == "compound" or self.class_of(match.last) in ("before", "after"):
            return False
        if after in self.context["relative_after"]:
            return False
        return not any(c.dep_ in ("relcl", "acl", "amod") and c.i > noun.i for c in noun.children)

    def ends_clause(self, index: int) -> bool:
        """Whether nothing that "before" or "after" could govern follows."""
        after = self.word_at(index)
        return (
            not after
            or after in self.context["clause_ends"]
            or self.tokens[index].kind is Kind.BREAK
            or after in ("and", "but")
        )

    def follows_of(self, index: int) -> bool:
        """Whether "of" follows."""
        return self.word_at(index) == "of"

    # --- what it is relative to -----------------------------------------------------------------------------

    def remember(self, meaning: Meaning, start: int) -> None:
        """Take an anchored day, month or year as what the text now tells of."""
        if meaning.first is None or meaning.timex is TimexType.DURATION:
            return
        if not 1000 <= meaning.first.year <= 9000:
            return  # "5,000 years later": no report goes on from there
        if meaning.grain in ("Day", "Part", "Clock"):
            self.told_day = meaning.first
        self.told, self.told_at = meaning, start

    def told_day_in_sentence(self, index: int) -> date | None:
        """The day told of last, if it stands in the sentence of a token."""
        if self.told_day is None or self.told_at < 0:
            return None
        return self.told_day if self.told_at >= self.parsed_word(index).sent.start_char else None

    def told_month_in_line(self, index: int) -> date | None:
        """A day of the month told of last, if it stands in the line of a token."""
        told = self.told
        if told is None or told.first is None or told.grain not in ("Day", "Month"):
            return None
        return told.first if "\n" not in self.text[self.told_at : self.tokens[index].start] else None

    def told_or_published(self, index: int) -> date | None:
        """What "that", "the previous" and their like count from."""
        anaphoric = self.class_of(index) in ("that", "same", "previous", "following")
        return (self.told_day or self.published) if anaphoric else self.published

    def direction(self, index: int) -> Direction:
        """Which way the clause of a token looks."""
        return direction_of(self.parsed_word(index))

    def is_ahead(self, match: Match) -> bool:
        """Whether the clause looks ahead of the publication."""
        before = self.preposition(match.first)
        if before == "since":
            return False
        if self.word_at(match.last) in ("'", "’") and self.word_at(match.last + 1) == "s":
            # "Monday's debate" is a known one: ahead only where the words around it say so.
            return before == "before" or (before == "ahead") or is_future(self.parsed_word(match.first))
        found = self.direction(match.first)
        if found is Direction.OPEN and before in self.context["deadline_before"]:
            return True
        return found is Direction.AHEAD

    def choose_day(self, candidates: list[date], anchor: date, match: Match) -> date | None:
        """The one of several years that the clause's direction asks for; the nearest where it is open.

        Days of the next or last week are taken whatever the direction: tense is read less surely.
        """
        if not candidates:
            return None
        nearest = min(candidates, key=lambda d: (abs((d - anchor).days), d))
        gap = (nearest - anchor).days
        if abs(gap) <= 7:
            return nearest
        found = self.direction(match.first)
        past = [d for d in candidates if d <= anchor]
        ahead = [d for d in candidates if d >= anchor]
        is_deadline = 0 < gap <= 60 and self.preposition(match.first) in self.context["deadline_before"]
        if found is Direction.BEHIND and past and not is_deadline:
            return past[-1]
        return ahead[0] if found is Direction.AHEAD and ahead and gap < -60 else nearest

    def choose_month(self, candidates: list[date], anchor: date, match: Match) -> date | None:
        """The year of a month: as `choose_day`, the running month counting as near."""
        running = anchor.replace(day=1)
        if running in candidates:
            return running
        past = [d for d in candidates if d < running]
        ahead = [d for d in candidates if d > running]
        before, found = self.preposition(match.first), self.direction(match.first)
        is_ahead = found is Direction.AHEAD and before != "since"
        if found is Direction.OPEN and before in self.context["deadline_before"]:
            is_ahead = True
        if ahead and (is_ahead or not past):
            return ahead[0]
        return past[-1] if past else None

    def choose_stretch(self, found: list[Meaning], match: Match) -> Meaning | None:
        """The one of several stretches: the last that has begun, or the next where the clause looks ahead."""
        day = self.published
        if day is None or not found:
            return None
        if self.is_ahead(match):
            left = [f for f in found if f.last is not None and f.last >= day]
            return left[0] if left else found[-1]
        begun = [f for f in found if f.first is not None and f.first <= day]
        return begun[-1] if begun else found[0]

    def century_year(self, two_digits: int) -> int:
        """The year of "'82": the last one with these digits up to ten years after the publication."""
        limit = (self.published.year if self.published is not None else 2030) + 10
        year = limit // 100 * 100 + two_digits
        return year if year <= limit else year - 100

    def holiday_meaning(self, match: Match) -> Meaning | None:
        """The day of a feast nearest to the publication in the clause's direction."""
        words = " ".join(self.tokens[n].low for n in range(match.first, match.last))
        kind, given = load_holidays()[words]
        if kind == "reference":
            return Meaning(TimexType.DATE, str(given))
        unknown = Meaning(TimexType.DATE, None, "Day")
        if given == "" or self.published is None:
            return unknown
        years = [self.published.year + step for step in (-1, 0, 1)]
        if kind == "easter":
            days = [shift_days(_easter(year), int(given)) for year in years]
        else:
            days = [safe_day(year, int(given[:2]), int(given[3:])) for year in years]
        known = [d for d in days if d is not None]
        chosen = self.choose_day(known, self.published, match)
        return unknown if chosen is None else day_meaning(chosen)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Anonymous computus; Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, 1) + timedelta(days=day)
