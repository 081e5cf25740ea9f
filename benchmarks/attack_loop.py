"""The attack process alone: the C program in attack_loop.c against the clocks, with the same bits.

python benchmarks/attack_loop.py [REPLICATIONS] [RUNS]

Without a C compiler there is the compiled clock alone.
"""

import ctypes
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from measure import MICRO, NANO, SEED, Ratio, Table, alternate, median, over, scaled, seconds_of, show, spread

from sim.clocks.compiled import CompiledClock
from sim.clocks.reference import play as play_reference
from sim.model.setup import Model, set_up
from sim.rules.state import BY_CONTAGION, TOLD_ATTACK
from sim.rules.streams import key
from sim.scenario.load import from_dict

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


@cache
def compiled_clock() -> CompiledClock:
    """Return the compiled clock, ready to play."""
    clock = CompiledClock(attack_model(), SEED, np.zeros((0, 3), np.int64))
    clock.play(0, np.zeros((1, 0)))
    return clock


def play_compiled(replications: int) -> None:
    """The same by the compiled clock, on one thread; no outcome is kept."""
    clock, played = compiled_clock(), 0
    while played < replications:
        played += clock.play(played, np.zeros((replications - played, 0)))[0]


def check() -> int:
    """Compare both C programs with the SimPy clock, bit by bit; return the attacks compared."""
    expected = play_simpy(CHECKED)
    for name in ("play", "play_short"):
        got = play_c(CHECKED, name=name)
        differing = [f"{name}, replication {replication}: {OUTPUTS[column]} {float(got[replication, column])!r}, "
                     f"SimPy clock {float(expected[replication, column])!r}"
                     for replication, column in np.argwhere(got != expected)]
        assert not differing, "\n".join(differing)
    return int(expected[:, 0].sum())


RULES, SHORT, COMPILED = "C, rule by rule", "C, with shortcuts", "compiled clock"


def tables(replications: int = 1000, runs: int = 9) -> list[Table]:
    works = {COMPILED: lambda: seconds_of(lambda: play_compiled(replications))}
    if build() is None:
        attacks, compared = float(play_simpy(CHECKED)[:, 0].mean()), 0
    else:
        attacks, compared = float(play_c(replications)[:, 0].mean()), check()
        works |= {RULES: lambda: seconds_of(lambda: play_c(replications)),
                  SHORT: lambda: seconds_of(lambda: play_c(replications, name="play_short"))}
    for work in works.values():
        work()
    times = alternate(works, runs)
    head = ("program", "µs a replication", "ns an attack", "of C, rule by rule")
    rows, ratios = [], []
    for name in (RULES, SHORT, COMPILED):
        if name not in times:
            rows.append((name, "no C compiler here", "", ""))
            continue
        of_c = over(times[name], times[RULES]) if RULES in times else []
        rows.append((name, spread(scaled(times[name], MICRO / replications)),
                     spread(scaled(times[name], NANO / replications / attacks)), spread(of_c) if of_c else ""))
        if of_c and name == COMPILED:
            ratios.append(Ratio("compiled clock, time over that of the same loop in C, attacks alone", of_c,
                                most=1.25))
    note = (f"The scenario has only attacks: {attacks:,.0f} a replication; {replications:,} replications on one "
            f"thread, {runs} runs. ")
    if ratios:
        note += (f"The compiled clock takes {median(ratios[0].values)} times as long as the same rules written in C, "
                 "with roster of processes and diary. The second C program takes shortcuts because it can do nothing "
                 f"else. Both C programs and the SimPy clock agree to the last bit in {CHECKED} replications with "
                 f"{compared:,} attacks.")
    return [Table("The attack loop against C, as the limit", note, head, rows, ratios)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
