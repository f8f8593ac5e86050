"""Names to keys: a name as written in, the strings under which it is looked up out.

Two keys: `fold_name` for exact look-up without regard to case, marks and punctuation; `skeleton_of` for
look-up without regard to transliteration, inflected endings and most slips of the pen.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["MAX_NAME_CHARS", "fold_name", "romanise", "skeleton_of"]

MAX_NAME_CHARS = 100
"""Longer strings are no names: they fold to nothing. GeoNames' longest settlement name has 76 letters."""

# Letters that Unicode does not decompose, by their usual Latin or plain form.
_PLAIN = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a",
        "ħ": "h", "ŧ": "t", "ŋ": "ng", "ĸ": "k", "ß": "ss", "ґ": "г",
        # Apostrophes, primes and soft signs stand for nothing that another writer keeps.
        "'": "", "’": "", "‘": "", "ʼ": "", "ʻ": "", "ʹ": "", "ʺ": "", "′": "", "″": "",
        "`": "", "´": "", "ʿ": "", "ʾ": "",
        ".": "", "ь": "", "ъ": "", "ـ": "",
        "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك",
    }
)  # fmt: skip
_ASCII_NAME = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_HEADS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_TABLE_END = 0x2100


def _fold_character(c: str) -> str:
    """One character's part of a key, by way of Unicode's compatibility decomposition."""
    text = unicodedata.normalize("NFKD", c.casefold().translate(_PLAIN)).casefold()
    text = "".join(x for x in text if not unicodedata.combining(x)).translate(_PLAIN)
    return "".join(x if x.isalnum() else " " for x in text)


# Latin, Greek, Cyrillic, Hebrew, Arabic, Indic and punctuation: one pass instead of four.
_TABLE = {i: folded for i in range(_TABLE_END) if (folded := _fold_character(chr(i))) != chr(i)}


def fold_name(name: str) -> str:
    """The key of a name: `"Kup'yans'k"`, `"KUPYANSK"` to `"kupyansk"`; `""` where nothing is left.

    Case, accents, apostrophes, soft signs, dots and hyphens are set aside, `St.` and `Mt.` written out.
    Scripts are kept apart: `"Суджа"` gives `"суджа"`.
    """
    # One plain word is folded faster than a cache answers.
    if name.isascii() and name.isalpha() and len(name) <= MAX_NAME_CHARS:
        return name.lower()
    return _fold_marked(name)


@lru_cache(maxsize=16384)
def _fold_marked(name: str) -> str:
    if len(name) > MAX_NAME_CHARS:
        return ""
    if _ASCII_NAME.fullmatch(name):
        text = name.lower()
    else:
        if max(name, default="") >= chr(_TABLE_END):
            name = "".join(_fold_character(c) if ord(c) >= _TABLE_END else c for c in name)
        text = " ".join(name.translate(_TABLE).split())
    head, space, rest = text.partition(" ")
    if space and head in _HEADS:
        text = f"{_HEADS[head]} {rest}"
    return text if len(text) <= MAX_NAME_CHARS else ""


# BGN/PCGN romanisation without its marks (Russian and Ukrainian letters together): only the consonants
# matter to the skeleton.
_CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "є": "ye", "ж": "zh", "з": "z", "и": "i",
        "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y", "э": "e",
        "ю": "yu", "я": "ya", "ћ": "ch", "ђ": "dj", "љ": "l", "њ": "n", "џ": "dzh", "ј": "y", "ў": "u",
    }
)  # fmt: skip


def romanise(folded: str) -> str:
    """A folded name with Cyrillic letters in Latin; other scripts stay."""
    return folded.translate(_CYRILLIC)


# Letter groups that transliterations exchange, longest first, to one consonant class each.
_CLASSES = (
    ("shch", "s"), ("stsch", "s"), ("dzh", "z"), ("tsch", "s"), ("sch", "s"), ("tch", "s"), ("zh", "z"),
    ("dsch", "z"), ("dj", "z"), ("zj", "z"), ("dz", "z"), ("kh", "g"), ("ch", "s"), ("sh", "s"), ("ts", "s"),
    ("tz", "s"),
    ("cz", "s"), ("sz", "s"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ou", ""), ("aw", ""),
)  # fmt: skip
_CLASS_PATTERN = re.compile("|".join(group for group, _ in sorted(_CLASSES, key=lambda p: -len(p[0]))))
_CLASS_OF = dict(_CLASSES)
_LETTER_CLASS = str.maketrans(
    {
        "c": "k", "q": "k", "x": "k", "h": "g", "w": "v", "j": "",
        "a": "", "e": "", "i": "", "o": "", "u": "", "y": "", " ": "",
    }
)  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(maxsize=16384)
def skeleton_of(folded: str) -> str:
    """The consonant classes of a folded name: `chasov yar` and `chasiv yar` both give `ssvr`.

    Vowels go, since transliterations and case endings change them; letters that romanisations exchange
    (kh, h, g; zh, j, dj; ch, sh, ts, c) fall together. After Philips' Metaphone in idea, but for
    transliterated names. A name that begins with a vowel keeps one mark for it.
    """
    text = romanise(folded)
    mark = "a" if text[:1] in tuple("aeiouy") else ""
    # A first "j" is a consonant ("Jenin"); elsewhere a glide ("Kupjansk") unless "dj" or "zj".
    text = "dj" + text[1:] if text[:1] == "j" else text
    text = _CLASS_PATTERN.sub(lambda m: _CLASS_OF[m.group()], text).translate(_LETTER_CLASS)
    return mark + _DOUBLE.sub(r"\1", text)
