"""Searches for the best timelines: where the best is known, on fresh futures, and with candidates that cannot be."""

import csv
import io
import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.api.optimise import optimise
from sim.estimate.estimate import Estimate
from sim.play.errors import FolderError
from sim.scenario.fields import Discrete, Uniform
from sim.scenario.load import from_dict
from sim.study.candidates import Candidates
from sim.study.errors import StudyError
from sim.study.front import dominates
from sim.study.study import Design, Factor, Goal, Study

PLAN = {
    "start": date(2024, 1, 1), "end": date(2025, 6, 30),
    "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.2}},
    "phases": {"leave": {"theatre": "north", "start": date(2024, 1, 1), "target": 0, "over_days": 200,
                         "tranche_days": 2}},
    "closing": {"spread": 0},
    "cost": {},
    "attacks": {"elasticity": {"dist": "uniform", "low": 0.5, "high": 1.0}},
}
COST = Goal("cost_total", "low", "mean", None, "number", "million USD")
LATE = Goal("completion_day", "high", "mean", None, "day", "days after the start")
KILLED = Goal("killed_expected", "low", "mean", None, "number", "persons")


def span(low, high):
    return Uniform(dist="uniform", low=low, high=high)


def lever(name, key, dist=None, values=(), unit="days"):
    return Factor(name, (key,), dist, tuple(values), unit)


PACE = lever("pace", "phases.leave.over_days", span(50.0, 450.0))
WASTE = lever("waste", "cost.fixed_per_day", span(1.0, 9.0), unit="million USD")
STAY = "phases.leave.target"


def study(levers, goals=(COST, LATE), uncertainties=(), scenarios=None, seed=1):
    files = scenarios or (from_dict(PLAN, "plan"),)
    return Study("test", Path("test.toml"), "A test", "Which?", tuple(files), tuple(levers), tuple(uncertainties),
                 tuple(goals), Design("latin_hypercube", 10, 1, 100, seed))


def search(levers, goals=(COST, LATE), evaluations=60, replications=5, clock="compiled", **more):
    return optimise(study(levers, goals, **more), evaluations, replications, clock=clock)


def settings(candidates):
    return [tuple(one.setting.values()) for one in candidates]


@pytest.mark.exhaustive
def test_where_haste_saves_and_delay_is_wanted_every_pace_is_best_and_waste_is_not():
    found = search([PACE, WASTE], evaluations=400)
    paces, wastes = zip(*settings(found.front), strict=True)
    assert min(paces) == 50
    assert max(paces) > 440
    assert max(np.diff(sorted(paces))) < 40
    assert np.median(wastes) < 1.1
    assert found.front[0].name == "plan, pace=50, waste=1"
    assert [one.confirmed[0].value for one in found.front] == sorted(one.confirmed[0].value for one in found.front)
    assert 380 < found.tried <= 400  # steps that were taken before are not played again
    assert found.refused == 0


def test_the_scenario_as_it_is_is_given_for_reference():
    found = search([PACE, WASTE])
    (base,) = found.base
    assert (base.name, base.setting) == ("plan", {})
    assert base.confirmed[1].value == sim.run(from_dict(PLAN), replications=15, clock="simpy").outcomes[
        "completion_day"].to_numpy()[5:].mean()


def test_the_search_and_the_confirmation_meet_futures_of_their_own():
    found = search([lever("pace", "phases.leave.over_days", values=[100, 300])], (KILLED, LATE), replications=20)
    for one in found.front:
        plan = from_dict(PLAN, overrides=[f"phases.leave.over_days={one.setting['pace']}"])
        outcomes = sim.run(plan, replications=60, clock="compiled").outcomes["killed_expected"].to_numpy()
        assert one.search[0].value == outcomes[:20].mean()
        assert one.confirmed[0].value == outcomes[20:].mean()
        assert one.confirmed[0].se == outcomes[20:].std(ddof=1) / math.sqrt(40)
    assert settings(found.front) == [(100,), (300,)]
    gain = np.mean([one.confirmed[0].value - one.search[0].value for one in found.front])
    assert found.optimism[0].value == pytest.approx(gain)
    later = np.mean([one.search[1].value - one.confirmed[1].value for one in found.front])
    assert found.optimism[1].value == pytest.approx(later)


@pytest.mark.exhaustive
def test_the_same_seed_gives_the_same_front_whoever_plays_it():
    def front(seed, **how):
        found = optimise(study([PACE], (KILLED, LATE), seed=seed), 16, 4, **how)
        return replace(found, seconds=0.0).as_dict()

    assert front(1, clock="simpy") == front(1, clock="compiled", workers=2) == front(1, clock="compiled", workers=1)
    assert front(1, clock="compiled") != front(2, clock="compiled")


