"""Figures of a calibration: what is drawn of a small one, made by hand, and of records of other kinds."""

from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.dates import date2num
from scipy.special import zeta

from sim.evidence.calibrate import Calibration
from sim.evidence.deaths import Comparison, Deaths, Tail
from sim.evidence.fit import Fit
from sim.evidence.fitted import FittedValue
from sim.evidence.goodness import Goodness
from sim.evidence.held_out import recent_fit
from sim.evidence.models import models_for
from sim.evidence.recommend import Compared, Moving
from sim.evidence.record import AttackRecord, Harm
from sim.evidence.severity import Severity
from sim.evidence.stretches import Regimes
from sim.figures import agreement, calibration, deaths, fitted_attacks, model_choice
from sim.figures.calibration import fitting
from sim.figures.intervals import Intervals
from sim.figures.page import FOOTER

from .drawn import band_of, beyond, key_of, panel
from .test_page import drawn_texts

DAY = date(2024, 1, 1)
REGIMES = Regimes(((date(2024, 1, 5), True), (date(2024, 2, 10), False)), False,
                  (("truce", date(2024, 1, 20), date(2024, 1, 25)), ("order", date(2024, 2, 20), None)))


def calibrated(starts, ends, counts, kind="counts", regimes=REGIMES, killed=None):
    """Return a calibration of counts over intervals in which nothing was fitted."""
    starts, ends, counts = np.array(starts, float), np.array(ends, float), np.array(counts)
    attacks = (np.arange(counts.sum()) * 0.1,) if kind == "events" else (np.empty(0), starts, ends, counts)
    record = AttackRecord(Path("data/attacks.csv"), "0" * 64, kind, DAY, starts[0], ends[-1], *attacks)
    if killed is not None:
        none = np.full(len(killed), -1)
        record = replace(record, harm=Harm(np.array(killed), none, none, np.full(len(killed), np.nan)))
    models = {}
    for i, model in enumerate(models_for(record, regimes)):
        values = np.array([parameter.low for parameter in model.parameters])
        fit = Fit(model, record, values, -100.0 - 4.0 * i)
        estimates = {parameter.name: FittedValue(0.3, 0.1, 0.6) for parameter in model.parameters}
        models[model.name] = Compared(fit, estimates, np.array([-15.0, -5.0 + i]) if i else None)
    simulated = np.random.default_rng(1).poisson(counts.mean(), (200, len(counts)))
    uniform = np.sort(np.random.default_rng(2).random(20)) ** 1.2
    goodness = Goodness(uniform, 0.12, 0.3, 0.4, starts, ends, counts, simulated)
    moving = Moving(100.0, 4.0, FittedValue(0.2, 0.05, 0.4))
    return Calibration(record, regimes, models, "poisson", np.ones((5, 1)), goodness, moving)


@pytest.fixture
def irregular():
    return calibrated([0, 8, 10, 20, 30], [8, 10, 14, 30, 60], [8, 6, 2, 5, 30])


@pytest.fixture
def weekly():
    return calibrated(np.arange(0, 140, 7), np.arange(7, 147, 7), [3, 0, 5, 2] * 5, regimes=None)


def found_deaths(start):
    p_value = FittedValue(0.04, 0.01, 0.1)
    tail = Tail(FittedValue(start, 1, 4), FittedValue(2.2, 1.9, 2.7), 4, p_value, Comparison(0, 1), Comparison(0, 1))
    deaths = Deaths(12, FittedValue(2.5, 2.1, 3.0), p_value, tail, 100)
    return Severity(12, None, None, deaths, None, None, None, None, ())


@pytest.fixture
def fatal():
    result = calibrated([0, 7, 14], [7, 14, 21], [4, 5, 3], killed=[1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 5, 9, 0, -1])
    return replace(result, severity=found_deaths(3))


def test_recorded_attacks_are_rates_over_their_intervals_with_nothing_in_gaps(irregular):
    figure = fitted_attacks.draw(irregular)
    ax = figure.axes[0]
    recorded = [line for line in ax.lines if line.get_color() == "#000000"]
    first = date2num(DAY)
    assert [(line.get_xdata() - first).tolist() for line in recorded] == [[0, 8, 8, 10, 10, 14], [20, 30, 30, 60]]
    assert [line.get_ydata().tolist() for line in recorded] == [[1, 1, 3, 3, 0.5, 0.5], [0.5, 0.5, 1, 1]]
    assert ax.get_ylabel() == "Attacks / day"
    assert key_of(figure) == ["Recorded", "Median of each interval", "Half of simulations (25–75 %)",
                              "Nine in ten (5–95 %)", "High tension", "Truce or stop order"]


