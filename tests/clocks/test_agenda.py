"""The agenda against the smallest number of the smallest time, however often times change."""

import math
from typing import Any

import numpy as np
import pytest
from examples import few_and_many
from hypothesis import strategies as st
from numba import njit

from sim.clocks import agenda, layout

TIMES = st.sampled_from([0.0, 1.0, 2.0, 7.0, math.inf]) | st.floats(0, 100)


@njit
def first_of(q: Any, processes: int) -> int:
    agenda.play_all(q, processes)
    return q.winner[1]


@njit
def entered(q: Any, number: int, time: float) -> int:
    agenda.enter(q, number, time)
    return q.winner[1]


def roster(processes: int) -> Any:
    return layout.roster_of([(0, i) for i in range(processes)], layout.roster_type({"processes": 600}))[0]


@few_and_many(60, 1000, st.integers(1, 40), st.data())
def test_the_first_is_the_earliest_and_of_several_the_lowest_number(processes: int, data: st.DataObject) -> None:
    q = roster(processes)
    times = data.draw(st.lists(TIMES, min_size=processes, max_size=processes))
    q["when"][q["places"] : q["places"] + processes] = times
    assert first_of(q, processes) == times.index(min(times))
    for number, time in data.draw(st.lists(st.tuples(st.integers(0, processes - 1), TIMES), max_size=20)):
        times[number] = time
        assert entered(q, number, time) == times.index(min(times))


@pytest.mark.parametrize("processes", [1, 2, 511, 512, 513, 600])
def test_any_number_of_processes_can_play(processes: int) -> None:
    q = roster(processes)
    q["when"][q["places"] : q["places"] + processes] = np.arange(processes, 0, -1)
    assert first_of(q, processes) == processes - 1
    assert [entered(q, i, 0.0) for i in range(processes - 1, -1, -1)] == list(range(processes - 1, -1, -1))
