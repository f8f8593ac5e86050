"""The exceptions of the project: one root, each also the built-in that fits.

A message names the thing, the value and the remedy, on one line. A bad item of many is no exception
but a `model.Rejection`; these are for what stops a run. `cli/exits.py` and `web/status.py` map them
to exit and HTTP statuses.
"""

from __future__ import annotations

__all__ = [
    "ConfigurationError",
    "DependencyError",
    "FormatError",
    "InputError",
    "InvariantError",
    "LedgerDamagedError",
    "LedgerExistsError",
    "LedgerTooNewError",
    "NoReaderError",
    "NotALedgerError",
    "NotFoundError",
    "StoreError",
    "WhoholdsError",
]


class WhoholdsError(Exception):
    """Root of all exceptions that this package raises on purpose.

    Attributes:
        code: Stable, machine-readable name of the problem (`no_reader_for_language`).
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class InputError(WhoholdsError, ValueError):
    """Something handed in cannot be used: a text, a date, a file's content."""

    code = "bad_input"


class FormatError(InputError):
    """A record does not have the shape that `contracts.md` promises."""

    code = "bad_format"


class NoReaderError(InputError):
    """No reader is installed for the language of a report."""

    code = "no_reader_for_language"

    def __init__(self, language: str, *, available: tuple[str, ...] = ()) -> None:
        self.language = language
        known = ", ".join(available) or "none"
        super().__init__(
            f"no reader for language {language!r} (readers here: {known}); "
            "give --lang if the guess is wrong, or translate the text first"
        )


class ConfigurationError(WhoholdsError, ValueError):
    """A theatre, a setting or an option is wrong. Exit status 2."""

    code = "bad_configuration"


class DependencyError(WhoholdsError, ImportError):
    """An optional part is not installed."""

    code = "missing_dependency"


class NotFoundError(WhoholdsError, LookupError):
    """What was asked for by name or id is not there."""

    code = "not_found"


class StoreError(WhoholdsError, OSError):
    """The ledger, or a file, cannot be reached or written. Exit status 4."""

    code = "store_unavailable"


class NotALedgerError(StoreError):
    """The file exists but is no ledger of this program."""

    code = "not_a_ledger"


class LedgerDamagedError(StoreError):
    """The ledger is torn or its content contradicts itself."""

    code = "ledger_damaged"


class LedgerTooNewError(StoreError):
    """The ledger was written by a newer program."""

    code = "ledger_too_new"


class LedgerExistsError(StoreError):
    """A new ledger was asked for where a file is already."""

    code = "ledger_exists"


class InvariantError(WhoholdsError, AssertionError):
    """The program contradicts itself: a bug. Exit status 1."""

    code = "bug"
