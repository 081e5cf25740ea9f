"""Out-of-sample scores: what is known at each origin, and when one forecaster beats another beyond noise."""

import math

import numpy as np
import pytest
from scipy import stats
from worlds import day

from evidence.processes import counted, events
from sim.evidence.held_out import of_model, origins, paired, scores, scores_of_late, scores_on_moving
from sim.evidence.stretches import Regimes

WEEKS = np.arange(0, 140, 7)
COUNTS = np.array([3, 5, 2, 4, 6, 3, 2, 5, 4, 3, 1, 0, 0, 4, 5, 2, 3, 6, 4, 3])
RECORD = counted(COUNTS, WEEKS, WEEKS + 7)
TRUCE = Regimes((), False, (("truce", day(77), day(91)),))


def test_an_origin_knows_what_was_known_then() -> None:
    at = origins(RECORD, TRUCE)
    assert [list(origin.starts) for origin in origins(RECORD, None)] == [
        [70, 77], [84, 91], [98, 105], [112, 119], [126, 133]]
    assert [list(origin.starts) for origin in at] == [[70], [77], [84], [91], [98, 105], [112, 119], [126, 133]]
    assert [origin.history.end for origin in at] == [70, 77, 84, 91, 98, 112, 126]
    assert [origin.regimes.suppressions for origin in at] == [
        (), *[(("truce", day(77), None),)] * 2, *[TRUCE.suppressions] * 4]


def test_a_model_on_regimes_is_one_without_them_until_the_first() -> None:
    at = origins(RECORD, TRUCE)
    plain, dated = (scores(RECORD, at, of_model(name)) for name in ("poisson", "regimes"))
    assert dated[:2] == pytest.approx(plain[:2], abs=2e-3)
    assert dated[2] > plain[2] + 2  # the second week of the truce: none came, none was expected
    free = np.delete(COUNTS, [11, 12])
    for i, parts in ((13, COUNTS[:11]), (14, free[:12]), (19, free[:16])):  # the truce is over, and is known to be
        assert dated[i - 10] == pytest.approx(stats.poisson(parts.mean()).logpmf(COUNTS[i]), abs=2e-3)


def test_the_moving_background_stays_where_it_was() -> None:
    """A rate that has doubled for good: it is ahead of a constant one, and near the rate of the last four weeks."""
    times = np.concatenate([np.arange(0, 200, 2.0), np.arange(200, 400, 0.5)])
    record = events(times + 0.01, 400)
    at = origins(record, None)
    constant, moving, late = (each.sum() for each in (
        scores(record, at, of_model("poisson")), scores_on_moving(record, at, False), scores_of_late(record, at)))
    assert moving > constant + 5
    assert moving == pytest.approx(late, abs=5)


def test_too_little_is_not_scored() -> None:
    assert origins(counted(COUNTS[:9], WEEKS[:9], WEEKS[:9] + 7), None) == ()
    assert origins(counted([0] * 5 + [4] * 5, WEEKS[:10], WEEKS[:10] + 7), None) == ()
    assert len(origins(counted(COUNTS[:10], WEEKS[:10], WEEKS[:10] + 7), None)) == 5


def test_a_rate_of_four_weeks_without_attacks_leaves_them_possible() -> None:
    record = counted([4] * 6 + [0] * 6 + [1], WEEKS[:13], WEEKS[:13] + 7)
    late = scores_of_late(record, origins(record, None))
    assert late[-1] == pytest.approx(stats.poisson(0.5 / 4).logpmf(1))


def test_differences_are_paired() -> None:
    generator = np.random.default_rng(1)
    ours = generator.normal(-2, 3, 20)
    theirs = ours + generator.normal(0.4, 0.5, 20)
    gain = paired(ours, theirs)
    tested = stats.ttest_rel(theirs, ours)
    assert gain.difference / gain.error == pytest.approx(tested.statistic)
    assert gain.mean == pytest.approx((theirs - ours).mean())
    assert gain.beyond_noise == (tested.pvalue < 0.05)
    assert gain.beyond_noise
    assert not paired(theirs, ours).beyond_noise
    assert not paired(ours, ours + generator.normal(0.1, 3.0, 20)).beyond_noise


def test_what_had_no_chance_beats_nothing() -> None:
    some, none = np.array([-1.0, -2.0]), np.array([-1.0, -math.inf])
    assert paired(none, some).beyond_noise
    assert not paired(some, none).beyond_noise
    assert not paired(none, none).beyond_noise
