"""How policies do across futures, and which is best under which rule (robust decision making).

Rules: the lowest expected value; the lowest mean of the worst tenth of futures (CVaR); the smallest of the largest
regrets (Savage 1951); the most futures in which the threshold is kept (satisficing, Simon 1956). Where high is better,
the highest is taken for the lowest.

A policy is called best only if the difference exceeds noise. Values are redrawn many times within their standard errors
(see `sim.study.noise`), and averages are also taken over resampled futures (bootstrap). A policy that comes out best in
at least one draw in twenty shows no clear difference from the best.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.errors import StudyError
from sim.study.flip import Flip, flip
from sim.study.noise import redrawn
from sim.study.pick import Array, amount, axis_label, change, fails, goal_of, names, oriented, table
from sim.study.store import Results, dataset_of
from sim.study.study import Goal
from sim.words.labels import in_sentence
from sim.words.layout import Table
from sim.words.layout import table as layout
from sim.words.phrases import counted, listed, share

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TAIL = 0.1
"""The share of futures that count as the worst, rounded up to whole futures."""
DRAWS, SELDOM = 1000, 0.05
MOST_NAMED = 6
"""Policies named in a sentence."""
LABELS = {"expected": "Expected value", "cvar": "Mean of the worst tenth of futures (CVaR)",
          "regret": "Minimax regret", "satisficing": "Threshold kept in most futures"}


@dataclass(frozen=True)
class Standing:
    """How well a policy does on one outcome, in the outcome's unit.

    Attributes
    ----------
    policy
        Its name.
    expected
        Mean of the value over futures.
    worst, worst_future
        The worst value, and the future in which it occurs.
    cvar
        Mean over the worst tenth of futures.
    regret_max, regret_mean
        The largest and the mean regret. Regret is how much worse a policy is than the best one in the same future.
    satisficing
        The share of futures in which the threshold is kept; None without a threshold.
    best_share
        The share of futures in which no policy is better.
    """

    policy: str
    expected: float
    worst: float
    worst_future: int
    cvar: float
    regret_max: float
    regret_mean: float
    satisficing: float | None
    best_share: float


@dataclass(frozen=True)
class Verdict:
    """Which policy a rule chooses.

    Attributes
    ----------
    rule
        One of `LABELS`.
    best
        The best policy, or several that are equal.
    near
        Others that show no clear difference from it.
    """

    rule: str
    best: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether one policy is best, by more than noise."""
        return len(self.best) == 1 and not self.near

    def __str__(self) -> str:
        """Return it in words."""
        if self.is_clear:
            text = f"{self.best[0]} is best"
        elif self.near:
            text = f"no clear difference between {listed((*self.best, *self.near), MOST_NAMED)}"
        else:
            text = f"{listed(self.best, MOST_NAMED)} are equal"
        return f"{LABELS[self.rule]}: {text}"


