"""What comes with the program is found by name, after the user's own files; copies of it can be played anywhere."""

import os
import re
import tomllib
from pathlib import Path

import pytest

import sim
from sim.evidence.read import read
from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.program import program
from sim.scenario.resolve import as_data
from sim.scenario.shipped import DATA, HISTORY, SCENARIOS, STUDIES
from sim.scenario.starter import write_copy
from sim.study.file import read_study

ROOT = Path(__file__).parents[2]
NAMES = ["announced_2024", "baseline", "conditions_based", "demand_to_leave", "fast", "gradual", "learned_since",
         "slow", "status_quo", "truce"]
LISTED = ", ".join(NAMES)
MINIMAL = "start = 2024-02-12\nend = 2025-02-12\ntheatres.iraq.troops = 2500\n"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(name):
    with pytest.raises(ScenarioError) as caught:
        load(name)
    return str(caught.value)


def test_names_of_what_comes_along():
    assert SCENARIOS.names == NAMES
    assert STUDIES.names == ["best_timeline", "which_pace"]
    assert DATA.names == ["attacks_2020_2023", "attacks_2023_2024"]


def test_scenarios_studies_and_data_are_found_by_name_from_anywhere():
    shipped = load(ROOT / "scenarios" / "gradual.toml")
    for name in ("gradual", "gradual.toml"):
        file = load(name)
        assert (file.name, file.scenario) == ("gradual", shipped.scenario)
        assert file.path.samefile(shipped.path)
    assert sim.load("fast", {"phases.iraq.over_days": 300}).scenario.phases["iraq"].over_days == 300
    assert [policy.scenario for policy in read_study("which_pace").policies] == ["gradual", "fast", "slow"]
    assert read("attacks_2023_2024").files == read(DATA.folder / "attacks_2023_2024.csv").files


def test_a_file_of_ones_own_goes_first(elsewhere):
    Path("gradual.toml").write_text(MINIMAL)
    assert load("gradual").path == Path("gradual.toml")
    assert load("gradual").scenario.title == ""
    Path("mine.toml").write_text('extends = "gradual"\ntitle = "mine"')
    assert load("mine").scenario.theatres.keys() == {"iraq"}
    Path("gradual.toml").unlink()
    Path("gradual").mkdir()  # a folder is no scenario
    assert load("mine").scenario.theatres.keys() == {"iraq", "syria"}
    assert (load("mine").scenario.title, load("mine").origins["end"].file) == (
        "mine", os.path.join(os.path.dirname(load("gradual").path), "baseline.toml"))


@pytest.mark.parametrize(("own", "name", "said"), [
    ([], "gradual", "gradual: the scenario that comes with the program, {shipped}"),
    ([], "gradual.toml", "gradual.toml: the scenario that comes with the program, {shipped}"),
    (["gradual.toml"], "gradual",
     "gradual: gradual.toml in this folder, not the scenario of that name that comes with the program"),
    (["gradual"], "gradual",
     "gradual: gradual in this folder, not the scenario of that name that comes with the program"),
    (["gradual.toml"], "gradual.toml", ""), (["mine.toml"], "mine", ""), ([], "nothing", "")])
def test_which_file_is_taken_is_said_where_it_is_in_doubt(own, name, said):
    for file in own:
        Path(file).write_text(MINIMAL)
    path = SCENARIOS.find(name)
    assert SCENARIOS.said(name, path) == said.format(shipped=SCENARIOS.folder / "gradual.toml")


@pytest.mark.parametrize(("name", "message"), [
    ("gradul", f"gradul: there is no such file; did you mean gradual? {LISTED} come with the program"),
    ("Fast", f"Fast: there is no such file; did you mean fast? {LISTED} come with the program"),
    ("demand", f"demand: there is no such file; did you mean demand_to_leave? {LISTED} come with the program"),
    ("nothing", f"nothing: there is no such file; {LISTED} come with the program"),
    ("nothing.toml", "nothing.toml: there is no such file"),
    ("plan", f"plan: there is no such file; did you mean scenarios/plan.toml? {LISTED} come with the program"),
    ("plan.toml", "plan.toml: there is no such file; did you mean scenarios/plan.toml?"),
    ("scenarios/plam.toml", "scenarios/plam.toml: there is no such file; did you mean scenarios/plan.toml?"),
    ("where/gradual.toml", "where/gradual.toml: there is no such file; did you mean gradual?"),
    ("mime", f"mime: there is no such file; did you mean mine.toml? {LISTED} come with the program")])
