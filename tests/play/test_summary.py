"""Summaries of hand-made columns, against SciPy, closed forms and published values."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from worlds import START, day, leaving

import sim
from sim.estimate.intervals import wilson
from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue, Measured, Rate
from sim.play.run import Size, play_ensemble
from sim.play.undisturbed import UndisturbedPlan
from sim.rules.outcomes import OUTCOMES, RATIOS
from sim.scenario.held import Held
from sim.scenario.load import from_dict
from sim.words.summary import quantiles, summarise, worst_mean
from sim.words.table import notes

INF = math.inf
BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
PLAN = UndisturbedPlan(np.zeros((2, 200), int), 45.0, INF, {})


def summary_of(model, **columns):
    """Summarise columns by the names of outcomes, and the attack rate if its parts are there."""
    measured = tuple(Measured(name, BY_NAME[name], (0,)) for name in columns)
    rates = ()
    if "troop_days" in columns:
        rates = (Rate("attack_rate", RATIOS[0], "attacks_total", "troop_days"),)
    values = {name: np.array(column, float) for name, column in columns.items()}
    return summarise("made", model, 1, Sample(Catalogue(measured, rates), 200.0, values.__getitem__), PLAN)


def test_a_number(model):
    values = np.array([3.0, 0.0, 7.0, 1.0, 4.0, 4.0, 12.0, 0.0, 2.0, 5.0])
    entry = summary_of(model, attacks_total=values)["outcomes"]["attacks_total"]
    assert entry["n"] == 10
    assert entry["mean"] == pytest.approx(3.8)
    assert entry["sd"] == pytest.approx(np.std(values, ddof=1))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert entry["ci95"] == pytest.approx([expected.low, expected.high])
    assert entry["quantiles"] == {"5": 0.0, "25": 1.0, "50": 3.0, "75": 5.0, "95": 12.0}
    assert entry["cvar95"] == 12.0
    assert (entry["kind"], entry["unit"], entry["better"], entry["main"]) == ("number", "attacks", "low", True)


def test_days_that_did_not_come_rank_last_and_count_as_the_horizon(model):
    values = np.array([150.5, INF, 30.0, INF, 99.0, 199.9, 120.0, INF])
    entry = summary_of(model, completion_day=values)["outcomes"]["completion_day"]
    restricted = [150.5, 200, 30, 200, 99, 199.9, 120, 200]
    assert entry["mean"] == pytest.approx(np.mean(restricted))
    expected = stats.ttest_1samp(restricted, 0).confidence_interval(0.95)
    assert entry["ci95"] == pytest.approx([expected.low, expected.high])
    assert entry["restricted_mean_of"] == (
        "min(day, 200): days until it happened, or until the horizon if it did not")
    assert entry["quantiles"] == {"5": 30.0, "25": 99.0, "50": 150.5, "75": None, "95": None}
    assert entry["quantile_dates"] == {"5": "13 Mar 2024", "25": "21 May 2024", "50": "11 Jul 2024",
                                       "75": "after 29 Aug 2024", "95": "after 29 Aug 2024"}
    assert entry["happened"]["share"] == 5 / 8
    assert entry["happened"]["ci95"] == wilson(5, 8)
    assert entry["mean_date"] == "10 Jul 2024"


def test_what_never_happened(model):
    entry = summary_of(model, completion_day=[INF, INF, INF])["outcomes"]["completion_day"]
    assert entry["mean"] == 200.0
    assert entry["ci95"] == [200.0, 200.0]
    assert set(entry["quantiles"].values()) == {None}
    assert entry["happened"]["share"] == 0.0


def test_yes_or_no(model):
    entry = summary_of(model, agreed=[1, 0, 0, 1, 1, 0, 0, 0, 0, 0])["outcomes"]["agreed"]
    assert entry["mean"] == pytest.approx(0.3)
    assert entry["ci95"] == pytest.approx([0.1078, 0.6032], abs=5e-5)
    assert entry["quantiles"]["50"] == 0.0


def test_a_ratio_is_that_of_the_means_with_its_jackknife_interval(model):
    attacks, days = np.array([3.0, 5.0, 0.0, 10.0, 2.0]), np.array([100.0, 180.0, 90.0, 260.0, 120.0])
    entry = summary_of(model, attacks_total=attacks, troop_days=days)["outcomes"]["attack_rate"]
    scale = 1000 * 365.25 / 12
    assert entry["mean"] == pytest.approx(scale * 20 / 750)
    left_out = [np.delete(attacks, i).sum() / np.delete(days, i).sum() for i in range(5)]
    error = math.sqrt(4 / 5 * sum((r - np.mean(left_out)) ** 2 for r in left_out))
    reach = 2.7764451051977987 * error  # 97.5 % point of t with 4 degrees of freedom
    assert entry["ci95"] == pytest.approx([scale * (20 / 750 - reach), scale * (20 / 750 + reach)])
    assert entry["quantiles"] == dict.fromkeys(["5", "25", "50", "75", "95"])
    assert (entry["kind"], entry["main"]) == ("ratio", False)


def test_one_replication_has_no_interval(model):
    entries = summary_of(model, attacks_total=[4.0], completion_day=[INF], agreed=[1.0], troop_days=[9.0])["outcomes"]
    assert [entry["ci95"] for entry in entries.values()] == [None] * 5
    assert entries["attacks_total"]["sd"] is None
    assert entries["completion_day"]["happened"] == {"share": 0.0, "ci95": None}


@given(st.lists(st.one_of(st.integers(0, 50).map(float), st.just(INF)), min_size=1, max_size=200))
def test_quantiles_are_values_that_occurred(values):
    computed = quantiles(np.array(values))
    for percent in (5, 25, 50, 75, 95):
        expected = min(v for v in values if 100 * sum(w <= v for w in values) >= percent * len(values))
        assert computed[str(percent)] == (None if expected == INF else expected)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=300))
def test_worst_mean_is_that_of_the_highest_twentieth(values):
    count = math.ceil(len(values) / 20)
    assert worst_mean(np.array(values, float)) == pytest.approx(sum(sorted(values)[-count:]) / count)


def test_the_variance_of_a_day_is_that_of_its_restricted_mean(model):
    """In each pair, both or neither come to an end: then all variance is due to uncertain inputs, whatever the days."""
    days = np.tile([30.0, 150.0, 199.9, INF], 100)
    column, of_twins = {"completion_day": days}, {"completion_day": np.minimum(days, 250.0)}
    catalogue = Catalogue((Measured("completion_day", BY_NAME["completion_day"], (0,)),), ())
    sample, twins = (Sample(catalogue, 200.0, columns.__getitem__) for columns in (column, of_twins))
    summary = summarise("made", model, 1, sample, PLAN, twins)
    assert summary["outcomes"]["completion_day"]["variance"] == {
        "parameters": 1.0, "ci95": [1 - 3 / 400, 1.0], "chance": 0.0}  # the rule of three
    assert summary["twins"] == 400
    assert "the first 400 replications were played again" in summary["variance"]


def test_without_twins_all_variance_is_chance(model):
    summary = summary_of(model, attacks_total=[3, 1, 4], killed=[2, 2, 2], troop_days=[9, 9, 9])
    assert summary["twins"] == 0
    assert summary["variance"] == ("this scenario draws no number, so all variance is chance; what comes from numbers "
                                   "in held_fixed is not in it")
    assert {name: entry["variance"] for name, entry in summary["outcomes"].items()} == {
        "attacks_total": {"parameters": 0.0, "ci95": [0.0, 0.0], "chance": 1.0},
        "killed": None, "troop_days": None, "attack_rate": None}


def test_where_nothing_assumed_is_held_fixed_the_notes_say_so(model):
    summary = summarise("small", model, 1, play_ensemble(model, 1, Size(12)).work.sample(), PLAN)
    assert summary["held_fixed"] == []
    assert "Everything assumed or estimated is drawn. What was measured and what the plan chooses is fixed." in (
        notes(summary))


def test_numbers_held_fixed_are_named_by_key_and_several_of_a_kind_once(model):
    summary = summarise("small", model, 1, play_ensemble(model, 1, Size(12)).work.sample(), PLAN, held=[
        Held("theatres.north.troops", 900.0, "assumed", None), Held("lift.load", 100.0, "assumed", (50.0, 200.0)),
        Held("theatres.south.troops", 500.0, "assumed", None)])
    assert summary["held_fixed"][1] == {"key": "lift.load", "value": 100.0, "mark": "assumed", "range": [50.0, 200.0]}
    assert any(line.startswith("Held fixed, though assumed or estimated: theatres.NAME.troops and lift.load. ")
               for line in notes(summary))


def test_a_whole_summary_is_json_without_nan(model):
    summary = summarise("small", model, 1, play_ensemble(model, 1, Size(12)).work.sample(), PLAN)
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary
    assert summary["plan"] == {"agreement": "2024-03-28", "completion": None}
    assert "does not predict" in summary["note"]
    for entry in summary["outcomes"].values():
        assert {"n", "mean", "ci95", "quantiles", "variance", "unit", "kind", "better", "definition"} <= set(
            entry)
        assert list(entry["quantiles"]) == ["5", "25", "50", "75", "95"]


LEFT = {
    "troops_left": {"north": {"label": "North", "share": 0.02, "median": 700.0},
                    "south": {"label": "South", "share": 0.0, "median": None}},
    "no_longer_complete": 0.0002, "not_followed_up": 0.125, "follow_up_days": 1, "plan_meets_deadline": True,
    "deadline_missed": 0.3, "deadline_missed_with_holds": 0.07, "deadline_missed_with_new_dates": 0.2}


def said(model, **left):
    return [line for line in notes(summary_of(model, agreed=[1, 0]) | {"at_the_end": {**LEFT, **left}})
            if line.startswith(("Troops still", "The drawdown had", "The follow-up of", "Undisturbed"))]


def test_what_the_plan_leaves_is_said(model):
    assert said(model) == [
        "Troops still there on 29 Aug 2024 (the median where there are any, and in how many replications): North 700 "
        "in 2 %.",
        "The drawdown had been complete, but no longer is on 29 Aug 2024, in less than 0.05 % of replications: troops "
        "returned, or a later event called for more to leave.",
        "The follow-up of 1 day after completion is not over by 29 Aug 2024 in 12 % of replications (replications that "
        "are not complete by then included); there, what is asked about it is asked up to 29 Aug 2024.",
        "Undisturbed, the plan meets the deadline, but it misses it in 30 % of replications (in 7 %, with phases "
        "held; in 20 %, with phases whose date moved or whose order was reversed)."]


def test_what_is_not_the_case_is_not_said(model):
    nobody = {"north": {"label": "North", "share": 0.0, "median": None}}
    assert said(model, troops_left=nobody, no_longer_complete=0.0, not_followed_up=0.0, deadline_missed=0.0) == []
    assert not any(line.startswith("Undisturbed") for line in said(model, plan_meets_deadline=False))
    late = "Undisturbed, the plan meets the deadline, but it misses it in 30 % of replications"
    assert said(model, deadline_missed_with_new_dates=0.0)[-1] == f"{late} (in 7 %, with phases held)."
    assert said(model, deadline_missed_with_holds=0.0, deadline_missed_with_new_dates=0.0)[-1] == f"{late}."


def test_what_the_plan_leaves_is_counted_replication_by_replication():
    """North leaves by day 20; 300 come back from day 40 on. The south has no plan."""
    theatres = {"north": {"troops": 1000}, "south": {"troops": 400}}
    phases = leaving(200, over_days=20) | {
        "back": {"theatre": "north", "start": day(40), "reinforce": True, "target": 500, "over_days": 7}}
    tables = {"start": START, "end": day(99), "deadline": day(25), "theatres": theatres, "phases": phases,
              "follow_up_days": 60}
    left = sim.run(from_dict(tables, "back"), 5, workers=1, clock="simpy").summary["at_the_end"]
    assert left == {
        "troops_left": {"north": {"label": "North", "share": 1.0, "median": 500.0},
                        "south": {"label": "South", "share": 1.0, "median": 400.0}},
        "no_longer_complete": 1.0, "not_followed_up": 0.0, "follow_up_days": 60, "plan_meets_deadline": True,
        "deadline_missed": 0.0, "deadline_missed_with_holds": 0.0, "deadline_missed_with_new_dates": 0.0}


def test_deadlines_missed_with_new_dates_are_counted():
    """One of two phases has a new date in every replication, and ends a day after the deadline."""
    phases = leaving(200, over_days=20) | {"later": {
        "theatre": "south", "start": START, "target": 0, "over_days": 20, "redatings": 1, "redating_days": 6}}
    tables = {"start": START, "end": day(99), "deadline": day(25), "phases": phases,
              "theatres": {"north": {"troops": 1000}, "south": {"troops": 400}}}
    left = sim.run(from_dict(tables, "late"), 5, workers=1, clock="simpy").summary["at_the_end"]
    assert (left["deadline_missed"], left["deadline_missed_with_holds"], left["deadline_missed_with_new_dates"]) == (
        1.0, 0.0, 1.0)
