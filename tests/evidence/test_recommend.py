"""Which model is recommended and written: not one at the end of its search, nor one that a rival beats."""

from dataclasses import replace

import numpy as np
import pytest

from evidence.test_calibrate import SCENARIOS, done
from sim.evidence import fit_file, fragment
from sim.evidence.calibrate import as_json
from sim.evidence.fitted import FittedValue
from sim.evidence.recommend import MOVING, Choice, Compared, choose
from sim.scenario.load import load


def at(entry: Compared, **values: float) -> Compared:
    """Return a model as if some of its parameters had come out elsewhere."""
    names = [parameter.name for parameter in entry.fit.model.parameters]
    changed = np.array([values.get(name, old) for name, old in zip(names, entry.fit.values, strict=True)])
    return replace(entry, fit=replace(entry.fit, values=changed))


@pytest.mark.exhaustive
def test_the_lowest_aic_is_recommended() -> None:
    for name in ("excited", "sparse", "poisson", "regimes"):
        result = done(name)
        assert (result.best, result.reasons) == (min(result.models, key=lambda n: result.models[n].fit.aic), ())


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
    assert choose(stuck, None) == Choice("markov_modulated", (reason,))


def test_a_rate_that_switches_within_the_day_is_no_tension() -> None:
    models = {name: entry for name, entry in done("excited").models.items() if name != "self_excited"}
    models["markov_modulated"] = at(models["markov_modulated"], mean_high_days=0.3)
    choice = choose(models, None)
    assert choice.name == "poisson"
    assert choice.reasons[0].endswith("but its mean_high_days of 0.3 is no spell of regional tension")


def test_a_level_that_no_attack_shows_is_not_recommended() -> None:
    models = dict(done("regimes").models)
    parameter = models["regimes"].fit.model.parameters[0]
    none = {**models["regimes"].estimates, "rate_low": FittedValue(parameter.low * 3, parameter.low, 0.01)}
    models["regimes"] = replace(models["regimes"], estimates=none)
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
