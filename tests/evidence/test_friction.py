"""What comes between plans and their being carried out: shrinkage behaves as it says, on made-up records."""

import math
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import sim.model
from sim.evidence.conduct import Count, counts
from sim.evidence.departures import lag, points, unevenness
from sim.evidence.drawdowns import KINDS, Episode, episodes
from sim.evidence.fitted import median
from sim.evidence.friction import ALL, STRENGTH, fitted, scores, weights, written

RECORD = episodes()
START = date(2000, 1, 1)


def episode(kind: str, delay: int = 10, late: int = -5, **changes) -> Episode:
    """An episode of 100 planned days."""
    end = START + timedelta(days=100)
    return replace(RECORD[0], kind=kind, announced=START, first_move=START + timedelta(days=delay), planned_end=end,
                   actual_end=end + timedelta(days=late), reversed_on=None, redatings=0, redated_on=(), redated_to=(),
                   **changes)


def reversed_(kind: str) -> Episode:
    return replace(episode(kind), actual_end=None, reversed_on=START + timedelta(days=50))


MIXED = [episode("own_date", 10, -5), episode("own_date", 20, -10), episode("own_date", 20, 0),
         episode("handover", 40, 60), episode("handover", 80, 120), reversed_("conditions")]


def test_a_kind_without_cases_is_as_all_are():
    found = fitted(MIXED)
    none = found["mission_closure"]
    assert none.cases == 0
    assert none.first_move.cases == none.redated.cases == 0
    for name in ("first_move", "redating_months", "early_share"):
        assert getattr(none, name).median == pytest.approx(getattr(found[ALL], name).median)
        assert getattr(none, name).sigma == pytest.approx(getattr(found[ALL], name).sigma)
    for name in ("reversed", "redated", "early"):
        assert getattr(none, name).chance == pytest.approx(getattr(found[ALL], name).chance)
    assert none.redatings == found[ALL].redatings
    assert none.redated.chance == pytest.approx(2 / 6)
    assert none.reversed.chance == pytest.approx(1 / 6)
    assert none.early.chance == pytest.approx(2 / 3)  # of the three that kept their date


@pytest.mark.exhaustive
def test_a_kind_with_many_cases_has_its_own_mean():
    many = [*(episode("own_date", delay, 60) for delay in (10, 40) for _ in range(5000)), *MIXED]
    found = fitted(many)["own_date"]
    assert found.first_move.median == pytest.approx(0.2, rel=1e-3)
    assert found.first_move.sigma == pytest.approx(math.log(2), rel=1e-2)
    assert found.redated.chance == pytest.approx(1, abs=1e-3)
    assert found.redating_months.median == pytest.approx(60 / 30.4375, rel=1e-3)
    assert found.reversed.chance == pytest.approx(0, abs=1e-3)


def test_estimates_lie_between_the_kind_and_all_as_the_strength_says():
    found = fitted(MIXED, strength=4)
    assert found["handover"].redated.chance == pytest.approx((2 + 4 * 2 / 6) / (2 + 4))
    assert found["own_date"].redated.chance == pytest.approx((0 + 4 * 2 / 6) / (3 + 4))
    logs = np.log([0.1, 0.2, 0.2, 0.4, 0.8, 0.1])
    expected = (logs[3:5].sum() + 4 * logs.mean()) / 6
    assert found["handover"].first_move.median == pytest.approx(math.exp(expected))
    weak, strong = (fitted(MIXED, strength)["handover"].redated.chance for strength in (1e-9, 1e9))
    assert (weak, strong) == (pytest.approx(1), pytest.approx(2 / 6))
    with pytest.raises(ValueError, match="strength must be above 0, not 0"):
        fitted(MIXED, 0)


@pytest.mark.parametrize("kind", [ALL, *KINDS])
@pytest.mark.parametrize("record", [RECORD, MIXED], ids=["record", "mixed"])
def test_weights_are_chances_that_give_the_estimates(record, kind):
    share = weights(record, kind)
    assert share.sum() == pytest.approx(1)
    assert (share > 0).all()
    assert share @ [one.moved for one in record] == pytest.approx(fitted(record)[kind].redated.chance)


def test_an_episode_that_is_left_out_does_not_count():
    others = [one for one in RECORD if one.id != "U9"]
    with_it, without = fitted(RECORD)["handover"], fitted(others)["handover"]
    assert (with_it.redated.happened, without.redated.happened) == (5, 4)
    assert without.redated.chance < with_it.redated.chance
    assert without.first_move.median < with_it.first_move.median
    assert without == fitted([replace(one) for one in others])["handover"]


def test_a_first_move_at_once_counts_as_a_day():
    assert fitted([episode("own_date", 0), *MIXED], 1e-9)["own_date"].first_move.median == pytest.approx(
        (0.01 * 0.1 * 0.2 * 0.2) ** 0.25)


def test_what_the_record_does_not_know_is_refused():
    for few in ([], [episode("own_date")], [episode("own_date", late=60)]):
        with pytest.raises(ValueError, match="needs an episode whose date moved back and one that kept its date"):
            fitted(few)
    with pytest.raises(ValueError, match="known for none"):
        fitted([episode("own_date", late=0), episode("own_date", late=60)])  # none was early


