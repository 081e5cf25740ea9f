"""Twins: replications played again with the same uncertain numbers, but new chance.

What a replication and its twin have in common is due to those numbers alone. From this the summary works out how much
of an outcome's variance is due to uncertain inputs, and how much to chance.
"""

from dataclasses import replace

from sim.model.setup import Model

MOST_TWINS = 2000
"""The standard error of a share r is about (1 - r^2) / sqrt(twins), so 95 % intervals reach about 4 percentage points
to either side. That is enough to separate uncertain inputs from chance. Half the width would take 8,000 twins."""
PREFIX = "twin/"


def twins_in(model: Model, replications: int) -> int:
    """Return how many of the first replications have a twin; none if nothing is uncertain."""
    return min(replications, MOST_TWINS) if model.draws else 0


def twin_of(model: Model) -> Model:
    """Return the model for twins: all random streams are new, except those that draw the uncertain numbers."""
    names = {field: streams if field == "parameter" else [PREFIX + name for name in streams]
             for field, streams in model.streams.names.items()}
    return replace(model, streams=replace(model.streams, names=names))
