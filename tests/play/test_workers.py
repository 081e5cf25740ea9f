"""Who plays: threads, of which none rests while another counts."""

import threading
import time

import numpy as np

from sim.play.player import Chunk
from sim.play.workers import by_threads

LIMIT = 60
"""Seconds that only a hang can reach."""


def test_all_players_play_while_a_chunk_is_taken():
    """The first chunk is taken until both players are playing others, which wait for one another."""
    both, taken = threading.Barrier(2), []
    met = threading.Event()

    def make():
        def play(variant, first, replications):
            if first in (1, 2):
                both.wait(LIMIT)
                met.set()
            return Chunk(variant, first, np.zeros((replications, 0)), np.zeros((3, 0), np.int32))

        return play

    def take(chunk):
        taken.append(chunk.first)
        if chunk.first == 0:
            assert met.wait(LIMIT)

    jobs = [(0, first, 1) for first in range(6)]
    assert sorted(chunk.first for chunk in by_threads(make, jobs, 2, take)) == list(range(6))
    assert sorted(taken) == list(range(6))


def test_one_worker_is_one_thread():
    threads = set()

    def make():
        def play(variant, first, replications):
            threads.add(threading.get_ident())
            time.sleep(0.01)  # long enough for another thread to begin, if there is one
            return Chunk(variant, first, np.zeros((replications, 0)), np.zeros((3, 0), np.int32))

        return play

    jobs = [(0, first, 1) for first in range(20)]
    assert len(list(by_threads(make, jobs, 1, lambda chunk: threads.add(threading.get_ident())))) == 20
    assert len(threads) == 1
