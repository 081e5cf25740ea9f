"""Hostile surroundings of a command: closed and full streams, odd names, folders that cannot be written to."""

import json
import os
import subprocess
import sys

import pytest

from .conftest import ENVIRONMENT, SCENARIO

pytestmark = pytest.mark.skipif(os.name != "posix", reason="made with what a POSIX shell can do")
SMALL = ("--replications", "5", "--clock", "simpy", "--workers", "1", "--no-figures", "--quiet")
FULL = "cannot write: no space left on device"
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
PLAN_WITHOUT_END = SCENARIO.replace("2024-08-29", "2026-08-29").replace("over_days = 60", (
    'over_days = 300\ntranche_days = 0.0001\ncancel_after = "breakdown"')).replace("[working_groups", (
        "breakdown_chance = 1\nsuspend_after_fatal = 0\n[working_groups"))


def by_shell(folder, command):
    """Run a command by the shell; return its exit code, output and errors."""
    line = command.replace("SIM", f"{sys.executable} -m sim")
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.exhaustive
@pytest.mark.parametrize(("command", "code"), [
    ("SIM check short.toml", 0), ("SIM check nothing.toml", 2), ("SIM --help", 0), ("SIM run --help", 0),
    ("SIM --version", 0), ("SIM nosuch", 2), ("SIM run short.toml --replications none", 2)])
@pytest.mark.parametrize("closed", ["2>&-", ">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_what_goes_to_a_closed_stream_is_thrown_away(shell, command, code, closed):
    returned, out, err = by_shell(shell.folder, f"{command} {closed}")
    assert returned == code
    assert "Traceback" not in out + err
    assert out == "" or ">&-" not in closed.split()


def test_results_are_whole_although_nothing_can_be_said(shell):
    command = f"SIM run short.toml {' '.join(SMALL)} --out"
    assert by_shell(shell.folder, f"{command} shown") [0] == 0
    assert by_shell(shell.folder, f"{command} closed <&- >&- 2>&-") == (0, "", "")
    for name in ("summary.json", "outcomes.csv", "events.csv"):
        assert (shell.folder / "closed" / name).read_bytes() == (shell.folder / "shown" / name).read_bytes()


@pytest.mark.exhaustive
@needs_full
@pytest.mark.parametrize("command", ["SIM --help", "SIM run --help", "SIM --version", "SIM check short.toml",
                                     "SIM outcomes", "SIM schema", "SIM report short.toml --json --replications 10"])
def test_a_full_disk_behind_the_output_is_said_in_a_line(shell, command):
    assert by_shell(shell.folder, f"{command} > /dev/full") == (1, "", f"{FULL}\n")
    assert by_shell(shell.folder, f"{command} > /dev/full 2> /dev/full") == (1, "", "")


@needs_full
def test_a_full_disk_behind_the_errors_leaves_the_exit_code(shell):
    code, out, err = by_shell(shell.folder, "SIM resolve nothing.toml 2> /dev/full")
    assert (code, out, err) == (2, "", "")


@pytest.mark.exhaustive
@pytest.mark.parametrize(("file", "folder"), [
    (b"caf\xe9.toml", "results/caf%E9"), (b"...toml", "results/...toml"), (b"x" * 250 + b".toml",
                                                                           f"results/{'x' * 250}")])
def test_files_with_odd_names_are_played_and_their_results_read_back(shell, file, folder):
    name = os.fsdecode(file)
    (shell.folder / name).write_text(SCENARIO, encoding="utf-8")
    for _ in range(2):  # the second run answers from the first's results
        done = shell("run", name, *SMALL)
        assert (done.returncode, done.stderr) == (0, "")
    (results,) = (shell.folder / folder).iterdir()
    assert f"Results: {folder}/{results.name}" in done.stdout
    assert json.loads((results / "run.json").read_text(encoding="utf-8"))["file"] == name
    assert [path.name for path in (shell.folder / "results").iterdir()] == [folder.removeprefix("results/")]


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [
    ("run", "short.toml", *SMALL), ("trace", "short.toml"), ("compare", "short.toml", "other.toml", *SMALL)])
def test_results_that_could_not_be_written_are_not_worked_out(shell, command):
    (shell.folder / "other.toml").write_text(SCENARIO, encoding="utf-8")
    for out, said in (("x" * 250, "has too long a name"), ("/".join("a" * 2000), "is too deep inside other folders"),
                      ("short.toml/a", f"cannot be written: {shell.folder}/short.toml is not a folder")):
        done = shell(*command, "--out", out)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert said in line
    assert shell.files() == ["other.toml", "short.toml"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", [("run", "endless.toml"), ("compare", "short.toml", "endless.toml")])
def test_a_plan_that_cannot_be_played_undisturbed_is_refused_before_playing(shell, command):
    (shell.folder / "endless.toml").write_text(PLAN_WITHOUT_END, encoding="utf-8")
    (shell.folder / "short.toml").write_text(SCENARIO.replace("2024-08-29", "2026-08-29"), encoding="utf-8")
    done = shell(*command, *SMALL, "--out", "here")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("the plan as it would run undisturbed cannot be played to the end: more than 1,000,000 "
                           "events; try ")
    assert not (shell.folder / "here").exists()
