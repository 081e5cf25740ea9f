"""What may be missing or run out: Numba, space on the disk, memory."""

import json
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest

from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.scenario.load import load

from .conftest import DEADLINE, ENVIRONMENT

SMALL = "start = 2024-02-12\nend = 2024-03-12\n[theatres.iraq]\ntroops = 500\nattacks_per_day = 0.2\n"
KEPT = "replications are kept in .here.drawdown-sim. Run the same command with --resume to continue."
SIZE = ("--replications", "130000", "--no-figures", "--clock", "compiled")


def results(folder):
    return {name: (folder / name).read_bytes() for name in ("summary.json", "outcomes.csv", "events.csv")}


NO_NUMBA = "import sys; sys.modules['numba'] = None  # import numba: ModuleNotFoundError"


def without_numba(shell, cache="nothing"):
    """Return the variables of an environment in which Numba is not installed, and nothing is kept from before."""
    (shell.folder / "hidden").mkdir(exist_ok=True)
    (shell.folder / "hidden" / "sitecustomize.py").write_text(NO_NUMBA)
    return {"PYTHONPATH": str(shell.folder / "hidden"), "DRAWDOWN_SIM_CACHE": str(shell.folder / cache)}


@pytest.mark.parametrize("theatres", [1, pytest.param(9, marks=pytest.mark.exhaustive)])
def test_scenarios_of_any_size_run_compiled_without_numba(shell, theatres):
    more = "".join(f"[theatres.north_{i}]\ntroops = 50\nsites = {{ here = {{ count = 70 }} }}\n"
                   for i in range(theatres - 1))
    (shell.folder / "any.toml").write_text(SMALL + more, encoding="utf-8")
    size = ("--replications", "60", "--no-figures", "--workers", "1")
    assert shell("run", "any.toml", *size, "--clock", "simpy", "--out", "simpy").returncode == 0
    done = shell("run", "any.toml", *size, "--out", "here", **without_numba(shell))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((shell.folder / "here" / "run.json").read_text())["clock"] == "compiled"
    assert results(shell.folder / "here") == results(shell.folder / "simpy")


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [
    ("compare", "short.toml", "small.toml", "--replications", "60", "--json"),
    ("calibrate", "weekly.csv", "--json"),
    ("backtest", "weekly.csv", "--to", "2023-04-09", "--json"),
    ("study", "asked.toml", "--quiet")], ids=lambda command: command[0])
def test_every_command_gives_the_same_without_numba(shell, command):
    """With Numba, nothing imports it either."""
    (shell.folder / "small.toml").write_text(
        SMALL.replace("2024-03-12", "2024-08-29").replace("0.2", "0.4"), encoding="utf-8")
    (shell.folder / "asked.toml").write_text(STUDY, encoding="utf-8")
    counts = (f"{date(2023, 1, 2) + timedelta(weeks=week)},{count}" for week, count in enumerate([3, 0, 5, 2] * 4))
    (shell.folder / "weekly.csv").write_text("\n".join(["date,count", *counts]) + "\n", encoding="utf-8")
    figures = () if command[0] == "study" else ("--no-figures",)
    found = []
    for out, variables in (("one_out", {}), ("other_out", without_numba(shell))):
        done = shell(*command, *figures, "--out", out, **variables)
        assert done.returncode == 0, done.stderr
        files = {path.relative_to(shell.folder / out): path.read_bytes() for path in (shell.folder / out).rglob("*")
                 if path.suffix in (".csv", ".toml", ".nc")}
        found.append((done.stdout.replace(out, "out"), files))
    assert found[0] == found[1]
    assert found[0][1] or command[0] in ("calibrate", "backtest")  # of so few counts, they write figures and JSON only


@pytest.mark.exhaustive
def test_what_was_finished_when_the_disk_was_full_is_kept_and_gone_on_from(shell):
    resource = pytest.importorskip("resource")
    (shell.folder / "small.toml").write_text(SMALL)
    uninterrupted = shell("run", "small.toml", *SIZE, "--out", "whole")
    assert uninterrupted.returncode == 0
    names = expand(set_up(load(shell.folder / "small.toml").scenario)).names
    room = 8 * len(names) * 100_000  # eight bytes for each outcome of a replication
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", "small.toml", *SIZE, "--out", "here", "--workers", "1"], cwd=shell.folder,
        env=ENVIRONMENT, capture_output=True, text=True, check=False, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)))
    assert done.returncode == 1
    kept, reason = done.stderr.splitlines()
    assert re.fullmatch(rf"\d{{2}},(000|250|500|750) {re.escape(KEPT)}", kept) or kept.startswith("100,000 ")
    assert reason == f"cannot write {shell.folder / 'here'}: file too large"
    resumed = shell("run", "small.toml", *SIZE, "--out", "here", "--resume")
    assert (resumed.returncode, resumed.stderr) == (0, "")
    assert results(shell.folder / "here") == results(shell.folder / "whole")


STUDY = ('scenario = "small.toml"\n[levers.rate]\nkey = "theatres.iraq.attacks_per_day"\nvalues = [0.1, 0.2]\n'
         "[outcomes.killed]\n[design]\npoints = 3\nreplications = 10\n")


@pytest.mark.parametrize(("command", "file"), [
    pytest.param(("run", "small.toml", "--replications", "20000", *SIZE[2:]), "ensemble.nc",
                 marks=pytest.mark.exhaustive),
    (("study", "asked.toml", "--workers", "1", "--clock", "simpy"), "study.nc")])
def test_a_disk_that_is_full_when_results_are_written_is_said_in_a_line(shell, command, file):
    """The file of results is larger than any of unfinished work, so it alone finds no room."""
    resource = pytest.importorskip("resource")
    (shell.folder / "small.toml").write_text(SMALL)
    (shell.folder / "asked.toml").write_text(STUDY)
    assert shell(*command, "--out", "whole").returncode == 0
    room = (shell.folder / "whole" / file).stat().st_size - 1000
    done = subprocess.run(
        [sys.executable, "-m", "sim", *command, "--out", "here"], cwd=shell.folder, env=ENVIRONMENT,
        capture_output=True, text=True, check=False, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY)))
    assert done.returncode == 1
    kept, reason = done.stderr.splitlines()
    assert kept.endswith("Run the same command with --resume to continue.")
    assert reason == f"cannot write {shell.folder / 'here'}: file too large"
    assert shell(*command, "--out", "here", "--resume").returncode == 0


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory cannot be limited so")
@pytest.mark.parametrize("megabytes", [
    440, *(pytest.param(size, marks=pytest.mark.exhaustive) for size in (200, 320, 560, 680))])
def test_where_memory_runs_out_one_line_says_so_and_what_was_finished_is_gone_on_from(shell, megabytes):
    resource = pytest.importorskip("resource")
    command = ("run", "small.toml", "--replications", "20000", "--no-figures", "--workers", "2", "--out", "here")
    (shell.folder / "small.toml").write_text(SMALL)
    done = subprocess.run(
        [sys.executable, "-m", "sim", *command], cwd=shell.folder, env=ENVIRONMENT, capture_output=True, text=True,
        check=False, timeout=DEADLINE,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20,) * 2))
    assert done.returncode in ({0, 1} if megabytes > 500 else {1})
    if done.returncode:
        *kept, reason = done.stderr.splitlines()
        assert reason == "memory ran out; try fewer --replications or --workers, or an earlier end"
        assert len(kept) <= 1
        assert "".join(kept).endswith(KEPT if kept else "")
        assert shell(*command, "--resume").returncode == 0
    assert (shell.folder / "here" / "summary.json").exists()
