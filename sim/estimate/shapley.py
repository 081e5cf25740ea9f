"""Shapley values: what each player adds to the value of a game, averaged over all orders in which they could join.

This is the only split that adds up to the total, gives equal players equal shares, and gives nothing to a player who
adds nothing (Shapley 1953). The value is measured in each of many replications, so a share is an array too, and the
shares add up in every replication.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from sim.estimate.difference import skewed_interval
from sim.estimate.intervals import Column

MOST_EXACT = 6
"""Up to this many players, all coalitions are played."""
BUDGET = 1 << MOST_EXACT
"""Most coalitions played in each replication, unless there are so many players that two orders take more."""
BLOCKS, SMALLEST = 50, 10
"""Where not all coalitions are played, replications are divided into blocks, each with orders of its own: at most so
many blocks, of at least so many replications. There are ten blocks if there are ten replications."""

Coalition = frozenset[int]
Array = NDArray[np.float64]
Value = Callable[[Coalition, slice], Array]
"""The value of a coalition in some replications: shape (replications, outcomes)."""


@dataclass(frozen=True)
class Split:
    """A game's value, split between its players.

    Attributes
    ----------
    shares
        Shape (players, replications, outcomes): they add up, replication by replication, to ``whole - none``.
    none, whole
        The value without any player and with all players, shape (replications, outcomes).
    orders
        How many orders were played, over all blocks; 0 if the shares are exact.
    blocks
        Replications that were played with the same orders; empty if the shares are exact.
    """

    shares: Array
    none: Array
    whole: Array
    orders: int
    blocks: tuple[slice, ...]

    def interval(self, player: int, outcome: int) -> list[float] | None:
        """Return the 95 % interval of a player's mean share; None for a single replication.

        If orders were sampled, it includes that sampling error too: blocks have independent orders, so the spread of
        their means reflects both. It is corrected for skewness, like the interval of a difference: where a player
        matters in few orders, or an event is rare, a few blocks make most of a share (docs/estimators.md).
        """
        values = self.shares[player, :, outcome]
        return skewed_interval(by_block(values, self.blocks) if self.blocks else values)


def coalitions(players: int) -> int:
    """Return how many coalitions are played at most in each replication, for this number of players."""
    if players > MOST_EXACT:
        return 2 + 2 * _pairs(players) * (players - 1)
    return 1 << players


def _pairs(players: int) -> int:
    """Return how many orders, each with its reverse, a replication has; each takes players - 1 coalitions."""
    return max(1, (BUDGET - 2) // (2 * (players - 1)))


def by_block(values: Column, blocks: tuple[slice, ...]) -> Column:
    """Return a value for each block: their mean is that of all values, their spread that of the blocks' sums."""
    mean = float(values.mean())
    return np.array([mean + len(blocks) / len(values) * float((values[rows] - mean).sum()) for rows in blocks])


def split(players: int, replications: int, value: Value, seed: int) -> Split:
    """Split the value of a game between its players.

    Up to `MOST_EXACT` players, all coalitions are played and the shares are exact. With more, the players join in
    random orders, as many as `BUDGET` allows. Each order is followed by its reverse (antithetic sampling: whoever came
    early comes late). Each block of replications draws its own orders; this takes no longer and shows how much the
    orders matter.

    Parameters
    ----------
    players
        How many; they are numbered from 0.
    replications
        How many.
    value
        Called at most once for each coalition in the same replications.
    seed
        Seed of the orders.
    """
    everybody, every = frozenset(range(players)), slice(0, replications)
    none = value(frozenset(), every)
    of_everybody = value(everybody, every) if players else none
    values_of = {frozenset(): none, everybody: of_everybody}
    if players <= MOST_EXACT:
        return Split(_exact(players, value, values_of, every), none, of_everybody, 0, ())
    pairs = _pairs(players)
    blocks = _blocks(replications)
    rng = np.random.default_rng(seed)
    shares = np.zeros((players, *none.shape))
    for rows in blocks:
        values_here = {coalition: values[rows] for coalition, values in values_of.items()}
        for _ in range(pairs):
            order = [int(player) for player in rng.permutation(players)]
            for sequence in (order, order[::-1]):
                _join(sequence, value, values_here, rows, shares)
    return Split(shares / (2 * pairs), none, of_everybody, 2 * pairs * len(blocks), blocks)


def _exact(players: int, value: Value, values_of: dict[Coalition, Array], every: slice) -> Array:
    """Weigh the value of each coalition by the share of orders in which a player is the last or the next to join it."""
    shares = np.zeros((players, *values_of[frozenset()].shape))
    for size in range(players + 1):
        joined = 1 / (size * math.comb(players, size)) if size else 0.0
        missing = 1 / ((size + 1) * math.comb(players, size + 1)) if size < players else 0.0
        for coalition in map(frozenset, combinations(range(players), size)):
            values = values_of[coalition] if coalition in values_of else value(coalition, every)
            for player in range(players):
                shares[player] += values * (joined if player in coalition else -missing)
    return shares


def _join(order: list[int], value: Value, values_of: dict[Coalition, Array], rows: slice, shares: Array) -> None:
    """Let players join one after the other, and add to the share of each what its joining changes."""
    coalition: Coalition = frozenset()
    for player in order:
        before = values_of[coalition]
        coalition |= {player}
        if coalition not in values_of:
            values_of[coalition] = value(coalition, rows)
        shares[player, rows] += values_of[coalition] - before


def _blocks(replications: int) -> tuple[slice, ...]:
    """Divide replications into blocks that are as equal as possible."""
    number = min(replications, max(10, min(BLOCKS, replications // SMALLEST)))
    ends = [i * replications // number for i in range(number + 1)]
    return tuple(slice(first, beyond) for first, beyond in pairwise(ends))
