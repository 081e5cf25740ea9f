"""How strongly an outcome depends on each parameter: Morris measures and Sobol indices, estimated by SALib.

A Morris design screens: mean (mu), mean absolute size (mu*) and spread (sigma) of the effects of moving one parameter
(Morris 1991; Campolongo, Cariboni and Saltelli 2007). A Sobol design splits the variance between futures: the
first-order index is the part due to a parameter alone, the total index the part in which it is involved (Saltelli et
al. 2010). Other samples give only first-order indices: for a parameter with few values, such as a switch, by the means
of its groups (one-way analysis of variance), for the others by RBD-FAST (Tarantola, Gatelli and Mara 2006; Tissot and
Prieur 2012), which takes a parameter for a wave and would find too little in a switch.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.estimate.intervals import REACH
from sim.study.errors import StudyError, missing
from sim.study.futures import LEVELS
from sim.study.pick import Array, Interval

RESAMPLES = 1000
HARMONICS, FUTURES_EACH, FEWEST = 10, 20, 20
"""RBD-FAST: the most harmonics, the futures needed for each of them, and the fewest futures."""
FEW_VALUES, EACH = 12, 5
"""A parameter has few values if there are no more than this, with so many futures at each on average."""


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
    """Return the first-order index of each parameter from any sample, by group means or by RBD-FAST.

    RBD-FAST's intervals come from samples of half the size, so they are too wide rather than too narrow.

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
    return tuple(Index(name, first=group_share(values, y) if _has_few(values) else _around(first, reach))
                 for name, values, first, reach
                 in zip(parameters, x.T, measures["S1"], measures["S1_conf"], strict=True))


def _has_few(values: Array) -> bool:
    return len(np.unique(values)) <= min(FEW_VALUES, len(values) // EACH)


def group_share(values: Array, y: Array) -> Interval:
    """Return the share of the variance of an outcome between the groups in which a parameter has the same value.

    With n futures in k groups, squares within them w and in all t, it is ``1 - (n - 1) w / ((n - k) t)`` (epsilon
    squared, Kelley 1935): by chance alone, the means of groups differ too, and this takes it off. The error is that of
    the jackknife, which leaves out one future at a time, and at least that of a share of 0, ``sqrt(2 (k - 1)) / n``.

    Parameters
    ----------
    values
        The parameter, shape (n,).
    y
        Outcome, shape (n,).
    """
    _, group = np.unique(values, return_inverse=True)
    count = np.bincount(group).astype(float)
    off = y - (np.bincount(group, y) / count)[group]
    from_all = y - y.mean()
    n, k, own = len(y), len(count), count[group]
    within, total = float((off**2).sum()), float((from_all**2).sum())
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    # without one future, its group and all lose its squares; a group of one disappears
    alone = own == 1
    left_within = within - off**2 * own / np.where(alone, 1.0, own - 1)
    left_total = total - from_all**2 * n / (n - 1)
    left = 1 - (n - 2) * left_within / ((n - 1 - (k - alone)) * np.maximum(left_total, 1e-12 * total))
    share = 1 - (n - 1) * within / ((n - k) * total)
    jackknife = float(np.sqrt((n - 1) / n * ((left - left.mean()) ** 2).sum()))
    error = max(jackknife, float(np.sqrt(2 * (k - 1))) / n) if within > 0 else jackknife
    return Interval(share, share - REACH * error, share + REACH * error)


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
