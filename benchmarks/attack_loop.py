"""The attack process alone: the C program in attack_loop.c against the clocks, with the same bits.

python benchmarks/attack_loop.py [REPLICATIONS] [RUNS]

Needs a C compiler; says so and does nothing without one.
"""

import ctypes
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from sim.clocks.compiled import CompiledClock
from sim.clocks.reference import play as play_reference
from sim.rules.setup import Model, set_up
from sim.rules.state import BY_CONTAGION, TOLD_ATTACK
from sim.rules.streams import key
from sim.scenario.load import from_dict

SEED = 1
CHECKED = 20
SOURCE = Path(__file__).with_suffix(".c")
FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
OUTPUTS = ("attacks", "sum of their times", "expected killed", "attacks by contagion",
           "excitation after the last")
FAILURES = {1: "an attack harmed somebody", 2: "attacks became too frequent"}

SCENARIO = {
    "title": "Attack process alone",
    "question": "How fast is the attack process?",
    "start": date(2024, 2, 12),
    "end": date(2027, 12, 30),
    "theatres": {"only": {"troops": 2500, "attacks_per_day": 1.5, "sites": {"only": {}}}},
    "attacks": {"branching_ratio": 0.4, "decay_days": 7.0},
    # Almost none gets through: nobody is harmed, and the expected killed are a sum of small numbers, not of zeros.
    "attack_kinds": {"drone": {"weight": 60, "gets_through": 1e-12}, "rocket": {"weight": 40, "gets_through": 1e-12}},
}


@cache
def attack_model() -> Model:
    return set_up(from_dict(SCENARIO, "attack_loop").scenario)


class Parameters(ctypes.Structure):
    """As in attack_loop.c."""

    _fields_ = (
        *((name, ctypes.c_double) for name in (
            "horizon", "attacks_per_day", "elasticity", "branching_ratio", "decay_days", "harm_chance", "fatal_chance",
            "severity_exponent", "strike_chance", "delay_days", "delay_spread", "target_weight")),
        *((name, ctypes.c_int64) for name in ("troops", "kinds", "has_response")),
        ("kind_weight", ctypes.c_double * 8),
        ("kind_gets_through", ctypes.c_double * 8),
        ("quarter_end", ctypes.c_double * 64),
    )


def parameters_for_c(model: Model) -> Parameters:
    p = model.parameters
    return Parameters(
        p.horizon, p.theatre_attacks_per_day[0], p.attacks_elasticity, p.attacks_branching_ratio, p.attacks_decay_days,
        p.casualties_harm_chance, p.casualties_fatal_chance, p.casualties_severity_exponent,
        p.response_chance_after_attack, p.response_delay_days, p.response_delay_spread, p.site_target_weight[0],
        int(p.theatre_troops[0]), p.kinds, p.has_response,
        (ctypes.c_double * 8)(*p.kind_weight), (ctypes.c_double * 8)(*p.kind_gets_through),
        (ctypes.c_double * 64)(*p.quarter_end))


@cache
def build() -> ctypes.CDLL | None:
    """Compile the C program, or return None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    library = Path(folder.name, "attack_loop.so")
    subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.folder = folder  # lives as long as the library
    return loaded


def play_c(replications: int, first: int = 0, seed: int = SEED, name: str = "play") -> np.ndarray:
    """Play in C; return `OUTPUTS` of each replication as rows."""
    library = build()
    assert library is not None, "no C compiler"
    model = attack_model()
    words = [seed >> 32 * i & 0xFFFFFFFF for i in range(max(1, (seed.bit_length() + 31) // 32))]
    keys = [key(model.streams.prefix + model.streams.names[field][0]) for field in ("attack_times", "attack_outcomes")]
    out = np.empty((replications, len(OUTPUTS)))
    failure = getattr(library, name)(
        ctypes.byref(parameters_for_c(model)), (ctypes.c_uint32 * len(words))(*words), ctypes.c_int(len(words)),
        (ctypes.c_uint64 * 2)(*keys), ctypes.c_uint64(first), ctypes.c_int64(replications),
        out.ctypes.data_as(ctypes.POINTER(ctypes.c_double)))
    if failure:
        raise RuntimeError(FAILURES[failure])
    return out


def play_simpy(replications: int, first: int = 0, seed: int = SEED) -> np.ndarray:
    """The same by the SimPy clock."""
    rows = []
    for replication in range(first, first + replications):
        state, _, records = play_reference(attack_model(), seed, replication)
        times = 0.0
        for record in records:
            if record.what == TOLD_ATTACK:
                times += record.time
        rows.append((state.attacks[0], times, state.expected_killed[0], state.attacks_by_driver[BY_CONTAGION],
                     state.excitation[0]))
    return np.array(rows, dtype=float)


def time_c(replications: int, name: str = "play") -> float:
    """Seconds that C takes."""
    started = time.perf_counter()
    play_c(replications, name=name)
    return time.perf_counter() - started


@cache
def compiled_clock() -> CompiledClock:
    """Return the compiled clock, ready to play."""
    clock = CompiledClock(attack_model(), SEED, np.zeros((0, 3), np.int64))
    clock.play(0, np.zeros((1, 0)))
    return clock


def time_compiled(replications: int) -> float:
    """Seconds that the compiled clock takes, on one thread and without compiling."""
    clock, played = compiled_clock(), 0
    started = time.perf_counter()
    while played < replications:
        played += clock.play(played, np.zeros((replications - played, 0)))[0]
    return time.perf_counter() - started


def check() -> bool:
    """Compare both C programs with the SimPy clock, bit by bit; say what differs."""
    expected = play_simpy(CHECKED)
    same = True
    for name in ("play", "play_short"):
        got = play_c(CHECKED, name=name)
        for replication, column in np.argwhere(got != expected):
            print(f"{name}, replication {replication}: {OUTPUTS[column]} {float(got[replication, column])!r}, "
                  f"SimPy clock {float(expected[replication, column])!r}")
        same = same and np.array_equal(got, expected)
    if same:
        print(f"OK: the SimPy clock and both C programs agree to the last bit in {CHECKED} replications, "
              f"{int(expected[:, 0].sum()):,} attacks")
    return same


def alternate(works: dict[str, Callable[[], float | None]], runs: int) -> dict[str, list[float]]:
    """Time all in turn, so that a busy machine slows them alike; leave out what has no time."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            seconds = work()
            if seconds is not None:
                times[name].append(seconds)
    return {name: seconds for name, seconds in times.items() if seconds}


def main(replications: str = "1000", runs: str = "9") -> None:
    if build() is None:
        print("no C compiler: nothing to measure against")
        return
    if not check():
        raise SystemExit(1)
    n = int(replications)
    attacks = float(play_c(n)[:, 0].mean())
    print(f"{n} replications of {attacks:,.0f} attacks; median of {runs} alternating runs (fastest-slowest)")
    times = alternate({
        "C, rule by rule": lambda: time_c(n),
        "C, with shortcuts": lambda: time_c(n, "play_short"),
        "compiled clock": lambda: time_compiled(n),
    }, int(runs))
    limit = times["C, rule by rule"]
    for name, seconds in times.items():
        micro = [1e6 * second / n for second in seconds]
        ratio = statistics.median(one / other for one, other in zip(seconds, limit, strict=True))
        print(f"{name}: {statistics.median(micro):.0f} us a replication ({min(micro):.0f}-{max(micro):.0f}), "
              f"{1000 * statistics.median(micro) / attacks:.0f} ns an attack, {ratio:.2f} of C rule by rule")


if __name__ == "__main__":
    main(*sys.argv[1:])
