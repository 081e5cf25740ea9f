"""Whole logs of small scenarios in which nothing is left to chance, worked out by hand."""

from typing import Any

import pytest
from worlds import CERTAIN_CLOSING, CERTAIN_LIFT, START, day, leaving, model

from sim.clocks.reference import play
from sim.model.setup import Model
from sim.rules import state as codes

NAMES = {value: name.removeprefix("TOLD_").lower() for name, value in vars(codes).items() if name.startswith("TOLD_")}
ROUNDS = {"first_round": START, "round_days": 10, "round_spread": 0, "principals_days": 5, "stall_after_days": 25}
QUIET = "milestone theatre_done complete"

Line = tuple[float, str, float]


def log(world: Model, leave_out: str = "") -> list[Line]:
    """Return what happened as (day, what, amount), without the kinds named in ``leave_out``."""
    _, _, records = play(world, 1, 0)
    told = [(r.time, NAMES[r.what], r.amount) for r in records]
    return [line for line in told if line[1] not in leave_out.split()]


def placed(world: Model, *kinds: str) -> list[tuple[float, str, int, float]]:
    """Return what happened of these kinds as (day, what, where, amount)."""
    _, _, records = play(world, 1, 0)
    return [(r.time, NAMES[r.what], r.where, r.amount) for r in records if NAMES[r.what] in kinds]


def one_site(**more: Any) -> Model:
    return model(200, **({"closing": CERTAIN_CLOSING} | more))


def test_a_site_is_left_in_tranches_closed_and_its_garrison_goes_last() -> None:
    """Three weekly tranches leave the garrison of 25, 14 days close the site, the garrison leaves on day 35."""
    assert log(one_site(phases=leaving(over_days=35))) == [
        (0, "phase_begins", 1000),
        (7, "tranche", 325), (7, "load", 325),
        (14, "tranche", 325), (14, "load", 325),
        (21, "tranche", 325), (21, "load", 325),
        (21, "site_closing", 35),
        (35, "tranche", 25),
        (35, "site_closed", 0), (35, "load", 25),
        (35, "theatre_done", 0), (35, "complete", 0), (35, "milestone", 0),
    ]


def test_short_lift_moves_a_tranche_load_by_load_and_so_the_site_closes_late() -> None:
    """100 a day, 100 at a time: the last load before the garrison leaves on day 24, the site closes 14 days later."""
    world = one_site(phases=leaving(over_days=35), lift=CERTAIN_LIFT)
    assert log(world, QUIET)[-9:] == [
        (21, "tranche", 325), (21, "load", 100), (22, "load", 100), (23, "load", 100), (24, "load", 25),
        (24, "site_closing", 38), (35, "tranche", 25), (38, "site_closed", 0), (38, "load", 25),
    ]


def test_a_phase_short_of_its_target_a_tranche_after_its_end_is_late() -> None:
    """The tenth weekly load leaves on day 70 instead of the garrison on day 35; late from 35 + 7 days on."""
    world = one_site(phases=leaving(over_days=35), lift=CERTAIN_LIFT | {"per_week": 100})
    assert [line for line in log(world) if line[1] in ("late", "complete")] == [(42, "late", 0), (84, "complete", 0)]
    in_time = one_site(phases=leaving(over_days=35), lift=CERTAIN_LIFT)
    assert "late" not in [what for _, what, _ in log(in_time)]


def suspended(after_hold: str) -> Model:
    """Talks are suspended until day 10; the phase of three steps is held as long."""
    return one_site(
        talks=ROUNDS | {"suspended_until": day(10)},
        phases=leaving(700, over_days=21, shape="stepped", steps=3, hold_when_suspended=True, after_hold=after_hold))


def test_a_hold_shifts_the_dates_that_remain() -> None:
    assert log(suspended("shift"), "round stalled " + QUIET) == [
        (0, "phase_begins", 1000), (0, "held", 10),
        (10, "resumed", 0), (10, "released", 10),
        (17, "tranche", 100), (17, "load", 100),
        (24, "tranche", 100), (24, "load", 100),
        (31, "tranche", 100), (31, "load", 100),
    ]


