"""Likelihood of a self-excited process with an exponential kernel, from the times of attacks or from their counts.

Intensity = factor x (base + excitation), as in the model: every attack adds branching / decay to the excitation, which
decays exponentially. Base and factor are constant over stretches of time. Without excitation it is a Poisson process.

With known times the likelihood is exact and takes one pass (Ozaki 1979). With counts it is the sum over all times at
which the attacks of an interval may have happened. Count and excitation together are a Markov process, so that sum is
the solution of their forward equation. It is computed step by step on a grid of excitations: a filter, as for a hidden
Markov model. No times of attacks are invented.
"""

import math

import numpy as np

from sim.evidence.loops import Grid, compiled
from sim.evidence.record import Floats, Whole

FINENESS = 4
"""How many cells of excitation one attack adds, if the grid has room."""
CELLS = 240
"""Most cells in the grid, give or take a few."""
A_STEP = 0.4
"""About the most attacks expected in a time step."""
STEPS_OF_DECAY = 6.0
"""Fewest time steps in the mean time of decay."""
AT_ONCE = 6
"""Most attacks in one time step; the chance of more is added to that of this many."""
ROUNDING = 1e-9
"""A chance below this may be nothing but a rounding error."""
REGRID = 0.7
"""The grid shrinks with the excitation, so that decay moves nothing. At this size it is laid out again."""
LONG = 20.0
"""An interval this many times longer than clusters of attacks is taken to contain whole clusters."""
NEGLIGIBLE = 1e-14
"""Cells at the top of the grid with less chance than this are left out."""


@compiled
def of_times(
    times: Floats, edges: Floats, base: Floats, factor: Floats, branching: float, decay: float, risen: Floats
) -> float:
    """Return the log-likelihood of attacks at known times.

    Parameters
    ----------
    times
        Ascending, in days, within the stretches.
    edges, base, factor
        Of the stretches: n + 1, n and n numbers.
    branching, decay
        Mean number of attacks that an attack sets off; mean days until they come.
    risen
        Filled with the integral of the intensity from each attack to the next, the first counted from the beginning;
        one longer than ``times``, its last entry counted to the end.
    """
    excitation, now, total, i = 0.0, edges[0], 0.0, 0
    risen[:] = 0.0
    for k in range(len(base)):
        last = k == len(base) - 1
        while True:
            is_attack = i < len(times) and (times[i] < edges[k + 1] or last)
            upto = times[i] if is_attack else edges[k + 1]
            kept = math.exp((now - upto) / decay)
            risen[i] += factor[k] * (base[k] * (upto - now) + excitation * decay * (1.0 - kept))
            excitation *= kept
            now = upto
            if not is_attack:
                break
            intensity = factor[k] * (base[k] + excitation)
            if intensity <= 0.0:
                return -math.inf
            total += math.log(intensity)
            excitation += branching / decay
            i += 1
    return total - float(risen.sum())


def of_counts(
    starts: Floats, ends: Floats, counts: Whole, edges: Floats, base: Floats, factor: Floats, branching: float,
    decay: float, below: Floats, exactly: Floats,
) -> tuple[float, Floats, float]:
    """Return the log-likelihood of attacks counted over intervals.

    Attacks before the first interval and in gaps are unknown, so the process starts without excitation after them.

    Parameters
    ----------
    starts, ends, counts
        Of the intervals, in order.
    edges, base, factor, branching, decay
        As for `of_times`.
    below, exactly
        Filled with the chance of fewer attacks than counted, and of as many, given all intervals before.

    Returns
    -------
    log_likelihood : float
    chances : array, shape (cells,)
        Of excitation at the end of the last interval.
    cell : float
        Step of excitation from a cell to the next, in attacks per day.
    """
    jump = branching / decay
    highest = _highest(starts, ends, counts, jump, decay)
    cell = max(jump / FINENESS, highest / CELLS)
    p = np.zeros((counts.max() + 1, int(highest / cell / REGRID) + AT_ONCE * FINENESS + 3))
    p[0, 0] = 1.0
    total, size = _filter(starts, ends, counts, edges, base, factor, branching, decay, below, exactly, cell, p,
                          np.empty(p.shape[1]), np.empty((AT_ONCE + 1, p.shape[1])))
    return total, p[0], size


