"""Hindcasts: percentiles and coverage with ties, scores, rivals, what is left out, and what is said. Fixed seeds."""

import json
import statistics
from datetime import date, timedelta

import numpy as np
import pytest

from evidence.drawdowns_of_old import SCENARIO, pair
from sim.api.hindcast import hindcast, read_cases
from sim.evidence.courses import courses
from sim.evidence.drawdowns import episodes
from sim.evidence.errors import DataError
from sim.evidence.happened import Observation
from sim.evidence.hindcast import (
    LABELS,
    MODEL,
    PLAN,
    SLIPPED,
    STRAIGHT,
    Score,
    crps,
    median_slip,
    planned,
)
from sim.evidence.hindcast import hindcast as forecast
from sim.evidence.hindcast_told import sentences
from sim.model.setup import set_up
from sim.model.variant import foretold
from sim.play.choice import silent
from sim.scenario import doubts
from sim.scenario.shipped import HISTORY

RECORD = episodes()
SEEN = Observation(date(2020, 1, 1), "end", None, -1, "", "", "", "")


def score(samples, came, scale=1.0):
    return Score(SEEN, came, scale, np.sort(np.array(samples, float)), {})


def test_a_percentile_without_ties():
    one = score(range(100), 24.5)
    assert (one.percentile, one.inside(0.5), one.inside(0.9), one.median) == (25.0, 1.0, 1.0, 49)
    assert score(range(100), 3.5).inside(0.9) == 0
    assert score(range(100), 98.5).inside(0.9) == 0


def test_replications_that_say_the_same_count_half():
    """Forty of a hundred say 7, thirty less: percentiles 30 to 70."""
    one = score([1] * 30 + [7] * 40 + [9] * 30, 7)
    assert (one.below, one.upto, one.percentile) == (0.3, 0.7, 50)
    assert (one.inside(0.5), one.inside(0.9)) == (1, 1)
    assert one.band(0.5) == (1, 9)


def test_at_an_edge_the_part_in_the_band_counts():
    """Percentiles 0 to 40: of these, 25 to 40 lie in the middle half, and 5 to 40 in the middle nine tenths."""
    one = score([7] * 40 + [9] * 60, 7)
    assert one.inside(0.5) == pytest.approx(15 / 40)
    assert one.inside(0.9) == pytest.approx(35 / 40)
    assert score([7] * 2 + [9] * 98, 7).inside(0.9) == 0
    assert score([7] * 100, 7).inside(0.9) == pytest.approx(0.9)
    assert score([7] * 100, 8).inside(0.9) == 0


def test_bands_of_right_forecasts_hold_their_share_however_many_say_the_same():
    """Twelve values, 4,000 draws from what the replications are drawn from: 0.9 and 0.5 to within four errors."""
    generator = np.random.default_rng(4)
    samples = generator.binomial(11, 0.2, 20_000)
    scores = {came: score(samples, came) for came in range(12)}
    drawn = generator.binomial(11, 0.2, 4_000)
    for share in (0.5, 0.9):
        inside = np.array([scores[came].inside(share) for came in drawn])
        assert abs(inside.mean() - share) < 4 * inside.std() / np.sqrt(len(inside))
        assert inside.std() > 0.05


def test_crps_is_its_definition():
    generator = np.random.default_rng(1)
    for came in (-1.0, 0.3, 5.0):
        sample = np.sort(generator.normal(size=30))
        defined = np.abs(sample - came).mean() - np.abs(sample[:, None] - sample[None, :]).mean() / 2
        assert crps(sample, came) == pytest.approx(defined)
    one = Score(SEEN, 10.0, 4.0, np.array([8.0, 8.0]), {PLAN: 7.0})
    assert one.crps == {MODEL: pytest.approx(0.5), PLAN: pytest.approx(0.75)}


def test_the_median_slip_is_that_of_the_kind_if_it_has_three():
    def slips(kind):
        return [one.slip for one in RECORD if one.slip is not None and one.kind in (kind or one.kind)]

    assert median_slip(RECORD, "handover") == statistics.median(slips("handover"))
    assert len(slips("conditions")) < 3
    assert median_slip(RECORD, "conditions") == median_slip(RECORD, "") == statistics.median(slips(""))


