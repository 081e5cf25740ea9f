"""A plain self-excited (Hawkes) process, which is what the rivals simulate: on this project's streams, and in C.

Thinning after Ogata (1981), with the same draws in both, so that they give the same events.
"""

import ctypes
import math
from functools import cache
from typing import Any

import numpy as np
from attack_loop import build
from numba import njit
from numpy.typing import NDArray
from rivals_inside import BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON

from sim.clocks.entropy import pool_of
from sim.clocks.generator import begin_streams, uniform
from sim.clocks.layout import KEY, STREAM_WORDS

SEED, STREAM = 1, 1 << 63
ROOM = 100_000  # events of a replication, at most


@njit(nogil=True)
def _play(background: float, branching_ratio: float, decay_days: float, horizon: float, rows: Any,
          heads: Any, at_once: Any, pool: Any, times: Any, events: Any) -> None:
    jump = branching_ratio / decay_days
    for replication in range(len(events)):
        begin_streams(rows, heads, at_once, pool, replication)
        count, now, excitation = 0, 0.0, 0.0
        while True:
            bound = background + excitation
            wait = -math.log1p(-uniform(rows, 0)) / bound
            now += wait
            if now >= horizon:
                break
            excitation *= math.exp(-wait / decay_days)
            if uniform(rows, 0) * bound >= background + excitation:
                continue
            times[count] = now
            count += 1
            excitation += jump
        events[replication] = count


@cache
def _room() -> tuple[Any, ...]:
    rows = np.zeros((2, STREAM_WORDS), np.uint64)
    rows[1, KEY] = STREAM
    return rows, np.array([0]), np.array([1]), pool_of(SEED), np.empty(ROOM)


def on_our_streams(replications: int) -> NDArray[np.float64]:
    """Return the number of events of each replication, played on one thread."""
    events = np.empty(replications)
    _play(BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON, *_room(), events)
    return events


def in_c(replications: int) -> NDArray[np.float64]:
    """The same in C."""
    times, events = np.empty(ROOM), np.empty(replications)
    pointer = ctypes.POINTER(ctypes.c_double)
    failure = build().hawkes(
        *map(ctypes.c_double, (BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON)), ctypes.c_uint32(SEED),
        ctypes.c_int64(replications), times.ctypes.data_as(pointer), ctypes.c_int64(ROOM),
        events.ctypes.data_as(pointer))
    assert not failure
    return events
