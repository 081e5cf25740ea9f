"""What is played in the page is what `sim run` plays, to the bit; what `check` refuses, the page refuses as well."""

import base64
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.play.errors import Unplayable
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from tests.browser.bare import bare_page
from tests.web.levers import in_file, some_value

SEED = 7
FRESH = 1000
BYTES = """which => Object.fromEntries(Object.entries(drawdown.outcomes(which)).map(([name, column]) =>
    [name, btoa(String.fromCharCode(...new Uint8Array(column.slice(0, 1000).buffer)))]))"""

Page = Any
Open = Callable[..., Page]


@pytest.fixture
def play(open_page: Open, tmp_path: Path) -> Callable[..., Page]:
    """Return what opens a page with scenarios, ready to be played."""
    def opened(*names: str, fragment: str = "") -> Page:
        page = open_page(bare_page(tmp_path, SEED, *map(load, names)), fragment)
        page.evaluate("drawdown.ready")
        return page

    return opened


def outcomes(page: Page, which: str) -> dict[str, np.ndarray]:
    """Return what the page has played of a side, the first 1,000 replications."""
    return {name: np.frombuffer(base64.b64decode(column)) for name, column in page.evaluate(BYTES, which).items()}


def assert_same(found: dict[str, np.ndarray], scenario: Any, replications: int = FRESH) -> None:
    """Compare what a page has played with what a run gives, bit by bit.

    A scenario in which something cannot happen any more has no outcomes about it.
    """
    expected = sim.run(scenario, replications=replications, seed=SEED).outcomes
    assert set(expected) <= set(found)
    for name in expected:
        column = np.asarray(expected[name], float)
        assert column.tobytes() == found[name][:replications].tobytes(), name


def set_all(page: Page, state: dict[str, Any]) -> dict[str, Any]:
    move: dict[str, Any] = page.evaluate("state => drawdown.setAll(state)", state)
    return move


def downloaded(page: Page, folder: Path) -> Path:
    path = folder / "moved.toml"
    path.write_text(page.evaluate("drawdown.toml()"), encoding="utf-8")
    return path


def test_a_moved_lever_gives_what_run_gives_for_the_file(play: Callable[..., Page], tmp_path: Path) -> None:
    page = play("gradual")
    state = {"attacks.elasticity": 0.25, "attacks.branching_ratio": {"low": 0.3, "high": 0.4},
             "phases.iraq.over_days": 300, "talks.first_round": "2024-05-01", "couplings.contagion": False,
             "phases.syria.lag": 1.7}
    assert set_all(page, state)["became"] == "played"
    assert_same(outcomes(page, "changed"), downloaded(page, tmp_path))


