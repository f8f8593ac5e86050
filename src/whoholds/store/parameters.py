"""Named versions of the source parameters: learned once, kept in the ledger for ever, used until the next.

Parameters in, JSON out, and back, bit for bit; which version a record is made with. Versions lie among the
ledger's runs (kind `learn`), which are only ever added to. A version is bound to the method that made it:
parameters of one method mean nothing to another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import numpy as np

from whoholds.errors import ConfigurationError, FormatError, InputError, NotFoundError
from whoholds.fuse.sources import SourceParameters
from whoholds.model import Claim, content_id
from whoholds.store.ledger import Ledger, View
from whoholds.store.moments import floor_stamp, parse_stamp
from whoholds.store.records import Audience, Clock
from whoholds.theatre import Theatre

__all__ = [
    "LATEST",
    "LEARN",
    "ParameterVersion",
    "Wanted",
    "choose_version",
    "free_name",
    "hash_claims",
    "keep_version",
    "learn_version",
    "list_versions",
    "parameters_from_json",
    "parameters_to_json",
]

LATEST, LEARN = "latest", "learn"
"""What may be asked for in place of a name: the newest version that fits, or none."""
KIND = "learn"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


@dataclass(frozen=True, slots=True)
class ParameterVersion:
    """One version of the source parameters, and what it was learned from.

    Attributes:
        name: Given by people, unique in the ledger.
        method: Versioned name of the algorithm that learned it and can use it.
        made_at: When.
        by: Who asked for it.
        as_known_on: Claims known by this instant were learned from.
        clock: Known when said in public, or when recorded here.
        audience: Whose claims they were.
        n_claims: How many.
        claims_id: Hash of their ids: the same claims give the same.
        body: The parameters as JSON (`parameters_to_json`).
    """

    name: str
    method: str
    made_at: datetime
    by: str
    as_known_on: datetime
    clock: Clock
    audience: Audience
    n_claims: int
    claims_id: str
    body: Mapping[str, Any]

    @property
    def parameters(self) -> SourceParameters:
        """The parameters, named after the version.

        Raises:
            FormatError: They lack something, or have something that this program does not know.
        """
        return parameters_from_json({**self.body, "name": self.name}, f"version {self.name!r}")

    @property
    def n_sources(self) -> int:
        """Sources that it knows by name."""
        return len(self.body.get("sources", ()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a record asks of a version.

    Attributes:
        method: The algorithm that will use it.
        parties: The theatre's parties, in order.
        as_known_on: The instant that the record stops at; None for all that is known.
        clock: Whose instant.
        audience: For whom the record is made.
        is_shared: Whether the public sees the same claims as the desk (no embargo, nothing coarsened).
    """

    method: str
    parties: tuple[str, ...]
    as_known_on: datetime | None
    clock: Clock
    audience: Audience
    is_shared: bool

    @classmethod
    def of(
        cls, theatre: Theatre, as_known_on: datetime | None, clock: Clock | str, audience: Audience
    ) -> Wanted:
        """What a record of a theatre asks."""
        from whoholds.ground.record import METHOD

        is_shared = not theatre.embargo_hours and theatre.coarsen_to_resolution is None
        return cls(METHOD, theatre.party_ids, as_known_on, Clock(clock), audience, is_shared)


# --- JSON ------------------------------------------------------------------------------------------------


def parameters_to_json(parameters: SourceParameters) -> dict[str, Any]:
    """Every field as JSON. Floats are written such that they read back bit for bit."""
    return {f.name: _to_json(getattr(parameters, f.name), f.name) for f in fields(parameters)}


