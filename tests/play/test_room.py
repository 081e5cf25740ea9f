"""The memory that a run takes is estimated in advance, mentioned, and refused above a limit."""

from pathlib import Path

import numpy as np
import pytest

from sim.model.setup import set_up
from sim.play.cast import solo
from sim.play.errors import TooLarge
from sim.play.histogram import Histograms, most_bytes
from sim.play.player import simpy_player
from sim.play.room import MEMORY, require_memory
from sim.scenario.load import load

GIGABYTE = 10**9
GRADUAL = Path(__file__).parents[2] / "scenarios" / "gradual.toml"


def lines_for(needed):
    said = []
    require_memory(needed, said.append)
    return said


def test_memory_is_said_when_it_is_much_and_refused_when_it_is_too_much(monkeypatch):
    monkeypatch.delenv(MEMORY, raising=False)
    assert lines_for(0.9 * GIGABYTE) == []
    assert lines_for(1.94 * GIGABYTE) == ["This takes about 1.9 GB of memory."]
    with pytest.raises(TooLarge) as caught:
        lines_for(2.81 * GIGABYTE)
    assert str(caught.value) == (
        "this would take about 2.8 GB of memory; 2 are allowed. An earlier end, or fewer theatres, phases or "
        "suppressions, take less. If this machine has enough memory, set DRAWDOWN_SIM_MEMORY=3 in the environment")
    monkeypatch.setenv(MEMORY, "3")
    assert lines_for(2.81 * GIGABYTE) == ["This takes about 2.8 GB of memory."]


@pytest.mark.parametrize("text", ["much", "nan", "-1", "0"])
def test_a_limit_that_is_none(monkeypatch, text):
    monkeypatch.setenv(MEMORY, text)
    with pytest.raises(TooLarge, match=f"^{MEMORY} must be a number of GB above 0, such as 8, not {text}$"):
        lines_for(1)


def test_what_is_foretold_is_no_less_than_what_counts_come_to():
    model = set_up(load(GRADUAL).scenario)
    counts = Histograms(model)
    chunk = simpy_player(solo(model, 1, diaries=True))(0, 0, 3)
    counts.add(chunk.entries, 3)
    taken = sum(part.nbytes for part in counts.packed().values() if isinstance(part, np.ndarray))
    assert taken <= most_bytes(model) < 20 * taken
