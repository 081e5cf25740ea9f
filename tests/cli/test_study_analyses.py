"""The commands that analyse a study, from its folder to tables and files."""

import json
import os

import numpy as np
import pytest
from study.made import latin, study

import sim
from sim.play.files import sum_of
from sim.play.kept import write_record


@pytest.fixture
def folder(shell):
    """Results of a study in which one policy harms more where elasticity is high, the other costs more."""
    x = latin(120, 2)
    harm = np.stack([3 + 4 * x[:, 0], 4.4 + 0.2 * x[:, 1]])
    cost = np.stack([np.full(120, 1.0), np.full(120, 2.0)])
    ds = study(x, np.stack([harm, cost], axis=-1), noise=0.05, policies=["slow", "fast"],
               outcomes=("killed", "cost_total"), better=("low", "low"), kinds=("number", "number"),
               units=("persons", "million USD"), thresholds=[6.0, np.nan], names=["elasticity", "lift"])
    path = shell.folder / "results"
    path.mkdir()
    ds.to_netcdf(path / "study.nc", engine="h5netcdf")
    write_record(path / "study.json", {
        "study": {}, "seed": 1, "rules": "0", "files": {"study.nc": sum_of(path / "study.nc")}})
    return path


@pytest.mark.exhaustive
def test_tables_words_and_files(shell, folder):
    done = shell("sensitivity", "results", "--outcome", "killed")
    assert done.returncode == 0, done.stderr
    assert "Killed of slow: depends most on elasticity (" in done.stdout
    assert "Written: results/sensitivity_killed.json, results/figures\n" in done.stdout
    written = json.loads((folder / "sensitivity_killed.json").read_text())
    assert written["outcomes"]["killed"]["parameters"]["elasticity"]["first"]["estimate"] > 0.9
    assert (folder / "figures" / "sensitivity_killed.png").exists()
    done = shell("discover", "results", "--no-figures")
    assert 'Under slow, "Killed" is above 6 persons mainly when elasticity > 0.7' in done.stdout
    done = shell("voi", "results", "--no-figures")
    assert "Most worth knowing on its own: elasticity" in done.stdout
    assert not (folder / "figures" / "voi_killed.png").exists()


@pytest.mark.exhaustive
def test_robust_judges_all_outcomes(shell, folder):
    done = shell("robust", "results", "--no-figures")
    assert "Expected value: fast is best." in done.stdout
    assert "fast beats slow when elasticity >" in done.stdout or "slow beats fast when elasticity <" in done.stdout
    assert "Cost, million USD" in done.stdout
    assert list(json.loads((folder / "robust.json").read_text())["outcomes"]) == ["killed", "cost_total"]


@pytest.mark.exhaustive
def test_each_question_has_files_of_its_own(shell, folder):
    assert shell("discover", "results").returncode == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "study.json"}
    for more in (["--policy", "slow"], ["--outcome", "killed"], ["--outcome", "killed", "--policy", "fast"]):
        assert shell("discover", "results", *more).returncode == 0
    assert all(path.read_bytes() == content for path, content in before.items())
    assert {path.name for path in folder.glob("*.json")} == {
        "study.json", "discover.json", "discover_slow.json", "discover_killed.json", "discover_killed_fast.json"}
    files = json.loads((folder / "study.json").read_text())["files"]
    assert {"discover_slow.json", "figures/discover_killed_slow.svg"} <= files.keys()


@pytest.mark.exhaustive
def test_json_and_nothing_else(shell, folder):
    done = shell("discover", "results", "--policy", "fast", "--no-figures", "--json")
    assert json.loads(done.stdout)["outcomes"]["killed"]["failures"] == 0
    assert done.stdout == (folder / "discover_fast.json").read_text()


@pytest.mark.exhaustive
@pytest.mark.parametrize(("arguments", "message"), [
    (["sensitivity", "results", "--outcome", "kiled"], 'this study has no outcome "kiled"; did you mean killed?\n'),
    (["discover", "results", "--policy", "fsat"], 'this study has no policy "fsat"; did you mean fast?\n'),
    (["discover", "results", "--outcome", "cost_total"], "cost_total has no threshold in this study: write "
     "threshold = ... under [outcomes.cost_total] of the study file\n"),
])
def test_what_is_not_there_is_one_line(shell, folder, arguments, message):
    done = shell(*arguments)
    assert (done.returncode, done.stderr, done.stdout) == (2, message, "")


def test_the_python_names():
    x = latin(40, 1)
    ds = study(x, np.stack([x[:, 0], 1 - x[:, 0]]), thresholds=[0.5])
    assert sim.sensitivity(ds).ranked[0].parameter == "u1"
    assert sim.discover(ds).failures == 20
    assert sim.robust(ds).outcomes[0].goal.name == "harm"
    assert sim.voi(ds).evpi.estimate == pytest.approx(0.25, abs=0.02)
    with pytest.raises(sim.StudyError):
        sim.voi(ds, "harms")


@pytest.mark.exhaustive
@pytest.mark.parametrize(("command", "package", "name"), [
    ("sensitivity", "SALib", "SALib"), ("discover", "ema_workbench", "the EMA Workbench"),
    ("voi", "sklearn", "scikit-learn"),
])
def test_a_package_that_does_not_work_is_named_with_its_cure(shell, folder, command, package, name):
    broken = shell.folder / "broken" / package
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('DLL load failed')")
    done = shell(command, "results", PYTHONPATH=os.pathsep.join(filter(None, [str(broken.parent),
                                                                              os.environ.get("PYTHONPATH")])))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f"this needs {name}, which is missing or does not work: "
                           "pip install 'drawdown-sim[explore]'\n")
    assert not (folder / f"{command}.json").exists()
