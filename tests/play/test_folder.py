"""One rule for folders of results: no command leaves less than it found, unless --force is given."""

import json
import os
import threading

import pytest

import sim
from sim.play.errors import FolderError
from sim.play.files import sums_of
from sim.play.folder import results_folder
from sim.play.handover import RESULTS, claim, work_of
from sim.play.identity import identity
from sim.play.kept import read_record, write_record
from sim.scenario.load import from_dict

from .conftest import small

OPTIONS = {"seed": 3, "clock": "simpy", "workers": 1}


def run(file, out, replications=None, figures=False, **more):
    said = []
    result = sim.run(file, replications, out=out, figures=figures, say=said.append, **(OPTIONS | more))
    return result, said


@pytest.fixture
def results(file, tmp_path):
    """Results of 40 replications, with files of a user among them."""
    folder = tmp_path / "run"
    run(file, folder, 40)
    (folder / "figures").mkdir()
    (folder / "figures" / "mine.png").write_text("drawn by hand")
    (folder / "letter.txt").write_text("dear")
    return folder


def test_fewer_are_answered_from_more_as_if_they_had_been_played(file, results, tmp_path):
    before = sums_of(results)
    fewer, said = run(file, results, 15)
    alone, _ = run(file, tmp_path / "alone", 15)
    assert said == [f"{results} has 40 replications already; the first 15 are enough, and nothing is played."]
    assert fewer.summary == alone.summary
    assert fewer.outcomes.equals(alone.outcomes)
    assert fewer.dataset.identical(alone.dataset)
    assert sums_of(results) == before
    same, said = run(file, results, 40)
    assert said == [f"{results} has 40 replications already; nothing is played."]
    assert same.summary == json.loads((results / "summary.json").read_text())
    assert sums_of(results) == before


@pytest.mark.exhaustive
def test_a_precision_is_answered_from_more_if_they_reach_it(file, tmp_path):
    options = {"precision": ["attacks_total=4"], "max_replications": 3000, "clock": "compiled"}
    alone, _ = run(file, tmp_path / "alone", **options)
    assert 1000 < alone.replications < 3000
    run(file, tmp_path / "run", 3000, clock="compiled")
    answered, (line,) = run(file, tmp_path / "run", **options)
    assert f"the first {alone.replications:,} are enough, and nothing is played." in line
    assert answered.summary == alone.summary
    narrower, said = run(file, tmp_path / "alone", **(options | {"precision": ["attacks_total=0.1"]}))
    assert said == [f"The {alone.replications:,} replications in {tmp_path / 'alone'} are not enough; they are "
                    "replaced by more, which include them."]
    assert narrower.replications == sim.Result.load(tmp_path / "alone").replications == 3000


@pytest.mark.exhaustive
def test_more_take_the_place_of_fewer_and_what_is_a_users_stays(file, results, tmp_path):
    more, said = run(file, results, 60)
    assert said == [
        f"The 40 replications in {results} are not enough; they are replaced by more, which include them."]
    alone, _ = run(file, tmp_path / "alone", 60)
    assert more.summary == alone.summary
    assert (results / "outcomes.csv").read_bytes() == (tmp_path / "alone" / "outcomes.csv").read_bytes()
    assert (results / "letter.txt").read_text() == "dear"
    assert (results / "figures" / "mine.png").read_text() == "drawn by hand"


@pytest.mark.exhaustive
def test_figures_keep_step_with_the_numbers_and_missing_ones_are_added(file, results):
    _, said = run(file, results, 10, figures=True)
    assert said[1:] == ["The figures are added; they show all 40 replications.",
                        "report.html is added; it shows all 40 replications."]
    drawn = (results / "figures" / "troops.svg").read_text()
    assert "40 replications" in drawn
    (results / "figures" / "talks.png").unlink()
    _, said = run(file, results, 40, figures=True)
    assert said[1:] == ["The figures are added; they show all 40 replications."]
    assert (results / "figures" / "talks.png").exists()
    assert (results / "figures" / "troops.svg").read_text() == drawn
    _, said = run(file, results, 50)
    assert said[1:] == ["Its figures are drawn again, so that they show the same replications as the numbers."]
    assert "50 replications" in (results / "figures" / "troops.svg").read_text()
    assert (results / "figures" / "mine.png").read_text() == "drawn by hand"


@pytest.mark.exhaustive
def test_force_replaces_what_the_program_wrote_and_nothing_else(file, results):
    run(file, results, 40, figures=True)
    other = from_dict(small(), "small", ["attacks.elasticity=0.25"])
    with pytest.raises(FolderError, match=r"elasticity is 0.5 there, 0.25 here\); choose another --out, or replace it"):
        run(other, results, 5)
    run(other, results, 5, force=True)
    assert sim.Result.load(results).replications == 5
    assert sorted(path.name for path in (results / "figures").iterdir()) == ["mine.png"]
    assert (results / "letter.txt").read_text() == "dear"


@pytest.mark.exhaustive
def test_what_a_user_changed_is_kept_under_another_name(file, results):
    (results / "outcomes.csv").write_text("with a column of mine")
    (results / "figures" / "talks.svg").write_text("mine too")
    _, said = run(file, results, 50, figures=True)
    assert said[1:] == [
        f"{results / 'figures' / 'talks.svg'} is not as this program wrote it; it is kept as talks (yours).svg.",
        f"{results / 'outcomes.csv'} is not as this program wrote it; it is kept as outcomes (yours).csv."]
    assert (results / "outcomes (yours).csv").read_text() == "with a column of mine"
    assert (results / "figures" / "talks (yours).svg").read_text() == "mine too"


