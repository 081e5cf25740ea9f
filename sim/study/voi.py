"""What it would be worth to know the future, or one parameter, before choosing a policy.

The expected value of perfect information (EVPI) is how much better the best policy of each future is, in the mean, than
the one policy that is best on average (Raiffa and Schlaifer 1961). For one parameter (EVPPI), the policy is chosen by
what is expected given the parameter: by a regression of the policies' differences on it (Strong, Oakley and Brennan
2014), here a penalised spline whose penalty is found by leave-one-out.

Noise looks like information: the best of several equal policies differs from future to future by chance. So the policy
is chosen on one half of the replications and valued on the other, both ways. That errs a little low, without it a
little high.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimate.intervals import REACH
from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.errors import StudyError, missing
from sim.study.pick import (
    Array,
    Interval,
    axis_label,
    difference_amount,
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
"""Stands for the name of an outcome: that all thresholds of a study are kept."""
RESAMPLES, SHUFFLES = 200, 100
KNOTS, FEW_VALUES, FEWEST = 6, 12, 20
PENALTIES = np.logspace(-5, 5, 21)


@dataclass(frozen=True)
class Part:
    """What knowing one parameter is worth.

    Attributes
    ----------
    parameter
        Its name.
    value
        EVPPI, in the unit of the outcome, with its bootstrap interval. It cannot be negative, so chance alone gives
        something.
    by_chance
        What chance alone gives in one case of twenty: the 95 % quantile when the parameter's values are shuffled.
    """

    parameter: str
    value: Interval
    by_chance: float

    @property
    def is_seen(self) -> bool:
        """Whether all of its interval is more than chance gives."""
        return self.value.low > self.by_chance


@dataclass(frozen=True, repr=False)
class Information(Shown):
    """What information is worth when one outcome decides, in its unit.

    Attributes
    ----------
    goal
        The outcome.
    policy
        The policy that is best on average.
    tied
        Others that are as good on average, or do not clearly differ from it: their paired difference over futures is
        within 1.96 standard errors.
    equal
        Whether all policies are equal in every future.
    futures
        How many there are; each counts as much.
    evpi
        Of perfect information, with noise kept apart, and its bootstrap interval.
    evpi_plain
        The same without: what noise gives is in it.
    parts
        Of each parameter.
    """

    goal: Goal
    policy: str
    futures: int
    evpi: Interval
    evpi_plain: float
    parts: tuple[Part, ...]
    tied: tuple[str, ...] = ()
    equal: bool = False

    @property
    def best(self) -> str:
        """Which policy is best on average, in words, with those that do not clearly differ from it."""
        return f"{self.policy} (no clear difference from {listed(self.tied)})" if self.tied else self.policy

    @property
    def ranked(self) -> list[Part]:
        """The parameters, the one most worth knowing first."""
        return sorted(self.parts, key=lambda part: -part.value.estimate)

    def _about(self) -> str:
        evpi = difference_amount(self.evpi.estimate, self.goal)
        return f"{self.goal.judged}; best on average: {self.best}; EVPI {evpi}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        part = self.as_table()
        return [("", part.head, part.rows), ("", ("In words",), [(line,) for line in self.words()])]

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each parameter, the one most worth knowing first: EVPPI, its interval, what chance gives."""
        import pandas as pd

        rows = [(self.goal.name, part.parameter, part.value.estimate, part.value.low, part.value.high, part.by_chance)
                for part in self.ranked]
        head = ["outcome", "parameter", "evppi", "low", "high", "by_chance"]
        return pd.DataFrame(rows, columns=head).set_index(["outcome", "parameter"])

    def as_table(self) -> Table:
        """Return what knowing each parameter is worth as a table."""
        head = ("Parameter", "EVPPI", "95 %", "By chance, at most")
        rows = []
        for part in self.ranked:
            value, low, high, chance = (difference_amount(number, self.goal, unit=False) for number in (
                part.value.estimate, part.value.low, part.value.high, part.by_chance))
            rows.append([part.parameter, value, f"{low} to {high}", chance])
        return layout(head, rows, head[1:], title=axis_label(self.goal, self.goal.judged))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        parts = {part.parameter: {**asdict(part.value), "by_chance": part.by_chance} for part in self.parts}
        return finite({"outcome": self.goal.name, "unit": self.goal.unit, "statistic": self.goal.statistic,
                      "best_on_average": self.policy, "not_told_apart": self.tied, "futures": self.futures,
                      "evpi": asdict(self.evpi), "evpi_plain": self.evpi_plain, "evppi": parts, "words": self.words()})

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        if self.equal:
            return [f"{self.goal.said}: the policies are equal in every future, so there is nothing to choose between."]
        if self.evpi_plain == 0:
            return [f"{self.goal.said}: {self.policy} is best in every future, so knowing which one comes would change "
                    "nothing."]
        low = difference_amount(self.evpi.low, self.goal, unit=False).removesuffix(" points")
        reach = f"95 % interval {low} to {difference_amount(self.evpi.high, self.goal)}"
        if self.evpi.low <= 0:
            return [f"{self.goal.said}: knowing the future before choosing has no clear value ({reach}): "
                    f"{self.best} is best on average, and the gain from choosing another in some futures could be "
                    "noise."]
        gain = difference_amount(self.evpi.estimate, self.goal)
        lines = [f"{self.goal.said}: choosing with the future known gains {gain} on average over "
                 f"always choosing {self.best}. This is the expected value of perfect information (EVPI): "
                 f"{reach}; with noise counted as information {difference_amount(self.evpi_plain, self.goal)}."]
        seen = [part for part in self.ranked if part.is_seen][:3]
        if not seen:
            return [*lines, "No single parameter, known by itself, is worth more than chance could make it seem."]
        said = listed(f"{part.parameter} {difference_amount(part.value.estimate, self.goal)}" for part in seen)
        return [*lines, f"Most worth knowing alone: {said} (EVPPI)."]


