"""The search for candidates that no other beats in every objective: NSGA-II (Deb et al. 2002), from pymoo."""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.candidates import Axis, Candidates, Point
from sim.study.errors import missing

Score = tuple[tuple[float, ...], tuple[float, ...]] | None
"""A candidate's objectives (lower is better), and by how much it misses each threshold (0 or less if it is kept); None
if the candidate cannot be played."""
Judge = Callable[[Sequence[Point]], list[Score]]


def search(candidates: Candidates, judge: Judge, objectives: int, evaluations: int, seed: int) -> list[Point]:
    """Return the best candidates found: none of them is beaten in all objectives by another.

    If there are no more candidates than evaluations, all are tried. Otherwise NSGA-II searches, starting from a Latin
    hypercube and both corners of the levers' ranges; its population is twice the square root of the evaluations.

    Parameters
    ----------
    candidates
        What to choose from.
    judge
        Plays candidates.
    objectives
        How many objectives there are.
    evaluations
        The most candidates to try.
    seed
        Seed of the search's own random numbers.

    Raises
    ------
    StudyError
        If pymoo is missing.
    """
    try:
        import pymoo  # noqa: F401 - is it installed?
    except ImportError:
        raise missing("pymoo") from None
    if candidates.count() <= evaluations:
        points = list(product(*(map(float, range(len(axis.values))) for axis in candidates.axes)))
        return _best(points, judge(points))
    return _evolve(candidates.axes, judge, objectives, evaluations, seed)


def _best(points: list[Point], scores: list[Score]) -> list[Point]:
    from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

    kept = [(point, score[0]) for point, score in zip(points, scores, strict=True)
            if score is not None and max(score[1], default=0.0) <= 0]
    if not kept:
        return []
    values = np.array([values for _, values in kept])
    return [kept[i][0] for i in sorted(NonDominatedSorting().do(values, only_non_dominated_front=True))]


def _evolve(axes: tuple[Axis, ...], judge: Judge, objectives: int, evaluations: int, seed: int) -> list[Point]:
    size = min(evaluations, 2 * round(math.sqrt(evaluations)))
    algorithm = _nsga2(axes, first_points(axes, size, seed), objectives, evaluations // size, seed)
    while algorithm.has_next():
        population = algorithm.ask()
        if population is None or len(population) == 0:  # nothing new is left to try
            break
        points = [_point(axes, x) for x in population.get("X")]
        _score(population, judge(points), objectives)
        algorithm.tell(infills=population)
    best = [individual for individual in algorithm.opt if individual.G[0] <= 0 and individual.CV[0] <= 0]
    return sorted({_point(axes, individual.X) for individual in best})


def first_points(axes: tuple[Axis, ...], size: int, seed: int) -> list[Point]:
    """Return the points at which a search starts: both corners, then a Latin hypercube."""
    from scipy.stats import qmc

    shares: NDArray[np.float64] = qmc.LatinHypercube(len(axes), seed=np.random.default_rng(seed)).random(size)
    shares[:2] = np.array([0.0, 1.0])[:size, None]
    return [tuple(axis.at(float(share)) for axis, share in zip(axes, row, strict=True)) for row in shares]


def _nsga2(axes: tuple[Axis, ...], first: list[Point], objectives: int, generations: int, seed: int) -> Any:
    from pymoo.algorithms.moo.nsga2 import NSGA2, binary_tournament
    from pymoo.core.duplicate import ElementwiseDuplicateElimination
    from pymoo.core.mixed import MixedVariableMating
    from pymoo.core.population import Population
    from pymoo.core.problem import Problem
    from pymoo.core.variable import Choice, Real
    from pymoo.operators.selection.tournament import TournamentSelection

    variables = {str(i): Choice(options=list(range(len(axis.values)))) if axis.values
                 else Real(bounds=(axis.low, axis.high)) for i, axis in enumerate(axes)}
    once = ElementwiseDuplicateElimination(cmp_func=lambda a, b: _point(axes, a.X) == _point(axes, b.X))
    mating = MixedVariableMating(selection=TournamentSelection(func_comp=binary_tournament), eliminate_duplicates=once)
    population = Population.new(X=[{str(i): at for i, at in enumerate(point)} for point in first])
    algorithm = NSGA2(pop_size=len(first), sampling=population, mating=mating, eliminate_duplicates=once)
    problem = Problem(vars=variables, n_obj=objectives, n_ieq_constr=1)
    return algorithm.setup(problem, termination=("n_gen", generations), seed=seed)


def _point(axes: tuple[Axis, ...], x: dict[str, Any]) -> Point:
    return tuple(axis.rounded(x[str(i)]) for i, axis in enumerate(axes))


def _score(population: Any, scores: list[Score], objectives: int) -> None:
    """Give pymoo the scores of candidates; its one constraint is the total by which thresholds are missed."""
    nothing = ((0.0,) * objectives, (math.inf,))
    filled = [score or nothing for score in scores]
    missed = [math.fsum(max(0.0, by) for by in beyond) for _, beyond in filled]
    population.set("F", np.array([values for values, _ in filled]))
    population.set("G", np.array([[min(by, 1e30)] for by in missed]))
