"""What the record of attacks says about trends, and the priors of the shipped scenarios that follow from it.

Observers count different things, so levels are compared only within a series: each series has its own level, and all
have one trend. The trend is fitted to the logarithms of the counts a day by least squares. That neighbouring series
count some of the same attacks, and that one year resembles the next, is not allowed for, so its error is too small;
the priors are wider than it for this reason too.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from sim.evidence.conduct import Attacks, isis_attacks
from sim.evidence.drawdowns import DATA
from sim.evidence.read import read

DAYS_PER_YEAR = 365.25
SWING = 0.3
"""How far the trend of some years lies from none, and from that of the years before (a standard deviation, in log units
a year): assumed. A trend of that size makes 4.5 times as many attacks, or as few, in five years."""
EFFECT = 0.6
"""How far the logarithm of the threat is believed to rise or fall if all enablers leave (a standard deviation), before
looking at any record: assumed. It is a factor of 1.8 either way."""
STAYED = 2500 / 5200
"""Share of the US force in Iraq that stayed from January 2021 on; the rest left in 2020."""


@dataclass(frozen=True)
class Trend:
    """The common trend of some series.

    Attributes
    ----------
    per_year, error
        Change a year of the logarithm, and its standard error.
    scatter
        Standard deviation of a count's logarithm around the line of its series.
    counts, series
        How many counts and series it rests on; a series with one count says nothing.
    """

    per_year: float
    error: float
    scatter: float
    counts: int
    series: int


@dataclass(frozen=True)
class Prior:
    """A prior for a number of a scenario: normal, or lognormal if it is about a logarithm.

    Attributes
    ----------
    middle
        Its mean, or its median if it is lognormal.
    spread
        Its standard deviation, or that of its logarithm.
    """

    middle: float
    spread: float


def coalition_attacks() -> tuple[Attacks, ...]:
    """Return the attacks on the coalition in the quieter years, as counts of one series."""
    record = read(DATA / "attacks_2020_2023.csv")
    day = record.first_day.toordinal()
    return tuple(Attacks("reported", "Iraq and Syria", date.fromordinal(day + int(begin)),
                         date.fromordinal(day + int(end) - 1), int(count), "read", (), "")
                 for begin, end, count in zip(record.starts, record.ends, record.counts, strict=True))


def known_on(day: date, attacks: Iterable[Attacks]) -> list[Attacks]:
    """Return the counts that had ended by a day."""
    return [one for one in attacks if one.end < day]


def line(attacks: Sequence[Attacks]) -> float:
    """Return the slope of the line through the logarithms of one series, a year."""
    time = _centred([_middle(one) for one in attacks])
    return float(time @ _centred([_log_rate(one) for one in attacks]) / (time @ time))


def trend(attacks: Iterable[Attacks]) -> Trend:
    """Fit the common trend of the series."""
    by_series = [list(group) for _, group in groupby(sorted(attacks, key=_series), _series)]
    several = [group for group in by_series if len(group) > 1]
    time = np.concatenate([_centred([_middle(one) for one in group]) for group in several])
    level = np.concatenate([_centred([_log_rate(one) for one in group]) for group in several])
    per_year = float(time @ level / (time @ time))
    scatter = math.sqrt(float(np.sum((level - per_year * time) ** 2)) / (time.size - len(several) - 1))
    return Trend(per_year, scatter / math.sqrt(float(time @ time)), scatter, time.size, len(several))


def ahead(past: Trend) -> Prior:
    """Return the trend of the years to come: the past one, shrunk towards none.

    Before looking at the past, the coming trend is normal around 0 with sd `SWING`. The past trend measures it with
    its own error and with the swing from some years to the next.
    """
    share = SWING**2 / (2 * SWING**2 + past.error**2)
    return Prior(share * past.per_year, SWING * math.sqrt(1 - share))


def rests_today(past: Trend, persistence: float = 0.97, tick_days: float = 7.0) -> Prior:
    """Return where the threat would come to rest with today's presence, as a share of what it is today.

    An index that follows a moving level lags behind it by its mean memory. A last count says no more exactly where it
    is today than it scatters.
    """
    memory = tick_days / (1.0 - persistence) / DAYS_PER_YEAR
    return Prior(math.exp(ahead(past).middle * memory), past.scatter)


def halving(attacks: Iterable[Attacks], past: Trend) -> Prior:
    """Return what the departure of all enablers does to the logarithm of the threat, by the halving in Iraq in 2020.

    The counts of the same observer for the years before and after it, less the trend, for the share that left. The
    trend is that of the same years, so whatever the halving did to it is not seen.
    """
    same = [one for one in attacks if (one.series, one.area) == ("CTC", "Iraq")]
    before = [one for one in same if one.end.year < 2020]
    after = [one for one in same if one.begin.year > 2020]
    years = _mean(map(_middle, after)) - _mean(map(_middle, before))
    change = _mean(map(_log_rate, after)) - _mean(map(_log_rate, before)) - past.per_year * years
    error = past.scatter * math.sqrt(1 / len(before) + 1 / len(after))
    return Prior(change / (1 - STAYED), error / (1 - STAYED))


def rests_without(attacks: Sequence[Attacks], past: Trend) -> Prior:
    """Return where the threat would come to rest with nobody left, as a share of what it is today.

    The effect of all enablers is normal around 0 with sd `EFFECT` before looking at the record, which then says what
    `halving` says.
    """
    seen, today = halving(attacks, past), rests_today(past)
    share = EFFECT**2 / (EFFECT**2 + seen.spread**2)
    spread = math.hypot(today.spread, EFFECT * math.sqrt(1 - share))
    return Prior(today.middle * math.exp(share * seen.middle), spread)


def of_isis(until: date) -> tuple[list[Attacks], Trend]:
    """Return the counts of ISIS attacks that had ended by a day, and their trend."""
    attacks = known_on(until, isis_attacks())
    return attacks, trend(attacks)


def _series(one: Attacks) -> tuple[str, str]:
    return one.series, one.area


def _middle(one: Attacks) -> float:
    """Return the middle of the time of a count, in years."""
    return (one.begin.toordinal() + one.end.toordinal() + 1) / 2 / DAYS_PER_YEAR


def _log_rate(one: Attacks) -> float:
    return math.log(one.attacks / ((one.end - one.begin).days + 1))


def _centred(values: list[float]) -> np.ndarray:
    return np.array(values) - _mean(values)


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