def test_a_beaten_candidate_is_not_in_the_front():
    wasteful = lever("waste", "cost.fixed_per_day", values=[1, 2, 9])
    found = search([lever("pace", "phases.leave.over_days", values=[100, 300]), wasteful])
    assert settings(found.front) == [(100, 1), (300, 1)]
    assert found.tried == 6


def measured(terms):
    terms = np.array(terms, dtype=float)
    return Estimate(terms.mean(), terms.std(ddof=1) / math.sqrt(len(terms)), None, len(terms), terms)


def test_beating_means_as_good_everywhere_and_beyond_noise_better_somewhere():
    chance = np.random.default_rng(1).normal(size=100)
    one, surely_worse, a_little_worse = measured(chance), measured(chance + 0.01), measured(chance[::-1] + 0.01)
    equal = measured(np.zeros(100))
    assert dominates((one, equal), (surely_worse, equal), (KILLED, KILLED))
    assert not dominates((surely_worse, equal), (one, equal), (KILLED, KILLED))
    assert not dominates((one, equal), (a_little_worse, equal), (KILLED, KILLED))
    assert not dominates((one, surely_worse), (surely_worse, one), (KILLED, KILLED))
    assert dominates((surely_worse, equal), (one, equal), (LATE, KILLED))
    assert not dominates((one, equal), (one, equal), (KILLED, KILLED))
    quantile = Estimate(0.0, 0.1, None, 100)
    assert dominates((quantile, equal), (replace(quantile, value=0.28), equal), (KILLED, KILLED))
    assert not dominates((quantile, equal), (replace(quantile, value=0.27), equal), (KILLED, KILLED))


@pytest.mark.parametrize("stay", [
    lever("stay", STAY, values=[0, 500, 1500], unit="troops"), lever("stay", STAY, span(0.0, 2000.0), unit="troops")])
def test_candidates_that_the_checks_refuse_are_left_out(stay):
    found = search([stay], (Goal("troop_days", "low", "mean", None, "number", "troop-days"),
                            Goal("troops_left", "high", "mean", None, "number", "troops")), evaluations=40)
    stays = [one.setting["stay"] for one in found.front]
    assert min(stays) == 0
    assert 450 < max(stays) <= 1000
    assert 0 < found.refused < found.tried
    assert "--set phases.leave.target: is above the strength of north; must be at most 1,000" in found.notes[-1]


@pytest.mark.parametrize("stay", [
    lever("stay", STAY, values=[1500, 1600], unit="troops"), lever("stay", STAY, span(1500.0, 1600.0), unit="troops")])
def test_where_all_candidates_are_refused_the_first_refusal_is_told(stay):
    with pytest.raises(StudyError, match=r"none of the \d+ timelines.*--set phases\.leave\.target: is above"):
        search([stay])


def test_dates_counts_and_switches_are_set_as_listed():
    levers = [lever("begin", "phases.leave.start", values=[date(2024, 1, 1), date(2024, 7, 1)], unit=""),
              lever("crews", "closing.crews", values=[1, 3], unit="crews"),
              lever("shape", "phases.leave.shape", values=["front_loaded", "back_loaded"], unit="")]
    found = search(levers, (LATE, Goal("troop_days", "low", "mean", None, "number", "troop-days")))
    assert found.tried == 8
    assert {one.setting["shape"] for one in found.front} == {"front_loaded"}
    assert {one.setting["begin"] for one in found.front} == {date(2024, 1, 1), date(2024, 7, 1)}
    assert found.front[0].name.startswith("plan, begin=2024-07-01, crews=")
    assert found.front[0].confirmed[0].value > 182 + 190


def test_scenarios_are_a_lever_if_there_are_several():
    slow = from_dict(PLAN, "slow", ["phases.leave.over_days=400"])
    dear = from_dict(PLAN, "dear", ["phases.leave.over_days=100", "cost.per_troop_moved=9"])
    found = search([], scenarios=(from_dict(PLAN, "plan"), slow, dear))
    assert settings(found.front) == [("plan",), ("slow",)]
    assert [one.name for one in found.base] == ["plan", "slow", "dear"]


