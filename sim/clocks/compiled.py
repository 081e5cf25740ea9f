"""The compiled clock: the same rules, compiled and driven by a plain loop, for ensembles.

The loop is in `sim.clocks.loop`, and comes compiled with the package.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks import layout
from sim.clocks.budget import EVENT_BUDGET, given_up
from sim.clocks.draws import DrawTable, table_of
from sim.clocks.entropy import pool_of
from sim.clocks.program import SOURCES, Program
from sim.model.setup import Model, process_table, set_up
from sim.rules.diary import most_entries
from sim.scenario.load import from_dict

LOG = np.dtype([("time", "f8"), ("process", "i4"), ("what", "i4"), ("where", "i4"), ("amount", "f8"), ("detail", "f8")])


class World(NamedTuple):
    """A scenario in the form that the loop needs: blocks (see `sim.clocks.layout`) and tables."""

    state: layout.Struct
    blank: NDArray[np.uint64]  # the beginning of the state, as it is before anything has happened
    parameters: layout.Struct
    draws: DrawTable
    streams: layout.Struct
    heads: NDArray[np.int64]  # rows that are heads of lists of streams
    at_once: NDArray[np.int64]  # rows of streams that are opened at once
    pool: NDArray[np.uint32]  # the entropy of the seed
    diary: layout.Struct
    roster: layout.Struct
    measured: NDArray[np.int64]  # of each outcome: its number, its first place, the place after its last


def _loop() -> Callable[..., Any]:
    from sim.clocks.loop import play_some

    return play_some


def _example() -> tuple[Any, ...]:
    smallest = {"start": date(2024, 1, 1), "end": date(2024, 1, 2), "theatres": {"any": {"troops": 1}}}
    clock = CompiledClock(set_up(from_dict(smallest).scenario), 0, np.zeros((0, 3), np.int64))
    return clock.arguments(0, np.zeros((0, 0)), np.zeros(0, LOG))


play_rows = Program("play", _loop, _example, SOURCES)


class CompiledClock:
    """Plays replications of a model one after another.

    Parameters
    ----------
    model
        The scenario, set up.
    seed
        The seed of the run.
    measured
        Shape (outcomes, 3): the number of each outcome in the catalogue, its first place, the place after its last.
    budget
        Events after which a replication is given up.

    Attributes
    ----------
    program
        What plays.
    """

    program: Callable[..., Any] = play_rows

    def __init__(self, model: Model, seed: int, measured: NDArray[np.int64], budget: int = EVENT_BUDGET) -> None:
        p = model.parameters
        state, parameters, diary = layout.state_of(model.first_state(), p), layout.block_of(p), layout.diary_of(p)
        streams, heads, at_once = layout.streams_of(model)
        self.world = World(
            state, layout.blank_of(state), parameters, table_of(model, parameters.dtype), streams, heads, at_once,
            pool_of(seed), diary, layout.roster_of(process_table(p)), measured)
        self.room = diary["entry_row"].shape[1] - most_entries(p)
        self.budget = budget

    def take_numbers(self, model: Model) -> None:
        """Play another model from now on, which differs from the first in the values of its parameters alone."""
        self.world.parameters[:] = layout.block_of(model.parameters)

    def play(self, first: int, results: NDArray[np.float64]) -> tuple[int, NDArray[np.int32]]:
        """Play replications from ``first`` on: as many as ``results`` has rows, or as fit into the diary.

        Parameters
        ----------
        first
            Number of the first replication.
        results
            Shape (replications, outcomes); filled with the outcomes.

        Returns
        -------
        tuple
            How many replications were played, at least one; and their diaries, shape (3, entries): see
            `sim.rules.diary`.

        Raises
        ------
        GivenUp
            If a replication exceeds its budget of events or its numbers grow too large; `playing` says which one.
        """
        played, _ = self._play(first, results, np.zeros(0, LOG))
        d = self.world.diary
        entries = int(d["entries"][0])
        columns = (d[name][0, :entries] for name in ("entry_row", "entry_time", "entry_level"))
        return played, np.array([*columns], np.int32)

    def log(self, replication: int) -> NDArray[np.void]:
        """Return the log of one replication: an entry for each `sim.clocks.reference.Record`, with its fields."""
        results = np.zeros((1, len(self.world.measured)))
        length, logged = 0, 1000
        while logged > length:
            length = logged
            log = np.zeros(length, LOG)
            _, logged = self._play(replication, results, log)
        return log[:logged]

    @property
    def playing(self) -> int:
        """The replication that was begun last."""
        return int(self.world.roster["playing"][0])

    def _play(self, first: int, results: Any, log: Any) -> tuple[int, int]:
        played, out_of_budget, logged = self.program(*self.arguments(first, results, log))
        if out_of_budget:
            raise given_up(int(self.world.state["given_up"][0]), self.budget)
        return played, logged

    def arguments(self, first: int, results: Any, log: Any) -> tuple[Any, ...]:
        """Return what the program takes."""
        w, word = self.world, np.uint64
        return (w.state.view(word), w.blank, w.parameters.view(np.float64), w.draws, w.streams.view(word),
                w.heads, w.at_once, w.pool, w.diary.view(word), w.roster.view(word), w.measured, first, results, log,
                self.budget, self.room)
