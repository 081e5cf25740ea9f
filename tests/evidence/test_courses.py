"""Courses: what they answer, checked by hand and against the diary of the same replications."""

from datetime import date
from math import inf

import numpy as np
import pytest
from worlds import CERTAIN_CLOSING, CERTAIN_LIFT, leaving, model

from sim.clocks.reference import play as play_told
from sim.evidence.courses import Course, courses
from sim.evidence.happened import Observation
from sim.model.catalogue import expand
from sim.play.cast import solo
from sim.play.daily import unfold
from sim.play.player import player_of
from sim.rules.state import TOLD_SITE_CLOSED

COURSE = Course(np.array([0.0, 3.0, 3.0, 7.5, 10.0]), np.array([100.0, 90, 80, 30, 10]), np.array([7.5, inf, 9.0]),
                2.5, 10.0)


def asked(what, site=-1):
    return Observation(date(2020, 1, 1), what, None, site, "", "", "", "")


@pytest.mark.parametrize(("what", "day", "site", "answer"), [
    ("gone", 2, -1, 0), ("gone", 3, -1, 20), ("there", 7, -1, 30), ("there", 99, -1, 10),
    ("sites_closed", 7, -1, 1), ("sites_left", 7, -1, 2), ("sites_closed", 9, -1, 2), ("first_move", 50, -1, 2),
    ("site", 50, 0, 7), ("site", 50, 1, 40), ("end", 50, -1, 10), ("not_ended", 50, -1, 10), ("not_ended", 8, -1, 8)])
def test_what_a_course_answers(what, day, site, answer):
    """At the end of a day; what never comes, on the last day."""
    assert COURSE.answer(asked(what, site), day, 40) == answer


def test_a_course_in_which_nothing_happens():
    still = Course(np.zeros(1), np.array([100.0]), np.array([inf]), inf, inf)
    assert [still.answer(asked(what, 0), 5, 40) for what in ("first_move", "end", "site", "gone", "not_ended")] == [
        40, 40, 40, 0, 5]


def test_stretched():
    slow = COURSE.stretched(2)
    assert [slow.at_end_of(day) for day in (5, 6, 14, 15, 20)] == [100, 80, 80, 30, 10]
    assert (slow.first_move, slow.completed) == (5, 20)
    assert slow.closed.tolist() == [15, inf, 18]


def test_straightened():
    """As many leave on each of ten days; the two sites that are closed, halfway and at the end, in the same order."""
    line = COURSE.straightened()
    assert [line.at_end_of(day) for day in range(10)] == pytest.approx([91, 82, 73, 64, 55, 46, 37, 28, 19, 10])
    assert line.closed.tolist() == [5, inf, 10]
    assert (line.first_move, line.completed, line.at_end_of(99)) == (0, 10, 10)


def test_played_as_planned():
    """By hand: 1,000 leave in ten weekly tranches, then the site is closed."""
    course, = courses(model(120, phases=leaving(over_days=70), closing=CERTAIN_CLOSING, theatres={
        "north": {"troops": 1000, "sites": {"main": {"hub": True, "garrison": 0, "closing_days": 0}}}}), 1, 1)
    assert course.times.tolist() == pytest.approx([0, *range(7, 71, 7)])
    assert course.present.tolist() == list(range(1000, -1, -100))
    assert course.closed.tolist() == pytest.approx([70])
    assert (course.first_move, course.completed) == pytest.approx((0, 70))


@pytest.mark.parametrize("clock", ["simpy", pytest.param("compiled", marks=pytest.mark.exhaustive)])
def test_the_same_as_in_the_diary_and_the_outcomes(clock):
    """Strength at the start of every day, sites closed and completion, in replications that are disturbed."""
    disturbed = model(300, theatres={"north": {"troops": 800, "attacks_per_day": 0.3, "sites": {
        "a": {}, "b": {"weight": 2}, "c": {"hub": True, "weight": 3}}}}, lift=CERTAIN_LIFT | {"spread": 0.5},
        phases=leaving(over_days=120, hold_after_fatal_days=10), closing={"crews": 1})
    played = courses(disturbed, 3, 12)
    play = player_of(solo(disturbed, 3, diaries=True), clock)
    names = expand(disturbed).names
    for i, course in enumerate(played):
        chunk = play(0, i, 1)
        outcomes = dict(zip(names, chunk.outcomes[0], strict=True))
        troops = unfold(disturbed, chunk.entries)["troops"][-1]
        mine = [course.present[np.searchsorted(course.times, day, "right") - 1] for day in range(len(troops))]
        assert mine == troops.tolist()
        assert course.completed == outcomes["completion_day"]
        assert course.closed_by(300) == outcomes["sites_closed"]
        told = play_told(disturbed, 3, i)[2]
        closed = {record.where: record.time for record in told if record.what == TOLD_SITE_CLOSED}
        assert course.closed.tolist() == [closed.get(site, inf) for site in range(3)]
    assert len({course.completed for course in played}) > 5