def test_the_error_of_a_difference_is_that_of_the_jackknife(tmp_path):
    """Three drawdowns with one observation each: the standard error of a mean of three."""
    for i, gone in enumerate((250, 260, 300)):
        pair(tmp_path, f"date,what,value\n2020-02-01,gone,{gone}\n", name=f"n{i}")
    result = hindcast([tmp_path / f"n{i}.toml" for i in range(3)], replications=2, say=silent).result
    gains = np.array([score.crps[STRAIGHT] - score.crps[MODEL] for _, score in result.scores])
    assert result.ahead_of(STRAIGHT) == pytest.approx((gains.mean(), gains.std(ddof=1) / np.sqrt(3)))
    assert sentences(result)[-1].endswith(
        f"(model better in 2 of 3 drawdowns, over all by {100 * gains.mean():.1f} ± "
        f"{100 * gains.std(ddof=1) / np.sqrt(3):.1f} points).")


@pytest.fixture(scope="module")
def north(tmp_path_factory):
    """The made-up drawdown, without friction: every replication is the plan."""
    return hindcast([pair(tmp_path_factory.mktemp("old"))], replications=4, say=silent)


def test_scores_by_hand(north):
    """Plan: 1,000 in 100 days, in 15 tranches (weeks, the last one short); the fort holds the first half of them."""
    (one,) = north.result.hindcasts
    assert one.plan.completed == pytest.approx(100)
    assert one.slip == statistics.median(episode.slip for episode in RECORD if episode.slip is not None)
    assert [score.scale for score in one.scores] == pytest.approx([100, 1000, 1000, 2, 100, 100])
    step = 100 / 15
    gone = [round(1000 * min(15, int((day + 1 - 1e-9) // step)) / 15) for day in (31, 60)]
    fort = 8 * step  # eight tranches of fifteen are the first half and a little more
    plan = {score.observation.what: score.rivals[PLAN] for score in one.scores}
    assert plan == {"first_move": 0, "gone": gone[0], "there": 1000 - gone[1], "sites_closed": 1, "site": int(fort),
                    "end": 100}
    line = {score.observation.what: score.rivals[STRAIGHT] for score in one.scores}
    assert line == pytest.approx(
        {"first_move": 0, "gone": 320, "there": 390, "sites_closed": 1, "site": 50, "end": 100})
    for score in one.scores:
        assert score.crps[MODEL] == pytest.approx(score.crps[PLAN])  # nothing is uncertain here
        assert score.crps[STRAIGHT] == pytest.approx(abs(score.came - score.rivals[STRAIGHT]) / score.scale)
    slow = next(score for score in one.scores if score.observation.what == "end").rivals[SLIPPED]
    assert slow == int(100 * one.slip)


def test_the_report(north):
    report = json.loads(json.dumps(north.report))
    assert len(report["cases"]) == 1
    assert len(report["observations"]) == 6
    assert set(report["crps"]) == set(LABELS)
    for name, share in (("coverage50", 0.5), ("coverage90", 0.9)):
        assert report[name] == pytest.approx(np.mean([one[f"inside{name[-2:]}"] for one in report["observations"]]))
        assert report[name] == report["cases"][0][name]
        assert share
    for name in LABELS:
        assert report["crps"][name] == pytest.approx(np.mean([one["crps"][name] for one in report["observations"]]))
    first = report["observations"][0]
    assert (first["case"], first["date"], first["what"], first["came"], first["unit"], first["mark"]) == (
        "north", "2020-01-20", "first_move", 19, "days after the start", "read")
    assert first["quantiles"] == dict.fromkeys(("5", "25", "50", "75", "95"), 0)


def test_what_is_missed_is_said_first(north):
    told = sentences(north.result)
    assert told[0] == "Missed: 3 of 6 observations lie outside the middle 90 % of the forecast:"
    assert told[1] == "- Out of the north: first move, 20 Jan 2020. Forecast: 1 Jan 2020 (5–95 %)"
    assert told[2] == "- Out of the north: 300 gone, 1 Feb 2020. Forecast: 267 (5–95 %)"
    assert told[3] == "- Out of the north: Fort closed, 2 Mar 2020. Forecast: 23 Feb 2020 (5–95 %)"
    assert told[4] == ("Held: 25 % in the middle 50 % and 45 % in the middle 90 % of the forecast, of 6 observations "
                       "of 1 drawdown.")
    assert told[5].startswith("CRPS, in percent of what was planned (lower is better): model 5 %, not better than "
                              "every rival: plan 5 % (model better in 0 of 1 drawdown), plan times the median slip 5.")


def test_a_plan_that_does_not_end_or_move_is_said(tmp_path):
    came = "date,what,value\n2020-02-01,gone,3\n"
    short = pair(tmp_path, came, SCENARIO.replace("2021-12-31", "2020-03-01"), "short")
    still = pair(tmp_path, came, SCENARIO.replace("target = 0", "target = 1000"), "still")
    with pytest.raises(DataError) as caught:
        hindcast([short, still], replications=2, say=silent)
    assert list(caught.value.problems) == [
        f"{short}: undisturbed, the plan does not end by 2020-03-01, the last day of the scenario; give it a later end",
        f"{still}: there is nothing to forecast; nobody leaves after 2020-01-01"]


def test_two_of_one_name(tmp_path):
    (tmp_path / "other").mkdir()
    one, other = pair(tmp_path), pair(tmp_path / "other")
    with pytest.raises(DataError) as caught:
        hindcast([one, other], replications=2, say=silent)
    assert list(caught.value.problems) == [
        f"{other}: another scenario is called north too; each needs a name of its own"]


SHIPPED = read_cases([], RECORD)


def test_nothing_is_learnt_from_the_drawdown_itself():
    """Neither what comes between plan and execution, nor the slip that a rival uses."""
    (case,) = [one for one in SHIPPED if one.file.name == "monusco_south_kivu_2024"]
    assert case.left_out == ("U8",)
    ready, done = set_up(case.file.scenario), forecast(case, RECORD, 1, 6)

    def ends(model):
        return [course.completed for course in courses(model, 1, 6)]

    assert [course.completed for course in done.played] == ends(foretold(ready, ["U8"])) != ends(ready)
    others = [one for one in RECORD if one.id != "U8"]
    assert done.slip == median_slip(others, "handover") != median_slip(RECORD, "handover")


def test_the_drawdowns_of_the_past_that_come_with_the_program():
    assert HISTORY.names == sorted([
        "soviet_afghanistan_1988", "us_afghanistan_2011", "us_iraq_2011", "us_iraq_2020", "france_mali_2022",
        "minusma_mali_2023", "france_niger_2023", "monusco_south_kivu_2024", "us_niger_2024"])
    assert {path.stem for path in HISTORY.folder.glob("*.csv")} == set(HISTORY.names)


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.file.name)
def test_each_agrees_with_its_episode_of_the_record(case):
    """Dates, strengths and kind; whatever is in the record was learnt from it, so it must be left out."""
    (name,) = case.happened.episodes
    (episode,) = [one for one in RECORD if one.id == name]
    assert name in case.left_out
    scenario, seen = case.file.scenario, {one.what: one for one in case.happened.observations}
    assert scenario.start == episode.announced
    assert seen["end"].day == episode.actual_end
    if "first_move" in seen:
        assert seen["first_move"].day == episode.first_move
    assert max(phase.by for phase in scenario.phases.values()) == episode.planned_end
    (theatre,) = scenario.theatres.values()
    assert theatre.troops == episode.troops_from
    assert min(phase.target for phase in scenario.phases.values()) == episode.troops_to
    assert planned(case.file, set_up(scenario)).completed == (episode.planned_end - episode.announced).days
    assert scenario.end > episode.planned_end + timedelta(days=180)
    assert all(one.mark and one.source for one in case.happened.observations)


def test_nothing_in_them_is_known_from_later_but_for_one_number_that_says_so():
    assert all(case.file.scenario.known_until == case.file.scenario.start for case in SHIPPED)
    ((name, said),) = [(case.file.name, doubt.message) for case in SHIPPED
                       for doubt in doubts.check(case.file.scenario, case.file.origins)]
    assert name == "us_iraq_2011"
    assert "15 bases (press, 27 October 2011, six days after the start)" in said


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.file.name)
def test_each_is_written_by_file_alone_and_says_where_its_numbers_come_from(case):
    origins = {".".join(map(str, key)): origin for key, origin in case.file.origins.items()}
    given = [key for key, origin in origins.items() if origin.file and origin.file.endswith(".toml")]
    assert all(origins[key].file == str(HISTORY.folder / f"{case.file.name}.toml") for key in given)
    text = (HISTORY.folder / f"{case.file.name}.toml").read_text(encoding="utf-8")
    assert "extends" not in text
    assert text.count("\n") < 70
    assert "[talks]" not in text
    assert "attacks_per_day" not in text
