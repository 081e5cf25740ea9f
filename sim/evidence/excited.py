"""Likelihood of a self-excited process with an exponential kernel, from the times of attacks or from their counts.

Intensity = factor x (base + excitation), as in the model: every attack adds branching / decay to the excitation, which
decays exponentially. Base and factor are constant over stretches of time. Without excitation it is a Poisson process.

From times the likelihood is exact and takes one pass (Ozaki 1979). From counts it is the sum over all times at which
the attacks of an interval may have happened. Since count and excitation together are a Markov process, that sum is the
solution of their forward equation, which is followed step by step on a grid of excitations: a filter, as for a hidden
Markov model. No time of an attack is ever made up.
"""

import math

import numpy as np
from numba import njit

from sim.evidence.record import Floats, Whole

FINENESS = 4
"""Cells of excitation that one attack adds, if the grid has room."""
CELLS = 240
"""Cells at most, or a few more."""
A_STEP = 0.4
"""Attacks expected in a time step, about, at most."""
STEPS_OF_DECAY = 6.0
"""Time steps in the mean time of decay, at least."""
AT_ONCE = 4
"""Attacks in one time step, at most."""
REGRID = 0.7
"""The grid shrinks with the excitation, so that decay moves nothing; it is laid anew when it is as small as this."""
NEGLIGIBLE = 1e-14
"""A cell with less chance than this at the top of the grid is left out, and so are attacks at once with less."""


@njit(nogil=True, cache=True, error_model="numpy")
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
    return total - risen.sum()


@njit(nogil=True, cache=True, error_model="numpy")
def of_counts(
    starts: Floats, ends: Floats, counts: Whole, edges: Floats, base: Floats, factor: Floats, branching: float,
    decay: float, below: Floats, exactly: Floats,
) -> tuple[float, Floats, float]:
    """Return the log-likelihood of attacks counted over intervals.

    Nothing is known of attacks before the first interval and in gaps, so the process starts without excitation there.

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
    highest, bound = 0.0, 0.0
    for i in range(len(counts)):
        bound = _kept(starts, ends, i, decay) * bound + counts[i] * jump
        highest = max(highest, bound)
    cell = max(jump / FINENESS, highest / CELLS)
    p = np.zeros((counts.max() + 1, int(highest / cell / REGRID) + AT_ONCE * FINENESS + 3))
    spare = np.empty(p.shape[1])
    p[0, 0] = 1.0
    total, bound, scale, k = 0.0, 0.0, 1.0, 0
    for i in range(len(counts)):
        n = counts[i]
        if i > 0 and starts[i] > ends[i - 1]:
            p[0, :] = 0.0
            p[0, 0] = 1.0
            bound, scale = 0.0, 1.0
        top, usual = 0, 0.0
        for j in range(p.shape[1]):
            usual += p[0, j] * j * cell * scale
            top = j if p[0, j] > 0.0 else top
        now = starts[i]
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
                _attack(p[: n + 1, : top + 1], spare[: top + 1], step, factor[k] * base[k], factor[k] * cell * scale,
                        factor[k] * jump, jump / (cell * scale))
                scale *= kept
                if scale < REGRID:
                    _regrid(p[: n + 1, : top + 1], spare[: top + 1], scale)
                    scale = 1.0
                while top > 0 and p[: n + 1, top].max() < NEGLIGIBLE:
                    p[: n + 1, top] = 0.0
                    top -= 1
            now = upto
        exactly[i] = p[n, : top + 1].sum()
        below[i] = p[:n, : top + 1].sum()
        if exactly[i] <= 0.0:
            return -math.inf, p[0], cell
        total += math.log(exactly[i])
        p[0, : top + 1] = p[n, : top + 1] / exactly[i]
        p[1 : n + 1, : top + 1] = 0.0
        bound = _kept(starts, ends, i, decay) * bound + n * jump
    return total, p[0], cell * scale


@njit(nogil=True, cache=True, error_model="numpy")
def _kept(starts: Floats, ends: Floats, i: int, decay: float) -> float:
    """Return what is left of excitation over an interval; nothing if there is a gap before it."""
    return 0.0 if i > 0 and starts[i] > ends[i - 1] else math.exp((starts[i] - ends[i]) / decay)


@njit(nogil=True, cache=True, error_model="numpy")
def _attack(
    p: Floats, spare: Floats, step: float, lowest: float, slope: float, rise: float, jump: float
) -> None:
    """Let none, one or several attacks happen in a time step: the count rises, and the intensity.

    Parameters
    ----------
    p
        Chances by count so far and cell of excitation.
    spare
        Room for a row of them.
    step
        In days.
    lowest, slope, rise
        Intensity in cell 0, from a cell to the next, and by an attack.
    jump
        Cells by which an attack raises excitation; what lands between two cells is shared between them.
    """
    cells = p.shape[1]
    for n in range(p.shape[0] - 1, -1, -1):
        none, less = math.exp(-step * lowest), math.exp(-step * slope)
        for j in range(cells):
            spare[j] = p[n, j] * none
            none *= less
        for m in range(1, min(n, AT_ONCE) + 1):
            cell = int(m * jump)
            upper = m * jump - cell
            chance = math.exp(-step * (lowest + 0.5 * m * rise))
            highest = (lowest + slope * cells + m * rise) * step
            if highest**m < NEGLIGIBLE:
                break
            for j in range(cells - cell - 1):
                several = chance
                for earlier in range(m):
                    several *= (lowest + slope * j + earlier * rise) * step / (earlier + 1)
                chance *= less
                moved = p[n - m, j] * several
                spare[j + cell] += moved * (1.0 - upper)
                spare[j + cell + 1] += moved * upper
        p[n, :] = spare


@njit(nogil=True, cache=True, error_model="numpy")
def _regrid(p: Floats, spare: Floats, scale: float) -> None:
    """Lay the grid anew in its first size; what comes between two cells is shared between them."""
    for n in range(p.shape[0]):
        spare[:] = 0.0
        for j in range(p.shape[1]):
            cell = int(j * scale)
            upper = j * scale - cell
            spare[cell] += p[n, j] * (1.0 - upper)
            if upper > 0.0:
                spare[cell + 1] += p[n, j] * upper
        p[n, :] = spare
