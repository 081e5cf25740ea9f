"""How much the main outcomes hang on each number that is not measured.

A number is moved from the low to the high end of its range while everything else is drawn as in the ensemble. Both ends
meet the same futures, replication by replication, so the difference of an outcome's means is precise.
"""

import math
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sim.estimate.intervals import Column, mean_interval
from sim.model.setup import set_up
from sim.play.play import Means, sample
from sim.rules.outcomes import OUTCOMES
from sim.scenario.fields import Distribution, extremes
from sim.scenario.keys import Spot, dotted, general, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile, load
from sim.scenario.possible import lacking

MEASURED = ("article", "reported")
"""Marks of what somebody has seen or said."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Number:
    """A number of a scenario, or several of the same kind, such as the garrisons of all sites.

    Attributes
    ----------
    name
        Its key, with NAME for names that the file chooses: ``theatres.NAME.sites.NAME.garrison``.
    keys
        The keys themselves.
    marks
        How sure they are, each mark once.
    moves
        Which keys are moved together between which ends. One move with all of them, or for weights, which mean
        something only against one another, a move for each. Empty if no range is stated.
    """

    name: str
    keys: tuple[str, ...]
    marks: tuple[str, ...]
    moves: tuple[dict[str, Range], ...]


@dataclass(frozen=True)
class Effect:
    """What a number does to an outcome.

    Attributes
    ----------
    number, outcome
        Their names; of the number as in `Number`.
    alone
        The key that was moved alone, for a weight; empty where all of the kind moved together.
    low, high
        Ends of the range; of several numbers, the sums of their ends.
    at_low, at_high
        The outcome's mean with the number at the low and the high end of its range; for a day, of the day or the
        horizon, whichever is first.
    difference, ci_low, ci_high
        The one mean less the other, with its paired 95 % interval.
    elasticity
        Relative change of the outcome over relative change of the number, each against the middle of its two ends; NaN
        where a middle is zero.
    spreads
        The difference over the outcome's standard deviation in the ensemble; NaN if there is none.
    """

    number: str
    alone: str
    low: float
    high: float
    outcome: str
    at_low: float
    at_high: float
    difference: float
    ci_low: float
    ci_high: float
    elasticity: float
    spreads: float

    @property
    def is_seen(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.ci_low > 0 or self.ci_high < 0


def is_number(spot: Spot | None) -> bool:
    """Whether a number stands there, one that may be uncertain or a count."""
    return spot is not None and (spot.numeric is not None or spot.is_count)


def stated_range(spot: Spot, value: Any) -> Range | None:
    """Return the ends of a number's distribution, else the range over which the schema says to scan it."""
    if isinstance(value, Distribution):
        low, high = extremes(value)
        return (low, high) if low < high else None
    low, high = spot.span or (math.nan, math.nan)
    return (low, high) if low <= value <= high else None


def is_weight(path: KeyPath) -> bool:
    """Whether a number means something only against others of its kind."""
    return str(path[-1]).endswith("weight") and "NAME" in general(path)


def numbers(file: ScenarioFile) -> list[Number]:
    """Return all numbers of a scenario that are not measured or have a range, those of one kind together."""
    kinds: dict[str, list[tuple[KeyPath, Range | None]]] = defaultdict(list)
    marks: dict[str, list[str]] = defaultdict(list)
    together = {key for joint in file.scenario.joint.values() for key in joint.keys}
    for path, value in values(file.scenario):
        spot, key = spot_at(path), dotted(path)
        if spot is None or not is_number(spot) or value is None or key in together:
            continue
        mark, ends = file.origins[key].mark or "assumed", stated_range(spot, value)
        if mark not in MEASURED or ends is not None:
            kinds[general(path)].append((path, _half_to_twice(value) if is_weight(path) else ends))
            marks[general(path)].append(mark)
    return [Number(name, tuple(dotted(path) for path, _ in paths), tuple(dict.fromkeys(marks[name])), _moves(paths))
            for name, paths in kinds.items()]


