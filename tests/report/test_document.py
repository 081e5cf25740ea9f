"""What a page is told is what the results are."""

import math

import numpy as np
import pytest

import sim
from sim.api.report import Report
from sim.estimate.intervals import wilson
from sim.play.result import Result

CLOSE = 1e-4  # curves have five digits


@pytest.fixture(scope="module")
def scenario(of_run: Report):
    (one,) = of_run.document()["scenarios"]
    return one


def test_outcomes_are_those_of_the_summary_in_the_order_of_the_program(scenario, result: Result) -> None:
    assert [one["name"] for one in scenario["outcomes"]] == result.data.names
    for name, entry in scenario["summary"].items():
        expected = result.summary["outcomes"][name]
        assert {key: entry[key] for key in ("mean", "ci95", "quantiles", "n")} == {
            key: expected[key] for key in ("mean", "ci95", "quantiles", "n")}


@pytest.mark.parametrize(("track", "variable"), [("troops", "troops"), ("attacks", "attacks_per_week")])
def test_bands_are_the_quantiles_of_the_results(scenario, result: Result, track: str, variable: str) -> None:
    band, values = scenario["bands"][track], result.trajectories[variable].values
    places = np.array(band["days"]) // (7 if track == "attacks" else 1)
    for level, name in enumerate(("low", "lower", "middle", "upper", "high")):
        np.testing.assert_allclose(band[name], values[:, level, places], rtol=CLOSE)
    assert len(band["rows"]) == 1


def test_the_plan_is_the_undisturbed_course(scenario, result: Result) -> None:
    days = scenario["bands"]["troops"]["days"]
    np.testing.assert_allclose(scenario["bands"]["troops"]["plan"], result.trajectories.troops_plan.values[:, days])
    assert scenario["plan"] == result.summary["plan"]


def test_talks_are_shares_that_add_up(scenario) -> None:
    np.testing.assert_allclose(np.sum(scenario["bands"]["talks"]["share"], axis=0), 1, atol=CLOSE)


def test_a_curve_is_the_share_of_replications_by_the_end_of_each_day(scenario, result: Result) -> None:
    curve, days = scenario["chances"]["completed"], result.column("completion_day")
    happened = [int((days < day + 1).sum()) for day in curve["days"]]
    np.testing.assert_allclose(curve["chance"], np.array(happened) / len(days), rtol=CLOSE)
    for end, name in enumerate(("low", "high")):
        np.testing.assert_allclose(curve[name], [wilson(count, len(days))[end] for count in happened], rtol=5e-3)
    assert curve["days"][0] == 0
    assert curve["days"][-1] == scenario["horizon"] - 1


def test_histograms_count_every_replication(scenario, result: Result) -> None:
    assert set(scenario["histograms"]) == {
        name for name, entry in result.summary["outcomes"].items()
        if entry["main"] and entry["kind"] in ("number", "day")}
    for name, histogram in scenario["histograms"].items():
        values = result.column(name)
        assert sum(histogram["counts"]) + histogram["never"] == result.replications, name
        assert histogram["never"] == int(np.isinf(values).sum())
        low, high = histogram["edges"][2], histogram["edges"][3]
        assert histogram["counts"][2] == int(((values >= low) & (values < high)).sum()), name


def test_the_embedded_file_plays_to_the_same_numbers(scenario, result: Result, tmp_path) -> None:
    path = tmp_path / scenario["toml"]["file"]
    path.write_text(scenario["toml"]["text"], encoding="utf-8")
    again = sim.run(path, 300, 3)
    for name in result.data.names:
        np.testing.assert_array_equal(again.column(name), result.column(name))


def test_the_text_has_each_value_where_it_says(scenario) -> None:
    text = scenario["toml"]["text"].encode("utf-16-le")
    first, last = scenario["toml"]["spans"]["phases.iraq.over_days"]
    assert text[2 * first : 2 * last].decode("utf-16-le") == "60"


def test_differences_are_those_of_the_comparison(of_two: Report, small) -> None:
    document = of_two.document()
    comparison = sim.compare([small, sim.load(small, {"phases.iraq.over_days": 90})], replications=300, seed=3)
    (name,) = comparison.differences
    expected = {entry.outcome: entry for entry in comparison.differences[name]}
    for told in document["differences"]:
        entry = expected[told["outcome"]]
        assert told["scenario"] == name
        assert told["difference"] == entry.difference or math.isnan(entry.difference or math.nan)
        assert told["ci95"] == entry.ci95
        assert told["practical"] == entry.practical
    assert len(document["differences"]) == len(expected)
    assert [one["name"] for one in document["scenarios"]] == ["short", name]


def test_a_story_is_told_of_a_replication_in_the_middle(of_run: Report, result: Result) -> None:
    story = of_run.document()["scenarios"][0]["story"]
    days = np.sort(result.column("completion_day"))
    assert result.column("completion_day")[story["replication"]] == days[(len(days) - 1) // 2]
    assert any("drawdown complete" in event["text"] for event in story["events"] if event["kind"] == "load")
    assert sum(event["kind"] == "load" for event in story["events"]) == 1
    assert all(event["why"] for event in story["events"] if event["kind"] == "begins")
    everything = [event for event in sim.trace(result, story["replication"], 3)
                  if event.kind not in ("replication", "drawn")]
    assert story["left_out"] == len(everything) - len(story["events"])


def test_a_scenario_beyond_the_usual_sizes_has_a_world_too(small) -> None:
    many = {"theatres.iraq.sites.small.weight": 1, "theatres.iraq.sites.small.count": 600}
    large = sim.report(sim.load(small, many), replications=2).document()["scenarios"][0]
    assert large["world"] == "world-0"
    assert len(large["labels"]["sites"]) == 600
