"""Which uncertain parameters an outcome depends on, and how much of its spread is noise from too few replications.

`sim.study.indices` has the estimators.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.indices import Index, first_order, morris, sobol
from sim.study.pick import (
    Interval,
    change,
    change_range,
    column,
    goal_of,
    is_constant,
    names,
    points,
    policy_of,
)
from sim.study.store import Results, dataset_of
from sim.study.study import Goal
from sim.words.layout import Table, table
from sim.words.phrases import all_of, listed, share

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

TOO_FEW = ("Too few futures: a share below 0 or above 100 % is impossible, so all these shares are rough. Use more "
           "futures (points under [design] in the study file).")


NONE_SEEN = "no effect seen"
"""Instead of an interval from 0 to 0: the parameter changed nothing in these futures. In others it might."""


@dataclass(frozen=True)
class Spread:
    """Variances of the outcome, in its unit squared.

    Attributes
    ----------
    futures
        Variance between futures: the effect of the study's parameters, and noise.
    noise
        The most that noise can contribute to it: the mean squared standard error of a value. The true contribution is
        smaller, since all futures use the same random numbers.
    replications
        Variance between replications of one future, averaged over futures: chance, and whatever is still drawn.
    """

    futures: float
    noise: float
    replications: float

    @property
    def noise_share(self) -> float:
        """The largest share of the variance between futures that can be noise, at most 1."""
        return min(1.0, self.noise / self.futures) if self.futures > 0 else 0.0


@dataclass(frozen=True, repr=False)
class Sensitivity(Shown):
    """How an outcome of a policy depends on the uncertain parameters; no `indices` if it is always the same."""

    goal: Goal
    policy: str
    design: str
    futures: int
    indices: tuple[Index, ...]
    spread: Spread

    @property
    def ranked(self) -> list[Index]:
        """The parameters, the one that matters most first."""
        return sorted(self.indices, key=lambda index: -index.main.estimate)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        parameters = {index.parameter: {key: value for key, value in asdict(index).items()
                                   if key != "parameter" and value is not None} for index in self.indices}
        return finite({"outcome": self.goal.name, "unit": self.goal.unit, "statistic": self.goal.statistic,
                      "policy": self.policy, "design": self.design, "futures": self.futures, "parameters": parameters,
                      "variance": {**asdict(self.spread), "noise_share": self.spread.noise_share},
                      "words": self.words()})

    def _about(self) -> str:
        return f"{self.goal.judged} of {self.policy}; {self.futures:,} futures, {self.design.replace('_', ' ')} design"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        part = self.as_table()
        return [("", part.head, part.rows), ("", ("In words",), [(line,) for line in self.words()])]

    @property
    def table(self) -> "pd.DataFrame":
        """A row for each parameter, the strongest first: its indices, with intervals where there are any."""
        import pandas as pd

        rows = []
        for index in self.ranked:
            row: dict[str, Any] = {"outcome": self.goal.name, "policy": self.policy, "parameter": index.parameter}
            for key, value in asdict(index).items():
                if isinstance(value, dict):
                    row |= {key: value["estimate"], f"{key}_low": value["low"], f"{key}_high": value["high"]}
                elif key != "parameter" and value is not None:
                    row[key] = value
            rows.append(row)
        return pd.DataFrame(rows, columns=None if rows else ["outcome", "policy", "parameter"]).set_index(
            ["outcome", "policy", "parameter"])

    def as_table(self) -> Table:
        """Return the parameters and their indices as a table."""
        head, rows = ["Parameter"], []
        for index in self.ranked:
            if index.mu_star is not None and index.mu is not None and index.sigma is not None:
                head = ["Parameter", "mu* (95 %)", "mu", "sigma"]
                star, mu, sigma = (change(value, self.goal, unit=False) for value in (
                    index.mu_star.estimate, index.mu, index.sigma))
                ends = change_range(index.mu_star.low, index.mu_star.high, self.goal, unit=False)
                rows.append([index.parameter, f"{star} ({ends})" if index.mu_star.high > 0 else NONE_SEEN, mu, sigma])
            elif index.total is not None:
                head = ["Parameter", "By itself (95 %)", "With interactions (95 %)"]
                rows.append([index.parameter, _cell(index.first), _cell(index.total)])
            else:
                head = ["Parameter", "By itself (95 %)"]
                rows.append([index.parameter, _cell(index.first)])
        return table(head, rows, head[1:], title=f"{self.goal.judged}: {self.policy}")

    def words(self) -> list[str]:
        """Return what was found, in sentences."""
        about = f"{self.goal.judged} of {self.policy}"
        if self.futures == 1:
            return [f"{about}: there is only one future, so nothing can be said about what it depends on."]
        if not self.indices:
            return [f"{about} is the same in {all_of(self.futures, 'future')}: it does not depend on the parameters."]
        return [f"{about}: {self._strongest()}.", *self._notes(), _spread_words(self.spread, self.goal)]

    def _strongest(self) -> str:
        seen = [index for index in self.ranked if index.main.low > 0][:3]
        if not seen:
            return "no parameter has a clear effect"
        named = listed(f"{index.parameter} ({self._measure(index)})" for index in seen)
        first = self.ranked[0]
        if first not in seen:
            return (f"depends on {named}; perhaps more on {first.parameter} ({self._measure(first)}), but with so few "
                    "futures that could be noise")
        return f"depends most on {named}"

    def _measure(self, index: Index) -> str:
        if index.mu_star is not None:
            return f"mu* {change(index.mu_star.estimate, self.goal)} over its range"
        if index.total is not None:
            return f"{share(index.total.estimate)} of the variance with its interactions"
        return f"{share(index.main.estimate)} of the variance by itself"

    def _notes(self) -> list[str]:
        if self.design == "morris":
            return ["mu* is the average size of the change when a parameter moves over its whole range. Where sigma is "
                    "about as large, the change depends on the other parameters."]
        together = sum(index.first.estimate for index in self.indices if index.first is not None)
        line = (f"Taken one at a time, the parameters explain {share(min(max(together, 0.0), 1.0))} of the variance "
                "between futures")
        rest = ("the rest is due to interactions between them, and to noise." if self.design == "sobol" else
                "to see their interactions (total indices), use a sobol design.")
        return [f"{line}; {rest}", *([TOO_FEW] if self._is_rough(together) else [])]

    def _is_rough(self, together: float) -> bool:
        """Whether some estimated shares are impossible: below 0 or above 100 %."""
        shares = [part.estimate for index in self.indices for part in (index.first, index.total) if part is not None]
        return min(shares) < 0 or max(*shares, together) > 1


def _cell(interval: Interval | None) -> str:
    if interval is None:
        return ""
    if interval.low == interval.high == 0:
        return NONE_SEEN
    return f"{share(interval.estimate)} ({share(interval.low)} to {share(interval.high)})"


def sensitivity(
    study: "Results", outcome: str | None = None, policy: str | None = None, seed: int = 1
) -> Sensitivity:
    """Find out which uncertain parameters an outcome depends on, by the method that fits the study's design.

    Parameters
    ----------
    study
        A study's dataset, its folder, or the study file, for results in its default folder.
    outcome, policy
        Their names; the first ones when left out.
    seed
        Of the bootstrap.

    Raises
    ------
    StudyError
        If there is no such outcome or policy, the futures are too few or not those of their design, or the packages
        for this are not installed.
    """
    ds = dataset_of(study)
    goal, chosen = goal_of(ds, outcome), policy_of(ds, policy)
    y, x, parameters = column(ds, "value", chosen, goal.name), points(ds), names(ds, "uncertainty")
    design = str(ds.attrs["design"])
    if is_constant(y):
        indices: tuple[Index, ...] = ()
    elif design == "morris":
        indices = morris(x, y, parameters, seed)
    elif design == "sobol":
        indices = sobol(y, parameters, seed)
    else:
        indices = first_order(x, y, parameters, seed)
    return Sensitivity(goal, chosen, design, len(y), indices, _spread(ds, chosen, goal))


def _spread(ds: "xr.Dataset", policy: str, goal: Goal) -> Spread:
    value = column(ds, "value", policy, goal.name)
    noise = float(np.mean(column(ds, "value_se", policy, goal.name) ** 2))
    within = float(np.mean(column(ds, "variance", policy, goal.name)))
    return Spread(float(value.var(ddof=1)) if len(value) > 1 else 0.0, noise, within)


def _spread_words(spread: Spread, goal: Goal) -> str:
    between, within = (change(variance ** 0.5, goal) for variance in (spread.futures, spread.replications))
    return (f"The standard deviation is {between} between futures and {within} between replications of one future "
            "(chance, and whatever is still drawn). At most "
            f"{share(spread.noise_share)} of the variance between futures is noise from too few replications.")