@dataclass(frozen=True)
class Compared:
    """All policies on one outcome."""

    goal: Goal
    standings: tuple[Standing, ...]
    verdicts: tuple[Verdict, ...]
    flip: Flip | None

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each policy, a column for each other attribute of `Standing`."""
        import pandas as pd

        rows = [{"outcome": self.goal.name, **asdict(standing)} for standing in self.standings]
        return pd.DataFrame(rows).set_index(["outcome", "policy"])

    def as_table(self) -> Table:
        """Return how well the policies do as a table."""
        head = ("Policy", "Expected", "Worst", "CVaR 10 %", "Regret, max", "Regret, mean", "Kept in", "Best in")
        under = {"Worst": "Expected", "Regret, mean": "Regret, max", "Best in": "Kept in"}
        title = axis_label(self.goal, self.goal.judged)
        rows = [standing_cells(standing, self.goal) for standing in self.standings]
        return layout(head, rows, head[1:], under, title)

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        lines = [f"{verdict}." for verdict in self.verdicts]
        return lines if self.flip is None else [*lines, *self.flip.words()]


@dataclass(frozen=True, repr=False)
class Robustness(Shown):
    """Policies across futures.

    Attributes
    ----------
    futures
        How many there are.
    outcomes
        The policies on each outcome.
    joint
        By policy, the share of futures in which it keeps all thresholds; empty if fewer than two outcomes have one.
    joint_verdict
        Which policy keeps them most often.
    """

    futures: int
    outcomes: tuple[Compared, ...]
    joint: dict[str, float]
    joint_verdict: Verdict | None

    def _about(self) -> str:
        policies = counted(len(self.outcomes[0].standings), "policy", "policies")
        goals = listed(in_sentence(entry.goal.said) for entry in self.outcomes)
        return f"{policies} in {counted(self.futures, 'future')}, by {goals}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        parts = [entry.as_table() for entry in self.outcomes]
        return [*((part.title, part.head, part.rows) for part in parts),
                ("", ("In words",), [(line,) for line in self.words()])]

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each outcome and policy, a column for each other attribute of `Standing`."""
        import pandas as pd

        return pd.concat([entry.table for entry in self.outcomes])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return finite({
            "futures": self.futures, "tail": TAIL,
            "outcomes": {entry.goal.name: {
                "unit": entry.goal.unit, "statistic": entry.goal.statistic, "better": entry.goal.better,
                "threshold": entry.goal.threshold,
                "policies": {standing.policy: {key: value for key, value in asdict(standing).items()
                                               if key != "policy"} for standing in entry.standings},
                "rules": {verdict.rule: _verdict_dict(verdict) for verdict in entry.verdicts},
                "flip": None if entry.flip is None else entry.flip.as_dict(),
                "words": entry.words()} for entry in self.outcomes},
            "all_thresholds_kept": self.joint,
            "all_thresholds_rule": None if self.joint_verdict is None else _verdict_dict(self.joint_verdict),
            "words": self.words()})

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        lines = [f"{entry.goal.said}: {line}" for entry in self.outcomes for line in entry.words()]
        if self.joint_verdict is not None:
            kept = listed((f"{policy} {share(value)}" for policy, value in self.joint.items()), MOST_NAMED)
            lines.append(f"Share of futures in which all thresholds are kept: {kept}. {self.joint_verdict}.")
        return lines


def robust(study: "Results", outcomes: list[str] | None = None, seed: int = 1) -> Robustness:
    """Judge policies across futures.

    Parameters
    ----------
    study
        A study's dataset, its folder, or the study file, for results in its default folder.
    outcomes
        Names; all when left out.
    seed
        Of the noise with which values are redrawn.

    Raises
    ------
    StudyError
        If there is no such outcome, there is only one policy, or the packages for this are not installed.
    """
    ds = dataset_of(study)
    if ds.sizes["policy"] < 2:
        raise StudyError("this study has only one policy, so there is nothing to choose between")
    goals = [goal_of(ds, name) for name in outcomes or names(ds, "outcome")]
    joint, verdict = _joint(ds, [goal for goal in goals if goal.threshold is not None], seed)
    return Robustness(ds.sizes["future"], tuple(_compare(ds, goal, seed) for goal in goals), joint, verdict)


def measures(cost: Array) -> dict[str, Array]:
    """Return the measures that the rules use, for each policy; lower is better.

    Parameters
    ----------
    cost
        Values such that lower is better, shape (policies, futures).
    """
    return {"expected": cost.mean(axis=1), "cvar": tail_mean(cost),
            "regret": (cost - cost.min(axis=0)).max(axis=1)}


def tail_mean(cost: Array) -> Array:
    """Return the mean of the worst tenth of futures, rounded up to whole futures, for each policy."""
    worst = int(np.ceil(round(TAIL * cost.shape[1], 9)))
    means: Array = np.partition(cost, -worst, axis=1)[:, -worst:].mean(axis=1)
    return means