def _half_to_twice(value: Any) -> Range | None:
    """Return the ends between which a weight is moved, which no file or schema needs to state."""
    largest = extremes(value)[-1]
    return (largest / 2, largest * 2) if largest > 0 else None


def _moves(paths: list[tuple[KeyPath, Range | None]]) -> tuple[dict[str, Range], ...]:
    ranges = {dotted(path): ends for path, ends in paths if ends is not None}
    if is_weight(paths[0][0]):
        return tuple({key: ends} for key, ends in ranges.items())
    return (ranges,) if ranges else ()


def outcomes(file: ScenarioFile) -> list[str]:
    """Return the main outcomes of a scenario; `killed_expected` stands for `killed`, since it has the same mean."""
    main = [outcome for outcome in OUTCOMES if outcome.main and outcome.name != "killed"]
    return [outcome.name for outcome in main if not lacking(file.scenario, outcome.needs)]


def measure(
    path: str | os.PathLike[str],
    only: Sequence[str] | None = None,
    replications: int = 2000,
    seed: int = 1,
    clock: str = "compiled",
    progress: Callable[[str], None] | None = None,
) -> list[Effect]:
    """Move each number of a scenario from end to end, and return what it does to each main outcome.

    Parameters
    ----------
    path
        The scenario file.
    only
        Names of numbers, as in `Number`; all when left out.
    replications, seed
        Which futures each end meets.
    clock
        Which clock plays them.
    progress
        Told the name of each number before it is moved.
    """
    file = load(path)
    names = outcomes(file)

    def play(setting: dict[str, Any]) -> dict[str, Column]:
        changed = load(path, setting)
        model = set_up(changed.scenario)
        played = sample(model, seed, range(replications), Means(clock=clock), tuple(names))
        return {name: played.values(name) for name in names}

    spread = {name: float(column.std(ddof=1)) for name, column in play({}).items()}
    effects = []
    for number in numbers(file):
        if number.moves and (only is None or number.name in only):
            if progress is not None:
                progress(number.name)
            effects += list(strongest([_effects(number, move, play, spread) for move in number.moves]))
    return effects


def _effects(
    number: Number, move: dict[str, Range], play: Callable[[dict[str, Any]], dict[str, Column]],
    spread: dict[str, float],
) -> dict[str, Effect]:
    low, high = (play({key: at_end(key, ends, end) for key, ends in move.items()}) for end in (0, 1))
    first, last = (math.fsum(ends[end] for ends in move.values()) for end in (0, 1))
    alone = next(iter(move)) if len(number.moves) > 1 else ""
    effects = {}
    for name in spread:
        at_low, at_high = float(low[name].mean()), float(high[name].mean())
        ci_low, ci_high = mean_interval(high[name] - low[name]) or (math.nan, math.nan)
        effects[name] = Effect(
            number.name, alone, first, last, name, at_low, at_high, at_high - at_low, ci_low, ci_high,
            elasticity=relative(at_low, at_high) / relative(first, last),
            spreads=(at_high - at_low) / spread[name] if spread[name] > 0 else math.nan)
    return effects


def at_end(key: str, ends: Range, end: int) -> Any:
    """Return a number at one end of its range: a count as it is, any other as a draw that always falls there.

    What a scenario allows is so judged over the whole range, as in the ensemble: a chance of 0 does not make it refuse
    what waits for the event.
    """
    spot = spot_at(undotted(key))
    if spot is not None and spot.is_count:
        return int(ends[end])
    return {"dist": "discrete", "values": list(ends), "weights": [1 - end, end]}


def relative(low: float, high: float) -> float:
    """Return the change from one end to the other against their middle; NaN where that is zero."""
    middle = (low + high) / 2
    return (high - low) / middle if middle != 0 else math.nan


def strongest(moves: list[dict[str, Effect]]) -> Iterator[Effect]:
    """Of several moves of a number, keep for each outcome the one that changes it most."""
    for outcome in moves[0]:
        yield max((effects[outcome] for effects in moves), key=lambda effect: abs(effect.difference))