def voi(study: "Results", outcome: str | None = None, seed: int = 1) -> Information:
    """Work out what information is worth when one outcome decides between the policies.

    Parameters
    ----------
    study
        A study's dataset, its folder, or the study file, for results in its default folder.
    outcome
        Which outcome, or ``all``: whether all thresholds are kept; the first when left out.
    seed
        Of the bootstrap and of shuffling.

    Raises
    ------
    StudyError
        If there is no such outcome, there is only one policy, the futures are
        too few, or the packages for this are not installed.
    """
    ds = dataset_of(study)
    if ds.sizes["policy"] < 2:
        raise StudyError("this study has one policy only: there is nothing to choose between")
    if ds.sizes["future"] < FEWEST:
        raise StudyError(f"{ds.sizes['future']} futures are too few to say what information is worth; it takes "
                         f"{FEWEST}")
    goal = Goal("keeping all thresholds", "high", "mean", None, "yes_no", "chance") if outcome == TOGETHER else goal_of(
        ds, outcome)
    worth, halves = (_kept(ds, name) if outcome == TOGETHER else -oriented(table(ds, name, goal.name), goal)
                     for name in ("value", "half_value"))
    known, x = names(ds, "uncertainty"), points(ds)
    rng = np.random.default_rng(seed)
    gains = (worth[1:] - worth[0]).T
    parts = tuple(Part(name, *partial(x[:, j], gains, rng)) for j, name in enumerate(known))
    policies, means = names(ds, "policy"), worth.mean(axis=1)
    best = int(means.argmax())
    tied = tuple(name for i, name in enumerate(policies) if i != best and _is_tied(worth[best] - worth[i]))
    return Information(goal, policies[best], worth.shape[1], _with_interval(halves, rng), perfect(worth, worth), parts,
                       tied, is_constant(gains) and is_constant(worth.mean(axis=1)))


