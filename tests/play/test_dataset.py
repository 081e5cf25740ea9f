"""The dataset's bands and shares, against NumPy on all trajectories at once."""

import math
from datetime import date

import numpy as np
import pytest
import xarray as xr

import sim
from sim.model.setup import set_up
from sim.play.cast import solo
from sim.play.dataset import build
from sim.play.player import simpy_player
from sim.play.run import Means, Size, play_ensemble
from sim.play.undisturbed import undisturbed
from sim.rules.state import AGREED, HELD, IN_FORCE, MOVING
from sim.scenario.load import from_dict
from sim.scenario.names import TALK_STATES

from .conftest import small, tracks_of

N = 40


@pytest.fixture(scope="module")
def tracks(model):
    return tracks_of(model, simpy_player(solo(model, 5, diaries=True))(0, 0, N))


@pytest.fixture(scope="module")
def work(model):
    return play_ensemble(model, 5, Size(N), Means(1, chunk=9)).work


@pytest.fixture(scope="module")
def data(model, work):
    return build(model, 5, work, undisturbed(model)).trajectories()


def quantiles(values):
    return np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0, method="inverted_cdf")


def test_bands_are_the_quantiles_over_replications(data, tracks):
    troops = tracks["troops"]
    for k in range(2):  # fewer than 1,000 soldiers each: exact
        assert np.array_equal(data.troops.values[k], quantiles(troops[:, k]))
    assert np.array_equal(data.troops_mean.values, troops[:, :2].mean(axis=0))
    total = quantiles(troops[:, 2])
    assert np.abs(data.troops_total.values - total).max() <= 1  # bins of two
    attacks = tracks["attacks"]
    for k in range(2):
        assert np.array_equal(data.attacks_per_week.values[k], quantiles(attacks[:, k]))
    assert np.array_equal(data.attacks_per_week_total.values, quantiles(attacks[:, 2]))
    assert np.array_equal(data.attacks_per_week_mean.values, attacks[:, :2].mean(axis=0))
    index = quantiles(tracks["index"])
    for i, name in enumerate(["threat", "capability", "threat_ratio"]):
        assert np.allclose(data[name].values, np.exp(0.005 * index[:, i]), rtol=1e-12, atol=0)


def test_shares_are_the_shares_of_replications(data, tracks):
    for state in range(len(TALK_STATES)):
        assert np.array_equal(data.talks_share.values[state], (tracks["talks"][:, 0] == state).mean(axis=0))
    assert np.array_equal(data.tension_high_share.values, (tracks["tension"][:, 0] == 1).mean(axis=0))
    in_force = (tracks["suppression"] == IN_FORCE).mean(axis=0)
    assert in_force.max() > 0
    assert np.array_equal(data.suppression_share.values, in_force)
    under_way = np.isin(tracks["phase"], [MOVING, HELD]).mean(axis=0)
    assert np.allclose(data.phase_share.values, under_way, rtol=1e-12)
    assert np.allclose(data.talks_share.sum("talks_state"), 1, rtol=1e-12)
    at_work = (tracks["mode"] > 0).mean(axis=0)
    assert at_work.max() > 0
    assert np.array_equal(data.mode_share.values, at_work)
    assert data.mode.values.tolist() == ["lift"]
    assert "cargo" not in data


def test_equipment_is_counted_by_theatre_and_by_mode():
    equipped = small(lift={"cargo_per_week": 0, "road": {"per_week": 0, "cargo_per_week": 40}})
    for site in ("post", "hub"):
        equipped["theatres"]["north"]["sites"][site]["cargo_per_troop"] = 1.0
    model = set_up(from_dict(equipped).scenario)
    tracks = tracks_of(model, simpy_player(solo(model, 5, diaries=True))(0, 0, N))
    data = build(model, 5, play_ensemble(model, 5, Size(N), Means(1, chunk=9)).work, undisturbed(model)).trajectories()
    cargo = tracks["cargo"]
    assert (cargo[:, 0, 0] == 800).all()
    assert 0 < cargo[:, 0, -1].mean() < 800
    for k in range(2):  # fewer than 1,000 boxes each: exact
        assert np.array_equal(data.cargo.values[k], quantiles(cargo[:, k]))
    assert np.array_equal(data.cargo_mean.values, cargo.mean(axis=0))
    assert data.mode.values.tolist() == ["lift", "road"]
    assert [set(np.unique(tracks["mode"][:, mode])) for mode in range(2)] == [{0, 1}, {0, 2}]
    assert np.array_equal(data.mode_share.values, (tracks["mode"] > 0).mean(axis=0))
    assert data.mode_share.values[1].mean() > data.mode_share.values[0].mean() > 0


