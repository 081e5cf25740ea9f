"""Calibration on made-up data whose truth is known: the model chosen, what is warned of, and the scenario that follows.

Data are of fixed seeds; what is asserted of a choice or a warning holds for these.
"""

import math
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from worlds import day

from evidence.processes import counted, events, excited_times, families
from sim.evidence import fit_file, fragment
from sim.evidence.calibrate import Calibration, as_json, calibrate
from sim.evidence.errors import DataError
from sim.evidence.places import shares, within
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes, dated
from sim.play.choice import silent
from sim.scenario.load import from_dict, load

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NO_TELLING = "Self-excitation cannot be distinguished from a moving background here"
NONE_SHOWN = "These data show no self-excitation"
REGIMES = Regimes(((day(80), True), (day(157), False)), False, (("truce", day(120), day(140)),))
"""High tension ends with one of the weeks that are scored: within a week nobody is told."""


def thinned(seed: int, days: float) -> np.ndarray:
    """Return attacks at 1 a day on average, which comes and goes every 200 days, without excitation."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.uniform(0, days, rng.poisson(2 * days)))
    return times[rng.random(len(times)) < 0.5 * (1 + 0.9 * np.sin(2 * math.pi * times / 200))]


def on_regimes() -> AttackRecord:
    stretches = dated(events([], 300), REGIMES)
    _, time = families(np.random.default_rng(1), 1, stretches.edges, stretches.base(np.array([0.2, 3.0])),
                       stretches.factor(np.array([0.1])), 0, 1)
    return events(np.sort(time), 300)


RECORDS = {
    "excited": events(excited_times(3, 0.5, 0.6, 2, 1000), 1000),
    "sparse": events(excited_times(6, 0.06, 0.4, 4, 6000), 6000),
    "poisson": events(np.sort(np.random.default_rng(2).uniform(0, 3000, 200)), 3000),
    "moving": events(thinned(3, 1000), 1000),
    "regimes": on_regimes(),
}


@cache
def done(name: str) -> Calibration:
    return calibrate(RECORDS[name], REGIMES if name == "regimes" else None, 1, silent)


def holds(result: Calibration, model: str, name: str, truth: float) -> bool:
    estimate = result.models[model].estimates[name]
    return estimate.low <= truth <= estimate.high


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "rate", "branching", "decay"), [("excited", 0.5, 0.6, 2), ("sparse", 0.06, 0.4, 4)])
def test_self_excitation_is_recognised(name: str, rate: float, branching: float, decay: float) -> None:
    result = done(name)
    assert result.best == "self_excited"
    assert result.best == min(result.models, key=lambda name: result.models[name].fit.aic)
    assert result.models["self_excited"].fit.bic == min(model.fit.bic for model in result.models.values())
    for parameter, truth in (("rate", rate), ("branching_ratio", branching), ("decay_days", decay)):
        assert holds(result, "self_excited", parameter, truth)
    assert result.goodness.p_value > 0.05
    assert result.goodness.inside > 0.8


@pytest.mark.exhaustive
def test_attacks_that_come_often_give_no_false_warning() -> None:
    """Though the moving background, which is made of the attacks, takes part of the branching ratio of 0.6."""
    result = done("excited")
    assert result.moving is not None
    assert result.moving.aic > result.models["self_excited"].fit.aic + 20
    assert 0.25 < result.moving.branching_ratio.estimate < 0.6
    assert result.warnings == ()


@pytest.mark.exhaustive
def test_attacks_that_come_seldom_give_no_false_warning() -> None:
    """One in ten days: on a background made of the attacks little is left, but it costs more than it gives."""
    result = done("sparse")
    assert result.moving is not None
    assert result.moving.branching_ratio.estimate < 0.4
    assert result.warnings == ()


@pytest.mark.exhaustive
def test_poisson_data_show_no_self_excitation() -> None:
    result = done("poisson")
    assert result.best == "poisson"
    assert result.moving is None
    ratio = result.models["self_excited"].estimates["branching_ratio"]
    assert ratio.low == 0
    assert result.warnings[0] == (f"{NONE_SHOWN}: the branching ratio may be anything from 0.00 to {ratio.high:.2f}, "
                                  "and poisson without it does as well.")
    assert result.goodness.distance < result.goodness.band


@pytest.mark.exhaustive
def test_a_background_that_moves_is_not_taken_for_self_excitation() -> None:
    """On a constant background it looks like strong excitation; on one that follows the attacks, like none."""
    result = done("moving")
    constant = result.models["self_excited"]
    assert constant.fit.aic < result.models["poisson"].fit.aic - 50
    ratio = constant.estimates["branching_ratio"]
    assert ratio.estimate > 0.5
    assert result.moving is not None
    assert result.moving.branching_ratio.estimate < 0.5 * ratio.estimate
    (warning,) = (text for text in result.warnings if text.startswith(NO_TELLING))
    assert f"The branching ratio is estimated at {ratio.estimate:.2f} ({ratio.low:.2f} to {ratio.high:.2f})" in warning
    assert f"(AIC {result.moving.aic:.1f} against {constant.fit.aic:.1f})" in warning
    assert f"leaves it {result.moving.branching_ratio.estimate:.2f} (" in warning
    assert warning.endswith("Scan attacks.branching_ratio; do not base a conclusion on one value.")


@pytest.mark.exhaustive
def test_dated_regimes_are_recognised() -> None:
    result = done("regimes")
    assert result.best == "regimes"
    assert list(result.models) == ["poisson", "negative_binomial", "regimes", "overdispersed_regimes",
                                   "markov_modulated", "self_excited", "self_excited_regimes"]
    for name, truth in (("rate_low", 0.2), ("rate_high", 3.0), ("factor_truce", 0.1)):
        assert holds(result, "regimes", name, truth)
    estimate = result.models["regimes"].estimates["rate_high"].estimate
    high = RECORDS["regimes"].times
    free = ((high >= 80) & (high < 120) | (high >= 140) & (high < 157)).sum()
    assert estimate == pytest.approx(free / 57, rel=0.01)  # of the days of high tension without the truce
    assert result.moving is None  # beyond regimes there is none, though it is better than a constant rate
    assert result.models["self_excited"].fit.aic < result.models["poisson"].fit.aic - 100
    assert result.warnings[0].startswith(f"{NONE_SHOWN}: the branching ratio may be anything from 0.00 to 0.")


@pytest.mark.exhaustive
def test_out_of_sample_scores_are_of_what_came_after_each_origin() -> None:
    """Poisson: weeks after the first half, in five parts, at the rate until then; worked out directly."""
    times, split = RECORDS["poisson"].times, 1500
    starts = np.arange(split, 2993.5, 7)
    direct = []
    for part in np.array_split(starts, 5):
        rate = (times < part[0]).sum() / part[0]
        direct += [((times >= a) & (times < a + 7)).sum() * math.log(rate) - 7 * rate for a in part]
    result = done("poisson")
    assert result.models["poisson"].scores == pytest.approx(direct, abs=1e-3)
    assert result.models["poisson"].held_out == pytest.approx(sum(direct), abs=0.01)
    assert (result.held_out_from, result.intervals) == (day(split), len(starts))


@pytest.mark.exhaustive
def test_out_of_sample_scores_of_counts() -> None:
    """Poisson and the rate of the last four weeks, which are the last seven intervals."""
    counts = np.random.default_rng(4).poisson(3, 40)
    record = counted(counts, np.arange(0, 160, 4), np.arange(4, 161, 4))
    result = calibrate(record, None, 1, silent)
    assert result.recent is not None
    recent = [stats.poisson(counts[i - 7 : i].mean()).logpmf(counts[i]) for i in range(20, 40)]
    constant = [stats.poisson(counts[: part[0]].mean()).logpmf(counts[i])
                for part in np.array_split(np.arange(20, 40), 5) for i in part]
    for entry, direct in ((result.models["poisson"], constant), (result.recent, recent)):
        assert entry.scores == pytest.approx(direct, abs=2e-3)
    assert (result.held_out_from, result.intervals) == (day(80), 20)


@pytest.mark.parametrize(("record", "words"), [
    (events([1, 2, 3, 4], 10), "events.csv: 4 attacks in 4 rows are"),
    (counted([9, 9, 9], [0, 7, 14], [7, 14, 21]), "counts.csv: 27 attacks in 3 intervals are"),
    (counted([1, 0, 1, 0, 2, 0], range(6), range(1, 7)), "counts.csv: 4 attacks in 6 intervals are"),
])
def test_too_little_to_fit(record: AttackRecord, words: str) -> None:
    with pytest.raises(DataError) as caught:
        calibrate(record, None, 1, silent)
    assert str(caught.value) == f"{words} too few to fit anything to; at least 5 of both are needed"


def test_few_observations_have_no_held_out_score() -> None:
    result = calibrate(events([1, 2, 3, 5, 8, 9], 10), None, 1, silent)
    assert result.held_out_from is None
    assert result.recent is None
    assert {model.held_out for model in result.models.values()} == {None}
    assert result.basis == ("by AIC, since fewer than 5 intervals follow the first half of the record, too few for an "
                            "out-of-sample score")
    assert result.best == min(result.models, key=lambda name: result.models[name].fit.aic)


@pytest.mark.exhaustive
def test_the_same_seed_gives_the_same_report() -> None:
    record = RECORDS["poisson"]
    first, other = (as_json(calibrate(record, None, 1, silent)) for _ in range(2))
    assert first == other
    assert first["best"] == "poisson"
    assert first["observed"] == {"kind": "events", "attacks": 200, "observations": 200, "first_day": "2024-01-01",
                               "last_day": day(2999).isoformat(), "gaps": [], "notes": []}


# The scenario that follows

def with_places(name: str, **places: int) -> Calibration:
    """Return a calibration whose attacks are dealt out to places, the rest being unknown."""
    result, given, dealt = done(name), 0, {}
    for place, number in places.items():
        dealt[place] = np.zeros(result.record.attacks)
        dealt[place][given : given + number] = 1
        given += number
    return replace(result, record=replace(result.record, places=dealt))


def written(folder: Path, result: Calibration, base: str = "gradual.toml") -> tuple[Path, fragment.Keys]:
    scenario = load(SCENARIOS / base)
    keys = fragment.keys_of(result, scenario)
    path = folder / "fit.toml"
    path.write_text(fit_file.text(folder, result, keys, scenario), encoding="utf-8")
    return path, keys


@pytest.mark.exhaustive
def test_a_fit_is_a_scenario(tmp_path: Path) -> None:
    """Loadable, with the best values, every draw as a row, and the data's hash as the source of each key."""
    result = done("sparse")
    path, keys = written(tmp_path, result)
    loaded = load(path)
    s = loaded.scenario
    rate, branching, decay = result.best_fit.values
    # The data name no places: theatres share the attacks as in the scenario, half and half.
    assert [s.theatres[name].attacks_per_day for name in ("iraq", "syria")] == pytest.approx([rate / 2] * 2, rel=1e-5)
    assert (s.attacks.branching_ratio, s.attacks.decay_days) == pytest.approx((branching, decay), rel=1e-5)
    joint = s.joint["attack_fit"]
    assert joint.keys == ["theatres.iraq.attacks_per_day", "theatres.syria.attacks_per_day",
                          "attacks.branching_ratio", "attacks.decay_days"]
    expected = result.draws[:, [0, 0, 1, 2]] * [0.5, 0.5, 1, 1]
    np.testing.assert_allclose(joint.rows, expected, rtol=1e-5)
    for key in joint.keys:
        assert s.sources[key] == ("derived: fitted to events.csv (sha256 eeeeeeeeeeee), self-excited")
    assert keys.notes == ["the data name no places: theatres share the attacks as in the scenario"]
    assert "# Note: the data name no places" in path.read_text(encoding="utf-8")
    assert loaded.scenario.title == "Gradual: 16 months from the agreed timeline, attacks as fitted"
    assert s.phases == load(SCENARIOS / "gradual.toml").scenario.phases


