"""The bars of a histogram: between which edges the values of an outcome are counted."""

from typing import NamedTuple

import numpy as np

from sim.estimate.intervals import Column

BARS = 30
DATE_BARS = 40
LONG_TAIL, LEAST_LONG = 3.0, 8.0
"""A tail is long if it reaches as many times the 95 % quantile, and at least so far."""


class Bars(NamedTuple):
    """Edges, and their scale: whether each step doubles, and whether halving matters as much as doubling."""

    edges: Column
    doubling: bool
    ratio: bool


def bars(values: Column, unit: str, q95: float) -> Bars:
    """Return the bars for an outcome, given its 95 % quantile; they double if the tail is long, or it is a ratio."""
    ratio = unit == "ratio" and bool(values.min() > 0)
    doubling = ratio or bool(values.min() >= 0 and values.max() >= max(LEAST_LONG, LONG_TAIL * q95))
    return Bars(doubling_edges(values, ratio) if doubling else plain_edges(values), doubling, ratio)


def day_edges(horizon: int) -> Column:
    """Return the edges for days from the start: at most `DATE_BARS` bars of whole days."""
    width = -(-horizon // DATE_BARS)
    return np.arange(0, horizon + width, width, dtype=float)


def plain_edges(values: Column) -> Column:
    """Return the edges of a histogram's bars: if there are few whole numbers, each in the middle of its bar."""
    low, high = values.min(), values.max()
    if np.all(values == np.floor(values)) and high - low <= BARS:
        return np.arange(low - 0.5, high + 1.0)
    return np.linspace(low, high, BARS + 1) if high > low else np.array([low - 0.5, low + 0.5])


def doubling_edges(values: Column, below_one: bool = False) -> Column:
    """Return edges 0, 1, 2, 4, 8, ..., the first bar being for values below 1; without any, four bars a doubling.

    If halving matters as much as doubling, there are four bars a doubling ``below_one`` as well.
    """
    top = np.floor(np.log2(values.max())) + 1
    if values.min() >= 1 or below_one:
        return np.asarray(2.0 ** np.arange(np.floor(np.log2(values.min())), top + 0.25, 0.25))
    return np.concatenate([[0.0], 2.0 ** np.arange(top + 1)])
