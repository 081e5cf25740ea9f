"""Commands killed and interrupted at every step of finishing: whatever is left, the same command again ends alike.

A step is whatever changes files: making, opening to write, renaming, removing. `python tests/kills.py` takes all steps
of all cases, by SIGKILL and SIGINT, in half an hour; with names of cases, only those. `--strace` takes the system calls
themselves, where strace is installed, which takes hours. Needs fork, so not for Windows.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCENARIO = """
title = "A short one"
start = 2024-02-12
end = 2024-06-29
[theatres.iraq]
troops = 500
attacks_per_day = { dist = "uniform", low = 0.1, high = 0.3 }
[phases.iraq]
theatre = "iraq"
start = 2024-03-01
target = 0
over_days = 60
"""
STUDY = """
scenario = "short.toml"
[levers.pace]
key = "phases.iraq.over_days"
values = [30, 90]
[uncertainties.elasticity]
key = "attacks.elasticity"
low = 0.0
high = 1.0
[outcomes.completion_day]
[outcomes.killed_expected]
[design]
kind = "latin_hypercube"
points = 3
replications = 10
"""
ONE = ("--clock", "simpy", "--workers", "1", "--quiet")
RUN, FIGURES = ("run", "short.toml", *ONE, "--out", "w", "--no-figures"), ("run", "short.toml", *ONE, "--out", "w")
COMPARE = ("compare", "short.toml", "long.toml", *ONE, "--out", "w", "--no-figures")
STUDYING = ("study", "asked.toml", *ONE, "--out", "w")
OPTIMISE = ("optimise", "asked.toml", *ONE, "--out", "w", "--no-figures", "--replications", "10")
CALIBRATE = ("calibrate", "daily.csv", "--quiet", "--out", "w", "--no-figures")
HINDCAST = ("hindcast", "short.toml", "--quiet", "--out", "w", "--no-figures")
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "open")
CALLS = ("rename,renameat,renameat2", "unlink,unlinkat", "mkdir,mkdirat,rmdir", "fsync", "write,pwrite64", "openat")
OF_TIME = {"written", "seconds", "versions", "check"}


@dataclass(frozen=True)
class Case:
    """What is there, and the command that is stopped."""

    before: tuple[tuple[str, ...], ...]
    command: tuple[str, ...]


CASES = {
    "run": Case((), (*RUN, "--replications", "40")),
    "run_more": Case(((*RUN, "--replications", "20"),), (*RUN, "--replications", "40")),
    "run_other": Case(((*RUN, "--replications", "40", "--seed", "2"),), (*RUN, "--replications", "20", "--force")),
    "run_figures": Case(((*RUN, "--replications", "20"),), (*FIGURES, "--replications", "20")),
    "run_redraw": Case(((*FIGURES, "--replications", "20"),), (*RUN, "--replications", "40")),
    "compare": Case((), (*COMPARE, "--replications", "20")),
    "compare_more": Case(((*COMPARE, "--replications", "10"),), (*COMPARE, "--replications", "20")),
    "study": Case((), STUDYING),
    "study_other": Case(((*RUN, "--replications", "20"),), (*STUDYING, "--force")),
    "robust": Case((STUDYING,), ("robust", "w", "--no-figures")),
    "optimise": Case((), OPTIMISE),
    "optimise_other": Case(((*OPTIMISE, "--evaluations", "1"),), (*OPTIMISE, "--force")),
    "calibrate": Case((), CALIBRATE),
    "calibrate_other": Case(((*CALIBRATE, "--seed", "2"),), (*CALIBRATE, "--force")),
    "backtest": Case((), ("backtest", "daily.csv", "--to", "2023-05-31", "--quiet", "--out", "w", "--no-figures")),
    "hindcast": Case((), (*HINDCAST, "--replications", "3")),
    "hindcast_other": Case(((*HINDCAST, "--replications", "2"),), (*HINDCAST, "--replications", "3", "--force")),
}
OWN = {"w/letter.txt": "dear", "w/figures/mine.txt": "drawn by hand"}


def prepare(case: Case, folder: Path) -> None:
    """Lay out what a case starts from; in a folder that is there, with a user's own files in it."""
    folder.mkdir()
    (folder / "short.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "short.csv").write_text("date,what,value\n2024-04-01,gone,200\n", encoding="utf-8")
    (folder / "long.toml").write_text('extends = "short.toml"\n[phases.iraq]\nover_days = 90\n', encoding="utf-8")
    (folder / "asked.toml").write_text(STUDY, encoding="utf-8")
    counts = [i * i * 7 % 11 % 3 for i in range(168)]
    days = [f"2023-{1 + i // 28:02d}-{1 + i % 28:02d},{n},{n // 2},{n - n // 2}" for i, n in enumerate(counts)]
    (folder / "daily.csv").write_text("date,count,iraq,syria\n" + "\n".join(days) + "\n", encoding="utf-8")
    for command in case.before:
        assert run(command, folder) == 0, (folder / "said").read_text()
    for name, text in OWN.items() if case.before else ():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def run(command: tuple[str, ...], folder: Path, stop: Callable[[], None] | None = None) -> int:
    """Run a command in a folder and return its exit code, negative for a signal; what it says goes to ``said``."""
    warm()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.chdir(folder)
    said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    if stop is not None:
        sys.addaudithook(_watch(stop))
    import sim
    from sim.cli.main import main

    sys.argv = [str(Path(sim.__file__).with_name("__main__.py")), *command]  # as -m has it
    try:
        main()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(99)


def warm() -> None:
    """Import once what every command would."""
    import h5netcdf  # noqa: F401
    import scipy.special  # noqa: F401
    import xarray  # noqa: F401

    import sim.api.calibrate
    import sim.api.optimise
    import sim.cli.main
    import sim.figures.comparisons
    import sim.study.robust
    import sim.study.run  # noqa: F401


def _watch(stop: Callable[[], None]) -> Callable[[str, tuple[Any, ...]], None]:
    """Return an audit hook that calls ``stop`` before each step, from the first result that is written on."""
    here, begun = os.getcwd(), False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal begun
        if event not in CHANGES or not isinstance(arguments[0], str | os.PathLike):
            return
        path = os.fspath(arguments[0])
        if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
            return
        if os.path.isabs(path) and not path.startswith(here):
            return
        begun = begun or (event == "os.mkdir" and os.path.basename(path) == "draft")
        if begun:
            stop()

    return hook


def steps(case: Case, folder: Path) -> int:
    """Return how many steps finishing takes, having left in the folder what it comes to undisturbed."""
    prepare(case, folder)
    counter = folder / "steps"

    def count() -> None:
        with_one_more = os.open(counter, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(with_one_more, b".")
        os.close(with_one_more)

    nested = [False]

    def stop() -> None:
        if not nested[0]:
            nested[0] = True
            count()
            nested[0] = False

    assert run(case.command, folder, stop) == 0, (folder / "said").read_text()
    taken = counter.stat().st_size
    counter.unlink()
    return taken


def stopped(case: Case, folder: Path, step: int, number: signal.Signals) -> None:
    """Stop a command before a step, run it again, and leave what it comes to."""
    prepare(case, folder)
    left = [step]

    def stop() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), number)

    code = run(case.command, folder, stop)
    said = (folder / "said").read_text()
    assert code in (-signal.SIGKILL, 130, 0), (code, said)
    assert "Traceback" not in said, said
    _own_files_are_there(case, folder)
    assert run(case.command, folder) == 0, (folder / "said").read_text()


