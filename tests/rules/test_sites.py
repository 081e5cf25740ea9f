"""Orders about sites do what they say: when a site is handed over, in what order, who stays where, who moves where."""

from pathlib import Path
from typing import Any

import pytest
from worlds import ALWAYS_FATAL, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import Record
from sim.model.setup import Model, set_up
from sim.rules import state as codes
from sim.scenario.load import load

VALID = Path(__file__).parents[1] / "valid"
FOUR = {name: {"garrison": 10, "closing_days": 5} for name in ("a", "b", "c", "d")}


def order(name: str) -> Model:
    """Return one of the scenario files with an order, with work that takes exactly as long as it does on average."""
    return set_up(load(VALID / f"{name}.toml", ["closing.spread=0"]).scenario)


def north(troops: int, sites: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"theatres": {"north": {"troops": troops, "sites": sites}}, "closing": {"crews": 4, "spread": 0}, **more}


def told(records: list[Record], what: int) -> list[tuple[float, int, float]]:
    return [(r.time, r.where, r.amount) for r in records if r.what == what]


def closed(records: list[Record]) -> list[tuple[float, int]]:
    return [(when, where) for when, where, _ in told(records, codes.TOLD_SITE_CLOSED)]


# The three orders of the guide

def test_close_five_sites_this_month_then_wait_for_the_talks() -> None:
    s, _, records = audit(order("close_five_then_wait"))
    begun, agreed = 0.0, 184.0  # 1 September
    assert told(records, codes.TOLD_SITE_CLOSING)[:5] == [(begun, site, 10.0) for site in range(5)]
    assert closed(records)[:5] == [(30.0, site) for site in range(5)]  # 31 March
    assert s.milestone[codes.PHASE_MILESTONES:] == [30, agreed + 250]
    assert s.gathered == [500, 0]
    assert min(when for when, _, _ in told(records, codes.TOLD_LOAD)) > agreed
    assert s.completed_at == agreed + 250  # 2,500 at 10 a day
    assert s.sites_closed == [13]


def test_bring_everyone_to_two_hubs_first_then_fly() -> None:
    world = order("two_hubs_then_fly")
    gathered = audit(set_up(load(VALID / "two_hubs_then_fly.toml", ["closing.spread=0", "end=2024-05-01"]).scenario))[0]
    assert gathered.troops == [0] * 6 + [700, 700]
    assert gathered.present == [1400]
    s, _, records = audit(world)
    assert s.milestone[codes.PHASE_MILESTONES] == 60
    assert [site for _, site in closed(records)[:6]] == [0, 1, 2, 3, 4, 5]
    assert closed(records)[5][0] == 60
    assert told(records, codes.TOLD_PHASE_BEGINS)[1] == (60, 1, 1400)
    assert min(when for when, _, _ in told(records, codes.TOLD_LOAD)) > 60
    assert 60 + 98 <= s.completed_at < 60 + 98 + 3  # 1,400 at 100 a week, and the last loads
    assert s.withdrawn[0] + s.in_transit[0] == 1400


def test_keep_200_at_the_airfield_and_50_at_the_embassy() -> None:
    """The embassy has 30 and gets 20 from the first post that can spare them."""
    s, _, records = audit(order("keep_airfield_and_embassy"))
    assert told(records, codes.TOLD_FILLED) == [(0, 0, 20)]
    assert s.troops == [50, 0, 0, 0, 0, 200]
    assert s.site == [codes.OPEN] + [codes.CLOSED] * 4 + [codes.OPEN]
    assert s.completed_at == 184  # 1 September
    assert closed(records)[-1] == (184, 4)


# When the work begins

@pytest.mark.parametrize(("date", "begins", "ends"), [
    (day(20), 20, 60),  # done on day 50, but drained only on day 60
    (day(50), 50, 80),  # drained on day 60, before it is done
    (day(70), 60, 90),  # drained before its date
])
def test_a_hand_over_on_a_date_begins_then_and_ends_when_it_is_done_and_the_site_is_drained(
        date: Any, begins: float, ends: float) -> None:
    sites = {"a": {"garrison": 10, "closing_days": 30, "handover_on": date}, "hub": {"hub": True, "weight": 9}}
    s, _, records = audit(model(200, **north(1000, sites), phases=leaving(
        0, sites=["a"], start=day(55), over_days=5 + 30, shape="stepped", steps=1)))
    assert [when for when, _, _ in told(records, codes.TOLD_SITE_CLOSING)] == [begins]
    assert closed(records) == [(ends, 0)]
    assert told(records, codes.TOLD_READY) == ([(50, 0, 100)] if date == day(20) else [])
    assert s.crews_busy == 0


