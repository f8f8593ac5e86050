"""`whoholds why`: the state of a place on a day, the claims for and against, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoholds.cli.console import Format, chosen_format, day_option, json_line
from whoholds.cli.exits import DONE
from whoholds.cli.ledger import LedgerFile
from whoholds.cli.opened import (
    AudienceName,
    ClockOption,
    FormatOption,
    KnownOption,
    Opened,
    claim_lines,
    find_record_place,
    open_ledger_file,
    percent,
    print_demo_note,
    print_lines,
)
from whoholds.errors import ConfigurationError
from whoholds.model import CONTESTED, UNKNOWN

if TYPE_CHECKING:
    from whoholds.check.explanations import Explanation, LeftOut, Reason

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: whoholds why kursk.gpkg Sudzha --on 2025-03-12")(why)


def why(
    file: LedgerFile,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="Name or id of a town or village.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day; the last one by default.")] = None,
    as_known_on: KnownOption = None,
    clock: ClockOption = "public",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Claims listed on each side.")] = 8,
    leave_out: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="How many claims are left out in turn, to see what decides."),
    ] = 5,
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """Say who holds a place on a day, which claims speak for and against it, and what would change it."""
    from whoholds.check.explanations import explain_place

    form = chosen_format(format, piped=Format.TABLE)
    if form is Format.CSV:
        raise ConfigurationError("why writes a table (plain sentences), json or jsonl")
    with open_ledger_file(Path(file), audience, as_known_on, clock) as opened:
        record = opened.record()
        key, name = find_record_place(opened, record, place)
        day = day_option(on, "--on") or record.days[-1]
        found = explain_place(
            record,
            opened.control_claims(),
            key,
            day,
            as_known_on=opened.known,
            clock=clock,
            most_left_out=leave_out,
        )
        if form is Format.TABLE:
            _print(opened, found, name, as_known_on, limit)
        else:
            json_line(_to_json(opened, found, key, name))
    return DONE


def _print(opened: Opened, found: Explanation, name: str, known: str | None, limit: int) -> None:
    listed = [*found.supporting[:limit], *found.opposing[:limit], *found.earlier[:1]]
    cards = opened.cards([r.claim for r in listed] + [c for r in listed for c in r.copies])
    print_lines([*_headline(opened, found, name, known), ""])
    word = opened.state_name(found.state.status)
    if found.state.status != UNKNOWN:
        print_lines(_reasons(f'For "{word}"', opened, found.supporting, cards, limit))
        if not found.supporting:
            print_lines([_why_without_claims(opened)])
        print_lines(["", *_reasons(f'Against "{word}"', opened, found.opposing, cards, limit)])
        if found.earlier:
            print_lines(["", *_earlier(opened, found, cards)])
        print_lines(["", "What would change it", *_what_would_change(opened, found)])
        print_lines(
            [
                "",
                "weight: the log-odds that a claim adds for its state; 0.7 doubles the odds, 2.3 makes them "
                f"tenfold. Method: {found.state.method}.",
            ]
        )
    print_demo_note(cards.values())


def _headline(opened: Opened, found: Explanation, name: str, known: str | None) -> list[str]:
    state = found.state
    when = f"{name} on {opened.day(state.on)}" + (f", as known on {known}" if known else "")
    if state.status == UNKNOWN:
        return [f"{when}: unknown. No claim reaches it, and no start line covers it."]
    p = dict(state.p)[state.status]
    word = opened.state_name(state.status)
    what = "contested" if state.status == CONTESTED else f"held by {word}"
    firm = f"most probably {what}" if p >= 0.5 else f"open; {what} is likelier than anything else"
    since = f"so since {opened.day(found.since)}"
    if found.before is None:
        since = "so since the record begins"
    else:
        since += f"; before that, {opened.state_name(found.before)}"
    return [f"{when}: {firm} ({opened.shares(state)}).", f"The record has it {since}."]


def _reasons(
    title: str, opened: Opened, reasons: Sequence[Reason], cards: dict[str, dict[str, Any]], limit: int
) -> Iterable[str]:
    n = len(reasons)
    yield f"{title}: {n} claim{'' if n == 1 else 's'}" + (", the weightiest first" if n > 1 else "")
    for reason in reasons[:limit]:
        more = (
            f"about {opened.day(reason.on)}, weight {reason.weight:.1f} for {opened.state_name(reason.state)}"
        )
        yield from claim_lines(cards[reason.claim.id], more)
        if reason.copies:
            k = len(reason.copies)
            outlets = sorted({cards[c.id]["publisher"] for c in reason.copies if c.id in cards})
            yield f"    repeated by {k} more ({', '.join(outlets)}); all counted once"
    if n > limit:
        yield f"  and {n - limit} lighter claim{'' if n - limit == 1 else 's'} (--limit {n} lists all)"


def _why_without_claims(opened: Opened) -> str:
    start = opened.theatre.start
    line = f"the line of the start ({opened.day(start.on)})" if start else "what is known of the start"
    return f"  Nobody says so of this place itself: it follows {line} and the places around it."


def _earlier(opened: Opened, found: Explanation, cards: dict[str, dict[str, Any]]) -> Iterable[str]:
    n = len(found.earlier)
    yield (
        f"{n} older claim{' is' if n == 1 else 's are'} about the time before {opened.day(found.since)}; the "
        f"record followed {'it' if n == 1 else 'them'} then. The latest:"
    )
    yield from claim_lines(cards[found.earlier[0].claim.id])


def _what_would_change(opened: Opened, found: Explanation) -> Iterable[str]:
    if found.pivot is not None:
        yield (
            f"- One claim decides it: without {_named(opened, found.pivot)} the record would have it "
            f"{opened.says(found.pivot.state)}; {opened.shares(found.pivot.state)}."
        )
    elif found.strongest is not None:
        n = found.n_tried
        tried = "The weightiest claim was" if n == 1 else f"Each of the {n} weightiest claims was"
        yield (
            f"- No single claim decides it. {tried} left out in turn; what matters most is "
            f"{_named(opened, found.strongest)}: without it, {opened.shares(found.strongest.state)}."
        )
    ranked = sorted(found.state.p, key=lambda pair: -pair[1])
    (_, first), (second, runner_up) = ranked[0], ranked[1]
    if runner_up > 0:
        margin = log(max(first, 1e-6) / max(runner_up, 1e-6))
        heaviest = max((r.weight for r in (*found.supporting, *found.opposing)), default=None)
        beside = f"; the weightiest claim here has {heaviest:.1f}" if heaviest is not None else ""
        yield (
            f"- {opened.state_name(second)[0].upper()}{opened.state_name(second)[1:]} is next, at "
            f"{percent(runner_up)}: about {margin:.1f} of new weight would draw it level{beside}."
        )


def _named(opened: Opened, left_out: LeftOut) -> str:
    card = opened.cards([left_out.reason.claim])[left_out.reason.claim.id]
    copies = len(left_out.reason.copies)
    repeats = f" and its {copies} repeat{'' if copies == 1 else 's'}" if copies else ""
    where = f" in {card['publisher']}" if card["has_publisher"] and not card["is_own_voice"] else ""
    return f"the claim of {card['speaker']}{where} of {card['reported']}{repeats} ({card['statement']})"


def _to_json(opened: Opened, found: Explanation, key: str, name: str) -> dict[str, Any]:
    reasons = [*found.supporting, *found.opposing, *found.earlier]
    cards = opened.cards([r.claim for r in reasons])

    def listed(rows: Sequence[Reason]) -> list[dict[str, Any]]:
        return [
            {
                **opened.brief(r.claim, cards[r.claim.id]),
                "on": r.on.isoformat(),
                "state": r.state,
                "weight": r.weight,
                "copies": [c.id for c in r.copies],
            }
            for r in rows
        ]

    def without(left_out: LeftOut | None) -> dict[str, Any] | None:
        if left_out is None:
            return None
        state = left_out.state
        return {"claim_id": left_out.reason.claim.id, "status": state.status, **_columns(state.p)}

    return {
        "v": 1,
        "place_id": key,
        "name": name,
        "date": found.state.on.isoformat(),
        "as_known_on": opened.known.isoformat() if opened.known else None,
        "status": found.state.status,
        **_columns(found.state.p),
        "since": found.since.isoformat(),
        "before": found.before,
        "n_claims": found.state.n_claims,
        "method": found.state.method,
        "for": listed(found.supporting),
        "against": listed(found.opposing),
        "earlier": listed(found.earlier),
        "decided_by": without(found.pivot),
        "most_moved_by": without(found.strongest),
        "left_out": found.n_tried,
    }


def _columns(p: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {f"p_{name}": value for name, value in p}