MOVES: dict[str, list[dict[str, Any]]] = {
    "gradual": [
        {"attacks.elasticity": 0.25},
        {"attacks.branching_ratio": {"low": 0.3, "high": 0.4}},
        {"phases.iraq.over_days": 300, "phases.iraq.hold_after_fatal_days": 0.5, "lift.per_week": 333.3},
        {"couplings.contagion": False, "deadline": "2025-06-30", "closing.crews": 4},
        {"phases.syria.lag": 1.7, "phases.syria.redatings": 0, "talks.first_round": "2024-05-01"},
    ],
    "announced_2024": [
        {"phases.iraq_second.start": "2024-03-01", "phases.iraq_second.by": "2025-01-31"},
        {"phases.syria.start": "2024-02-12", "talks.agreement_on": "2025-03-01", "threat.rests_without": 2.5},
    ],
    "truce": [
        {"suppressions.truce.start": "2025-01-01", "suppressions.truce.mean_days": {"low": 500, "high": 900}},
        {"suppressions.stop_order.start": "2024-01-15", "couplings.plan_to_execution": False},
    ],
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", MOVES)
def test_the_page_plays_what_run_plays(name: str, play: Callable[..., Page], tmp_path: Path) -> None:
    page = play(name)
    assert_same(outcomes(page, "base"), name)
    assert_same(outcomes(page, "changed"), name)
    for state in MOVES[name]:
        assert set_all(page, state)["became"] == "played"
        assert_same(outcomes(page, "changed"), downloaded(page, tmp_path))
    assert_same(outcomes(page, "base"), name)


def test_undo_goes_back_step_by_step_and_redo_forward(play: Callable[..., Page]) -> None:
    page = play("gradual")
    first = outcomes(page, "changed")
    page.evaluate("drawdown.set('phases.iraq.over_days', 200)")
    second = outcomes(page, "changed")
    assert any(first[name].tobytes() != second[name].tobytes() for name in first)
    page.evaluate("drawdown.set('attacks.elasticity', 1)")
    for step, expected in (("undo", second), ("undo", first), ("redo", second)):
        page.evaluate(f"drawdown.{step}()")
        assert {name: column.tobytes() for name, column in outcomes(page, "changed").items()} == {
            name: column.tobytes() for name, column in expected.items()}
    assert page.evaluate("drawdown.state()") == {"phases.iraq.over_days": 200}
    page.evaluate("drawdown.reset()")
    assert page.evaluate("[drawdown.state(), drawdown.canRedo, location.hash]") == [{}, False, ""]


def test_the_address_says_what_has_been_moved(play: Callable[..., Page], tmp_path: Path) -> None:
    state = {"phases.iraq.over_days": 250, "attacks.elasticity": {"low": 0.5, "high": 0.75}, "deadline": "2025-01-31",
             "couplings.contagion": False}
    page = play("gradual")
    set_all(page, state)
    again = play("gradual", fragment=page.evaluate("location.hash"))
    assert again.evaluate("drawdown.state()") == state
    assert_same(outcomes(again, "changed"), downloaded(page, tmp_path))


@pytest.mark.parametrize("fragment", ["attacks.elasticity=9", "attacks.elasticity=%20", "couplings.contagion=no",
                                      "attacks.elasticity=0.2..0.4..0.6", "deadline=soon"])
def test_an_address_that_is_refused_moves_nothing(fragment: str, play: Callable[..., Page]) -> None:
    page = play("gradual")
    page.evaluate("window.refused = []; addEventListener('drawdown:refused', told => refused.push(told.detail))")
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    page.wait_for_function("refused.length > 0")
    assert page.evaluate("refused[0].faults[0].key") == fragment.partition("=")[0]
    assert page.evaluate("[drawdown.state(), location.hash]") == [{}, ""]


def test_an_address_leads_to_another_scenario(play: Callable[..., Page]) -> None:
    page = play("gradual", "fast")
    with page.expect_navigation():
        page.evaluate("location.hash = 'scenario=gradual&attacks.elasticity=0.5'")
    page.wait_for_function("window.drawdown !== undefined")
    page.evaluate("drawdown.ready")
    assert page.evaluate("[drawdown.changed.name, drawdown.state()]") == ["gradual", {"attacks.elasticity": 0.5}]


@pytest.mark.exhaustive
def test_of_a_comparison_any_scenario_can_be_moved(play: Callable[..., Page], tmp_path: Path) -> None:
    page = play("gradual", "fast", "slow")
    assert_same(outcomes(page, "base"), "gradual")
    assert_same(outcomes(page, "changed"), "fast")
    page.evaluate("drawdown.choose(2)")
    set_all(page, {"attacks.elasticity": 0.9})
    assert_same(outcomes(page, "changed"), downloaded(page, tmp_path))
    assert "moved on the page" in downloaded(page, tmp_path).read_text(encoding="utf-8")


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("gradual", {"attacks.elasticity": 1.5}),
    ("gradual", {"closing.crews": 0}),
    ("gradual", {"closing.crews": 2.5}),
    ("gradual", {"phases.iraq.tranche_days": 0}),
    ("gradual", {"deadline": "2031-01-01"}),
    ("gradual", {"talks.first_round": "2024-02-11"}),
    ("gradual", {"capability.floor": 1.2}),
    ("gradual", {"capability.ceiling": {"low": 0.9, "high": 1.4}}),
    ("gradual", {"attacks.branching_ratio": {"low": 0.4, "high": 0.5}}),
    ("gradual", {"attacks.elasticity": {"low": 0.5, "high": 0.5}}),
    ("gradual", {"theatres.iraq.attacks_trend_per_year": {"low": 2.0, "high": 3.0}}),
    ("gradual", {"casualties.fatal_chance": {"low": 0.00001, "high": 0.0002}}),
    ("gradual", {"phases.iraq.target": 2501}),
    ("gradual", {"lift.per_week": 0, "lift.road.per_week": 0}),
    ("gradual", {"lift.road.cargo_per_week": 0}),
    ("gradual", {"pressure.demand_chance": 0}),
    ("gradual", {"theatres.iraq.attacks_per_day": 30}),
    ("gradual", {"theatres.iraq.attacks_per_day": 500, "couplings.contagion": False,
                 "couplings.tension_to_attacks": False}),
    ("announced_2024", {"phases.syria.by": "2025-10-01"}),
    ("announced_2024", {"phases.syria.start": "2024-01-01"}),
    ("announced_2024", {"casualties.evacuated_share": {"low": 0.9, "high": 0.1}}),
    ("conditions_based", {"talks.round_spread": {"low": 0.3, "high": -1}}),
    ("conditions_based", {"talks.round_spread": {"low": -1, "high": 0.3}}),
    ("conditions_based", {"phases.iraq_rest.target": 1300}),
]