def test_the_date_of_a_site_that_no_phase_has_drained_yet_only_prepares_it() -> None:
    sites = {"a": {"garrison": 10, "closing_days": 30, "handover_on": day(20)}, "hub": {"hub": True, "weight": 9}}
    s, _, records = audit(model(200, **north(1000, sites), phases=leaving(0, start=day(300), over_days=10)))
    assert told(records, codes.TOLD_READY) == [(50, 0, 100)]
    assert s.site == [codes.READY, codes.OPEN]
    assert s.present == [1000]


def test_an_order_has_all_sites_closed_from_the_start_as_crews_allow() -> None:
    """Two crews, four sites, five days each: the work is done on days 5 and 10, and all leave on day 30."""
    world = model(100, **north(400, FOUR) | {"closing": {"crews": 2, "spread": 0}}, phases=leaving(
        0, over_days=30, hand_over="at_start", shape="stepped", steps=1))
    s, _, records = audit(world)
    assert told(records, codes.TOLD_SITE_CLOSING) == [(0, 0, 5), (0, 1, 5), (5, 2, 10), (5, 3, 10)]
    assert told(records, codes.TOLD_READY) == [(5, 0, 100), (5, 1, 100), (10, 2, 100), (10, 3, 100)]
    assert closed(records) == [(30, site) for site in range(4)]
    assert s.completed_at == 30


def test_a_site_with_no_more_than_its_garrison_is_held_to_the_end_of_the_order_too() -> None:
    world = model(100, **north(10, {"a": {"garrison": 10, "closing_days": 5}}), phases=leaving(
        0, over_days=30, hand_over="at_start"))
    s, _, records = audit(world)
    assert told(records, codes.TOLD_READY) == [(5, 0, 10)]
    assert s.completed_at == 30


def test_a_site_at_which_the_work_is_done_closes_as_soon_as_its_troops_go_whichever_phase_takes_them() -> None:
    """One phase has its sites prepared and takes troops away on day 200; another wants 90 from one of them before."""
    sites = {"a": FOUR["a"], "c": FOUR["c"], "hub": {"hub": True, "weight": 6}}
    world = model(300, **north(800, sites), phases=leaving(
        0, sites=["a", "c"], over_days=200, hand_over="at_start", shape="stepped", steps=1) | {
            "hub": {"theatre": "north", "sites": ["a", "hub"], "keep": {"hub": 690}, "start": day(20), "over_days": 9}})
    assert closed(audit(world)[2])[0] == (20, 0)


def test_work_that_takes_longer_than_the_plan_delays_it_even_if_it_begins_at_once() -> None:
    world = model(100, **north(400, {"a": {"closing_days": 40}}), phases=leaving(0, over_days=30, hand_over="at_start"))
    assert audit(world)[0].completed_at == 40


def test_a_phase_that_is_cancelled_keeps_the_sites_at_which_the_work_is_done() -> None:
    world = model(100, **north(400, FOUR), pressure={"demand_on": day(20)}, phases=leaving(
        0, over_days=60, hand_over="at_start", cancel_after="demand"))
    s, _, records = audit(world)
    assert len(told(records, codes.TOLD_READY)) == 4
    assert codes.READY not in s.site
    assert s.crews_busy == 0


# In what order