def _to_json(value: Any, name: str) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiub" or not np.isfinite(value).all():
            raise FormatError(f"the parameter {name!r} is no array of finite numbers and cannot be kept")
        return {"shape": list(value.shape), "dtype": value.dtype.name, "values": value.ravel().tolist()}
    if isinstance(value, np.generic):
        return _to_json(value.item(), name)
    if isinstance(value, tuple | list):
        return [_to_json(item, name) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise FormatError(f"the parameter {name!r} is a {type(value).__name__}, which has no form in the ledger")


def parameters_from_json(body: Mapping[str, Any], what: str = "the parameters") -> SourceParameters:
    """The parameters of `parameters_to_json`.

    Raises:
        FormatError: A field is missing, unknown, or cannot be read; the message names it.
    """
    known = {f.name for f in fields(SourceParameters)}
    odd = sorted(known ^ set(body))
    if odd:
        fault = "lacks" if odd[0] in known else "has the unknown field"
        raise FormatError(
            f"{what} {fault} {odd[0]!r}: another build of the program made it; learn a new one with "
            "`whoholds learn`",
            code="other_parameters",
        )
    try:
        return SourceParameters(**{name: _from_json(value) for name, value in body.items()})
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{what} cannot be read: {error}") from None


def _from_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return np.array(value["values"], dtype=value["dtype"]).reshape(value["shape"])
    if isinstance(value, list):
        return tuple(_from_json(item) for item in value)
    return value


# --- learning ---------------------------------------------------------------------------------------------


def learn_version(
    theatre: Theatre,
    claims: Sequence[Claim],
    *,
    name: str,
    by: str,
    now: datetime,
    known: datetime,
    clock: Clock | str,
    audience: Audience,
    last_day: date,
) -> ParameterVersion:
    """A version learned from some claims, not yet kept.

    Args:
        theatre: The war.
        claims: Those of the record, known by `known`.
        name: Of the version.
        by: Who asks for it.
        now: When.
        known: The instant by which the claims were known.
        clock: By which clock.
        audience: Whose claims they are.
        last_day: The record's last day.

    Raises:
        InputError: None of the claims says anything of control.
    """
    from whoholds.ground.record import METHOD, compute_record

    record = compute_record(theatre, claims, as_known_on=known, clock=Clock(clock).value, last_day=last_day)
    if not record.parameters.sources:
        raise InputError(
            f"no claim known on {known:%Y-%m-%d} says who holds a place; add reports, then learn",
            code="nothing_to_learn",
        )
    return ParameterVersion(
        name=name,
        method=METHOD,
        made_at=now,
        by=by,
        as_known_on=known,
        clock=Clock(clock),
        audience=audience,
        n_claims=len(claims),
        claims_id=hash_claims(claims),
        body=parameters_to_json(record.parameters),
    )


# --- in the ledger ---------------------------------------------------------------------------------------


def hash_claims(claims: Iterable[Claim]) -> str:
    """What tells one set of claims from another, whatever their order."""
    return content_id("claims/1", sorted(c.id for c in claims))


def keep_version(ledger: Ledger, version: ParameterVersion) -> None:
    """Add a version to the ledger.

    Raises:
        InputError: The name is no name, is taken, or means something else.
    """
    if not _NAME.match(version.name) or version.name in (LATEST, LEARN):
        raise InputError(
            f"{version.name!r} cannot be a version's name; use at most 64 letters, digits, '.', '_' and '-', "
            f"and neither {LATEST!r} nor {LEARN!r}"
        )
    view = ledger.view(Audience.DESK, version.made_at)
    if any(v.name == version.name for v in list_versions(view)):
        raise InputError(f"the ledger has a version {version.name!r} already; choose another --name")
    details = {
        "name": version.name,
        "method": version.method,
        "as_known_on": floor_stamp(version.as_known_on),
        "clock": version.clock.value,
        "audience": version.audience.value,
        "claims": version.n_claims,
        "claims_id": version.claims_id,
        "parameters": dict(version.body),
    }
    ledger.add_run(KIND, by=version.by, now=version.made_at, details=details)


def list_versions(view: View) -> list[ParameterVersion]:
    """All versions, oldest first. Of two of one name (two writers at once) the first stands.

    Args:
        view: The desk's; the public is shown no runs.
    """
    found: dict[str, ParameterVersion] = {}
    for run in view.runs():
        if run["kind"] != KIND:
            continue
        details = run["details"]
        try:
            version = ParameterVersion(
                name=str(details["name"]),
                method=str(details["method"]),
                made_at=parse_stamp(run["recorded_at"]),
                by=str(run["by"]),
                as_known_on=parse_stamp(details["as_known_on"]),
                clock=Clock(details["clock"]),
                audience=Audience(details["audience"]),
                n_claims=int(details["claims"]),
                claims_id=str(details["claims_id"]),
                body=dict(details["parameters"]),
            )
        except (KeyError, TypeError, ValueError):
            raise FormatError(
                f"the version {details.get('name')!r} of {run['recorded_at']} in the ledger cannot be read; "
                "it was written by another program"
            ) from None
        found.setdefault(version.name, version)
    return list(found.values())


def free_name(versions: Iterable[ParameterVersion], on: datetime) -> str:
    """A name made of the day, which no version has yet."""
    taken = {v.name for v in versions}
    day = f"{on:%Y-%m-%d}"
    number = 1
    while (name := day if number == 1 else f"{day}-{number}") in taken:
        number += 1
    return name


def choose_version(
    versions: Sequence[ParameterVersion], asked: str, wanted: Wanted
) -> ParameterVersion | None:
    """The version that a record is made with; None where its parameters are to be learned.

    Args:
        versions: All, oldest first.
        asked: A name, `latest` (the newest that fits, if any) or `learn`.
        wanted: What the record asks.

    Raises:
        NotFoundError: There is none of that name.
        ConfigurationError: It does not fit this record; the message says why.
    """
    if asked == LEARN:
        return None
    if asked == LATEST:
        fitting = [v for v in versions if find_misfit(v, wanted) is None]
        return fitting[-1] if fitting else None
    named = next((v for v in versions if v.name == asked), None)
    if named is None:
        known = ", ".join(v.name for v in versions) or "none yet (whoholds learn makes one)"
        raise NotFoundError(f"the ledger has no version {asked!r} of the source parameters; it has: {known}")
    misfit = find_misfit(named, wanted)
    if misfit is not None:
        raise ConfigurationError(f"version {asked!r} of the source parameters {misfit}")
    return named


def find_misfit(version: ParameterVersion, wanted: Wanted) -> str | None:
    """Why a version cannot be used for a record, or None where it can."""
    if version.method != wanted.method:
        return (
            f"was made by the method {version.method}, and this program's is {wanted.method}; make a new one "
            "with `whoholds learn`"
        )
    if tuple(version.body.get("parties", ())) != wanted.parties:
        return "was learned for other parties than the theatre has now; make a new one with `whoholds learn`"
    if version.audience is not wanted.audience and not wanted.is_shared:
        return (
            f"was learned from what the {version.audience.value} sees, not the {wanted.audience.value}; "
            f"make one with `whoholds learn --audience {wanted.audience.value}`"
        )
    if wanted.as_known_on is not None and (
        version.as_known_on > wanted.as_known_on or version.clock is not wanted.clock
    ):
        # What a version learned of later claims would show in the record of an earlier day.
        return (
            f"was learned from what was known on {floor_stamp(version.as_known_on)} by the "
            f"{version.clock.value} clock, and the record asked for stops at "
            f"{floor_stamp(wanted.as_known_on)} by the {wanted.clock.value} clock; ask for --parameters "
            "learn, or make a version with `whoholds learn --as-known-on`"
        )
    return None
