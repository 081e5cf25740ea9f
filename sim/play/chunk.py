"""A chunk of replications: what a worker plays at a time, and what it sends back."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks.budget import GivenUp
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model
from sim.play.errors import Unplayable
from sim.rules.diary import first_diary, most_entries, note, open_diary

if TYPE_CHECKING:
    from sim.clocks.compiled import CompiledClock

PLAY_ERRORS = (GivenUp, ArithmeticError)
"""What a clock raises on a replication that cannot be played to the end."""


class Chunk(NamedTuple):
    """What some replications in a row gave.

    Attributes
    ----------
    first
        Number of the first of them.
    outcomes
        Shape (replications, outcomes), in the order of the catalogue.
    entries
        Their diaries, shape (3, entries): see `sim.rules.diary`.
    """

    first: int
    outcomes: NDArray[np.float64]
    entries: NDArray[np.int32]


Play = Callable[[int, int], Chunk]
"""Plays a chunk: given the number of its first replication, and how many there are."""


def simpy_player(model: Model, seed: int) -> Play:
    """Return what plays chunks of a scenario with the SimPy clock."""
    from sim.clocks.reference import ReferenceClock

    catalogue = expand(model)

    def play(first: int, replications: int) -> Chunk:
        outcomes, entries = [], []
        diary = first_diary(model.parameters, most_entries(model.parameters))
        for replication in range(first, first + replications):
            clock = ReferenceClock(model, seed, replication)
            p = clock.parameters
            open_diary(p, diary)
            diary.entries = 0
            try:
                end = clock.play(lambda s, upto, p=p: note(s, p, diary, upto))  # type: ignore[misc]
                note(end, p, diary, p.horizon + 1.0)
                outcomes.append(catalogue.measure(end, p))
            except PLAY_ERRORS as error:
                raise unplayable(replication, error) from None
            columns = (diary.entry_row, diary.entry_time, diary.entry_level)
            entries.append(np.array([column[: diary.entries] for column in columns], np.int32))
        return Chunk(first, np.array(outcomes), np.concatenate(entries, axis=1))

    return play


def compiled_player(model: Model, seed: int) -> Play:
    """Return what plays chunks of a scenario with the compiled clock, in one thread at a time."""
    from sim.clocks.compiled import CompiledClock

    clock = CompiledClock(model, seed, places_of(expand(model)))

    def play(first: int, replications: int) -> Chunk:
        outcomes = np.empty((replications, len(clock.world.measured)))
        entries, played = [], 0
        while played < replications:
            more, written = _play_on(clock, first + played, outcomes[played:])
            entries.append(written)
            played += more
        return Chunk(first, outcomes, np.concatenate(entries, axis=1))

    return play


def _play_on(
    clock: "CompiledClock", first: int, outcomes: NDArray[np.float64]
) -> tuple[int, NDArray[np.int32]]:
    try:
        return clock.play(first, outcomes)
    except PLAY_ERRORS as error:
        raise unplayable(clock.playing, error) from None


def places_of(catalogue: Catalogue) -> NDArray[np.int64]:
    """Return the number in the catalogue of rules, the first place and the place after the last of each outcome."""
    from sim.rules.outcomes import OUTCOMES

    number = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}
    return np.array([(number[item.outcome.name], item.places[0], item.places[-1] + 1) for item in catalogue.outcomes])


def unplayable(replication: int | str, error: Exception) -> Unplayable:
    """Say which replication cannot be played, by its number or in words, why, and what to do about it."""
    which = replication if isinstance(replication, str) else f"replication {replication}"
    why = str(error) if isinstance(error, GivenUp) else "its numbers grow beyond all bounds"
    return Unplayable(
        f"{which} cannot be played to the end: {why}; try lower attack rates "
        "(theatres.NAME.attacks_per_day, attacks.branching_ratio), longer intervals (tranche_days, tick_days, "
        "review_days, round_days) or an earlier end")