def test_weeks_are_drawn_as_counts_with_the_bands_of_simulations(weekly):
    figure = fitted_attacks.draw(weekly)
    ax = figure.axes[0]
    assert ax.get_ylabel() == "Attacks / week"
    inside = round(20 * weekly.goodness.inside)
    assert ax.get_title(loc="left") == f"{inside} of 20 weeks lie in the band of nine in ten"
    white, wide, narrow = ax.collections
    for drawn, ends in ((wide, (0.05, 0.95)), (narrow, (0.25, 0.75))):
        days, low, high = band_of(drawn)
        assert (days - date2num(DAY)).tolist() == np.repeat(np.arange(0, 147, 7), 2)[1:-1].tolist()
        for edge, level in zip((low, high), ends, strict=True):
            assert edge == pytest.approx(np.repeat(np.quantile(weekly.goodness.simulated, level, axis=0), 2))
    assert white.get_facecolor()[0][:3].tolist() == [1, 1, 1]
    assert "High tension" not in key_of(figure)


def test_dated_regimes_are_shaded_within_the_record(irregular):
    high, suppressed = fitted_attacks.spans(REGIMES, date2num(DAY), date2num(DAY) + 60)
    first = date2num(DAY)
    assert [(begin - first, end - first) for begin, end in high] == [(4, 40)]
    assert [(begin - first, end - first) for begin, end in suppressed] == [(19, 24), (50, 60)]
    drawn = {(patch.get_x() - first, patch.get_width(), patch.get_hatch())
             for patch in fitted_attacks.draw(irregular).axes[0].patches}
    assert drawn == {(4, 36, "\\\\"), (19, 5, "...."), (50, 10, "....")}
    assert fitted_attacks.spans(replace(REGIMES, high_first=True), first, first + 60)[0] == [
        (first, first + 4), (first + 4, first + 40)]


def test_a_long_gap_breaks_the_axis_and_a_short_one_does_not():
    result = calibrated([0, 100, 320, 330, 340], [90, 190, 330, 340, 350], [5, 2, 10, 20, 15])
    figure = fitted_attacks.draw(result)
    titles = [ax.get_title(loc="left").split("\n") for ax in figure.axes]
    assert [title[1] for title in titles] == ["1 Jan 2024 – 8 Jul 2024", "16 Nov 2024 – 15 Dec 2024"]
    assert titles[1][0] == "After a gap in the record; on another scale"
    assert figure.axes[1].get_ylim()[1] > 2 > figure.axes[0].get_ylim()[1]
    holes = Intervals.between(DAY, np.array([0.0, 5, 9]), np.array([2.0, 8, 100]))
    assert holes.pieces() == [slice(0, 3)]
    assert holes.runs() == [slice(0, 1), slice(1, 2), slice(2, 3)]


def test_residuals_are_steps_against_uniform_quantiles_inside_or_outside_the_band(irregular):
    ax = agreement.residuals(irregular).axes[0]
    days, low, high = band_of(ax.collections[0])
    assert days.tolist() == pytest.approx([0, 0.3, 0.7, 1])
    assert high.tolist() == pytest.approx([0.3, 0.6, 1, 1])  # 0.3 to either side, as far as there are shares
    assert low.tolist() == pytest.approx([0, 0, 0.4, 0.7])
    line = ax.lines[1]
    uniform = irregular.goodness.uniform
    assert line.get_ydata().tolist() == np.repeat(uniform, 2).tolist()
    assert line.get_xdata()[[0, 1, 2, -1]].tolist() == pytest.approx([0, 0.05, 0.05, 1])
    assert ax.get_title(loc="left") == ("Largest distance 0.12, band 0.30, p = 0.4\n"
                                        "Inside the band: the model’s timing agrees with the record")
    worse = replace(irregular, goodness=replace(irregular.goodness, distance=0.31, p_value=1e-5))
    assert agreement.residuals(worse).axes[0].get_title(loc="left") == (
        "Largest distance 0.31, band 0.30, p < 0.001\n"
        "Outside the band: the model’s timing does not agree with the record")


