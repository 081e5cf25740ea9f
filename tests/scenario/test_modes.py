"""The table of lift: one mode, several, or one beside several; how they are written, merged and checked."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sim.model.setup import set_up
from sim.scenario.errors import ScenarioError
from sim.scenario.keys import dotted, undotted
from sim.scenario.load import Base, ScenarioFile, from_dict, load
from sim.scenario.resolve import as_data, resolve_text

BASE = """start = 2024-01-01
end = 2025-12-31
[theatres.north]
troops = 900
[theatres.south]
troops = 300
[phases.out]
theatre = "north"
start = 2024-02-01
target = 0
over_days = 100
"""
CARGO = "[theatres.north.sites.main]\ncargo_per_troop = 1\n"


def read(text: str, *overrides: str) -> ScenarioFile:
    return from_dict(tomllib.loads(BASE + text), "mine", overrides)


def per_week(file: ScenarioFile) -> dict[str, Any]:
    return {name: mode.per_week for name, mode in (file.scenario.lift or {}).items()}


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(("text", "modes"), [
    ("", {}), ("[lift]", {"lift": 500}), ("[lift]\nper_week = 90", {"lift": 90}),
    ("[lift.air]\nper_week = 80", {"air": 80}), ("[lift.air]\n[lift.road]\nper_week = 70", {"air": 500, "road": 70}),
    ("[lift.air]\nper_week = 80\n[lift]\nper_week = 90", {"lift": 90, "air": 80}),
    ("[lift]\nair = { per_week = 80 }", {"air": 80}), ("[lift.lift]\nper_week = 80", {"lift": 80}),
    ('[lift]\nper_week = { dist = "discrete", values = [80.0] }', {"lift": None}),
])
def test_a_table_with_keys_of_its_own_is_a_mode_and_so_is_each_table_in_it(text: str, modes: dict[str, Any]) -> None:
    found = per_week(read(text))
    assert found.keys() == modes.keys()
    assert all(found[name] == pace for name, pace in modes.items() if pace is not None)
    assert set_up(read(text).scenario).names["modes"] == (sorted(modes, key=lambda name: name != "lift") or ["lift"])


@pytest.mark.parametrize("key", ["lift.per_week", "lift.air.per_week", "lift.air", "lift.from", "phases.lift.lift"])
def test_a_key_is_written_as_it_is_read(key: str) -> None:
    assert dotted(undotted(key)) == key


@pytest.mark.parametrize("text", [
    "", "[lift]", "[lift]\nper_week = 90\nload = 30", "[lift.air]\nper_week = 80\n[lift.road]\nfrom = 2024-05-01",
    '[lift.air]\nper_week = 80\ntheatres = ["north"]\n[lift]\nspread = { dist = "uniform", low = 0, high = 1 }'])
def test_what_resolve_prints_and_plain_data_are_the_same_scenario(text: str) -> None:
    file = read(text)
    printed = tomllib.loads(resolve_text(file))
    assert from_dict(printed).scenario == from_dict(as_data_dates(file)).scenario == file.scenario
    assert Base.of(file.scenario).load().scenario == file.scenario
    assert ("per_week" in printed.get("lift", {})) == ("lift" in (file.scenario.lift or {}))


def as_data_dates(file: ScenarioFile) -> dict[str, Any]:
    """Return plain data with its dates as a TOML parser gives them."""
    def dated(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: dated(part) for key, part in value.items()}
        try:
            return date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            return value

    found: dict[str, Any] = dated(as_data(file.scenario))
    return found


def test_a_file_adds_modes_to_those_that_it_inherits(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(BASE + "[lift]\nper_week = 90\n[lift.road]\nper_week = 40\nload = 20\n")
    for name, text, modes in (
            ("more", "[lift.air]\nper_week = 300\n", {"lift": 90, "road": 40, "air": 300}),
            ("same", "[lift]\nper_week = 95\n[lift.road]\nspread = 0\n", {"lift": 95, "road": 40}),
            ("less", "[lift.road]\nremove = true\n", {"lift": 90}),
            ("none", "[lift]\nremove = true\n", {}),
            ("other", "[lift]\nremove = true\n[lift.air]\nper_week = 300\n", {"air": 300}),
            ("new", "[lift]\nremove = true\nload = 10\n", {"lift": 500})):
        path = tmp_path / f"{name}.toml"
        path.write_text('extends = "base.toml"\n' + text)
        assert per_week(load(path)) == modes, name
    assert str(load(tmp_path / "more.toml").origins["lift.per_week"]) == "base.toml:13"
    assert str(load(tmp_path / "more.toml").origins["lift.air.per_week"]) == "more.toml:3"


def test_options_set_keys_of_modes() -> None:
    file = read("[lift]\nper_week = 90\n[lift.road]\n", "lift.per_week=40", "lift.road.load=7", "lift.air.per_week=9")
    assert per_week(file) == {"lift": 40, "road": 500, "air": 9}
    assert [str(change) for change in file.changes] == [
        "lift.per_week: 90 -> 40", "lift.road.load: 100 -> 7", "lift.air.per_week: none -> 9"]
    (change,) = read("[lift]\nper_week = 90", "lift={per_week=40, spread=0}").changes
    assert str(change).startswith('lift: { label = "", per_week = 90, ')
    (change,) = read("[lift]\nper_week = 90", "lift.remove=true").changes
    assert change.new is None


def test_numbers_of_modes_can_be_uncertain_joint_and_sourced() -> None:
    file = read("""[lift]
