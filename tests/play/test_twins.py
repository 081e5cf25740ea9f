"""Twins: the same uncertain numbers, new chance; and the shares of variance that follow, against theory."""

import math

import numpy as np
import pytest
from numpy.random import PCG64, Generator, SeedSequence
from worlds import HARMLESS, NO_COUPLINGS, START, day
from worlds import model as world

import sim
from sim.estimate.targets import Target
from sim.model.setup import set_up
from sim.model.variant import twin_of
from sim.play import run as ensemble
from sim.play.run import Means, Size, play_ensemble
from sim.play.twins import MOST_TWINS, twins_in
from sim.play.work import TWINS, done_in
from sim.rules.streams import key
from sim.scenario.load import from_dict

from .conftest import outcomes, small

N = 60


def test_streams_of_twins_are_others_save_those_of_uncertain_numbers(model):
    twin = twin_of(model)
    for replication in (0, 7):
        plain, fresh = model.open_streams(3, replication), twin.open_streams(3, replication)
        assert twin.parameters_of(fresh) == model.parameters_of(plain)
        for name, stream in (("twin/tension", fresh.tension[0]), ("twin/attacks/south/times", fresh.attack_times[1])):
            numpys = Generator(PCG64(SeedSequence(3, spawn_key=(replication, key(name)))))
            assert stream.next() == numpys.random()
    groups = zip(model.stream_keys[:-1], twin.stream_keys[:-1], strict=True)
    assert all(not set(streams) & set(others) for streams, others in groups)
    assert twin.stream_keys[-1] == model.stream_keys[-1]


def test_the_first_have_twins_if_anything_is_uncertain(model):
    assert [twins_in(model, n) for n in (1, MOST_TWINS, MOST_TWINS + 1)] == [1, MOST_TWINS, MOST_TWINS]
    assert twins_in(world(10), 1000) == 0


@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_where_nothing_is_uncertain_nothing_is_played_twice(tmp_path, clock):
    seen = []
    certain = world(100, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}})
    played = play_ensemble(certain, 1, Size(10), Means(1, clock), tmp_path, lambda *counts: seen.append(counts))
    assert played.twins is None
    assert seen[-1] == (10, 10)
    assert not (tmp_path / TWINS).exists()


@pytest.fixture(scope="module")
def alone(model):
    return outcomes(play_ensemble(model, 7, Size(N), Means(1, "simpy")).twins)


@pytest.mark.exhaustive
@pytest.mark.parametrize(("clock", "workers", "chunk"), [("simpy", 2, 7), ("compiled", 1, 60), ("compiled", 3, 7)])
def test_clocks_workers_and_chunks_do_not_change_a_bit_of_twins(model, alone, clock, workers, chunk):
    played = play_ensemble(model, 7, Size(N), Means(workers, clock, chunk=chunk))
    assert outcomes(played.twins) == alone
    assert alone["attacks_total"] != outcomes(played.work)["attacks_total"]


class Stop(Exception):
    pass


def test_twins_that_are_played_are_not_played_again(model, alone, tmp_path):
    def stop(done, at_most):
        if done >= N + 35:
            raise Stop

    with pytest.raises(Stop):
        play_ensemble(model, 7, Size(N), Means(1, "simpy", chunk=5), tmp_path, stop)
    assert (done_in(tmp_path), done_in(tmp_path / TWINS)) == (N, 35)
    seen = []
    resumed = play_ensemble(model, 7, Size(N), Means(2, "compiled"), tmp_path, lambda done, _: seen.append(done))
    assert seen == [N, N + 35, 2 * N]
    assert outcomes(resumed.twins) == alone


def test_with_a_precision_twins_are_those_of_the_replications_in_the_end(model, monkeypatch):
    monkeypatch.setattr(ensemble, "looks", lambda at_most: iter([20, 30, 40, at_most]))
    seen = []
    target = Target("troop_days", None, 1e9, False)
    played = play_ensemble(model, 7, Size(N, (target,)), Means(2, "compiled"), None, lambda *seen_: seen.append(seen_))
    assert played.precision["replications"] == 40
    compiled = play_ensemble(model, 7, Size(40), Means(2, "compiled"))
    assert outcomes(played.twins) == outcomes(compiled.twins)
    assert seen[-1] == (80, 80)
    assert all(done <= at_most for done, at_most in seen)


def shares(**tables):
    """Play 2,000 replications of 100 days in which attacks depend on nothing, and return the shares due to inputs."""
    file = from_dict({"start": START, "end": day(99), "couplings": NO_COUPLINGS,
                      "casualties": HARMLESS, **tables})
    result = sim.run(file, MOST_TWINS, seed=5, workers=2, clock="compiled")
    return {name: entry["variance"] for name, entry in result.summary["outcomes"].items()}


def theatre(rate):
    return {"north": {"troops": 1000, "attacks_per_day": rate}}


def test_a_poisson_count_of_an_uncertain_rate_has_the_share_of_theory():
    """Rate uniform on 0.1 to 0.3, 100 days: Var(rate T) = 20^2 / 12, E(rate T) = 20; off by 4 errors in 6e-5."""
    share = (400 / 12) / (400 / 12 + 20)
    split = shares(theatres=theatre({"dist": "uniform", "low": 0.1, "high": 0.3}))["attacks_total"]
    assert split["parameters"] == pytest.approx(share, abs=4 * (1 - share**2) / math.sqrt(MOST_TWINS))
    assert split["chance"] == 1 - split["parameters"]
    low, high = split["ci95"]
    assert low < split["parameters"] < high
    assert high - low == pytest.approx(2 * 1.96 * (1 - share**2) / math.sqrt(MOST_TWINS), rel=0.2)


def test_what_follows_from_uncertain_numbers_alone_is_all_theirs_and_what_does_not_depend_on_them_all_chance():
    """Cost depends only on the uncertain price, attacks only on chance (4 standard errors: 3e-5)."""
    split = shares(theatres=theatre(0.2), cost={"fixed_per_day": {"dist": "uniform", "low": 1, "high": 2}})
    assert split["cost_fixed"] == {"parameters": 1.0, "ci95": [1 - 3 / MOST_TWINS, 1.0], "chance": 0.0}
    assert split["attacks_total"]["parameters"] < 4 / math.sqrt(MOST_TWINS)
    assert split["troop_days"] is None  # they do not vary


def test_the_summary_says_how_many_twins_there_are():
    with_twins = sim.run(from_dict(small(), "small"), 20, workers=1).summary
    assert (with_twins["replications"], with_twins["twins"]) == (20, 20)
    plain = small()
    plain["theatres"]["north"]["attacks_per_day"] = plain["theatres"]["south"]["true_over_reported"] = 1.0
    assert not set_up(from_dict(plain).scenario).draws
    without = sim.run(from_dict(plain, "plain"), 20, workers=1).summary
    assert without["twins"] == 0
    assert without["outcomes"]["attacks_total"]["variance"] == {"parameters": 0.0, "ci95": [0.0, 0.0], "chance": 1.0}
    assert np.isfinite(without["outcomes"]["attacks_total"]["mean"])
