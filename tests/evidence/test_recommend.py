"""Which model is recommended and written: the best forecaster, unless it lies at the end of its search or is beaten."""

from dataclasses import replace

import numpy as np
import pytest

from evidence.test_calibrate import SCENARIOS, done
from sim.evidence import fit_file, fragment
from sim.evidence.calibrate import as_json
from sim.evidence.fitted import FittedValue
from sim.evidence.held_out import RECENT
from sim.evidence.recommend import MOVING, Choice, Compared, choose
from sim.scenario.load import load


def at(entry: Compared, **values: float) -> Compared:
    """Return a model as if some of its parameters had come out elsewhere."""
    names = [parameter.name for parameter in entry.fit.model.parameters]
    changed = np.array([values.get(name, old) for name, old in zip(names, entry.fit.values, strict=True)])
    return replace(entry, fit=replace(entry.fit, values=changed))


@pytest.mark.exhaustive
def test_with_much_data_the_best_forecaster_has_the_lowest_aic() -> None:
    """A model that has the true one as a special case may score a little higher, by luck; it is not recommended."""
    wider = {"excited": "", "sparse": "", "poisson": "Self-excited", "regimes": "Dated regimes with overdispersion"}
    for name, lucky in wider.items():
        result = done(name)
        assert result.best == min(result.models, key=lambda n: result.models[n].fit.aic)
        assert [reason.partition(" (AIC")[0] for reason in result.reasons] == [lucky][: len(lucky)]
        assert all("has the highest out-of-sample score, but not beyond noise" in reason for reason in result.reasons)
        assert result.basis == f"by out-of-sample score over {result.intervals} intervals"


def scored(**totals: float) -> dict[str, Compared]:
    """Return models with made-up scores in ten intervals, which differ a little."""
    models, ripple = done("regimes").models, np.tile([0.1, -0.1], 5)
    return {name: replace(models[name], scores=np.full(10, total / 10) + i * ripple)
            for i, (name, total) in enumerate(totals.items())}


def test_the_best_forecaster_is_recommended_whatever_its_aic() -> None:
    models = scored(poisson=-30, regimes=-29, markov_modulated=-25)
    assert models["regimes"].fit.aic < models["markov_modulated"].fit.aic
    choice = choose(models, None)
    assert (choice.name, choice.scored) == ("markov_modulated", True)
    (reason,) = choice.reasons
    assert reason.startswith(f"Dated regimes (AIC {models['regimes'].fit.aic:.1f}) has the lowest AIC, but forecasts "
                             "worse than Markov-modulated (AIC ")
    assert reason.endswith("its out-of-sample score is −29.0, that of the other −25.0, a difference of 4.0 with a "
                           "standard error of 0.3 over 10 intervals")


def test_a_simpler_model_is_preferred_within_noise_if_aic_prefers_it_too() -> None:
    """Self-excitation on top of dated regimes: its AIC is higher than without it, and so is that of a constant rate."""
    noise = np.tile([0.3, -0.3], 5)
    models = scored(poisson=-30, regimes=-29, self_excited_regimes=-28.5)
    noisy = {**models, "self_excited_regimes": replace(models["self_excited_regimes"], scores=-2.85 + noise)}
    choice = choose(noisy, None)
    assert choice.name == "regimes"
    assert choice.reasons[0].startswith("Self-excited on dated regimes (AIC ")
    assert "has the highest out-of-sample score, but not beyond noise, and AIC prefers Dated regimes (AIC " in (
        choice.reasons[0])
    ahead = replace(models["self_excited_regimes"], scores=models["regimes"].scores + 0.3)
    sure = {**models, "self_excited_regimes": ahead}
    assert choose(sure, None).name == "self_excited_regimes"


def test_dates_of_regimes_count_as_parameters() -> None:
    """With four dates, regimes are not simpler than a rate that switches at random, whatever their AIC."""
    models = scored(regimes=-29, markov_modulated=-28.5)
    assert len(models["regimes"].fit.values) < len(models["markov_modulated"].fit.values)
    assert choose(models, None).name == "markov_modulated"


def test_without_scores_the_lowest_aic_decides() -> None:
    models = {name: replace(entry, scores=None) for name, entry in done("regimes").models.items()}
    assert choose(models, None) == Choice("regimes", (), False)


def test_a_simple_rival_that_wins_beyond_noise_is_recommended() -> None:
    models = scored(regimes=-30, markov_modulated=-25)
    late = replace(models["regimes"], scores=np.full(10, -2.2))
    late = replace(late, fit=replace(late.fit, model=replace(late.fit.model, name=RECENT, label="Last weeks")))
    choice = choose(models, None, late)
    assert choice.name == RECENT
    assert choice.reasons[-1].startswith("a simple rival, Last weeks (AIC ")
    assert choice.reasons[-1].endswith("a difference of 3.0 with a standard error of 0.3 over 10 intervals")
    noisy = replace(late, scores=np.array([-0.1, -4.1] * 5))
    assert choose(models, None, noisy).name == "markov_modulated"


