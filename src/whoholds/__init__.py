"""Who holds what, according to whom, since when.

The main path is `pipeline/`: reports in, claims kept, a record of control out. The vocabulary is in
`model/`; every other package takes and returns those types.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
