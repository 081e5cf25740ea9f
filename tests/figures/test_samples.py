"""Sample replications, against the records of the same replications."""

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.clocks.reference import play
from sim.figures import timelines
from sim.figures.samples import PHASES, PRESENT, TALK, TALKS, replay
from sim.rules.state import HELD, TALK_STATES, TOLD_ATTACK, TOLD_STRIKE

from .drawn import panel


def lanes(figure, i):
    return figure.axes[2 * i + 1]


def ticks(ax, lane, marker):
    return [x for line in ax.lines if line.get_marker() == marker and set(line.get_ydata()) <= {lane}
            for x in line.get_xdata()]


def test_the_first_three_replications_are_drawn(rich):
    figure = timelines(rich)
    assert [ax.get_title(loc="left") for ax in figure.axes[::2]] == ["Replication 0", "Replication 1", "Replication 2"]
    assert figure.texts[0].get_text() == "Sample replications: 0, 1 and 2 (the first ones, not a selection)"
    assert [label.get_text() for label in lanes(figure, 0).get_yticklabels()] == [
        "Attacks", "Strikes", "Tension", "Talks", "Phase Iraq", "Phase Syria"]


def test_attacks_and_strikes_stand_where_the_records_have_them(rich):
    figure, start = timelines(rich), date2num(rich.file.scenario.start)
    for i in range(3):
        state, _, records = play(rich.model, rich.seed, i)
        attacks = [start + record.time for record in records if record.what == TOLD_ATTACK]
        strikes = [start + record.time for record in records if record.what == TOLD_STRIKE]
        assert ticks(lanes(figure, i), 0, "|") == attacks
        assert ticks(lanes(figure, i), 1, "|") == strikes
        assert len(ticks(lanes(figure, i), 0, "o")) == sum(state.harmful)
        assert len(ticks(lanes(figure, i), 0, "X")) == sum(state.fatal)
        assert len(attacks) > 10


def test_troops_end_where_the_replication_ends(rich):
    figure = timelines(rich)
    for i in range(3):
        state, _, _ = play(rich.model, rich.seed, i)
        ends = [line.get_ydata()[-1] for line in panel(figure, f"Replication {i}").lines]
        assert ends == state.present
        starts = [line.get_ydata()[0] for line in panel(figure, f"Replication {i}").lines]
        assert starts == [2500, 900]


def test_spells_last_as_long_as_the_state_counted(rich):
    for i in range(3):
        played = replay(rich.model, rich.seed, i)
        state, p, _ = play(rich.model, rich.seed, i)
        for number in range(TALK_STATES):
            days = sum(length for _, length in played.spells(played.column(TALK) == number, p.horizon))
            assert days == pytest.approx(state.talks_days[number])
        for j in range(p.phases):
            days = sum(length for _, length in played.spells(played.column(PHASES)[:, j] == HELD, p.horizon))
            assert days == pytest.approx(state.held_days[j])
        widths = np.diff([*played.times, p.horizon])
        assert widths @ played.column(PRESENT) == pytest.approx(state.troop_days)


def test_states_of_the_talks_are_numbered_as_in_the_results(rich):
    assert list(TALKS) == list(rich.dataset.talks_state.values)


def test_what_there_is_no_room_for_is_said(result_of):
    titles = [ax.get_title(loc="left") for ax in timelines(result_of("eight")).axes[::2]]
    assert titles[0] == "Replication 0 (the 6 largest theatres of 8 and the 6 first phases of 8 are shown)"