per_week = { dist = "uniform", low = 50, high = 90 }
load = 80
[lift.road]
per_week = 40
[joint.pair]
keys = ["lift.load", "lift.road.per_week"]
rows = [[100, 40], [50, 60]]
[sources]
"lift.per_week" = "reported: a ledger"
"lift.road" = "reported: another"
""")
    drawn = [(draw.key, draw.places) for draw in set_up(file.scenario).draws]
    assert drawn == [("lift.per_week", (("mode_per_week", 0),)),
                     ("joint.pair", (("mode_load", 0), ("mode_per_week", 1)))]
    assert (file.origins["lift.per_week"].source, file.origins["lift.road.per_week"].source) == ("a ledger", "another")


@pytest.mark.parametrize(("text", "message"), [
    ("lift = 150", "lift: must be a table, [lift], not 150"),
    ("[lift]\nair = 150", "lift.air: unknown key; allowed: label, per_week, load, cargo_per_week, cargo_load, spread, "
     "theatres, from, until"),
    ("[lift.air]\nper_weak = 150", "lift.air.per_weak: unknown key; did you mean per_week?"),
    ("[lift]\nper_weak = 150", "lift.per_weak: unknown key; did you mean per_week?"),
    ("[lift.Air]", "lift.Air: is not a possible name; names consist of lower-case letters, digits and _, begin with a "
     "letter and have at most 40 characters"),
    ('[lift]\ntheatres = ["north", "nort"]', "lift.theatres[2]: there is no theatre nort; did you mean north?"),
    ('[lift.a]\ntheatres = ["north", "north"]',
     "lift.a.theatres[2]: the theatre north is listed twice; once is enough"),
    ("[lift.a]\nfrom = 2024-03-02\nuntil = 2024-03-01",
     "lift.a.until: must not be before its from, 2024-03-02, not 2024-03-01"),
    ('[lift]\nuntil = "2024-03-01"', 'lift.until: must be a date like 2024-02-12 without quotes, not "2024-03-01"'),
    ('[lift]\ntheatres = ["south"]', "phases.out.theatre: no mode of lift carries troops of north on or after "
     "2024-02-01; let one serve the theatre then, with per_week above 0"),
    ("[lift.a]\nuntil = 2024-01-31\n[lift.b]\nper_week = 0",
     "phases.out.theatre: no mode of lift carries troops of north on or after 2024-02-01; let one serve the theatre "
     "then, with per_week above 0"),
    ("[lift.a]\nfrom = 2026-01-01", "phases.out.theatre: no mode of lift carries troops of north on or after "
     "2024-02-01; let one serve the theatre then, with per_week above 0"),
    (CARGO + "[lift]\ncargo_per_week = 0", "theatres.north.sites.main.cargo_per_troop: no mode of lift carries "
     "equipment of north; let one serve the theatre, with cargo_per_week above 0, or leave this out"),
])
def test_what_is_wrong_with_a_mode_is_said_in_a_line(text: str, message: str) -> None:
    text, head = (text, "") if not text.startswith("lift =") else ("", text + "\n")
    if head:
        with pytest.raises(ScenarioError) as caught:
            from_dict(tomllib.loads(head + BASE))
        assert [f"{problem.key}: {problem.message}" for problem in caught.value.problems] == [message]
    else:
        assert faults(text) == [message]


@pytest.mark.parametrize("text", [
    "[lift.a]\nuntil = 2024-02-01", "[lift.a]\nfrom = 2025-12-31", '[lift.a]\ntheatres = ["north"]',
    CARGO + "[lift.a]\ncargo_per_week = 0\n[lift.b]\nper_week = 0",
    "[lift.a]\nper_week = 1e-9",
    'sites = ["a"]\nto = ["b"]\n[theatres.north.sites]\na = {}\nb = {}\n[lift]\ntheatres = ["south"]',
])
def test_what_could_work_if_only_on_one_day_is_no_error(text: str) -> None:
    assert read(text)


@pytest.mark.parametrize(("text", "warnings"), [
    ("[lift.a]\n[lift.b]\nfrom = 2026-01-01",
     ["lift.b.from: has no effect: it is after the end of the run, 2025-12-31"]),
    ("[lift.a]\n[lift.b]\nuntil = 2023-12-31",
     ["lift.b.until: is before the start of the run, 2024-01-01, so this mode carries nothing"]),
    ('[lift.a]\n[lift.b]\ntheatres = ["south"]',
     ["lift.b.theatres: no phase moves troops in south, so this mode carries nothing"]),
    ("[lift.a]\n[lift.b]\nper_week = 0\ncargo_per_week = 0",
     ["lift.b: carries nothing: no troops, since per_week is 0, and no equipment"]),
    (CARGO + "[lift.a]\n[lift.b]\nper_week = 0\ncargo_per_week = 0",
     ["lift.b: carries nothing: no troops, since per_week is 0, and no equipment"]),
    ("[lift.a]\n[lift.b]\nper_week = 0", ["lift.b: carries nothing: no troops, since per_week is 0, and no equipment"]),
    ("[lift]\ncargo_per_week = 7\ncargo_load = 7",
     ["lift.cargo_per_week: has no effect: no site has equipment to move (cargo_per_troop)",
      "lift.cargo_load: has no effect: no site has equipment to move (cargo_per_troop)"]),
    (CARGO + "[lift.a]\ncargo_per_week = 0\ncargo_load = 7\n[lift.b]\nper_week = 0\nload = 7",
     ["lift.a.cargo_load: has no effect: cargo_per_week is 0", "lift.b.load: has no effect: per_week is 0"]),
    ("[theatres.south.sites.main]\ncargo_per_troop = 1",
     ["theatres.south.sites.main.cargo_per_troop: has no effect: no phase takes troops out of south"]),
    (CARGO + '[lift]\nper_week = 80\nfrom = 2024-03-01\n[lift.road]\ntheatres = ["north"]', []),
])
def test_settings_of_modes_without_effect_are_warned_of(text: str, warnings: list[str]) -> None:
    assert sorted(f"{warning.key}: {warning.message}" for warning in read(text).warnings) == sorted(warnings)


def test_a_theatre_that_is_removed_takes_along_the_modes_that_serve_it_alone() -> None:
    text = '[lift.a]\n[lift.b]\ntheatres = ["south"]\n[lift.c]\ntheatres = ["north", "south"]\n'
    file = read(text, "theatres.south.remove=true")
    assert file.scenario.lift is not None
    assert {name: mode.theatres for name, mode in file.scenario.lift.items()} == {"a": [], "c": ["north"]}
