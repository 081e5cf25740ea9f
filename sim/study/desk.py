"""Collects chunks of cases, in whatever order they finish, and reduces them to the numbers that a study keeps."""

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue, expand
from sim.play.cast import Cast
from sim.play.columns import Columns
from sim.play.player import Chunk
from sim.study.cases import Cases
from sim.study.reduce import covered, reduce, row_of
from sim.study.study import Study

FIRST = 0
"""The policy with which the others are compared."""


class Desk:
    """Takes chunks, and returns the record of a case once it and the first policy in its future are complete.

    Parameters
    ----------
    study, cases, cast
        What is played.
    numbers
        Numbers of the cases to expect.
    """

    def __init__(self, study: Study, cases: Cases, cast: Cast, numbers: Iterable[int]) -> None:
        self._study, self._cases = study, cases
        self._names = list(cast.names or ())
        self._horizons = [variants[0].parameters.horizon for variants in cases.models]
        first = cases.models[0][0]
        self._catalogue = Catalogue(cast.catalogue(first).outcomes, expand(first).rates)
        self._left: defaultdict[int, set[int]] = defaultdict(set)  # by future: policies to come
        for policy, future in map(cases.case, numbers):
            self._left[future].add(policy)
        self._begun: dict[int, Columns] = {}
        self._counts: Counter[int] = Counter()
        self._finished: defaultdict[int, dict[int, Columns]] = defaultdict(dict)  # by future and policy

    def take(self, chunk: Chunk) -> list[NDArray[np.void]]:
        """Take a chunk; return the records of the cases that it completes."""
        policy, future = self._cases.case(chunk.variant)
        self._begun.setdefault(chunk.variant, Columns(self._names)).put(chunk.first, chunk.outcomes)
        self._counts[chunk.variant] += len(chunk.outcomes)
        if self._counts[chunk.variant] < self._study.design.replications:
            return []
        finished, left = self._finished[future], self._left[future]
        finished[policy] = self._begun.pop(chunk.variant)
        del self._counts[chunk.variant]
        if FIRST not in finished:
            return []
        ready = sorted(finished.keys() & left)
        base = self._sample(finished[FIRST], FIRST)
        rows = [self._row(other, future, self._sample(finished[other], other), base) for other in ready]
        left.difference_update(ready)
        for done in finished.keys() - {FIRST} if left else list(finished):
            del finished[done]
        return rows

    def _row(self, policy: int, future: int, sample: Sample, base: Sample) -> NDArray[np.void]:
        reduced = [reduce(goal, sample, None if policy == FIRST else base) for goal in self._study.goals]
        return row_of(policy, future, reduced, covered(sample, self._names))

    def _sample(self, columns: Columns, policy: int) -> Sample:
        return Sample(self._catalogue, self._horizons[policy], columns.column)
