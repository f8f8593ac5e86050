"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

from typing import Any

__all__ = ["plain_cell"]


def plain_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: reports are strangers' words."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return value
