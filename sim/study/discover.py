"""In which region of the uncertain parameters an outcome breaks its threshold (scenario discovery)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimate.difference import mcnemar
from sim.estimate.intervals import REACH, wilson
from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.boxes import SIGNIFICANT, Box, search
from sim.study.errors import StudyError
from sim.study.pick import Array, amount, column, fails, goal_of, names, points, policy_of, units
from sim.study.regions import Flags, Region, inside, right, split
from sim.study.store import Results, dataset_of
from sim.study.study import Goal
from sim.words.layout import Table, table
from sim.words.phrases import all_of, share

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FEW = 20
"""With fewer failures than this, the region found may be chance."""
DEPTH = 3
"""Most splits of the tree, one after another."""


@dataclass(frozen=True)
class Check:
    """Boxes found on one half of the futures and tried on the other, both ways.

    Attributes
    ----------
    coverage, density
        Of the boxes, each on the half on which it was not found.
    p
        Probability that at least as many failures would lie in them by chance (hypergeometric test).
    """

    coverage: float
    density: float
    p: float


@dataclass(frozen=True, repr=False)
class Discovery(Shown):
    """Where a threshold is broken.

    Attributes
    ----------
    goal, policy
        The outcome, with its threshold, and the policy.
    futures, failures
        How many there are.
    unsure
        Futures so close to the threshold that noise could have put them on the wrong side: the 95 % interval of the
        value includes the threshold.
    box
        The box found by PRIM; None if all futures fail, or none.
    trajectory
        The boxes from which it was peeled, before limits that chance could explain were dropped.
    check
        The same on halves of the futures; None if there are too few.
    tree
        Regions found by a decision tree; their verdict is whether most cases in them fail.
    tree_holds
        Whether trees grown on halves of the futures do better on the other halves than the more common answer.
    """

    goal: Goal
    policy: str
    futures: int
    failures: int
    unsure: int
    box: Box | None
    trajectory: tuple[Box, ...]
    check: Check | None
    tree: tuple[Region, ...]
    tree_holds: bool = False

    @property
    def base_rate(self) -> float:
        """The share of all futures that fail."""
        return self.failures / self.futures

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        return finite({
            "outcome": self.goal.name, "unit": self.goal.unit, "statistic": self.goal.statistic, "policy": self.policy,
            "threshold": self.goal.threshold, "better": self.goal.better, "futures": self.futures,
            "failures": self.failures, "unsure": self.unsure, "base_rate": self.base_rate,
            "box": None if self.box is None else asdict(self.box),
            "check": None if self.check is None else asdict(self.check),
            "trajectory": [{"coverage": entry.coverage, "density": entry.density, "futures": entry.futures,
                            "limits": len(entry.limits)} for entry in self.trajectory],
            "tree": [asdict(region) for region in self.tree], "tree_holds": self.tree_holds, "words": self.words()})

    def _about(self) -> str:
        return f"{failing_words(self.goal)} in {self.failures:,} of {self.futures:,} futures under {self.policy}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        part = self.as_table()
        return [("", part.head, part.rows), ("", ("In words",), [(line,) for line in self.words()])]

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each limit of the box."""
        import pandas as pd

        limits = () if self.box is None else self.box.limits
        rows = [(self.goal.name, self.policy, *asdict(limit).values(), str(limit)) for limit in limits]
        head = ["outcome", "policy", "parameter", "unit", "side", "value", "quasi_p", "words"]
        return pd.DataFrame(rows, columns=head).set_index(["outcome", "policy", "parameter"])

    def as_table(self) -> Table:
        """Return the limits of the box as a table."""
        limits = () if self.box is None else self.box.limits
        rows = [(str(limit), "" if limit.quasi_p is None else f"{limit.quasi_p:.2g}") for limit in limits]
        return table(("Limit of the box", "Quasi-p"), rows, ("Quasi-p",), title=f"{self.goal.judged}: {self.policy}")

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        failing = failing_words(self.goal)
        if self.failures == 0:
            if self.futures == 1:
                return [f"Under {self.policy}, {failing} in no future; there is only one."]
            return [f"Under {self.policy}, {failing} in none of {self.futures:,} futures."]
        if self.failures == self.futures:
            return [f"Under {self.policy}, {failing} in {all_of(self.futures, 'future')}."]
        lines = [f"Under {self.policy}, {self._box_words(failing)}."]
        if self.check is not None and self.box is not None and self.box.limits:
            lines.append(_check_words(self.check, self.base_rate))
        if self.tree_holds and any(region.verdict for region in self.tree) and len(self.tree) > 1:
            lines.append(self._tree_words(failing))
        if self.failures < FEW:
            are = "is only 1 failure: what sets it" if self.failures == 1 else (
                f"are only {self.failures} failures: what sets them")
            lines.append(f"There {are} apart may be chance.")
        if self.unsure:
            lines.append(f"{share(self.unsure / self.futures)} of the futures are so close to the threshold that noise "
                         "could have put them on the wrong side; use more replications to settle them.")
        return lines

    def _box_words(self, failing: str) -> str:
        if self.box is None or not self.box.limits:
            none = "no single region separates" if self.tree_holds else "no limits on the parameters separate"
            return f"{failing} in {share(self.base_rate)} of the futures, and {none} them from the others"
        caught = caught_words(self.box.coverage, self.box.density, self.base_rate)
        return f"{failing} mainly when {self.box}. This region {caught}"

    def _tree_words(self, failing: str) -> str:
        where = "; or ".join(str(region) for region in self.tree if region.verdict)
        always = max(self.base_rate, 1 - self.base_rate)
        return (f"A decision tree says that {failing} when {where}. It is right in {share(right(self.tree))} of the "
                f"futures; always giving the more common answer would be right in {share(always)}.")


