"""Versions of the source parameters: exact through JSON and the ledger, bound to their method, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.store.conftest import NOW, make_claim, make_report, simple_reading
from whoholds.errors import ConfigurationError, FormatError, InputError, NotFoundError
from whoholds.fuse.sources import SourceParameters, default_parameters
from whoholds.store import Audience, Clock, Ledger
from whoholds.store.parameters import (
    ParameterVersion,
    Wanted,
    choose_version,
    free_name,
    hash_claims,
    keep_version,
    list_versions,
    parameters_from_json,
    parameters_to_json,
)

LEARNED = default_parameters(("RU", "UA"), ("mod", "wire"))


def version(name: str = "march", **changes: Any) -> ParameterVersion:
    made = ParameterVersion(
        name=name,
        method="hmm/9",
        made_at=NOW,
        by="Ann",
        as_known_on=NOW,
        clock=Clock.PUBLIC,
        audience=Audience.DESK,
        n_claims=7,
        claims_id="sha256:1",
        body=parameters_to_json(LEARNED),
    )
    return replace(made, **changes)


def wanted(**changes: Any) -> Wanted:
    asked = Wanted("hmm/9", ("RU", "UA"), None, Clock.PUBLIC, Audience.DESK, is_shared=True)
    return replace(asked, **changes)


def same(a: SourceParameters, b: SourceParameters) -> bool:
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        and getattr(getattr(a, name), "dtype", None) == getattr(getattr(b, name), "dtype", None)
        and np.shape(getattr(a, name)) == np.shape(getattr(b, name))
        for name in SourceParameters.__dataclass_fields__
    )


# --- JSON ------------------------------------------------------------------------------------------------


@given(
    arrays(np.float64, (3,), elements=st.floats(0, 1, allow_subnormal=True)),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_floats_come_back_bit_for_bit(values: Any, trust: float) -> None:
    given_ = replace(LEARNED, pooled=values, initial_trust=trust)
    back = parameters_from_json(json.loads(json.dumps(parameters_to_json(given_))))
    assert back.pooled.tobytes() == values.tobytes()
    assert np.float64(back.initial_trust).tobytes() == np.float64(trust).tobytes()
    assert same(back, given_)


def test_empty_arrays_and_other_kinds_of_number_keep_their_shape() -> None:
    none = default_parameters(("a", "b", "c"))
    assert same(parameters_from_json(parameters_to_json(none)), none)
    single = replace(LEARNED, base=LEARNED.base.astype(np.float32))
    assert same(parameters_from_json(json.loads(json.dumps(parameters_to_json(single)))), single)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda b: b.pop("base"), "lacks 'base'"),
        (lambda b: b.update(zeal=1), "unknown field 'zeal'"),
        (lambda b: b["base"].update(shape=[2, 2]), "cannot be read"),
        (lambda b: b["base"].pop("dtype"), "cannot be read"),
    ],
)
def test_a_body_of_another_build_is_refused(change: Callable[[dict[str, Any]], Any], words: str) -> None:
    body = parameters_to_json(LEARNED)
    change(body)
    with pytest.raises(FormatError, match=words) as error:
        parameters_from_json(body)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [np.array([np.nan]), np.array(["x"]), {"a": 1}, object()])
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(FormatError, match="'pooled'"):
        parameters_to_json(replace(LEARNED, pooled=value))


# --- the ledger ------------------------------------------------------------------------------------------


def test_versions_are_kept_in_order_and_exactly(ledger: Ledger) -> None:
    first, second = version("march"), version("april", made_at=NOW + timedelta(days=1), by="Bea")
    for v in (first, second):
        keep_version(ledger, v)
    found = list_versions(ledger.view(Audience.DESK, NOW + timedelta(days=2)))
    assert found == [first, second]
    assert same(found[0].parameters, replace(LEARNED, name="march"))
    assert found[0].n_sources == 2


def test_other_runs_are_no_versions_and_the_public_sees_none(ledger: Ledger) -> None:
    ledger.add_run("read", by="x", now=NOW, details={"name": "march"})
    assert list_versions(ledger.view(Audience.DESK, NOW)) == []
    keep_version(ledger, version())
    assert list_versions(ledger.view(Audience.PUBLIC, NOW)) == []


@pytest.mark.parametrize("name", ["", "latest", "learn", "a b", "../x", "-x", "x" * 65, "läuft\n"])
def test_names_that_cannot_be_are_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(InputError, match="cannot be a version's name"):
        keep_version(ledger, version(name))
    assert list_versions(ledger.view(Audience.DESK, NOW)) == []


def test_a_name_is_given_once(ledger: Ledger) -> None:
    keep_version(ledger, version("march"))
    with pytest.raises(InputError, match="already"):
        keep_version(ledger, version("march", by="Bea"))
    (kept,) = list_versions(ledger.view(Audience.DESK, NOW))
    assert kept.by == "Ann"


def test_of_two_writers_at_once_the_first_stands(ledger: Ledger) -> None:
    keep_version(ledger, version("march"))
    (run,) = ledger.view(Audience.DESK, NOW).runs()
    ledger.add_run("learn", by="Bea", now=NOW, details=run["details"])
    (kept,) = list_versions(ledger.view(Audience.DESK, NOW))
    assert kept.by == "Ann"


def test_a_run_that_cannot_be_read_is_named(ledger: Ledger) -> None:
    ledger.add_run("learn", by="x", now=NOW, details={"name": "odd"})
    with pytest.raises(FormatError, match="'odd'"):
        list_versions(ledger.view(Audience.DESK, NOW))


def test_a_new_version_is_a_new_revision(ledger: Ledger) -> None:
    view = ledger.view(Audience.DESK, NOW)
    before = view.revision()
    keep_version(ledger, version())
    assert view.revision() > before


# --- which one -------------------------------------------------------------------------------------------


def test_the_newest_that_fits_is_taken() -> None:
    old, new, odd = version("old"), version("new"), version("odd", method="hmm/8")
    assert choose_version([], "latest", wanted()) is None
    assert choose_version([old, new], "latest", wanted()) is new
    assert choose_version([old, new, odd], "latest", wanted()) is new
    assert choose_version([odd], "latest", wanted()) is None
    assert choose_version([old, new], "old", wanted()) is old
    assert choose_version([old, new], "learn", wanted()) is None


@pytest.mark.parametrize(
    ("changes", "asks", "words"),
    [
        ({"method": "hmm/8"}, {}, "method hmm/8"),
        ({"body": {**parameters_to_json(LEARNED), "parties": ["RU", "X"]}}, {}, "other parties"),
        ({}, {"as_known_on": NOW - timedelta(days=1)}, "learn --as-known-on"),
        ({}, {"as_known_on": NOW, "clock": Clock.DESK}, "desk clock"),
        ({}, {"audience": Audience.PUBLIC, "is_shared": False}, "--audience public"),
    ],
)
def test_one_that_does_not_fit_is_refused_by_name_and_passed_over_else(
    changes: dict[str, Any], asks: dict[str, Any], words: str
) -> None:
    made = version("march", **changes)
    with pytest.raises(ConfigurationError, match=words) as error:
        choose_version([made], "march", wanted(**asks))
    assert "'march'" in str(error.value)
    assert "\n" not in str(error.value)
    assert choose_version([made], "latest", wanted(**asks)) is None


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({}, {"as_known_on": NOW}),
        ({"as_known_on": NOW - timedelta(days=9)}, {"as_known_on": NOW}),
        ({"clock": Clock.DESK}, {}),
        ({}, {"audience": Audience.PUBLIC}),
        ({"audience": Audience.PUBLIC}, {"audience": Audience.PUBLIC, "is_shared": False}),
    ],
)
def test_one_that_fits_is_taken(changes: dict[str, Any], asks: dict[str, Any]) -> None:
    made = version("march", **changes)
    assert choose_version([made], "march", wanted(**asks)) is made
    assert choose_version([made], "latest", wanted(**asks)) is made


def test_an_unknown_name_lists_those_that_there_are() -> None:
    with pytest.raises(NotFoundError, match="it has: old, new"):
        choose_version([version("old"), version("new")], "newer", wanted())
    with pytest.raises(NotFoundError, match="none yet"):
        choose_version([], "newer", wanted())


def test_names_by_day_do_not_repeat() -> None:
    on = datetime(2025, 3, 20, tzinfo=UTC)
    assert free_name([], on) == "2025-03-20"
    assert free_name([version("2025-03-20"), version("2025-03-20-2")], on) == "2025-03-20-3"


def test_the_hash_is_of_the_claims_and_not_of_their_order() -> None:
    report = make_report("Russian troops took Sudzha. Russian troops took Sudzha again.")
    a = make_claim(report, "Russian troops took Sudzha.")
    b = make_claim(report, "Russian troops took Sudzha again")
    assert hash_claims([a, b]) == hash_claims([b, a]) != hash_claims([a])


# --- the record ------------------------------------------------------------------------------------------


def test_a_workspace_learns_keeps_and_uses_a_version(new_ledger: Callable[..., Ledger]) -> None:
    from whoholds.pipeline import Workspace

    ledger = new_ledger()
    workspace = Workspace(ledger, clock=lambda: NOW)
    with pytest.raises(InputError, match="add reports"):
        workspace.records.learn("none", by="Ann")
    reading = simple_reading()
    ledger.add_reading(reading, raw=reading.report.text.encode(), media_type="text/plain", now=NOW)
    fresh = workspace.record()
    assert fresh.parameters.name != "march"
    made = workspace.records.learn("march", by="Ann")
    assert (made.n_claims, made.n_sources) == (1, 1)
    frozen = workspace.record()
    assert frozen.parameters.name == "march"
    # Learned from the same claims, the reliabilities are the same; the record may differ by a turn or two.
    assert np.array_equal(frozen.parameters.reliability, fresh.parameters.reliability)
    assert workspace.record(parameters="learn").parameters.name == fresh.parameters.name
    # A new source does not change what is frozen.
    other = simple_reading(1)
    claim = replace(other.claims[0], attribution=(), holds=other.claims[0].holds)
    ledger.add_reading(
        replace(other, claims=(claim,)), raw=other.report.text.encode(), media_type="text/plain", now=NOW
    )
    later = workspace.record()
    assert np.array_equal(later.parameters.reliability, frozen.parameters.reliability)
    assert later.parameters.sources == frozen.parameters.sources
    # What was known before the version was made is not told by it.
    earlier = workspace.record(NOW - timedelta(days=1))
    assert earlier.parameters.name != "march"
    with pytest.raises(ConfigurationError, match="2025-03-20"):
        workspace.record(NOW - timedelta(days=1), parameters="march")
    with pytest.raises(InputError, match="to come"):
        workspace.records.learn("later", by="Ann", as_known_on=NOW + timedelta(days=1))
    workspace.refresh_control()
    run = ledger.view(Audience.DESK, NOW).control_run()
    assert run is not None
    assert run.details["parameters"] == "march"


def test_an_embargo_keeps_the_desks_versions_from_the_public(new_ledger: Callable[..., Ledger]) -> None:
    from whoholds.pipeline import Workspace

    ledger = new_ledger(embargo_hours=24.0)
    workspace = Workspace(ledger, clock=lambda: NOW + timedelta(days=5))
    reading = simple_reading(published_at=date(2025, 3, 12))
    ledger.add_reading(reading, raw=reading.report.text.encode(), media_type="text/plain", now=NOW)
    workspace.records.learn("desk", by="Ann")
    assert workspace.record().parameters.name == "desk"
    assert workspace.record(audience=Audience.PUBLIC).parameters.name != "desk"
    workspace.records.learn("public", by="Ann", audience=Audience.PUBLIC)
    assert workspace.record(audience=Audience.PUBLIC).parameters.name == "public"
    assert workspace.record().parameters.name == "desk"
