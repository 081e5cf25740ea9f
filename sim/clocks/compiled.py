"""The compiled clock: the same rules, compiled and driven by a plain loop, for ensembles.

The loop is in `sim.clocks.loop`. Numba, which compiles it, is imported only when needed: a program that comes with the
package or from the cache needs no compiler.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks import layout
from sim.clocks.budget import EVENT_BUDGET, given_up
from sim.clocks.draws import DrawTable, table_of
from sim.clocks.entropy import pool_of
from sim.clocks.program import Program
from sim.model.setup import Model, process_table
from sim.rules.diary import most_entries

LOG = np.dtype([("time", "f8"), ("process", "i4"), ("what", "i4"), ("where", "i4"), ("amount", "f8"), ("detail", "f8")])


class World(NamedTuple):
    """A scenario in the form that the loop needs: NumPy records (in arrays of one) and tables."""

    state: layout.Struct
    blank: NDArray[np.uint64]  # the initial state
    in_use: NDArray[np.int64]  # the parts of the state that the scenario uses
    parameters: layout.Struct
    streams: layout.Struct
    heads: NDArray[np.int64]  # rows that are heads of lists of streams
    at_once: NDArray[np.int64]  # rows of streams that are opened at once
    pool: NDArray[np.uint32]  # the entropy of the seed
    diary: layout.Struct
    roster: layout.Struct
    draws: DrawTable
    measured: NDArray[np.int64]  # of each outcome: its number, its first place, the place after its last


def _loop() -> Callable[..., Any]:
    from sim.clocks.loop import play_some

    return play_some


play_rows = Program("play", _loop)


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
        longest = layout.capacities(model)
        state_type, parameters_type = layout.state_type(longest), layout.parameters_type(longest)
        first_state = model.first_state()
        in_use = layout.in_use(first_state, state_type)
        streams, heads, at_once = layout.streams_of(model, longest)
        self.world = World(
            state=np.zeros(1, state_type), in_use=in_use,
            blank=layout.filled(first_state, state_type).view(np.uint64)[: in_use[-1, 1]].copy(),
            parameters=layout.filled(model.parameters, parameters_type), streams=streams, heads=heads, at_once=at_once,
            pool=pool_of(seed), diary=np.zeros(1, layout.diary_type(longest)),
            roster=layout.roster_of(process_table(model.parameters), layout.roster_type(longest)),
            draws=table_of(model, parameters_type), measured=measured)
        self.room = longest["entries"] - most_entries(model.parameters)
        self.budget = budget

    def take_numbers(self, model: Model) -> None:
        """Play another model from now on, which differs from the first in the values of its parameters alone."""
        parameters = self.world.parameters
        parameters[:] = layout.filled(model.parameters, parameters.dtype)

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

    @property
    def example(self) -> tuple[Any, ...]:
        """Arguments of the program, as they are for a scenario of this size."""
        return self.arguments(0, np.zeros((0, len(self.world.measured))), np.zeros(0, LOG))

    def _play(self, first: int, results: Any, log: Any) -> tuple[int, int]:
        played, out_of_budget, logged = self.program(*self.arguments(first, results, log))
        if out_of_budget:
            raise given_up(int(self.world.state["given_up"][0]), self.budget)
        return played, logged

    def arguments(self, first: int, results: Any, log: Any) -> tuple[Any, ...]:
        """Return what the program takes."""
        w = self.world
        rows = w.streams.view(np.uint64).reshape(-1, layout.STREAM_WORDS)
        state, parameters = w.state.view(np.uint64), w.parameters.view(np.float64)
        return w, state, parameters, rows, first, results, log, self.budget, self.room