@pytest.mark.parametrize(("name", "state"), WRONG, ids=[" ".join(state) for _, state in WRONG])
def test_what_check_refuses_is_not_played(name: str, state: dict[str, Any], play: Callable[..., Page]) -> None:
    page = play(name)
    before = page.evaluate("drawdown.played('changed').replications")
    move = set_all(page, state)
    assert move["became"] == "refused"
    said = {fault["message"] for fault in move["faults"]}
    assert said
    assert said <= {problem.message for problem in problems(page, name, state)}
    assert page.evaluate("drawdown.state()") == {}
    assert page.evaluate("drawdown.played('changed').replications") >= before


def problems(page: Page, name: str, state: dict[str, Any]) -> tuple[Any, ...]:
    """Return what `check` says about a scenario with the values of a state."""
    base = {control["key"]: control["base"] for control in page.evaluate("drawdown.controls")}
    overrides = {key: in_file(base[key], value) for key, value in state.items()}
    try:
        load(name, overrides)
    except ScenarioError as error:
        return error.problems
    return ()


def test_what_cannot_be_played_to_the_end_leaves_everything_as_it_was(play: Callable[..., Page]) -> None:
    page = play("gradual")
    page.evaluate("drawdown.set('attacks.elasticity', 0.5)")
    before = {name: column.tobytes() for name, column in outcomes(page, "changed").items()}
    move = page.evaluate("drawdown.set('phases.iraq.tranche_days', 0.00001)")
    assert move["became"] == "failed"
    with pytest.raises(Unplayable) as error:
        sim.run(load("gradual", {"phases.iraq.tranche_days": 0.00001}), replications=20, seed=SEED)
    assert re.match("replication [0-9]+ cannot be played", move["why"])
    assert move["why"].partition(" cannot ")[2] == str(error.value).partition(" cannot ")[2]
    assert page.evaluate("drawdown.state()") == {"attacks.elasticity": 0.5}
    assert {name: column.tobytes() for name, column in outcomes(page, "changed").items()} == before
    page.evaluate("drawdown.undo()")
    assert page.evaluate("drawdown.state()") == {}


def test_what_could_be_done_again_still_can_after_a_move_that_fails(play: Callable[..., Page]) -> None:
    page = play("gradual")
    page.evaluate("drawdown.set('attacks.elasticity', 0.5).then(() => drawdown.undo())")
    assert page.evaluate("drawdown.set('phases.iraq.tranche_days', 0.00001)")["became"] == "failed"
    assert page.evaluate("drawdown.canRedo")
    page.evaluate("drawdown.redo()")
    assert page.evaluate("drawdown.state()") == {"attacks.elasticity": 0.5}