def test_a_fit_without_excitation_switches_it_off(tmp_path: Path) -> None:
    path, keys = written(tmp_path, done("poisson"))
    assert keys.fixed == {"attacks.branching_ratio": 0.0}
    s = load(path).scenario
    assert s.attacks.branching_ratio == 0
    assert s.sources["attacks.branching_ratio"] == "derived: goes with the fit to events.csv (sha256 eeeeeeeeeeee)"
    assert any(re.fullmatch(f"# Note: {NONE_SHOWN}.*", line) for line in path.read_text("utf-8").splitlines())


@pytest.mark.exhaustive
def test_levels_of_regimes_become_a_multiplier() -> None:
    result = done("regimes")
    keys = fragment.keys_of(result, load(SCENARIOS / "truce.toml"))
    low, high, factor = result.best_fit.values
    assert keys.best["tension.high_multiplier"] == pytest.approx(high / low)
    assert keys.best["suppressions.truce.factor"] == pytest.approx(factor)
    assert keys.best["theatres.iraq.attacks_per_day"] == pytest.approx(low / 2)
    np.testing.assert_allclose(keys.rows[:, list(keys.best).index("tension.high_multiplier")],
                               result.draws[:, 1] / result.draws[:, 0])


def test_places_share_the_attacks() -> None:
    """30 of 49 known in one theatre, 10 in the other; those of unknown place likewise. Draws: Dirichlet(30.5, 10.5)."""
    result = with_places("sparse", Iraq=30, Syria=10, Jordan=9)
    assert shares(result.record) == {"Iraq": (30 / 49, 30), "Syria": (10 / 49, 10), "Jordan": (9 / 49, 9)}
    keys = fragment.keys_of(result, load(SCENARIOS / "gradual.toml"))
    rate = result.best_fit.values[0]
    assert keys.best["theatres.iraq.attacks_per_day"] == pytest.approx(30 / 49 * rate)
    assert keys.best["theatres.syria.attacks_per_day"] == pytest.approx(10 / 49 * rate)
    both = keys.rows[:, 0] + keys.rows[:, 1]
    np.testing.assert_allclose(both, 40 / 49 * result.draws[:, 0])
    drawn = keys.rows[:, 0] / both
    a, b = 30.5, 10.5
    sd = math.sqrt(a * b / (a + b) ** 2 / (a + b + 1))
    assert abs(drawn.mean() - a / (a + b)) < 4 * sd / math.sqrt(len(drawn))
    assert abs(drawn.std() / sd - 1) < 4 / math.sqrt(2 * len(drawn))


