"""Times: a parsed text and its publication time enter, `TimeMention`s leave.

`extract_times` finds and anchors expressions, `time_role` says how the sentence uses one (since, by, …).
"""

from whoholds.read.times.extract import extract_times
from whoholds.read.times.roles import time_role

__all__ = ["extract_times", "time_role"]
