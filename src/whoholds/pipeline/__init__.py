"""Where the stages meet: reports in, claims kept, a record of control out.

    bytes --acquire--> Report --read--> Reading --store--> ledger --view--> claims --ground--> GroundRecord

The stages are pure and know nothing of each other's neighbours; the order, the store, the clock and the
caches are here. `cli` and `web` call this and nothing below it but `model`. `reading` runs readers,
`workspace` is an open ledger, `records` its records of control, `names` what people and earlier reports say
of places.
"""

from __future__ import annotations

from whoholds.pipeline.reading import (
    DEFAULT_READER,
    Progress,
    load_reader,
    read_reports,
    read_reports_parallel,
)
from whoholds.pipeline.workspace import AddSummary, Workspace

__all__ = [
    "DEFAULT_READER",
    "AddSummary",
    "Progress",
    "Workspace",
    "load_reader",
    "read_reports",
    "read_reports_parallel",
]