def test_without_a_scenario_places_are_the_theatres(tmp_path: Path) -> None:
    result = with_places("sparse", **{"Al Asad": 30, "Syria": 10})
    keys = fragment.keys_of(result, None)
    assert list(keys.best)[:2] == ["theatres.al_asad.attacks_per_day", "theatres.syria.attacks_per_day"]
    text = fit_file.text(tmp_path, result, keys, None)
    assert 'give a scenario file the first line: extends = "fit.toml"' in text
    assert "\nextends" not in text
    nowhere = fragment.keys_of(done("sparse"), None)
    assert list(nowhere.best) == ["attacks.branching_ratio", "attacks.decay_days"]
    assert nowhere.notes == ["the data name no places, so no theatre's attacks_per_day is given"]


def test_places_that_are_no_theatres() -> None:
    with pytest.raises(DataError) as caught:
        within(with_places("sparse", Yemen=5, Jordan=5).record, load(SCENARIOS / "gradual.toml"))
    assert str(caught.value) == ("events.csv: its places (Yemen, Jordan) are no theatres of the scenario (iraq, syria)")


def test_more_attacks_than_a_scenario_allows() -> None:
    """The bound is 500 a day in a theatre; draws beyond it are left out, a best value beyond it is refused."""
    result = done("poisson")
    scenario = from_dict({"start": day(0), "end": day(99), "theatres": {"north": {"troops": 1000}}})
    too_many = replace(result, models={"poisson": replace(result.models["poisson"], fit=replace(
        result.best_fit, values=np.array([600.0])))})
    with pytest.raises(DataError) as caught:
        fragment.keys_of(too_many, scenario)
    assert str(caught.value) == ("no fit.toml: theatres.north.attacks_per_day would be 600; a scenario allows from 0 "
                                 "to 500")
    thinned = replace(result, draws=np.linspace(450.0, 550.0, 21)[:, None])
    keys = fragment.keys_of(thinned, scenario)
    assert keys.rows[:, 0].tolist() == pytest.approx(np.linspace(450, 500, 11).tolist())
    assert keys.notes[-1] == "10 of 21 draws lie outside what a scenario allows and are left out"
