"""Times without attacks that the rest of a record rules out: either nobody counted, or something held attacks back.

The test asks how likely so long a time without attacks is under the process fitted to the rest of the record (on the
dated regimes if there are any, self-excited if that has the lower AIC). The chance is at most exp(-integral of the
background), whatever came before. The chance of such a run anywhere in the record is at most that times the number of
positions for it. Dated truces and stop orders count as if no attack could happen in them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.evidence.cut import day_of
from sim.evidence.errors import DataError
from sim.evidence.fit import fit
from sim.evidence.gaps import mask
from sim.evidence.models import Excited, shortest_decay, watched_days
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes, Stretches, dated, steady
from sim.play.choice import Say

FEWEST = 5
"""With fewer attacks, or fewer observations, nothing is fitted to the rest."""
UNLIKELY = 1e-4
"""Upper bound of the chance that a true record is doubted, if the parameters are known."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Quiet:
    """Times without an attack that the rest of the record rules out.

    Attributes
    ----------
    spans
        First day, last day and chance of each.
    branching_ratio
        Of the self-excited process fitted to the rest.
    """

    spans: tuple[tuple[float, float, float], ...]
    branching_ratio: float

    def warning(self, record: AttackRecord) -> str:
        """Return the warning for the user."""
        dates = [(day_of(record, begin), day_of(record, end - 1e-9)) for begin, end, _ in self.spans]
        told = [f"from {first} to {last} ({end - begin:.0f} days; the chance of that is {_odds(chance)})"
                for (first, last), (begin, end, chance) in zip(dates, self.spans, strict=True)]
        lines = ", ".join(f'"{first},{last}"' for first, last in dates)
        return (f"The record has no attack {' and none '.join(told)}. The rest of the record all but rules that out, "
                "so either nobody counted, or something ended or held attacks back. If nobody counted, mark the time "
                f"with --gaps FILE, a CSV file with the header begin,end (a line for each: {lines}): the branching "
                f"ratio is then {self.branching_ratio:.2f}. If a truce held, date it in the file of --regimes. If the "
                "zeros are true, say so with a --gaps file that has only the header.")


def _odds(chance: float) -> str:
    return "below 1 in a billion" if chance < 1e-9 else f"1 in {1.0 / chance:,.0f} at most"


def doubt(record: AttackRecord, regimes: Regimes | None, say: Say, affirmed: tuple[bool, bool] = (False, False),
          ) -> Quiet | None:
    """Return the times without an attack that the rest of a record rules out; None if there are none.

    Parameters
    ----------
    record
        The record.
    regimes
        Dated regimes, if there are any.
    say
        Called with a line if some of the record has to be left out for the test.
    affirmed
        Whether the user said when watching began, and when it ended; time without attacks at that end is then true.
    """
    stretches = dated(record, regimes) if regimes is not None else steady(record)
    runs = [run for run in _runs(record) if not (affirmed[0] and run[0] <= record.begin)
            and not (affirmed[1] and run[1] >= record.end)]
    suspects: list[Span] = []
    while True:  # runs that a Poisson process rules out, given the record without the other runs
        rates = _mean_rates(_without(record, suspects) or record, stretches)
        more = {run for run in runs if _chance(record, run, stretches, rates) < UNLIKELY}
        if more <= set(suspects):
            break
        suspects = sorted(more.union(suspects))
    if suspects:
        say("Looking at times without attacks that the rest of the record may rule out")
    while suspects and (rest := _without(record, suspects)) is not None and _enough(rest):
        background = dated(rest, regimes) if regimes is not None else steady(rest)
        rate = rest.attacks / watched_days(rest)
        poisson_fit, excited_fit = (fit(Excited("", "", background, rate, excited, shortest_decay(rest)), rest)
                                    for excited in (False, True))
        best = min(poisson_fit, excited_fit, key=lambda each: each.aic)
        rates = {level: float(best.value(level) or 0.0) for level in background.levels}
        chances = {run: _chance(record, run, stretches, rates) for run in suspects}
        doubted = [run for run in suspects if chances[run] < UNLIKELY]
        if doubted == suspects:
            branching_ratio = float(excited_fit.value("branching_ratio") or 0.0)
            return Quiet(tuple((*run, chances[run]) for run in suspects), branching_ratio)
        suspects = doubted
    return None


def _enough(record: AttackRecord) -> bool:
    return min(record.attacks, len(record.times) + len(record.counts)) >= FEWEST


def _runs(record: AttackRecord) -> Iterator[Span]:
    """Yield the times without attacks, in whole days."""
    if record.kind == "events":
        for begin, end in record.spans:
            inside = record.times[(record.times >= begin) & (record.times < end)]
            for a, b in pairwise([begin, *inside.tolist(), end]):
                if math.ceil(a) < math.floor(b):
                    yield float(math.ceil(a)), float(math.floor(b))
        return
    edges = np.flatnonzero((record.counts[1:] > 0) | (record.counts[:-1] > 0) | (record.starts[1:] > record.ends[:-1]))
    for first, last in pairwise([0, *(edges + 1).tolist(), len(record.counts)]):
        if record.counts[first] == 0:
            yield float(record.starts[first]), float(record.ends[last - 1])


def _without(record: AttackRecord, runs: list[Span]) -> AttackRecord | None:
    """Return a record without some of its time; None if nothing is left."""
    if not runs:
        return record
    try:
        return mask(record, [(day_of(record, begin), day_of(record, end - 1e-9)) for begin, end in runs])
    except DataError:
        return None


def _mean_rates(rest: AttackRecord, stretches: Stretches) -> dict[str, float]:
    """Return attacks per day at each level, in time without suppression."""
    days = dict.fromkeys(stretches.levels, 0.0)
    attacks = dict.fromkeys(stretches.levels, 0.0)
    begins, ends = np.array(rest.spans).T
    for level, low, high in _free(stretches):
        common = np.clip(np.minimum(ends, high) - np.maximum(begins, low), 0.0, None)
        days[level] += float(common.sum())
        attacks[level] += float(((rest.times >= low) & (rest.times < high)).sum() if rest.kind == "events" else
                                (rest.counts * common / (ends - begins)).sum())
    return {level: attacks[level] / days[level] if days[level] > 0.0 else 0.0 for level in days}


def _free(stretches: Stretches) -> Iterator[tuple[str, float, float]]:
    """Yield the level, the beginning and the end of each stretch without suppression."""
    for k, (low, high) in enumerate(pairwise(stretches.edges.tolist())):
        if not stretches.covers[k].any():
            yield stretches.levels[stretches.level[k]], low, high


def _chance(record: AttackRecord, run: Span, stretches: Stretches, rates: dict[str, float]) -> float:
    """Return the chance (or an upper bound) of so long a time without attacks anywhere in a record."""
    expected = sum(rates.get(level, 0.0) * max(0.0, min(run[1], high) - max(run[0], low))
                   for level, low, high in _free(stretches))
    return (record.end - record.begin) / (run[1] - run[0]) * math.exp(-expected)
