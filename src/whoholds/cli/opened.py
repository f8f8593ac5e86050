"""An open ledger as the commands on its record see it, and claims as lines of plain text.

Enters: a ledger file, an audience, an "as known on". Leaves: its claims, reports and record, and the forms
in which several commands print them.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoholds.cli.console import Format, instant_option, json_line, out
from whoholds.cli.ledger import audience_option
from whoholds.errors import ConfigurationError, NotFoundError
from whoholds.model import CONTESTED, UNKNOWN, Claim, ControlState
from whoholds.model.contract import moment_to_json
from whoholds.web.check_views import percent
from whoholds.web.wording import DEMO_BADGE, describe_day

if TYPE_CHECKING:
    from whoholds.ground.record import GroundRecord
    from whoholds.pipeline import Workspace
    from whoholds.store import View
    from whoholds.theatre import Theatre

__all__ = [
    "AudienceName",
    "ClockOption",
    "FormatOption",
    "KnownOption",
    "Opened",
    "ParametersOption",
    "about_day",
    "claim_lines",
    "find_record_place",
    "open_ledger_file",
    "print_demo_note",
    "print_lines",
    "write_rows",
]

AudienceName = Annotated[
    str,
    typer.Option(
        "--audience", metavar="public|desk", help="Whose view: desk sees all, public what it may see."
    ),
]
FormatOption = Annotated[
    Format | None, typer.Option("--format", help="table on a terminal, jsonl into a pipe.")
]
KnownOption = Annotated[
    str | None,
    typer.Option("--as-known-on", metavar="DATETIME", help="Only what was known by then; all by default."),
]
ClockOption = Annotated[
    str, typer.Option("--clock", metavar="public|desk", help="Known when reported, or when recorded here.")
]
ParametersOption = Annotated[
    str,
    typer.Option(
        "--parameters",
        metavar="VERSION|latest|learn",
        help="What sources are worth: as a version of whoholds learn has it, as the newest that fits (or, "
        "without one, learned now), or learned now.",
    ),
]
OUR_SUMMARY = "[our summary]"


@dataclass(frozen=True)
class Opened:
    """A ledger, whose eyes it is read with, and up to when."""

    workspace: Workspace
    view: View
    known: datetime | None
    clock: str
    parameters: str = "latest"

    @property
    def theatre(self) -> Theatre:
        """The war."""
        return self.workspace.theatre

    def claims(self) -> list[Claim]:
        """All claims that may be seen, those known later left out; by id."""
        from whoholds.fuse.intake import select_known
        from whoholds.store import ClaimFilter

        found = self.view.claims(ClaimFilter())
        return sorted(select_known(found, self.known, self.clock, self.theatre.zone), key=lambda c: c.id)

    def control_claims(self) -> list[Claim]:
        """The claims that the record rests on."""
        return self.view.claims_for_control(self.known, self.clock)

    def record(self) -> GroundRecord:
        """The record of control."""
        return self.workspace.record(
            self.known, audience=self.view.audience, clock=self.clock, parameters=self.parameters
        )

    def last_day(self, record: GroundRecord) -> date:
        """The record's last day, or the last one that is wholly known."""
        if self.known is None:
            return record.days[-1]
        known = (self.known - timedelta(microseconds=1)).astimezone(self.theatre.zone).date()
        return max(record.days[0], min(known, record.days[-1]))

    def publishers(self) -> dict[str, str | None]:
        """Report id to its publisher."""
        return {r.id: r.publisher for r in self.view.reports()}

    def cards(self, claims: Sequence[Claim]) -> dict[str, dict[str, Any]]:
        """Claim id to the claim in words."""
        from whoholds.web.histories import describe_claims

        return {c["id"]: c for c in describe_claims(self.view, claims, self.theatre)}

    def state_name(self, status: str) -> str:
        """A status in words."""
        # Not at the top: it imports NumPy and the rest, which takes a second, also for --help.
        from whoholds.web.histories import state_words

        return state_words(self.theatre, status)

    def shares(self, state: ControlState) -> str:
        """All states with their probabilities, the likeliest first."""
        ordered = sorted(state.p, key=lambda pair: -pair[1])
        return ", ".join(f"{self.state_name(name)} {percent(p)}" for name, p in ordered)

    def day(self, moment: date | datetime | None) -> str:
        """A day in words."""
        return describe_day(moment, self.theatre.zone)

    def says(self, state: ControlState) -> str:
        """Who holds a place, as a clause of a sentence."""
        if state.status == UNKNOWN:
            return "nothing is known"
        p = percent(dict(state.p)[state.status])
        if state.status == CONTESTED:
            return f"contested ({p})"
        return f"held by {self.state_name(state.status)} ({p})"

    def brief(self, claim: Claim, card: Mapping[str, Any]) -> dict[str, Any]:
        """A claim in a record of output: who, where printed, when, what, in which words."""
        return {
            "claim_id": claim.id,
            "report_id": claim.report_id,
            "speaker": card["speaker"],
            "side": card["side"],
            "publisher": card["publisher"] if card["has_publisher"] else None,
            "reported_at": moment_to_json(claim.reported_at),
            "stance": claim.stance.value,
            "statement": card["statement"],
            "quote": card["quote"],
            "origin": "written-for-demo" if card["is_demo"] else claim.origin,
        }


