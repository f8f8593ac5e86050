"""What GeoPackage programs are told of the file: extents, and control's columns of the theatre's parties."""

# SQL here is put together from fragments of ours; party ids are letters, digits and hyphens.
# ruff: noqa: S608

from __future__ import annotations

import sqlite3

from whoholds.theatre import Theatre

__all__ = ["fill_shares", "refresh_layers"]


def refresh_layers(connection: sqlite3.Connection, theatre: Theatre) -> None:
    """Set the layers' extent to the theatre's area, and give `control` a column a party."""
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE data_type = 'features'",
        theatre.area.bbox,
    )
    states = _states(theatre)
    there = {row["name"] for row in connection.execute("PRAGMA table_info(control_row)")}
    for state in states:
        if f"p_{state}" not in there:
            connection.execute(f'ALTER TABLE control_row ADD COLUMN "p_{state}" REAL')
    fill_shares(connection, theatre)
    shares = ", ".join(f'r."p_{state}"' for state in states)
    connection.execute("DROP VIEW control")
    connection.execute(
        "CREATE VIEW control AS "
        "SELECT r.fid, r.geometry, r.unit_id, r.from_on, r.to_on, r.status, r.p_of_status, "
        f"{shares}, r.n_claims, r.method FROM control_row AS r "
        "WHERE r.audience = (SELECT audience FROM control_run ORDER BY audience LIMIT 1)"
    )


def fill_shares(connection: sqlite3.Connection, theatre: Theatre) -> None:
    """Copy each state's probability from the rows' JSON into its column."""
    shares = ", ".join(f'"p_{state}" = json_extract(p, \'$."{state}"\')' for state in _states(theatre))
    connection.execute(f"UPDATE control_row SET {shares}")


def _states(theatre: Theatre) -> tuple[str, ...]:
    return (*theatre.party_ids, "contested")
