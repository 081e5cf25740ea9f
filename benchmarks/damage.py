"""Whether damage to what the program keeps is ever taken for results.

python benchmarks/damage.py [DAMAGES=1000] [SEED]

Results and unfinished work of runs and studies, and a compiled program, are made in a temporary folder. Then, so many
times over, a file of a copy is damaged (cut, zeroed, flipped, deleted, doubled, exchanged for another's, edited), and a
command reads it. It must either give the same numbers as without the damage, or say in one line which file is wrong and
end with exit code 2 (1 where the system failed). Anything else is printed, and the exit code is 1.

SEED, by default another one each time, chooses the damages; the same seed makes the same ones again.
"""

import os
import random
import secrets
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from damages import damages_of
from typer.testing import CliRunner

import sim
from sim.clocks.program import Program
from sim.play.errors import FolderError
from sim.play.files import PROGRAM
from sim.study.run import run_study

SCENARIO = """
start = 2024-02-12
end = 2024-08-29
[theatres.iraq]
troops = 500
attacks_per_day = {{ dist = "uniform", low = 0.1, high = {high} }}
[talks]
first_round = 2024-02-12
[working_groups.all]
work_days = 40
[phases.iraq]
theatre = "iraq"
after = "agreement"
target = 0
over_days = 60
"""
STUDY = """
scenario = "{scenario}"
[levers.pace]
key = "phases.iraq.over_days"
values = [60, 90]
[uncertainties.elasticity]
key = "attacks.elasticity"
[uncertainties.branching]
key = "attacks.branching_ratio"
[outcomes.killed_expected]
threshold = 0.5
[outcomes.completion_day]
threshold = 2024-06-15
[design]
points = 24
replications = 10
"""
NAMES = ("a", "b")
"""What is damaged, and the other of its kind whose files it is given."""
PLAYED, STOPPED = 60, 75
"""Replications of a run; and after how many, twins included, the unfinished one was stopped."""
KEPT = "with --resume goes on from there."
"""How a line ends that says what is left of work that was stopped."""
HOW = ["--clock", "simpy", "--workers", "1"]
SILENT: dict[str, Any] = {"workers": 1, "clock": "simpy", "say": lambda line: None}


class Stop(Exception):
    """An interrupt."""


def _stop_at(count: int) -> Callable[[int, int], None]:
    def progress(done: int, at_most: int) -> None:
        if done >= count:
            raise Stop

    return progress


def tiny(number, numbers):  # type: ignore[no-untyped-def]
    """Stand for the rules, which take half a minute to compile."""
    total = number
    for i in range(len(numbers)):
        total += numbers[i]
    return total


class Workshop:
    """What is damaged, made once, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        os.environ["DRAWDOWN_SIM_CACHE"] = str(folder / "sound" / "cache")
        for name, high in zip(NAMES, (0.3, 0.4), strict=True):
            (folder / f"{name}.toml").write_text(SCENARIO.format(high=high), encoding="utf-8")
            (folder / f"study_{name}.toml").write_text(STUDY.format(scenario=f"{name}.toml"), encoding="utf-8")
            self._run(name, self.sound / name / "run")
            self._stopped(sim.run, name, folder / f"{name}.toml", STOPPED, replications=PLAYED, figures=False)
            run_study(folder / f"study_{name}.toml", self.sound / name / "study", **SILENT)
            self._stopped(run_study, f"study_{name}", folder / f"study_{name}.toml", 9)
        self.program(*self.arguments)

    @property
    def sound(self) -> Path:
        """Where the undamaged things are."""
        return self.folder / "sound"

    def _run(self, name: str, out: Path) -> None:
        sim.run(self.folder / f"{name}.toml", PLAYED, out=out, figures=False, **SILENT)

    def _stopped(self, play: Callable[..., Any], name: str, path: Path, count: int, **more: Any) -> None:
        kind = "kept_study" if name.startswith("study") else "kept_run"
        try:
            play(path, out=self.sound / name.removeprefix("study_") / kind, progress=_stop_at(count), **SILENT, **more)
        except Stop:
            return
        raise AssertionError("it was not stopped")

    @property
    def program(self) -> Program:
        """The compiled program, not loaded yet."""
        return Program("tiny", lambda: tiny, lambda: self.arguments, ["sim.rules"])

    @cached_property
    def arguments(self) -> tuple[Any, ...]:
        """What the program is called with."""
        import numpy as np

        return 3, np.arange(5, dtype=np.int64)


@dataclass(frozen=True)
class Reader:
    """A command that reads something kept.

    Attributes
    ----------
    name
        What it is.
    of
        The folder that it reads, in that of its scenario.
    read
        Reads a copy of that folder: the exit code, what it said of what is wrong, and the numbers.
    """

    name: str
    of: str
    read: Callable[[Workshop, Path], tuple[int, str, Any]]


def _out(folder: Path) -> Path:
    """Return the folder for results that one of results, or of unfinished work, belongs to."""
    return folder.with_name(folder.name.removeprefix(".").removesuffix(f".{PROGRAM}"))


def _command(*arguments: Any) -> tuple[int, str, str]:
    from sim.cli.main import app

    done = CliRunner().invoke(app, [str(argument) for argument in arguments], prog_name="python -m sim")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stderr, done.stdout


def _results(folder: Path) -> Any:
    """Return all numbers of a run's results."""
    result = sim.Result.load(folder)
    data = result.dataset
    values = {str(name): data[name].values.tolist() for name in data.variables}
    return (result.summary, result.seed, result.replications, result.file.name, result.file.scenario,
            result.file.changes, values, data.attrs.items())