def _own_files_are_there(case: Case, folder: Path) -> None:
    for name, text in OWN.items() if case.before else ():
        assert (folder / name).read_text(encoding="utf-8") == text, name


def contents(folder: Path) -> dict[str, Any]:
    """Return all that is in a folder, but for what tells the time; only names of what is hidden."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name == "said":
            found[name] = None
        elif path.suffix == ".json":
            found[name] = _timeless(json.loads(path.read_text(encoding="utf-8")))
        elif path.suffix == ".nc":
            found[name] = _dataset(path)
        elif path.suffix != ".png":  # an SVG of the same figure is beside it
            found[name] = path.read_bytes()
    return found


def _timeless(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: sorted(value) if key == "files" and isinstance(value, dict) else _timeless(value)
                for key, value in data.items() if key not in OF_TIME}
    return [_timeless(entry) for entry in data] if isinstance(data, list) else data


def _dataset(path: Path) -> dict[str, Any]:
    import xarray as xr

    with xr.open_dataset(path, engine="h5netcdf") as dataset:
        return {str(name): repr(values.values.tolist()) for name, values in dataset.variables.items()}


@contextmanager
def scratch_folder() -> Iterator[str]:
    """Give a folder that goes in the end; not by itself when a child that has a copy of all this exits."""
    folder = tempfile.mkdtemp()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def check(name: str, at: Callable[[int], list[int]], signals: tuple[signal.Signals, ...]) -> int:
    """Check a case at some of its steps; return at how many, or raise `AssertionError` with the first that differs.

    Parameters
    ----------
    name
        Of the case.
    at
        Which steps, given how many there are.
    signals
        By what it is stopped.
    """
    case = CASES[name]
    with scratch_folder() as scratch:
        taken = steps(case, Path(scratch, "whole"))
        whole = contents(Path(scratch, "whole"))
        stops = [(step, number) for step in at(taken) for number in signals]
        for step, number in stops:
            folder = Path(scratch, "stopped")
            try:
                stopped(case, folder, step, number)
                now = contents(folder)
                assert now.keys() == whole.keys(), sorted(now.keys() ^ whole.keys())
                assert now == whole, [key for key in now if now[key] != whole[key]]
            except AssertionError as error:
                raise AssertionError(f"{name}, step {step} of {taken}, {number.name}: {error}") from None
            shutil.rmtree(folder)
    return len(stops)


def check_by_strace(name: str) -> Iterator[int]:
    """Check a case at every system call that changes files, from start to end; yield how often each kind was hit."""
    case = CASES[name]
    with scratch_folder() as scratch:
        steps(case, Path(scratch, "whole"))
        whole = contents(Path(scratch, "whole"))
        for calls in CALLS:
            when, code = 0, 1
            while code:
                when += 1
                folder = Path(scratch, "stopped")
                prepare(case, folder)
                code = subprocess.run(
                    ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={calls}", "-e",
                     f"inject={calls}:signal=KILL:when={when}", sys.executable, "-m", "sim", *case.command],
                    cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode
                _own_files_are_there(case, folder)
                assert run(case.command, folder) == 0, (folder / "said").read_text()
                now = contents(folder)
                assert now == whole, (name, calls, when, [key for key in whole if now.get(key) != whole[key]])
                shutil.rmtree(folder)
            yield when


def main() -> None:
    """Take the cases named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take every Nth step only")
    parser.add_argument("--strace", action="store_true", help="at system calls, by strace")
    asked = parser.parse_args()
    for name in asked.cases or CASES:
        if asked.strace:
            print(f"{name}: {sum(check_by_strace(name))} stops, all well", flush=True)
            continue
        stops = check(name, lambda taken: list(range(1, taken + 1, asked.every)), (signal.SIGKILL, signal.SIGINT))
        print(f"{name}: {stops} stops, all well", flush=True)


if __name__ == "__main__":
    main()
