"""The same bits, however the work is shared out: through real worker processes."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from sim.ensemble.chunk import play_chunk
from sim.ensemble.run import play_ensemble

REPLICATIONS = 60


@pytest.fixture(scope="module")
def alone(model):
    return play_ensemble(model, REPLICATIONS, 7, workers=1)


def counts(ensemble):
    percents = tuple(range(1, 101))
    return {name: (h.quantiles(percents).tobytes(), h.mean().tobytes()) for name, h in ensemble.histograms.items()}


@pytest.mark.parametrize(("workers", "chunk"), [(2, 25), (3, 7), (1, 1), (1, 60), (2, 1000)])
def test_workers_and_chunks_do_not_change_a_bit(model, alone, workers, chunk):
    other = play_ensemble(model, REPLICATIONS, 7, workers, chunk)
    assert other.outcomes.tobytes() == alone.outcomes.tobytes()
    assert counts(other) == counts(alone)


def test_first_replications_of_a_longer_run_are_those_of_a_shorter(model, alone):
    shorter = play_ensemble(model, 20, 7, workers=2, chunk=3)
    assert shorter.outcomes.tobytes() == alone.outcomes[:20].tobytes()


def test_any_replication_can_be_played_alone_in_another_process(model, alone):
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        one = pool.submit(play_chunk, model, 7, 41, 1).result()
    assert one.first == 41
    assert one.outcomes.tobytes() == alone.outcomes[41].tobytes()


def test_replications_and_seeds_differ(model, alone):
    attacks = alone.catalogue.names.index("troop_days")
    assert len(np.unique(alone.outcomes[:, attacks])) == REPLICATIONS
    other = play_ensemble(model, REPLICATIONS, 8, workers=1)
    assert not set(other.outcomes[:, attacks]) & set(alone.outcomes[:, attacks])


def test_progress_counts_every_replication_once(model):
    seen = []
    play_ensemble(model, 55, 1, workers=2, chunk=10, progress=seen.append)
    assert sorted(seen) == [5, 10, 10, 10, 10, 10]
