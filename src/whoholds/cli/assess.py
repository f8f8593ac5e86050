"""`whoholds assess`: a person's verdict on a claim or a report, honoured by the record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from whoholds.cli.console import out
from whoholds.cli.exits import DONE
from whoholds.errors import ConfigurationError, NotFoundError
from whoholds.model import Assessment, content_id
from whoholds.model.contract import moment_to_json

if TYPE_CHECKING:
    from whoholds.pipeline import Workspace

__all__ = ["register"]

FIELDS = (
    "stance",
    "polarity",
    "event",
    "actor_id",
    "target_id",
    "holds.from",
    "holds.to",
    "deadline",
    "place_id",
    "relation",
    "reported_at",
)
"""What a correction may set; words and speakers stay as the text has them."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog='Example: whoholds assess kursk.gpkg 3f9a --reject --by "A. Editor" --why "another Kurilovka"'
    )(assess)


def assess(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The ledger file.")],
    subject: Annotated[
        str, typer.Argument(metavar="ID", help="A claim's or report's id, or its first characters.")
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who says so.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="The reason.")],
    accept: Annotated[bool, typer.Option("--accept", help="It is read rightly.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It is not to count.")] = False,
    unsure: Annotated[bool, typer.Option("--unsure", help="Looked at, not settled.")] = False,
    correct: Annotated[
        list[str] | None,
        typer.Option("--correct", metavar="FIELD=VALUE", help=f"Set a field: {', '.join(FIELDS)}."),
    ] = None,
) -> int:
    """Accept, reject or correct a claim, by name and with a reason; nothing is overwritten."""
    from whoholds.pipeline import Workspace

    chosen = [name for name, on in (("accept", accept), ("reject", reject), ("unsure", unsure)) if on]
    if correct:
        chosen.append("correct")
    if len(chosen) != 1:
        raise ConfigurationError("give exactly one of --accept, --reject, --unsure, or --correct FIELD=VALUE")
    corrections = tuple(_parse_correction(text) for text in correct or ())
    now = datetime.now(UTC)
    with Workspace.open(file) as workspace:
        full = workspace.ledger.find_id(subject)
        if any(field == "place_id" for field, _ in corrections):
            corrections = _with_position(corrections, workspace, full)
        verdict = Assessment(
            id=content_id(
                "assessment/1", full, chosen[0], by, moment_to_json(now), why, [list(c) for c in corrections]
            ),
            subject_id=full,
            verdict=chosen[0],
            by=by,
            at=now,
            why=why,
            corrections=corrections,
        )
        workspace.ledger.add_assessment(verdict)
        workspace.refresh_control()
    out.print(f"{chosen[0]}: {full} (by {by}); the record is drawn anew", markup=False)
    return DONE


def _with_position(
    corrections: tuple[tuple[str, str], ...], workspace: Workspace, subject_id: str
) -> tuple[tuple[str, str], ...]:
    """The corrections with the new place's name and point, where the gazetteer knows it.

    Where it does not, the ledger may: it knows the places of other claims. A claim in which no place was
    read gets one: its reader missed what the person saw.

    Raises:
        NotFoundError: Such a claim is to get a place that the gazetteer does not know.
    """
    from whoholds.store import Audience

    place_id = json.loads(dict(corrections)["place_id"])
    place = workspace.gazetteer.get(place_id) if place_id else None
    placeless = place_id and not workspace.view(Audience.DESK).claim(subject_id).places
    if place is None and placeless:
        raise NotFoundError(
            f"no place has the id {place_id!r}; `whoholds places find NAME` prints ids, "
            "and a theatre's places.csv adds its own"
        )
    if place is None:
        return corrections
    found = {
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "radius_m": place.radius_m,
        "kind": place.kind,
    }
    if placeless:
        relation = json.loads(dict(corrections).get("relation", '"in"'))
        whole = {"place_id": place_id, "relation": relation, "p": 1.0, **found}
        others = tuple(c for c in corrections if c[0] not in ("place_id", "relation"))
        return (*others, ("places", json.dumps([whole], ensure_ascii=False)))
    return corrections + tuple((f"places.0.{k}", json.dumps(v, ensure_ascii=False)) for k, v in found.items())


def _parse_correction(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    field = field.strip()
    if not equals or field not in FIELDS:
        raise ConfigurationError(
            f"--correct {text!r}: write FIELD=VALUE with FIELD one of {', '.join(FIELDS)}"
        )
    plain = value.strip()
    return field, json.dumps(None if plain.casefold() in ("", "null", "none") else plain, ensure_ascii=False)
