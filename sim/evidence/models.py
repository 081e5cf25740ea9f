"""The models of the attack process that are compared: each says how likely a record is, given its parameters.

- Poisson: attacks come at a constant rate.
- Dated regimes: the rate has a level for low and for high tension, and truces and stop orders leave a share of it.
- Markov-modulated: the rate goes up and down between two levels at unobserved times.
- Negative binomial: the level of a constant rate, or of dated regimes, changes at random from week to week.
- Self-excited: attacks set off further attacks, on top of a constant rate or of dated regimes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sim.evidence.likelihood import Told, of_excited, of_scattered, of_switching
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.stretches import Regimes, Stretches, dated, steady

MOST_BRANCHING = 0.95
NEAR = 1e-3
"""A value that is closer to an end than this share of its range counts as being at the end."""
SHORTEST_DECAY, LONGEST_DECAY = 0.05, 365.0
"""In days, where attacks are at known times."""
SHORTEST_SHARE = 0.2
"""Shortest decay as a share of the median interval, where attacks are counted: a shorter one would look like none."""
BRANCHING_STARTS = (0.2, 0.6)
DECAY_STARTS = (1.0, 7.0, 30.0)
SCATTERED, SCATTERED_REGIMES = "negative_binomial", "overdispersed_regimes"
ON_REGIMES = ("regimes", SCATTERED_REGIMES, "self_excited_regimes")
"""Names of the models on dated regimes."""
LEAST_SCATTER, MOST_SCATTER = 1e-3, 100.0
"""Overdispersion of counts. At the least, the variance of a count of a hundred is a tenth above Poisson's."""
SCATTER_STARTS = (0.1, 1.0)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a model.

    Attributes
    ----------
    name, unit
        As in fit.json.
    low, high
        The range that is searched.
    by_factors
        Whether it is searched on a logarithmic scale.
    natural_ends
        Those of the two ends that are limits of the quantity itself (a share is at least 0), or the shortest value that
        the data can show. At any other end the search merely stops.
    """

    name: str
    unit: str
    low: float
    high: float
    by_factors: bool = True
    natural_ends: tuple[float, ...] = ()

    def stuck(self, value: float) -> bool:
        """Whether a value lies at an end where the search merely stopped."""
        return any(self.at(value, end) for end in (self.low, self.high) if end not in self.natural_ends)

    def at(self, value: float, end: float) -> bool:
        """Whether a value lies at an end, within the accuracy of the search."""
        if self.by_factors:
            return abs(math.log(value / end)) < NEAR * math.log(self.high / self.low)
        return abs(value - end) < NEAR * (self.high - self.low)


class Model(Protocol):
    """A model of attacks, independent of any record."""

    @property
    def name(self) -> str:
        """Its name in fit.json."""

    @property
    def label(self) -> str:
        """Its name for readers."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, in order."""

    def starts(self) -> list[Floats]:
        """Return the points at which the search for the best parameters starts."""

    def tell(self, record: AttackRecord, values: Floats) -> Told:
        """Return how likely a record is, and the same for each attack or interval."""


@dataclass(frozen=True)
class Excited:
    """A Poisson process over stretches of constant background, self-excited or not.

    Attributes
    ----------
    name, label
        Names.
    stretches
        The background.
    mean_rate
        Attacks per day in the record, at which the search starts.
    excited
        Whether attacks set off attacks.
    shortest
        Decay in days, at least.
    """

    name: str
    label: str
    stretches: Stretches
    mean_rate: float
    excited: bool
    shortest: float = SHORTEST_DECAY

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Rates of the levels, factors of the suppressions, and those of the excitation."""
        resolution = (self.shortest,) if self.shortest > SHORTEST_DECAY else ()
        excitation = [Parameter("branching_ratio", "ratio", 0.0, MOST_BRANCHING, False, (0.0,)),
                      Parameter("decay_days", "days", self.shortest, LONGEST_DECAY, natural_ends=resolution)]
        return (*_background(self.stretches, self.mean_rate), *(excitation if self.excited else []))

    def starts(self) -> list[Floats]:
        """Return the mean rate, less what excitation explains; half of it suppressed; and each pair of excitations."""
        levels, factors = len(self.stretches.levels), len(self.stretches.suppressions)
        calm = [np.array([self.mean_rate] * levels + [0.5] * factors)]
        if not self.excited:
            return calm
        return [np.array([self.mean_rate * (1 - branching)] * levels + [0.5] * factors + [branching, decay])
                for branching in BRANCHING_STARTS for decay in DECAY_STARTS]

    def split(self, values: Floats) -> tuple[Floats, Floats, float, float]:
        """Return base and factor of each stretch, branching ratio and decay."""
        levels, factors = len(self.stretches.levels), len(self.stretches.suppressions)
        base = self.stretches.base(values[:levels])
        factor = self.stretches.factor(values[levels : levels + factors])
        branching, decay = values[levels + factors :] if self.excited else (0.0, 1.0)
        return base, factor, float(branching), float(decay)

    def tell(self, record: AttackRecord, values: Floats) -> Told:
        """Return how likely a record is, and the same for each attack or interval."""
        return of_excited(record, np.minimum(self.stretches.edges, record.end),
                          *self.split(np.asarray(values, float)))


@dataclass(frozen=True)
class Scattered:
    """A Poisson process over stretches of constant background, whose level changes at random from week to week.

    Where a record has intervals longer than a day, the level changes from interval to interval.

    Attributes
    ----------
    name, label, stretches, mean_rate
        As for `Excited`.
    """

    name: str
    label: str
    stretches: Stretches
    mean_rate: float

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Rates of the levels, factors of the suppressions, and the overdispersion of counts."""
        return (*_background(self.stretches, self.mean_rate),
                Parameter("overdispersion", "ratio", LEAST_SCATTER, MOST_SCATTER, natural_ends=(LEAST_SCATTER,)))

    def starts(self) -> list[Floats]:
        """Return the mean rate, half of it suppressed, with little and with much scatter."""
        levels, factors = len(self.stretches.levels), len(self.stretches.suppressions)
        return [np.array([self.mean_rate] * levels + [0.5] * factors + [scatter]) for scatter in SCATTER_STARTS]

    def split(self, values: Floats) -> tuple[Floats, float]:
        """Return the rate of each stretch, in attacks per day, and the overdispersion."""
        levels = len(self.stretches.levels)
        return self.stretches.base(values[:levels]) * self.stretches.factor(values[levels:-1]), float(values[-1])

    def tell(self, record: AttackRecord, values: Floats) -> Told:
        """Return how likely a record is, and the same for each attack or interval."""
        return of_scattered(record, np.minimum(self.stretches.edges, record.end),
                            *self.split(np.asarray(values, float)))