def _is_tied(ahead: Array) -> bool:
    """Whether a policy that is ahead by so much in each future, shape (futures,), is not so beyond noise on average."""
    error = float(ahead.std(ddof=1)) / np.sqrt(len(ahead))
    return bool(ahead.mean() <= max(REACH * error, 1e-12 * float(np.abs(ahead).max())))


def with_thresholds(ds: "xr.Dataset") -> list[Goal]:
    """Return the outcomes of a study that have a threshold."""
    return [goal for goal in goals_of(ds) if goal.threshold is not None]


def _kept(ds: "xr.Dataset", variable: str) -> Array:
    """Return where a policy keeps all thresholds, as 1 and 0, shape (policies, futures, ...)."""
    goals = with_thresholds(ds)
    if not goals:
        raise StudyError("no outcome of this study has a threshold: write threshold = ... under it in the study file")
    broken = np.array([fails(table(ds, variable, goal.name), goal) for goal in goals])
    return (~broken.any(axis=0)).astype(float)


def perfect(choice: Array, worth: Array) -> float:
    """Return the value of perfect information, when policies are chosen by one set of values and worth another.

    Parameters
    ----------
    choice, worth
        Values such that higher is better, shape (policies, futures).
    """
    futures = np.arange(worth.shape[1])
    return float(worth[choice.argmax(axis=0), futures].mean() - worth[choice.mean(axis=1).argmax()].mean())


def partial(theta: Array, gains: Array, rng: np.random.Generator) -> tuple[Interval, float]:
    """Return what knowing a parameter is worth, with its interval; and what chance gives in one case of twenty.

    Parameters
    ----------
    theta
        The parameter, shape (n,).
    gains
        By how much each other policy is better than the first, shape (n, policies - 1).
    rng
        Of the bootstrap and of shuffling.
    """
    if is_constant(theta) or is_constant(gains):
        return Interval(0.0, 0.0, 0.0), 0.0
    basis, n = _basis(theta), len(theta)
    picks = (rng.integers(n, size=n) for _ in range(RESAMPLES))
    drawn = [_gained(basis[pick], gains[pick]) for pick in picks]
    shuffled = [_gained(basis[rng.permutation(n)], gains) for _ in range(SHUFFLES)]
    low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    return Interval(_gained(basis, gains), low, high), float(np.quantile(shuffled, 0.95))


def _gained(basis: Array, gains: Array) -> float:
    """Return what choosing by the regression gains over choosing by the mean."""
    from sklearn.linear_model import RidgeCV

    fitted = RidgeCV(PENALTIES).fit(basis, gains).predict(basis).reshape(gains.shape)
    gained = float(np.maximum(fitted.max(axis=1), 0.0).mean() - max(fitted.mean(axis=0).max(), 0.0))
    return gained if gained > 1e-12 * float(np.abs(gains).max()) else 0.0  # less is rounding


def _basis(theta: Array) -> Array:
    """Return cubic splines of a parameter, shape (n, ...); of one that has few values, a column for each."""
    try:
        from sklearn.preprocessing import SplineTransformer
    except ImportError:
        raise missing("scikit-learn") from None
    values, which = np.unique(theta, return_inverse=True)
    if len(values) <= FEW_VALUES:
        return np.eye(len(values))[which]
    knots = np.unique(np.quantile(theta, np.linspace(0, 1, KNOTS)))
    found: Array = SplineTransformer(knots=knots[:, np.newaxis]).fit_transform(theta[:, np.newaxis])
    return found


def _with_interval(halves: Array, rng: np.random.Generator) -> Interval:
    """Return the value of perfect information with choice and worth on different halves, shape (..., futures, 2)."""

    def both(part: Array) -> float:
        first, second = part[..., 0], part[..., 1]
        return (perfect(first, second) + perfect(second, first)) / 2

    n = halves.shape[1]
    drawn = [both(halves[:, rng.integers(n, size=n)]) for _ in range(5 * RESAMPLES)]
    low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    return Interval(both(halves), low, high)