def test_a_name_that_there_is_not_is_one_line_with_the_nearest_and_all(name, message):
    Path("scenarios").mkdir()
    Path("scenarios/plan.toml").write_text(MINIMAL)
    Path("mine.toml").write_text(MINIMAL)
    assert refusal(name) == message


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_the_same_scenario_anywhere_with_its_comments_and_sources(name, elsewhere):
    shipped = ROOT / "scenarios" / f"{name}.toml"
    copied = write_copy(name, elsewhere / "copy")
    assert copied.path == elsewhere / "copy.toml"
    copy = load(copied.path)
    assert as_data(copy.scenario) == as_data(load(shipped).scenario)
    lines = shipped.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(lines, copied.path.read_text(encoding="utf-8").splitlines(), strict=True)
               if old != new]
    assert all(new == old.replace(f"scenarios/{name}.toml", copied.path.as_posix()) for old, new in changed)


@pytest.mark.parametrize("name", ["best_timeline", "which_pace"])
def test_a_copy_of_a_study_asks_the_same_anywhere(name):
    copied = write_copy(f"{name}.toml", "asked")
    study, shipped = read_study(copied.path), read_study(ROOT / "notebooks" / f"{name}.toml")
    assert [file.scenario for file in study.scenarios] == [file.scenario for file in shipped.scenarios]
    assert (study.levers, study.uncertainties, study.goals, study.design) == (
        shipped.levers, shipped.uncertainties, shipped.goals, shipped.design)
    assert "notebooks" not in copied.path.read_text(encoding="utf-8")


def test_copies_that_cannot_be(elsewhere):
    def refused(source, name):
        with pytest.raises(ScenarioError) as caught:
            write_copy(source, name)
        return str(caught.value)

    assert refused("fast", "gradual") == (
        "gradual.toml: would extend itself, since fast extends gradual.toml; choose another name")
    assert refused("gradule", "mine") == (
        "--from: no scenario or study called gradule comes with the program; did you mean gradual? there are "
        f"{LISTED}, best_timeline, which_pace")
    assert list(elsewhere.iterdir()) == []
    Path("mine.toml").write_text("mine")
    assert refused("fast", "mine") == "mine.toml: exists already; choose another name"
    assert Path("mine.toml").read_text() == "mine"


@pytest.mark.parametrize(("started", "called"), [
    ("/home/me/.local/bin/drawdown-sim", "drawdown-sim"), ("drawdown-sim.exe", "drawdown-sim"),
    ("/home/me/sim/__main__.py", "python -m sim"), ("", "python -m sim"), ("ipykernel_launcher.py", "python -m sim")])
def test_the_program_is_called_as_it_was_started(started, called, monkeypatch):
    monkeypatch.setattr("sys.argv", [started, "run"])
    assert program() == called


def test_what_is_packed_is_what_is_there():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    found = {str(path.parent.relative_to(ROOT)).replace(os.sep, ".") for path in (ROOT / "sim").rglob("__init__.py")}
    mapped = tools["package-dir"]
    assert set(tools["packages"]) == found | mapped.keys()
    assert mapped == {f"sim.{kind.place.replace('/', '.')}": kind.place for kind in (SCENARIOS, HISTORY, STUDIES)}
    assert {package: tools["package-data"][package] for package in mapped} == {
        "sim.scenarios": ["*.toml"], "sim.scenarios.history": ["*.toml", "*.csv"], "sim.notebooks": ["*.toml"]}


def test_messages_name_the_program_in_one_place():
    said = []
    for path in (ROOT / "sim").rglob("*.py"):
        code = re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        said += [path.name] if "python -m sim" in code else []
    assert sorted(said) == ["program.py", "starter.py"]
