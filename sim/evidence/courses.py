"""Courses of a drawdown: who was there at every moment of a replication, when each site was closed, when it ended.

A course answers every question that `sim.evidence.happened` can ask, whether it was played or is a simple rival's.
Dates are whole days after the start of the scenario, and counts are those at the end of a day, as they are reported.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.clocks.reference import ReferenceClock
from sim.evidence.happened import END, FIRST_MOVE, GONE, NOT_ENDED, SITE, SITES_CLOSED, THERE, Observation
from sim.evidence.record import Floats
from sim.model.setup import Model
from sim.play.player import PLAY_ERRORS, unplayable
from sim.rules.state import CLOSED, PENDING, State


@dataclass(frozen=True)
class Course:
    """One way that a drawdown may go.

    Attributes
    ----------
    times, present
        When the strength changed, in days after the start, 0 first; and the strength from then on.
    closed
        When each site was closed; infinite if it was not.
    first_move
        When the first phase began to move troops; infinite if none did.
    completed
        When it was complete; infinite if it was not.
    """

    times: Floats
    present: Floats
    closed: Floats
    first_move: float
    completed: float

    def at_end_of(self, day: float) -> float:
        """Return the strength at the end of a day."""
        return float(self.present[np.searchsorted(self.times, day + 1.0) - 1])

    def closed_by(self, day: float) -> int:
        """Return the number of sites closed by the end of a day."""
        return int((self.closed < day + 1.0).sum())

    def answer(self, asked: Observation, day: float, last: float) -> float:
        """Return what this course says where something was observed.

        Parameters
        ----------
        asked
            What was observed.
        day
            When, in days after the start.
        last
            The day that stands for "never": what comes later comes then.
        """
        if asked.what == GONE:
            return float(self.present[0]) - self.at_end_of(day)
        if asked.what == THERE:
            return self.at_end_of(day)
        if asked.what == FIRST_MOVE:
            return _day(self.first_move, last)
        if asked.what == SITE:
            return _day(float(self.closed[asked.site]), last)
        if asked.what in (END, NOT_ENDED):
            return _day(self.completed, day if asked.what == NOT_ENDED else last)
        closed = self.closed_by(day)
        return float(closed if asked.what == SITES_CLOSED else len(self.closed) - closed)

    def stretched(self, factor: float) -> "Course":
        """Return the same course with all times multiplied."""
        return Course(self.times * factor, self.present, self.closed * factor, self.first_move * factor,
                      self.completed * factor)

    def straightened(self) -> "Course":
        """Return a course in a straight line from the start to the same end: as many leave on each day.

        The sites that are closed are closed in the same order, at equal intervals.
        """
        days = np.arange(math.ceil(self.completed))
        left = np.minimum(1.0, (days + 1.0) / self.completed)
        whole = self.present[0] + left * (self.at_end_of(self.completed) - self.present[0])
        order = np.argsort(self.closed, kind="stable")
        number = int((self.closed < math.inf).sum())
        closed = np.full(len(self.closed), math.inf)
        closed[order[:number]] = self.completed * np.arange(1, number + 1) / max(number, 1)
        return Course(np.concatenate([[0.0], days + 0.5]), np.concatenate([self.present[:1], whole]), closed, 0.0,
                      self.completed)


def _day(time: float, last: float) -> float:
    return min(math.floor(time), last) if time < math.inf else last


def courses(model: Model, seed: int, replications: int) -> list[Course]:
    """Play replications with the SimPy clock, which tells when things happen; the numbers are those of any clock.

    Raises
    ------
    Unplayable
        If one cannot be played to the end.
    """
    return [_course(model, seed, replication) for replication in range(replications)]


def _course(model: Model, seed: int, replication: int) -> Course:
    times: list[float] = []
    present: list[int] = []
    closed = np.full(model.parameters.sites, math.inf)
    closings = [0]

    def watch(s: State, upto: float) -> None:
        """Note what the last step changed; it was at ``s.now``."""
        if not present:
            times.append(0.0)
            present.append(s.total_initial)
        if s.total_present != present[-1]:
            times.append(s.now)
            present.append(s.total_present)
        if sum(s.sites_closed) != closings[0]:
            closings[0] = sum(s.sites_closed)
            _note(closed, s)

    try:
        end = ReferenceClock(model, seed, replication).play(watch)
    except PLAY_ERRORS as error:
        raise unplayable(replication, error) from None
    begun = [end.phase_begun[j] for j in range(model.parameters.phases)
             if end.phase[j] != PENDING and not model.parameters.phase_reinforce[j]]
    return Course(np.array(times), np.array(present, float), closed, min(begun, default=math.inf), end.completed_at)


def _note(closed: Floats, s: State) -> None:
    """Note when sites were closed; those that were opened again are open."""
    for i in range(len(closed)):
        closed[i] = min(closed[i], s.now) if s.site[i] == CLOSED else math.inf
