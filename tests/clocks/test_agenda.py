"""The agenda against the smallest number of the smallest time, however often times change."""

import math
from typing import Any

import numpy as np
import pytest
from examples import few_and_many
from hypothesis import strategies as st
from numba import njit

from sim.clocks import agenda, layout
from sim.clocks.blocks import block

TIMES = st.sampled_from([0.0, 1.0, 2.0, 7.0, math.inf]) | st.floats(0, 100)


as_roster = block(layout.Roster)


@njit
def first_of(words: Any, processes: int) -> int:
    q = as_roster(words)
    agenda.play_all(q, processes)
    return q.winner[1]


@njit
def entered(words: Any, number: int, time: float) -> int:
    q = as_roster(words)
    agenda.enter(q, number, time)
    return q.winner[1]


def roster(processes: int) -> Any:
    return layout.roster_of([(0, i) for i in range(processes)])


def set_times(q: Any, times: Any) -> None:
    places = int(q["places"][0])
    q["when"][0, places : places + len(times)] = times


@few_and_many(60, 1000, st.integers(1, 40), st.data())
def test_the_first_is_the_earliest_and_of_several_the_lowest_number(processes: int, data: st.DataObject) -> None:
    q = roster(processes)
    times = data.draw(st.lists(TIMES, min_size=processes, max_size=processes))
    set_times(q, times)
    assert first_of(q.view(np.uint64), processes) == times.index(min(times))
    for number, time in data.draw(st.lists(st.tuples(st.integers(0, processes - 1), TIMES), max_size=20)):
        times[number] = time
        assert entered(q.view(np.uint64), number, time) == times.index(min(times))


@pytest.mark.parametrize("processes", [1, 2, 511, 512, 513, 600])
def test_any_number_of_processes_can_play(processes: int) -> None:
    q = roster(processes)
    set_times(q, np.arange(processes, 0, -1))
    assert first_of(q.view(np.uint64), processes) == processes - 1
    downwards = list(range(processes - 1, -1, -1))
    assert [entered(q.view(np.uint64), i, 0.0) for i in downwards] == downwards
