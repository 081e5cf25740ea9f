import csv
import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.play.errors import FolderError
from sim.play.files import whole, write_whole
from sim.play.folder import check_folder, results_folder
from sim.play.identity import default_folder, identity, rules_version
from sim.play.kept import read_record, write_record
from sim.play.storage import WHOLE_UP_TO, _cells, finite
from sim.scenario.load import from_dict

from .conftest import small

FILES = ["codebook.csv", "codebook.md", "dates.csv", "ensemble.nc", "events.csv", "outcomes.csv", "run.json",
         "summary.json"]


@pytest.fixture(scope="module")
def kept(file, tmp_path_factory):
    """Results in their folder."""
    return sim.run(file, replications=30, seed=3, workers=1, out=tmp_path_factory.mktemp("kept") / "run", figures=False)


def contents(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_holds_what_it_should(kept):
    assert contents(kept.folder) == FILES
    assert contents(kept.folder.parent) == ["run"]
    run = json.loads((kept.folder / "run.json").read_text())
    assert (run["name"], run["seed"], run["replications"], run["rules"]) == ("small", 3, 30, rules_version())
    assert run["scenario"]["theatres"]["north"]["troops"] == 800
    assert run["scenario"]["start"] == "2024-02-12"
    assert run["hash"] == identity(kept.file, 3).hash
    assert {"python", "numpy", "simpy", "llvmlite", "drawdown-sim"} <= set(run["versions"])
    assert (run["clock"], run["cluster"]) == ("compiled", None)
    assert json.loads((kept.folder / "summary.json").read_text()) == kept.summary


def test_outcomes_are_exact_and_not_yet_is_an_empty_cell(kept):
    with (kept.folder / "outcomes.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert list(rows[0]) == ["replication", *kept.outcomes.columns]
    assert [row["replication"] for row in rows] == [str(i) for i in range(30)]
    for name in kept.outcomes:
        read = [float(row[name]) if row[name] else np.inf for row in rows]
        assert read == kept.outcomes[name].tolist()
    assert {row["agreed"] for row in rows} <= {"0", "1"}
    assert "" in {row["demand_day"] for row in rows}
    assert all(row[name] == "" or np.isfinite(float(row[name])) for row in rows for name in row)


def test_events_of_the_first_three_replications_are_kept(kept):
    with (kept.folder / "events.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert sorted({row["replication"] for row in rows}) == ["0", "1", "2"]
    texts = [event.text for event in sim.trace(kept.file, 2, 3)]
    assert [row["text"] for row in rows if row["replication"] == "2"] == texts


def test_read_back_it_is_the_same(kept):
    read = sim.Result.load(kept.folder)
    assert read.outcomes.equals(kept.outcomes)
    assert read.summary == kept.summary
    assert read.dataset.identical(kept.dataset)
    assert read.file.scenario == kept.file.scenario
    assert read.model == kept.model
    assert (read.seed, read.replications, read.folder) == (3, 30, kept.folder)


@pytest.mark.exhaustive
def test_a_second_run_writes_the_same_outcomes_byte_for_byte(kept, file, tmp_path):
    sim.run(file, replications=30, seed=3, workers=2, out=tmp_path / "again", figures=False)
    for name in ("outcomes.csv", "summary.json", "events.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (kept.folder / name).read_bytes()


def test_a_folder_of_something_else_is_refused_with_the_difference(kept, file, tmp_path):
    before = (kept.folder / "run.json").read_bytes()
    with pytest.raises(FolderError, match=r"something else \(seed 3, not 4\); choose another --out, or replace it with "
                       r"--force$"):
        sim.run(file, replications=5, seed=4, out=kept.folder)
    changed = from_dict(small(), "small", ["attacks.elasticity=0.25", "lift.per_week=90"])
    with pytest.raises(FolderError) as refused:
        sim.run(changed, replications=5, seed=3, out=kept.folder)
    assert str(refused.value) == (
        f"{kept.folder} holds results of something else (lift.per_week is 500 there, 90 here; attacks.elasticity "
        "is 0.5 there, 0.25 here); choose another --out, or replace it with --force")
    with pytest.raises(FolderError, match="another version of the rules"):
        check_folder(kept.folder, replace(identity(file, 3), rules="0" * 12))
    assert (kept.folder / "run.json").read_bytes() == before


def test_a_folder_that_holds_no_results_is_refused(file, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderError, match="exists and holds no results of this program; choose another --out"):
        sim.run(file, replications=5, out=tmp_path)
    with pytest.raises(FolderError, match=r"thesis\.txt is not a folder; choose another --out"):
        sim.run(file, replications=5, out=tmp_path / "thesis.txt")
    assert contents(tmp_path) == ["thesis.txt"]
    (tmp_path / "empty").mkdir()
    sim.run(file, replications=2, workers=1, out=tmp_path / "empty", figures=False)
    assert contents(tmp_path / "empty") == FILES


def fail_halfway(folder, belongs_to, failure):
    with results_folder(folder, belongs_to) as place:
        (place.draft / "run.json").write_text("half of it")
        raise failure


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError, MemoryError])
def test_a_failure_before_anything_is_finished_leaves_nothing_and_keeps_what_was_there(kept, file, tmp_path, failure):
    old = tmp_path / "old"
    shutil.copytree(kept.folder, old)
    for folder in (old, tmp_path / "new" / "deep" / "run"):
        with pytest.raises(failure):
            fail_halfway(folder, identity(file, 3), failure)
    assert contents(tmp_path) == ["old"]
    assert {name: (old / name).read_bytes() for name in FILES} == {
        name: (kept.folder / name).read_bytes() for name in FILES}


def test_the_hash_follows_scenario_and_seed_only(file):
    same = from_dict(small(), "small")
    assert identity(same, 1).hash == identity(file, 1).hash
    assert identity(file, 2).hash != identity(file, 1).hash
    assert identity(from_dict(small(), overrides=["attacks.elasticity=0.3"]), 1).hash != identity(file, 1).hash
    assert default_folder(file, 1).as_posix() == f"results/small/{identity(file, 1).hash}"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"program": "other", "scenario": {}}', "\x00"])
def test_only_our_own_folders_are_read(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(FolderError, match=r"run.json is damaged or not as this program wrote it; run the"):
        sim.Result.load(tmp_path)
    with pytest.raises(FolderError, match="holds no results of this program"):
        sim.Result.load(tmp_path / "nowhere")


@pytest.mark.parametrize("edit", [
    lambda scenario: scenario | {"no_such_key": 1}, lambda scenario: scenario | {"end": "2024-02-01"},
    lambda scenario: {key: value for key, value in scenario.items() if key != "theatres"},
    lambda scenario: scenario | {"phases": {"north": scenario["phases"]["north"] | {"theatre": "nowhere"}}}])
def test_a_scenario_that_this_version_would_not_load_is_refused(kept, tmp_path, edit):
    shutil.copytree(kept.folder, tmp_path / "old")
    path = tmp_path / "old" / "run.json"
    record = read_record(path)
    write_record(path, record | {"scenario": edit(record["scenario"])})
    with pytest.raises(FolderError) as refused:
        sim.Result.load(tmp_path / "old")
    assert str(refused.value) == (
        f"{path} holds a scenario of another version of this program; run the scenario again")


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"seed": -1}, {"workers": 0}])
def test_impossible_studies_are_refused(file, wrong):
    with pytest.raises(ValueError, match="must be at least 1, and the seed at least 0"):
        sim.run(file, **wrong)


