"""Ctrl-C, sent to real processes at work."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

import sim
from sim.play.handover import work_of
from sim.play.work import done_in

from .conftest import DEADLINE, ENVIRONMENT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")


def start(shell, *arguments):
    """Start a run that takes longer than any test waits."""
    command = [sys.executable, "-m", "sim", "run", "short.toml", "--replications", "1000000", *arguments]
    return subprocess.Popen(command, cwd=shell.folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
                            stdout=subprocess.DEVNULL, start_new_session=True)


def wait_until(true):
    until = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def wait_for_file(shell, process, name):
    """Wait until a run has made a file or folder of this name for its unfinished work; it must not end before."""
    def is_there():
        assert process.poll() is None
        return any(path.name == name for path in shell.folder.rglob(".*.drawdown-sim/**/*"))

    wait_until(is_there)


def wait_for_chunk(shell, process):
    """Wait until a run has finished and kept a chunk, so that its workers are at work."""
    wait_for_file(shell, process, "ledger")


def members(group):
    """Return the processes of a process group that are alive."""
    alive = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{int(entry)}/stat") as stat:
                state, _, its_group = stat.read().rpartition(")")[2].split()[:3]
        except (ValueError, OSError):
            continue
        if int(its_group) == group and state != "Z":
            alive.append(int(entry))
    return alive


KEPT = re.compile(r"([\d,]+) replications are kept in (\S+)\. Run the same command with --resume to continue.\n")


@pytest.mark.parametrize(("clock", "workers"), [
    pytest.param("simpy", "1", marks=pytest.mark.exhaustive), ("simpy", "2"), ("compiled", "2")])
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("to_all", [True, pytest.param(False, marks=pytest.mark.exhaustive)])
def test_stopping_leaves_a_clear_message_and_what_was_finished(shell, clock, workers, number, to_all):
    process = start(shell, "--workers", workers, "--clock", clock, "--quiet")
    wait_for_chunk(shell, process)
    if to_all and number == signal.SIGINT:
        os.killpg(process.pid, number)  # what a terminal does
    else:
        process.send_signal(number)
    _, said = process.communicate(timeout=DEADLINE)
    kept = KEPT.match(said)
    assert kept, said
    assert said.removeprefix(kept[0]) == "Stopped.\n"
    assert process.returncode == 130
    assert done_in(shell.folder / kept[2] / "play") == int(kept[1].replace(",", ""))
    wait_until_all_are_gone(process)


@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_stopping_while_workers_start_leaves_nothing_that_is_not_named(shell, clock):
    process = start(shell, "--workers", "2", "--clock", clock, "--quiet")
    wait_for_file(shell, process, "begun.json")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=DEADLINE)
    kept = KEPT.match(said)
    assert said.removeprefix(kept[0] if kept else "") == "Stopped.\n"
    assert process.returncode == 130
    assert kept or shell.files() == ["short.toml"]
    wait_until_all_are_gone(process)


def wait_until_all_are_gone(process):
    if os.path.isdir("/proc/self"):
        wait_until(lambda: members(process.pid) == [])  # the helper of multiprocessing ends a moment after its parent


@pytest.mark.exhaustive
def test_a_run_under_nohup_outlives_its_terminal(shell):
    command = [sys.executable, "-m", "sim", "run", "short.toml", "--replications", "2000", "--clock", "simpy",
               "--no-figures", "--out", "here"]
    ignoring = ("import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
                "os.execv(sys.argv[1], sys.argv[1:])")
    with subprocess.Popen([sys.executable, "-c", ignoring, *command], cwd=shell.folder, env=ENVIRONMENT,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        wait_for_chunk(shell, process)
        process.send_signal(signal.SIGHUP)
        assert process.communicate(timeout=DEADLINE)[1] == ""
    assert process.returncode == 0
    assert (shell.folder / "here" / "summary.json").exists()


@pytest.mark.exhaustive
def test_stopping_twice_is_stopping(shell):
    process = start(shell, "--workers", "2", "--clock", "simpy", "--quiet")
    wait_for_chunk(shell, process)
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)  # or the system may take them for one signal, which would do as well
    _, said = process.communicate(timeout=DEADLINE)
    assert KEPT.sub("", said) == "Stopped.\n"
    assert process.returncode == 130


@pytest.mark.exhaustive
def test_a_stopped_run_goes_on_with_resume_and_ends_as_if_it_had_not_been_stopped(shell):
    size = ("--replications", "1400", "--no-figures", "--clock", "simpy", "--workers", "1")
    assert shell("run", "short.toml", *size, "--out", "whole").returncode == 0
    process = start(shell, "--out", "here", *size)
    wait_for_chunk(shell, process)
    process.send_signal(signal.SIGINT)
    assert KEPT.match(process.communicate(timeout=DEADLINE)[1])
    done = shell("run", "short.toml", *size, "--out", "here", "--resume", "--clock", "auto")
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("summary.json", "outcomes.csv", "events.csv"):
        assert (shell.folder / "here" / name).read_bytes() == (shell.folder / "whole" / name).read_bytes()
    assert not work_of(shell.folder / "here").exists()


@pytest.mark.exhaustive
def test_stopping_keeps_earlier_results(shell):
    assert shell("run", "short.toml", "--replications", 5, "--no-figures", "--out", "here").returncode == 0
    before = {path.name: path.read_bytes() for path in (shell.folder / "here").iterdir()}
    process = start(shell, "--out", "here", "--workers", "2", "--clock", "simpy")
    wait_for_chunk(shell, process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=DEADLINE)
    assert process.returncode == 130
    assert {path.name: path.read_bytes() for path in (shell.folder / "here").iterdir()} == before


def test_what_a_stopped_run_leaves_is_cleared_up_without_a_word(shell):
    (shell.folder / "leaves.py").write_text("\n".join([
        "import multiprocessing, os", "from sim.play.stopping import held_back", "with held_back(set()):",
        "    left = multiprocessing.get_context('spawn').Semaphore(1)",
        "print(os.environ.get('PYTHONWARNINGS'), flush=True)", "os._exit(0)"]))
    root = os.path.dirname(os.path.dirname(sim.__file__))
    done = subprocess.run([sys.executable, "leaves.py"], cwd=shell.folder, env=ENVIRONMENT | {"PYTHONPATH": root},
                          capture_output=True, text=True, timeout=DEADLINE, check=True)
    assert (done.stdout.strip(), done.stderr) == (os.environ.get("PYTHONWARNINGS", "None"), "")
