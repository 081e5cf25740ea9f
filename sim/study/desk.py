"""Where pieces of cases come together, in whatever order they are finished, and are reduced to what is kept."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

from sim.model.catalogue import Rate, expand
from sim.play.columns import Columns
from sim.study.play import Board, Piece
from sim.study.reduce import Sample, reduce, row_of
from sim.study.study import Goal, Study

Job = tuple[int, int, int, int]
"""Numbers of a policy, a future and the first replication; and how many replications."""
FIRST = 0
"""The policy that others are compared with."""


class Desk:
    """Takes pieces, and gives the records of cases as soon as they and the first policy in their future are whole.

    Parameters
    ----------
    study, board
        What is played.
    jobs
        The pieces that will come.
    """

    def __init__(self, study: Study, board: Board, jobs: list[Job]) -> None:
        self._study = study
        self._names = list(board.names)
        self._horizons = [variants[0].parameters.horizon for variants in board.models]
        self._rates = {rate.name: rate for rate in expand(board.models[0][0]).rates}
        self._left: defaultdict[int, set[int]] = defaultdict(set)  # by future: policies to come
        for policy, future, _, _ in jobs:
            self._left[future].add(policy)
        self._begun: dict[tuple[int, int], Columns] = {}
        self._counts: Counter[tuple[int, int]] = Counter()
        self._whole: defaultdict[int, dict[int, Columns]] = defaultdict(dict)  # by future and policy

    def take(self, piece: Piece) -> list[NDArray[np.void]]:
        """Take a piece; return the records of the cases that it makes whole."""
        case = piece.policy, piece.future
        self._begun.setdefault(case, Columns(self._names)).put(piece.first, piece.outcomes)
        self._counts[case] += len(piece.outcomes)
        if self._counts[case] < self._study.design.replications:
            return []
        whole, left = self._whole[piece.future], self._left[piece.future]
        whole[piece.policy] = self._begun.pop(case)
        del self._counts[case]
        if FIRST not in whole:
            return []
        ready = sorted(whole.keys() & left)
        rows = [self._row(policy, piece.future) for policy in ready]
        left.difference_update(ready)
        for policy in whole.keys() - {FIRST} if left else list(whole):
            del whole[policy]
        return rows

    def _row(self, policy: int, future: int) -> NDArray[np.void]:
        whole = self._whole[future]
        reduced = []
        for goal in self._study.goals:
            base = self._sample(goal, whole[FIRST], FIRST)
            own = base if policy == FIRST else self._sample(goal, whole[policy], policy)
            reduced.append(reduce(goal, own, base))
        return row_of(policy, future, reduced)

    def _sample(self, goal: Goal, columns: Columns, policy: int) -> Sample:
        rate: Rate | None = self._rates.get(goal.name)
        if rate is not None:
            return Sample(columns.column(rate.numerator), columns.column(rate.denominator), rate.ratio.scale)
        values = columns.column(goal.name)
        return Sample(np.minimum(values, self._horizons[policy]) if goal.kind == "day" else values)
