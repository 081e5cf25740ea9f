"""Talks."""

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.figures import talks
from sim.figures.talk_states import AFTERWARDS, STATES

from .drawn import key_of, panel


def heights(collection, days):
    """Return the height of an area on each day."""
    vertices = collection.get_paths()[0].vertices
    return np.array([np.ptp(vertices[np.isclose(vertices[:, 0], day), 1]) for day in days])


def test_areas_are_the_shares_and_sum_to_one(rich):
    """What was agreed and then overtaken is told from what the outcomes of each replication say."""
    share, ax = rich.dataset.talks_share, panel(talks(rich), "Chance of each state")
    sample = np.arange(0, 1419, 100)
    days = date2num(rich.dataset.date.values[sample])
    drawn = {text: heights(area, days) for text, area in zip(key_of(talks(rich)), ax.collections, strict=False)}
    agreed, demand = (rich.outcomes[name].to_numpy(float)[:, None] for name in ("agreement_day", "demand_day"))
    afterwards = ((agreed <= demand) & (demand <= sample)).mean(axis=0)
    assert afterwards[-1] > 0
    for state, (text, _, _) in STATES.items():
        expected = share.sel(talks_state=state).values[sample] - (afterwards if state == "overtaken" else 0)
        assert drawn.pop(text, 0.0) == pytest.approx(expected, abs=1e-9)
    assert drawn.pop(AFTERWARDS[0]) == pytest.approx(afterwards, abs=1e-9)
    assert not drawn
    assert sum(heights(area, days) for area in ax.collections) == pytest.approx(1)
    assert ax.get_ylabel() == "Replications"


def test_the_share_agreed_by_then_is_that_of_the_table(rich):
    """The line is the edge of what was agreed, whether it stands or was overtaken; its words are the summary's."""
    ax = panel(talks(rich), "Chance of each state")
    (line,) = ax.lines
    days = np.sort(rich.outcomes["agreement_day"].to_numpy(float))
    expected = [(days <= day).mean() for day in rich.dataset.day.values]
    assert line.get_ydata() == pytest.approx(expected)
    stands, after = ax.collections[:2]
    assert heights(stands, [line.get_xdata()[-1]]) + heights(after, [line.get_xdata()[-1]]) == pytest.approx(
        expected[-1])
    assert [text.get_text() for text in ax.texts] == [
        f"{100 * rich.summary['outcomes']['agreed']['mean']:.3g} % agreed by 31 Dec 2027"]


def test_states_are_those_of_the_results(rich):
    assert set(STATES) == set(rich.dataset.talks_state.values)


def test_dates_and_not_yet_account_for_every_replication(result_of):
    for name in ("rich", "short"):
        result = result_of(name)
        ax = panel(talks(result), "Date of the agreed timeline")
        not_yet = [bar for bar in ax.patches if bar.get_hatch()]
        days = result.outcomes["agreement_day"].to_numpy(float)
        missing = np.mean(~np.isfinite(days))
        assert sum(bar.get_height() for bar in not_yet) == pytest.approx(missing)
        assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(1)
        for bar in ax.patches:
            if not bar.get_hatch():
                begin = bar.get_x() - date2num(result.file.scenario.start)
                inside = (days >= begin) & (days < begin + bar.get_width())
                assert bar.get_height() == pytest.approx(inside.mean())


def test_the_bar_of_what_is_not_yet_says_so(result_of):
    ax = panel(talks(result_of("short")), "Date of the agreed timeline")
    assert [text.get_text() for text in ax.texts] == ["100 %"]
    assert ax.get_xticklabels()[-1].get_text() == "not by\n12 Mar 2024"
    assert ax.get_ylabel() == "Replications per day"
    assert ax.get_xlabel() == "Date (2024)"
