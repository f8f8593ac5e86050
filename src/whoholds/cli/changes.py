"""`whoholds changes` and `whoholds compare`: one place on two days, and two sources on one day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from whoholds.cli.console import Format, chosen_format, day_option
from whoholds.cli.exits import DONE
from whoholds.cli.ledger import LedgerFile
from whoholds.cli.opened import (
    AudienceName,
    ClockOption,
    FormatOption,
    KnownOption,
    Opened,
    ParametersOption,
    about_day,
    claim_lines,
    open_ledger_file,
    print_demo_note,
    print_lines,
    write_rows,
)
from whoholds.errors import ConfigurationError
from whoholds.model.contract import moment_to_json

if TYPE_CHECKING:
    from whoholds.check.comparison import Comparison, Word
    from whoholds.check.explanations import Change
    from whoholds.ground.record import GroundRecord

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the two commands."""
    app.command(epilog="Example: whoholds changes kursk.gpkg --since 2025-03-05 --to 2025-03-12")(changes)
    app.command(epilog="Example: whoholds compare kursk.gpkg isw deepstate --on 2025-03-12")(compare)


def changes(
    file: LedgerFile,
    since: Annotated[str, typer.Option(metavar="DATE", help="The earlier day.")],
    to: Annotated[
        str | None, typer.Option(metavar="DATE", help="The later day; the record's last by default.")
    ] = None,
    as_known_on: KnownOption = None,
    clock: ClockOption = "public",
    parameters: ParametersOption = "latest",
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """List the places that changed hands between two days, with the claims that moved them, and the area."""
    from whoholds.check.explanations import find_place_changes

    form = chosen_format(format)
    with open_ledger_file(Path(file), audience, as_known_on, clock, parameters) as opened:
        record = opened.record()
        first = day_option(since, "--since")
        last = day_option(to, "--to") or opened.last_day(record)
        assert first is not None
        if first >= last:
            raise ConfigurationError(f"--since {first} must lie before --to {last}")
        found = find_place_changes(record, opened.control_claims(), first, last)
        areas = _areas(opened, record, first, last)
        cards = opened.cards([r.claim for c in found for r in c.movers])
        if form is Format.TABLE:
            print_lines([f"{opened.day(first)} to {opened.day(last)}: {_count(found)}"])
            for change in found:
                _print_change(opened, change, cards)
            print_lines(["", "Ground, in km² (80 % interval)"])
            for row in areas:
                print_lines([_area_line(opened, row)])
            print_demo_note(cards.values())
        else:
            rows = [_change_to_json(opened, c, cards) for c in found]
            if form is not Format.CSV:
                rows += areas
            names = [f"p_{s}" for s in record.states]
            columns = ["place_id", "name", "changed_on", "status_before", "status_after", "in_doubt"]
            columns += [f"{n}_{end}" for n in names for end in ("before", "after")]
            write_rows(form, rows, [*columns, "n_claims", "claim_ids", "method"])
    return DONE


def _count(found: list[Change]) -> str:
    doubtful = sum(c.is_doubtful for c in found)
    n = len(found) - doubtful
    said = "no place changed hands" if not n else f"{n} place{'' if n == 1 else 's'} changed hands"
    # A state that leads with less than one half is no change of hands yet.
    return f"{said}, {doubtful}{' more' if n else ''} in doubt" if doubtful else said


def _print_change(opened: Opened, change: Change, cards: dict[str, dict[str, Any]]) -> None:
    before, after = change.before, change.after
    print_lines(
        [
            "",
            f"{change.name}: {opened.state_name(before.status)} → {opened.state_name(after.status)}, on "
            f"{opened.day(change.on)}{', in doubt' if change.is_doubtful else ''}",
            f"  before: {opened.shares(before)}; after: {opened.shares(after)}",
        ]
    )
    for reason in change.movers:
        print_lines(claim_lines(cards[reason.claim.id], f"weight {reason.weight:.1f}"), indent="  ")
    if not change.movers:
        print_lines(["  no claim of these days says so of the place itself: it follows the places around it"])
    elif change.n_movers > len(change.movers):
        print_lines([f"  and {change.n_movers - len(change.movers)} lighter"])


def _change_to_json(opened: Opened, change: Change, cards: dict[str, dict[str, Any]]) -> dict[str, Any]:
    after = dict(change.after.p)
    p = {f"p_{n}_{end}": v for n, b in change.before.p for end, v in (("before", b), ("after", after[n]))}
    return {
        "kind": "place",
        "place_id": change.place_id,
        "name": change.name,
        "changed_on": change.on.isoformat(),
        "status_before": change.before.status,
        "status_after": change.after.status,
        "in_doubt": change.is_doubtful,
        **p,
        "n_claims": change.n_movers,
        "claim_ids": [r.claim.id for r in change.movers],
        "claims": [
            {**opened.brief(r.claim, cards[r.claim.id]), "weight": r.weight, "on": moment_to_json(r.on)}
            for r in change.movers
        ],
        "method": change.after.method,
    }


def _areas(opened: Opened, record: GroundRecord, first: Any, last: Any) -> list[dict[str, Any]]:
    before, after = record.area(first), record.area(last)
    return [
        {
            "kind": "area",
            "party": state,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "km2_before": round(before[state].km2, 1),
            "low_before": round(before[state].low, 1),
            "high_before": round(before[state].high, 1),
            "km2_after": round(after[state].km2, 1),
            "low_after": round(after[state].low, 1),
            "high_after": round(after[state].high, 1),
            "km2_change": round(after[state].km2 - before[state].km2, 1),
            "beyond_start_line": opened.theatre.start is not None,
            "method": record.method,
        }
        for state in record.states
    ]


def _area_line(opened: Opened, row: dict[str, Any]) -> str:
    word = opened.state_name(row["party"])
    if row["beyond_start_line"] and row["party"] in opened.theatre.party_ids:
        word += ", beyond the start line"
    return (
        f"  {word}: {row['km2_before']:,.0f} ({row['low_before']:,.0f} to {row['high_before']:,.0f}) → "
        f"{row['km2_after']:,.0f} ({row['low_after']:,.0f} to {row['high_after']:,.0f}), "
        f"{row['km2_change']:+,.0f}"
    )


# --- two sources -----------------------------------------------------------------------------------------


def compare(
    file: LedgerFile,
    first: Annotated[str, typer.Argument(metavar="A", help="A speaker, publisher or map: name or id.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The other.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day.")],
    within: Annotated[
        int, typer.Option(min=1, metavar="DAYS", help="How old a source's last word may be to count still.")
    ] = 30,
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """List the places, and the ground, that two sources put in different hands on a day."""
    from whoholds.check.comparison import compare_sources, find_voice

    form = chosen_format(format)
    day = day_option(on, "--on")
    assert day is not None
    with open_ledger_file(Path(file), audience) as opened:
        claims, publishers, theatre = opened.claims(), opened.publishers(), opened.theatre
        a, b = (find_voice(claims, name, theatre, publishers) for name in (first, second))
        found = compare_sources(a, b, theatre, day, within_days=within)
        cards = opened.cards([w.claim for d in found.places for w in (d.first, d.second)])
        if form is Format.TABLE:
            _print_comparison(opened, found, cards, first, second, f"{opened.day(day)}, last {within} days")
            print_demo_note(cards.values())
        else:
            rows = [
                {
                    "kind": "place",
                    "place_id": d.place.place_id,
                    "name": d.place.name,
                    "lon": d.place.lon,
                    "lat": d.place.lat,
                    "a": _holder(d.first),
                    "a_on": d.first.on.isoformat(),
                    "a_claim_id": d.first.claim.id,
                    "b": _holder(d.second),
                    "b_on": d.second.on.isoformat(),
                    "b_claim_id": d.second.claim.id,
                    "km2": None,
                }
                for d in found.places
            ]
            rows += [
                {"kind": "ground", "a": g.first, "b": g.second, "km2": round(g.km2, 1)} for g in found.ground
            ]
            columns = ["kind", "place_id", "name", "lon", "lat", "a", "a_on", "a_claim_id"]
            write_rows(form, rows, [*columns, "b", "b_on", "b_claim_id", "km2"])
    return DONE


def _holder(word: Word) -> str:
    return word.party if word.holds else f"not {word.party}"


def _print_comparison(
    opened: Opened, found: Comparison, cards: dict[str, dict[str, Any]], a: str, b: str, when: str
) -> None:
    n, both = len(found.places), found.n_both
    if not both and found.maps is None:
        print_lines([f"{a} and {b}, {when}: there is no place of which both say who holds it"])
        print_lines(["try a longer --within, or another day; whoholds sources lists who speaks"])
        return
    print_lines(
        [f"{a} and {b}, {when}: {both} place{'' if both == 1 else 's'} in common, {n} in different hands"]
    )
    for d in found.places:
        print_lines(["", d.place.name])
        for word in (d.first, d.second):
            card = cards[word.claim.id]
            print_lines(claim_lines(card, about_day(opened, word.on, card)), indent="  ")
    if found.maps is not None:
        first, second = (opened.day(day) for day in found.maps)
        print_lines(["", f"Ground that the maps of {first} and {second} differ on, in km²"])
        for g in found.ground:
            one, other = (opened.state_name(s) if s != "-" else "nothing drawn" for s in (g.first, g.second))
            print_lines([f"  {a}: {one}; {b}: {other}: {g.km2:,.1f}"])
        if not found.ground:
            print_lines(["  none"])
