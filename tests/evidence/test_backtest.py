"""Back-tests: who forecasts, what is counted, and what the sentences say. Fixed seeds."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from scipy import stats
from worlds import START, day

from evidence.processes import events
from sim.evidence.backtest import LABELS, Backtest, Forecast, Score, as_json, backtest
from sim.evidence.backtest_told import sentences
from sim.evidence.stretches import Regimes
from sim.play.choice import silent

WEEKS = np.arange(0, 280, 7)
COUNTS = np.random.default_rng(6).negative_binomial(2, 2 / (2 + 6), 40)
COUNTS[10:12] = 0
RECORD = events(np.concatenate([week + np.sort(np.random.default_rng(week).uniform(0, 7, count))
                                for week, count in zip(WEEKS, COUNTS, strict=True)]), 280)
TRUCE = Regimes((), False, (("truce", day(70), day(84)),))


@cache
def done(regimes: bool = True) -> Backtest:
    return backtest(RECORD, TRUCE if regimes else None, START + timedelta(days=251), None, 14, 1, silent)


@pytest.mark.exhaustive
def test_nobody_is_left_out() -> None:
    """Of the table, the sentences and the file; with regimes, the best by AIC is forecast with and without them."""
    assert list(done().scores) == list(LABELS)
    assert set(LABELS) - set(done(False).scores) == {"lowest_aic_with_regimes"}
    for result in (done(), done(False)):
        (_, _, rows), = result._parts()
        assert [row[0] for row in rows] == [LABELS[name] for name in result.scores]
        told = sentences(result)[1]
        for name, score in result.scores.items():
            assert f"{LABELS[name]} {score.crps:.2f} ({100 * score.inside_90:.0f} %)" in told
            assert f"{LABELS[name].lower()} {score.crps:.2f}" in result._about()
        report = as_json(result)
        assert set(report["forecasters"]) == set(result.scores)
        for forecast in report["forecasts"]:
            for target in forecast["targets"]:
                assert target["quantiles"].keys() == target["log_scores"].keys() == result.scores.keys()


@pytest.mark.exhaustive
def test_distinct_intervals_are_counted() -> None:
    """From two dates, four of the same weeks and two."""
    assert (done().made, done().distinct) == ("6 forecasts of 4 distinct intervals", 4)
    assert sentences(done())[0] == ("6 forecasts of 4 distinct intervals, made on 2 dates. The same interval is "
                                    "forecast more than once, so only the distinct ones count as evidence.")
    assert as_json(done())["distinct_intervals"] == 4
    score = done().scores["constant"]
    assert len(score.by_interval) == 4
    assert (score.by_interval * [1, 1, 2, 2]).sum() / 6 == pytest.approx(score.crps)


@pytest.mark.exhaustive
def test_log_scores_of_simple_rivals_are_exact() -> None:
    first = done().forecasts[0]
    known, came = COUNTS[:36], COUNTS[36:]
    assert first.log_scores["constant"] == pytest.approx(-stats.poisson(known.mean()).logpmf(came))
    assert first.log_scores["last_four_weeks"] == pytest.approx(-stats.poisson(known[-4:].mean()).logpmf(came))
    grid = np.exp(np.linspace(np.log(0.05), np.log(20), 4001))
    best = grid[np.argmax([stats.nbinom(k, k / (k + known.mean())).logpmf(known).sum() for k in grid])]
    theirs = -stats.nbinom(best, best / (best + known.mean())).logpmf(came)
    assert first.log_scores["negative_binomial"] == pytest.approx(theirs, abs=1e-3)


def made(dated: list[float], plain: list[float], chosen: str = "Dated regimes") -> Backtest:
    """Return a back-test of ten weeks, with made-up scores in each."""
    ends = np.arange(7, 77, 7.0)
    models = {"model": "Poisson", "lowest_aic_with_regimes": chosen, "lowest_aic_without_regimes": "Poisson"}
    forecast = Forecast(0.0, ends - 7, ends, np.zeros(10, int), {}, {}, models)
    by = {name: Score(float(np.mean(each)), 1.0, 0.5, 0.9, 10, np.array(each)) for name, each in {
        "model": plain, "lowest_aic_with_regimes": dated, "lowest_aic_without_regimes": plain,
        "constant": np.array(plain) - 1, "last_four_weeks": plain, "negative_binomial": np.array(plain) + 0.5}.items()}
    return Backtest(RECORD, (forecast,), by)


@pytest.mark.exhaustive
def test_which_is_better_is_said_plainly() -> None:
    ripple = [2.0, 4.0] * 5
    plain = [3.0, 3.0] * 5
    told = sentences(made([4.0, 4.2] * 5, plain))
    assert told[0] == "10 forecasts of 10 distinct intervals, made on 1 date."
    assert told[-1] == ("Hand-dated regimes win by AIC on 1 of 1 date and lose out of sample: CRPS with them 4.10 "
                        "(90 %), without them 3.00 (90 %); in a distinct interval, 1.10 ± 0.03 more with them, beyond "
                        "noise.")
    assert "and win out of sample" in sentences(made([2.9] * 10, plain))[-1]
    assert sentences(made(ripple, plain))[-1].endswith("with them, within noise.")
    assert sentences(made(plain, plain, "Poisson"))[-1] == (
        "Hand-dated regimes win by AIC on 0 of 1 date, so they change no forecast.")
    assert told[2].endswith("constant rate better by 1.00 ± 0.00 (beyond noise), last four weeks worse by 0.00 ± 0.00 "
                            "(within noise), negative binomial of past weeks worse by 0.50 ± 0.00 (beyond noise).")
    assert sentences(done(False))[-1] == ("Dated regimes are not tested; --regimes FILE forecasts with and without "
                                          "them.")
