"""How long a user waits for the whole command: warm, and cold, when nothing is kept from before.

python benchmarks/command.py [REPLICATIONS] [RUNS] [COLD_RUNS]
"""

import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from measure import Finished, Ratio, Table, Times, command, median, over, show, spread

SCENARIO = "scenarios/gradual.toml"
IMPORT, HELP, CHECK = "python -c \"import numpy, llvmlite.binding\"", "sim --help", f"sim check {SCENARIO}"
RUN, DRAWN, COLD = "sim run, no figures", "sim run, with figures", "sim run, no figures, from cold"


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


def measured(replications: int, runs: int, cold_runs: int) -> dict[str, list[Run]]:
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
    cold = [run(replications, "--no-figures", "--clock", "compiled", cold=True) for _ in range(cold_runs)]
    return got | ({COLD: cold} if cold else {})


def tables(replications: int = 10_000, runs: int = 9, cold_runs: int = 3) -> list[Table]:
    got = measured(replications, runs, cold_runs)
    whole = {name: [run.finished.seconds for run in each] for name, each in got.items()}
    rest = {name: [run.finished.seconds - run.playing for run in each] for name, each in got.items()}
    base = whole[IMPORT]

    def row(name: str) -> tuple[str, ...]:
        playing = [run.playing for run in got[name]]
        paired = over(rest[name], base) if len(rest[name]) == len(base) else []
        peak = statistics.median(run.finished.megabytes for run in got[name])
        return (f"`{name}`" if name in (IMPORT, HELP, CHECK) else name, spread(whole[name]),
                spread(playing) if any(playing) else "", spread(rest[name]), spread(paired) if paired else "",
                f"{peak:,.0f}" if peak else "")

    ratios = [Ratio(f"{RUN}: all but playing, over importing NumPy and LLVM", over(rest[RUN], base)),
              Ratio(f"{DRAWN}: all but playing, over importing NumPy and LLVM", over(rest[DRAWN], base))]
    head = ("command", "seconds", "of it playing", "all but playing", "over the import", "peak memory, MB")
    return [Table("What a user waits for", note(replications, runs, cold_runs, whole, ratios), head,
                  [row(name) for name in got], ratios)]


def note(replications: int, runs: int, cold_runs: int, whole: dict[str, Times], ratios: list[Ratio]) -> str:
    text = (f"`sim run {SCENARIO}` with {replications:,} replications takes {median(whole[RUN])} seconds without "
            f"figures and {median(whole[DRAWN])} with them; {runs} runs in turn, on all processors, with results "
            f"written to disk. Everything but playing takes {median(ratios[0].values)} times as long as importing "
            f"NumPy and LLVM, which playing needs. `{HELP}` answers in {median(whole[HELP])} seconds. ")
    if cold_runs:
        text += (f"On a new machine, the first run translates the compiled rules for its processor and takes "
                 f"{median(whole[COLD])} seconds ({cold_runs} run{'s' if cold_runs > 1 else ''}).")
    return text.strip()


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
