"""What comes between a plan and its being carried out: by hand where it is certain, else against the record."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import CERTAIN_CLOSING, START, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import ReferenceClock
from sim.evidence.drawdowns import KINDS
from sim.model.execution import record, table, weights_of
from sim.model.setup import Model, set_up
from sim.model.variant import foretold, twin_of, undisturbed_of
from sim.rules import drawdown, processes
from sim.rules import state as codes
from sim.rules.state import State
from sim.scenario.load import load
from sim.scenario.places import EXECUTION

PLACE = {"north": {"troops": 1000}}
PLANNED = 400


def plan(target: int = 500, days: int = 3000, **phase: Any) -> Model:
    """A phase from day 0 over 400 days, with nothing that could disturb it; as ever, the last site stays open."""
    phase = {"over_days": PLANNED} | phase
    return model(days, theatres=PLACE, closing=CERTAIN_CLOSING, phases=leaving(target, **phase))


def told(world: Model, *whats: int, replication: int = 0) -> list[tuple[int, float]]:
    """Return what was told of these kinds, with its time."""
    return [(r.what, r.time) for r in audit(world, replication=replication)[2] if r.what in whats]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pace", [{"over_days": PLANNED}, {"by": day(PLANNED)}, {"per_week": 500 / PLANNED * 7}])
@pytest.mark.parametrize("shape", ["linear", "front_loaded", "back_loaded", "stepped", "slow_fast_slow"])
def test_without_friction_a_plan_of_any_kind_ends_on_its_day_exactly(kind: str, pace: dict, shape: str) -> None:
    phases = {"leave": {"theatre": "north", "start": START, "target": 500, "kind": kind, "shape": shape,
                        "tranche_days": 30} | pace}
    letter = model(500, theatres=PLACE, phases=phases, couplings={"plan_to_execution": False})
    undisturbed = undisturbed_of(model(500, theatres=PLACE, phases=phases))
    for world in (letter, undisturbed):
        s, _, records = audit(world)
        assert (s.phase_begun, s.phase_reached_at, s.completed_at) == ([0], [PLANNED], PLANNED)
        assert sum(r.what == codes.TOLD_TRANCHE for r in records) == (4 if shape == "stepped" else 14)


def test_few_troops_leave_over_the_whole_time_whatever_the_shape() -> None:
    """Forty tranches for ten: somebody goes with the last, even where rounding would have sent all with one before."""
    for shape in ("linear", "front_loaded", "slow_fast_slow"):
        s, _, _ = audit(plan(990, over_days=PLANNED, tranche_days=10, shape=shape))
        assert s.phase_reached_at == [PLANNED]


@pytest.mark.parametrize(("share", "begun"), [(0, 0), (0.1, 40), (1, 400), (3, 400)])
def test_a_late_first_move_does_not_move_the_end(share: float, begun: int) -> None:
    """Nor does it come after the end."""
    s, _, _ = audit(plan(first_move_share=share))
    assert (s.phase_begun, s.phase_reached_at) == ([begun], [PLANNED])


def test_the_first_move_counts_from_the_order_and_waits_for_the_plan() -> None:
    """The talks agree on day 100; a month of preparation counts, and a tenth of 30 + 370 days is more."""
    agreed = {"talks": {"first_round": START, "agreement_on": day(100)}, "theatres": PLACE}
    after = {"theatre": "north", "after": "agreement", "delay_days": 30, "target": 500, "over_days": 370}
    for share, begun in ((0.1, 140), (0.05, 130)):
        s, _, _ = audit(model(800, **agreed, phases={"leave": after | {"first_move_share": share}}))
        assert s.phase_begun == [begun]
        assert s.phase_reached_at == [500]


@pytest.mark.parametrize(("pace", "end"), [({"over_days": PLANNED}, 480), ({"by": day(PLANNED)}, 400)])
def test_a_phase_kept_waiting_past_its_first_move_ends_as_much_later_unless_its_end_is_a_date(
    pace: dict[str, Any], end: float
) -> None:
    """Ordered on day 0, first move on day 40; an attack kills on day 20, and a hundred quiet days are needed."""
    world = model(900, theatres=PLACE, phases=leaving(500, first_move_share=0.1, quiet_days=100, **pace))
    clock = ReferenceClock(world, 1, 0)
    s, p, r = clock.state, clock.parameters, clock.streams
    processes.begin(s, p, r)
    drawdown.step(s, p, r, 0)
    assert drawdown.due(s, p, r, 0) == 40
    s.last_fatal[0] = 20
    s.now = drawdown.due(s, p, r, 0)
    drawdown.step(s, p, r, 0)
    assert (s.phase_begun, s.phase_end) == ([120], [end])


def test_early_ends_come_only_where_the_date_does_not_move_back() -> None:
    assert audit(plan(early_share=0.25))[0].phase_reached_at == [300]
    assert audit(plan(early_share=1))[0].phase_reached_at == [0]
    assert audit(plan(early_share=0.25, redatings=1, redating_days=60))[0].phase_reached_at == [460]
    assert audit(plan(early_share=0.25, start=day(300)))[0].phase_reached_at == [600]  # of its own time


@pytest.mark.parametrize(("early", "late"), [(0.0, 420), (0.25, 400 + 20)])
def test_a_phase_that_misses_an_early_end_is_not_late_before_its_date(early: float, late: float) -> None:
    """Its site takes ten years to close; a tranche is twenty days."""
    world = model(600, theatres={"north": {"troops": 1000, "sites": {"a": {"closing_days": 3650}}}},
                  closing=CERTAIN_CLOSING, phases=leaving(over_days=PLANNED, tranche_days=20, early_share=early))
    assert told(world, codes.TOLD_LATE) == [(codes.TOLD_LATE, late)]


@pytest.mark.parametrize("many", [40, pytest.param(400, marks=pytest.mark.exhaustive)])
def test_dates_move_back_in_steps_and_nobody_leaves_meanwhile(many: int) -> None:
    """Each at a moment between the order, or the last step, and the end: their mean is halfway (error rate 1e-6)."""
    first = []
    for replication in range(many):
        world = plan(redatings=2, redating_days=60, tranche_days=10)
        s, _, records = audit(world, replication=replication)
        assert s.phase_reached_at == [PLANNED + 120]
        assert s.phase_redated == [2]
        moments = [r for r in records if r.what == codes.TOLD_REDATED]
        assert [r.detail for r in moments] == [PLANNED + 60, PLANNED + 120]
        assert moments[0].time < moments[1].time < PLANNED + 60
        first.append(moments[0].time)
        left = [r.time for r in records if r.what == codes.TOLD_LOAD]
        for r in moments:
            assert not [time for time in left if r.time < time < r.time + 60]
        assert len(left) == 40
    assert 0 < min(first) <= max(first) < PLANNED
    assert np.mean(first) == pytest.approx(PLANNED / 2, abs=4.9 * PLANNED / math.sqrt(12 * many))


def test_a_date_can_move_back_before_anybody_has_left() -> None:
    """Then the first move need not wait longer, and the pace is that of the longer time."""
    s, _, records = audit(plan(first_move_share=0.9, redatings=1, redating_days=100), replication=1)
    moved = next(r for r in records if r.what == codes.TOLD_REDATED)
    assert moved.time < 360
    assert (s.phase_begun, s.phase_reached_at) == ([360], [500])
    s, _, _ = audit(plan(first_move_share=2, redatings=1, redating_days=100), replication=1)
    assert (s.phase_begun, s.phase_reached_at) == ([500], [500])


def test_a_new_date_makes_an_announced_timeline_slip_until_the_phase_ends() -> None:
    agreed = {"talks": {"first_round": START, "agreement_on": day(0)}, "theatres": PLACE}
    world = model(800, **agreed, phases={"leave": {
        "theatre": "north", "after": "agreement", "target": 500, "over_days": PLANNED, "redatings": 1,
        "redating_days": 50}})
    slipped = []
    clock = ReferenceClock(world, 1, 0)
    clock.play(lambda s, time: slipped.append((time, s.slipping, s.phase_redated[0], s.phase[0])))
    assert {slips for _, slips, redated, phase in slipped if redated and phase == codes.MOVING} == {True}
    assert {slips for _, slips, redated, phase in slipped if not redated or phase == codes.REACHED} == {False}


@pytest.mark.parametrize("many", [40, pytest.param(400, marks=pytest.mark.exhaustive)])
def test_a_reversal_ends_a_phase_where_it_stands(many: int) -> None:
    """At a moment between the order and the end; sites not yet closed stay (error rate 1e-6)."""
    sites = {"one": {"closing_days": 60}, "two": {"weight": 2, "closing_days": 60}, "hub": {"weight": 7, "hub": True}}
    times = []
    for replication in range(many):
        world = model(600, theatres={"north": {"troops": 1000, "sites": sites}}, closing=CERTAIN_CLOSING,
                      phases=leaving(reversal_chance=1, over_days=PLANNED, tranche_days=10))
        s, _, records = audit(world, replication=replication)
        (time,) = [r.time for r in records if r.what == codes.TOLD_REVERSED]
        assert s.phase == [codes.CANCELLED]
        assert s.completed_at == math.inf
        assert s.withdrawn[0] == pytest.approx(1000 * time / PLANNED, abs=60)
        assert set(s.site) <= {codes.OPEN, codes.CLOSED}
        assert not [r for r in records if r.what == codes.TOLD_SITE_CLOSED and r.time > time]
        times.append(time)
    assert np.mean(times) == pytest.approx(PLANNED / 2, abs=4.9 * PLANNED / math.sqrt(12 * many))


def test_the_chance_of_a_reversal() -> None:
    """In 400 replications, 0.3 within 4.9 standard deviations (error rate 1e-6)."""
    world = plan(reversal_chance=0.3, tranche_days=100)
    reversals = sum(ReferenceClock(world, 1, n).play().phase_reversed[0] for n in range(400))
    assert reversals == pytest.approx(120, abs=4.9 * math.sqrt(400 * 0.21))


def test_tranches_that_are_put_off_go_with_the_next_and_the_first_and_the_last_never_are() -> None:
    assert [time for _, time in told(plan(unevenness=1, tranche_days=10), codes.TOLD_LOAD)] == [10, PLANNED]
    for replication in range(5):
        world = plan(unevenness=0.5, tranche_days=1)
        s, _, records = audit(world, replication=replication)
        put_off = sum(r.what == codes.TOLD_PUT_OFF for r in records)
        assert put_off == pytest.approx(200, abs=4.9 * 10)
        assert sum(r.what == codes.TOLD_TRANCHE for r in records) == PLANNED - put_off
        assert s.phase_reached_at == [PLANNED]
        for r in records:
            if r.what == codes.TOLD_TRANCHE:  # whatever was put off has gone: the plan is kept
                gone = sum(load.amount for load in records if load.what == codes.TOLD_LOAD and load.time <= r.time)
                assert gone == pytest.approx(500 * r.time / PLANNED, abs=1)


@pytest.mark.parametrize(("lag", "shape", "half"), [
    (1, "linear", 250), (2, "linear", 125), (0.5, "linear", 354), (2, "back_loaded", 31), (1, "slow_fast_slow", 250),
    (2, "slow_fast_slow", 78)])
def test_the_lag_is_a_power_of_the_time(lag: float, shape: str, half: int) -> None:
    """Of 500, at half time: 500 f(0.5^lag)."""
    _, _, records = audit(plan(lag=lag, shape=shape, tranche_days=10))
    assert sum(r.amount for r in records if r.what == codes.TOLD_LOAD and r.time <= PLANNED / 2) == half


def test_slow_fast_slow_moves_most_in_the_middle() -> None:
    """3 x^2 - 2 x^3 at a quarter and at three quarters: 5/32 and 27/32."""
    _, _, records = audit(plan(180, shape="slow_fast_slow", tranche_days=10))
    gone = [sum(r.amount for r in records if r.what == codes.TOLD_LOAD and r.time <= time) for time in (100, 300)]
    assert gone == [round(820 * 5 / 32), round(820 * 27 / 32)]


def test_a_key_that_is_given_is_not_drawn_and_the_others_stay_as_they_are() -> None:
    drawn, given = plan(kind="handover"), plan(kind="handover", redatings=0)
    for replication in range(20):
        p, q = (world.parameters_of(world.open_streams(1, replication)) for world in (drawn, given))
        assert q.phase_redatings == [0]
        for key in EXECUTION:
            if key != "redatings":
                assert getattr(p, f"phase_{key}") == getattr(q, f"phase_{key}")
    assert plan(kind="handover", **dict.fromkeys(EXECUTION[:-1], 0.0), lag=1).draws == ()
    assert plan().draws == ()


def test_what_becomes_of_a_plan_is_chance_so_twins_differ_in_it() -> None:
    world = plan(kind="own_date", early_share={"dist": "uniform", "low": 0, "high": 0.5})
    p, q = (one.parameters_of(one.open_streams(1, 0)) for one in (world, twin_of(world)))
    assert p.phase_early_share == q.phase_early_share
    assert p.phase_first_move_share != q.phase_first_move_share


def test_an_episode_can_be_left_out() -> None:
    """Without U9, nobody moves first after the planned end; the chances of the others grow alike."""
    moves = [row[0] for row in table("handover")[0]]
    fewer = foretold(plan(kind="handover"), ["U9"])
    rows = fewer.draws[0].rows
    assert max(moves) > 1.3
    assert max(row[0] for row in rows) < 1.3
    assert len(rows) == len(moves) * 45 // 46
    assert fewer.draws[0].upto[-1] == 1
    assert fewer.draws[0].upto != plan(kind="handover").draws[0].upto[:len(rows)]


@pytest.mark.parametrize("kind", KINDS)
def test_events_have_exactly_the_chances_of_their_episodes(kind: str) -> None:
    strength, episodes = record()
    weights = weights_of(episodes, kind, strength)
    rows, upto = table(kind)
    shares = np.diff([0, *upto])
    for key in ("redatings", "reversal_chance"):
        of_rows = shares @ [row[EXECUTION.index(key)] > 0 for row in rows]
        assert of_rows == pytest.approx(sum(w for w, one in zip(weights, episodes, strict=True) if one.get(key)))
    assert len(set(rows)) == len(rows) == 46 * 16


def test_rows_lie_around_their_episodes() -> None:
    """In the 16 rows of MONUSCO (U8), known figures are right on average, and differ by about 15 %."""
    _, episodes = record()
    i = [one["id"] for one in episodes].index("U8")
    rows = table("handover")[0][16 * i:16 * i + 16]
    for key in ("first_move_share", "redating_days"):
        logs = np.log([row[EXECUTION.index(key)] for row in rows])
        assert logs.mean() == pytest.approx(math.log(episodes[i][key]), abs=0.03)
        assert logs.std() == pytest.approx(0.15, abs=0.03)


def said(kind: str, name: str) -> list[tuple[float, ...]]:
    """Return the numbers in the cells of a kind in a table of docs/record.md."""
    page = (Path(__file__).parents[2] / "docs" / "record.md").read_text(encoding="utf-8")
    table = page.partition(f"<!-- {name}: begin -->")[2].partition(f"<!-- {name}: end -->")[0]
    line = next(line for line in table.splitlines() if line.startswith(f"| `{kind}`"))
    return [tuple(map(float, re.findall(r"[0-9.]+", cell))) for cell in line.split("|")[2:-1]]


def play(kind: str, count: int) -> list[State]:
    world = plan(kind=kind, tranche_days=200)
    return [ReferenceClock(world, 7, n).play() for n in range(count)]


@pytest.mark.parametrize("many", [1000, pytest.param(4000, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("kind", KINDS)
def test_an_undisturbed_phase_of_each_kind_fares_as_the_record_says(kind: str, many: int) -> None:
    """The table on the page against replications of a dated phase.

    Each chance and each mean of a logarithm within 4.9 standard errors (error rate below 1e-5), and 0.03 for chances or
    15 % for medians beyond that: for rounding on the page, and for what smoothing and donors change. By how many months
    a date moves is told to 50 %: whole episodes are drawn, and of the few whose date moved, those of the kind count
    for more than in an estimate that is pulled towards all by itself.
    """
    first, back, moved, months, early, earlier = said(kind, "record_fitted")
    ends = play(kind, many)

    def chance(happened: list[bool], percent: float) -> None:
        p = percent / 100
        assert np.mean(happened) == pytest.approx(p, abs=0.03 + 4.9 * math.sqrt(p * (1 - p) / len(happened)))

    def middle(values: list[float], median: float, further: float = 0.15) -> None:
        logs = np.log(values)
        assert logs.mean() == pytest.approx(math.log(median), abs=further + 4.9 * logs.std() / math.sqrt(len(values)))

    chance([s.phase_reversed[0] for s in ends], back[0])
    chance([p > 0 for p in redatings(kind, many)], moved[0])
    kept = [s for s in ends if not s.phase_reversed[0] and s.phase_redated[0] == 0]
    slips = [s.phase_reached_at[0] / PLANNED for s in kept]
    assert max(slips) == 1
    chance([slip < 1 for slip in slips], early[0])
    middle([1 - slip for slip in slips if slip < 1], earlier[0])
    middle([s.phase_first_move[0] / PLANNED for s in ends if s.phase_first_move[0] > 0], first[0])
    late = [s.phase_reached_at[0] - PLANNED for s in ends if s.phase_redated[0] == 1 and not s.phase_reversed[0]]
    middle([days / 30.4375 for days in late], months[0], further=0.5)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", ["own_date", "host_demand", "mission_closure"])
def test_the_median_slip_is_that_of_the_record(kind: str) -> None:
    """Within the interval that the page gives for it; the other kinds have too few cases for one."""
    ends = [s for s in play(kind, 1000) if not s.phase_reversed[0]]
    _, low, high = said(kind, "record_slips")[3]
    assert low - 0.005 <= np.median([s.phase_reached_at[0] / PLANNED for s in ends]) <= high + 0.005


def redatings(kind: str, many: int) -> list[float]:
    """Return how often the date of a plan is to move back, whether or not it is reversed before."""
    world = plan(kind=kind)
    return [world.parameters_of(world.open_streams(7, n)).phase_redatings[0] for n in range(many)]


def test_a_plan_of_many_phases_has_bands_with_width() -> None:
    """On each day of a year, from 200 futures: strengths differ unless friction is off."""
    steps = {f"p{i}": {"theatre": "north", "start": day(90 * i), "target": 800 - 200 * i, "over_days": 80,
                       "kind": "own_date"} for i in range(4)}

    def widths(**couplings: bool) -> list[int]:
        world = model(400, theatres=PLACE, phases=steps, couplings=couplings)
        strengths: list[dict[int, int]] = []
        for n in range(60):
            strengths.append({})
            ReferenceClock(world, 3, n).play(lambda s, time: strengths[-1].update({int(time): s.present[0]}))
        ends = [[one[max(d for d in one if d <= day)] for one in strengths] for day in range(30, 360)]
        return [np.ptp(np.quantile(of_day, [0.05, 0.95])) for of_day in ends]

    assert np.mean([width > 0 for width in widths()]) > 0.9
    assert set(widths(plan_to_execution=False)) == {0}


def test_overrides_and_couplings_switch_friction_off() -> None:
    gradual = load("gradual", ["phases.iraq.redatings=0", "couplings.plan_to_execution=false"])
    assert gradual.scenario.phases["iraq"].redatings == 0
    assert gradual.origins["phases.syria.redatings"].mark == "derived"
    assert "docs/record.md" in gradual.origins["phases.syria.redatings"].source
    world = set_up(gradual.scenario)
    assert [draw.kind for draw in world.draws if draw.kind] == ["host_demand"] * 2 + ["own_date"] * 2
    assert "phases.iraq.redatings" not in world.draws[-2].together
    _, _, records = audit(world)
    assert not {r.what for r in records} & set(range(codes.TOLD_ORDERED, codes.TOLD_AHEAD + 1))
