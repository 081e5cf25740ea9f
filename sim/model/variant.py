"""A model with some of its uncertain numbers fixed, as at a point of a study; the rest are drawn as before."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace

from sim.model.setup import Model


def fixed(model: Model, values: Mapping[str, float]) -> Model:
    """Return a model in which some uncertain numbers have the given values in every replication.

    All streams stay the same, so replications meet the same chance whatever the values.

    Parameters
    ----------
    model
        The scenario, set up with these numbers uncertain, so that their whole ranges have been checked.
    values
        The values by key, such as ``attacks.elasticity``.

    Raises
    ------
    KeyError
        If a number is not drawn on its own.
    """
    drawn = {draw.key: draw for draw in model.draws if not draw.key.startswith("joint.")}
    p = copy(model.parameters)
    for key, value in values.items():
        ((field, index),) = drawn[key].places
        if index < 0:
            setattr(p, field, value)
        else:
            whole = list(getattr(p, field))
            whole[index] = value
            setattr(p, field, whole)
    kept = tuple(draw for draw in model.draws if draw.key not in values)
    names = {**model.streams.names, "parameter": [f"parameter/{draw.key}" for draw in kept]}
    return replace(model, parameters=p, draws=kept, streams=replace(model.streams, names=names))