def _load(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    try:
        return 0, "", repr(_results(folder))
    except FolderError as error:
        return 2, f"{error}\n", None


def _play_again(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    code, said, _ = _command("run", workshop.folder / "a.toml", "--replications", PLAYED, "--no-figures", *HOW, "--out",
                             folder)
    return code, said, repr(_results(folder)) if code == 0 else None


def _answer(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    return _command("run", workshop.folder / "a.toml", "--replications", PLAYED // 2, "--no-figures", "--json", *HOW,
                    "--out", folder)


def _study_again(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    code, said, _ = _command("study", workshop.folder / "study_a.toml", *HOW, "--out", folder)
    return code, said, sim.open_study(folder).to_dict() if code == 0 else None


def _resume(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    out = _out(folder)
    code, said, _ = _command("run", workshop.folder / "a.toml", "--replications", PLAYED, "--no-figures", *HOW,
                             "--resume", "--out", out)
    return code, said, (repr(_results(out)), (out / "outcomes.csv").read_text()) if code == 0 else None


def _resume_study(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    out = _out(folder)
    code, said, _ = _command("study", workshop.folder / "study_a.toml", *HOW, "--resume", "--out", out)
    return code, said, sim.open_study(out).to_dict() if code == 0 else None


def _analyse(command: str) -> Callable[[Workshop, Path], tuple[int, str, Any]]:
    def read(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
        return _command(command, folder, "--no-figures", "--json")

    return read


def _call(workshop: Workshop, folder: Path) -> tuple[int, str, Any]:
    os.environ["DRAWDOWN_SIM_CACHE"] = str(folder)
    return 0, "", workshop.program(*workshop.arguments)


READERS = [
    Reader("Result.load", "run", _load), Reader("run", "run", _play_again),
    Reader("run of fewer", "run", _answer), Reader("study", "study", _study_again),
    Reader("run --resume", f".kept_run.{PROGRAM}", _resume),
    Reader("study --resume", f".kept_study.{PROGRAM}", _resume_study),
    *(Reader(command, "study", _analyse(command)) for command in ("sensitivity", "discover", "robust", "voi")),
    Reader("a compiled program", "cache", _call),
]

def fault_of(reader: Reader, workshop: Workshop, folder: Path, right: Any) -> str:
    """Read a damaged copy; return what is wrong with what came of it, or nothing."""
    try:
        code, said, found = reader.read(workshop, folder)
    except Exception:  # whatever it is, it is a fault
        return traceback.format_exc()
    if code == 0:
        return "" if found == right else f"wrong numbers, exit code 0; said: {said!r}"
    if code not in (1, 2):
        return f"exit code {code}: {said!r}"
    *told, last = said.splitlines() or [""]  # before the fault, what it was doing may be told
    named = (f"{NAMES[0]}: ", f"study_{NAMES[0]}: ")
    if not all(line.startswith(named) or line.endswith(KEPT) for line in told) or str(folder.parent) not in last:
        return f"exit code {code}, not in a line that names a file: {said!r}"
    return ""


def harm(workshop: Workshop, count: int, seed: int, report: Callable[[str], None],
         readers: list[Reader] | None = None) -> Counter[str]:
    """Damage and read so many times.

    Parameters
    ----------
    workshop
        What is damaged.
    count, seed
        How often, and what chooses how.
    report
        Told of each fault.
    readers
        What reads; everything that there is when left out.

    Returns
    -------
    Counter
        By reader: how many damages it read, and how many faults, under ``faults``.
    """
    rng, tally = random.Random(seed), Counter[str]()
    rights: dict[str, Any] = {}
    for reader in readers or READERS:
        with _copy(workshop, reader) as folder:
            code, said, rights[reader.name] = reader.read(workshop, folder)
            assert code == 0, f"{reader.name} of undamaged results: {said}"
    while tally.total() - tally["faults"] < count:
        reader = rng.choice(readers or READERS)
        with _copy(workshop, reader) as folder:
            path = rng.choice(sorted(entry for entry in folder.rglob("*") if entry.is_file()))
            kind, damage = rng.choice(sorted(damages_of(path).items()))
            inside = path.relative_to(folder)
            try:
                damage(path, workshop.sound / NAMES[1] / reader.of / inside, rng)
            except ValueError:
                continue
            tally[reader.name] += 1
            if fault := fault_of(reader, workshop, folder, rights[reader.name]):
                tally["faults"] += 1
                report(f"{reader.name} with {inside} {kind}: {fault}")
    return tally


@contextmanager
def _copy(workshop: Workshop, reader: Reader) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=workshop.folder) as folder:
        yield copied(workshop, reader.of, Path(folder))


def copied(workshop: Workshop, of: str, folder: Path) -> Path:
    """Return a copy, in a folder, of what is to be damaged."""
    sound = workshop.sound / (of if of == "cache" else f"{NAMES[0]}/{of}")
    return Path(shutil.copytree(sound, folder / of))


def main(damages: str = "1000", seed: str = "") -> int:
    """Damage, read and tell."""
    chosen, started = int(seed) if seed else secrets.randbits(32), time.perf_counter()
    print(f"{int(damages):,} damages chosen by seed {chosen}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tally = harm(Workshop(Path(folder)), int(damages), chosen, lambda fault: print(fault, flush=True))
    faults = tally.pop("faults", 0)
    print("; ".join(f"{name}: {read:,}" for name, read in tally.items()))
    print(f"faults: {faults:,}; {time.perf_counter() - started:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