def test_sites_are_drained_side_by_side_and_the_next_follow_when_they_are_closed() -> None:
    """Two at a time: all are wanted on day 0, five days for the work, so the second pair goes on day 5."""
    world = model(100, **north(400, FOUR), phases=leaving(0, over_days=10, at_once=2, shape="stepped", steps=1))
    s, _, records = audit(world)
    assert told(records, codes.TOLD_SITE_CLOSING) == [(5, 0, 10), (5, 1, 10), (10, 2, 15), (10, 3, 15)]
    assert s.completed_at == 15  # late: the plan could not know how long the first pair takes


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("hand_over", ["when_drained", "at_start"])
@pytest.mark.parametrize("to", [[], ["hub"]])
def test_waves_with_time_to_close_end_on_the_planned_day_exactly(at_once: int, hand_over: str, to: list[str]) -> None:
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases=leaving(
        0, sites=list(FOUR), to=to, over_days=140, at_once=at_once, hand_over=hand_over))
    s, _, records = audit(world)
    assert s.phase_reached_at == [140]
    assert s.troops == [0, 0, 0, 0, 1000 if to else 600]
    assert sorted(site for _, site in closed(records)) == [0, 1, 2, 3]
    assert [site // at_once for _, site in closed(records)] == sorted(site // at_once for site in range(4))


@pytest.mark.parametrize("at_once", [1, 2, 4])
@pytest.mark.parametrize("hand_over", ["when_drained", "at_start"])
def test_a_site_that_is_kept_gives_troops_after_the_waves_that_close(at_once: int, hand_over: str) -> None:
    """The hub comes last: it does not wait for a rear party at the last site that closes until the planned end."""
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases={"leave": {
        "theatre": "north", "start": START, "keep": {"hub": 100}, "over_days": 140, "at_once": at_once,
        "hand_over": hand_over}})
    s, _, records = audit(world)
    assert s.troops == [0, 0, 0, 0, 100]
    assert s.phase_reached_at == [140]
    assert max(troops for _, _, troops in told(records, codes.TOLD_LOAD)) < 3 * 900 / 20
    assert closed(records)[-1][0] < 100


def test_of_sites_drained_side_by_side_each_gives_its_share() -> None:
    """They have 30, 90 and 180 above their garrisons, of which a tranche takes 100 on day 12."""
    sites = {name: {"garrison": 10, "weight": weight} for name, weight in (("a", 40), ("b", 100), ("c", 190))}
    s, _, _ = audit(model(13, **north(330, sites), phases=leaving(
        0, at_once=3, over_days=36 + 14, shape="stepped", steps=3)))
    assert s.troops == [30, 70, 130]


# How long

@pytest.mark.parametrize(("troops", "days"), [(100, 10), (500, 30), (1000, 55)])
def test_the_time_to_close_a_site_grows_with_its_size_at_the_start(troops: int, days: float) -> None:
    """Only the garrison of 25 is there when the work begins, but the site is as large as it was."""
    sites = {"a": {"closing_days": 5, "closing_days_per_100": 5}}
    s, _, records = audit(model(400, **north(troops, sites), phases=leaving(over_days=200)))
    assert told(records, codes.TOLD_SITE_CLOSING) == [(200 - days, 0, 200)]
    assert s.completed_at == 200


# Who stays where

@pytest.mark.parametrize(("target", "left"), [
    ({"target_percent": 40}, 160), ({"target_percent": 0}, 0), ({"theatre_target": 700}, 100),
    ({"theatre_target": 500}, 0),
])
def test_targets_in_percent_of_the_start_and_as_a_number_of_the_theatre(target: dict[str, float], left: int) -> None:
    """Small sites with 400 of the theatre's 1,000."""
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases={
        "leave": {"theatre": "north", "start": START, "sites": list(FOUR), "over_days": 140, **target}})
    s, _, _ = audit(world)
    assert s.completed_at == 140
    assert s.present == [left + 600] == s.floor


def test_a_number_of_the_theatre_counts_those_who_are_elsewhere_when_the_phase_begins() -> None:
    """Two hundred leave the hub first; then 150 of the others have to go for the theatre to be at 650."""
    s, _, _ = audit(model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases={
        "leave": {"theatre": "north", "start": day(50), "sites": list(FOUR), "theatre_target": 650, "over_days": 100},
        "hub": {"theatre": "north", "start": START, "sites": ["hub"], "target": 400, "over_days": 30}}))
    assert s.floor == [650]
    assert s.present == [650]
    assert s.completed_at == 150


def test_half_and_half_again_are_both_of_the_strength_at_the_start() -> None:
    world = model(400, theatres={"north": {"troops": 800}}, phases={
        name: {"theatre": "north", "start": day(start), "target_percent": percent, "over_days": 20}
        for name, start, percent in (("first", 0, 50), ("second", 50, 50), ("third", 100, 25))})
    s, _, _ = audit(world)
    assert s.phase_goal == [400, 400, 200]
    assert s.completed_at == 120


