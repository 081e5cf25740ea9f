"""What outcomes are called in figures."""

from sim.rules.outcomes import BY_NAME
from sim.words.labels import outcome_label as label

__all__ = ["LABELS", "label"]

LABELS = {entry.name: entry.label for entry in BY_NAME.values() if entry.main and hasattr(entry, "measure")}
"""The main outcomes that a replication has."""
