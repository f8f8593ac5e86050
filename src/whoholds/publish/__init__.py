"""Exports, one module a format: each turns what a view shows into text or bytes."""