@compiled
def _highest(starts: Floats, ends: Floats, counts: Whole, jump: float, decay: float) -> float:
    """Return a bound on the excitation."""
    highest, bound = 0.0, 0.0
    for i in range(len(counts)):
        bound = _kept(starts, ends, i, decay) * bound + counts[i] * jump
        highest = max(highest, bound)
    return highest


@compiled
def _filter(
    starts: Floats, ends: Floats, counts: Whole, edges: Floats, base: Floats, factor: Floats, branching: float,
    decay: float, below: Floats, exactly: Floats, cell: float, p: Grid, spare: Floats, chances: Grid,
) -> tuple[float, float]:
    """Follow the chances ``p`` of count and excitation through the intervals; see `of_counts` and `_attack`."""
    jump = branching / decay
    total, scale, k = 0.0, 1.0, 0
    for i in range(len(counts)):
        n = counts[i]
        if i > 0 and starts[i] > ends[i - 1]:
            p[0, :] = 0.0
            p[0, 0] = 1.0
            scale = 1.0
        top, usual = 0, 0.0
        for j in range(p.shape[1]):
            usual += p[0, j] * j * cell * scale
            top = j if p[0, j] > 0.0 else top
        now = starts[i]
        while k < len(base) - 1 and edges[k + 1] <= now:
            k += 1
        undisturbed = k == len(base) - 1 or edges[k + 1] >= ends[i]
        if undisturbed and (ends[i] - now) * (1.0 - factor[k] * branching) > LONG * decay:
            below[i], exactly[i] = _whole_clusters(n, ends[i] - now, base[k], factor[k], branching, decay, usual)
            if exactly[i] <= 0.0:
                return -math.inf, cell
            total += math.log(exactly[i])
            p[0, :] = 0.0
            scale = 1.0
            p[0, min(int(branching * n / (ends[i] - now) / cell + 0.5), p.shape[1] - 1)] = 1.0
            continue
        while now < ends[i]:
            while k < len(base) - 1 and edges[k + 1] <= now:
                k += 1
            upto = min(ends[i], edges[k + 1]) if k < len(base) - 1 else ends[i]
            rate = max(factor[k] * (base[k] + usual + 2.0 * jump), n / (ends[i] - starts[i]))
            steps = int((upto - now) * max(rate / A_STEP, STEPS_OF_DECAY / decay)) + 1
            step = (upto - now) / steps
            kept = math.exp(-0.5 * step / decay)
            for _ in range(steps):
                scale *= kept
                top = min(top + int(AT_ONCE * jump / (cell * scale)) + 2, p.shape[1] - 1)
                _attack(p[: n + 1, : top + 1], spare[: top + 1], chances, step, factor[k] * base[k],
                        factor[k] * cell * scale, factor[k] * jump, jump / (cell * scale))
                scale *= kept
                if scale < REGRID:
                    _regrid(p[: n + 1, : top + 1], spare[: top + 1], scale)
                    scale = 1.0
                while top > 0 and _largest(p, n, top) < NEGLIGIBLE:
                    p[: n + 1, top] = 0.0
                    top -= 1
            now = upto
        exactly[i] = p[n, : top + 1].sum()
        below[i] = 0.0
        for m in range(n):
            for j in range(top + 1):
                below[i] += p[m, j]
        if exactly[i] <= 0.0:
            return -math.inf, cell
        total += math.log(exactly[i])
        for j in range(top + 1):
            p[0, j] = p[n, j] / exactly[i]
        p[1 : n + 1, : top + 1] = 0.0
    return total, cell * scale