def test_scores_are_those_of_the_others():
    """With all alike: each chance is that among the other five."""
    found = scores(MIXED, math.inf)
    assert found["redated"] == pytest.approx(2 * math.log(1 / 5) + 4 * math.log(3 / 5))
    assert found["reversed"] == -math.inf  # the only one that was; nothing in the others foretells it
    assert scores(RECORD, STRENGTH)["redated"] > scores(RECORD, math.inf)["redated"]


def test_estimates_of_a_large_made_up_record_hold_the_truth():
    """Lognormal delays and known chances, 4,000 cases: within five standard errors (error rate below 1e-5)."""
    rng = np.random.default_rng(5)
    days = np.maximum(1, np.rint(1000 * rng.lognormal(math.log(0.2), 0.5, 4000))).astype(int)
    late = np.where(rng.random(4000) < 0.3, 90, 0)
    made = [replace(episode("handover"), planned_end=START + timedelta(days=1000),
                    first_move=START + timedelta(days=int(min(day, 999))),
                    actual_end=START + timedelta(days=1000 + int(more)))
            for day, more in zip(days, late, strict=True)]
    found = fitted([*made, *MIXED])["handover"]
    assert found.first_move.median == pytest.approx(0.2, rel=5 * 0.5 / math.sqrt(4000))
    assert found.first_move.sigma == pytest.approx(0.5, abs=5 * 0.5 / math.sqrt(8000) + 0.01)
    assert found.redated.chance == pytest.approx(0.3, abs=5 * math.sqrt(0.21 / 4000))


def test_the_file_says_what_the_record_gives():
    text = (Path(sim.model.__file__).parent / "execution.toml").read_text(encoding="utf-8")
    assert written(fitted(RECORD), RECORD, counts()) == text, "run python docs/record_tables.py"
    read = tomllib.loads(text)
    assert read["strength"] == STRENGTH
    assert list(read["kinds"]) == [ALL, *KINDS]
    assert read["kinds"]["handover"]["redated"]["happened"] == 5
    assert read["kinds"]["handover"]["redated"]["chance"] == pytest.approx(fitted(RECORD)["handover"].redated.chance,
                                                                           rel=1e-3)
    assert [one["id"] for one in read["episodes"]] == [one.id for one in RECORD]
    by_id = {one["id"]: one for one in read["episodes"]}
    assert by_id["U8"] == {
        "id": "U8", "kind": "handover", "first_move_share": 0.5338, "redatings": 1, "redating_days": 61.0}
    assert by_id["C3"] == {"id": "C3", "kind": "conditions", "redatings": 3}
    assert [name for name, one in by_id.items() if "reversal_chance" in one] == ["C1", "C2"]
    assert sum("first_move_share" not in one for one in by_id.values()) == 14
    assert sum("lag" in one for one in by_id.values()) == 10


def count(days: int, gone: int) -> Count:
    """A count of an episode in which a hundred leave in a hundred days after a first move on day 0."""
    return Count(RECORD[0].id, START + timedelta(days=days), None, gone, None, "read", "", (), "")


LEAVING = episode("own_date", 0, 0, troops_from=100, troops_to=0)


@pytest.mark.parametrize("power", [0.25, 1, 3])
def test_a_lag_is_found_again(power):
    """Rounding counts of a hundred to whole soldiers moves it by a few percent."""
    on_the_curve = [count(days, round(100 * (days / 100) ** power)) for days in (20, 40, 60, 80)]
    assert lag(LEAVING, on_the_curve) == pytest.approx(power, rel=0.03)
    assert unevenness(LEAVING, on_the_curve) < 0.05


def test_unevenness_is_found_again():
    """Weekly tranches put off with chance 0.6, counted every 30 days in 400 drawdowns: within a tenth.

    The lag fits part of the bursts away, so what is found is a little low.
    """
    rng = np.random.default_rng(3)
    found = []
    for _ in range(400):
        goes = rng.random(100) >= 0.6
        counted = [count(days, 7 * int(np.flatnonzero(goes[:days // 7])[-1] + 1) if goes[:days // 7].any() else 0)
                   for days in (105, 210, 315, 420, 525, 630)]
        slow = replace(LEAVING, troops_from=700, actual_end=START + timedelta(days=700))
        found.append(unevenness(slow, counted))
    assert np.median(found) == pytest.approx(0.6, abs=0.1)


def test_what_has_no_counts_has_no_lag():
    assert lag(LEAVING, []) is None
    assert unevenness(LEAVING, [count(50, 40)]) is None
    assert points(LEAVING, [count(0, 10), count(50, 40), count(100, 90)]) == [(0.5, 0.4)]
    assert lag(replace(LEAVING, actual_end=None), [count(50, 40)]) is None


@pytest.mark.parametrize(("count", "low", "high"), [(5, 1, 5), (8, 2, 7), (20, 6, 15)])
def test_the_interval_of_a_median(count, low, high):
    """The places are those of the sign test at 5 % on either side, from printed tables."""
    found = median(list(range(count, 0, -1)))
    assert (found.estimate, found.low, found.high) == ((count + 1) / 2, low, high)


def test_four_values_give_a_median_no_interval():
    found = median([1, 2, 4, 8])
    assert found.estimate == 3
    assert math.isnan(found.low)
    assert math.isnan(found.high)
