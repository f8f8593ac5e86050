"""Exit statuses (contracts.md, section 4): one table from exception to status."""

from __future__ import annotations

from whoholds.errors import (
    ConfigurationError,
    DependencyError,
    InputError,
    InvariantError,
    NotFoundError,
    StoreError,
    WhoholdsError,
)

__all__ = ["DONE", "REJECTED", "UNREACHABLE", "USAGE", "exit_status"]

DONE = 0
BUG = 1
USAGE = 2
REJECTED = 3
UNREACHABLE = 4

# First match wins: subclasses stand before their bases.
_TABLE: tuple[tuple[type[BaseException], int], ...] = (
    (InvariantError, BUG),
    (StoreError, UNREACHABLE),
    (ConfigurationError, USAGE),
    (NotFoundError, USAGE),
    (DependencyError, USAGE),
    (InputError, USAGE),
    (WhoholdsError, BUG),
    (OSError, UNREACHABLE),
)


def exit_status(error: BaseException) -> int:
    """The status that an exception ends the program with."""
    return next((status for kind, status in _TABLE if isinstance(error, kind)), BUG)