@pytest.mark.parametrize("true", [1.0, 1.5])
def test_what_is_kept_is_so_many_troops_however_many_are_there_in_truth(true: float) -> None:
    sites = FOUR | {"hub": {"hub": True, "weight": 6}}
    tables = north(1000, sites)
    tables["theatres"]["north"]["true_over_reported"] = true
    phase = {"theatre": "north", "start": START, "over_days": 140, "keep": {"b": 40, "d": 150, "hub": 300}}
    s, _, records = audit(model(400, **tables, phases={"leave": phase}))
    assert s.initial == [1000 * true]
    assert s.troops == [0, 40, 0, 150, 300]
    assert s.phase_reached_at == [140]
    assert closed(records)[-1] == (140, 2)


def test_kept_sites_never_go_below_what_they_are_to_keep_but_by_losses() -> None:
    """Every attack kills; the ledger looks at every load."""
    tables = north(1000, FOUR | {"hub": {"hub": True, "weight": 6}})
    tables["theatres"]["north"]["attacks_per_day"] = 0.2
    world = model(400, **tables, attack_kinds=SURE, casualties=ALWAYS_FATAL | {"severity_exponent": 10}, phases={
        "leave": {"theatre": "north", "start": START, "over_days": 200, "keep": {"b": 40, "hub": 200}}})
    for replication in range(5):
        s, _, _ = audit(world, 1, replication)
        assert s.killed[0] > 0
        assert s.phase == [codes.REACHED]


def test_a_phase_that_losses_bring_to_its_strength_still_closes_the_sites_that_it_does_not_keep() -> None:
    """Ten are to leave, and more are killed before the last site is to be closed."""
    tables = north(1000, {name: {"garrison": 2} for name in FOUR} | {"hub": {"hub": True, "weight": 6}})
    tables["theatres"]["north"]["attacks_per_day"] = 0.2
    s, _, records = audit(model(400, **tables, attack_kinds=SURE, casualties=ALWAYS_FATAL, phases={
        "leave": {"theatre": "north", "start": START, "over_days": 200, "keep": {"b": 40, "hub": 950}}}))
    assert s.killed[0] > 20
    assert s.phase_reached_at == [200]
    assert sorted(site for _, site in closed(records)) == [0, 2, 3]
    assert (s.troops[0], *s.troops[2:4]) == (0, 0, 0)


# Who moves where

def test_those_who_move_within_the_theatre_are_shared_evenly_to_within_one() -> None:
    hubs = {f"hub_{i}": {"hub": True, "weight": 1e-6} for i in range(3)}
    s, _, _ = audit(model(400, **north(401, FOUR | hubs), phases=leaving(
        0, to=list(hubs), over_days=140, tranche_days=1)))
    assert sorted(s.troops[4:]) == [133, 134, 134]
    assert s.gathered == [401]


def test_a_theatre_where_nobody_is_to_leave_is_done_when_its_troops_are_gathered_and_not_before() -> None:
    """The first attack kills somebody, so fewer are present than are meant to be left."""
    tables = north(1000, FOUR | {"hub": {"hub": True, "weight": 6}})
    tables["theatres"]["north"]["attacks_per_day"] = 0.3
    world = model(400, **tables, attack_kinds=SURE, casualties=ALWAYS_FATAL, phases=leaving(
        0, to=["hub"], over_days=140))
    s, _, _ = audit(world)
    assert s.killed[0] > 0
    assert s.floor == [1000]
    assert s.completed_at == s.phase_reached_at[0] == 140


def test_a_held_phase_moves_nobody_within_the_theatre() -> None:
    """Suspended from day 0 to day 30: the dates shift by as much."""
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), talks={
        "first_round": START, "suspended_until": day(30)}, phases=leaving(
            0, to=["hub"], over_days=70, hold_when_suspended=True))
    s, _, records = audit(world)
    assert min(when for when, _, _ in told(records, codes.TOLD_GATHERED)) > 30
    assert s.phase_reached_at == [100]


def test_troops_that_are_gathered_at_a_closed_site_open_it_again() -> None:
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases=leaving(
        0, sites=["a"], over_days=40) | {
            "back": {"theatre": "north", "sites": ["b"], "to": ["a"], "target": 0, "start": day(60), "over_days": 20}})
    s, _, _ = audit(world)
    assert s.troops == [100, 0, 100, 100, 600]
    assert s.site[:2] == [codes.OPEN, codes.CLOSED]
    assert s.sites_closed == [1]