def _largest(p: Floats, n: int, cell: int) -> float:
    """Return the largest chance in a cell, for counts up to n."""
    largest = 0.0
    for m in range(n + 1):
        largest = max(largest, p[m, cell])
    return largest


def _whole_clusters(
    n: int, days: float, base: float, factor: float, branching: float, decay: float, excitation: float
) -> tuple[float, float]:
    """Return the chances of fewer than n attacks, and of n, in a long time: a generalised Poisson distribution.

    That is the number of attacks in a Poisson number of whole clusters, each begun by one attack (Consul and Jain
    1973). Its mean is the exact one, which allows for the excitation at the beginning and for clusters cut off.
    """
    each = factor * branching
    settled = branching * factor * base / (1.0 - each)
    slowness = decay / (1.0 - each)
    gone = (excitation - settled) * slowness * (1.0 - math.exp(-days / slowness))
    begun = (factor * base * days + factor * (settled * days + gone)) * (1.0 - each)
    below, exactly = 0.0, math.exp(-begun)
    for m in range(1, n + 1):
        below += exactly
        exactly = math.exp(math.log(begun) + (m - 1) * math.log(begun + each * m) - begun - each * m
                           - math.lgamma(m + 1.0))
    return below, exactly


def _kept(starts: Floats, ends: Floats, i: int, decay: float) -> float:
    """Return the share of excitation left after an interval; none if there is a gap before it."""
    return 0.0 if i > 0 and starts[i] > ends[i - 1] else math.exp((starts[i] - ends[i]) / decay)


def _attack(
    p: Floats, spare: Floats, chances: Floats, step: float, lowest: float, slope: float, rise: float, jump: float
) -> None:
    """Let any number of attacks happen in a time step: the count rises, and so does the intensity.

    Without decay within the step their number is negative binomial, as in a pure birth process with immigration.

    Parameters
    ----------
    p
        Chances by count so far and cell of excitation.
    spare, chances
        Work space: for one row, and for a row for each number of attacks in a step.
    step
        In days.
    lowest, slope, rise
        Intensity in cell 0, from a cell to the next, and by an attack.
    jump
        Cells by which an attack raises excitation; what falls between two cells is divided between them.
    """
    cells = p.shape[1]
    none, less = math.exp(-step * lowest), math.exp(-step * slope)
    time = -math.expm1(-step * rise) / rise if rise > 0.0 else step  # effective time for offspring within the step
    for j in range(cells):
        chances[0, j] = none
        none *= less
    most = min(p.shape[0] - 1, AT_ONCE)
    for m in range(1, most + 1):
        for j in range(cells):
            chances[m, j] = chances[m - 1, j] * (lowest + slope * j + (m - 1) * rise) * (time / m)
    if most == AT_ONCE:
        for j in range(cells):
            rest = 1.0 - chances[:most, j].sum()
            if rest > ROUNDING:
                chances[most, j] = rest
    for n in range(p.shape[0] - 1, -1, -1):
        for j in range(cells):
            spare[j] = p[n, j] * chances[0, j]
        for m in range(1, min(n, most) + 1):
            cell = int(m * jump)
            upper = m * jump - cell
            before, chance, row = p[n - m], chances[m], spare[cell:]
            for j in range(cells - cell):
                row[j] += before[j] * chance[j] * (1.0 - upper)
            row = spare[cell + 1 :]
            for j in range(cells - cell - 1):
                row[j] += before[j] * chance[j] * upper
        for j in range(cells):
            p[n, j] = spare[j]


def _regrid(p: Floats, spare: Floats, scale: float) -> None:
    """Restore the grid to its first size; what falls between two cells is divided between them."""
    for n in range(p.shape[0]):
        spare[:] = 0.0
        for j in range(p.shape[1]):
            cell = int(j * scale)
            upper = j * scale - cell
            spare[cell] += p[n, j] * (1.0 - upper)
            if upper > 0.0:
                spare[cell + 1] += p[n, j] * upper
        for j in range(p.shape[1]):
            p[n, j] = spare[j]
