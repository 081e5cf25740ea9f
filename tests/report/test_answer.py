"""The answer says what the intervals allow, and nothing else."""

import re
from dataclasses import replace

import pytest

import sim
from sim.api.report import Report
from sim.comparison.verdicts import verdict
from sim.estimate.difference import ranked
from sim.report.compare_answer import answer as of_comparison
from sim.report.run_answer import answer, how_to_read
from sim.report.run_sections import plan
from sim.report.scene import of_result
from sim.words.phrases import date_text


def test_three_to_five_sentences_end_with_the_caveat(of_run: Report, of_two: Report) -> None:
    for report in (of_run, of_two):
        assert 3 <= len(report.article.answer) <= 5
        assert "not predict the war" in report.article.answer[-1]


def test_it_is_made_from_the_numbers(result) -> None:
    when = answer(of_result(result))[0]
    completion = result.summary["outcomes"]["completion_day"]
    assert f"in half of them by {completion['quantile_dates']['50']}" in when
    assert f"between {completion['quantile_dates']['5']} and {completion['quantile_dates']['95']}" in when
    share = 100 * result.summary["outcomes"]["completed"]["mean"]
    assert float(re.search(r"in ([\d.]+) %", when)[1]) == pytest.approx(share, abs=0.05)


def test_how_far_the_plan_is_missed_is_told_with_the_size_that_matters(small) -> None:
    result = sim.run(sim.load(small, {"phases.iraq.kind": "own_date", "practical.completion_day": 1}), 1000)
    scene = of_result(result)
    planned = scene.plan["completion"]
    median = int(result.summary["outcomes"]["completion_day"]["quantiles"]["50"])
    gap = median - (planned - result.file.scenario.start).days
    assert gap < -1
    plan = f"If nothing disturbed it, the plan would be complete on {date_text(planned)}"
    assert f"{plan}, {-gap} days later; a gap of 1 day or more would matter" in answer(scene)[0]


def test_a_small_difference_from_the_plan_is_said_not_to_matter(small) -> None:
    large = sim.load(small, {"practical.completion_day": 5000})
    assert "no difference that matters" in answer(of_result(sim.run(large, 300, 3)))[0]


def test_a_cause_is_only_named_where_its_interval_is_on_one_side(result) -> None:
    scene = of_result(result)
    split = {"parameters": 0.9, "ci95": [0.2, 1.0], "chance": 0.1}
    unsure = {name: {**entry, "variance": split} for name, entry in scene.entries.items()}
    assert any("These replications do not show what" in line for line in answer(replace(scene, entries=unsure)))
    sure = {name: {**entry, "variance": {**split, "ci95": [0.8, 1.0]}} for name, entry in scene.entries.items()}
    told = answer(replace(scene, entries=sure))
    assert any("Numbers that nobody knows decide much of these" in line for line in told)


def test_too_few_replications_to_tell_causes_apart_name_none(small) -> None:
    for replications in (1, 2):
        scene = of_result(sim.run(small, replications, 3))
        assert not any("as far as the model" in line for line in answer(scene))
        assert f"scenario {'was' if replications == 1 else 'were'} played" in how_to_read(scene)[0]


def test_a_wide_interval_does_not_show_that_the_plan_is_kept(small) -> None:
    loose = sim.load(small, {"phases.iraq.kind": "own_date", "practical.completion_day": 5000})
    result = sim.run(loose, 30, 3)
    assert "no difference that matters." in answer(of_result(result))[0]
    strict = sim.load(small, {"practical.completion_day": 0.001, "phases.iraq.hold_after_fatal_days": 0})
    when = answer(of_result(sim.run(strict, 12, 3)))[0]
    assert "no difference that matters." not in when


def test_nothing_is_planned_to_leave(small) -> None:
    text = small.read_text(encoding="utf-8")
    stays = small.with_name("stays.toml")
    stays.write_text(text[: text.index("[phases.iraq]")], encoding="utf-8")
    report = sim.report(stays, replications=50)
    assert report.article.answer[0].startswith("Nothing is planned to leave")


def test_a_comparison_names_what_is_better_with_its_size(small) -> None:
    comparison = sim.compare([small, sim.load(small, {"phases.iraq.over_days": 100})], replications=300, seed=3)
    first = of_comparison(comparison)[0]
    entry = next(e for e in comparison.differences["short (2)"] if e.outcome == "completion_day")
    assert re.search(rf"worse in .*date of completion \(\+{entry.difference:.1f} ± ", first)


def test_deaths_and_attacks_are_named_however_many_outcomes_differ_more(small) -> None:
    slow = sim.load(small, {"phases.iraq.over_days": 120})
    comparison = sim.compare([small, slow], replications=400)
    worse = [entry.outcome for entry in ranked(comparison.differences["short (2)"])
             if entry.main and verdict(entry) == "worse"]
    assert {"killed_expected", "attacks_total"} - set(worse[:3])  # else nothing would be shown here
    said = of_comparison(comparison)[0]
    assert "expected deaths (+" in said
    assert "attacks (+" in said
    assert f"{len(worse) - len({*worse[:3], 'killed_expected', 'attacks_total'})} more" in said


def test_means_stand_beside_the_ranges_of_each(of_run: Report) -> None:
    entries = of_run.article.scenes[0].entries
    low, high = (entries["attacks_total"]["quantiles"][level] for level in ("5", "95"))
    killed = entries["killed"]["quantiles"]["95"]
    (price,) = (sentence for sentence in of_run.article.answer if sentence.startswith("On average until "))
    assert f"Each taken alone, nine in ten replications have {low:g} to {high:g} attacks" in price
    assert f" 0 to {killed:g} killed" in price


def test_scenarios_that_agree_are_said_to_agree(small) -> None:
    comparison = sim.compare([small, small], replications=50)
    assert of_comparison(comparison)[0] == "short (2) and short agree in all 50 replications."


def test_milestones_stand_beside_their_plan(result) -> None:
    scene = of_result(result)
    (table,) = plan(scene).tables
    told = {row[0]: row[1] for row in table.rows}
    assert told["Date of completion"] == date_text(scene.plan["completion"])
    assert told["Date of the first move of phase Iraq"] == date_text(scene.planned["first_move_day.iraq"])
    assert scene.planned["first_move_day.iraq"] < scene.planned["target_day.iraq"] <= scene.plan["completion"]
    assert "" not in told.values()
