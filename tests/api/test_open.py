"""`sim.open` gives back what the commands wrote; functions take files, loaded scenarios and results alike."""

from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from worlds import ALWAYS_FATAL, START, day, leaving

import sim
from sim.play.errors import FolderError
from sim.scenario.load import ScenarioFile, from_dict

QUIET: dict[str, Any] = {"figures": False, "say": lambda line: None, "workers": 1}


def world(name: str, over_days: int) -> ScenarioFile:
    return from_dict({
        "title": f"Within {over_days} days", "start": START, "end": day(299), "casualties": ALWAYS_FATAL,
        "theatres": {"north": {"troops": 1000, "attacks_per_day": 0.1}}, "phases": leaving(over_days=over_days)}, name)


SLOW, FAST = world("slow", 200), world("fast", 100)


@pytest.mark.exhaustive
def test_a_comparison_comes_back_whole(tmp_path: Path) -> None:
    made = sim.compare([SLOW, FAST], replications=30, out=tmp_path / "out", clock="simpy", explain=True,
                       outcomes=["attacks_total"], **QUIET)
    read = sim.open(tmp_path / "out")
    assert repr(read) == repr(made)
    assert read.table.equals(made.table)
    assert (read.means, read.tests, read.precision) == (made.means, made.tests, made.precision)
    assert read.explanations == made.explanations
    assert read.sentences() == made.sentences()
    assert [side.file.scenario for side in read.sides] == [SLOW.scenario, FAST.scenario]
    for name, bands in made.trajectories.items():
        xr.testing.assert_identical(read.trajectories[name], bands)


def test_the_base_comes_back_first_whichever_it_is(tmp_path: Path) -> None:
    sim.compare([SLOW, FAST], base="fast", replications=5, out=tmp_path / "out", clock="simpy", **QUIET)
    assert [side.name for side in sim.open(tmp_path / "out").sides] == ["fast", "slow"]


def test_a_run_comes_back(tmp_path: Path) -> None:
    made = sim.run(SLOW, 20, out=tmp_path / "out", clock="simpy", **QUIET)
    read = sim.open(tmp_path / "out")
    assert read.summary == made.summary
    assert read.outcomes.equals(made.outcomes)


@pytest.mark.exhaustive
@pytest.mark.parametrize("file", [SLOW, sim.load("gradual")], ids=["slow", "gradual"])
def test_what_came_back_can_be_played_again(file: ScenarioFile, tmp_path: Path) -> None:
    """Its scenario has forgotten the lines of its file, not what it holds fixed without knowing it."""
    made = sim.run(file, 3, out=tmp_path / "out", clock="simpy", **QUIET)
    again = sim.run(sim.open(tmp_path / "out"), 3, clock="simpy", **QUIET)
    assert again.outcomes.equals(made.outcomes)
    assert again.summary["held_fixed"] == made.summary["held_fixed"]
    assert bool(made.summary["held_fixed"]) == (file is SLOW)


@pytest.mark.exhaustive
def test_a_study_and_a_search_come_back(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        'start = 2024-01-01\nend = 2024-10-26\n[theatres.north]\ntroops = 1000\nattacks_per_day = 0.1\n'
        '[phases.leave]\ntheatre = "north"\nstart = 2024-01-01\ntarget = 0\nover_days = 200\n', encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        'scenarios = ["plan.toml"]\n[design]\nkind = "latin_hypercube"\npoints = 8\nreplications = 10\n'
        '[levers.pace]\nkey = "phases.leave.over_days"\nvalues = [100, 200]\n'
        '[uncertainties.rate]\nkey = "theatres.north.attacks_per_day"\nlow = 0.05\nhigh = 0.2\n'
        "[outcomes.attacks_total]\n[outcomes.completion_day]\n", encoding="utf-8")
    quiet = {"workers": 1, "clock": "simpy", "say": lambda line: None}
    made = sim.run_study(tmp_path / "study.toml", out=tmp_path / "study", **quiet)
    xr.testing.assert_identical(sim.open(tmp_path / "study"), made)
    front = sim.optimise(tmp_path / "study.toml", 4, 10, out=tmp_path / "search", figures=False, **quiet)
    assert sim.open(tmp_path / "search").table.equals(front.table)
    assert sim.robust(tmp_path / "study").table.equals(sim.robust(made).table)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"nowhere holds no results"):
        sim.open(tmp_path / "nowhere")
    made = tmp_path / "out"
    sim.compare([SLOW, FAST], replications=5, out=made, clock="simpy", **QUIET)
    content = (made / "comparison.nc").read_bytes()
    (made / "comparison.nc").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(FolderError, match=r"comparison\.nc is damaged .*; compare the scenarios again"):
        sim.open(made)


@pytest.mark.exhaustive
def test_what_a_calibration_wrote_is_not_opened(tmp_path: Path) -> None:
    rows = "\n".join(f"2024-01-{number:02d}" for number in range(1, 29, 2))
    (tmp_path / "data.csv").write_text(f"date\n{rows}\n", encoding="utf-8")
    sim.calibrate(tmp_path / "data.csv", out=tmp_path / "fit", figures=False, say=lambda line: None)
    with pytest.raises(FolderError, match=r"fit holds a calibration, which cannot be read back; its numbers are in"):
        sim.open(tmp_path / "fit")


def test_results_stand_for_their_scenario() -> None:
    slow = sim.run(SLOW, 10, clock="simpy", **QUIET)
    assert sim.run(slow, 10, clock="simpy", **QUIET).summary == slow.summary
    assert sim.trace(slow, 3) == sim.trace(SLOW, 3)
    by_results = sim.compare([slow, FAST], replications=5, clock="simpy", **QUIET)
    assert by_results.table.equals(sim.compare([SLOW, FAST], replications=5, clock="simpy", **QUIET).table)
    why = sim.explain(slow, FAST, ["troop_days"], 5, workers=1, clock="simpy")
    assert why == sim.explain(SLOW, FAST, ["troop_days"], 5, workers=1, clock="simpy")
