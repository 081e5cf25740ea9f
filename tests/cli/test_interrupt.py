"""Ctrl-C, sent to real processes at work."""

import os
import signal
import subprocess
import sys
import time

import pytest

from .conftest import ENVIRONMENT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
DEADLINE = 120


def start(shell, *arguments):
    command = [sys.executable, "-m", "sim", "run", "short.toml", "--replications", "200000", *arguments]
    return subprocess.Popen(command, cwd=shell.folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
                            stdout=subprocess.DEVNULL, start_new_session=True)


def wait_until(true):
    until = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


def wait_for_draft(shell):
    """Wait until the run has made its folder, then a moment in which workers start and play."""
    wait_until(lambda: any(".part" in name for name in shell.files()))
    time.sleep(1.5)


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


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("to_all", [True, False])
def test_stopping_leaves_a_clear_message_and_nothing_else(shell, workers, number, to_all):
    process = start(shell, "--workers", workers)
    wait_for_draft(shell)
    if to_all and number == signal.SIGINT:
        os.killpg(process.pid, number)  # what a terminal does
    else:
        process.send_signal(number)
    _, said = process.communicate(timeout=DEADLINE)
    assert said == "Stopped. Of what was under way nothing is kept.\n"
    assert process.returncode == 130
    assert shell.files() == ["short.toml"]
    if os.path.isdir("/proc/self"):
        wait_until(lambda: members(process.pid) == [])  # multiprocessing's own helper goes a moment after its parent


def test_stopping_keeps_earlier_results(shell):
    assert shell("run", "short.toml", "--replications", 5, "--no-figures", "--out", "here").returncode == 0
    before = {path.name: path.read_bytes() for path in (shell.folder / "here").iterdir()}
    process = start(shell, "--out", "here", "--workers", "2")
    wait_for_draft(shell)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=DEADLINE)
    assert process.returncode == 130
    assert {path.name: path.read_bytes() for path in (shell.folder / "here").iterdir()} == before
    assert [name for name in shell.files() if "part" in name] == []