def test_what_a_hold_delayed_is_caught_up() -> None:
    assert log(suspended("catch_up"), "round stalled " + QUIET) == [
        (0, "phase_begins", 1000), (0, "held", 10),
        (10, "resumed", 0), (10, "released", 10),
        (10, "tranche", 100), (10, "load", 100),
        (14, "tranche", 100), (14, "load", 100),
        (21, "tranche", 100), (21, "load", 100),
    ]


def demanded(**more: Any) -> Model:
    """A demand to leave is made on day 20 of a phase of four steps, ten days apart."""
    steps = {"over_days": 40, "shape": "stepped", "steps": 4}
    return one_site(pressure={"demand_on": day(20)}, phases=leaving(600, **(steps | more)))


def test_a_phase_goes_faster_from_the_day_of_its_milestone() -> None:
    """Twenty days were left; a quarter of that is five."""
    assert placed(demanded(faster_after="demand", faster_by=4), "tranche", "faster") == [
        (10, "tranche", 0, 100), (20, "faster", 0, 0), (20, "tranche", 0, 100),
        (22.5, "tranche", 0, 100), (25, "tranche", 0, 100),
    ]


def test_haste_during_a_hold_halves_the_time_that_was_left_when_the_hold_began() -> None:
    """Held from the start and hurried on day 20: the first step, ten days away all along, comes five days later."""
    world = one_site(
        pressure={"demand_on": day(20)}, talks=ROUNDS | {"suspended_until": day(30)},
        phases=leaving(600, over_days=40, shape="stepped", steps=4, faster_after="demand", faster_by=2,
                       hold_when_suspended=True))
    # The demand ends the talks, and with them the hold.
    assert placed(world, "held", "released", "faster", "tranche") == [
        (0, "held", 0, 30), (20, "faster", 0, 0), (20, "released", 0, 20),
        (25, "tranche", 0, 100), (30, "tranche", 0, 100), (35, "tranche", 0, 100), (40, "tranche", 0, 100),
    ]


def test_a_cancelled_phase_stops_and_keeps_the_site_it_was_closing() -> None:
    """On day 20 the small site has been drained for ten days; its closing would have ended on day 24."""
    world = one_site(
        theatres={"north": {"troops": 1000, "sites": {"small": {}, "hub": {"weight": 3, "hub": True}}}},
        pressure={"demand_on": day(20)},
        phases=leaving(600, over_days=40, shape="stepped", steps=1, cancel_after="demand") | {
            "small": {"theatre": "north", "sites": ["small"], "start": START, "target": 0, "over_days": 24,
                      "cancel_after": "demand"}})
    assert log(world, "phase_begins") == [
        (5, "tranche", 112), (5, "load", 112), (10, "tranche", 113), (10, "load", 113), (10, "site_closing", 24),
        (20, "milestone", 0), (20, "cancelled", 0), (20, "cancelled", 0),
    ]
    s, _, _ = play(world, 1, 0)
    assert s.site == [codes.OPEN, codes.OPEN]
    assert s.crews_busy == 0
    assert s.troops == [25, 750]


def test_a_phase_cancelled_before_it_began_leaves_the_sites_of_others_alone() -> None:
    """The small site is being closed from day 10 to day 24 when a phase to come is cancelled on day 20."""
    world = one_site(
        theatres={"north": {"troops": 1000, "sites": {"small": {}, "hub": {"weight": 3, "hub": True}}}},
        pressure={"demand_on": day(20)}, phases={
            "small": {"theatre": "north", "sites": ["small"], "start": START, "target": 0, "over_days": 24},
            "all": {"theatre": "north", "start": day(90), "target": 0, "over_days": 90, "cancel_after": "demand"}})
    assert placed(world, "site_closing", "cancelled", "site_closed") == [
        (10, "site_closing", 0, 24), (20, "cancelled", 1, 0), (24, "site_closed", 0, 0)]


