"""Many tests at once: Holm's step-down procedure (1979, Scandinavian Journal of Statistics 6, 65-70)."""

from collections.abc import Sequence


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return the adjusted p-values. The chance that any of those below 5 % is there wrongly is at most 5 %.

    The i-th smallest of m is multiplied by m - i + 1, is at least its predecessor, and at most 1.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    result = [0.0] * len(p_values)
    highest = 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * p_values[i]))
        result[i] = highest
    return result