def test_bars_of_the_rootogram_hang_from_what_simulations_have(weekly):
    figure = agreement.rootogram(weekly)
    ax = figure.axes[0]
    simulated = weekly.goodness.simulated
    expected = {k: np.sqrt((simulated == k).sum(axis=1).mean()) for k in range(4)}
    bars = {round(bar.get_x() + bar.get_width() / 2): bar for bar in ax.containers[0]}
    for k, recorded in ((0, 5), (1, 0), (2, 5), (3, 5)):
        assert bars[k].get_y() == pytest.approx(expected[k])
        assert bars[k].get_height() == pytest.approx(-np.sqrt(recorded))
    band = next(patch.get_data() for patch in ax.patches if hasattr(patch, "get_data") and patch.get_fill())
    low, high = np.quantile((simulated == 2).sum(axis=1), [0.05, 0.95])
    assert band.values[2] == pytest.approx(expected[2] - np.sqrt(low))
    assert band.baseline[2] == pytest.approx(expected[2] - np.sqrt(high))
    assert ax.get_xlabel() == "Attacks in a week"
    assert ax.get_xticklabels()[-1].get_text().startswith("≥ ")
    assert key_of(figure)[1] == "Recorded weeks, hanging from it: above 0 too few, below 0 too many"


def test_many_counts_share_bars_and_none_is_lost():
    recorded, simulated = np.array([0, 4, 5, 300]), np.array([[0, 9, 10, 11], [1, 2, 1000, 3]])
    lows, width, ours, theirs = agreement.frequencies(recorded, simulated)
    assert width == 200
    assert lows.tolist() == [0, 200, 400, 600, 800]
    assert ours.tolist() == [3, 1, 0, 0, 0]
    assert theirs.tolist() == [[4, 0, 0, 0, 0], [3, 0, 0, 0, 1]]


def test_models_stand_in_order_of_aic_with_their_distance_from_the_best(irregular):
    figure = model_choice.draw(irregular)
    left, right = figure.axes
    models = sorted(irregular.models.values(), key=lambda model: model.fit.aic)
    assert [label.get_text().replace("\n", " ") for label in left.get_yticklabels()] == [
        model.fit.model.label for model in models]
    points = [line for line in left.lines if line.get_marker() in ("o", "s", "^")]
    aic = np.array([model.fit.aic for model in models])
    assert points[0].get_xdata() == pytest.approx(aic - aic[0])
    assert points[1].get_xdata().min() == 0
    held_out = dict(zip([model.fit.model.name for model in models], points[2].get_xdata(), strict=True))
    assert np.isnan(held_out["poisson"])
    assert held_out["self_excited"] - held_out["self_excited_regimes"] == pytest.approx(2)
    assert [label.get_text().replace("\n", " ") for label in right.get_yticklabels()] == [
        "Self-excited", "Self-excited on dated regimes", "Self-excited on a moving background (errs low)"]
    lines = [line.get_xdata().tolist() for line in right.lines if line.get_linewidth() == 1.8]
    assert lines == [[0.1, 0.6], [0.1, 0.6], [0.05, 0.4]]
    assert right.patches[0].get_x() == 0.2
    assert right.patches[0].get_x() + right.patches[0].get_width() == 0.5


def test_what_is_not_known_of_the_models_is_not_drawn(irregular):
    models = {name: replace(model, scores=None) for name, model in irregular.models.items()}
    figure = model_choice.draw(replace(irregular, models=models, moving=None))
    assert not any(text.startswith("Out-of-sample") for text in key_of(figure))
    assert "not estimated: no self-excitation seen" in [text.get_text() for text in figure.axes[1].texts]
    models["poisson"] = replace(models["poisson"], scores=np.array([-np.inf]))
    models["regimes"] = replace(models["regimes"], scores=np.array([-5.0]))
    figure = model_choice.draw(replace(irregular, models=models))
    assert [text.get_text() for text in figure.axes[0].texts] == ["∞"]


def test_the_rate_of_the_last_four_weeks_stands_last_with_its_score_alone(irregular):
    recent = replace(irregular.models["poisson"], fit=recent_fit(irregular.record), scores=np.array([-17.0]))
    left = model_choice.draw(replace(irregular, recent=recent)).axes[0]
    assert left.get_yticklabels()[-1].get_text().replace("\n", " ") == "Rate of the last four weeks"
    aic, bic, score = [line.get_xdata()[-1] for line in left.lines if line.get_marker() in ("o", "s", "^")]
    assert np.isnan([aic, bic]).all()
    best = max(model.held_out for model in irregular.models.values() if model.held_out is not None)
    assert score == pytest.approx(-2 * -17.0 + 2 * max(best, -17.0))


