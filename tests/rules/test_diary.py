"""The diary against a record of its own: the SimPy clock looked at day by day, and its log counted week by week."""

import math
from typing import Any

import numpy as np
import pytest
from examples import few_and_many
from hypothesis import strategies as st
from numpy.typing import NDArray
from strategies import scenarios
from worlds import START, day, leaving, model

from sim.clocks.reference import Record, ReferenceClock
from sim.model.setup import Model, set_up
from sim.play.daily import series, unfold
from sim.rules import diary
from sim.rules import state as codes
from sim.rules.state import State
from sim.scenario.load import ScenarioFile

Tracks = dict[str, NDArray[Any]]


def written(world: Model, seed: int) -> Tracks:
    """Play a replication with a diary, and unfold it."""
    clock = ReferenceClock(world, seed, 0)
    p = clock.parameters
    d = diary.first_diary(p, diary.most_entries(p))
    diary.open_diary(p, d)
    s = clock.play(lambda s, upto: diary.note(s, p, d, upto))
    diary.note(s, p, d, p.horizon + 1.0)
    columns = (column[: d.entries] for column in (d.entry_row, d.entry_time, d.entry_level))
    return unfold(world, np.array([*columns]))


def index(value: float) -> int:
    """Return a logarithm in steps of half a percent, within a factor of exp(20)."""
    return math.floor(min(max(value, -20.0), 20.0) / 0.005 + 0.5)


def logarithm(value: float) -> float:
    return math.log(value) if value > 0.0 else -20.0


def seen(world: Model, seed: int) -> Tracks:
    """Play the same replication, and look: at each day before the first thing that happens later than its start."""
    days = int(world.parameters.horizon)
    looks: list[dict[str, list[int]]] = []
    records: list[Record] = []

    def observe(s: State, upto: float) -> None:
        while len(looks) < days and len(looks) < upto:
            looks.append({
                "troops": [*s.present, sum(s.present)], "talks": [s.talks], "tension": [int(s.tension_high)],
                "index": [index(s.threat), index(logarithm(s.capability)), index(logarithm(s.threat_ratio))],
                "suppression": [*s.suppression], "phase": [*s.phase], "cargo": [*s.cargo_left],
                "mode": [0 if j < 0 else 2 if boxes else 1
                         for j, boxes in zip(s.load_phase, s.load_cargo, strict=True)]})

    ReferenceClock(world, seed, 0, on_record=records.append).play(observe)
    tracks = {name: np.array([look[name] for look in looks]).reshape(days, -1).T for name in looks[0]}
    attacks = np.zeros((world.parameters.theatres + 1, days), int)
    for record in records:
        if record.what == codes.TOLD_ATTACK:
            attacks[[record.where, -1], int(record.time)] += 1
    full = days // 7 * 7
    weeks = attacks[:, :full].reshape(len(attacks), -1, 7) if full else attacks[:, np.newaxis, :]
    return tracks | {"attacks": weeks.sum(axis=2)}


def assert_same(world: Model, seed: int) -> Tracks:
    found, expected = written(world, seed), seen(world, seed)
    assert found.keys() == expected.keys()
    for name, track in expected.items():
        assert found[name].shape == track.shape == series(world)[name]
        assert found[name].tolist() == track.tolist()
    return found


@few_and_many(25, 80, scenarios(), st.integers(0, 2**32))
def test_the_diary_of_any_scenario_is_what_one_sees_from_day_to_day(file: ScenarioFile, seed: int) -> None:
    assert_same(set_up(file.scenario), seed)


@pytest.mark.parametrize("days", [2, 6, 7, 8, 13, 14, 15, 20, 21, 100])
def test_weeks_that_are_not_full_are_left_out_but_for_an_only_one(days: int) -> None:
    world = model(days, attacks={"branching_ratio": 0}, theatres={
        "north": {"troops": 1000, "attacks_per_day": 2}, "south": {"troops": 500, "attacks_per_day": 1}})
    found = assert_same(world, 5)
    assert found["attacks"].shape == (3, max(1, days // 7))
    assert found["attacks"][2].tolist() == (found["attacks"][0] + found["attacks"][1]).tolist()
    assert (found["attacks"][2] > 0).all()
    assert found["troops"].shape == (3, days)


def test_the_attacks_of_full_weeks_and_the_rest_are_all_attacks() -> None:
    world = model(100, theatres={"north": {"troops": 1000, "attacks_per_day": 1}})
    attacks = written(world, 2)["attacks"]
    clock = ReferenceClock(world, 2, 0)
    at_day_98: list[int] = []
    total = clock.play(lambda s, upto: at_day_98.append(s.attacks[0]) if upto <= 98 else None).attacks[0]
    assert attacks.shape == (2, 14)
    assert at_day_98[-1] <= attacks[0].sum() <= at_day_98[-1] + 1 <= total
    assert attacks[0].tolist() == attacks[1].tolist()


def test_a_day_shows_what_its_date_has_brought() -> None:
    """100 of 500 troops leave on each of days 2, 4, ... 10; the truce is in force on days 3 to 6."""
    world = model(15, theatres={"north": {"troops": 500, "sites": {"main": {"garrison": 0, "closing_days": 0}}}},
                  phases=leaving(over_days=10, tranche_days=2),
                  suppressions={"truce": {"start": day(3), "end": day(7)}},
                  talks={"first_round": START, "agreement_on": day(5)}, closing={"spread": 0})
    found = written(world, 1)
    assert found["troops"][0].tolist() == [500] * 2 + [400] * 2 + [300] * 2 + [200] * 2 + [100] * 2 + [0] * 5
    assert found["suppression"][0].tolist() == [codes.TO_COME] * 3 + [codes.IN_FORCE] * 4 + [codes.OVER] * 8
    assert found["talks"][0].tolist() == [codes.PROGRESSING] * 5 + [codes.AGREED] * 10
    assert found["phase"][0].tolist() == [codes.MOVING] * 10 + [codes.REACHED] * 5


def test_numbers_beyond_the_index_are_cut_off() -> None:
    """Half a percent a step, and a factor of exp(20) at most: also for forces that are lost entirely."""
    world = model(400, capability={"floor": 1e-9, "loss_per_year": 100},
                  theatres={"north": {"troops": 0}},
                  threat={"noise": 0, "tick_days": 7, "rests_without": 1, "capability_elasticity": 0})
    found = written(world, 1)["index"]
    assert found[1, 0] == 0
    assert found[1, -1] == -4000
    assert found[2, -1] == 4000
    assert found.min() == -4000
    assert found.max() == 4000
