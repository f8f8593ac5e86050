"""The embedded ledger: one SQLite file that is a valid GeoPackage."""

from whoholds.store.sqlite.ledger import SqliteLedger

__all__ = ["SqliteLedger"]
