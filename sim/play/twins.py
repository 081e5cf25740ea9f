"""Twins: replications played again with the same uncertain numbers, but new chance.

What a replication and its twin have in common is due to those numbers alone. From this the summary works out how much
of an outcome's variance is due to uncertain inputs, and how much to chance.
"""

from sim.model.setup import Model

MOST_TWINS = 2000
"""The standard error of a share r is about (1 - r^2) / sqrt(twins), so 95 % intervals reach about 4 percentage points
to either side. That is enough to separate uncertain inputs from chance. Half the width would take 8,000 twins."""

def twins_in(model: Model, replications: int) -> int:
    """Return how many of the first replications have a twin; none if nothing is uncertain."""
    return min(replications, MOST_TWINS) if model.draws else 0