def test_numbers_that_are_not_as_they_were_written_do_not_answer(file, results, tmp_path):
    alone, _ = run(file, tmp_path / "alone", 15)
    data = bytearray((results / "ensemble.nc").read_bytes())
    data[len(data) // 2] ^= 1
    (results / "ensemble.nc").write_bytes(data)
    fewer, said = run(file, results, 15)
    assert said[0] == f"{results / 'ensemble.nc'} is not as it was written; everything is played again."
    assert fewer.summary == alone.summary
    assert sim.Result.load(results).replications == 40


def test_a_record_that_names_files_elsewhere_removes_none(file, results, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    checksum = sums_of(tmp_path)["thesis.txt"]
    record = read_record(results / "run.json")
    elsewhere = ("../thesis.txt", str(tmp_path / "thesis.txt"), "..\\thesis.txt", "")
    record["files"] |= dict.fromkeys(elsewhere, checksum)
    write_record(results / "run.json", record)
    run(file, results, 5, force=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert sim.Result.load(results).replications == 5


def test_a_folder_of_a_similar_name_is_nobodys_business(file, tmp_path):
    for name in ("run.former", "run.part"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter.txt").write_text("dear")
    for replications in (5, 10):
        run(file, tmp_path / "run", replications)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("letter.txt")) == [
        "run.former/letter.txt", "run.part/letter.txt"]


def test_finished_results_that_wait_are_put_before_anything_is_played(file, results, tmp_path):
    """As when a run of 60 is killed after its last result was written."""
    run(file, tmp_path / "more", 60)
    with results_folder(results, identity(file, 3)) as place:
        for name in ("ensemble.nc", "outcomes.csv", "summary.json", "events.csv"):
            (place.draft / name).write_bytes((tmp_path / "more" / name).read_bytes())
        record = read_record(tmp_path / "more" / "run.json")
        claim(place.work, "run.json", record, {}, RESULTS)
    assert sim.Result.load(results).replications == 40
    _, said = run(file, results, 60)
    assert said == [f"The last run into {results} was stopped after it had finished its results; they are put there "
                    "now.", f"{results} has 60 replications already; nothing is played."]
    assert (results / "letter.txt").read_text() == "dear"
    assert not work_of(results).exists()


def test_what_a_dead_process_left_unfinished_is_swept(file, tmp_path):
    work = work_of(tmp_path / "run")
    (work / "play" / "columns").mkdir(parents=True)
    (work / "draft").mkdir()
    (work / "lock").touch()
    assert run(file, tmp_path / "run", 5)[1] == []
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_lock_is_held_until_all_is_in_its_place(file, results):
    """A second run is refused at once, at every step of the first."""
    refused, done = [], []

    def progress(played, at_most):
        if not refused:
            with pytest.raises(FolderError, match="another run is at work in"):
                run(file, results, 10)
            refused.append(True)

    def other():
        try:
            done.append(run(file, results, 10)[0].replications)
        except FolderError as error:
            done.append(str(error))

    def say(line):
        if "outcomes" in line:  # while results are moved into their place
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()

    (results / "outcomes.csv").write_text("mine")
    sim.run(file, 60, out=results, figures=False, progress=progress, say=say, **OPTIONS)
    assert refused
    assert done == [f"another run is at work in {results}; wait for it, or choose another --out"]
    assert sim.Result.load(results).replications == 60


def test_a_folder_to_work_in_that_its_last_holder_is_just_removing_is_made_anew(file, tmp_path, monkeypatch):
    """The system says that it is there, or that the one above is gone; a moment later neither is so."""
    faults = [FileExistsError(), FileNotFoundError()]
    mkdir = os.mkdir

    def hasty(path, *more):
        if os.fspath(path).endswith("run.drawdown-sim") and faults:
            raise faults.pop()
        mkdir(path, *more)

    monkeypatch.setattr(os, "mkdir", hasty)
    assert run(file, tmp_path / "run", 5)[0].replications == 5
    assert faults == []


def test_a_file_where_work_is_to_lie_is_named_and_stays(file, tmp_path):
    work = work_of(tmp_path / "run")
    work.write_text("mine")
    with pytest.raises(FolderError, match=rf"{work} is in the way; move it, or choose another --out"):
        run(file, tmp_path / "run", 5)
    assert work.read_text() == "mine"


@pytest.mark.skipif(os.name == "nt", reason="locks a file in another way")
def test_a_folder_where_the_lock_is_to_lie_is_named_and_stays(file, tmp_path):
    lock = work_of(tmp_path / "run") / "lock"
    lock.mkdir(parents=True)
    with pytest.raises(FolderError, match=rf"{lock} is in the way; move it, or choose another --out"):
        run(file, tmp_path / "run", 5)
    assert lock.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="has no such pipes")
@pytest.mark.parametrize("name", ["run.json", "ensemble.nc"])
def test_a_pipe_where_a_file_was_is_not_waited_for(file, results, name):
    (results / name).unlink()
    os.mkfifo(results / name)
    with pytest.raises(FolderError, match=rf"{results / name} is damaged or not as this program wrote it"):
        sim.Result.load(results)


@pytest.mark.parametrize("odd", [".", "..", "link", "/"])
def test_folders_with_odd_names(file, tmp_path, monkeypatch, odd):
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inner)
    monkeypatch.chdir(inner.parent / "inner" if odd == "." else tmp_path if odd == "link" else inner)
    if odd == "..":
        (tmp_path / "outer" / "other").mkdir()
        monkeypatch.chdir(tmp_path / "outer" / "other")
    if odd in ("/", ".."):
        with pytest.raises(FolderError, match=r"(cannot be a folder for results|exists and holds no results)"):
            run(file, odd, 5)
        return
    run(file, odd, 5)
    run(file, odd, 10)
    assert sim.Result.load(inner).replications == 10
    assert not list(tmp_path.rglob(".*drawdown-sim"))
