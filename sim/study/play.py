"""Playing cases of a study: some replications of a policy in a future, by either clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks.layout import filled
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model, set_up
from sim.model.variant import fixed
from sim.play.chunk import PLAY_ERRORS, places_of, unplayable
from sim.play.errors import Unplayable
from sim.play.workers import Player
from sim.study.futures import Futures, futures_of
from sim.study.study import Goal, Study

if TYPE_CHECKING:
    from sim.clocks.compiled import CompiledClock

MOST_CLOCKS = 32
"""Compiled clocks that a worker keeps, at 2 MB each."""


class Piece(NamedTuple):
    """Some replications of a policy in a future.

    Attributes
    ----------
    policy, future, first
        Their numbers; the last is that of the first replication.
    outcomes
        Shape (replications, outcomes), in the order of `Board.names`.
    """

    policy: int
    future: int
    first: int
    outcomes: NDArray[np.float64]


@dataclass(frozen=True)
class Board:
    """All that a worker needs to play any case.

    Attributes
    ----------
    policies
        Their names.
    models
        By policy and variant.
    futures
        The futures.
    names
        The outcomes to be measured.
    seed
        Which chance they meet.
    """

    policies: tuple[str, ...]
    models: tuple[tuple[Model, ...], ...]
    futures: Futures
    names: tuple[str, ...]
    seed: int

    def model(self, policy: int, future: int) -> Model:
        """Return a policy in a future, ready to be played."""
        return fixed(self.models[policy][self.futures.variant[future]], self.futures.numbers(future))

    def catalogue(self, model: Model) -> Catalogue:
        """Return what is measured, in the order of the names."""
        found = {item.name: item for item in expand(model).outcomes}
        return Catalogue(tuple(found[name] for name in self.names), ())

    @contextmanager
    def named(self, policy: int, future: int) -> Iterator[None]:
        """Say where it was that a replication could not be played."""
        try:
            yield
        except Unplayable as error:
            raise Unplayable(f"{self.policies[policy]}, future {future}: {error}") from None


def board_of(study: Study) -> Board:
    """Set up all policies of a study, and its futures."""
    models = tuple(tuple(set_up(file.scenario) for file in policy.variants) for policy in study.policies)
    names = tuple(dict.fromkeys(name for goal in study.goals for name in measured(goal, models[0][0])))
    return Board(tuple(policy.name for policy in study.policies), models, futures_of(study), names, study.design.seed)


def measured(goal: Goal, model: Model) -> tuple[str, ...]:
    """Return the outcomes that a goal takes: itself, or of a rate the two that it is the ratio of."""
    rates = {rate.name: (rate.numerator, rate.denominator) for rate in expand(model).rates}
    return rates.get(goal.name, (goal.name,))


def compiled_player(board: Board) -> Player[Piece]:
    """Return what plays with the compiled clock, in one thread at a time; a clock serves all futures of a variant."""
    from sim.clocks.compiled import CompiledClock

    clocks: dict[tuple[int, int], CompiledClock] = {}

    def play(policy: int, future: int, first: int, replications: int) -> Piece:
        model, place = board.model(policy, future), (policy, int(board.futures.variant[future]))
        if place not in clocks:
            if len(clocks) >= MOST_CLOCKS:
                clocks.clear()
            clocks[place] = CompiledClock(model, board.seed, places_of(board.catalogue(model)))
        clock = clocks[place]
        parameters = clock.world.parameters
        parameters[:] = filled(model.parameters, parameters.dtype)
        outcomes = np.empty((replications, len(board.names)))
        with board.named(policy, future):
            _play_all(clock, first, outcomes)
        return Piece(policy, future, first, outcomes)

    return play


def _play_all(clock: "CompiledClock", first: int, outcomes: NDArray[np.float64]) -> None:
    played = 0
    while played < len(outcomes):
        try:
            played += clock.play(first + played, outcomes[played:])[0]
        except PLAY_ERRORS as error:
            raise unplayable(clock.playing, error) from None


def simpy_player(board: Board) -> Player[Piece]:
    """Return what plays with the SimPy clock."""
    from sim.clocks.reference import ReferenceClock

    def play(policy: int, future: int, first: int, replications: int) -> Piece:
        model = board.model(policy, future)
        catalogue, outcomes = board.catalogue(model), []
        with board.named(policy, future):
            for replication in range(first, first + replications):
                clock = ReferenceClock(model, board.seed, replication)
                try:
                    outcomes.append(catalogue.measure(clock.play(), clock.parameters))
                except PLAY_ERRORS as error:
                    raise unplayable(replication, error) from None
        return Piece(policy, future, first, np.array(outcomes))

    return play
