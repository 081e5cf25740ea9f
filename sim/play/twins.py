"""Twins: replications played again with the same uncertain numbers and fresh chance.

Two twins have in common what those numbers make of an outcome, and nothing else; that is how the summary tells how much
of its variance comes from what is not known, and how much from chance.
"""

from dataclasses import replace

from sim.model.setup import Model

MOST_TWINS = 2000
"""The standard error of a share r is about (1 - r^2) / sqrt(twins): 95 % intervals reach some 4 percentage points to
either side, enough to tell what could be found out from what nobody can know. Halving that would take 8,000."""
PREFIX = "twin/"


def twins_in(model: Model, replications: int) -> int:
    """Return how many of so many replications have a twin: the first; none where nothing is uncertain."""
    return min(replications, MOST_TWINS) if model.draws else 0


def twin_of(model: Model) -> Model:
    """Return the model of twins: every stream is another, save those from which the uncertain numbers are drawn."""
    names = {field: own if field == "parameter" else [PREFIX + name for name in own]
             for field, own in model.streams.names.items()}
    return replace(model, streams=replace(model.streams, names=names))
