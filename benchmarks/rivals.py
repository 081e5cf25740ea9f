"""Plain self-excited processes: libraries that simulate nothing else against C and the attack process of this model.

python benchmarks/rivals.py [FOLDER] [REPLICATIONS] [RUNS]

The libraries are installed in an environment of their own in FOLDER (a temporary one when left out), one by one; what
cannot be installed is skipped.
"""

import ctypes
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

BACKGROUND = 1.5  # events per day
BRANCHING_RATIO = 0.4
DECAY_DAYS = 7.0
HORIZON = 1418.0
REQUIREMENTS = Path(__file__).with_name("requirements-rivals.txt")
WARM_UP = 20
INSIDE = "inside"


class Timing(NamedTuple):
    seconds: float
    events: list[int]

    @property
    def nanoseconds(self) -> float:
        return 1e9 * self.seconds / sum(self.events)


Simulate = Callable[[int], Timing]


# Inside the rivals' environment: only their libraries may be imported here.


def hawkespylib() -> Callable[[int], int]:
    """Return a function that simulates with a seed and returns the number of events."""
    from HawkesPyLib.simulation import ExpHawkesProcessSimulation

    process = ExpHawkesProcessSimulation(BACKGROUND, BRANCHING_RATIO, DECAY_DAYS)
    return lambda seed: len(process.simulate(HORIZON, seed=seed))


def tick() -> Callable[[int], int]:
    """The same for tick; one object is used again and again, which is its fastest way."""
    from tick.hawkes import SimuHawkesExpKernels

    process = SimuHawkesExpKernels([[BRANCHING_RATIO]], 1.0 / DECAY_DAYS, baseline=[BACKGROUND], end_time=HORIZON,
                                   verbose=False)

    def simulate(seed: int) -> int:
        process.reset()
        process.seed = seed
        process.simulate()
        return process.n_total_jumps

    return simulate


RIVALS = {"HawkesPyLib": hawkespylib, "tick": tick}


def serve(name: str) -> None:
    """Answer each line, a number of replications, with seconds and numbers of events."""
    simulate = RIVALS[name]()
    for seed in range(1, WARM_UP + 1):
        simulate(seed)
    for line in sys.stdin:
        seeds = range(1, int(line) + 1)
        started = time.perf_counter()
        events = [simulate(seed) for seed in seeds]
        print(json.dumps([time.perf_counter() - started, events]), flush=True)


# Outside.


def environment(folder: Path) -> Path:
    """Return the Python of the environment in ``folder``, made when it is not there."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    return python


def install(python: Path) -> Iterator[str]:
    """Install the rivals; yield the names of those that are there."""
    for line in REQUIREMENTS.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name = line.split("==")[0]
        got = subprocess.run([python, "-m", "pip", "install", "--quiet", line], capture_output=True, text=True)
        if got.returncode:
            print(f"{line}: cannot be installed for Python {sys.version_info.major}.{sys.version_info.minor}, skipped")
            continue
        yield name


def rival(python: Path, name: str) -> Simulate | None:
    """Start a rival in its environment; return how to have it simulate, or None if it does not start."""
    complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process lives
    process = subprocess.Popen([python, __file__, INSIDE, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=complaints, text=True)  # ends with its input, that is, with this program
    requests, answers = process.stdin, process.stdout
    assert requests is not None
    assert answers is not None

    def simulate(replications: int) -> Timing:
        print(replications, file=requests, flush=True)
        return Timing(*json.loads(answers.readline()))

    try:
        simulate(1)
    except (OSError, ValueError):
        process.wait()
        complaints.seek(0)
        reason = (complaints.read().strip().splitlines() or ["no reason given"])[-1]
        print(f"{name}: installed but does not run, skipped ({reason})")
        return None
    return simulate


def hawkes_in_c(replications: int) -> Timing:
    """The plain process in C, by the same thinning as HawkesPyLib's."""
    import numpy as np
    from attack_loop import build

    times, events = np.empty(100_000), np.empty(replications)
    pointer = ctypes.POINTER(ctypes.c_double)
    started = time.perf_counter()
    failure = build().hawkes(
        *map(ctypes.c_double, (BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON)), ctypes.c_uint32(1),
        ctypes.c_int64(replications), times.ctypes.data_as(pointer), ctypes.c_int64(len(times)),
        events.ctypes.data_as(pointer))
    seconds = time.perf_counter() - started
    assert not failure
    return Timing(seconds, events.astype(int).tolist())