def test_deaths_are_a_share_with_as_many_or_more_beside_the_law(fatal):
    figure = deaths.draw(fatal)
    ax = figure.axes[0]
    law, tail, points = ax.lines
    assert points.get_xdata().tolist() == [1, 2, 3, 5, 9]
    assert points.get_ydata() == pytest.approx(np.array([12, 6, 4, 2, 1]) / 12)
    assert law.get_ydata() == pytest.approx(zeta(2.5, law.get_xdata()) / zeta(2.5, 1))
    assert tail.get_xdata()[0] == 3
    assert tail.get_ydata() == pytest.approx(4 / 12 * zeta(2.2, tail.get_xdata()) / zeta(2.2, 3))
    at, low, high = band_of(ax.collections[0])
    lowest = ax.get_ylim()[0]  # laws go on below it
    assert low == pytest.approx(np.maximum(zeta(3.0, at) / zeta(3.0, 1), lowest))
    assert high == pytest.approx(np.maximum(zeta(2.1, at) / zeta(2.1, 1), lowest))
    assert ax.get_title(loc="left").startswith("The power law from one death on is ruled out: p = 0.04")
    assert key_of(figure) == ["Recorded", "Power law from one death on, exponent 2.50",
                              "90 % interval of the exponent, 2.10 to 3.00",
                              "Power law from 3 deaths on, exponent 2.20 (1.90 to 2.70)"]
    assert len(deaths.draw(replace(fatal, severity=found_deaths(1))).axes[0].lines) == 2


def test_only_figures_with_something_to_show_are_drawn(irregular, fatal):
    assert list(fitting(irregular)) == ["attacks", "residuals", "rootogram", "models"]
    assert list(fitting(fatal)) == ["attacks", "residuals", "rootogram", "models", "deaths"]
    nothing = replace(irregular.goodness, starts=np.empty(0), ends=np.empty(0), counts=np.empty(0, int),
                      simulated=np.empty((200, 0), int))
    assert list(fitting(replace(irregular, goodness=nothing))) == ["residuals", "models"]


@pytest.mark.exhaustive
def test_the_same_calibration_gives_the_same_svg(fatal, tmp_path):
    first = calibration.draw_all(fatal, tmp_path / "a")
    second = calibration.draw_all(fatal, tmp_path / "b")
    assert [path.name for path in first] == [
        f"{name}.{ending}" for name in ("attacks", "residuals", "rootogram", "models", "deaths")
        for ending in ("png", "svg")]
    for one, other in zip(first, second, strict=True):
        if one.suffix == ".svg":
            assert one.read_bytes() == other.read_bytes()


MANY = {
    "one_week": calibrated([0], [7], [6]),
    "no_attacks_in_sight": calibrated([0, 7], [7, 14], [5, 0], regimes=None),
    "ten_years": calibrated(np.arange(0, 3640, 7), np.arange(7, 3647, 7), np.arange(520) % 9),
    "broken": calibrated([0, 100, 320, 330, 340], [90, 190, 330, 340, 350], [5, 2, 10, 20, 15]),
    "broken_twice": calibrated([0, 100, 300], [50, 200, 330], [5, 200, 1000]),
    "events": calibrated([0, 7], [7, 14], [30, 40], kind="events"),
    "fatal": replace(calibrated([0, 7], [7, 14], [9, 9], killed=[1, 1, 1, 2, 3, 400]), severity=found_deaths(2)),
}
MANY["two_files"] = replace(MANY["broken"], record=replace(
    MANY["broken"].record, joined=(("attacks_2020_2023_as_reported.csv", ""), ("attacks_2023_2024.csv", ""))))


@pytest.mark.exhaustive
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("name", "picture"), [(name, picture) for name in MANY for picture in fitting(MANY[name])])
def test_words_have_room_and_the_page_is_headed(name, picture):
    figure = fitting(MANY[name])[picture](MANY[name])
    for ax in figure.axes:
        assert beyond(ax) == []
    texts = list(drawn_texts(figure))
    for text, box in texts:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    for (text, box), (other, its_box) in combinations(texts, 2):
        assert not box.padded(-1).overlaps(its_box.padded(-1)), (text, other)
    _, heading, footer = (text.get_text() for text in figure.texts[:3])
    assert footer == FOOTER
    assert heading.startswith("attacks")
    assert f"{MANY[name].record.attacks:,} attacks" in heading
    assert all(ax.get_xlabel() for ax in figure.axes)


def test_the_heading_names_files_attacks_days_and_the_model(irregular):
    figure = agreement.rootogram(irregular)
    assert figure.texts[1].get_text() == "attacks.csv · 51 attacks, 1 Jan 2024 – 29 Feb 2024 · best model: Poisson"
    assert panel(model_choice.draw(irregular), "Branching ratio").get_xlabel() == (
        "Mean number of attacks that an attack sets off")
