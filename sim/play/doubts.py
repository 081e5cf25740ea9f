"""Finds plans that lift and the closing of sites cannot keep, by playing them with nothing else left to chance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sim.clocks.reference import ReferenceClock
from sim.model.setup import Model, set_up
from sim.model.variant import bottlenecks_of
from sim.play.player import PLAY_ERRORS
from sim.rules import plan
from sim.rules.parameters import Parameters
from sim.rules.state import CANCELLED, PENDING, State
from sim.scenario.errors import Problem
from sim.scenario.load import ScenarioFile
from sim.scenario.places import PACES

FUTURES = 40
"""How many are played; they take a third of a second."""
SLACK_DAYS = 7
"""How much later than planned counts as kept, unless a deadline comes first: the last load or two take some days."""
OFTEN = (2 / 3, "two of three")
"""A plan that is kept less often is doubted."""
OFTEN_BY_DEADLINE = (0.9, "nine of ten")
"""The same for a plan that leaves less time than that before a deadline."""


@dataclass(frozen=True)
class Course:
    """A phase in one future: the days of its start, its planned end and its end."""

    begun: float
    planned: float
    reached: float


def warnings_of(file: ScenarioFile) -> tuple[Problem, ...]:
    """Return all warnings about a scenario: those about its plan, then those of its file."""
    if not file.scenario.phases:
        return file.warnings
    model = set_up(file.scenario)
    try:
        futures = _futures(model)
    except PLAY_ERRORS:
        return file.warnings
    doubts = (_doubt(file, model.parameters, name, [course for course in courses if course is not None])
              for name, courses in zip(file.scenario.phases, zip(*futures, strict=True), strict=True))
    return (*(doubt for doubt in doubts if doubt is not None), *file.warnings)


def _futures(model: Model) -> list[list[Course | None]]:
    """Return the course of each phase in some futures in which only lift and closing are left to chance."""
    calm = bottlenecks_of(model)
    futures = []
    for replication in range(FUTURES):
        clock = ReferenceClock(calm, 0, replication)
        end = clock.play()
        futures.append([_course(end, clock.parameters, j) for j in range(calm.parameters.phases)])
    return futures


def _course(s: State, p: Parameters, j: int) -> Course | None:
    """Return the course of a phase; None if it never began, or should end after the horizon."""
    if s.phase[j] in (PENDING, CANCELLED):
        return None
    planned = p.phase_by[j] if p.phase_by[j] < math.inf else plan.date(s, p, j, plan.last_tranche(s, j))
    return Course(s.phase_begun[j], planned, s.phase_reached_at[j]) if planned < p.horizon else None


def _is_kept(course: Course, deadline: float) -> bool:
    """Whether a phase ends as planned, to within a little, and by a deadline that it was to meet."""
    upto = course.planned + SLACK_DAYS
    return course.reached < (min(upto, deadline) if course.planned < deadline else upto)


def _doubt(file: ScenarioFile, p: Parameters, name: str, courses: Sequence[Course]) -> Problem | None:
    """Say that a phase is rarely kept, and from which date on it would be; None if it is kept often enough."""
    kept = sum(_is_kept(course, p.deadline) for course in courses)
    is_tight = any(course.planned < p.deadline < course.planned + SLACK_DAYS for course in courses)
    often, in_words = OFTEN_BY_DEADLINE if is_tight else OFTEN
    if kept >= often * len(courses):
        return None
    scenario, middle = file.scenario, len(courses) // 2
    pace = next(pace for pace in PACES if getattr(scenario.phases[name], pace) is not None)
    origin = file.origins[f"phases.{name}.{pace}"]
    begun, planned, reached = (sorted(getattr(course, part) for course in courses)
                               for part in ("begun", "planned", "reached"))

    def dated(day: float) -> str:
        return (scenario.start + timedelta(days=math.floor(day))).isoformat()

    late = f"the phase begins only on {dated(begun[middle])}, and " if begun[middle] >= planned[middle] else ""
    earliest = reached[math.ceil(often * len(courses)) - 1]
    could = (f"the earliest date that is kept in {in_words} is {dated(earliest)}" if earliest < math.inf
             else f"they take longer than the run, which ends on {scenario.end}")
    return Problem(origin.file, origin.line, f"phases.{name}.{pace}",
                   f"{late}lift and closing keep the planned end, {dated(planned[middle])}, in {kept} of "
                   f"{len(courses)} futures without any other trouble; {could}")
