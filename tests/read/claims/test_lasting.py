"""How long it lasted: lengths, counted days, "since then", "until", as days up to the telling."""

from __future__ import annotations

from datetime import UTC, date

import pytest
from tests.read.claims.world import claim_on

# (text, words of the quote, first and last day); told on Wednesday 14 May 2031
HOLDS = [
    ("Rebels held Borsk until Friday.", "held Borsk", (None, "2031-05-09")),
    ("The bridge in Borsk is closed until 20 May.", "closed", ("2031-05-14", "2031-05-20")),
    ("Rebels took Borsk on 3 May. Since then shells hit Dornay.", "hit Dornay", ("2031-05-03", "2031-05-14")),
    ("Rebels took Borsk on 3 May. They have held it ever since.", "held it", ("2031-05-03", "2031-05-14")),
    ("The army entered Borsk on 3 May. Dornay has since been retaken.", "retaken", (None, "2031-05-14")),
    ("Shells hit Dornay for the third day in succession.", "hit Dornay", ("2031-05-12", "2031-05-14")),
    ("For a second night shells hit Dornay.", "hit Dornay", ("2031-05-13", "2031-05-14")),
    ("Shells hit the second day school in Dornay.", "hit", (None, "2031-05-14")),
    ("Seventeen soldiers were killed in Dornay in three weeks.", "killed", ("2031-04-24", "2031-05-14")),
    ("Rebels have shelled Dornay for nine days.", "shelled", ("2031-05-06", "2031-05-14")),
    ("Rebels had shelled Dornay for nine days.", "shelled", (None, "2031-05-14")),
    ("No aircraft had bombed Dornay for nine days.", "bombed", ("2031-05-06", "2031-05-14")),
    ("The army in Dornay counted 31 dead since Friday.", "31 dead", ("2031-05-09", "2031-05-14")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "days"), HOLDS)
def test_days_that_something_lasted(text: str, words: str, days: tuple[str | None, str | None]) -> None:
    first, last = claim_on(text, words).holds.to_days(UTC)
    assert (first, last) == tuple(None if d is None else date.fromisoformat(d) for d in days)
