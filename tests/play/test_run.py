"""Workers that are stopped, die, or meet a replication that cannot be played."""

import multiprocessing
import os
import signal
import threading

import pytest

from sim.model.setup import set_up
from sim.play.errors import Unplayable, WorkersLost
from sim.play.run import Means, Size, play_ensemble
from sim.scenario.load import from_dict

from .conftest import small


def stop(done, at_most):
    if done:
        raise KeyboardInterrupt


def threads():
    return [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


@pytest.mark.exhaustive
@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_workers_are_gone_as_soon_as_a_run_is_stopped(model, clock):
    with pytest.raises(KeyboardInterrupt) as stopped:
        play_ensemble(model, 1, Size(5_000_000), Means(2, clock), progress=stop)
    assert stopped.traceback  # which would keep a forgotten generator, and its workers, alive
    assert multiprocessing.active_children() == []
    assert threads() == []


@pytest.mark.exhaustive
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_does_not_wait_for_workers_to_finish(model):
    threading.Timer(3.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        play_ensemble(model, 1, Size(2_000_000), Means(2, "simpy", chunk=1_000_000))  # hours of work
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_worker_that_dies_is_reported(model):
    def kill(done, at_most):
        for worker in multiprocessing.active_children()[:1]:
            os.kill(worker.pid, signal.SIGKILL)

    with pytest.raises(WorkersLost, match="a worker process ended before its work was done; perhaps memory ran out"):
        play_ensemble(model, 1, Size(100_000), Means(2, "simpy"), progress=kill)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize(("clock", "workers"), [("simpy", 1), ("simpy", 2), ("compiled", 1), ("compiled", 2)])
def test_a_replication_that_cannot_be_played_is_named(clock, workers):
    wild = set_up(from_dict(small(threat={"tick_days": 0.11, "noise": 2.0, "persistence": 1.0})).scenario)
    wild.parameters.threat_noise = 200.0  # beyond what a scenario file may say
    with pytest.raises(Unplayable, match=r"^replication \d+ cannot be played to the end: its numbers grow beyond all"):
        play_ensemble(wild, 1, Size(4), Means(workers, clock, chunk=1))
    assert multiprocessing.active_children() == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_too_many_events_are_named_too(clock):
    busy = small(pressure={"review_days": 0.11, "demand_chance": 0.0})
    busy["phases"]["south"]["tranche_days"] = 0.00005
    with pytest.raises(Unplayable, match=r"^replication 0 cannot be played to the end: more than 1,000,000 events;"):
        play_ensemble(set_up(from_dict(busy).scenario), 1, Size(1), Means(1, clock))