def _background(stretches: Stretches, mean_rate: float) -> list[Parameter]:
    """Return the parameters of a background: rates of the levels, and factors of the suppressions."""
    return [*(Parameter(name, "attacks per day", 1e-4 * mean_rate, 100.0 * mean_rate) for name in stretches.levels),
            *(Parameter(f"factor_{name}", "ratio", 0.0, 1.0, False, (0.0, 1.0)) for name in stretches.suppressions)]


@dataclass(frozen=True)
class Switching:
    """A Poisson process whose rate switches between two levels at unobserved random times."""

    mean_rate: float
    days: float
    name: str = "markov_modulated"
    label: str = "Markov-modulated"

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The low rate, how much higher the high one is, and how long spells of each last on average."""
        return (Parameter("rate_low", "attacks per day", 1e-4 * self.mean_rate, 100.0 * self.mean_rate),
                Parameter("high_multiplier", "ratio", 1.0, 1000.0, natural_ends=(1.0,)),
                Parameter("mean_low_days", "days", 0.1, 10.0 * self.days),
                Parameter("mean_high_days", "days", 0.1, 10.0 * self.days))

    def starts(self) -> list[Floats]:
        """Return rates around the mean one, three or ten times apart, in spells of 3, 10 or 30 days."""
        return [np.array([2.0 * self.mean_rate / (1.0 + ratio), ratio, days, days])
                for ratio in (3.0, 10.0) for days in (3.0, 10.0, 30.0)]

    def tell(self, record: AttackRecord, values: Floats) -> Told:
        """Return how likely a record is, and the same for each attack or interval."""
        return of_switching(record, *self.rates(values))[0]

    @staticmethod
    def rates(values: Floats) -> tuple[float, float, float, float]:
        """Return attacks per day at low and at high rate, and the rates of going up and down, per day."""
        low, ratio, calm_days, hot_days = map(float, values)
        return low, low * ratio, 1.0 / calm_days, 1.0 / hot_days


def models_for(record: AttackRecord, regimes: Regimes | None, end: float | None = None, *, all_of_them: bool = False,
               ) -> Sequence[Model]:
    """Return the models to compare on a record; those on dated regimes only if the record contains any.

    Parameters
    ----------
    record
        The record to which they are fitted.
    regimes
        The dated regimes, if there are any.
    end
        Day up to which the models reach; the end of the record when left out.
    all_of_them
        Whether to return those on dated regimes in any case. If the record contains no regime, they are the same as
        those on a constant background.
    """
    rate = record.attacks / watched_days(record)
    same, shortest = steady(record, end), shortest_decay(record)
    models: list[Model] = [Excited("poisson", "Poisson", same, rate, False),
                           Scattered(SCATTERED, "Negative binomial", same, rate),
                           Switching(rate, record.end - record.begin),
                           Excited("self_excited", "Self-excited", same, rate, True, shortest)]
    stretches = dated(record, regimes or Regimes(), end)
    if all_of_them or len(stretches.levels) > 1 or stretches.suppressions:
        models[2:2] = [Excited("regimes", "Dated regimes", stretches, rate, False),
                       Scattered(SCATTERED_REGIMES, "Dated regimes with overdispersion", stretches, rate)]
        models.append(Excited("self_excited_regimes", "Self-excited on dated regimes", stretches, rate, True,
                              shortest))
    return models


def shortest_decay(record: AttackRecord) -> float:
    """Return the shortest decay that a record can show, in days."""
    if record.kind == "events":
        return SHORTEST_DECAY
    return max(SHORTEST_DECAY, SHORTEST_SHARE * float(np.median(record.ends - record.starts)))


def watched_days(record: AttackRecord) -> float:
    """Return how many days a record covers, gaps left out."""
    if record.kind == "counts":
        return float((record.ends - record.starts).sum())
    return record.end - record.begin - sum(end - begin for begin, end in record.gaps)
