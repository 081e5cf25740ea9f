"""What any model of a drawdown should be able to show, or refuse, and by which mechanism: docs/patterns.md.

Each pattern is shown on small scenarios, and gone once its mechanism is switched off or turned round. Fixed seeds;
tests of means and counts are made at alpha 1e-4 (z of 3.9).
"""

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from worlds import HARMLESS, NO_COUPLINGS, START, day, leaving, model

import sim
from sim.clocks.reference import ReferenceClock, play
from sim.model.setup import Model, set_up
from sim.rules import state as codes
from sim.rules.state import State
from sim.scenario.load import load

Z = 3.9
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def only(*couplings: str) -> dict[str, bool]:
    return NO_COUPLINGS | dict.fromkeys(couplings, True)


def ends(world: Model, replications: int) -> list[State]:
    return [ReferenceClock(world, 1, i).play() for i in range(replications)]


def watch(world: Model, replication: int, what: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the days on which something is as it is from then on, and what it is; the last is the horizon."""
    days, values = [0.0], []

    def observe(s: State, time: float) -> None:
        days.append(time)
        values.append(what(s))

    ReferenceClock(world, 1, replication).play(observe)
    return np.array(days[:-1]), np.array(values)


def differs(sample: np.ndarray, mean: float) -> bool:
    """Say whether the mean of independent values differs from a stated one."""
    return abs(sample.mean() - mean) > Z * sample.std(ddof=1) / math.sqrt(sample.size)


# (a) Small sites close first, hubs last: troops per open site rise

SMALL = {f"small_{i}": {"weight": 1, "closing_days": 14} for i in range(1, 13)}
HUBS = {f"hub_{i}": {"weight": 6, "hub": True, "garrison": 80, "closing_days": 45} for i in (1, 2)}
LEFT = 0.35
"""Share of the first troops left at the end of August 2010 (Iraq, 49,700 of 142,000)."""


def troops_per_site(order: list[str]) -> float:
    """Return troops per open site with 35 % of them left, over that at the start: mean over 20 replications."""
    world = model(600, theatres={"north": {"troops": 2400, "sites": SMALL | HUBS}}, lift={}, closing={},
                  phases=leaving(over_days=365, sites=order))

    def of(s: State) -> tuple[int, float]:
        return s.present[0], s.present[0] / max(1, len(s.site) - s.site.count(codes.CLOSED))

    ratios = []
    for i in range(20):
        _, path = watch(world, i, of)
        ratios.append(path[path[:, 0] <= LEFT * 2400][0, 1] / path[0, 1])
    return float(np.mean(ratios))


def test_troops_per_open_site_rise_while_small_sites_close_first() -> None:
    """To twice as many and more; in Iraq to 1.9 times, from 142,000 at 505 bases to 49,700 at 93."""
    assert troops_per_site([]) > 2


def test_troops_per_open_site_fall_if_hubs_close_first() -> None:
    assert troops_per_site([*HUBS, *SMALL]) < 0.8


# (b) The curve of a drawdown whose bottleneck is lift

STEEPER = 1.25
"""S-shaped is a drawdown in whose middle third so many times as many leave as in its first and in its last."""


def four_theatres(one_after_another: bool, garrisons: bool, per_week: float | None = 80, **phase: Any) -> Model:
    """Return four theatres that leave together or 60 days after one another, all by one means of transport.

    Each asks for 29 soldiers a week: one or two leave lift idle, three or four are more than it carries.
    """
    sites = {f"small_{i}": {"closing_days": 14} for i in range(4)} | {
        "hub": {"weight": 6, "hub": True, "garrison": 80, "closing_days": 60}}
    if not garrisons:
        sites = {name: site | {"garrison": 0, "closing_days": 0} for name, site in sites.items()}
    phases = {f"phase_{i}": {"theatre": f"theatre_{i}", "start": day(60 * i if one_after_another else 0), "target": 0,
                             "over_days": 240} | phase for i in range(4)}
    tables = {"lift": {"per_week": per_week, "load": 20}} if per_week else {}
    return model(1500, theatres={f"theatre_{i}": {"troops": 1000, "sites": sites} for i in range(4)},
                 closing={"crews": 8}, phases=phases, **tables)


def share_moved(world: Model, replication: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of all who leave that lift has taken up, from day to day."""
    days, moved = watch(world, replication, lambda s: sum(s.moved))
    return days, moved / max(1, moved[-1])


def share_at(path: tuple[np.ndarray, np.ndarray], times: np.ndarray) -> np.ndarray:
    days, share = path
    return share[np.searchsorted(days, times, side="right") - 1]


def first_to_last(path: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Return the days on which the first and the last soldier leave."""
    days, share = path
    return days[share > 0][0], days[share == 1][0]


def thirds(world: Model, replications: int = 30) -> np.ndarray:
    """Return the shares that leave in thirds of the time from the first soldier to the last: means over futures.

    Futures in which nobody leaves are left out.
    """
    paths = [path for i in range(replications) if (path := share_moved(world, i))[1][-1] > 0]
    times = [np.linspace(*first_to_last(path), 4) for path in paths]
    return np.mean([np.diff(share_at(path, t[1:]), prepend=0) for path, t in zip(paths, times, strict=True)], axis=0)


def s_shaped(paces: np.ndarray) -> bool:
    return bool(paces[1] > STEEPER * max(paces[0], paces[2]))


def test_a_plain_bottleneck_of_lift_is_linear() -> None:
    """One queue of constant capacity: a third of the troops in each third of the time, to within 3 %."""
    assert thirds(four_theatres(False, garrisons=False)) == pytest.approx(np.full(3, 1 / 3), abs=0.03)


@pytest.mark.exhaustive
def test_phases_one_after_another_and_garrisons_that_wait_for_closing_make_it_s_shaped() -> None:
    assert s_shaped(thirds(four_theatres(True, garrisons=True)))


@pytest.mark.exhaustive
def test_back_loaded_phases_begin_slowly_as_well() -> None:
    """Over 360 days they ask for more and more, up to all that lift carries; linear ones begin at full speed."""
    back_loaded, linear = (thirds(four_theatres(False, True, shape=shape, over_days=360)) for shape in (
        "back_loaded", "linear"))
    assert s_shaped(back_loaded)
    assert linear[0] > linear[1] - 0.03


@pytest.mark.exhaustive
def test_phases_that_begin_together_take_away_the_slow_start() -> None:
    paces = thirds(four_theatres(False, garrisons=True))
    assert not s_shaped(paces)
    assert paces[1] < 1.15 * paces[0]
    assert paces[1] > STEEPER * paces[2]


@pytest.mark.exhaustive
def test_sites_that_need_no_closing_take_away_the_slow_end() -> None:
    paces = thirds(four_theatres(True, garrisons=False))
    assert not s_shaped(paces)
    assert paces[1] < 1.15 * paces[2]
    assert paces[1] > STEEPER * paces[0]


@pytest.mark.exhaustive
def test_lift_straightens_the_curve_and_does_not_bend_it() -> None:
    """The scarcer lift is, the flatter is the middle: without limit, 80 a week, 40 a week."""
    free, scarce, scarcest = (thirds(four_theatres(True, True, per_week)) for per_week in (None, 80, 40))
    assert s_shaped(free)
    assert free[1] > scarce[1] + 0.03
    assert scarce[1] > scarcest[1] + 0.03
    assert not s_shaped(scarcest)


def mean_path_thirds(world: Model, replications: int = 100) -> np.ndarray:
    """Return the shares withdrawn on average in thirds of the time between 1 % and 99 % withdrawn on average."""
    days = np.arange(0, world.parameters.horizon)
    mean = np.mean([share_at(share_moved(world, i), days) for i in range(replications)], axis=0)
    first, last = np.interp([0.01, 0.99], mean, days)
    return np.diff(np.interp(np.linspace(first, last, 4), days, mean))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", ["gradual", "demand_to_leave"])
def test_shipped_plans_whose_phases_begin_together_are_not_s_shaped(name: str) -> None:
    """Carried out to the letter, they begin at full speed, and slow down when hubs are closed."""
    letter = load(SCENARIOS / f"{name}.toml", ["couplings.plan_to_execution=false"])
    paces = thirds(set_up(letter.scenario))
    assert not s_shaped(paces)
    assert paces[1] < 1.1 * paces[0]
    assert paces[1] > STEEPER * paces[2]


ONE_SITE = {"theatres": {"north": {"troops": 4000, "sites": {"main": {"garrison": 0, "closing_days": 0}}}},
            "closing": {"spread": 0}}


@pytest.mark.exhaustive
def test_lift_that_differs_between_futures_makes_the_mean_slow_at_the_end_only() -> None:
    """Every future is a straight line from the same day, more or less steep: the mean can only slow down."""
    lift = {"per_week": {"dist": "uniform", "low": 60, "high": 250}, "load": 20}
    world = model(700, lift=lift, phases=leaving(over_days=0), **ONE_SITE)
    assert thirds(world) == pytest.approx(np.full(3, 1 / 3), abs=0.03)
    paces = mean_path_thirds(world)
    assert paces[0] > paces[1] > paces[2]


def after_talks(**group: Any) -> Model:
    """Return a drawdown as fast as lift, from the day when a working group is done."""
    return model(1500, lift={"per_week": 150, "load": 20, "spread": 0}, working_groups={"one": group}, **ONE_SITE,
                 talks={"first_round": START, "breakdown_chance": 0, "stall_after_days": 3650},
                 phases={"leave": {"theatre": "north", "after": "agreement", "target": 0, "over_days": 0}})


@pytest.mark.exhaustive
def test_beginnings_that_differ_between_futures_make_the_mean_s_shaped_and_no_future() -> None:
    """A mean over futures that differ in when talks agree says nothing of the curve of any of them."""
    world = after_talks(work_days={"dist": "triangular", "low": 50, "mode": 250, "high": 450}, work_spread=0)
    assert s_shaped(mean_path_thirds(world))
    for i in range(5):
        path = share_moved(world, i)
        assert share_at(path, np.linspace(*first_to_last(path), 11)) == pytest.approx(np.linspace(0, 1, 11), abs=0.02)


@pytest.mark.exhaustive
def test_beginnings_that_are_skewed_do_not() -> None:
    """A memoryless delay, as spreads in the model have: most futures begin early, so the mean only slows down."""
    paces = mean_path_thirds(after_talks(work_days=150, work_spread=1))
    assert not s_shaped(paces)
    assert paces[1] > STEEPER * paces[2]


# (c) Too early can end worse than staying

FORCES = {"learning_per_year": 0.6, "ceiling": 1.6, "loss_per_year": 0.05, "floor": 0.7}
ISIS = {"noise": 0.05, "rests_today": 0.85, "rests_without": 1.7, "capability_elasticity": 0.9, "resurgence": 2}
DAYS = 2360


def threat(leave: int | None, forces: dict[str, float] | None = None, **couplings: bool) -> tuple[float, np.ndarray]:
    """Return the chance of a resurgence and the highest threat ratios over 60 futures.

    Troops leave from a day on, within 60 days, or stay. Those who leave on day 900 are watched for four years, too.
    """
    phases = {} if leave is None else {"phases": {"leave": {
        "theatre": "north", "start": day(leave), "target": 0, "over_days": 60}}}
    world = model(DAYS, threat=ISIS, capability=FORCES | (forces or {}), couplings=couplings, **phases)
    states = ends(world, 60)
    return (float(np.mean([s.milestone[codes.RESURGENCE] < math.inf for s in states])),
            np.array([s.highest_ratio for s in states]))


def test_leaving_at_once_ends_worse_than_staying() -> None:
    """In every future: the same noise, less pressure."""
    stay, now = threat(None), threat(0)
    assert stay[0] == 0
    assert now[0] > 0.8
    assert (now[1] > stay[1]).all()


@pytest.mark.exhaustive
def test_leaving_at_once_is_harmless_if_presence_does_not_matter() -> None:
    off = {"presence_to_threat": False, "presence_to_capability": False}
    stay, now = threat(None, **off), threat(0, **off)
    assert now[0] == stay[0] == 0
    assert now[1] == pytest.approx(stay[1], rel=1e-12)


@pytest.mark.exhaustive
@pytest.mark.parametrize("one", ["presence_to_threat", "presence_to_capability"])
def test_a_resurgence_needs_both_causes(one: str) -> None:
    """Enablers and the forces that advisers teach: what is left of the two holds the threat down.

    Not always: noise alone brought a resurgence in 2 and 3 of 600 futures, so one of these 60 may have one.
    """
    both, alone = threat(0), threat(0, **{one: False})
    assert both[0] > 0.8
    assert alone[0] <= 1 / 60
    assert (alone[1] <= both[1]).all()


@pytest.mark.exhaustive
def test_leaving_late_with_forces_that_have_learnt_is_not_worse_than_staying() -> None:
    """As many resurgences in the years after leaving as with staying: none in 60 futures, below 7.4 % at 99 %."""
    assert threat(900)[0] == threat(None)[0] == 0


@pytest.mark.exhaustive
def test_leaving_late_with_forces_that_have_not_learnt_is_as_bad_as_leaving_at_once() -> None:
    late = threat(900, {"learning_per_year": 0})
    assert late[0] > 0.8


@pytest.mark.exhaustive
def test_staying_longer_never_raises_the_threat() -> None:
    """What the model refuses unless told: presence that makes ISIS stronger. In no future is it worse."""
    stay, late, now = (threat(leave)[1] for leave in (None, 900, 0))
    assert (stay <= late).all()
    assert (late <= now).all()


# (d) Stalled talks raise attacks

def talking(stalled: float, couplings: dict[str, bool], replications: int = 60) -> list[list[float]]:
    """Return the days of attacks in futures whose talks stall at the round of day 63, groups never being done."""
    world = model(400, theatres={"north": {"troops": 1000, "attacks_per_day": 0.2}}, casualties=HARMLESS,
                  couplings=couplings, attacks={"talks_progressing": 1, "talks_stalled": stalled},
                  talks={"first_round": START, "round_spread": 0, "stall_after_days": 60, "breakdown_chance": 0},
                  working_groups={"one": {"work_days": 7000, "work_spread": 0}})
    return [[r.time for r in play(world, 1, i)[2] if r.what == codes.TOLD_ATTACK] for i in range(replications)]


@pytest.mark.exhaustive
def test_stalled_talks_raise_attacks_in_the_same_future() -> None:
    """What happens anyway happens still; after the stall there are 1.8 times as many (exact binomial test)."""
    stalled, indifferent = talking(1.8, only("talks_to_attacks")), talking(1.8, only())
    for days, fewer in zip(stalled, indifferent, strict=True):
        assert set(fewer) <= set(days)
        assert [t for t in days if t < 63] == [t for t in fewer if t < 63]
    late = [sum(t >= 63 for days in futures for t in days) for futures in (indifferent, stalled)]
    assert stats.binomtest(late[0], late[1], 1 / 1.8).pvalue > 1e-4
    assert late[1] > 5000


def test_stalled_talks_do_not_matter_without_the_coupling_or_the_factor() -> None:
    assert talking(1.8, only(), 20) == talking(1.0, only("talks_to_attacks"), 20)


# (e) Clustering

RATE, BRANCHING, DECAY = 0.4, 0.5, 4.0
FIRST, LAST = 70, 770  # the excitation of the start, and the lack of it, is past


def fano_terms(window: int, couplings: dict[str, bool], mean: float | None, **more: Any) -> np.ndarray:
    """Return, for each of 60 futures, (count - mean)^2 / mean averaged over windows of so many days.

    The mean over futures is the Fano factor: of a known mean, or else of that of the sample.
    """
    world = model(LAST, theatres={"north": {"troops": 1000, "attacks_per_day": RATE}}, casualties=HARMLESS,
                  couplings=couplings, attacks={"branching_ratio": BRANCHING, "decay_days": DECAY}, **more)
    edges = np.arange(FIRST, LAST + 1, window)
    days = [[r.time for r in play(world, 1, i)[2] if r.what == codes.TOLD_ATTACK] for i in range(60)]
    counts = np.array([np.histogram(times, edges)[0] for times in days])
    middle = counts.mean() if mean is None else mean
    return np.asarray(((counts - middle) ** 2).mean(axis=1) / middle)


def hawkes_fano(window: float) -> float:
    """Return variance over mean of counts of a Hawkes process (Hawkes 1971): 1 / (1 - n)^2 in the long run."""
    long_run, speed = 1 / (1 - BRANCHING) ** 2, (1 - BRANCHING) / DECAY
    return long_run + (1 - long_run) * -math.expm1(-speed * window) / (speed * window)


@pytest.mark.parametrize("window", [7, pytest.param(140, marks=pytest.mark.exhaustive)])
def test_attacks_cluster_as_self_excitation_says(window: int) -> None:
    """By week 2.00; by 140 days 3.83, within 5 % of the 4 of the long run."""
    terms = fano_terms(window, only("contagion"), RATE * window / (1 - BRANCHING))
    assert not differs(terms, hawkes_fano(window))
    assert differs(terms, 1)
    assert hawkes_fano(140) == pytest.approx(1 / (1 - BRANCHING) ** 2, rel=0.05)


@pytest.mark.exhaustive
@pytest.mark.parametrize("window", [7, 140])
def test_attacks_do_not_cluster_without_self_excitation_and_regimes(window: int) -> None:
    assert not differs(fano_terms(window, only(), RATE * window), 1)


@pytest.mark.exhaustive
def test_regimes_alone_make_clusters_too() -> None:
    """So clustering is no proof of self-excitation: high tension a quarter of the time, with not one attack set off."""
    tension = {"initial": "low", "high_multiplier": 4, "mean_high_days": 30, "mean_low_days": 90}
    assert fano_terms(7, only("tension_to_attacks"), None, tension=tension).mean() > hawkes_fano(7)


# (f) The thin tail of a drawdown

@cache
def rates(elasticity: float, presence: bool = True) -> tuple[float, float, int]:
    """Return attacks per 1,000 troop-months with a quarter or less left, and in all, and the attacks of the tail."""
    file = sim.from_dict({
        "start": START, "end": day(364), **ONE_SITE, "attacks": {"elasticity": elasticity}, "casualties": HARMLESS,
        "theatres": {"north": ONE_SITE["theatres"]["north"] | {"attacks_per_day": 2}},
        "couplings": only(*["presence_to_attacks"] * presence), "phases": leaving(over_days=364, tranche_days=2)})
    means = sim.run(file, replications=80, workers=1, clock="simpy").outcomes.mean()
    per = 1000 * 365.25 / 12
    return (means["tail_attacks"] / means["tail_troop_days"] * per, means["attacks_total"] / means["troop_days"] * per,
            round(80 * means["tail_attacks"]))


@pytest.mark.parametrize("elasticity", [0.0, 1.0, pytest.param(0.5, marks=pytest.mark.exhaustive)])
def test_risk_per_head_rises_in_the_tail_unless_attacks_fall_with_troops(elasticity: float) -> None:
    """Of a straight drawdown the tail's rate over the whole is 4^(1 - elasticity): 4, 2, 1. Poisson errors, and 2 %.

    With x left of 1, attacks go with x^e and troops with x: below a quarter there are (1/4)^(1 + e) of all attacks and
    1/16 of all troop-days.
    """
    tail, overall, attacks = rates(elasticity)
    assert attacks > 1000
    assert abs(tail / overall / 4 ** (1 - elasticity) - 1) < Z / math.sqrt(attacks) + 0.02


@pytest.mark.exhaustive
def test_without_presence_in_attacks_the_tail_is_as_with_no_elasticity() -> None:
    assert rates(1.0, presence=False) == rates(0.0)
