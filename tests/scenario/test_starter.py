from pathlib import Path

import pytest

from sim.scenario.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.starter import write_starter


def refusal(name: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        write_starter(name)
    return str(caught.value)


def test_the_starter_is_one_valid_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert write_starter("plan") == Path("plan.toml")
    assert write_starter(tmp_path / "other.toml") == tmp_path / "other.toml"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.toml", "plan.toml"]
    scenario = load("plan.toml").scenario
    assert {name: theatre.troops for name, theatre in scenario.theatres.items()} == {"iraq": 2500, "syria": 900}
    assert [phase.after for phase in scenario.phases.values()] == ["agreement", "phases.syria"]


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text("mine")
    assert refusal("plan") == "plan.toml: exists already; choose another name"
    assert Path("plan.toml").read_text() == "mine"


def test_names_and_places_that_will_not_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("x")
    assert refusal("no/such/plan") == "no/such/plan.toml: cannot be written: there is no folder no/such"
    assert refusal("file/plan") == "file/plan.toml: cannot be written: not a directory"
    assert refusal("x" * 300) == "x" * 300 + ".toml: cannot be written: file name too long"
    assert refusal("a\0b") == "a\\x00b.toml: is not a possible file name"
    assert refusal("") == ".: a new scenario needs a name, e.g. my_plan"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
