"""Figures of a back-test made by hand."""

from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.dates import date2num
from scipy.stats import binom

from sim.evidence.backtest import Backtest, Forecast, Score
from sim.evidence.record import AttackRecord
from sim.figures import backtest
from sim.figures.backtest import timeline

from .drawn import band_of, beyond, key_of, panel
from .test_page import drawn_texts

DAY = date(2024, 1, 1)
SCORES = {"model": Score(2.31, -2.0, 0.5, 0.95, 20), "lowest_aic_with_regimes": Score(4.4, -3.0, 0.2, 0.65, 20),
          "lowest_aic_without_regimes": Score(2.32, -2.0, 0.45, 0.9, 20), "constant": Score(1.5, -1.9, 0.3, 0.7, 20),
          "last_four_weeks": Score(3.4, -3.0, 0.35, 0.6, 20), "negative_binomial": Score(2.5, -2.2, 0.6, 1.0, 20)}
RIVALS = list(SCORES)[1:]


def samples(targets):
    generator = np.random.default_rng(3)
    return {name: generator.poisson(8, (300, targets)) for name in SCORES}


@pytest.fixture
def events():
    """Two attacks a day for 100 days, forecast on day 60."""
    record = AttackRecord(Path("attacks.csv"), "", "events", DAY, 0.0, 100.0, np.arange(0.25, 100, 0.5))
    starts = np.arange(60.0, 88, 7)
    forecast = Forecast(60.0, starts, starts + 7, np.array([14, 15, 13, 14]), samples(4), {},
                        {"model": "Self-excited"})
    return Backtest(record, (forecast, forecast), SCORES)


@pytest.fixture
def irregular():
    starts, ends, counts = np.array([0.0, 4, 10, 20, 25]), np.array([4.0, 8, 20, 25, 35]), np.array([8, 2, 5, 10, 30])
    record = AttackRecord(Path("attacks.csv"), "", "counts", DAY, 0.0, 35.0, np.empty(0), starts, ends, counts)
    forecast = Forecast(20.0, starts[3:], ends[3:], counts[3:], samples(2), {}, {"model": "Poisson"})
    return Backtest(record, (forecast,), SCORES)


def test_weeks_lead_up_to_the_origin_and_what_came_follows(events):
    figure = backtest.forecast(events)
    ax = figure.axes[0]
    line, origin = [line for line in ax.lines if line.get_color() == "#000000"]
    first = date2num(DAY)
    assert (line.get_xdata()[::2] - first).tolist() == list(range(4, 88, 7))
    assert line.get_ydata()[::2].tolist() == [14] * 8 + [14, 15, 13, 14]
    assert origin.get_xdata()[0] - first == 60
    assert ax.get_ylabel() == "Attacks / week"
    assert figure.texts[0].get_text() == "Attacks: the forecast of 29 Feb 2024, and what happened"
    assert figure.texts[1].get_text() == "attacks.csv · 200 attacks, 1 Jan 2024 – 9 Apr 2024 · model: Self-excited"


def test_the_band_is_that_of_the_model_and_rivals_are_thin_lines(irregular):
    figure = backtest.forecast(irregular)
    ax = figure.axes[0]
    made = irregular.forecasts[0]
    days = made.ends - made.starts
    at, low, high = band_of(ax.collections[1])
    assert (at - date2num(DAY)).tolist() == [20, 25, 25, 35]
    for edge, level in ((low, 0.05), (high, 0.95)):
        assert edge == pytest.approx(np.repeat(np.quantile(made.samples["model"], level, axis=0) / days, 2))
    rivals = [line for line in ax.lines if line.get_linewidth() == 1.1]
    for line, name in zip(rivals, RIVALS, strict=True):
        assert line.get_ydata() == pytest.approx(np.repeat(np.median(made.samples[name], axis=0) / days, 2))
    recorded = [line for line in ax.lines if line.get_linewidth() == 1.5]
    assert [line.get_ydata()[::2].tolist() for line in recorded] == [[2, 0.5], [0.5, 2, 3]]
    assert ax.get_ylabel() == "Attacks / day"
    assert key_of(figure) == [
        "Recorded", "The recommended model: median", "Half of simulations (25–75 %)", "Nine in ten (5–95 %)",
        "Lowest AIC, dated regimes: median", "Lowest AIC, no dated regimes: median",
        "Constant rate: median", "As in the last four weeks: median", "Negative binomial, past weeks: median"]


def test_no_more_of_the_past_is_drawn_than_is_worth_it(events):
    record = events.record
    made = Forecast(60.0, np.array([60.0]), np.array([67.0]), np.array([14]), samples(1), {}, {})
    whole, recorded = timeline(record, made)
    assert whole.starts.tolist() == [39, 46, 53, 60]
    assert recorded.tolist() == [14] * 4


def test_scores_stand_best_first_beside_the_chance_of_their_coverage(events):
    figure = backtest.scores(events)
    left, right = panel(figure, "How far forecasts were off"), panel(figure, "How often what came lay in the interval")
    assert [label.get_text() for label in left.get_yticklabels()] == [
        "Constant rate", "The recommended model", "Lowest AIC, no dated regimes", "Negative binomial, past weeks",
        "As in the last four weeks", "Lowest AIC, dated regimes"]
    assert left.lines[0].get_xdata() == pytest.approx([1.5, 2.31, 2.32, 2.5, 3.4, 4.4])
    assert [text.get_text() for text in left.texts] == ["1.50", "2.31", "2.32", "2.50", "3.40", "4.40"]
    shares = {line.get_marker(): list(line.get_xdata()) for line in right.lines if line.get_marker() in ("o", "s")}
    assert shares == {"o": [0.3, 0.5, 0.45, 0.6, 0.35, 0.2], "s": [0.7, 0.95, 0.9, 1.0, 0.6, 0.65]}
    assert [line.get_xdata()[0] for line in right.lines if line.get_linestyle() == "--"] == [0.5, 0.9]
    for span, level in zip(right.patches, (0.5, 0.9), strict=True):
        ends = np.array([span.get_x(), span.get_x() + span.get_width()])
        assert ends == pytest.approx(binom.ppf([0.05, 0.95], 4, level) / 4)  # the same four weeks, twice
    assert right.get_xlabel() == "Share of 20 forecasts"
    assert "8 forecasts of 4 distinct intervals" in figure.texts[1].get_text()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("made", ["events", "irregular"])
@pytest.mark.parametrize("draw", [backtest.forecast, backtest.scores])
def test_words_have_room(draw, made, request):
    figure = draw(request.getfixturevalue(made))
    for ax in figure.axes:
        assert beyond(ax) == []
    texts = list(drawn_texts(figure))
    for text, box in texts:
        assert 0 <= box.x0 < box.x1 <= figure.bbox.x1, text
        assert 0 <= box.y0 < box.y1 <= figure.bbox.y1, text
    for (text, box), (other, its_box) in combinations(texts, 2):
        assert not box.padded(-1).overlaps(its_box.padded(-1)), (text, other)


def test_the_same_back_test_gives_the_same_svg(irregular, tmp_path):
    first = backtest.draw_all(irregular, tmp_path / "a")
    second = backtest.draw_all(irregular, tmp_path / "b")
    assert [path.name for path in first] == ["forecast.png", "forecast.svg", "scores.png", "scores.svg"]
    assert [path.read_bytes() for path in first[1::2]] == [path.read_bytes() for path in second[1::2]]
