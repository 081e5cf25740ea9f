"""How well policies do across futures, and which is best under which rule (robust decision making).

For the rules see `sim.study.rules`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.asked import MOST_NAMED, asked_in, cut_off_in
from sim.study.errors import StudyError
from sim.study.flip import Flip, flip
from sim.study.pick import amount, axis_label, change, fails, goal_of, names, oriented, table
from sim.study.rules import TAIL, Verdict, all_kept, measures, verdicts
from sim.study.store import Results, dataset_of
from sim.study.study import Goal
from sim.words.labels import in_sentence
from sim.words.layout import Table
from sim.words.layout import table as layout
from sim.words.phrases import counted, listed, share

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr



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
class Compared:
    """All policies on one outcome; ``asked`` says by when it is asked about, if it is something that may happen."""

    goal: Goal
    standings: tuple[Standing, ...]
    verdicts: tuple[Verdict, ...]
    flip: Flip | None
    asked: tuple[str, ...] = ()

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
        return [*self.found(), *self.asked]

    def found(self) -> list[str]:
        """Return what was found, without what was asked."""
        return [*(f"{verdict}." for verdict in self.verdicts), *(() if self.flip is None else self.flip.words())]


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
    cut_off
        What there is to know of outcomes that hang on completion: other dates, and what the horizon cuts off.
    """

    futures: int
    outcomes: tuple[Compared, ...]
    joint: dict[str, float]
    joint_verdict: Verdict | None
    cut_off: tuple[str, ...] = ()

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
        lines = [line for entry in self.outcomes
                 for line in (*(f"{entry.goal.said}: {found}" for found in entry.found()), *entry.asked)]
        return lines + self.of_all()

    def of_all(self) -> list[str]:
        """Return the sentences that are not about one outcome."""
        if self.joint_verdict is None:
            return [*self.cut_off]
        kept = listed((f"{policy} {share(value)}" for policy, value in self.joint.items()), MOST_NAMED)
        return [f"Share of futures in which all thresholds are kept: {kept}. {self.joint_verdict}.", *self.cut_off]


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
    joint, verdict = all_kept(ds, [goal for goal in goals if goal.threshold is not None], seed)
    return Robustness(ds.sizes["future"], tuple(_compare(ds, goal, seed) for goal in goals), joint, verdict,
                      tuple(cut_off_in(ds, goals)))


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
    return Compared(goal, standings, verdicts(ds, goal, policies, seed), flips, tuple(asked_in(ds, goal)))


def _verdict_dict(verdict: Verdict) -> dict[str, Any]:
    return {"best": verdict.best, "not_told_apart": verdict.near, "words": str(verdict)}


def standing_cells(standing: Standing, goal: Goal) -> list[str]:
    """Return a policy's row of a table: expected value, worst, CVaR, regrets, threshold kept, best in."""
    values = (amount(value, goal, unit=False) for value in (standing.expected, standing.worst, standing.cvar))
    regrets = (change(regret, goal, unit=False) for regret in (standing.regret_max, standing.regret_mean))
    kept = "" if standing.satisficing is None else share(standing.satisficing)
    return [standing.policy, *values, *regrets, kept, share(standing.best_share)]
