"""What becomes of plans: whole episodes of the record of drawdowns, drawn for each phase that names its kind of plan.

``execution.toml`` has what each episode contributes. Own episodes of a kind weigh 1 each, and all episodes together
weigh as much as ``strength`` more. What is not known of an episode is taken from others (donors), with the same
weights. So that thousands of replications do not repeat 46 values, each episode stands for `VERSIONS` rows: the
donors differ from row to row, and every measured quantity is multiplied by a lognormal factor close to 1. Whether and
how often a date moved back and whether an order was reversed stay as they were.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import exp
from statistics import NormalDist
from typing import Any

from sim.model.draws import Draw
from sim.scenario.places import EXECUTION

VERSIONS = 16
SMOOTHING = 0.15
"""Standard deviation of the logarithm of the factor by which a row differs from its episode."""
LATEST_MOVE = 0.9
"""In a row whose date holds, the first move comes by this share of the time at the latest."""
AT_MOST = {"first_move_share": 10.0, "early_share": 0.95, "unevenness": 0.95, "lag": 10.0}
POOLED = ("unevenness", "lag")
"""Quantities known of so few episodes that donors of all kinds count alike."""
EVENTS = ("redatings", "reversal_chance")
"""Quantities that are not smoothed."""
ABSENT = {"redatings": 0.0, "reversal_chance": 0.0, "early_share": 0.0}
"""What an episode that does not give them means by it; other quantities are not known."""

Episode = dict[str, Any]
Row = tuple[float, ...]
Table = tuple[tuple[Row, ...], list[float]]
"""Rows, and their cumulative shares."""


@cache
def record() -> tuple[float, tuple[Episode, ...]]:
    """Return how many episodes of its own all episodes together count for, and the episodes."""
    read = tomllib.loads(files("sim.model").joinpath("execution.toml").read_text(encoding="utf-8"))
    return float(read["strength"]), tuple(read["episodes"])


def draw_of_plan(phase: str, kind: str, places: dict[str, tuple[str, int]], without: Collection[str] = ()) -> Draw:
    """Return how the keys of a phase that its file does not give are drawn together.

    Parameters
    ----------
    phase
        The name of the phase.
    kind
        Its kind of plan.
    places
        Where the parameters go, by the last part of their keys.
    without
        Ids of episodes to leave out, for example the one that is to be foretold.
    """
    rows, upto = _columns(kind, frozenset(without), tuple(places))
    return Draw(f"execution.{phase}", tuple(places.values()), rows=rows, upto=upto,
                together=tuple(f"phases.{phase}.{key}" for key in places), kind=kind)


@cache
def _columns(kind: str, without: frozenset[str], keys: tuple[str, ...]) -> Table:
    """Return the same as `table` with the values of some keys only."""
    rows, upto = table(kind, without)
    places = [EXECUTION.index(key) for key in keys]
    return tuple(tuple(row[place] for place in places) for row in rows), upto


@cache
def table(kind: str, without: frozenset[str] = frozenset()) -> Table:
    """Return the rows of a kind of plan, with the values of `EXECUTION`, and their cumulative shares."""
    strength, everyone = record()
    episodes = [episode for episode in everyone if episode["id"] not in without]
    weights = weights_of(episodes, kind, strength)
    alike = [1.0] * len(episodes)
    donors = {key: _Donors(episodes, alike if key in POOLED else weights, key) for key in EXECUTION}
    rows = tuple(_row(i, m, episode, donors) for i, episode in enumerate(episodes) for m in range(VERSIONS))
    shares = [weight / VERSIONS for weight in weights for _ in range(VERSIONS)]
    return rows, [*accumulate(shares[:-1]), 1.0]


def weights_of(episodes: Sequence[Episode], kind: str, strength: float) -> list[float]:
    """Return the chance of each episode for a plan of a kind."""
    own = [float(episode["kind"] == kind) for episode in episodes]
    return [(one + strength / len(episodes)) / (sum(own) + strength) for one in own]


class _Donors:
    """The known values of a quantity, with the weights of their episodes."""

    def __init__(self, episodes: Sequence[Episode], weights: Sequence[float], key: str) -> None:
        known = sorted((value, weight) for episode, weight in zip(episodes, weights, strict=True)
                       if (value := episode.get(key, ABSENT.get(key))) is not None)
        self._values = [value for value, _ in known]
        self._upto = [*accumulate(weight for _, weight in known)]

    def quantile(self, u: float) -> float:
        """Return the value below which a share ``u`` of the weight lies."""
        place = bisect_right(self._upto, u * self._upto[-1])
        return float(self._values[min(place, len(self._values) - 1)])


def _row(i: int, m: int, episode: Episode, donors: dict[str, _Donors]) -> Row:
    values = {}
    for c, key in enumerate(EXECUTION):
        value = episode.get(key, ABSENT.get(key))
        if value is None:
            value = donors[key].quantile(_spread(i, m, 2 * c))
        if key not in EVENTS:
            factor = exp(SMOOTHING * NormalDist().inv_cdf(_spread(i, m, 2 * c + 1)))
            value = min(value * factor, AT_MOST.get(key, 3650.0))
        values[key] = value
    if values["redatings"] == 0:
        values["first_move_share"] = min(values["first_move_share"], LATEST_MOVE * (1 - values["early_share"]))
    return tuple(float(f"{values[key]:.5g}") for key in EXECUTION)


def _spread(i: int, m: int, c: int) -> float:
    """Return a number between 0 and 1 for a version of an episode: the versions are spread evenly, in another order for
    each column and each episode.
    """
    place = (m * (2 * c + 1) + 5 * i + 3 * c) % VERSIONS
    return (place + 0.5 + 0.9 * (i * 0.618034 % 1 - 0.5)) / VERSIONS