@pytest.mark.parametrize("size", [1e-300, 1e-5, 1e-4, 1e-3, 1.0, 1e3, 1e9, 1e14, 1e15, 1e16, 1e300])
def test_numbers_are_written_as_short_as_they_can_be_read_back(size):
    values = np.random.default_rng(1).uniform(1, 10, 2000) * size
    assert _cells(values) == [repr(value) for value in values.tolist()]
    assert _cells(-values) == [repr(-value) for value in values.tolist()]
    mixed = np.array([0.0, 0.5, np.inf, *values])
    assert _cells(mixed) == ["0.0", "0.5", "", *(repr(value) for value in values.tolist())]


@pytest.mark.parametrize("most", [1, 4999, 5000, 10**6, int(WHOLE_UP_TO) - 1])
def test_whole_numbers_are_written_without_a_point(most):
    values = [0, 1, most // 2, most]
    assert _cells(np.array(values, float)) == [str(value) for value in values]
    assert _cells(-np.array(values, float)) == [str(-value) for value in values]


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "found.json"
    write_whole(path, "before")

    def interrupted():
        with whole(path) as draft:
            draft.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [entry.name for entry in tmp_path.iterdir()] == ["found.json"]
    assert path.read_text() == "before"
    with pytest.raises(OSError, match="No such file") as caught:
        write_whole(tmp_path / "none" / "found.json", "text")
    assert caught.value.filename == str(tmp_path / "none" / "found.json")


def test_a_draft_of_a_dead_process_is_swept(tmp_path):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True,
                          check=True).stdout.strip()
    swept = tmp_path / f".told.txt.{dead}.drawdown-sim"
    kept = [tmp_path / name for name in (f".told.txt.{os.getpid()}.drawdown-sim.txt", ".told.txt.mine.drawdown-sim",
                                         f".told.txt.{os.getppid()}.drawdown-sim", f".other.txt.{dead}.drawdown-sim")]
    for path in (swept, *kept):
        path.touch()
    write_whole(tmp_path / "told.txt", "told")
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "told.txt"])


def test_json_has_null_for_what_is_not_finite():
    assert finite({"a": math.inf, "b": (1, [math.nan, {"c": -math.inf}]), "d": "x"}) == {
        "a": None, "b": [1, [None, {"c": None}]], "d": "x"}