def discover(
    study: "Results", outcome: str | None = None, policy: str | None = None, seed: int = 1
) -> Discovery:
    """Find the region of the uncertain parameters in which an outcome breaks its threshold.

    Parameters
    ----------
    study
        A study's dataset, its folder, or the study file, for results in its default folder.
    outcome
        Which outcome; the first that has a threshold when left out.
    policy
        Which policy; the first when left out.
    seed
        How the futures are split in half to check the result.

    Raises
    ------
    StudyError
        If there is no such outcome or policy, the outcome has no threshold, or the packages for this are not installed.
    """
    ds = dataset_of(study)
    goal, chosen = goal_of(ds, outcome or _first_with_threshold(ds)), policy_of(ds, policy)
    value, error = (column(ds, name, chosen, goal.name) for name in ("value", "value_se"))
    failed = fails(value, goal)
    assert goal.threshold is not None
    unsure = int(_unsure(value, error, goal, ds.attrs["replications"]).sum())
    failures = int(failed.sum())
    if failures in (0, len(failed)):
        return Discovery(goal, chosen, len(failed), failures, unsure, None, (), None, ())
    x, parameters, parameter_units = points(ds), names(ds, "uncertainty"), units(ds)
    box, trajectory = search(x, failed, parameters, parameter_units)
    tree = _tree(x, failed, parameters, parameter_units, seed)
    return Discovery(goal, chosen, len(failed), failures, unsure, box, tuple(trajectory),
                     _check(x, failed, parameters, parameter_units, seed), tree,
                     _holds(x, failed, parameters, parameter_units, seed))


def _unsure(value: Array, error: Array, goal: Goal, replications: int) -> Flags:
    """Return which values noise could have put on the wrong side: the threshold lies in their 95 % interval.

    That of a chance is Wilson's, since an event that never happened has no standard error.
    """
    assert goal.threshold is not None
    if goal.kind != "yes_no":
        near: Flags = np.abs(value - goal.threshold) < REACH * error
        return near
    ends = [wilson(round(float(chance) * replications), replications) or [0.0, 1.0] for chance in value]
    return np.array([low < goal.threshold < high for low, high in ends])


def _tree(x: Array, failed: Flags, parameters: list[str], parameter_units: list[str], seed: int) -> tuple[Region, ...]:
    return split(x, failed, parameters, parameter_units, DEPTH, max(5, len(failed) // 20), seed)


def _halves(futures: int, seed: int) -> tuple[Flags, Flags]:
    half: Flags = np.random.default_rng(seed).permutation(futures) % 2 == 0
    return half, ~half


def _holds(x: Array, failed: Flags, parameters: list[str], parameter_units: list[str], seed: int) -> bool:
    """Whether trees grown on one half are right more often on the other than the more common answer (McNemar)."""
    says = np.zeros(len(x), dtype=bool)
    usual = np.zeros(len(x), dtype=bool)
    for half in _halves(len(x), seed):
        usual[~half] = failed[half].mean() > 0.5
        if not 0 < failed[half].sum() < half.sum():
            says[~half] = usual[~half]
            continue
        for region in _tree(x[half], failed[half], parameters, parameter_units, seed):
            says |= ~half & inside(x, parameters, region.limits) & region.verdict
    better, worse = int(((says == failed) & (usual != failed)).sum()), int(((says != failed) & (usual == failed)).sum())
    p = mcnemar(better, worse)
    return better > worse and p is not None and p < SIGNIFICANT


def failing_words(goal: Goal) -> str:
    """Return in words what it means to break the threshold of an outcome."""
    assert goal.threshold is not None
    side = "below" if goal.better == "high" else "above"
    return f'"{goal.judged}" is {side} {amount(goal.threshold, goal)}'


def _first_with_threshold(ds: "xr.Dataset") -> str:
    for name in names(ds, "outcome"):
        if goal_of(ds, name).threshold is not None:
            return name
    raise StudyError("no outcome of this study has a threshold: write threshold = ... under [outcomes.NAME] in the "
                     "study file")


def _check(x: Any, failed: Flags, parameters: list[str], parameter_units: list[str], seed: int) -> Check | None:
    """Find a box on each half of the futures, and count the failures in it on the other half."""
    from scipy.stats import hypergeom

    if failed.sum() < FEW or (~failed).sum() < FEW:
        return None
    caught = np.zeros(len(x), dtype=bool)
    for found_on in _halves(len(x), seed):
        if 0 < failed[found_on].sum() < found_on.sum():
            limits = search(x[found_on], failed[found_on], parameters, parameter_units)[0].limits
            caught |= ~found_on & inside(x, parameters, limits)
    failures, inner = int(failed[caught].sum()), int(caught.sum())
    p = float(hypergeom.sf(failures - 1, len(x), int(failed.sum()), inner))
    return Check(failures / int(failed.sum()), failures / max(1, inner), p)


def _check_words(check: Check, base_rate: float) -> str:
    verdict = "may be due to chance" if check.p >= 0.05 else "is confirmed"
    caught = caught_words(check.coverage, check.density, base_rate)
    return f"Found in one half of the futures and tested in the other, the region {verdict}: it {caught}."


def caught_words(coverage: float, density: float, base_rate: float) -> str:
    """Say which share of the failures a region holds, and which share of its futures fail."""
    return (f"holds {share(coverage)} of the failures, and {share(density)} of cases in this region fail "
            f"({share(base_rate)} of all cases do)")


