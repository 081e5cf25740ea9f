"""Which uncertain parameters an outcome depends on, and how much of its spread is noise from too few replications.

A Morris design screens: mean (mu), mean absolute size (mu*) and spread (sigma) of the effects of moving one parameter
(Morris 1991; Campolongo, Cariboni and Saltelli 2007). A Sobol design splits the variance between futures: the
first-order index is the part due to a parameter alone, the total index the part in which it is involved (Saltelli et
al. 2010). Other samples give only first-order indices, by RBD-FAST (Tarantola, Gatelli and Mara 2006; Tissot and
Prieur 2012).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.play.storage import finite
from sim.scenario.shown import Shown
from sim.study.errors import StudyError, missing
from sim.study.futures import LEVELS
from sim.study.pick import (
    Array,
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
RESAMPLES = 1000
HARMONICS, FUTURES_EACH, FEWEST = 10, 20, 20
"""RBD-FAST: the most harmonics, the futures needed for each of them, and the fewest futures."""


@dataclass(frozen=True)
class Index:
    """The effect of a parameter on the outcome; None for what the design cannot measure.

    Attributes
    ----------
    parameter
        Its name.
    first, total
        First-order and total Sobol index, as shares of the variance over futures.
    mu, mu_star, sigma
        Mean, mean absolute size and standard deviation of the elementary effects: the change of the outcome, in its
        unit, when the parameter moves over its whole range.
    """

    parameter: str
    first: Interval | None = None
    total: Interval | None = None
    mu: float | None = None
    mu_star: Interval | None = None
    sigma: float | None = None

    @property
    def main(self) -> Interval:
        """The measure to rank by: the total index, or else the first-order index, or else mu*."""
        measure = self.total or self.first or self.mu_star
        assert measure is not None
        return measure


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
                rows.append([index.parameter, f"{star} ({ends})", mu, sigma])
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


def morris(x: Array, y: Array, parameters: list[str], seed: int = 1) -> tuple[Index, ...]:
    """Return the Morris measures of each parameter.

    Parameters
    ----------
    x
        Parameters along the trajectories, in SALib's order, shape (n, d).
    y
        Outcome, shape (n,).
    parameters
        Names, d of them.
    seed
        Of the bootstrap of mu*.
    """
    trajectories, rest = divmod(len(y), len(parameters) + 1)
    if rest or trajectories < 2:
        raise StudyError(f"{len(y)} futures are not those of a Morris design of {len(parameters)} parameters")
    analyse, problem = _salib("morris", parameters)
    measures = analyse(problem, x, y, num_resamples=RESAMPLES, num_levels=LEVELS, seed=np.random.default_rng(seed))
    return tuple(
        Index(name, mu=float(mu), mu_star=_around(star, reach, least=0.0), sigma=float(sigma))
        for name, mu, star, reach, sigma in zip(
            parameters, measures["mu"], measures["mu_star"], measures["mu_star_conf"], measures["sigma"], strict=True))


def sobol(y: Array, parameters: list[str], seed: int = 1) -> tuple[Index, ...]:
    """Return the first-order and total Sobol index of each parameter.

    Parameters
    ----------
    y
        Outcome in the futures of SALib's Sobol design without second order, shape (N (d + 2),).
    parameters
        Names, d of them.
    seed
        Of the bootstrap.
    """
    if len(y) % (len(parameters) + 2):
        raise StudyError(f"{len(y)} futures are not those of a Sobol design of {len(parameters)} parameters")
    analyse, problem = _salib("sobol", parameters)
    measures = analyse(problem, y, calc_second_order=False, num_resamples=RESAMPLES, seed=np.random.default_rng(seed))
    columns = (measures[key] for key in ("S1", "S1_conf", "ST", "ST_conf"))
    return tuple(Index(name, first=_around(first, first_reach), total=_around(total, total_reach, least=0.0))
                 for name, first, first_reach, total, total_reach in zip(parameters, *columns, strict=True))


def first_order(x: Array, y: Array, parameters: list[str], seed: int = 1) -> tuple[Index, ...]:
    """Return the first-order index of each parameter from any sample, by RBD-FAST.

    Intervals come from samples of half the size, so they are too wide rather than too narrow.

    Parameters
    ----------
    x
        Parameters, shape (n, d).
    y
        Outcome, shape (n,).
    parameters
        Names, d of them.
    seed
        Of the bootstrap, and of the order of futures in which a parameter has the same value.
    """
    if len(y) < FEWEST:
        raise StudyError(f"{len(y)} futures are too few to say what an outcome depends on; at least {FEWEST} are "
                         "needed")
    analyse, problem = _salib("rbd_fast", parameters)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))  # the regular order of a grid would be mistaken for a wave
    harmonics = max(1, min(HARMONICS, len(y) // FUTURES_EACH))
    with np.errstate(invalid="ignore"):  # all values of a resample may be the same
        measures = analyse(problem, x[order], y[order], M=harmonics, num_resamples=RESAMPLES // 5, seed=rng)
    return tuple(Index(name, first=_around(first, reach))
                 for name, first, reach in zip(parameters, measures["S1"], measures["S1_conf"], strict=True))


def _salib(method: str, parameters: list[str]) -> tuple[Any, dict[str, Any]]:
    try:
        from SALib.analyze import morris, rbd_fast, sobol
    except ImportError:
        raise missing("SALib") from None
    problem = {"num_vars": len(parameters), "names": parameters, "bounds": [[0.0, 1.0]] * len(parameters)}
    return {"morris": morris, "rbd_fast": rbd_fast, "sobol": sobol}[method].analyze, problem


def _around(estimate: Any, reach: Any, least: float = -np.inf) -> Interval:
    reach = float(reach) if np.isfinite(reach) else 1.0
    return Interval(float(estimate), max(least, float(estimate) - reach), float(estimate) + reach)


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