def _compare(ds: "xr.Dataset", goal: Goal, seed: int) -> Compared:
    policies, value = names(ds, "policy"), table(ds, "value", goal.name)
    cost = oriented(value, goal)
    kept = None if goal.threshold is None else ~fails(value, goal)
    scores, regret, worst = measures(cost), cost - cost.min(axis=0), cost.argmax(axis=1)
    standings = tuple(
        Standing(name, float(value[i].mean()), float(value[i, worst[i]]), int(ds["future"].values[worst[i]]),
                 float(goal.sign * scores["cvar"][i]), float(regret[i].max()), float(regret[i].mean()),
                 None if kept is None else float(kept[i].mean()), float((regret[i] == 0).mean()))
        for i, name in enumerate(policies))
    first, second = (int(i) for i in np.argsort(scores["expected"], kind="stable")[:2])
    flips = flip(ds, goal, policies[first], policies[second], seed)
    return Compared(goal, standings, _verdicts(ds, goal, policies, seed), flips)


def _verdicts(ds: "xr.Dataset", goal: Goal, policies: list[str], seed: int) -> tuple[Verdict, ...]:
    rng = np.random.default_rng(seed)
    value = table(ds, "value", goal.name)
    count = value.shape[1]

    def judged(values: Array, futures: Any) -> dict[str, Array]:
        scores = measures(oriented(values, goal)) | {"expected": oriented(values[:, futures].mean(axis=1), goal)}
        if goal.threshold is not None:
            scores["satisficing"] = fails(values[:, futures], goal).mean(axis=1)
        return scores

    draws = [judged(values, rng.integers(count, size=count)) for values in redrawn(ds, goal, DRAWS, rng)]
    return tuple(_verdict(rule, scores, np.array([draw[rule] for draw in draws]), policies)
                 for rule, scores in judged(value, np.arange(count)).items())


def _verdict(rule: str, scores: Array, draws: Array, policies: list[str]) -> Verdict:
    """Judge by scores (lower is better), shape (policies,), and by the scores of noisy draws, shape (draws, ...)."""
    often = _is_best(draws).mean(axis=0) >= SELDOM
    best = _is_best(scores[np.newaxis])[0]
    return Verdict(rule, tuple(name for name, first in zip(policies, best, strict=True) if first),
                   tuple(name for name, first, near in zip(policies, best, often, strict=True) if near and not first))


def _is_best(scores: Array) -> Any:
    """Return which scores are the lowest in their row, allowing for rounding."""
    slack = 1e-12 * np.maximum(1.0, np.abs(scores).max(axis=1, keepdims=True))
    return scores <= scores.min(axis=1, keepdims=True) + slack


def _joint(ds: "xr.Dataset", goals: list[Goal], seed: int) -> tuple[dict[str, float], Verdict | None]:
    if len(goals) < 2:
        return {}, None
    policies, rng = names(ds, "policy"), np.random.default_rng(seed)
    broken = np.any([fails(table(ds, "value", goal.name), goal) for goal in goals], axis=0)
    draws = []
    for values in zip(*(redrawn(ds, goal, DRAWS, rng) for goal in goals), strict=True):
        futures = rng.integers(broken.shape[1], size=broken.shape[1])
        any_broken = np.any([fails(moved, goal) for moved, goal in zip(values, goals, strict=True)], axis=0)
        draws.append(any_broken[:, futures].mean(axis=1))
    shares = {name: float(1 - broken[i].mean()) for i, name in enumerate(policies)}
    return shares, _verdict("satisficing", broken.mean(axis=1), np.array(draws), policies)


def _verdict_dict(verdict: Verdict) -> dict[str, Any]:
    return {"best": verdict.best, "not_told_apart": verdict.near, "words": str(verdict)}


def standing_cells(standing: Standing, goal: Goal) -> list[str]:
    """Return a policy's row of a table: expected value, worst, CVaR, regrets, threshold kept, best in."""
    values = (amount(value, goal, unit=False) for value in (standing.expected, standing.worst, standing.cvar))
    regrets = (change(regret, goal, unit=False) for regret in (standing.regret_max, standing.regret_mean))
    kept = "" if standing.satisficing is None else share(standing.satisficing)
    return [standing.policy, *values, *regrets, kept, share(standing.best_share)]
