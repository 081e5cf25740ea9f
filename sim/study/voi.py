"""What it would be worth to know the future, or one parameter, before choosing a policy.

`sim.study.evpi` has the estimators.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimate.intervals import REACH
from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.asked import asked_in, cut_off_in
from sim.study.errors import StudyError
from sim.study.evpi import partial, perfect, perfect_with_interval
from sim.study.pick import (
    Array,
    Interval,
    axis_label,
    change,
    change_range,
    fails,
    goal_of,
    goals_of,
    is_constant,
    names,
    oriented,
    points,
    table,
)
from sim.study.store import Results, dataset_of
from sim.study.study import Goal
from sim.words.layout import Table
from sim.words.layout import table as layout
from sim.words.phrases import listed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TOGETHER = "all"
"""Given instead of the name of an outcome: keeping all thresholds of a study."""
FEWEST = 20
"""Fewest futures."""


@dataclass(frozen=True)
class Part:
    """What it is worth to know one parameter.

    Attributes
    ----------
    parameter
        Its name.
    value
        EVPPI, in the unit of the outcome, with its bootstrap interval. It is cut off at 0, so chance alone gives a
        positive value on average.
    by_chance
        What chance alone exceeds in one case in twenty: the 95 % quantile when the parameter's values are shuffled.
    """

    parameter: str
    value: Interval
    by_chance: float

    @property
    def is_seen(self) -> bool:
        """Whether it is more than what chance gives, and its interval does not reach 0."""
        return self.value.estimate > self.by_chance and self.value.low > 0


@dataclass(frozen=True, repr=False)
class Information(Shown):
    """What information is worth when one outcome decides, in the unit of that outcome.

    Attributes
    ----------
    goal
        The outcome.
    policy
        The policy that is best on average.
    tied
        Others that are as good on average, or show no clear difference from it: their paired difference over futures
        is within 1.96 standard errors.
    equal
        Whether all policies are equal in every future.
    asked
        By when it is asked about, and what the horizon cuts off, if it hangs on completion or is something that may
        happen.
    futures
        How many there are; all have equal weight.
    evpi
        The value of perfect information, corrected for noise, with its bootstrap interval. Information is never worth
        less than nothing: where the estimate is below 0, it is 0, and the interval is that around 0.
    evpi_plain
        The same without the correction: noise counts as information.
    parts
        The value of knowing each parameter.
    """

    goal: Goal
    policy: str
    futures: int
    evpi: Interval
    evpi_plain: float
    parts: tuple[Part, ...]
    tied: tuple[str, ...] = ()
    equal: bool = False
    asked: tuple[str, ...] = ()

    @property
    def best(self) -> str:
        """Which policy is best on average, in words; with those that show no clear difference from it."""
        return f"{self.policy} (no clear difference from {listed(self.tied)})" if self.tied else self.policy

    @property
    def ranked(self) -> list[Part]:
        """The parameters, the one most worth knowing first."""
        return sorted(self.parts, key=lambda part: -part.value.estimate)

    def _about(self) -> str:
        return f"{self.goal.judged}; best on average: {self.best}; EVPI {change(self.evpi.estimate, self.goal)}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        part = self.as_table()
        return [("", part.head, part.rows), ("", ("In words",), [(line,) for line in self.words()])]

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each parameter, the one most worth knowing first: EVPPI, its interval and what chance gives."""
        import pandas as pd

        rows = [(self.goal.name, part.parameter, part.value.estimate, part.value.low, part.value.high, part.by_chance)
                for part in self.ranked]
        head = ["outcome", "parameter", "evppi", "low", "high", "by_chance"]
        return pd.DataFrame(rows, columns=head).set_index(["outcome", "parameter"])

    def as_table(self) -> Table:
        """Return the value of knowing each parameter as a table; without rows if nothing could be gained."""
        head = ("Parameter", "EVPPI", "95 %", "By chance, at most")
        rows = []
        for part in self.ranked if self.evpi_plain > 0 else ():
            half = part.value.half
            value, chance = (change(gain, self.goal, False, half) for gain in (part.value.estimate, part.by_chance))
            ends = change_range(part.value.low, part.value.high, self.goal, False, half)
            rows.append([part.parameter, value, ends, chance])
        return layout(head, rows, head[1:], title=axis_label(self.goal, self.goal.judged))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        parts = {part.parameter: {**asdict(part.value), "by_chance": part.by_chance} for part in self.parts}
        return finite({"outcome": self.goal.name, "unit": self.goal.unit, "statistic": self.goal.statistic,
                      "best_on_average": self.policy, "not_told_apart": self.tied, "futures": self.futures,
                      "evpi": asdict(self.evpi), "evpi_plain": self.evpi_plain, "evppi": parts, "words": self.words()})

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        return [*self._found(), *self.asked]

    def _found(self) -> list[str]:
        if self.equal:
            return [f"{self.goal.said}: the policies are equal in every future, so there is nothing to choose between."]
        if self.evpi_plain == 0:
            return [f"{self.goal.said}: {self.policy} is best in every future, so knowing the future would change "
                    "nothing."]
        half = self.evpi.half
        ends = change_range(self.evpi.low, self.evpi.high, self.goal, half=half)
        gain = change(self.evpi.estimate, self.goal, half=half)
        if self.evpi.low <= 0:
            return [f"{self.goal.said}: knowing the future before choosing has no clear value (EVPI {gain}, 95 % "
                    f"interval {ends}). Best on average is {self.best}; what another policy gains in some futures "
                    "could be noise."]
        lines = [f"{self.goal.said}: knowing the future before choosing gains {gain} on average, compared with always "
                 f"choosing {self.best}. The 95 % interval of this value (EVPI) is {ends}; with noise counted as "
                 f"information it would be {change(self.evpi_plain, self.goal, half=half)}."]
        seen = [part for part in self.ranked if part.is_seen][:3]
        if not seen:
            return [*lines, "No single parameter, known on its own, is clearly worth more than chance would give."]
        named = listed(f"{part.parameter} {change(part.value.estimate, self.goal, half=part.value.half)}"
                       for part in seen)
        return [*lines, f"Most worth knowing on its own: {named} (EVPPI)."]