def test_shares_of_what_happened_end_at_its_chance(data, work):
    columns = {name: work.columns.column(name) for name in work.columns.names}
    for share, outcome in {"agreed_share": "agreement_day", "completed_share": "completion_day",
                           "resurgence_share": "resurgence_day"}.items():
        when = columns[outcome]
        for day in (0, 60, 120, data.day.size - 1):
            assert data[share].values[day] == np.mean(when < day + 1)
    done = data.theatre_done_share.sel(theatre="south").values
    assert done[-1] == np.mean(np.isfinite(columns["handover_day.south"]))
    assert done[-1] > 0
    assert data.agreed_share.values[-1] == columns["agreed"].mean() > 0
    assert data.talks_share.values[AGREED, -1] <= data.agreed_share.values[-1]


def test_coordinates_tell_dates(data):
    assert str(data.date.values[0])[:10] == "2024-02-12"
    assert str(data.date.values[-1])[:10] == "2024-08-29"
    assert data.day.size == 200
    assert data.week.size == 28
    assert str(data.week_date.values[27])[:10] == "2024-08-19"
    assert data["quantile"].values.tolist() == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert data.theatre.values.tolist() == ["north", "south"]
    assert data.attrs["Conventions"] == "CF-1.11"
    assert "does not predict the war" in data.attrs["comment"]
    assert data.attrs["source"].startswith("drawdown-sim ")
    described = {key: value for key, value in data.attrs.items() if key not in ("Conventions", "comment", "source")}
    assert described == {"title": "Small", "question": "", "seed": 5, "replications": N, "start": "2024-02-12",
                         "end": "2024-08-29"}


def test_a_scenario_with_next_to_nothing_has_what_it_has(tmp_path):
    bare = small()
    for key in ("talks", "working_groups", "phases", "threat", "pressure", "suppressions", "tension", "response"):
        del bare[key]
    data = sim.run(from_dict(bare), replications=3).dataset
    assert "threat" not in data
    assert data.talks_share.sel(talks_state="none").values.tolist() == [1.0] * 200
    assert not data.completed_share.values.any()
    assert data.phase_share.shape == (0, 200)
    kept = sim.run(from_dict(bare), replications=3, out=tmp_path / "run", figures=False)
    assert kept.dataset.identical(data)
    written = xr.load_dataset(tmp_path / "run" / "ensemble.nc", engine="h5netcdf")
    assert written.drop_vars("twin_outcomes").identical(data)
    assert written.twin_outcomes.shape == (3, data.sizes["outcome"])


def test_the_plan_knows_no_disturbance():
    certain = small()
    certain["theatres"]["north"]["attacks_per_day"] = 1.0
    certain["theatres"]["south"]["true_over_reported"] = {"dist": "uniform", "low": 1.0, "high": 2.0}
    del certain["lift"]
    plan = undisturbed(set_up(from_dict(certain).scenario))
    # groups report after 30 and 40 days, the principals meet five days later, the phase takes 60 days from then;
    # in the south 90 days from 1 April, day 49
    assert plan.agreement == 45.0
    assert plan.completion == max(45.0 + 60.0, 49.0 + 90.0)
    assert plan.troops[:, 0].tolist() == [800, 450]
    assert plan.troops[:, -1].tolist() == [0, 150]
    assert plan.troops[0, 105] == 0 < plan.troops[0, 104]
    never = small(talks={"first_round": date(2024, 2, 12), "agreement_on": date(2024, 12, 1)}, working_groups={})
    assert undisturbed(set_up(from_dict(never).scenario)).agreement == math.inf


def test_the_plan_leaves_no_duration_to_chance():
    def plan(spread, group_spread):
        scenario = small(lift={"per_week": 120, "spread": spread}, closing={"spread": spread, "crews": 1})
        for group in scenario["working_groups"].values():
            group["work_spread"] = group_spread
        return undisturbed(set_up(from_dict(scenario).scenario))

    assert plan(0.9, 0.9).troops.tolist() == plan(0.0, 0.0).troops.tolist()
    assert plan(0.9, 0.9).completion == plan(0.0, 0.0).completion < 200
