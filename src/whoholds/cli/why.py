"""`whoholds why`: the state of a place on a day, the claims for and against, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    ParametersOption,
    about_day,
    claim_lines,
    find_record_place,
    open_ledger_file,
    print_demo_note,
    print_lines,
)
from whoholds.errors import ConfigurationError
from whoholds.model import CONTESTED, UNKNOWN
from whoholds.web.check_views import percent

if TYPE_CHECKING:
    from whoholds.check.explanations import Explanation, Reason

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
    parameters: ParametersOption = "latest",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Claims listed on each side.")] = 8,
    audience: AudienceName = "desk",
    format: FormatOption = None,
) -> int:
    """Say who holds a place on a day, which claims speak for and against it, and what would change it."""
    from whoholds.check.explanations import explain_place

    form = chosen_format(format, piped=Format.TABLE)
    if form is Format.CSV:
        raise ConfigurationError("why writes a table (plain sentences), json or jsonl")
    with open_ledger_file(Path(file), audience, as_known_on, clock, parameters) as opened:
        record = opened.record()
        key, name = find_record_place(opened, record, place)
        day = day_option(on, "--on") or opened.last_day(record)
        found = explain_place(record, opened.control_claims(), key, day)
        if form is Format.TABLE:
            _print(opened, found, name, as_known_on, limit)
        else:
            json_line(_to_json(opened, found, key, name))
    return DONE


def _print(opened: Opened, found: Explanation, name: str, known: str | None, limit: int) -> None:
    listed = [*found.supporting[:limit], *found.opposing[:limit]]
    cards = opened.cards([r.claim for r in (*listed, *found.pivots)] + [c for r in listed for c in r.copies])
    print_lines(_headline(opened, found, name, known))
    if found.state.status == UNKNOWN:
        return
    word = opened.state_name(found.state.status)
    print_lines(["", *_reasons(f'For "{word}"', opened, found, found.supporting, cards, limit)])
    if not found.supporting:
        print_lines([_why_without_claims(opened)])
    print_lines(["", *_reasons(f'Against "{word}"', opened, found, found.opposing, cards, limit)])
    if found.others:
        n = len(found.others)
        print_lines(
            [
                "",
                f"{n} more claim{' is' if n == 1 else 's are'} about other days, and hardly matter"
                f"{'s' if n == 1 else ''} on this one (--format json lists all).",
            ]
        )
    print_lines(["", "What would change it", *_what_would_change(opened, found, cards)])
    print_lines(
        [
            "",
            '"Without it" is what the record would say if nobody had said so. That can help the other side: '
            "fighting on one day leads to a change of hands on the next, and where one voice is missing "
            f"others of its camp count for more. Method: {found.state.method}.",
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
    title: str,
    opened: Opened,
    found: Explanation,
    reasons: Sequence[Reason],
    cards: dict[str, dict[str, Any]],
    limit: int,
) -> Iterable[str]:
    n = len(reasons)
    yield f"{title}: {n} claim{'' if n == 1 else 's'}" + (", those first that matter most" if n > 1 else "")
    for reason in reasons[:limit]:
        card = cards[reason.claim.id]
        yield from claim_lines(card, _effect(opened, found, reason, card))
        if reason.copies:
            k = len(reason.copies)
            outlets = sorted({cards[c.id]["publisher"] for c in reason.copies if c.id in cards})
            yield f"    repeated by {k} more ({'; '.join(outlets)}); all counted once"
    if n > limit:
        yield f"  and {n - limit} more that matter less (--limit {n} lists them)"


def _effect(opened: Opened, found: Explanation, reason: Reason, card: dict[str, Any]) -> str:
    """When it is about, where that is not when it was said, and what the record would be without it."""
    about = about_day(opened, reason.on, card)
    parts = [about] if about else []
    if reason.without is not None:
        status = found.state.status
        without, now = percent(dict(reason.without)[status]), percent(dict(found.state.p)[status])
        parts.append("hardly moves it" if without == now else f"without it {without}")
    return ", ".join(parts)


def _why_without_claims(opened: Opened) -> str:
    start = opened.theatre.start
    line = f"the line of the start ({opened.day(start.on)})" if start else "what is known of the start"
    return f"  Nobody says so of this place itself: it follows {line} and the places around it."


def _what_would_change(opened: Opened, found: Explanation, cards: dict[str, dict[str, Any]]) -> Iterable[str]:
    for reason in found.pivots:
        status = reason.status_without
        assert status is not None
        assert reason.without is not None
        p = percent(dict(reason.without)[status])
        yield (
            f"- Were it not for {_named(cards[reason.claim.id], reason)}, it would be "
            f"{opened.state_name(status)} ({p})."
        )
    strongest = next((r for r in found.supporting if r.moved > 0), None)
    if not found.pivots and strongest is not None and strongest.without is not None:
        left = percent(dict(strongest.without)[found.state.status])
        if left == percent(dict(found.state.p)[found.state.status]):
            yield "- No single claim decides it: any one could be wrong, and the rest would say the same."
        else:
            yield (
                f"- No single claim decides it. What matters most is "
                f"{_named(cards[strongest.claim.id], strongest)}; without it, still "
                f"{opened.state_name(found.state.status)}, {left}."
            )
    ranked = sorted(found.state.p, key=lambda pair: -pair[1])
    (_, first), (second, runner_up) = ranked[0], ranked[1]
    yield (
        f"- Next is {opened.state_name(second)}, {percent(runner_up)}; news for it would have to be "
        f"{first / max(runner_up, 1e-6):,.1f} times likelier if true than if not, to draw level."
    )


def _named(card: dict[str, Any], reason: Reason) -> str:
    k = len(reason.copies)
    repeats = f", with its {k} repeat{'' if k == 1 else 's'}" if k else ""
    where = f" in {card['publisher']}" if card["has_publisher"] and not card["is_own_voice"] else ""
    return f"the claim by {card['speaker']}{where}, {card['reported']}{repeats} ({card['statement']})"


def _to_json(opened: Opened, found: Explanation, key: str, name: str) -> dict[str, Any]:
    cards = opened.cards([r.claim for r in (*found.supporting, *found.opposing, *found.others)])

    def listed(rows: Sequence[Reason]) -> list[dict[str, Any]]:
        return [
            {
                **opened.brief(r.claim, cards[r.claim.id]),
                "on": r.on.isoformat() if r.on else None,
                "state": r.state,
                "weight": r.weight,
                "moved": r.moved,
                "without": _columns(r.without) if r.without else None,
                "copies": [c.id for c in r.copies],
            }
            for r in rows
        ]

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
        "others": listed(found.others),
        "decided_by": [r.claim.id for r in found.pivots],
    }


def _columns(p: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {f"p_{name}": value for name, value in p}