def test_lift_serves_phases_in_the_order_in_which_they_asked() -> None:
    """Both ask for 200 on day 10, north first; 10 a day, 100 at a time; what waits goes to the back of the queue."""
    world = one_site(
        theatres={"north": {"troops": 1000}, "south": {"troops": 1000}},
        lift={"per_week": 70, "load": 100, "spread": 0},
        phases={name: {"theatre": name, "start": START, "target": 800, "over_days": 10, "shape": "stepped",
                       "steps": 1, "tranche_days": 90} for name in ("north", "south")})
    assert placed(world, "load") == [
        (10, "load", 0, 100), (20, "load", 1, 100), (30, "load", 0, 100), (40, "load", 1, 100)]


def test_crews_close_sites_in_the_order_in_which_they_were_drained() -> None:
    """One crew, three small sites drained on days 7, 14 and 21, closings of 10, 20 and 5 days."""
    sites = {"a": {"closing_days": 10}, "b": {"closing_days": 20}, "c": {"closing_days": 5}, "hub": {"hub": True}}
    world = one_site(
        theatres={"north": {"troops": 400, "sites": sites}}, closing={"crews": 1, "spread": 0},
        phases=leaving(100, over_days=28, shape="stepped", steps=4))
    assert placed(world, "site_closing", "site_closed") == [
        (7, "site_closing", 0, 17), (17, "site_closed", 0, 25),
        (17, "site_closing", 1, 37), (37, "site_closed", 1, 25),
        (37, "site_closing", 2, 42), (42, "site_closed", 2, 25),
    ]


def test_suspended_talks_keep_their_work_and_resume_with_a_round() -> None:
    """The group of 30 days rests until day 12, reports on day 42; the principals meet five days later."""
    world = one_site(talks=ROUNDS | {"suspended_until": day(12)},
                     working_groups={"a": {"work_days": 30, "work_spread": 0}})
    assert log(world) == [
        (12, "resumed", 0), (12, "round", 1), (22, "round", 2), (32, "round", 3), (32, "stalled", 0),
        (42, "round", 4), (42, "report", 0), (47, "milestone", 0),
    ]


@pytest.mark.parametrize("until", [0, 8, 20])
def test_groups_take_up_their_work_with_the_first_round(until: int) -> None:
    """Dated day 20; a suspension that ends by then takes nothing away from the 30 days and adds nothing to them."""
    talks = ROUNDS | {"first_round": day(20), "stall_after_days": 90, "suspended_until": day(until)}
    world = one_site(talks=talks, working_groups={"a": {"work_days": 30, "work_spread": 0}})
    assert log(world, "resumed round") == [(50, "report", 0), (55, "milestone", 0)]


def test_a_dated_demand_ends_talks_and_a_dated_agreement_makes_them_succeed() -> None:
    ends = one_site(talks=ROUNDS, pressure={"demand_on": day(15)})
    assert log(ends) == [(0, "round", 1), (10, "round", 2), (15, "milestone", 0)]
    s, p, _ = play(ends, 1, 0)
    assert s.talks == codes.OVERTAKEN
    assert s.talks_days == [0, 15, 0, 0, 0, 0, p.horizon - 15]
    agrees = one_site(talks=ROUNDS | {"agreement_on": day(15)})
    assert log(agrees) == [(0, "round", 1), (10, "round", 2), (15, "milestone", 0)]
    s, p, _ = play(agrees, 1, 0)
    assert s.talks_days == [0, 15, 0, 0, p.horizon - 15, 0, 0]


def test_regimes_switch_on_their_dates() -> None:
    world = one_site(
        tension={"initial": "low", "mean_low_days": 36500, "dated": {
            "war": {"date": day(10), "state": "high"}, "peace": {"date": day(60), "state": "low"}}},
        suppressions={"truce": {"start": day(20), "end": day(27)}, "before": {"start": day(-20), "end": day(5)}})
    assert log(world) == [
        (5, "suppression", 0), (10, "tension", 1), (20, "suppression", 1), (27, "suppression", 0), (60, "tension", 0)]
    s, _, _ = play(world, 1, 0)
    assert s.high_days == 50
