"""Variants: a model with something changed. Numbers fixed as at a point of a study, twins, the undisturbed plan."""

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import replace

from sim.model.execution import draw_of_plan
from sim.model.setup import Model

TWIN = "twin/"
"""Before the names of the streams of twins."""


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
    drawn = {draw.key: draw for draw in model.draws if not draw.together}
    p = copy(model.parameters)
    for key, value in values.items():
        for field, index in drawn[key].places:
            if index < 0:
                setattr(p, field, value)
            else:
                whole = list(getattr(p, field))
                whole[index] = value
                setattr(p, field, whole)
    kept = tuple(draw for draw in model.draws if draw.key not in values)
    names = {**model.streams.names, "parameter": [f"parameter/{draw.key}" for draw in kept]}
    return replace(model, parameters=p, draws=kept, streams=replace(model.streams, names=names))


def twin_of(model: Model) -> Model:
    """Return the model for twins: all random streams are new, except those that draw the uncertain numbers.

    What becomes of a plan is chance, so it is drawn anew.
    """
    names = {field: [TWIN + name for name in streams] for field, streams in model.streams.names.items()}
    names["parameter"] = [(TWIN if draw.kind else "") + name
                          for draw, name in zip(model.draws, model.streams.names["parameter"], strict=True)]
    return replace(model, streams=replace(model.streams, names=names))


def foretold(model: Model, without: Collection[str]) -> Model:
    """Return a model whose plans are drawn from the record without the episodes with these ids."""
    draws = tuple(
        draw_of_plan(draw.key.removeprefix("execution."), draw.kind, {
            key.rpartition(".")[2]: place for key, place in zip(draw.together, draw.places, strict=True)}, without)
        if draw.kind else draw for draw in model.draws)
    return replace(model, draws=draws)


def undisturbed_of(model: Model) -> Model:
    """Return the model of the undisturbed plan: no attacks, threat or tension, uncertain numbers at their medians.

    Durations are at their means, the talks meet no breakdown and no demand, and the plan is carried out to the letter.
    """
    p = model.parameters
    calm = replace(
        p, theatre_attacks_per_day=[0.0] * p.theatres, contagion=False, has_tension=False, has_threat=False,
        mode_spread=[0.0] * p.modes, closing_spread=0.0, talks_round_spread=0.0, talks_breakdown_chance=0.0,
        group_work_spread=[0.0] * p.groups, pressure_to_demand=False, plan_to_execution=False)
    return replace(model, parameters=calm, draws=())


ABOUT_BOTTLENECKS = ("theatre_troops", "theatre_true_over_reported", "site_", "phase_", "mode_", "closing_")
"""With what the fields begin that say how many leave, and how fast they can."""


def bottlenecks_of(model: Model) -> Model:
    """Return the undisturbed plan with lift and closing left to chance, and with the numbers about them drawn."""
    calm, p = undisturbed_of(model), model.parameters
    draws = tuple(draw for draw in model.draws if all(field.startswith(ABOUT_BOTTLENECKS) for field, _ in draw.places))
    names = {**model.streams.names, "parameter": [f"parameter/{draw.key}" for draw in draws]}
    return replace(
        calm, parameters=replace(calm.parameters, mode_spread=p.mode_spread, closing_spread=p.closing_spread),
        draws=draws, streams=replace(model.streams, names=names))
