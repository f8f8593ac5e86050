"""A process that adds reports to a ledger and says so after each: `python -m tests.store.adder FILE N`.

Imports no reader, so that it starts in a fraction of a second.
"""

from __future__ import annotations

import sys
from functools import cache

from tests.store.conftest import add, simple_reading
from whoholds.model import Reading
from whoholds.store import open_ledger


@cache
def make_readings(number: int) -> list[Reading]:
    """Readings 0 to N - 1; made once for all processes that are forked afterwards."""
    return [simple_reading(n) for n in range(number)]


def main() -> None:
    """Add reports 0 to N - 1; print each one's number once it is acknowledged."""
    path, number = sys.argv[1], int(sys.argv[2])
    with open_ledger(path) as ledger:
        for n, reading in enumerate(make_readings(number)):
            add(ledger, reading)
            sys.stdout.write(f"{n}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
