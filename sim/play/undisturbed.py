"""The plan as it would run undisturbed: without attacks, threat, tension or chance."""

from dataclasses import dataclass

import numpy as np

from sim.clocks.reference import ReferenceClock
from sim.model.catalogue import expand
from sim.model.setup import Model
from sim.model.variant import undisturbed_of
from sim.play.daily import Ints, unfold
from sim.play.player import PLAY_ERRORS, unplayable
from sim.rules.diary import first_diary, most_entries, note
from sim.rules.state import AGREEMENT


@dataclass(frozen=True)
class UndisturbedPlan:
    """The course of the plan if nothing disturbs it.

    Attributes
    ----------
    troops
        True strength at the start of each day, shape (theatres, days).
    agreement, completion
        Days after the start; infinite if it does not happen by the horizon.
    days
        The same for every outcome that is a day, by name.
    """

    troops: Ints
    agreement: float
    completion: float
    days: dict[str, float]


def undisturbed(model: Model) -> UndisturbedPlan:
    """Play the plan of a scenario, with every uncertain number at its median and every duration at its mean.

    Raises
    ------
    Unplayable
        If it cannot be played to the end.
    """
    calm = undisturbed_of(model)
    p = calm.parameters
    clock = ReferenceClock(calm, 0, 0)
    diary = first_diary(p, most_entries(p))
    try:
        end = clock.play(lambda s, upto: note(s, p, diary, upto))
    except PLAY_ERRORS as error:
        raise unplayable("the plan as it would run undisturbed", error) from None
    note(end, p, diary, p.horizon + 1.0)
    entries = np.array([diary.entry_row, diary.entry_time, diary.entry_level])[:, : diary.entries]
    catalogue = expand(model)
    measured = zip(catalogue.outcomes, catalogue.measure(end, p), strict=True)
    days = {item.name: value for item, value in measured if item.outcome.kind == "day"}
    return UndisturbedPlan(unfold(model, entries)["troops"][:-1], end.milestone[AGREEMENT], end.completed_at, days)
