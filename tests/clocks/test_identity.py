"""The compiled clock plays every future that the SimPy clock plays, to the last bit."""

from pathlib import Path

import numpy as np
import pytest
from worlds import START, day, model

from clocks.both import compare, everywhere, in_a_row
from clocks.many import REPLICATIONS, TOLD, compare_many
from sim.clocks.budget import REASONS
from sim.clocks.compiled import CompiledClock
from sim.model.setup import Model, set_up
from sim.model.variant import twin_of
from sim.rules.processes import KINDS
from sim.scenario.load import load

ORDERS = [Path(__file__).parents[1] / "valid" / f"{name}.toml" for name in (
    "close_five_then_wait", "two_hubs_then_fly", "keep_airfield_and_embassy")]
SHIPPED = sorted(Path(__file__).parents[2].glob("scenarios/*.toml"))


def test_some_scenarios_have_the_same_bits_on_both_clocks() -> None:
    """The exhaustive test below, in small."""
    tally = compare_many(12, made_from=1)
    assert tally.scenarios >= 12
    assert tally.records > 500


@pytest.mark.exhaustive
def test_any_scenario_has_the_same_bits_on_both_clocks() -> None:
    """Log, outcomes, diary, drawn parameters and last state of each replication, or why it was given up."""
    tally = compare_many(400, made_from=1)
    assert tally.scenarios >= 400
    assert tally.engines["compiled"] >= 400
    assert tally.engines["WebAssembly"] >= 300  # the others have more of something than it has room for
    assert tally.replications == tally.scenarios * REPLICATIONS
    assert tally.records > 100_000
    assert {what for _, what in tally.told} == set(TOLD.values())
    assert {kind for kind, _ in tally.told} == {kind.name for kind in KINDS}
    assert set(tally.given_up) == {*REASONS.values(), "more than 10,000 events"}
    assert tally.largest("theatres") == 5
    assert tally.largest("sites") >= 20
    assert tally.largest("phases") == 8
    assert tally.largest("groups") == 6


@pytest.mark.exhaustive
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_shipped_scenarios_have_the_same_bits_on_both_clocks(file: Path) -> None:
    found = compare(set_up(load(file).scenario), seed=2**64 + 1, first=2**32 - 2, replications=20)
    assert found.differences == []
    assert found.given_up == []
    assert found.told.total() > 1000


@pytest.mark.parametrize("file", ORDERS, ids=lambda file: file.stem)
def test_orders_about_sites_have_the_same_bits_on_both_clocks(file: Path) -> None:
    found = compare(set_up(load(file).scenario), seed=3, first=0, replications=5)
    assert found.differences == []
    assert found.told.total() > 200


@pytest.mark.exhaustive
def test_twins_have_the_same_bits_on_both_clocks() -> None:
    gradual = set_up(load(next(file for file in SHIPPED if file.stem == "gradual")).scenario)
    found = compare(twin_of(gradual), seed=1, first=0, replications=20)
    assert found.differences == []
    assert found.told.total() > 1000
    assert found.told != compare(gradual, seed=1, first=0, replications=20).told


def test_no_shipped_scenario_is_left_out() -> None:
    assert {"gradual", "status_quo", "announced_2024", "truce"} <= {file.stem for file in SHIPPED}


def large(theatres: int) -> Model:
    """Return a scenario with much of everything."""
    many = range(theatres)
    sites = {f"s{i}": {"garrison": 2, "closing_days": i % 8 + 1} for i in range(60)}
    unsure = {"dist": "uniform", "low": 0.5, "high": 2}
    phases = {f"p{k}{i}": {"theatre": f"t{k}", "start": day(7 * i), "target": 400 - 100 * i, "per_week": 90}
              for k in many for i in range(4)}
    history = [{"date": day(n - 20), "total": n} for n in range(17)]
    return model(
        1000,
        theatres={f"t{k}": {"troops": 500, "attacks_per_day": 0.05, "sites": {
            name: site | ({"weight": unsure, "target_weight": unsure} if len(name) == 2 else {})
            for name, site in sites.items()}} for k in many},
        phases=phases, history={"attacks": {f"t{k}": history for k in many}}, threat={}, pressure={}, response={},
        talks={"first_round": START}, working_groups={f"g{i}": {"work_days": 30 + i} for i in range(2 * theatres - 1)},
        suppressions={f"u{i}": {"start": day(30 + i), "end": day(90), "factor": 0.9}
                      for i in range(theatres**2 // 2 + 1)},
        tension={"dated": {f"d{i}": {"date": day(30 * i + 20), "state": ("high", "low")[i % 2]}
                           for i in range(5 * theatres - 4)}})


@pytest.mark.parametrize("theatres", [2, pytest.param(9, marks=pytest.mark.exhaustive)])
def test_one_program_plays_scenarios_of_any_size(theatres: int) -> None:
    """Nine theatres have 540 sites, 36 phases and 41 truces."""
    world = large(theatres)
    assert (world.parameters.sites, world.parameters.phases) == (60 * theatres, 4 * theatres)
    found = compare(world, seed=1, first=0, replications=2)
    assert found.differences == []
    assert found.given_up == []


def test_a_row_that_fills_the_diary_is_continued_in_the_next() -> None:
    world = set_up(load(next(file for file in SHIPPED if file.stem == "gradual")).scenario)
    clock = CompiledClock(world, 7, everywhere(world))
    assert clock.play(0, np.zeros((2000, len(clock.world.measured))))[0] < 2000
    row = in_a_row(clock, 0, 300)
    single = [in_a_row(clock, replication, 1) for replication in range(300)]
    for name in ("outcomes", "diary"):
        assert row[name].tobytes() == np.concatenate([one[name] for one in single]).tobytes()


def test_uncertain_dates_and_counts_have_the_same_bits_on_both_clocks() -> None:
    def between(first: int, last: int) -> dict[str, object]:
        return {"dist": "uniform", "low": day(first), "high": day(last)}

    world = model(
        400, closing={"crews": {"dist": "normal", "mean": 2, "sd": 1, "low": 1, "high": 4}},
        theatres={"north": {"troops": 300, "attacks_per_day": 0.2, "sites": {"a": {}, "b": {}, "c": {}}}},
        talks={"first_round": between(0, 30), "suspended_until": between(3, 9), "agreement_on": between(40, 60)},
        tension={"dated": {"war": {"date": between(10, 90), "state": "high"}}},
        pressure={"demand_on": between(200, 300)},
        suppressions={"truce": {"start": between(20, 40), "end": between(50, 90)}},
        phases={"out": {"theatre": "north", "target": 0, "start": {
            "dist": "triangular", "low": day(30), "mode": day(40), "high": day(90)}, "shape": "stepped",
            "steps": {"dist": "lognormal", "median": 4, "sigma": 1, "low": 1, "high": 9},
            "by": {"dist": "discrete", "values": [day(200), day(300)]}}})
    assert len(world.draws) == 11
    found = compare(world, seed=1, first=0, replications=20)
    assert found.differences == []
    assert found.told.total() > 500