@contextmanager
def open_ledger_file(
    file: Path,
    audience: str,
    known: str | None = None,
    clock: str = "public",
    parameters: str = "latest",
) -> Iterator[Opened]:
    """A ledger opened for reading.

    Raises:
        StoreError: It cannot be opened.
        ConfigurationError: An option's value is none of its list, or no date.
    """
    from whoholds.pipeline import Workspace

    if clock not in ("public", "desk"):
        raise ConfigurationError(f"--clock must be public or desk, not {clock!r}")
    with Workspace.open(file, read_only=True) as workspace:
        instant = instant_option(known, "--as-known-on", workspace.theatre.zone)
        yield Opened(workspace, workspace.view(audience_option(audience)), instant, clock, parameters)


def claim_lines(card: Mapping[str, Any], more: str = "") -> list[str]:
    """A claim in two lines: who says what, where and when; its words."""
    side = f" ({card['side_name']})" if card["side_name"] else ""
    figures = f" ({', '.join(card['quantities'])})" if card["quantities"] else ""
    tail = [card["reported"]]
    if card["has_publisher"] and not card["is_own_voice"]:
        tail.append(f"in {card['publisher']}")
    if card["via"]:
        tail.append(f"via {', '.join(card['via'])}")
    if more:
        tail.append(more)
    lines = [f"- {card['speaker']}{side} {card['stance_words']}: {_shorten(card['statement'])}{figures}"]
    lines[0] += f" ({', '.join(tail)})"
    if card["quote"]:
        mark = f"{OUR_SUMMARY} " if card["is_demo"] else ""
        lines.append(f"    {mark}{' '.join(card['quote'].split())}")
    lines.extend(f"    {note}" for note in card.get("place_notes", ()))
    return lines


def about_day(opened: Opened, on: date | None, card: Mapping[str, Any]) -> str:
    """The day that a claim is about, where that is not the day on which it was said."""
    about = opened.day(on) if on else ""
    return f"about {about}" if about and not card["reported"].startswith(about) else ""


def _shorten(statement: str) -> str:
    """A statement with a long list of places cut; the words below it have them all."""
    parts = statement.split(", ")
    return statement if len(parts) <= 4 else f"{', '.join(parts[:3])} and {len(parts) - 3} more"


def print_lines(lines: Iterable[str], indent: str = "") -> None:
    """Print plain lines."""
    for line in lines:
        out.print(f"{indent}{line}" if line else "", markup=False)


def print_demo_note(cards: Iterable[Mapping[str, Any]]) -> None:
    """Say what `[our summary]` means, where it was printed."""
    if any(c["is_demo"] for c in cards):
        print_lines(["", f"{OUR_SUMMARY}: {DEMO_BADGE}"])


def write_rows(form: Format, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Records as JSON (one list), JSON Lines or CSV.

    Args:
        form: Which; not a table.
        rows: The records.
        columns: Those of the CSV; lists in a cell are joined by "; ".
    """
    if form is Format.JSON:
        json_line(list(rows))
    elif form is Format.JSONL:
        for row in rows:
            json_line(row)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row.get(column)) for column in columns])


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(str(v) for v in value)
    return "" if value is None else value


def find_record_place(opened: Opened, record: GroundRecord, words: str) -> tuple[str, str]:
    """A place of the record by name or id: its key and its name.

    Raises:
        NotFoundError: Claims name none such, or it is an area, which no one holds as a whole.
    """
    from whoholds.check.explanations import name_places
    from whoholds.cli.ledger import find_place_id

    names = name_places(opened.control_claims())
    if words in record.places:
        return words, names.get(words, words)
    key = find_place_id(opened.view, words)
    name = next((p.name for p in opened.view.places() if p.place_id == key), words)
    if key not in record.places:
        raise NotFoundError(
            f"the record has no state for {name!r}: it is an area, lies outside the theatre, or was not yet "
            "spoken of; ask for a town or village (whoholds area has the square kilometres)"
        )
    return key, name