def test_uncertainties_are_drawn_in_every_replication_and_keys_of_one_together():
    keys = ("casualties.harm_chance", "casualties.fatal_chance")
    both = Factor("harm", keys, Uniform(dist="uniform", low=0.2, high=0.4), (), "chance")
    rate = Factor("rate", ("theatres.north.attacks_per_day",), None, (0.1, 0.3), "attacks per day")
    model = Candidates(study([PACE], uncertainties=[both, rate])).model((300.0,))
    drawn = [model.parameters_of(model.open_streams(1, replication)) for replication in range(400)]
    harm = np.array([p.casualties_harm_chance for p in drawn])
    assert [p.casualties_fatal_chance for p in drawn] == harm.tolist()
    assert harm.min() < 0.21
    assert harm.max() > 0.39
    assert harm.mean() == pytest.approx(0.3, abs=0.01)
    rates = [p.theatre_attacks_per_day[0] for p in drawn]
    assert set(rates) == {0.1, 0.3}
    assert np.mean(rates) == pytest.approx(0.2, abs=0.02)
    assert {p.phase_over_days[0] for p in drawn} == {300.0}
    assert len({p.attacks_elasticity for p in drawn}) == 400  # the scenario's own


def test_what_cannot_be_drawn_is_refused_in_a_line_each():
    odd = [Factor("shape", ("phases.leave.shape",), None, ("linear",), ""),
           Factor("days", ("lift.load", "follow_up_days"), None, (1, 2), "count")]
    with pytest.raises(StudyError) as error:
        Candidates(study([PACE], uncertainties=odd))
    shape, days = str(error.value).splitlines()
    assert shape.startswith("uncertainties.shape: phases.leave.shape cannot be drawn; a search draws")
    assert days.startswith("uncertainties.days: follow_up_days cannot be drawn; a search draws")


def test_a_search_needs_two_goals_and_something_to_choose_from():
    with pytest.raises(StudyError, match=r"a search needs two or three outcomes to weigh .*; this study has 1"):
        search([PACE], [COST])
    with pytest.raises(StudyError, match="there is nothing to choose from"):
        search([])
    with pytest.raises(StudyError, match=r"outcomes\.agreed: is not measured in every scenario"):
        search([PACE], [COST, Goal("agreed", "high", "mean", None, "yes_no", "chance")])


def test_a_goal_after_the_third_is_kept_within_its_threshold():
    days = Goal("troop_days", "low", "mean", 5.0, "number", "troop-days")
    soon = Goal("completion_day", "low", "mean", 250.0, "day", "days after the start")
    paces = [lever("pace", "phases.leave.over_days", values=[100, 200, 300])]
    free = search(paces, [KILLED, replace(LATE, threshold=300.0), days, COST])
    assert settings(free.front) == [(100,), (200,), (300,)]
    assert free.notes == (
        "The threshold of date of completion is not used, because this outcome is an objective.",
        "The threshold of exposure is not used, because this outcome is an objective.",
        "Cost is not used: only the first 3 outcomes are objectives, and it has no threshold.")
    bound = search(paces, [KILLED, Goal("tail_troop_days", "high", "mean", None, "number", "troop-days"), days, soon])
    assert settings(bound.front) == [(100,), (200,)]
    assert bound.notes[1] == "Date of completion is not an objective, but must keep its threshold, 250."
    assert (bound.objectives, len(bound.front[0].confirmed)) == (3, 4)


def test_quantiles_and_rates_are_goals_like_any_other():
    late = Goal("completion_day", "high", "q95", None, "day", "days after the start")
    rate = Goal("attack_rate", "low", "mean", None, "rate", "attacks per 1,000 troop-months")
    found = search([lever("pace", "phases.leave.over_days", values=[100, 300])], (rate, late), replications=40)
    fast = next(one for one in (*found.front, *found.dropped) if one.setting["pace"] == 100)
    run = sim.run(from_dict(PLAN, overrides=["phases.leave.over_days=100"]), replications=120, clock="compiled")
    fresh = run.outcomes.iloc[40:] if hasattr(run.outcomes, "iloc") else run.outcomes.isel(replication=slice(40, None))
    attacks, days = (fresh[name].to_numpy() for name in ("attacks_total", "troop_days"))
    assert fast.confirmed[0].value == pytest.approx(1000 * 365.25 / 12 * attacks.sum() / days.sum())
    assert fast.confirmed[1].value == np.sort(fresh["completion_day"].to_numpy())[75]  # the 76th of 80
    left_out = (attacks.sum() - attacks) / (days.sum() - days)
    jackknife = math.sqrt(79 / 80 * ((left_out - left_out.mean()) ** 2).sum()) * 1000 * 365.25 / 12
    assert fast.confirmed[0].se == pytest.approx(jackknife, rel=0.05)
    with pytest.raises(StudyError, match=r"outcomes\.attack_rate: is a ratio of means and has no quantiles"):
        search([PACE], (replace(rate, statistic="q50"), late))


def test_what_has_not_happened_counts_as_the_horizon():
    found = search([lever("pace", "phases.leave.over_days", values=[100, 900])])
    assert [one.confirmed[1].value for one in found.front][-1] == 547