def attacks_in_c(replications: int, name: str = "play") -> Timing:
    """The attack process of a scenario with nothing else in it, in C."""
    from attack_loop import play_c

    started = time.perf_counter()
    out = play_c(replications, name=name)
    return Timing(time.perf_counter() - started, out[:, 0].astype(int).tolist())


def attacks_compiled(replications: int) -> Timing | None:
    """The same by the compiled clock; its time is plugged in at `attack_loop.time_compiled`."""
    from attack_loop import play_c, time_compiled

    seconds = time_compiled(replications)
    return None if seconds is None else Timing(seconds, play_c(replications)[:, 0].astype(int).tolist())


def ours() -> dict[str, Simulate]:
    from attack_loop import attack_model, build, time_compiled

    p = attack_model().parameters
    assert (p.theatre_attacks_per_day[0], p.attacks_branching_ratio, p.attacks_decay_days, p.horizon) == (
        BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON), "both sides simulate the same process"
    if build() is None:
        print("no C compiler: C is skipped")
        return {}
    both = {"C, plain thinning": hawkes_in_c, "attack process, C rule by rule": attacks_in_c,
            "attack process, C with shortcuts": lambda n: attacks_in_c(n, "play_short")}
    if time_compiled(1) is None:
        print("compiled clock: not plugged in")
        return both
    return both | {"attack process, compiled clock": attacks_compiled}


def mean_events() -> float:
    """Mean number of events of a process that begins with none: mu T / (1 - n), less what has not been set off yet."""
    rest = 1.0 - BRANCHING_RATIO
    missing = BRANCHING_RATIO * DECAY_DAYS / rest * (1.0 - math.exp(-rest * HORIZON / DECAY_DAYS))
    return BACKGROUND / rest * (HORIZON - missing)


def report(name: str, timings: list[Timing], fastest: float) -> None:
    each = [timing.nanoseconds for timing in timings]
    events = timings[0].events
    mean, error = statistics.mean(events), statistics.stdev(events) / math.sqrt(len(events))
    verdict = "fits" if abs(mean - mean_events()) < 4.0 * error else "DOES NOT FIT"
    middle = statistics.median(each)
    print(f"{name}: {middle:.1f} ns an event ({min(each):.1f}-{max(each):.1f}), {middle / fastest:.2f} times the "
          f"fastest; mean {mean:,.1f} +- {error:.1f} events, {verdict}")


def compare(folder: Path, replications: int, runs: int) -> None:
    simulators: dict[str, Simulate] = {}
    python = environment(folder)
    for name in install(python):
        started = rival(python, name)
        if started is not None:
            simulators[name] = started
    simulators = ours() | simulators
    timings: dict[str, list[Timing]] = {name: [] for name in simulators}
    for _ in range(runs):
        for name, simulate in simulators.items():
            timings[name].append(simulate(replications))
    print(f"{replications} replications of {HORIZON:.0f} days, mean {mean_events():,.1f} events expected; "
          f"median of {runs} alternating runs (fastest-slowest)")
    fastest = min(statistics.median(timing.nanoseconds for timing in each) for each in timings.values())
    for name, each in timings.items():
        report(name, each, fastest)


def main(folder: str = "", replications: str = "2000", runs: str = "7") -> None:
    if folder == INSIDE:
        serve(replications)
    elif folder:
        compare(Path(folder), int(replications), int(runs))
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            compare(Path(temporary), int(replications), int(runs))


if __name__ == "__main__":
    main(*sys.argv[1:])
