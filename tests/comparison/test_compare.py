"""Scenarios compared under the same chance: theory, exactness, precision, words."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from worlds import ALWAYS_FATAL, NO_COUPLINGS, START, SURE, day, leaving

import sim
from sim.api import compare as api
from sim.api.compare import default_folder, most_different, traded_off
from sim.comparison import words
from sim.comparison.compare import sides_of
from sim.comparison.errors import ComparisonError
from sim.estimate.difference import ranked, skewed_interval
from sim.figures import forest
from sim.figures.trade_off import pareto
from sim.model.setup import set_up
from sim.play.errors import FolderError
from sim.play.run import Means, Size, play_ensemble
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DAYS = 200


def compare(scenarios, **more):
    """Compare without worker processes, which take longer to start than these few replications to play."""
    return api.compare(scenarios, **{"workers": 1} | more)


def scenario(name="north", rate=0.2, days=DAYS, **tables):
    return from_dict({
        "title": f"At {rate} a day", "start": START, "end": day(days - 1),
        "theatres": {"north": {"troops": 1000, "attacks_per_day": rate}}, "couplings": NO_COUPLINGS, **tables}, name)


def entry(comparison, outcome, name=None):
    name = name or next(iter(comparison.differences))
    return next(row for row in comparison.differences[name] if row.outcome == outcome)


@pytest.mark.exhaustive
def test_equal_scenarios_differ_by_exactly_zero_in_everything():
    file = load(SCENARIOS / "gradual.toml")
    comparison = compare([file, file], replications=300)
    assert [side.name for side in comparison.sides] == ["gradual", "gradual (2)"]
    assert len(comparison.differences["gradual (2)"]) > 100
    assert all(row.is_same and row.difference == 0.0 for row in comparison.differences["gradual (2)"]
               if row.difference is not None)
    assert comparison.tests == 0
    assert words.sentences(comparison) == ["gradual (2) and gradual agree in all 300 replications."]


@pytest.mark.exhaustive
def test_a_scenario_in_a_comparison_has_the_results_that_it_has_alone():
    files = [load(SCENARIOS / f"{name}.toml") for name in ("gradual", "fast")]
    comparison = compare(files, replications=150, workers=2, clock="compiled")
    alone = sim.run(files[1], replications=150, workers=1, clock="compiled").summary["outcomes"]
    for name, row in comparison.means["fast"].items():
        assert (row.mean, row.ci95) == (alone[name]["mean"], alone[name]["ci95"]), name


def test_differences_are_those_of_paired_replications():
    a, b = scenario("a", 0.2, phases=leaving(over_days=90)), scenario("b", 0.25, phases=leaving(over_days=30))
    comparison = compare([a, b], replications=80, seed=5)
    columns = [play_ensemble(set_up(file.scenario), 5, Size(80), Means(1, "simpy")).work.columns for file in (a, b)]
    for name in ("attacks_total", "troop_days", "attacks_total.north", "killed_expected"):
        differences = columns[1].column(name) - columns[0].column(name)
        assert entry(comparison, name).difference == differences.mean()
        assert entry(comparison, name).ci95 == skewed_interval(differences)


@pytest.mark.exhaustive
def test_the_intervals_of_differences_hold_the_truth_as_often_as_they_say():
    """300 comparisons of 60 replications. With 95 % coverage fewer than 272 hold it in one of 1,000 cases.

    Attacks are Poisson, so they differ by 0.05 a day; what the deaths differ by, 60,000 other futures tell.
    """
    harm = {"casualties": {"harm_chance": 0.3, "fatal_chance": 0.5, "severity_exponent": 2.5}}
    models = [set_up(scenario(rate=rate, **harm).scenario) for rate in (0.2, 0.25)]

    def differences(seed, replications):
        a, b = (play_ensemble(model, seed, Size(replications), Means()).work.columns for model in models)
        return {name: b.column(name) - a.column(name) for name in ("attacks_total", "killed_expected")}

    truth = {"attacks_total": 0.05 * DAYS, "killed_expected": differences(4, 60_000)["killed_expected"].mean()}
    for name, values in differences(3, 18_000).items():
        intervals = [skewed_interval(block) for block in np.split(values, 300)]
        held = sum(low <= truth[name] <= high for low, high in intervals)
        assert stats.binom.cdf(271, 300, 0.95) < 0.001
        assert held >= 272, name


def test_common_chance_makes_differences_surer_than_independent_chance():
    """Extra attacks are a Poisson process of their own: the variance of the difference is that of 0.05 a day alone."""
    comparison = compare([scenario("a", 0.2), scenario("b", 0.25)], replications=2000)
    row = entry(comparison, "attacks_total")
    error = (row.ci95[1] - row.ci95[0]) / 2 / 1.96
    assert error**2 * 2000 == pytest.approx(0.05 * DAYS, rel=0.15)  # 0.45 * DAYS with seeds of their own


def test_outcomes_that_only_one_scenario_measures_are_not_compared():
    comparison = compare([scenario("a"), scenario("b", phases=leaving(over_days=30))], replications=20)
    assert "completion_day" not in {row.outcome for row in comparison.differences["b"]}
    data = words.as_dict(comparison)["scenarios"]["b"]["outcomes"]["completion_day"]
    assert (data["difference"], data["verdict"]) == (None, "not measured in the base")


def test_scenarios_start_and_end_together():
    with pytest.raises(ComparisonError) as caught:
        sides_of([scenario("a"), scenario("b", days=DAYS + 3), scenario("c", days=DAYS)])
    assert str(caught.value) == (f"b: it ends on {day(DAYS + 2)}, a on {day(DAYS - 1)}; scenarios that are compared "
                                 "start and end on the same days")


def test_the_base_is_the_first_or_the_one_named():
    files = [scenario("a"), scenario("b"), scenario("a")]
    assert [side.name for side in sides_of(files)] == ["a", "b", "a (2)"]
    assert [side.name for side in sides_of(files, "a (2)")] == ["a (2)", "a", "b"]
    with pytest.raises(ComparisonError, match=r"^there is no scenario c to compare with; there are a, b, a \(2\)$"):
        sides_of(files, "c")
    with pytest.raises(ComparisonError, match="give at least two scenarios to compare"):
        sides_of(files[:1])


def test_scenarios_are_played_ten_thousand_times_with_seed_1_unless_said() -> None:
    comparison = compare([scenario("a", 0.2), scenario("b", 0.25)])
    assert (comparison.replications, comparison.seed) == (10_000, 1)


@pytest.mark.exhaustive
def test_replications_are_added_until_each_difference_is_as_sure_as_asked():
    files = [scenario("a", 0.2), scenario("b", 0.25), scenario("c", 0.4)]
    comparison = compare(files, precision={"attacks_total": 0.3}, max_replications=20_000)
    account = comparison.precision
    assert account["held"]
    assert comparison.replications in {1000, 1300, 1700, 2200, 2800, 3500, 4400}
    assert list(account["targets"]) == ["b: attacks_total", "c: attacks_total"]
    for name in "bc":
        low, high = entry(comparison, "attacks_total", name).ci95
        assert (high - low) / 2 == account["targets"][f"{name}: attacks_total"]["half_width"] <= 0.3
    repeated = compare(files, replications=comparison.replications)
    assert repr(repeated.differences) == repr(comparison.differences)  # to the bit; NaN differs from itself


def test_a_share_is_one_of_the_mean_of_the_base():
    comparison = compare([scenario("a", 0.2), scenario("b", 0.21)], precision=["attacks_total=1%"])
    target = comparison.precision["targets"]["b: attacks_total"]
    assert target["half_width_asked"] == pytest.approx(0.01 * comparison.means["a"]["attacks_total"].mean)


def test_quantiles_are_not_compared_and_what_is_asked_must_be_measured():
    files = [scenario("a"), scenario("b")]
    with pytest.raises(ComparisonError, match="by means, not by quantiles; ask for attacks_total"):
        compare(files, precision=["attacks_total:q95=2"])
    with pytest.raises(ScenarioError, match="there is no outcome attacks_totl; did you mean attacks_total"):
        compare(files, precision=["attacks_totl=2"])
    with pytest.raises(ComparisonError, match="peace is not an outcome that every scenario measures and of which more"):
        compare(files, trade_off=("peace", "killed"))


def test_verdicts_say_better_only_where_all_questions_at_once_allow_it():
    comparison = compare([scenario("a", 0.2), scenario("b", 0.3)], replications=400)
    row = entry(comparison, "attacks_total")
    assert (words.verdict(row), words.verdict(replace(row, better="high"))) == ("worse", "better")
    assert words.verdict(replace(row, adjusted=0.06)) == "not shown"
    assert words.verdict(replace(row, better="")) == "higher"
    assert row.adjusted == pytest.approx(min(1.0, row.adjusted))
    assert row.adjusted >= row.p_value


@pytest.mark.exhaustive
def test_differences_are_ranked_by_size_those_shown_first():
    comparison = compare([load(SCENARIOS / f"{name}.toml") for name in ("gradual", "fast")], replications=500)
    order = ranked(comparison.differences["fast"])
    shown = [(row.matters, row.is_shown) for row in order]
    assert shown == sorted(shown, reverse=True)
    assert {(True, True), (False, True), (False, False)} == set(shown)
    sizes = [abs(row.spreads) for row in order if row.matters and math.isfinite(row.spreads)]
    assert sizes == sorted(sizes, reverse=True)
    assert most_different(comparison, "fast") == [
        row.outcome for row in order if row.main and row.kind != "ratio" and row.outcome != "killed"][:3]


def test_results_are_written_whole_and_another_comparison_is_refused(tmp_path):
    files = [scenario("a", 0.2), scenario("b", 0.3)]
    comparison = compare(files, replications=50, out=tmp_path / "out", figures=False)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "codebook.csv", "codebook.md", "comparison.csv", "comparison.json", "comparison.nc", "run.json"]
    data = json.loads((tmp_path / "out" / "comparison.json").read_text())
    row = data["scenarios"]["b"]["outcomes"]["attacks_total"]
    assert (row["difference"], row["ci95"], row["p_worse"]) == (
        entry(comparison, "attacks_total").difference, entry(comparison, "attacks_total").ci95,
        entry(comparison, "attacks_total").p_worse)
    rows = (tmp_path / "out" / "comparison.csv").read_text().splitlines()
    assert len(rows) == 1 + sum(map(len, comparison.means.values()))
    with pytest.raises(FolderError, match="holds results of something else"):
        compare(files[::-1], replications=50, out=tmp_path / "out", figures=False)
    with pytest.raises(FolderError, match="holds no results of a run"):
        sim.Result.load(tmp_path / "out")
    assert default_folder(sides_of(files), 1) != default_folder(sides_of(files[::-1]), 1)


def test_the_table_has_a_row_for_each_difference():
    table = compare([scenario("a", 0.2), scenario("b", 0.3)], replications=50).table
    assert table.loc[("b", "attacks_total"), "difference"] > 0
    assert {"ci95", "p_worse", "is_shown"} <= set(table.columns)


def test_the_table_in_words_has_the_main_outcomes_the_largest_difference_first():
    comparison = compare([scenario("a", 0.2), scenario("b", 0.3)], replications=50)
    main = [row for row in comparison.differences["b"] if row.main]
    assert list(comparison.texts.loc["b"].index) == [row.outcome for row in ranked(main)]
    attacks = comparison.texts.loc[("b", "attacks_total")]
    assert (attacks["Outcome"], attacks["Verdict"]) == ("Attacks", "worse")
    assert attacks["Base"] == words.mean_text(comparison, "attacks_total", entry(comparison, "attacks_total").base)
    assert comparison.sentences() == words.sentences(comparison)


def test_where_nothing_differs_zero_stands_in_the_middle_of_the_picture():
    figure = forest.draw(compare([scenario("a"), scenario("b")], replications=20))
    assert {ax.get_xlim() for ax in figure.axes if ax.get_visible()} == {(-1, 1)}


def judged(comparison, **signs):
    """Give outcomes of a comparison differences of so many standard deviations that are sure."""
    entries = tuple(replace(row, difference=signs[row.outcome], spreads=signs[row.outcome], p_value=0.0, adjusted=0.0,
                            practical=0.0) if row.outcome in signs else replace(row, p_value=0.5, adjusted=0.5)
                    for row in comparison.differences["b"])
    return replace(comparison, differences={"b": entries})


def test_outcomes_weighed_against_each_other_are_those_that_scenarios_trade_off():
    """Completion, deaths, attacks and money are better low; a figure is drawn of what goes in opposite ways only."""
    phased = [scenario(name, 0.2, 30, phases=leaving(over_days=20), cost={}) for name in "ab"]
    comparison = compare(phased, replications=20)
    usual = ("completion_day", "killed_expected")
    assert traded_off(judged(comparison, completion_day=-1.0, killed_expected=0.1, cost_total=9.0)) == usual
    assert traded_off(judged(comparison, completion_day=-1.0, killed_expected=-0.1)) is None
    assert traded_off(judged(comparison, completion_day=-2.0, killed_expected=-1.0, attacks_total=0.5,
                             cost_total=1.0)) == ("completion_day", "cost_total")
    assert traded_off(judged(comparison, completion_day=-2.0, killed=1.0)) is None
    assert traded_off(judged(comparison, completed=0.5, cost_total=0.5)) == ("completed", "cost_total")
    assert traded_off(judged(comparison)) is None


def test_without_a_trade_off_no_figure_is_drawn_and_that_is_said(tmp_path):
    said = []
    files = [scenario(name, rate, casualties={"harm_chance": 0}) for name, rate in (("a", 0.2), ("b", 0.3))]
    compare(files, replications=200, out=tmp_path / "out", say=said.append)
    assert sorted(path.name for path in (tmp_path / "out" / "figures").iterdir()) == [
        "differences.png", "differences.svg", "troops.png", "troops.svg"]  # nothing may happen by a date
    assert said == ["no scenario is shown to be better than the base in one main outcome and worse in another, so "
                    "there is no figure of a trade-off; --trade-off X Y draws one of any two outcomes"]


def test_the_pareto_front_is_of_those_that_none_beats():
    assert pareto([(1, 5), (2, 2), (3, 2), (5, 1), (5, 5)]) == [True, True, False, True, False]
    assert pareto([(1, 1), (1, 1)]) == [True, True]


def test_numbers_have_the_decimals_that_their_interval_leaves_certain():
    row = entry(compare([scenario("a", 0.2), scenario("b", 0.3)], replications=50), "attacks_total")
    for difference, ci95, text in ((12.345, [12.3, 12.39], "+12.35"), (-1234.5, [-1250, -1219], "−1,234"),
                                   (0.0, [-0.5, 0.5], "0"), (0.0004, [0.0001, 0.0007], "+0.0004")):
        assert words.change_text(replace(row, difference=difference, ci95=ci95)) == text
    chance = replace(row, kind="yes_no", difference=-0.0123, ci95=[-0.02, -0.0046])
    assert words.change_text(chance) == "−1.2 points"
    assert words.interval_text(chance) == "−2.0 to −0.5 points"


def test_deaths_differ_by_what_attacks_that_come_on_top_are_expected_to_cost():
    """Every attack kills at least one and at most all; with one person a site, exactly one."""
    deadly = {"casualties": ALWAYS_FATAL, "attack_kinds": SURE}
    a, b = (scenario(name, rate, 30, **deadly) for name, rate in (("a", 0.1), ("b", 0.2)))
    comparison = compare([a, b], replications=500)
    killed, expected = entry(comparison, "killed"), entry(comparison, "killed_expected")
    assert (killed.difference, killed.ci95) == (expected.difference, expected.ci95)
    assert np.isfinite(killed.difference)
    assert killed.difference > 0.1 * 30  # more than one for each of three further attacks
