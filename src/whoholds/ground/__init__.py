"""Control on the ground: cells, areas, lines and polygons, derived from claims.

`record.compute_record` is the path; `cells` lays H3 cells, `area` puts square kilometres and intervals on
them, `shapes` draws them.
"""
