"""The rate that is written: under low tension, outside of truces, whichever model is recommended. Fixed seeds."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from worlds import NO_COUPLINGS, day

import sim
from evidence.processes import counted, events, families
from evidence.test_calibrate import done
from sim.evidence import fit_file, fragment
from sim.evidence.calibrate import Calibration, calibrate
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes, dated
from sim.play.choice import silent
from sim.scenario.load import ScenarioFile, from_dict, load
from sim.scenario.resolve import toml

M = 17.0
HIGH = Regimes(((day(-50), True),), False, ())


def scenario(**more) -> ScenarioFile:
    tables = {"start": day(0), "end": day(99), "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.01}},
              "tension": {"high_multiplier": {"dist": "uniform", "low": M - 5, "high": M + 5}}}
    return from_dict(tables | more)


def written_rate(result: Calibration, file: ScenarioFile | None = None) -> float:
    return fragment.keys_of(result, file or scenario()).best["theatres.north.attacks_per_day"]


def chosen(result: Calibration, name: str) -> Calibration:
    """Return a calibration as if a model had been recommended."""
    fit = result.models[name].fit
    return replace(result, best=name, draws=np.tile(fit.values, (5, 1)))


def simulated(seed: int, calm: float, regimes: Regimes, days: int, factor: float = 1.0) -> AttackRecord:
    """Return attacks by clusters without excitation, high tension being M times as bad."""
    stretches = dated(events([], days), regimes)
    rates = np.array([calm * (M if level == "rate_high" else 1.0) for level in stretches.levels])
    _, time = families(np.random.default_rng(seed), 1, stretches.edges, stretches.base(rates),
                       stretches.factor(np.full(len(stretches.suppressions), factor)), 0, 1)
    return events(np.sort(time), days)


@cache
def in_high_tension() -> Calibration:
    return calibrate(simulated(4, 0.03, HIGH, 900), HIGH, 1, silent)


def played(path: Path, replications: int = 400) -> tuple[float, float]:
    """Return the mean number of attacks in the days of a scenario, and its standard error."""
    result = sim.run(load(path), replications, seed=3, workers=1).summary["outcomes"]["attacks_total"]
    return result["mean"], result["sd"] / np.sqrt(replications)


def base(folder: Path, state: str) -> ScenarioFile:
    """Return a scenario of a thousand days in one state of tension, in which nothing but attacks happens."""
    couplings = {**NO_COUPLINGS, "tension_to_attacks": True, "contagion": True}
    tables = "".join(f"{name} = {toml(on)}\n" for name, on in couplings.items())
    (folder / "base.toml").write_text(
        f"start = {day(2000)}\nend = {day(2999)}\n[couplings]\n{tables}[theatres.north]\ntroops = 1000\n"
        f"attacks_per_day = 0.001\n[casualties]\nharm_chance = 0\n[tension]\nhigh_multiplier = {M}\n"
        f'initial = "{state}"\n[tension.dated.never]\ndate = {day(9000)}\nstate = "high"\n')
    return load(folder / "base.toml")


@pytest.mark.exhaustive
@pytest.mark.parametrize("state", ["high", "low"])
def test_a_record_in_high_tension_is_played_back(tmp_path, state) -> None:
    """Truth: 0.03 a day. Under high tension as many attacks come as were recorded, under low a seventeenth.

    A Poisson number of some 450 attacks has a standard deviation of 21, of which the fit may be off by 3.9.
    """
    result = in_high_tension()
    record = result.record
    assert result.best == "poisson"
    file = base(tmp_path, state)
    keys = fragment.keys_of(result, file)
    assert keys.best["theatres.north.attacks_per_day"] == pytest.approx(record.attacks / 900 / M, rel=1e-3)
    assert keys.fixed["tension.high_multiplier"] == M
    (tmp_path / "fit.toml").write_text(fit_file.text(tmp_path, result, keys, file))
    mean, error = played(tmp_path / "fit.toml")
    expected = record.attacks / 0.9 / (1 if state == "high" else M)
    assert abs(mean - expected) < 3.9 * error + 0.01 * expected  # draws are skewed by less than a hundredth
    assert abs(mean - 0.03 * 1000 * (M if state == "high" else 1)) < 3.9 * 21 / 0.9 / (1 if state == "high" else M)


@pytest.mark.exhaustive
def test_the_mean_multiplier_of_a_record_that_spans_both() -> None:
    """80 days of low tension, 57 free days of high, 20 days of truce in it, 143 of low: by hand."""
    result = chosen(done("regimes"), "poisson")
    keys = fragment.keys_of(result, scenario())
    left = result.models["regimes"].fit.value("factor_truce")
    exposed = 223 + M * (57 + 20 * left)
    assert keys.best["theatres.north.attacks_per_day"] == pytest.approx(result.record.attacks / exposed, rel=1e-3)
    assert keys.fixed["tension.high_multiplier"] == M
    assert ("26 % of the record lies in high tension: attacks_per_day is derived from the fitted rate, which covers "
            "low and high tension, with a tension.high_multiplier of 17, which is not fitted") in keys.notes


def test_self_excitation_without_regimes_has_the_factors_of_its_twin() -> None:
    result = chosen(done("regimes"), "self_excited")
    left = result.models["self_excited_regimes"].fit.value("factor_truce")
    rate = result.models["self_excited"].fit.value("rate")
    assert written_rate(result) == pytest.approx(300 * rate / (223 + M * (57 + 20 * left)))


def test_a_random_switching_rate_is_no_tension_where_tension_is_dated() -> None:
    result = chosen(done("regimes"), "markov_modulated")
    keys = fragment.keys_of(result, scenario())
    low, ratio, calm, hot = result.best_fit.values
    mean = low * (calm + ratio * hot) / (calm + hot)
    left = result.models["regimes"].fit.value("factor_truce")
    assert keys.best == {"theatres.north.attacks_per_day": pytest.approx(300 * mean / (223 + M * (57 + 20 * left)))}
    assert keys.fixed == {"tension.high_multiplier": M, "attacks.branching_ratio": 0.0}


def test_a_random_switching_rate_is_tension_where_none_is_dated() -> None:
    result = replace(chosen(done("regimes"), "markov_modulated"), regimes=None)
    keys = fragment.keys_of(result, scenario())
    low, ratio, calm, hot = map(float, result.best_fit.values)
    assert keys.best == {"theatres.north.attacks_per_day": low, "tension.high_multiplier": ratio,
                         "tension.mean_low_days": calm, "tension.mean_high_days": hot}


def test_regimes_give_their_own_level() -> None:
    result = done("regimes")
    assert written_rate(result) == pytest.approx(result.best_fit.value("rate_low"))


@pytest.mark.exhaustive
def test_days_that_were_not_watched_do_not_count() -> None:
    """Counts by ten days: the last of low tension, a gap, two of high; Poisson."""
    counts = [3, 2, 4, 3, 30, 35, 33, 29]
    starts = np.array([0, 10, 20, 30, 100, 110, 120, 130])
    result = calibrate(counted(counts, starts, starts + 10), Regimes(((day(110), True),), False, ()), 1, silent)
    assert written_rate(chosen(result, "poisson")) == pytest.approx(sum(counts) / (50 + M * 30), rel=1e-3)


def test_gaps_of_events_do_not_count() -> None:
    """30 days of low tension, then 60 of high, of which 20 were not watched."""
    rng = np.random.default_rng(2)
    record = replace(events(np.sort(np.append(rng.uniform(0, 30, 9), rng.uniform(30, 70, 80))), 90),
                     gaps=((70.0, 90.0),))
    result = calibrate(record, Regimes(((day(30), True),), False, ()), 1, silent)
    assert written_rate(chosen(result, "poisson")) == pytest.approx(89 / (30 + M * 40), rel=1e-3)


@pytest.mark.exhaustive
def test_a_scenario_without_that_coupling_has_the_rate_as_it_is() -> None:
    result = in_high_tension()
    uncoupled = scenario(couplings={"tension_to_attacks": False})
    assert written_rate(result, uncoupled) == pytest.approx(result.record.attacks / 900, rel=1e-3)


@pytest.mark.exhaustive
def test_a_record_that_lies_in_a_truce_says_nothing_of_the_rate_without() -> None:
    truce = Regimes((), False, (("truce", day(-1), day(500)),))
    keys = fragment.keys_of(calibrate(simulated(1, 0.2, truce, 300), truce, 1, silent), scenario())
    assert not keys.columns
    assert not keys.fixed
    assert keys.left_out == {"theatres.NAME.attacks_per_day": "the whole record lies in truces and stop orders, so it "
                             "does not show the rate without them"}


@pytest.mark.exhaustive
def test_the_trial_record_is_divided_by_the_multiplier(tmp_path) -> None:
    """23 attacks in 100 days that all lie in dated high tension; in the truce of a week there were two."""
    days = [2, 15, 15, 26, 32, 32, 32, 39, 40, 43, 44, 51, 68, 70, 72, 74, 86, 88, 90, 94, 95, 95, 99]
    counts = np.bincount(days, minlength=100)
    lines = [f"{date.fromordinal(date(2023, 10, 20).toordinal() + i)},{n}" for i, n in enumerate(counts)]
    (tmp_path / "a.csv").write_text("date,count\n" + "\n".join(lines) + "\n")
    gradual = Path(__file__).parents[2] / "scenarios" / "gradual.toml"
    result = sim.calibrate(tmp_path / "a.csv", scenario=gradual, out=tmp_path / "fit", figures=False)
    s = load(tmp_path / "fit" / "fit.toml").scenario
    assert result.result.best == "poisson"
    for name in ("iraq", "syria"):
        assert s.theatres[name].attacks_per_day == pytest.approx(0.23 / 17 / 2, rel=1e-3)
    assert s.tension is not None
    assert s.tension.high_multiplier == 17
