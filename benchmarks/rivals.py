"""Plain self-excited processes: libraries that simulate nothing else against this project's streams, C and the model.

python benchmarks/rivals.py [FOLDER] [REPLICATIONS] [RUNS]

The libraries are installed in an environment of their own in FOLDER (a temporary one when left out), one by one; what
cannot be installed is skipped.
"""

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

from attack_loop import attack_model, build, play_c, play_compiled
from hawkes import in_c, on_our_streams
from measure import Ratio, Table, Times, median, over, show, spread
from rivals_inside import BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON, RIVALS

REQUIREMENTS = Path(__file__).with_name("requirements-rivals.txt")
INSIDE = Path(__file__).with_name("rivals_inside.py")
OURS = "plain process on this project's streams, compiled"
GOALS = {"HawkesPyLib": 1.5, "tick": 2.0}


class Timing(NamedTuple):
    seconds: float
    events: list[int]

    @property
    def nanoseconds(self) -> float:
        return 1e9 * self.seconds / sum(self.events)


Simulate = Callable[[int], Timing]


def environment(folder: Path) -> Path:
    """Return the Python of the environment in ``folder``, made when it is not there."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
    return python


def install(python: Path) -> Iterator[tuple[str, str]]:
    """Install the rivals; yield their names and versions, and why one is not there."""
    for line in REQUIREMENTS.read_text().splitlines():
        if line and not line.startswith("#"):
            got = subprocess.run([python, "-m", "pip", "install", "--quiet", line], capture_output=True, text=True)
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            yield line, f"cannot be installed for Python {version} here, skipped" if got.returncode else ""


def rival(python: Path, name: str) -> Simulate | str:
    """Start a rival in its environment; return how to have it simulate, or why it does not."""
    complaints = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as the process lives
    process = subprocess.Popen([python, INSIDE, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
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
        return f"installed but does not run, skipped ({reason})"
    return simulate


def rivals(folder: Path) -> tuple[dict[str, Simulate], dict[str, str]]:
    """Return the rivals that simulate, and why the others do not."""
    simulators: dict[str, Simulate] = {}
    missing = {}
    python = environment(folder)
    for requirement, why in install(python):
        label = requirement.replace("==", " ")
        started = why or rival(python, requirement.split("==")[0])
        if isinstance(started, str):
            missing[label] = started
        else:
            simulators[label] = started
    return simulators, missing


def ours() -> dict[str, Simulate]:
    p = attack_model().parameters
    assert (p.theatre_attacks_per_day[0], p.attacks_branching_ratio, p.attacks_decay_days, p.horizon) == (
        BACKGROUND, BRANCHING_RATIO, DECAY_DAYS, HORIZON), "both sides simulate the same process"

    def timed(simulate: Callable[[int], object], events_of: Callable[[int], list[int]] | None = None) -> Simulate:
        def timing(replications: int) -> Timing:
            started = time.perf_counter()
            given = simulate(replications)
            seconds = time.perf_counter() - started
            return Timing(seconds, events_of(replications) if events_of else given.astype(int).tolist())

        return timing

    def attacks(replications: int) -> list[int]:
        return play_c(replications)[:, 0].astype(int).tolist()

    plain = {OURS: timed(on_our_streams)}
    if build() is None:  # which counts the attacks of the other rows, too
        return plain
    return plain | {"plain process in C, same events": timed(in_c),
                    "the model's attacks, compiled clock": timed(play_compiled, attacks),
                    "the model's attacks, C rule by rule": timed(play_c, attacks),
                    "the model's attacks, C with shortcuts": timed(lambda n: play_c(n, name="play_short"), attacks)}


def mean_events() -> float:
    """Mean number of events of a process that begins with none: mu T / (1 - n), less what has not been set off yet."""
    rest = 1.0 - BRANCHING_RATIO
    missing = BRANCHING_RATIO * DECAY_DAYS / rest * (1.0 - math.exp(-rest * HORIZON / DECAY_DAYS))
    return BACKGROUND / rest * (HORIZON - missing)


def bias(events: list[int]) -> str:
    """Say by how many standard errors the mean number of events is off the theory."""
    mean, error = statistics.mean(events), statistics.stdev(events) / math.sqrt(len(events))
    off = (mean - mean_events()) / error
    return f"{mean:,.1f} ({off:+.1f} s.e.{'' if abs(off) < 4 else ', DOES NOT FIT'})"


def compare(folder: Path, replications: int, runs: int) -> Table:
    others, missing = rivals(folder)
    simulators = ours() | others
    for simulate in simulators.values():
        simulate(1)
    timings: dict[str, list[Timing]] = {name: [] for name in simulators}
    for _ in range(runs):
        for name, simulate in simulators.items():
            timings[name].append(simulate(replications))
    if build() is not None:
        assert on_our_streams(replications).tolist() == in_c(replications).tolist(), "the same events as in C"
    each: dict[str, Times] = {name: [timing.nanoseconds for timing in got] for name, got in timings.items()}
    rows = [(name, spread(times), spread(over(times, each[OURS])), bias(timings[name][0].events))
            for name, times in each.items()]
    rows += [(name, why, "", "") for name, why in missing.items()]
    rows += [] if build() else [("in C", "no C compiler here", "", "")]
    ratios = [Ratio(f"{name}, time over that of the plain process on this project's streams", over(each[name],
              each[OURS]), least=GOALS[name.split()[0]]) for name in others]
    note = f"{replications:,} replications of {HORIZON:.0f} days on one thread, {runs} runs. " + "".join(
        f"{name} takes {median(ratio.values)} times as long as the same process on this project's streams. "
        for name, ratio in zip(others, ratios, strict=True))
    note += (f"Theory expects {mean_events():,.1f} events; the last column says how far each is from that, in standard "
             "errors. The model's attacks do more than a plain process: all scenarios share the same random points, so "
             "that schedules are compared under the same luck, and every attack has a place, a kind and consequences.")
    return Table("The attack process against HawkesPyLib and tick", note,
                 ("process", "ns an event", "times the plain process", "mean number of events"), rows, ratios)


def tables(replications: int = 2000, runs: int = 7, folder: str = "") -> list[Table]:
    assert {line.split("==")[0] for line in REQUIREMENTS.read_text().splitlines() if "==" in line} == set(RIVALS)
    if folder:
        return [compare(Path(folder), replications, runs)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        return [compare(Path(temporary), replications, runs)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[2:]), folder=sys.argv[1] if len(sys.argv) > 1 else ""))