def test_lift_that_waits_for_a_site_to_close_takes_those_who_come_there_meanwhile() -> None:
    """All are wanted on day 0, but the garrison of 10 stays until day 50; on day 11 others come."""
    sites = {"post": {"garrison": 0, "closing_days": 0}, "hub": {"hub": True, "garrison": 10, "closing_days": 50}}
    world = model(100, **north(200, sites), phases=leaving(0, sites=["hub"], over_days=0) | {
        "gather": {"theatre": "north", "to": ["hub"], "target": 0, "start": day(1), "over_days": 20,
                   "tranche_days": 10}})
    assert told(audit(world)[2], codes.TOLD_LOAD)[:2] == [(0, 0, 90), (11, 0, 10)]


@pytest.mark.parametrize("names", [["gather", "fly"], ["fly", "gather"]])
def test_completion_takes_phases_in_the_order_in_which_they_are_planned_wherever_they_stand_in_the_file(
        names: list[str]) -> None:
    phases = {"gather": {"theatre": "north", "to": ["hub"], "target": 0, "start": START, "over_days": 60},
              "fly": {"theatre": "north", "sites": ["hub"], "target": 100, "start": day(90), "over_days": 60}}
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}),
                  phases={name: phases[name] for name in names})
    s, _, _ = audit(world)
    assert s.floor == [100]
    assert s.completed_at == 150


def test_a_surge_force_goes_home_before_others_are_gathered_at_its_site() -> None:
    world = model(400, **north(1000, FOUR | {"hub": {"hub": True, "weight": 6}}), phases={
        "home": {"theatre": "north", "sites": ["hub"], "target": 200, "start": START, "over_days": 30},
        "gather": {"theatre": "north", "to": ["hub"], "target": 0, "start": day(40), "over_days": 30}})
    s, _, _ = audit(world)
    assert s.floor == [600]
    assert s.troops == [0, 0, 0, 0, 600]
    assert s.completed_at == 70


# Sites that are alike, and paces

def test_sites_that_are_alike_are_the_same_as_written_one_by_one() -> None:
    alike = {"post": {"count": 4, "garrison": 10, "closing_days": 5}, "hub": {"hub": True, "weight": 6}}
    single = {f"post_{i}": {"garrison": 10, "closing_days": 5} for i in range(1, 5)} | {"hub": alike["hub"]}
    phases = leaving(0, sites=["post"], over_days=140, at_once=2)
    one_by_one = leaving(0, sites=list(single)[:4], over_days=140, at_once=2)
    short, long = model(400, **north(1000, alike), phases=phases), model(400, **north(1000, single), phases=one_by_one)
    assert short.names["sites"] == long.names["sites"] == [f"north/post_{i}" for i in range(1, 5)] + ["north/hub"]
    assert audit(short)[2] == audit(long)[2]


@pytest.mark.parametrize("days", [
    {"dist": "uniform", "low": 5, "high": 30}, {"dist": "discrete", "values": [5, 20, 30]}])
def test_an_uncertain_number_of_sites_that_are_alike_is_drawn_once_for_all(days: dict[str, Any]) -> None:
    world = model(400, **north(1000, {"post": {"count": 3, "closing_days": days}, "hub": {"hub": True}}))
    seen = set()
    for replication in range(20):
        drawn = world.parameters_of(world.open_streams(1, replication)).site_closing_days
        assert drawn[0] == drawn[1] == drawn[2] != drawn[3]
        seen.add(drawn[0])
    assert len(seen) == (3 if days["dist"] == "discrete" else 20)


def test_uncertain_numbers_drawn_together_reach_all_sites_that_are_alike() -> None:
    keys = [f"theatres.north.sites.post.{key}" for key in ("garrison", "closing_days")]
    sites = {"post": {"count": 2, "garrison": 1, "closing_days": 1}, "hub": {"hub": True}}
    world = model(400, **north(1000, sites), joint={"pair": {"keys": keys, "rows": [[10, 5], [20, 9]]}})
    for replication in range(10):
        p = world.parameters_of(world.open_streams(1, replication))
        assert (p.site_garrison[:2], p.site_closing_days[:2]) in (([10, 10], [5, 5]), ([20, 20], [9, 9]))


def test_seven_a_week_is_one_a_day() -> None:
    weekly, daily = (audit(model(400, phases=leaving(650, **pace)))[2] for pace in ({"per_week": 14}, {"per_day": 2}))
    assert weekly == daily
    assert max(record.time for record in daily if record.what == codes.TOLD_LOAD) == 175
