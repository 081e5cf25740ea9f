"""Futures: the value of every uncertainty in each future, according to the design of the study.

A design places points in the unit cube. Each coordinate of a point goes through the inverse distribution function of
its uncertainty, so any distribution can be used. Listed values have equal shares.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sim.model.draws import draw_of
from sim.study.errors import missing
from sim.study.study import Design, Factor, Study

LEVELS = 4
"""Levels of each uncertainty in a Morris design (Morris 1991, Technometrics 33, 161-174)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Futures:
    """The uncertain numbers in each future.

    Attributes
    ----------
    parameter
        Values, shape (futures, uncertainties); for values that are not numbers, their positions in the list.
    variant
        The variant of a policy to use in each future, shape (futures,).
    keys
        For each uncertainty, the scenario keys to fix at its value; empty if it has variants instead.
    """

    parameter: Floats
    variant: NDArray[np.int64]
    keys: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.variant)

    def numbers(self, future: int) -> dict[str, float]:
        """Return the values that are fixed in a future, by scenario key."""
        values = self.parameter[future].tolist()
        return {key: value for keys, value in zip(self.keys, values, strict=True) for key in keys}


def futures_of(study: Study) -> Futures:
    """Return the futures of a study.

    Raises
    ------
    StudyError
        If the design needs SALib and it is missing.
    """
    factors = study.uncertainties
    shares = shares_of(study.design, factors)
    parameter = np.empty(shares.shape)
    variant = np.zeros(len(shares), np.int64)
    for j, factor in enumerate(factors):
        if factor.dist is not None:
            draw = draw_of(factor.keys[0], factor.dist, ())
            parameter[:, j] = [draw.values(share)[0] for share in shares[:, j].tolist()]
            continue
        count = len(factor.values)
        places = np.minimum((shares[:, j] * count).astype(np.int64), count - 1)
        parameter[:, j] = [factor.as_number(place) for place in places.tolist()]
        if not factor.drawn:
            variant = variant * count + places
    return Futures(parameter, variant, tuple(factor.keys if factor.drawn else () for factor in factors))


def shares_of(design: Design, factors: tuple[Factor, ...]) -> Floats:
    """Return the points of a design in the unit cube, shape (futures, uncertainties).

    - ``latin_hypercube``: there are as many equal shares as points, and each uncertainty has one value in each share
      (McKay, Beckman and Conover 1979, Technometrics 21, 239-245).
    - ``sobol``: rows in the order of SALib's `sample.sobol` without second order: for each base point A, all A with
      one coordinate of B, and B (Saltelli 2002, Computer Physics Communications 145, 280-297).
    - ``morris``: trajectories one after another, in the order of SALib's `sample.morris`.
    - ``grid``: every combination; the last uncertainty changes fastest. A distribution has values at equal steps of
      its share, from the lowest to the highest.
    """
    dimensions = len(factors)
    if dimensions == 0:
        return np.zeros((1, 0))
    if design.kind == "grid":
        return np.array(list(product(*(_steps(factor, design.points) for factor in factors))))
    if design.kind == "latin_hypercube":
        from scipy.stats.qmc import LatinHypercube

        sampler = LatinHypercube(dimensions, seed=np.random.default_rng([design.seed, 0]))
        return np.asarray(sampler.random(design.points), np.float64)
    try:
        from SALib.sample import morris, sobol
    except ImportError:
        raise missing("SALib") from None
    names = [factor.name for factor in factors]
    cube = {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}
    if design.kind == "sobol":
        return np.asarray(sobol.sample(cube, design.points, calc_second_order=False, seed=design.seed), np.float64)
    return np.asarray(morris.sample(cube, design.points, num_levels=LEVELS, seed=design.seed), np.float64)


def _steps(factor: Factor, points: int) -> list[float]:
    """Return the shares that a grid takes of an uncertainty."""
    if factor.values:
        return [(place + 0.5) / len(factor.values) for place in range(len(factor.values))]
    return [place / (points - 1) for place in range(points)]