def test_levers_take_steps_that_can_be_read():
    axes = Candidates(study([PACE, lever("noise", "lift.spread", span(0.0, 0.6)),
                             lever("stay", STAY, Discrete(dist="discrete", values=[0, 100]))],
                            scenarios=[from_dict(PLAN | {"lift": {}}, "plan")])).axes
    assert [axis.rounded(x) for axis, x in zip(axes, (123.456, 0.123456, 1.0), strict=True)] == [123, 0.123, 1]
    assert [axis.value(axis.at(1.0)) for axis in axes] == [450, 0.6, 100]
    assert axes[0].rounded(449.9) == 450


def test_the_table_has_a_row_for_each_candidate_and_scenario():
    found = optimise(study([PACE], (KILLED, LATE)), 30, 5, clock="compiled")
    table = found.table
    assert table.index.tolist() == [one.name for one in (*found.front, *found.dropped, *found.base)]
    assert table["completion_day"].tolist()[: len(found.front)] == [one.confirmed[1].value for one in found.front]
    assert table[PACE.name].tolist()[0] == found.front[0].setting[PACE.name]
    assert table["status"].iloc[-1] == "base"


def test_the_folder_holds_the_front_as_json_csv_and_picture(tmp_path):
    found = optimise(study([PACE], (KILLED, LATE)), 30, 5, clock="compiled", out=tmp_path / "out")
    report = json.loads((tmp_path / "out/optimise.json").read_text(encoding="utf-8"))
    assert [one["policy"] for one in report["front"]] == [one.name for one in found.front]
    assert report["front"][0]["confirmed"]["killed_expected"] == {
        "value": found.front[0].confirmed[0].value, "se": found.front[0].confirmed[0].se}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/optimise.csv").read_text(encoding="utf-8"))))
    assert float(rows[0]["completion_day_search"]) == found.front[0].search[1].value
    assert [row["status"] for row in rows].count("front") == len(found.front)
    assert rows[-1]["policy"] == "plan"
    assert rows[-1]["status"] == "base"
    assert sorted(path.name for path in (tmp_path / "out/figures").iterdir()) == ["front.png", "front.svg"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").touch()
    with pytest.raises(FolderError, match=r"mine exists and holds no results of this program; choose"):
        optimise(study([PACE]), 4, 2, out=tmp_path / "mine")


def test_levers_that_move_nothing_are_said_to():
    idle = [lever("hold", "phases.leave.hold_at_most_days", values=[10, 20, 30]),
            lever("faster", "phases.leave.faster_by", values=[1.5, 2.0], unit="")]
    assert search(idle).notes[0] == (
        "No lever changes any of these outcomes: all 6 timelines tried give the same values, so none is better. Try "
        "other levers or other outcomes.")
    some = search([WASTE], evaluations=5)
    assert some.notes == ("The lever does not change date of completion: the same in all 4 timelines tried.",)
    assert search([PACE], evaluations=5).notes == ()


def test_levers_at_the_end_of_their_range_are_marked_and_said():
    found = search([PACE, WASTE], evaluations=100)
    assert found.ends(found.front[0]) == {"pace": 50.0, "waste": 1.0}
    assert found.ends(found.front[-1]) == {"pace": 450.0}
    assert found.as_table().rows[0][0] == "plan, pace=50 *, waste=1 *"
    line = next(line for line in found.at_ends() if line.startswith("waste"))
    assert line.startswith("waste lies at the end of its range (1 million USD)")
    assert line.endswith("; a wider range might find better.")
    report = found.as_dict()
    assert report["front"][0]["at_end"] == {"pace": 50.0, "waste": 1.0}
    assert report["at_ends"] == found.at_ends()


def test_where_no_scenario_could_go_further_nothing_is_said_nor_for_switches_and_short_lists():
    axes = Candidates(study([
        lever("hold", "phases.leave.hold_at_most_days", span(0.0, 365.0)),
        lever("elasticity", "attacks.elasticity", values=[0.5, 0.6, 0.9], unit=""),
        lever("two", "phases.leave.delay_days", values=[10, 30]),
        lever("shape", "phases.leave.shape", values=["linear", "front_loaded", "stepped"], unit=""),
        lever("crews", "closing.crews", values=[1, 2, 4], unit="count")])).axes
    hold, elasticity, two, shape, crews = axes
    assert [hold.end_at(value) for value in (0.0, 3.0, 10.0, 362.0, 365.0)] == [None, None, None, 365.0, 365.0]
    assert [elasticity.end_at(value) for value in (0.5, 0.6, 0.9)] == [0.5, None, 0.9]
    assert two.end_at(10) is None
    assert shape.end_at("linear") is None
    assert [crews.end_at(value) for value in (1, 2, 4)] == [None, None, 4.0]
