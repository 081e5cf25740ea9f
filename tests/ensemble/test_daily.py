"""What is noted day by day, against looking up the state of every day one by one."""

import math
from datetime import date

import numpy as np
import pytest

from sim.clocks.reference import ReferenceClock
from sim.ensemble.daily import INDEX_STEP, Daily
from sim.rules.setup import set_up
from sim.rules.state import TOLD_ATTACK
from sim.scenario.load import from_dict

from .conftest import small


@pytest.mark.parametrize("replication", range(6))
def test_every_day_has_the_state_that_held_at_its_start(model, replication):
    records, stretches = [], []  # a stretch: up to when, and what held
    clock = ReferenceClock(model, 3, replication, on_record=records.append)
    daily = Daily(clock.parameters)

    def observe(s, upto):
        daily.observe(s, upto)
        stretches.append((upto, list(s.present), s.talks, s.tension_high, list(s.suppression), list(s.phase),
                          (s.threat, math.log(s.capability), math.log(s.threat_ratio))))

    tracks = daily.tracks(clock.play(observe))
    days = int(clock.parameters.horizon)
    for day in range(days):
        held = next(stretch for stretch in stretches if stretch[0] > day)
        assert tracks["troops"][:, day].tolist() == [*held[1], sum(held[1])]
        assert tracks["talks"][0, day] == held[2]
        assert tracks["tension"][0, day] == held[3]
        assert tracks["suppression"][:, day].tolist() == held[4]
        assert tracks["phase"][:, day].tolist() == held[5]
        assert np.allclose(tracks["index"][:, day] * INDEX_STEP, held[6], atol=INDEX_STEP / 2 + 1e-12, rtol=0)
    attacks = [(record.where, record.time) for record in records if record.what == TOLD_ATTACK]
    assert len(attacks) > 10
    for week in range(days // 7):
        for theatre in range(2):
            expected = sum(k == theatre and 7 * week < time <= 7 * week + 7 for k, time in attacks)
            assert tracks["attacks"][theatre, week] == expected
    assert np.array_equal(tracks["attacks"][2], tracks["attacks"][0] + tracks["attacks"][1])


def test_a_run_shorter_than_a_week_is_one_week():
    scenario = small(end=date(2024, 2, 15), deadline=date(2024, 2, 14), phases={})
    clock = ReferenceClock(set_up(from_dict(scenario).scenario), 1, 0)
    daily = Daily(clock.parameters)
    end = clock.play(daily.observe)
    tracks = daily.tracks(end)
    assert tracks["troops"].shape == (3, 4)
    assert tracks["attacks"].tolist() == [[end.attacks[0]], [end.attacks[1]], [sum(end.attacks)]]
