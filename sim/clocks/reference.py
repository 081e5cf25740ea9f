"""The SimPy clock: the reference. Every process of the model is a SimPy process that waits, acts, and is woken.

A process asks its due rule when it acts next, waits until then, and runs its step rule. If a step changes what other
processes depend on, it names them; they are interrupted and ask their due rules again. Phases and queues are part of
the state, so the generators below are all that is needed.
"""

import math
from collections.abc import Callable, Generator, Iterable
from heapq import heappush
from typing import Any, NamedTuple

import simpy
from simpy.core import Environment
from simpy.events import NORMAL, URGENT, Event

from sim.clocks.budget import EVENT_BUDGET, given_up
from sim.model.setup import Model, process_table
from sim.rules.parameters import Parameters
from sim.rules.processes import KINDS, begin, finish
from sim.rules.state import State, forget
from sim.rules.streams import Streams

LAST = 1_000_000
"""Rank of the events of users' own processes."""

OwnProcess = Callable[["ReferenceClock"], Generator[Event, Any, Any]]
"""A user's own SimPy process: a generator function that takes the clock. It may read ``clock.state`` and wait with
``yield clock.timeout(days)``."""


class Record(NamedTuple):
    """One thing that happened. `sim.rules.told` says what the numbers mean."""

    time: float
    process: int
    what: int
    where: int
    amount: float
    detail: float


class ReferenceClock(Environment):
    """Plays one replication of a model with SimPy.

    Parameters
    ----------
    model
        The scenario, set up.
    seed, replication
        The seed of the run and the number of the replication.
    on_record
        Called with every `Record` as it happens.
    own_processes
        The user's own SimPy processes. They can read the state; at the same time they act after the model's processes.
    budget
        Events after which the replication is given up.

    Attributes
    ----------
    state, parameters
        The state and the parameters of the replication.
    """

    def __init__(
        self,
        model: Model,
        seed: int,
        replication: int,
        on_record: Callable[[Record], None] | None = None,
        own_processes: Iterable[OwnProcess] = (),
        budget: int = EVENT_BUDGET,
    ) -> None:
        super().__init__()
        self.model = model
        self.streams: Streams = model.open_streams(seed, replication)
        self.parameters: Parameters = model.parameters_of(self.streams)
        self.state: State = model.first_state()
        self.budget = budget
        self.steps = 0
        self._on_record = on_record
        self._own = tuple(own_processes)
        self._players: list[simpy.Process] = []

    def play(self, observe: Callable[[State, float], None] | None = None) -> State:
        """Play to the horizon and return the state at the end.

        Parameters
        ----------
        observe
            Called before every step with the state and the time up to which it holds.

        Raises
        ------
        GivenUp
            If the replication exceeds its budget of events or its numbers grow too large.
        """
        self._observe = observe
        s = self.state
        begin(s, self.parameters, self.streams)
        forget(s)
        for number, (kind, index) in enumerate(process_table(self.parameters)):
            self._players.append(self.process(self._live(number, kind, index)))
        for own in self._own:
            self.process(own(self))
        self.run(until=self.parameters.horizon)
        if observe is not None:
            observe(self.state, self.parameters.horizon)
        finish(self.state, self.parameters)
        return self.state

    def schedule_at(self, time: float, rank: int) -> Event:
        """Return an event at a given time, or now if that is past. Of events at the same time the lowest rank is first.

        An event at infinity never happens.
        """
        event = Event(self)
        event._ok = True
        event._value = None
        if time < math.inf:
            heappush(self._queue, (max(time, self._now), rank, next(self._eid), event))  # type: ignore[misc]
        return event

    def schedule(self, event: Event, priority: Any = NORMAL, delay: Any = 0) -> None:
        """Schedule one of SimPy's own events; at the same time, those of users' processes come after the model's.

        The end of a failed process comes first: once a replication is given up, nothing else happens in it.
        """
        rank: Any = URGENT if priority == URGENT or not event._ok else LAST
        super().schedule(event, rank, delay)

    def _live(self, number: int, kind: int, index: int) -> Generator[Event, Any, None]:
        """Wait until the time that the due rule gives, then run the step rule; when woken, ask the due rule again."""
        s, p, r = self.state, self.parameters, self.streams
        due, step = KINDS[kind].due, KINDS[kind].step
        while True:
            s.now = self.now
            try:
                yield self.schedule_at(due(s, p, r, index), number + 1)
            except simpy.Interrupt:
                continue
            if self._observe is not None:
                self._observe(s, self.now)
            s.now = self.now
            step(s, p, r, index)
            self._after_step(number)

    def _after_step(self, number: int) -> None:
        s = self.state
        self.steps += 1
        if self.steps > self.budget or s.given_up:
            raise given_up(s.given_up, self.budget)
        if self._on_record is not None:
            for i in range(s.told):
                self._on_record(Record(s.now, number, s.told_what[i], s.told_where[i], s.told_amount[i],
                                       s.told_detail[i]))
        for i in range(s.wakes):
            if s.waking[i] != number:
                self._players[s.waking[i]].interrupt()
        forget(s)


def play(model: Model, seed: int, replication: int) -> tuple[State, Parameters, list[Record]]:
    """Play one replication; return its final state, its parameters and the records of what happened."""
    records: list[Record] = []
    clock = ReferenceClock(model, seed, replication, on_record=records.append)
    state = clock.play()
    return state, clock.parameters, records
