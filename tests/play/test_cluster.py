"""Real schedulers and workers, as a user starts them. Some of them die, and some cannot be used."""

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.model.setup import set_up
from sim.play import cluster as module
from sim.play.cast import solo
from sim.play.cluster import AHEAD, LOCAL, RULES, by_cluster
from sim.play.errors import Unplayable, WorkersLost
from sim.play.handover import play_of
from sim.play.player import simpy_player
from sim.play.run import Means, Size, play_ensemble
from sim.play.work import done_in
from sim.scenario.load import from_dict

from .conftest import contents, outcomes, small

distributed = pytest.importorskip("distributed")
posix = pytest.mark.skipif(os.name == "nt", reason="signals")
DEADLINE = 1200
"""Seconds after which a test that waits is taken to hang: far more than it takes on a busy machine."""
ROOT = Path(sim.__file__).parents[1]


class Dask:
    """A scheduler and its workers, in a folder for their files."""

    def __init__(self, folder):
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--dashboard-address", ":0")
        wait_until(lambda: self.file.exists() and self.file.read_text().endswith("}"))
        self.address = json.loads(self.file.read_text())["address"]

    def worker(self, *first_on_path):
        return self._start("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", path=first_on_path)

    def workers(self, *first_on_path, count=1):
        """Start workers, and wait until the scheduler knows them."""
        started = [self.worker(*first_on_path) for _ in range(count)]
        with self.client() as client:
            client.wait_for_workers(count, DEADLINE)
        return started

    def _start(self, what, *options, path=()):
        with (self.folder / f"{what}.log").open("a") as log:
            self.processes.append(subprocess.Popen(
                [sys.executable, "-m", "dask", what, "--scheduler-file", str(self.file), *options], cwd=self.folder,
                stdout=log, stderr=log, env=environment(*path)))
        return self.processes[-1]

    def client(self):
        return distributed.Client(self.address, set_as_default=False)

    def tasks(self):
        with self.client() as client:
            return client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()


