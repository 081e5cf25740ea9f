"""How long a user waits for the whole command, and for the first one after installing.

python benchmarks/command.py [REPLICATIONS] [RUNS]
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure import Finished, Ratio, Table, Times, alternate, command, median, over, show, spread

SCENARIO = "scenarios/gradual.toml"
IMPORT, HELP, CHECK = "python -c \"import numpy, llvmlite.binding\"", "sim --help", f"sim check {SCENARIO}"
RUN, DRAWN = "sim run, no figures", "sim run, with figures"
FIRST, LATER = "the first", "later ones"


class Run(NamedTuple):
    """A run of the command: what it took, and the part of it that playing took."""

    finished: Finished
    playing: float = 0.0
    clock: str = ""


def run(replications: int, *options: str, cold: bool = False) -> Run:
    """Run the scenario into a temporary folder, with an empty folder for compiled programs if it is to be cold."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        finished = command("-m", "sim", "run", SCENARIO, "--quiet", "--replications", str(replications), "--out",
                           str(out), *options, cache=Path(folder, "cache") if cold else None)
        told = json.loads((out / "run.json").read_text(encoding="utf-8"))
        return Run(finished, told["seconds"]["simulation"], told["clock"])


def measured(replications: int, runs: int) -> dict[str, list[Run]]:
    warm: dict[str, Callable[[], Run]] = {
        IMPORT: lambda: Run(command("-c", "import numpy, llvmlite.binding")),
        HELP: lambda: Run(command("-m", "sim", "--help")),
        CHECK: lambda: Run(command("-m", "sim", "check", SCENARIO)),
        RUN: lambda: run(replications, "--no-figures", "--clock", "compiled"),
        DRAWN: lambda: run(replications, "--clock", "compiled"),
    }
    for work in warm.values():
        work()
    got: dict[str, list[Run]] = {name: [] for name in warm}
    for _ in range(runs):
        for name, work in warm.items():
            got[name].append(work())
    return got


def whole_command(replications: int, runs: int) -> Table:
    got = measured(replications, runs)
    whole = {name: [run.finished.seconds for run in each] for name, each in got.items()}
    rest = {name: [run.finished.seconds - run.playing for run in each] for name, each in got.items()}
    base = whole[IMPORT]

    def row(name: str) -> tuple[str, ...]:
        playing = [run.playing for run in got[name]]
        peak = statistics.median(run.finished.megabytes for run in got[name])
        return (f"`{name}`" if name in (IMPORT, HELP, CHECK) else name, spread(whole[name]),
                spread(playing) if any(playing) else "", spread(rest[name]), spread(over(rest[name], base)),
                f"{peak:,.0f}" if peak else "")

    ratios = [Ratio(f"{RUN}: all but playing, over importing NumPy and LLVM", over(rest[RUN], base)),
              Ratio(f"{DRAWN}: all but playing, over importing NumPy and LLVM", over(rest[DRAWN], base))]
    head = ("command", "seconds", "of it playing", "all but playing", "over the import", "peak memory, MB")
    return Table("What a user waits for", note(replications, runs, whole, ratios), head, [row(name) for name in got],
                 ratios)


def note(replications: int, runs: int, whole: dict[str, Times], ratios: list[Ratio]) -> str:
    return (f"`sim run {SCENARIO}` with {replications:,} replications takes {median(whole[RUN])} seconds without "
            f"figures and {median(whole[DRAWN])} with them; {runs} runs in turn, on all processors, with results "
            f"written to disk. Everything but playing takes {median(ratios[0].values)} times as long as importing "
            f"NumPy and LLVM, which playing needs. `{HELP}` answers in {median(whole[HELP])} seconds.")


def first_run(runs: int, replications: int = 1_000) -> Table:
    """Time the command with an empty folder for machine code, as after installing, and with what a run has left."""
    run(replications, "--no-figures")
    times = alternate({FIRST: lambda: run(replications, "--no-figures", cold=True).finished.seconds,
                       LATER: lambda: run(replications, "--no-figures").finished.seconds}, runs)
    slower = over(times[FIRST], times[LATER])
    note = (f"The first run takes {median(slower)} times as long as later ones, since it turns the compiled rules that "
            f"come with the package into machine code and keeps that. `sim run {SCENARIO}` with {replications:,} "
            f"replications and without figures, on all processors; {runs} runs in turn.")
    return Table("The first run after installing", note, ("run", "seconds", "times the later ones"),
                 [(name, spread(seconds), spread(over(seconds, times[LATER]))) for name, seconds in times.items()],
                 [Ratio("the first run after installing over later ones", slower, most=3)])


def tables(replications: int = 10_000, runs: int = 9) -> list[Table]:
    return [whole_command(replications, runs), first_run(runs)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
