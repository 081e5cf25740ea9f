"""Regions of the uncertain parameters, bounded by limits on some of them; and small decision trees that find them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.study.errors import missing
from sim.study.pick import Array
from sim.words.phrases import number

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Limit:
    """A bound on one parameter.

    Attributes
    ----------
    parameter, unit
        Its name and unit.
    side
        ``above`` or ``below``: the side of the bound on which the region lies.
    value
        The bound.
    quasi_p
        Probability of at least as many failures in the region if the bound had no effect (Bryant and Lempert 2010);
        None if it was not computed.
    """

    parameter: str
    unit: str
    side: str
    value: float
    quasi_p: float | None = None

    def __str__(self) -> str:
        """Return the limit in words; for texts and switches, the values on its side."""
        if words := levels(self.unit):
            kept = [word for i, word in enumerate(words) if (i > self.value) == (self.side == "above")]
            return f"{self.parameter} is {' or '.join(kept)}"
        return f"{self.parameter} {'>' if self.side == 'above' else '<'} {number(self.value)} {self.unit}".rstrip()


@dataclass(frozen=True)
class Region:
    """A region found by a tree.

    Attributes
    ----------
    limits
        Its bounds; none if it is the whole space.
    verdict
        The answer that is true for most futures in it.
    futures
        How many futures lie in it.
    right
        The share of them for which the verdict is true.
    """

    limits: tuple[Limit, ...]
    verdict: bool
    futures: int
    right: float

    def __str__(self) -> str:
        """Return its limits in words."""
        return described(self.limits)


def levels(unit: str) -> list[str]:
    """Return the texts for 0, 1, 2, ... in a unit such as ``0 = low, 1 = high``; an empty list for any other unit."""
    texts: list[str] = []
    for part in unit.split(", "):
        start = f"{len(texts)} = "
        if part.startswith(start):
            texts.append(part[len(start):])
        elif texts:
            texts[-1] += f", {part}"
        else:
            return []
    return texts


def described(limits: tuple[Limit, ...]) -> str:
    """Return limits in words, joined by "and"; two limits on the same text are combined."""
    parts = []
    for limit in limits:
        pair = [other for other in limits if other.parameter == limit.parameter and levels(limit.unit)]
        text = _between(pair) if len(pair) > 1 else str(limit)
        if text not in parts:
            parts.append(text)
    return " and ".join(parts) or "everywhere"


def _between(pair: list[Limit]) -> str:
    """Return in words which texts lie within two limits."""
    low, high = sorted(limit.value for limit in pair)
    kept = [word for i, word in enumerate(levels(pair[0].unit)) if low < i < high]
    return f"{pair[0].parameter} is {' or '.join(kept)}"


def inside(x: Array, parameters: list[str], limits: tuple[Limit, ...]) -> Flags:
    """Return which points, shape (n, d), lie within limits; a point on a limit is inside."""
    kept = np.ones(len(x), dtype=bool)
    for limit in limits:
        values = x[:, parameters.index(limit.parameter)]
        kept &= values >= limit.value if limit.side == "above" else values <= limit.value
    return kept


def split(
    x: Array, y: Flags, parameters: list[str], units: list[str], depth: int, least: int, seed: int = 1
) -> tuple[Region, ...]:
    """Split a space by a decision tree (CART; Breiman et al. 1984) into regions where most points are true or false.

    A split with the same verdict on both sides is undone.

    Parameters
    ----------
    x, y
        Points, shape (n, d), and whether each is true, shape (n,).
    parameters, units
        Names and units, d of each.
    depth
        The most splits one after another.
    least
        The fewest points in a region.
    seed
        Decides between splits that are equally good.
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise missing("scikit-learn") from None
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=seed).fit(x, y)
    return tuple(_regions(model, 0, {}, parameters, units))


def right(regions: tuple[Region, ...]) -> float:
    """Return the share of all points for which the verdicts of the regions are true."""
    return sum(region.futures * region.right for region in regions) / sum(region.futures for region in regions)


def _regions(
    model: Any, node: int, limits: dict[tuple[str, str], Limit], parameters: list[str], units: list[str]
) -> list[Region]:
    tree = model.tree_
    weights = np.asarray(tree.value[node][0], dtype=float)
    best = int(np.argmax(weights))
    region = Region(tuple(limits.values()), bool(model.classes_[best]), int(tree.n_node_samples[node]),
                   float(weights[best] / weights.sum()))
    if tree.children_left[node] < 0:
        return [region]
    j, value = int(tree.feature[node]), float(tree.threshold[node])
    inner = []
    for child, side in ((tree.children_left[node], "below"), (tree.children_right[node], "above")):
        limit = Limit(parameters[j], units[j], side, value)  # further down the tree, limits are tighter
        inner += _regions(model, int(child), {**limits, (parameters[j], side): limit}, parameters, units)
    return [region] if len({region.verdict for region in inner}) == 1 else inner
