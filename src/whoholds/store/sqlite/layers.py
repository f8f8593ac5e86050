"""What GeoPackage programs are told of the file: extents, and control's columns of the theatre's parties."""

from __future__ import annotations

import sqlite3

from whoholds.theatre import Theatre

__all__ = ["refresh_layers"]


def refresh_layers(connection: sqlite3.Connection, theatre: Theatre) -> None:
    """Set the layers' extent to the theatre's area, and give `control` a column a party.

    A party's id is letters, digits and hyphens (`theatre.PartyId`), so that it is safe in quotes.
    """
    connection.execute(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ? WHERE data_type = 'features'",
        theatre.area.bbox,
    )
    shares = "".join(
        f', CAST(json_extract(r.p, \'$."{name}"\') AS REAL) AS "p_{name}"'
        for name in (*theatre.party_ids, "contested")
    )
    connection.execute("DROP VIEW control")
    connection.execute(
        "CREATE VIEW control AS "  # noqa: S608
        "SELECT r.fid, r.geometry, r.unit_id, r.from_on, r.to_on, r.status, r.p_status"
        f"{shares}, r.n_claims, r.method FROM control_row AS r "
        "WHERE r.audience = (SELECT audience FROM control_run ORDER BY audience LIMIT 1)"
    )
