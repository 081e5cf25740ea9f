"""The chance that something has happened by a date, and how the chances of two scenarios differ by one.

The days on which something happened are recorded, so it costs nothing to ask what one would have found had one stopped
looking on an earlier date. Counts by day are enough for every chance and every difference: how often it has happened
in one scenario, in the other, and in both with the same random numbers.

A difference in what may happen by the horizon **depends on the horizon** if a difference that matters by one date is
less than half as large by another, or has turned round, and sampling error does not explain that. One of the two dates
is the horizon. The other is

- any earlier date, if it is the earlier difference that has faded or turned; or
- a date in the last third of the time, if it is the difference at the horizon that had hardly arisen by then. (Before
  anything happens there is no difference, so that one is small early on says nothing.)

Differences are looked at on `DATES` dates, evenly spread and the horizon among them. A difference matters from a stated
size on (`sim.estimate.practical`). The allowance for sampling error holds for all dates together: each test is made at
the level `LEVEL` over the number of tests (Bonferroni), so that chance alone marks a difference in at most one of a
hundred cases.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.estimate.difference import bonett_price, mean_test
from sim.estimate.intervals import Column, wilson
from sim.model.catalogue import Catalogue
from sim.scenario.dates import date_fault
from sim.scenario.errors import BY, Problem, ScenarioError, shown
from sim.scenario.load import ScenarioFile

DATES = 40
"""On how many dates differences are looked at."""
LATE = 2 / 3
"""From which share of the time on a difference should have arisen."""
LEVEL = 0.01
"""The chance that sampling error alone marks a difference that does not depend on the horizon, at most."""

Counts = NDArray[np.int64]
"""By day: in how many replications something has happened by the end of that day."""


def events(catalogue: Catalogue) -> dict[str, str]:
    """Return what may happen by a date, and the outcome that says on which day: ``resurgence``, ``resurgence_day``.

    A day without an outcome of its own for whether it came, such as ``handover_day.iraq``, stands for itself.
    """
    found = {item.name: item.outcome.day for item in catalogue.outcomes if item.outcome.day}
    return found | {item.name: item.name for item in catalogue.outcomes
                    if item.outcome.kind == "day" and item.name not in found.values()}


def by_day(days: Column, horizon: float) -> Counts:
    """Count by day, up to the horizon, in how many replications something has happened by the end of that day."""
    last = int(horizon)
    return np.bincount(days[np.isfinite(days)].astype(np.int64), minlength=last)[:last].cumsum()


@dataclass(frozen=True)
class Chance:
    """A chance with its 95 % interval (Wilson's; None for a single replication)."""

    chance: float
    ci95: list[float] | None


def chance(happened: int, replications: int) -> Chance:
    """Return the chance of what happened in so many replications."""
    return Chance(happened / replications, wilson(happened, replications))


def chance_by(days: Column, day: int) -> Chance:
    """Return the chance that something has happened by the end of a day, counted from 0."""
    return chance(int((days < day + 1).sum()), len(days))


@dataclass(frozen=True)
class Apart:
    """By how much a chance differs from that in the base, with its 95 % interval (Bonett and Price's)."""

    difference: float
    ci95: list[float]


def apart(base: int, here: int, both: int, replications: int) -> Apart:
    """Return the paired difference of two chances.

    Parameters
    ----------
    base, here, both
        In how many replications something has happened in the base, in the scenario, and in both.
    replications
        How many were played.
    """
    if base == here == both:
        return Apart(0.0, [0.0, 0.0])
    return Apart((here - base) / replications, bonett_price(here - both, base - both, replications))


@dataclass(frozen=True)
class Earlier:
    """The earlier day, counted from 0, by which a difference is least like that at the horizon; and what it is then."""

    day: int
    difference: float


def earlier(base: Column, here: Column, horizon: float, matters: float) -> Earlier | None:
    """Return by which earlier day a difference is another one; None if it does not depend on the horizon.

    Parameters
    ----------
    base, here
        The days on which something happened in two scenarios with the same random numbers; infinite if never.
    horizon
        Days from the start to the end.
    matters
        From what size on a difference of the chances matters.
    """
    last = int(horizon) - 1
    looked_at = [day for day in np.unique(np.rint(np.arange(1, DATES) * horizon / DATES).astype(int) - 1)
                 if 0 <= day < last]
    tests = sum(2 if day >= LATE * last else 1 for day in looked_at)
    at_end = _steps(base, here, last)
    found = []
    for day in looked_at:
        by_then = _steps(base, here, day)
        if _is_lost(by_then, at_end, matters, tests) or (
                day >= LATE * last and _is_lost(at_end, by_then, matters, tests)):
            found.append(Earlier(int(day), float(by_then.mean())))
    return max(found, key=lambda entry: abs(entry.difference - at_end.mean()), default=None)


def _steps(base: Column, here: Column, day: int) -> Column:
    """Return by replication 1 for what has happened by a day only here, -1 for only in the base, otherwise 0."""
    return (here < day + 1).astype(float) - (base < day + 1)


def _is_lost(large: Column, small: Column, matters: float, tests: int) -> bool:
    """Whether a difference matters by one date and is less than half as large, or turned round, by another."""
    size, left = float(large.mean()), float(small.mean())
    if size == 0 or abs(size) < matters or abs(size) / 2 <= left * np.sign(size):
        return False
    p_value = mean_test(large / 2 - small)
    return p_value is not None and p_value <= LEVEL / tests


def day_of(asked: date | str, file: ScenarioFile) -> int:
    """Return the number of a day that somebody asks about, from 0.

    Parameters
    ----------
    asked
        A date, or its text, such as ``2026-06-30``.
    file
        The scenario.

    Raises
    ------
    ScenarioError
        If it is not a date, or lies before the start or after the end.
    """
    scenario = file.scenario
    span = f"give a date from {scenario.start} to {scenario.end}"

    def wrong(message: str) -> ScenarioError:
        return ScenarioError((Problem(BY, None, str(asked), message),))

    try:
        day = date.fromisoformat(asked) if isinstance(asked, str) else asked
        if isinstance(asked, str) and day.isoformat() != asked:
            raise ValueError
    except ValueError:
        raise wrong(f"{date_fault(str(asked)) or f'must be a date, not {shown(str(asked))}'}; {span}") from None
    if day < scenario.start:
        raise wrong(f"is before {file.name} starts, on {scenario.start}; {span}")
    if day > scenario.end:
        raise wrong(f"is after {file.name} ends, on {scenario.end}; {span}")
    return (day - scenario.start).days


def check_dates(asked: Iterable[date | str], files: Iterable[ScenarioFile]) -> None:
    """Make sure that every scenario can be asked about every date; raises `ScenarioError` with all that is wrong."""
    dates, problems = list(asked), []
    for file in files:
        for one in dates:
            try:
                day_of(one, file)
            except ScenarioError as error:
                problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(tuple(problems))


def chances(names: dict[str, str], read: Callable[[str], Column], day: int) -> dict[str, Chance]:
    """Return the chance of each event by the end of a day.

    Parameters
    ----------
    names
        As `events` returns them.
    read
        Returns an outcome, replication by replication.
    day
        The day, from 0.
    """
    return {name: chance_by(read(column), day) for name, column in names.items()}