@pytest.mark.exhaustive
def test_a_moving_background_that_forecasts_badly_is_not_recommended() -> None:
    result = done("moving")
    assert result.moving is not None
    bad = replace(result.moving, entry=replace(result.moving.entry, scores=result.models["poisson"].scores - 1.0))
    assert choose(result.models, bad, result.recent).name != MOVING


@pytest.mark.exhaustive
def test_no_estimate_is_written_as_a_power_of_ten() -> None:
    models = done("excited").models
    stuck = {**models, "markov_modulated": at(models["markov_modulated"], high_multiplier=1000.0)}
    two_models = {name: stuck[name] for name in ("poisson", "markov_modulated")}
    assert "its high_multiplier of 1,000 lies at the end" in choose(two_models, None).reasons[0]


@pytest.mark.parametrize(("values", "why"), [
    ({"branching_ratio": 0.9499}, "its branching_ratio of 0.95 lies at the end of the range that is searched"),
    ({"decay_days": 365}, "its decay_days of 365 lies at the end of the range that is searched"),
    ({"decay_days": 0.05}, "its decay_days of 0.05 lies at the end of the range that is searched"),
])
def test_an_estimate_at_the_end_of_its_search_is_not_recommended(values, why) -> None:
    models = done("excited").models
    stuck = {**models, "self_excited": at(models["self_excited"], **values)}
    reason = f"Self-excited (AIC {models['self_excited'].fit.aic:.1f}) would be better, but {why}"
    choice = choose(stuck, None)
    assert choice.name != "self_excited"
    assert reason in choice.reasons


def test_a_rate_that_switches_within_the_day_is_no_tension() -> None:
    models = {name: done("excited").models[name] for name in ("poisson", "markov_modulated")}
    models["markov_modulated"] = at(models["markov_modulated"], mean_high_days=0.3)
    choice = choose(models, None)
    assert choice.name == "poisson"
    assert choice.reasons[0].endswith("but its mean_high_days of 0.3 is no spell of regional tension")


def test_a_level_that_no_attack_shows_is_not_recommended() -> None:
    models = dict(done("regimes").models)
    parameter = models["regimes"].fit.model.parameters[0]
    none = {**models["regimes"].estimates, "rate_low": FittedValue(parameter.low * 3, parameter.low, 0.01)}
    models["regimes"] = replace(models["regimes"], estimates=none)
    models["overdispersed_regimes"] = replace(models["overdispersed_regimes"], estimates=none)
    models["self_excited_regimes"] = replace(models["self_excited_regimes"], estimates=none)
    assert choose(models, None).reasons[0].endswith("but no attack shows what its rate_low is")


def test_ends_of_a_quantity_are_no_ends_of_the_search() -> None:
    """A branching ratio of 0, a factor of 0 or 1, and the shortest decay that counts can tell are not ruled out."""
    models = done("regimes").models
    for values in ({"factor_truce": 0.0}, {"factor_truce": 1.0}):
        assert choose({"regimes": at(models["regimes"], **values)}, None).name == "regimes"
    assert choose({"self_excited": at(models["self_excited"], branching_ratio=0)}, None).name == "self_excited"


def test_a_model_that_a_moving_background_beats_is_not_recommended(tmp_path) -> None:
    """Data without any excitation: 0.88 on a constant background, 26 points worse than a background that moves."""
    result = done("moving")
    assert result.best == MOVING
    self_excited, rival = result.models["self_excited"], result.moving
    assert rival is not None
    assert result.reasons == (
        f"Self-excited (AIC {self_excited.fit.aic:.1f}) is worse by {self_excited.fit.aic - rival.lowest_aic:.1f} "
        f"points than a background that moves over about two months, which leaves a branching ratio of "
        f"{rival.branching_ratio.estimate:.2f} ({rival.branching_ratio.low:.2f} to {rival.branching_ratio.high:.2f})",)
    keys = fragment.keys_of(result, load(SCENARIOS / "gradual.toml"))
    assert keys.best["attacks.branching_ratio"] == rival.branching_ratio.estimate < 0.45
    # With what it leaves of self-excitation, the mean background gives back the attacks recorded (within a tenth).
    rate = sum(value for key, value in keys.best.items() if key.endswith("attacks_per_day"))
    assert rate / (1 - rival.branching_ratio.estimate) == pytest.approx(result.record.attacks / 1000, rel=0.1)
    text = fit_file.text(tmp_path, result, keys, load(SCENARIOS / "gradual.toml"))
    assert f"# Note: {result.reasons[0]}" in text
    report = as_json(result)
    assert (report["best"], report["why_not_the_lowest_aic"]) == (MOVING, list(result.reasons))
    model = report["moving_background"]["model"]
    assert model["aic"] == pytest.approx(2 * (len(model["parameters"]) + rival.used) - 2 * model["log_likelihood"])
