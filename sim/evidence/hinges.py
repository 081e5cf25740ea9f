"""How much the main outcomes depend on each number that is not measured.

A number is moved from the low to the high end of its range while everything else is drawn as usual. Both ends are
played with the same random numbers, replication by replication, so the difference of the means is precise.
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
from sim.scenario.held import MEASURED
from sim.scenario.keys import Spot, dotted, general, is_weight, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile, load
from sim.scenario.possible import lacking

Range = tuple[float, float]


@dataclass(frozen=True)
class Number:
    """A number of a scenario, or several of the same kind, such as the garrisons of all sites.

    Attributes
    ----------
    name
        Its key, with NAME in place of names chosen in the file: ``theatres.NAME.sites.NAME.garrison``.
    keys
        The keys themselves.
    marks
        Their marks, each once.
    moves
        Which keys are moved together, with the ends of their ranges: one move with all keys. Weights have one move
        each, since they have a meaning only relative to one another. Empty if no range is stated.
    """

    name: str
    keys: tuple[str, ...]
    marks: tuple[str, ...]
    moves: tuple[dict[str, Range], ...]


@dataclass(frozen=True)
class Effect:
    """The effect of a number on an outcome.

    Attributes
    ----------
    number, outcome
        Their names; of the number as in `Number`.
    alone
        For a weight, the key that was moved alone; empty if all keys of the kind were moved together.
    low, high
        Ends of the range; for several numbers, the sums of their ends.
    at_low, at_high
        The mean of the outcome with the number at the low and the high end of its range; for a day, the mean of
        min(day, horizon).
    difference, ci_low, ci_high
        The mean at the high end less that at the low end, with its paired 95 % interval.
    elasticity
        Relative change of the outcome over relative change of the number, both relative to the middle of the two ends;
        NaN if a middle is zero, or if the ends lie on both sides of zero, as those of a trend do.
    spreads
        The difference in standard deviations of the outcome over replications; NaN if nothing varies.
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
        """Whether the interval excludes zero."""
        return self.ci_low > 0 or self.ci_high < 0


def is_number(spot: Spot | None) -> bool:
    """Whether this is the place of a number: one that may be uncertain, or a count."""
    return spot is not None and (spot.numeric is not None or spot.is_count)


def stated_range(spot: Spot, value: Any) -> Range | None:
    """Return the ends of a number's distribution; without one, the range that the schema suggests for it."""
    if isinstance(value, Distribution):
        low, high = extremes(value)
        return (low, high) if low < high else None
    low, high = spot.span or (math.nan, math.nan)
    return (low, high) if low <= value <= high else None


def numbers(file: ScenarioFile) -> list[Number]:
    """Return all numbers of a scenario that are not measured or have a range, grouped by kind."""
    kinds: dict[str, list[tuple[KeyPath, Range | None]]] = defaultdict(list)
    marks: dict[str, list[str]] = defaultdict(list)
    together = {key for joint in file.scenario.joint.values() for key in joint.keys}
    for path, value in values(file.scenario):
        spot, key = spot_at(path), dotted(path)
        if spot is None or not is_number(spot) or value is None or key in together:
            continue
        mark, ends = file.origins[key].mark or "assumed", stated_range(spot, value)
        if mark not in MEASURED or ends is not None:
            fixed_weight = is_weight(path) and not isinstance(value, Distribution)
            kinds[general(path)].append((path, _half_to_twice(value) if fixed_weight else ends))
            marks[general(path)].append(mark)
    return [Number(name, tuple(dotted(path) for path, _ in paths), tuple(dict.fromkeys(marks[name])), _moves(paths))
            for name, paths in kinds.items()]


def _half_to_twice(value: float) -> Range | None:
    """Return the ends between which a fixed weight is moved; neither file nor schema needs to state them."""
    return (value / 2, value * 2) if value > 0 else None


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
    """Move each number of a scenario from end to end, and return its effect on each main outcome.

    Parameters
    ----------
    path
        The scenario file.
    only
        Names of numbers, as in `Number`; all when left out.
    replications, seed
        Which replications are played at each end.
    clock
        The clock that plays them.
    progress
        Called with the name of each number before it is moved.
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
    """Return a number at one end of its range: a count as it is, any other number as a draw that always falls there.

    The checks of the scenario then cover the whole range, as usual. So a chance of 0 does not make it refuse something
    that waits for the event.
    """
    spot = spot_at(undotted(key))
    if spot is not None and spot.is_count:
        return int(ends[end])
    return {"dist": "discrete", "values": list(ends), "weights": [1 - end, end]}


def relative(low: float, high: float) -> float:
    """Return the change from one end to the other relative to their middle; NaN if they lie on both sides of zero."""
    middle = (low + high) / 2
    return (high - low) / middle if low * high >= 0 and middle != 0 else math.nan


def strongest(moves: list[dict[str, Effect]]) -> Iterator[Effect]:
    """Yield for each outcome the move of a number that changes it most."""
    for outcome in moves[0]:
        yield max((effects[outcome] for effects in moves), key=lambda effect: abs(effect.difference))
