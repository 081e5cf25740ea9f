"""The compiled streams are NumPy's: SeedSequence and PCG64, bit for bit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba import njit
from numpy.random import PCG64, Generator, SeedSequence
from numpy.typing import NDArray

from sim.clocks import generator
from sim.clocks.entropy import pool_of
from sim.clocks.layout import KEY, PLAY, STREAM_WORDS

FIXED = settings(max_examples=300, deadline=None, derandomize=True)
TOLD = [0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**96, 2**128 - 1, 2**128, 2**200]
SEEDS = st.sampled_from(TOLD) | st.integers(0, 2**32) | st.integers(0, 2**256)
REPLICATIONS = st.sampled_from([0, 1, 2**31, 2**32 - 1, 2**32, 2**33, 2**62]) | st.integers(0, 2**62)
KEYS = st.integers(2**63, 2**64 - 1)  # the top bit of a key is set: see `sim.rules.streams.key`
POSITIONS = st.sampled_from([0, 1, 15, 16, 17, 2**32, 2**48 - 1]) | st.integers(0, 2**48 - 1)


@njit
def begun(rows: Any, heads: Any, at_once: Any, pool: Any, replication: int) -> None:
    generator.begin_streams(rows, heads, at_once, pool, replication)


@njit
def drawn(rows: Any, index: int, out: Any) -> None:
    for i in range(len(out)):
        out[i] = generator.uniform(rows, index)


@njit
def sought(rows: Any, index: int, position: int) -> None:
    generator.seek(rows, index, position)


HEAD, NONE = np.array([0]), np.zeros(0, np.int64)


def compiled_streams(seed: int, replication: int, keys: list[int], at_once: bool = True) -> NDArray[np.uint64]:
    """Return a list of streams: a row for its head, and one for each key."""
    rows = np.zeros((1 + len(keys), STREAM_WORDS), np.uint64)
    rows[1:, KEY] = keys
    begun(rows, HEAD, np.arange(1, len(rows)) if at_once else NONE, pool_of(seed), replication)
    return rows


def numpys(seed: int, replication: int, key: int) -> Generator:
    return Generator(PCG64(SeedSequence(seed, spawn_key=(replication, key))))


def draws(rows: NDArray[np.uint64], index: int, count: int) -> bytes:
    out = np.zeros(count)
    drawn(rows, index, out)
    return out.tobytes()


@given(SEEDS, REPLICATIONS, st.lists(KEYS, min_size=1, max_size=5))
@FIXED
def test_streams_are_numpys_draw_by_draw(seed: int, replication: int, keys: list[int]) -> None:
    rows = compiled_streams(seed, replication, keys)
    for i, key in enumerate(keys):
        assert draws(rows, i, 50) == numpys(seed, replication, key).random(50).tobytes()


@given(SEEDS, REPLICATIONS, KEYS, st.lists(POSITIONS, min_size=1, max_size=5), st.integers(0, 40))
@example(0, 0, 2**63, [2**48 - 1, 0], 3)
@FIXED
def test_seeking_gives_the_draws_of_that_place(
    seed: int, replication: int, key: int, positions: list[int], count: int,
) -> None:
    rows = compiled_streams(seed, replication, [key])
    for position in positions:
        sought(rows, 0, position)
        reference = numpys(seed, replication, key)
        reference.bit_generator.advance(position)  # type: ignore[attr-defined]
        assert draws(rows, 0, count) == reference.random(count).tobytes()


def test_each_play_begins_anew_and_another_replication_differs() -> None:
    """A replication played twice in a row too: the rows are memory that is used again."""
    for at_once in (np.array([1]), NONE):
        rows = compiled_streams(2**70, 0, [2**63 + 5], at_once=False)
        found = []
        for replication in (2**40, 7, 2**40, 2**40):
            begun(rows, HEAD, at_once, pool_of(2**70), replication)
            sought(rows, 0, 3)
            found.append(draws(rows, 0, 20))
            assert found[-1] == numpys(2**70, replication, 2**63 + 5).random(23)[3:].tobytes()
        assert found[0] == found[2] == found[3] != found[1]


def test_a_stream_that_is_not_opened_at_once_is_opened_when_it_is_sought() -> None:
    rows = compiled_streams(1, 2, [2**63, 2**63 + 1], at_once=False)
    sought(rows, 1, 7)
    assert rows[:, PLAY].tolist() == [1, 0, 1]
    assert not np.delete(rows[1], KEY).any()


@pytest.mark.parametrize("position", [0, 5, 2**20])
def test_streams_of_the_rules_and_the_clock_agree(position: int) -> None:
    from sim.rules.streams import Stream, key

    stream = Stream(9, 3, key("attacks/north/times"))
    stream.seek(position)
    rows = compiled_streams(9, 3, [key("attacks/north/times")])
    sought(rows, 0, position)
    assert draws(rows, 0, 40) == np.array([stream.next() for _ in range(40)]).tobytes()