def voi(study: "Results", outcome: str | None = None, seed: int = 1) -> Information:
    """Work out what information is worth when one outcome decides between the policies.

    Parameters
    ----------
    study
        A study's dataset, its folder, or the study file, for results in its default folder.
    outcome
        Which outcome, or ``all``: whether all thresholds are kept; the first when left out.
    seed
        Of the bootstrap and of the shuffling.

    Raises
    ------
    StudyError
        If there is no such outcome, there is only one policy, there are too few futures, or the packages for this are
        not installed.
    """
    ds = dataset_of(study)
    if ds.sizes["policy"] < 2:
        raise StudyError("this study has only one policy, so there is nothing to choose between")
    if ds.sizes["future"] < FEWEST:
        raise StudyError(f"{ds.sizes['future']} futures are too few to say what information is worth; at least "
                         f"{FEWEST} are needed")
    goal = goal_of(ds, outcome) if outcome != TOGETHER else Goal(
        "keeping all thresholds", "high", "mean", None, "yes_no", "chance", "Keeping all thresholds")
    worth, halves = (_kept(ds, name) if outcome == TOGETHER else -oriented(table(ds, name, goal.name), goal)
                     for name in ("value", "half_value"))
    parameters, x = names(ds, "uncertainty"), points(ds)
    rng = np.random.default_rng(seed)
    gains = (worth[1:] - worth[0]).T
    most = perfect(worth, worth)
    parts = tuple(_part(name, *partial(x[:, j], gains, rng, np.delete(x, j, axis=1)), most)
                  for j, name in enumerate(parameters))
    policies, means = names(ds, "policy"), worth.mean(axis=1)
    best = int(means.argmax())
    tied = tuple(name for i, name in enumerate(policies) if i != best and _is_tied(worth[best] - worth[i]))
    evpi = perfect_with_interval(halves, rng)
    asked = with_thresholds(ds) if outcome == TOGETHER else [goal]
    return Information(goal, policies[best], worth.shape[1], evpi, most, parts, tied,
                       is_constant(gains) and is_constant(worth.mean(axis=1)),
                       (*(line for judged in asked for line in asked_in(ds, judged)), *cut_off_in(ds, asked)))


def _part(name: str, value: Interval, by_chance: float, most: float) -> Part:
    """Return what a parameter is worth: no more than knowing everything is, noise counted as information."""
    return Part(name, Interval(min(value.estimate, most), min(value.low, most), value.high), by_chance)


def _is_tied(ahead: Array) -> bool:
    """Whether the average of a policy's lead in each future, shape (futures,), could be noise."""
    error = float(ahead.std(ddof=1)) / np.sqrt(len(ahead))
    return bool(ahead.mean() <= max(REACH * error, 1e-12 * float(np.abs(ahead).max())))


def with_thresholds(ds: "xr.Dataset") -> list[Goal]:
    """Return the outcomes of a study that have a threshold."""
    return [goal for goal in goals_of(ds) if goal.threshold is not None]


def _kept(ds: "xr.Dataset", variable: str) -> Array:
    """Return 1 where a policy keeps all thresholds and 0 elsewhere, shape (policies, futures, ...)."""
    goals = with_thresholds(ds)
    if not goals:
        raise StudyError("no outcome of this study has a threshold: write threshold = ... under it in the study file")
    broken = np.array([fails(table(ds, variable, goal.name), goal) for goal in goals])
    return (~broken.any(axis=0)).astype(float)
