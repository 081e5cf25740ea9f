"""The same bits, however the work is divided and whichever clock plays: with real threads and processes."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from sim.play.cast import solo
from sim.play.player import compiled_player, simpy_player
from sim.play.run import Means, Size, play_ensemble

from .conftest import contents

REPLICATIONS = 60


def play(model, replications=REPLICATIONS, seed=7, **means):
    return play_ensemble(model, seed, Size(replications), Means(**means)).work


@pytest.fixture(scope="module")
def alone(model):
    return play(model, workers=1, clock="simpy")


@pytest.mark.parametrize(("clock", "workers", "chunk"), [
    ("simpy", 2, 25), ("compiled", 2, 7), ("compiled", 1, 60),
    *(pytest.param(*means, marks=pytest.mark.exhaustive) for means in (
        ("simpy", 3, 7), ("simpy", 1, 1), ("simpy", 2, 1000), ("compiled", 1, 7), ("compiled", 3, 1),
        ("compiled", 2, 1000)))])
def test_clocks_workers_and_chunks_do_not_change_a_bit(model, alone, clock, workers, chunk):
    assert contents(play(model, clock=clock, workers=workers, chunk=chunk)) == contents(alone)


def test_first_replications_of_a_longer_run_are_those_of_a_shorter(model, alone):
    shorter = play(model, 20, workers=2, chunk=3, clock="compiled")
    for name in alone.columns.names:
        assert shorter.columns.column(name).tobytes() == alone.columns.column(name, 20).tobytes()


def one_row(play_chunk, replication):
    chunk = play_chunk(0, replication, 1)
    assert chunk.first == replication
    return chunk.outcomes[0].tobytes()


def replayed(model, replication):
    return one_row(simpy_player(solo(model, 7)), replication)


def test_any_replication_can_be_played_alone_in_another_process(model, alone):
    expected = np.array([alone.columns.column(name)[41] for name in alone.columns.names]).tobytes()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(replayed, model, 41).result() == expected
    assert one_row(compiled_player(solo(model, 7)), 41) == expected


def test_replications_and_seeds_differ(model, alone):
    exposure = alone.columns.column("troop_days")
    assert len(np.unique(exposure)) == REPLICATIONS
    assert not set(play(model, seed=8, workers=1).columns.column("troop_days")) & set(exposure)


@pytest.mark.exhaustive
@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_progress_counts_every_replication_once(model, clock):
    seen = []
    play_ensemble(model, 1, Size(55), Means(2, clock, chunk=10), progress=lambda *counts: seen.append(counts))
    assert {at_most for _, at_most in seen} == {55 + 55}  # and their twins
    done = [done for done, _ in seen]
    assert done[6:8] == [55, 55]
    assert sorted(np.diff(done)) == [0, 5, 5, *[10] * 10]
    assert (done[0], done[-1]) == (0, 110)