def environment(*first_on_path):
    """Return an environment in which this program can be imported, after the folders given."""
    paths = [*map(str, first_on_path), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def wait_until(true):
    until = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A busy machine may keep schedulers and workers from answering for longer than a user should have to wait."""
    monkeypatch.setattr(module, "ANSWER_WITHIN", DEADLINE)
    monkeypatch.setattr(module, "WORKERS_WITHIN", DEADLINE)


@pytest.fixture
def dask(tmp_path_factory):
    """A scheduler without workers."""
    made = Dask(tmp_path_factory.mktemp("dask"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A scheduler with two workers that no test harms."""
    made = Dask(tmp_path_factory.mktemp("pair"))
    made.workers(count=2)
    yield made
    made.close()


def bits(chunks):
    return sorted((chunk.first, chunk.outcomes.tobytes(), chunk.entries.tobytes()) for chunk in chunks)


def jobs(count, size):
    return [(0, size * i, size) for i in range(count)]


@pytest.fixture(scope="module")
def undisturbed(model):
    """The results of 200 chunks of two replications without a cluster."""
    play = simpy_player(solo(model, 1, diaries=True))
    return bits(play(*job) for job in jobs(200, 2))


def play_a_chunk(model, address, clock="simpy"):
    """Play a single chunk."""
    return list(by_cluster(solo(model, 1, diaries=True), [(0, 0, 2)], address, clock))


# Results.


@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_a_cluster_gives_the_same_bits_as_threads(model, pair, clock):
    done = []
    clustered = play_ensemble(model, 1, Size(200), Means(None, clock, pair.address, 9),
                          progress=lambda now, at_most: done.append(now))
    threaded = play_ensemble(model, 1, Size(200), Means(2, "compiled"))
    assert contents(clustered.work) == contents(threaded.work)
    assert outcomes(clustered.twins) == outcomes(threaded.twins)
    assert done == sorted(done)
    assert (done[0], done[-1], len(done)) == (0, 400, 2 * (1 + 23))


@pytest.mark.exhaustive
def test_a_local_cluster_gives_the_same_bits_and_leaves_nothing(model, undisturbed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert bits(by_cluster(solo(model, 1, diaries=True), jobs(200, 2), LOCAL, "simpy", 2)) == undisturbed
    assert multiprocessing.active_children() == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_do_needs_no_cluster(model):
    assert list(by_cluster(solo(model, 1, diaries=True), [], "tcp://127.0.0.1:1", "simpy")) == []


@pytest.mark.exhaustive
def test_a_worker_without_compiled_rules_gives_the_same_bits(model, undisturbed, dask, tmp_path):
    package(tmp_path, "llvmlite", 'raise ImportError("broken")')
    dask.workers(tmp_path)
    assert bits(by_cluster(solo(model, 1, diaries=True), jobs(200, 2), dask.address, "compiled")) == undisturbed


def package(folder, name, source):
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(source)


def test_few_chunks_are_with_the_cluster_at_a_time(model, pair):
    chunks = by_cluster(solo(model, 1, diaries=True), jobs(100_000, 1), pair.address, "simpy")
    next(chunks)
    assert 0 < pair.tasks() <= AHEAD * 2 + 1  # one that is fetched already may still be known
    chunks.close()
    wait_until(lambda: pair.tasks() == 0)


def test_what_cannot_be_played_is_named(pair):
    wild = set_up(from_dict(small(threat={"tick_days": 0.11, "noise": 2.0, "persistence": 1.0})).scenario)
    wild.parameters.threat_noise = 200.0  # beyond what a scenario file may say
    with pytest.raises(Unplayable, match=r"^replication \d+ cannot be played to the end: its numbers grow beyond all"):
        list(by_cluster(solo(wild, 1, diaries=True), jobs(4, 1), pair.address, "simpy"))


# What dies.


@pytest.mark.exhaustive
@posix
def test_a_worker_that_is_killed_costs_no_results(model, undisturbed, dask):
    victim, _ = dask.workers(count=2)
    chunks = by_cluster(solo(model, 1, diaries=True), jobs(200, 2), dask.address, "simpy")
    played = [next(chunks)]
    victim.kill()
    assert victim.wait() == -signal.SIGKILL
    played += chunks
    assert bits(played) == undisturbed  # each once


@pytest.mark.exhaustive
@posix
def test_workers_that_are_gone_for_good_are_reported(model, dask, monkeypatch):
    monkeypatch.setattr(module, "WORKERS_WITHIN", 2.0)
    (victim,) = dask.workers()
    chunks = by_cluster(solo(model, 1, diaries=True), jobs(200, 2), dask.address, "simpy")
    next(chunks)
    victim.kill()
    with pytest.raises(WorkersLost) as lost:
        list(chunks)
    assert str(lost.value) == (
        f"all workers of --cluster {dask.address} are gone, or have paused because memory ran low; none has come "
        "back within 2 seconds")


@pytest.mark.exhaustive
@posix
def test_a_scheduler_that_hangs_is_reported(model, dask, monkeypatch):
    dask.workers()
    chunks = by_cluster(solo(model, 1, diaries=True), jobs(2000, 2), dask.address, "simpy")
    next(chunks)
    monkeypatch.setattr(module, "ANSWER_WITHIN", 1.0)
    dask.scheduler.send_signal(signal.SIGSTOP)
    with pytest.raises(WorkersLost) as lost:
        list(chunks)
    assert str(lost.value) == f"the Dask scheduler at {dask.address} is gone, or does not answer any more"


KEPT = re.compile(r"([\d,]+) replications are kept in .here.drawdown-sim. Run the same command with --resume to "
                  r"continue.\n")
SCENARIO = """
title = "A short one"
start = 2024-02-12
end = 2024-08-29
[theatres.iraq]
troops = 500
attacks_per_day = 0.2
[phases.iraq]
theatre = "iraq"
start = 2024-03-01
target = 0
over_days = 60
"""


@pytest.fixture
def run(tmp_path):
    """Start the program on a scenario, in a group of processes of its own."""
    (tmp_path / "short.toml").write_text(SCENARIO, encoding="utf-8")
    started = []

    def start(*arguments):
        started.append(subprocess.Popen(
            [sys.executable, "-m", "sim", "run", "short.toml", "--no-figures", *map(str, arguments)], cwd=tmp_path,
            env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.exhaustive
@posix
def test_a_run_whose_scheduler_is_killed_goes_on_with_resume(run, dask, tmp_path):
    dask.workers()
    size = ("--replications", 5000)
    stopped = run(*size, "--out", "here", "--clock", "simpy", "--cluster", dask.address)
    wait_until(lambda: done_in(play_of(tmp_path / "here")) > 0)
    dask.scheduler.kill()
    _, said = stopped.communicate(timeout=DEADLINE)
    kept = KEPT.match(said)
    assert kept, said
    assert said.removeprefix(kept[0]) == f"the Dask scheduler at {dask.address} is gone, or does not answer any more\n"
    assert stopped.returncode == 1
    assert 0 < done_in(play_of(tmp_path / "here")) == int(kept[1].replace(",", "")) < 5000
    for arguments in (("here", "--resume"), ("whole",)):
        process = run(*size, "--out", *arguments)
        assert process.communicate(timeout=DEADLINE)[1] == ""
        assert process.returncode == 0
    for name in ("summary.json", "outcomes.csv"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


# What is of no use.


@pytest.mark.parametrize(("address", "why"), [
    ("tcp://127.0.0.1:1", "Timed out trying to connect to tcp://127.0.0.1:1 after 1 s"),
    ("nonsense", "missing port number in address 'nonsense'"),
    ("", "missing port number in address ''"),
])
def test_addresses_at_which_nobody_answers_are_named(model, address, why, monkeypatch):
    monkeypatch.setattr(module, "ANSWER_WITHIN", 1.0)
    with pytest.raises(WorkersLost) as lost:
        play_a_chunk(model, address)
    assert str(lost.value) == (f"no Dask scheduler answers at {address or 'an empty address'}; give the address that "
                               f"dask scheduler prints where it is started, such as tcp://host:8786 ({why})")


def test_a_command_that_reaches_nobody_says_so_in_a_line(run, tmp_path):
    process = run("--replications", 10, "--cluster", "http://127.0.0.1:80")
    _, said = process.communicate(timeout=DEADLINE)
    assert re.fullmatch(r"no Dask scheduler answers at http://127.0.0.1:80; .*unknown address scheme 'http'.*\n", said)
    assert process.returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == ["short.toml"]


@pytest.mark.exhaustive
def test_a_scheduler_without_workers_is_reported(model, dask, monkeypatch):
    monkeypatch.setattr(module, "WORKERS_WITHIN", 1.0)
    with pytest.raises(WorkersLost) as lost:
        play_a_chunk(model, dask.address)
    assert str(lost.value) == (
        f"the Dask scheduler at {dask.address} has no workers; start some with: dask worker {dask.address}")


@pytest.mark.exhaustive
def test_a_worker_of_another_version_is_refused(model, dask, tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim")
    with (tmp_path / "sim" / "rules" / "attacks.py").open("a") as source:
        source.write("# changed\n")
    dask.workers(tmp_path)
    with pytest.raises(WorkersLost) as lost:
        play_a_chunk(model, dask.address)
    assert re.fullmatch(rf"the worker at tcp://\S+ has another version of the rules \(\w{{12}}, not {RULES}\); install "
                        "the same version of this program there and restart the worker", str(lost.value))


@pytest.mark.exhaustive
def test_a_worker_that_lacks_the_program_is_refused_and_left_alone(model, dask, tmp_path):
    package(tmp_path, "sim", 'raise ImportError("none here")')
    (worker,) = dask.workers(tmp_path)
    with pytest.raises(WorkersLost) as lost:
        play_a_chunk(model, dask.address)
    assert str(lost.value) == (
        f"a worker of --cluster {dask.address} cannot load this program (none here); install the same version "
        "of it wherever there is a worker, and restart those")
    assert worker.poll() is None


def test_without_dask_the_way_to_install_it_is_said(model, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(WorkersLost) as lost:
        play_a_chunk(model, LOCAL)
    assert str(lost.value) == "--cluster needs Dask; install it with: pip install 'drawdown-sim[cluster]'"


# Ctrl-C.


@pytest.mark.exhaustive
@posix
@pytest.mark.parametrize("local", [True, False])
def test_ctrl_c_stops_everything_and_leaves_a_running_cluster_alone(run, pair, model, undisturbed, tmp_path, local):
    process = run("--replications", 500_000, "--out", "here", "--clock", "simpy",
                  "--cluster", LOCAL if local else pair.address)
    wait_until(lambda: done_in(play_of(tmp_path / "here")) > 0)
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does
    _, said = process.communicate(timeout=DEADLINE)
    assert re.sub(KEPT, "", said) == "Stopped.\n" != said
    assert process.returncode == 130
    if local:
        wait_until(lambda: not alive(process.pid))  # the helper of multiprocessing ends a moment after its parent
    else:
        wait_until(lambda: pair.tasks() == 0)
        assert bits(by_cluster(solo(model, 1, diaries=True), jobs(200, 2), pair.address, "simpy")) == undisturbed


def alive(group):
    """Say whether there are processes of a group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
