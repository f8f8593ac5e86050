"""How the `llm` reader is set up: environment variables in, checked `LlmSettings` out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from whoholds.errors import ConfigurationError

__all__ = ["LlmSettings", "read_settings"]

PREFIX = "WHOHOLDS_LLM_"
_PATH = "/chat/completions"
N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """One endpoint and what may be asked of it.

    Attributes:
        url: Address of `/chat/completions`.
        model: The endpoint's name for the model.
        key: Bearer token, or None. Never shown, never logged.
        languages: ISO 639-1 codes of the languages that it is trusted with.
        timeout_s: Longest that one request may take, seconds.
        retries: How often a failed request is sent again.
        max_tokens: Cap on prompt and completion tokens together, for the life of the process.
        max_reports: Cap on reports, likewise.
        answer_tokens: Longest answer to one request, tokens.
        piece_chars: Longest stretch of text in one request, code points.
        p: Probability that a claim of this model is right as put down, before its places are weighed.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    languages: frozenset[str] = frozenset({"en", "ru", "uk", "ar", "fr", "es", "de"})
    timeout_s: float = 120.0
    retries: int = 4
    max_tokens: int = 1_000_000
    max_reports: int = 1_000
    answer_tokens: int = 4_096
    piece_chars: int = 8_000
    p: float = 0.5


def read_settings(environment: Mapping[str, str] | None = None) -> LlmSettings:
    """The settings that the environment names (`docs/readers.md` lists the variables).

    Raises:
        ConfigurationError: The address or the model is not named, or a value cannot be used.
    """
    env = os.environ if environment is None else environment
    missing = [PREFIX + name for name in ("URL", "MODEL") if not env.get(PREFIX + name, "").strip()]
    if missing:
        raise ConfigurationError(
            f"reader 'llm' is not configured: set {' and '.join(missing)} (and {PREFIX}KEY where the "
            "endpoint wants one), or leave --reader out for rules.en",
            code="llm_not_configured",
        )
    defaults = LlmSettings(url="", model="")
    return LlmSettings(
        url=_address(env[PREFIX + "URL"].strip()),
        model=env[PREFIX + "MODEL"].strip(),
        key=_key(env.get(PREFIX + "KEY", "").strip()),
        languages=_languages(env.get(PREFIX + "LANGS", "")) or defaults.languages,
        timeout_s=_number(env, "TIMEOUT_S", float, defaults.timeout_s, 0.1, 3_600.0),
        retries=_number(env, "RETRIES", int, defaults.retries, 0, 20),
        max_tokens=_number(env, "MAX_TOKENS", int, defaults.max_tokens, 1, 10**12),
        max_reports=_number(env, "MAX_REPORTS", int, defaults.max_reports, 1, 10**9),
        answer_tokens=_number(env, "ANSWER_TOKENS", int, defaults.answer_tokens, 16, 1_000_000),
        piece_chars=_number(env, "PIECE_CHARS", int, defaults.piece_chars, 200, 1_000_000),
        p=_number(env, "P", float, defaults.p, 0.01, 0.99),
    )


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{PREFIX}URL {text!r} is no address of an endpoint; write it as https://host/v1"
        )
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError(f"{PREFIX}URL must carry no password; put the key into {PREFIX}KEY")
    bare = text.rstrip("/")
    return bare if bare.endswith(_PATH) else bare + _PATH


def _key(text: str) -> str | None:
    if not (text.isascii() and text.isprintable()):
        raise ConfigurationError(f"{PREFIX}KEY has characters that no header can carry; copy it again")
    return text or None


def _languages(text: str) -> frozenset[str]:
    codes = frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    wrong = sorted(c for c in codes if not (c.isascii() and c.isalpha() and len(c) in (2, 3)))
    if wrong:
        raise ConfigurationError(
            f"{PREFIX}LANGS has {wrong[0]!r}, which is no ISO 639 code; write it as en,ru,uk"
        )
    return codes


def _number(env: Mapping[str, str], name: str, kind: Callable[[str], N], default: N, low: N, high: N) -> N:
    text = env.get(PREFIX + name, "").strip()
    if not text:
        return default
    try:
        value = kind(text)
    except ValueError:
        value = None
    # A comparison with NaN is false: it falls out here too.
    if value is None or not low <= value <= high:
        raise ConfigurationError(f"{PREFIX}{name} is {text!r}; give a number from {low} to {high}")
    return value