def test_undo_leaves_out_what_cannot_be_played(play: Callable[..., Page]) -> None:
    page = play("gradual")
    page.evaluate("""() => {
        drawdown.set("closing.crews", 3);
        drawdown.set("phases.iraq.tranche_days", 0.00001);
        return drawdown.setAll({ "closing.crews": 4 });
    }""")
    assert page.evaluate("drawdown.undo()")["became"] == "failed"
    assert page.evaluate("drawdown.state()") == {"closing.crews": 4}
    assert page.evaluate("drawdown.undo()")["became"] == "played"
    assert page.evaluate("drawdown.state()") == {"closing.crews": 3}


def test_a_move_that_fails_leaves_one_that_it_overtook(play: Callable[..., Page], tmp_path: Path) -> None:
    page = play("gradual")
    page.evaluate("""() => {
        drawdown.set("attacks.elasticity", 0.5);
        return drawdown.set("phases.iraq.tranche_days", 0.00001);
    }""")
    assert page.evaluate("drawdown.state()") == {"attacks.elasticity": 0.5}
    page.wait_for_function("drawdown.outcomes('changed').killed !== drawdown.outcomes('base').killed")
    assert_same(outcomes(page, "changed"), downloaded(page, tmp_path), 200)


@pytest.mark.parametrize(("fragment", "key"), [
    ("phases.iraq.over_days=300&phases.nolonger.over_days=200", "phases.nolonger.over_days"),
    ("scenario=slow&phases.iraq.over_days=300", "scenario"), ("phases.iraq.over_days=", "phases.iraq.over_days"),
    ("phases.iraq.over_days=200=300", "phases.iraq.over_days"), ("__proto__=5", "__proto__"), ("=5", ""),
    ("%E0%A4%A=1", "%E0%A4%A")])
def test_an_address_that_is_out_of_date_changes_nothing(play: Callable[..., Page], fragment: str, key: str) -> None:
    page = play("gradual", "fast", fragment=f"#{fragment}")
    assert page.evaluate("drawdown.state()") == {}
    page.evaluate("window.refused = []; addEventListener('drawdown:refused', told => refused.push(told.detail))")
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    page.wait_for_function("refused.length > 0")
    assert key in page.evaluate("refused[0].faults.map(fault => fault.key)")
    assert page.evaluate("drawdown.state()") == {}


def test_after_a_move_that_fails_more_is_played_of_what_was_there(play: Callable[..., Page]) -> None:
    page = play("gradual")
    assert page.evaluate("drawdown.set('phases.iraq.tranche_days', 0.00001)")["became"] == "failed"
    page.wait_for_function("drawdown.played('base').replications === 10000")
    assert page.evaluate("drawdown.state()") == {}


def test_a_place_on_the_page_changes_nothing(play: Callable[..., Page]) -> None:
    page = play("gradual")
    set_all(page, {"attacks.elasticity": 0.5})
    page.evaluate("new Promise(done => { addEventListener('hashchange', done); location.hash = 'section-story'; })")
    assert page.evaluate("drawdown.state()") == {"attacks.elasticity": 0.5}
    assert page.evaluate("location.hash") == "#attacks.elasticity=0.5"


def test_null_among_several_is_as_in_the_file(play: Callable[..., Page]) -> None:
    page = play("gradual")
    set_all(page, {"attacks.elasticity": 0.5, "lift.per_week": 400})
    assert set_all(page, {"attacks.elasticity": None, "lift.per_week": 300})["became"] == "played"
    assert page.evaluate("drawdown.state()") == {"lift.per_week": 300}


