"""The rain: its points are the same however they are asked for, and as many as theory says, at any intensity."""

import math

import pytest
from examples import few_and_many
from hypothesis import strategies as st
from scipy import stats
from worlds import HARMLESS, NO_COUPLINGS, day, model

from sim.clocks.reference import ReferenceClock
from sim.rules import rain
from sim.rules.state import MOST_INTERVALS, MOST_POINTS, STRIPS, TOO_MANY_ATTACKS, State
from sim.rules.streams import Streams


def world(rate: float = 0.1) -> tuple[State, Streams]:
    one = model(400, theatres={"north": {"troops": 1000, "attacks_per_day": rate}, "south": {"troops": 1000}})
    return one.first_state(), one.open_streams(3, 0)


def points(s: State, k: int) -> list[tuple[float, float, int]]:
    """Return time, height and number of all points of the block."""
    numbers = range(k * MOST_POINTS, k * MOST_POINTS + s.points[k])
    return sorted((s.point_time[i], s.point_height[i], i) for i in numbers)


DAYS, INTENSITY = st.floats(0, 20), st.floats(0, 1) | st.floats(0, 60)


@few_and_many(50, 300, st.lists(st.tuples(DAYS, INTENSITY), min_size=1, max_size=30))
def test_the_next_point_is_the_first_below_the_intensity(asked: list[tuple[float, float]]) -> None:
    """Found among all points by looking at each; while time goes on, and the intensity rises and falls."""
    s, r = world()
    for days, intensity in asked:
        s.now += days
        rain.draw_points(s, r, 1, intensity)
        ahead = [i for time, height, i in points(s, 1) if time > s.now and height < intensity]
        assert rain.next_point(s, 1, intensity) == (ahead[0] if ahead else -1)


def test_points_do_not_depend_on_how_the_intensity_came_about() -> None:
    """Drawn at once, and strip by strip in another theatre's company: the same times, heights and places."""
    drawn = []
    for steps in ([40.0], [0.1, 7.0, 3.0, 39.9, 40.0]):
        s, r = world()
        for intensity in steps:
            rain.draw_points(s, r, 1, intensity)
            rain.draw_points(s, r, 0, intensity / 2)
        drawn.append([(time, height, s.point_place[i]) for time, height, i in points(s, 1)])
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) > 1000


@pytest.mark.parametrize(("intensity", "blocks"), [(0.5, 300), (180.0, 3), (1000.0, 1)])
def test_points_are_a_poisson_process(intensity: float, blocks: int) -> None:
    """Their number over some blocks (alpha 1e-4), and their times and heights spread evenly (each 1e-4)."""
    s, r = world()
    times, heights = [], []
    for block in range(blocks):
        s.now = 32.0 * block
        rain.draw_points(s, r, 1, intensity)
        below = [(time - s.now, height) for time, height, _ in points(s, 1) if height < intensity]
        times += [time for time, _ in below]
        heights += [height for _, height in below]
    assert s.given_up == 0
    chance = stats.poisson(intensity * 32 * blocks).cdf(len(times))
    assert 5e-5 < chance < 1 - 5e-5
    assert stats.kstest([time / 32 for time in times], "uniform").pvalue > 1e-4
    assert stats.kstest([height / intensity for height in heights], "uniform").pvalue > 1e-4


def test_cost_grows_with_what_is_drawn() -> None:
    """The lists hold what has been drawn, and a block is cut finely only if there is much in it."""
    s, r = world()
    rain.draw_points(s, r, 1, 0.2)
    assert len(s.point_time) == s.points[1] < 20
    assert s.intervals[1] == 8
    rain.draw_points(s, r, 1, 180.0)
    assert len(s.point_time) == s.points[1] > 5000
    assert s.points[1] / 2 <= s.intervals[1] < s.points[1]


def test_the_plane_ends_where_it_says() -> None:
    top = STRIPS * rain.STRIP_HEIGHT
    s, r = world()
    rain.draw_points(s, r, 1, math.nextafter(top, 0.0))
    assert s.given_up == 0
    assert s.points[1] < MOST_POINTS
    assert s.intervals[1] <= MOST_INTERVALS
    rain.draw_points(s, r, 1, top)
    assert s.given_up == TOO_MANY_ATTACKS


@pytest.mark.exhaustive
def test_a_hundred_and_eighty_attacks_a_day_come_as_often() -> None:
    """Poisson with mean 180 x 60 in each of 12 replications, two-sided dispersion test and mean (alpha 1e-4 each)."""
    busy = model(60, theatres={"north": {"troops": 130_000, "attacks_per_day": 180}}, casualties=HARMLESS,
                 couplings=NO_COUPLINGS)
    counts = [ReferenceClock(busy, 1, i).play().attacks[0] for i in range(12)]
    mean = 180 * 60
    assert 5e-5 < stats.poisson(12 * mean).cdf(sum(counts)) < 1 - 5e-5
    dispersion = sum((count - mean) ** 2 for count in counts) / mean
    assert 5e-5 < stats.chi2(12).cdf(dispersion) < 1 - 5e-5
    assert busy.parameters.horizon == (day(60) - day(0)).days
