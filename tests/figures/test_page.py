"""All figures, whatever the scenario: words, room, files."""

import subprocess
import sys
from functools import cache
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.image import imread
from matplotlib.text import Text

from sim import figures
from sim.figures.files import fitting, save
from sim.figures.page import BETTER, WORSE, headed
from sim.scenario.load import from_dict

from .drawn import SCENARIOS, beyond, played

ALL = [(name, picture) for name, tables in SCENARIOS.items() for picture in fitting(from_dict(tables).scenario)]


@cache
def drawn(name, picture):
    """Draw a picture, once for all tests that look at it."""
    return getattr(figures, picture)(played(name))


def drawn_texts(figure):
    """Return every text that a figure shows, after drawing it."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    on_ticks = [label for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)
                for label in [*axis.get_ticklabels(), *axis.get_ticklabels(minor=True)]]
    texts = [text for text in figure.findobj(Text) if text not in on_ticks]
    texts += [tick.label1 for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for tick in axis._update_ticks()]
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    return {id(text): (text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in shown}.values()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "picture"), ALL)
def test_words_have_room(name, picture):
    figure = drawn(name, picture)
    texts = list(drawn_texts(figure))
    assert len(texts) > 5
    for text, box in texts:
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= figure.bbox.x1, text
        assert box.y1 <= figure.bbox.y1, text
    for (text, box), (other, its_box) in combinations(texts, 2):
        assert not box.padded(-1).overlaps(its_box.padded(-1)), (text, other)


@pytest.mark.parametrize(("name", "picture"), ALL)
def test_axes_are_labelled_and_the_heading_says_what_is_shown(name, picture):
    result, figure = played(name), drawn(name, picture)
    title, heading, footer = (text.get_text() for text in figure.texts)
    scenario = (result.file.scenario.title or result.file.name).strip()
    assert heading.replace("\n", " ") == f"{scenario} · 30 replications, seed 1"
    assert title
    assert footer == "Compares schedules; does not predict."
    for ax in figure.axes:
        named = ax.get_ylabel() or any(label.get_text() for label in ax.get_yticklabels())
        assert named or ax.get_title(loc="left") == "Milestones"
    assert figure.axes[-1].get_xlabel()


@pytest.mark.parametrize(("name", "picture"), ALL)
def test_the_axes_hold_all_that_is_drawn(name, picture):
    for ax in drawn(name, picture).axes:
        assert beyond(ax) == [], ax.get_title(loc="left")


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "picture"), ALL)
def test_two_colours_are_kept_for_what_is_good_and_what_is_bad(name, picture):
    handles = [handle for legend in drawn(name, picture).legends
               for handle in legend.legend_handles]
    named = {"better": set(), "worse": set()}
    for handle in handles:
        colours = [handle.get_color()] if hasattr(handle, "get_color") else [handle.get_facecolor()]
        for colour in map(to_hex, colours):
            if colour.upper() in (BETTER, WORSE):
                named["better" if colour.upper() == BETTER else "worse"].add(handle.get_label())
    assert named["better"] <= {"Timeline agreed", "Talks: timeline agreed"}
    assert named["worse"] <= {"Suspended", "Talks: suspended", "Mean of the worst 5 %"}


def test_figures_that_make_no_sense_are_left_out(result_of, tmp_path):
    written = figures.draw_all(result_of("quiet"), tmp_path / "figures")
    assert [path.name for path in written] == [
        "troops.png", "troops.svg", "outcomes.png", "outcomes.svg", "timelines.png", "timelines.svg",
        "by_date.png", "by_date.svg"]
    assert imread(written[0]).shape[1] == 2000  # 10 inches at 200 dots an inch
    assert list(fitting(result_of("rich").file.scenario)) == [
        "troops", "attacks", "talks", "outcomes", "threat", "timelines", "by_date"]


@pytest.mark.exhaustive
def test_the_same_results_give_the_same_svg(result_of, tmp_path):
    first = figures.draw_all(result_of("short"), tmp_path / "a")
    second = figures.draw_all(result_of("short"), tmp_path / "b")
    vector = [(a, b) for a, b in zip(first, second, strict=True) if a.suffix == ".svg"]
    assert len(vector) == 7
    for a, b in vector:
        assert a.read_bytes() == b.read_bytes()
        assert b"<dc:date>" not in a.read_bytes()


def test_settings_around_stay_as_they_are_and_do_not_matter(result_of):
    def heights(figure):
        return np.array([ax.get_position().bounds for ax in figure.axes])

    def settings():
        return {key: value for key, value in matplotlib.rcParams.copy().items() if key != "backend"}

    figure = figures.troops(result_of("quiet"))
    figure.draw_without_rendering()
    with matplotlib.rc_context({"font.size": 20, "axes.spines.top": True}):
        before = settings()
        other = figures.troops(result_of("quiet"))
        assert settings() == before
    other.draw_without_rendering()
    assert heights(other) == pytest.approx(heights(figure))


def test_a_dollar_sign_is_a_dollar_sign(result_of):
    figure = figures.troops(result_of("eight"))
    dollars = [text for text in figure.findobj(Text) if "$5 & $6" in text.get_text()]
    assert len(dollars) == 8
    assert not any(text.get_parse_math() for text in dollars)


class Counter(Artist):
    """Draws nothing, and counts how often it is drawn."""

    drawn = 0

    def draw(self, renderer):
        self.drawn += 1


def test_a_page_is_drawn_once_for_each_file(tmp_path):
    figure = headed("Heading", "Title", 2.0)
    figure.subplots().plot([1, 2])
    counter = figure.add_artist(Counter())
    with matplotlib.rc_context({"figure.constrained_layout.use": True}):  # whatever the user has set
        paths = save(figure, tmp_path, "page")
    assert [path.name for path in paths] == ["page.png", "page.svg"]
    assert counter.drawn == 2


def test_pictures_are_imported_when_they_are_used():
    code = "import sys, sim.figures.files; print(sorted({name.split('.')[1] for name in sys.modules if '.' in name" \
           " and name.startswith('sim.')} & {'comparison', 'study', 'evidence', 'api', 'cli'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_pyplot_is_not_needed():
    code = "import sys, sim.figures; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_all_that_the_interface_names_is_there_without_further_imports():
    asked = "import sim; print([name for of in (sim, sim.figures) for name in of.__all__ if not hasattr(of, name)])"
    missing = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert missing.strip() == "[]"
