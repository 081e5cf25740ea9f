"""Regions of the uncertain parameters, bounded by limits on some of them; and small decision trees that find such."""

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
        ``above`` or ``below``: on which side of the bound the region lies.
    value
        The bound.
    quasi_p
        How likely as many failures in the region would be if the bound did nothing (Bryant and Lempert 2010); None
        where it was not asked.
    """

    parameter: str
    unit: str
    side: str
    value: float
    quasi_p: float | None = None

    def __str__(self) -> str:
        """Return it in words; of texts and switches, which of them lie on its side."""
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
        What bounds it; none if it is the whole space.
    verdict
        What most futures in it are.
    futures
        How many lie in it.
    right
        The share of them that are so.
    """

    limits: tuple[Limit, ...]
    verdict: bool
    futures: int
    right: float

    def __str__(self) -> str:
        """Return its limits in words."""
        return described(self.limits)


def levels(unit: str) -> list[str]:
    """Return the texts that stand for 0, 1, 2, ... in a unit such as ``0 = low, 1 = high``; none of any other unit."""
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
    """Return limits in words, joined by "and"; the two of a text as one."""
    parts = []
    for limit in limits:
        pair = [other for other in limits if other.parameter == limit.parameter and levels(limit.unit)]
        text = _between(pair) if len(pair) > 1 else str(limit)
        if text not in parts:
            parts.append(text)
    return " and ".join(parts) or "everywhere"


def _between(pair: list[Limit]) -> str:
    """Say which texts lie within two limits."""
    low, high = sorted(limit.value for limit in pair)
    kept = [word for i, word in enumerate(levels(pair[0].unit)) if low < i < high]
    return f"{pair[0].parameter} is {' or '.join(kept)}"


def inside(x: Array, parameters: list[str], limits: tuple[Limit, ...]) -> Flags:
    """Return which points, shape (n, d), lie within limits; the limits belong to the region."""
    kept = np.ones(len(x), dtype=bool)
    for limit in limits:
        values = x[:, parameters.index(limit.parameter)]
        kept &= values >= limit.value if limit.side == "above" else values <= limit.value
    return kept


def split(
    x: Array, y: Flags, parameters: list[str], units: list[str], depth: int, least: int, seed: int = 1
) -> tuple[Region, ...]:
    """Split a space by a decision tree (CART; Breiman et al. 1984) into regions where most are or are not so.

    Splits on both sides of which the verdict is the same are taken back.

    Parameters
    ----------
    x, y
        Points, shape (n, d), and what they are, shape (n,).
    parameters, units
        Names and units, d of each.
    depth
        Splits one after the other, at most.
    least
        Points in a region, at least.
    seed
        Which of splits that are as good is taken.
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise missing("scikit-learn") from None
    model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=seed).fit(x, y)
    return tuple(_regions(model, 0, {}, parameters, units))


def right(regions: tuple[Region, ...]) -> float:
    """Return the share of all points of which regions say what they are."""
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
        limit = Limit(parameters[j], units[j], side, value)  # further down it is the tighter one
        inner += _regions(model, int(child), {**limits, (parameters[j], side): limit}, parameters, units)
    return [region] if len({region.verdict for region in inner}) == 1 else inner