def test_numbers_that_do_not_exist_change_nothing(play: Callable[..., Page]) -> None:
    page = play("gradual", "fast")
    asked = ["drawdown.choose(2)", "drawdown.choose(-1)", "drawdown.choose('1')", "drawdown.retold('base', -1)",
             "drawdown.retold('base', 1e300)", "drawdown.log('changed', 0.5)"]
    for one in asked:
        assert "numbered from 0 to" in page.evaluate(f"{one}.then(() => 'done', error => error.message)")
    for one in ("async () => drawdown.outcomes('other')", "async () => drawdown.log('other', 1)"):
        assert page.evaluate(f"({one})().catch(error => error.message)") == "sides are base and changed"
    assert page.evaluate("drawdown.setAll(null).catch(error => error.message)") == (
        "what is moved is an object of keys with their values")
    assert page.evaluate("drawdown.changed.name") == "fast"
    assert set_all(page, {"attacks.elasticity": 0.5})["became"] == "played"


def test_the_log_of_a_replication_is_that_of_the_clock(play: Callable[..., Page]) -> None:
    from sim.clocks.compiled import CompiledClock
    from sim.model.catalogue import expand
    from sim.model.setup import set_up
    from sim.play.player import places_of

    page = play("gradual")
    model = set_up(load("gradual").scenario)
    expected = CompiledClock(model, SEED, places_of(expand(model))).log(17)
    found = page.evaluate("drawdown.log('base', 17).then(log => log.map(entry => Object.values(entry)))")
    assert [list(entry) for entry in expected.tolist()] == found


@pytest.mark.exhaustive
def test_courses_count_what_was_played(play: Callable[..., Page]) -> None:
    """Troops and attacks in each theatre, against what a run has counted."""
    page = play("gradual")
    page.wait_for_function("drawdown.played('base').replications === 10000")
    rows = page.evaluate("""drawdown.played("base").courses.rows.map(({track, days, sums, counts, bins}) => (
        {track, days: [...days], sums: [...sums],
         totals: [...days].map((_, i) => counts.slice(i * bins, (i + 1) * bins).reduce((a, b) => a + b, 0))}))""")
    means = sim.run("gradual", replications=10_000, seed=SEED).trajectories
    assert all(total == 10_000 for row in rows for total in row["totals"])
    for track, name in (("troops", "troops_mean"), ("attacks", "attacks_per_week_mean")):
        own = [row for row in rows if row["track"] == track]
        for row, mean in zip(own[:-1], means[name].to_numpy(), strict=True):
            at = [day // 7 for day in row["days"]] if track == "attacks" else row["days"]
            assert (np.array(row["sums"]) / 10_000 == mean[at]).all()


COUNT_VARIANTS = """() => {
    window.variants = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
        window.variants += { variant: 1, forget: -1 }[message.what] ?? 0;
        return post.call(this, message, ...more);
    };
}"""


@pytest.mark.exhaustive
def test_a_hundred_moves_leave_no_trace(play: Callable[..., Page]) -> None:
    """What the page and its workers hold on to when they rest, after every twenty moves."""
    page, chance = play("gradual"), random.Random(1)
    page.evaluate(COUNT_VARIANTS)
    controls = page.evaluate("drawdown.controls")
    held = []
    for _ in range(5):
        for i in range(20):
            control = chance.choice(controls)
            script = "([key, value]) => { window.last = drawdown.set(key, value); }"
            page.evaluate(script, [control["key"], some_value(control, chance)])
            if i % 4 == 3:
                assert page.evaluate("window.last.then(move => move.became)") in ("played", "refused")
                page.evaluate("drawdown.reset()")
        page.wait_for_function("['base', 'changed'].every(which => drawdown.played(which).replications === 10000)")
        assert page.evaluate("window.variants") == 0, "workers keep what is shown no longer"
        held.append(bytes_held(page))
    assert max(held) < 2 * min(held), held  # the side that was shown before may be held too


def bytes_held(page: Page) -> int:
    """Return what the page's script holds on to, arrays included: what a collection of garbage leaves."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    usage = session.send("Runtime.getHeapUsage")
    session.detach()
    return int(usage["usedSize"] + usage["backingStorageSize"])
