"""Work that is stopped and continued, and folders in which another command is at work."""

import json
import multiprocessing
import os
import signal

import numpy as np
import pytest

import sim
from sim.model.catalogue import expand
from sim.play.cast import solo
from sim.play.errors import FolderError, Unplayable
from sim.play.folder import results_folder
from sim.play.identity import identity
from sim.play.kept import read_record, write_record
from sim.play.player import simpy_player
from sim.play.run import Means, Size, play_ensemble
from sim.play.work import COLUMNS, COUNTS, Work, done_in
from sim.scenario.load import from_dict

from .conftest import contents, outcomes, small

N = 60


@pytest.fixture(scope="module")
def undisturbed(model):
    """What a run that nobody stops comes to."""
    return play_ensemble(model, 3, Size(N), Means(1, "simpy"))


@pytest.fixture(scope="module")
def whole(undisturbed):
    return contents(undisturbed.work)


class Stop(Exception):
    pass


def stop_at(count):
    def progress(done, at_most):
        if done >= count:
            raise Stop

    return progress


def numbers(folder):
    """Return the results of a folder: two files as bytes, and the data of the third."""
    with_data = sim.Result.load(folder)
    return ((folder / "summary.json").read_bytes(), (folder / "outcomes.csv").read_bytes(),
            {name: with_data.dataset[name].values.tobytes() for name in with_data.dataset if name != "phase"})


def test_what_is_missing_is_played_and_nothing_twice(model, tmp_path):
    work = Work(model, expand(model), tmp_path)
    play = simpy_player(solo(model, 1, diaries=True))
    for job in ((10, 5), (20, 10), (15, 5), (40, 2)):
        work.add(play(0, *job))
    assert work.spans == [(10, 30), (40, 42)]
    assert (work.done, work.beyond) == (22, 42)
    assert list(work.jobs(50, 8)) == [(0, 8), (8, 2), (30, 8), (38, 2), (42, 8)]
    assert list(work.jobs(35, 100)) == [(0, 10), (30, 5)]
    assert list(work.jobs(25, 100)) == [(0, 10)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_stopped_and_gone_on_with_it_is_the_same(model, whole, tmp_path, clock):
    means = Means(2, clock, chunk=7)
    for count in (14, 35):
        with pytest.raises(Stop):
            play_ensemble(model, 3, Size(N), means, tmp_path, stop_at(count))
    assert 0 < done_in(tmp_path) < N
    seen = []
    resumed = play_ensemble(model, 3, Size(N), Means(1, "simpy"), tmp_path, lambda done, at_most: seen.append(done))
    assert seen[0] >= 7
    assert contents(resumed.work) == whole


@pytest.mark.exhaustive
@pytest.mark.parametrize("clock", ["simpy", "compiled"])
def test_work_with_nothing_missing_is_taken_over(model, tmp_path, clock):
    """As when the program is killed while it draws."""
    uninterrupted, resumed = (
        contents(play_ensemble(model, 3, Size(N), Means(2, clock), tmp_path).work) for _ in range(2))
    assert resumed == uninterrupted


def test_outcomes_written_after_the_ledger_do_no_harm(model, whole, tmp_path):
    """As when the program is killed between the two: what the ledger does not list is played again."""
    play_ensemble(model, 3, Size(20), Means(1, "simpy"), tmp_path)
    with (tmp_path / COLUMNS).open("ab") as file:
        file.write(np.full((30, len(expand(model).names)), 7.0).tobytes())
    resumed = play_ensemble(model, 3, Size(N), Means(1, "simpy"), tmp_path).work
    assert contents(resumed) == whole


def lose(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-8])


def zero(path):
    path.write_bytes(bytes(path.stat().st_size))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [COLUMNS, COUNTS])
@pytest.mark.parametrize("damage", [lose, cut, zero, flip])
def test_damaged_work_is_played_again_and_said(model, undisturbed, whole, tmp_path, name, damage):
    """If it were used as it is, the replications played before would have zeros or other numbers."""
    play_ensemble(model, 3, Size(20), Means(1, "simpy"), tmp_path)
    damage(tmp_path / name)
    said = []
    resumed = play_ensemble(model, 3, Size(N), Means(1, "simpy"), tmp_path, say=said.append)
    assert contents(resumed.work) == whole
    assert outcomes(resumed.twins) == outcomes(undisturbed.twins)
    what = "is missing" if damage is lose else "is damaged or not as this program wrote it"
    nothing_claimed = (name, damage) == (COUNTS, lose)
    assert said == ([] if nothing_claimed else [
        f"{tmp_path / name} {what}; the replications kept there are played again."])


def test_work_of_another_scenario_or_seed_is_not_taken_over(model, tmp_path):
    """As when files are copied into the wrong folder."""
    play_ensemble(model, 4, Size(20), Means(1, "simpy"), tmp_path)
    said = []
    played = play_ensemble(model, 3, Size(20), Means(1, "simpy"), tmp_path, say=said.append)
    assert contents(played.work) == contents(play_ensemble(model, 3, Size(20), Means(1, "simpy")).work)
    assert len(said) == 2  # the work, and that on twins


def test_more_than_asked_for_is_kept(model, tmp_path):
    play_ensemble(model, 3, Size(30), Means(1, "simpy"), tmp_path)
    more = play_ensemble(model, 3, Size(20), Means(1, "simpy"), tmp_path)
    assert (more.used, more.work.done) == (20, 30)
    assert contents(more.work) == contents(play_ensemble(model, 3, Size(30), Means(1, "simpy")).work)


def run(file, out, **more):
    said = []
    options = {"replications": N, "seed": 3, "clock": "simpy", "workers": 1, "figures": False, "say": said.append}
    return sim.run(file, out=out, **(options | more)), said


def test_a_stopped_run_leaves_its_work_beside_and_a_resumed_one_ends_alike(file, tmp_path):
    run(file, tmp_path / "whole")
    with pytest.raises(Stop):
        run(file, tmp_path / "run", progress=stop_at(25))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".run.drawdown-sim", "whole"]
    _, said = run(file, tmp_path / "run", resume=True, clock="compiled")
    assert said == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "whole"]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == [
        "codebook.csv", "codebook.md", "dates.csv", "ensemble.nc", "events.csv", "outcomes.csv", "run.json",
        "summary.json"]
    assert numbers(tmp_path / "run") == numbers(tmp_path / "whole")


@pytest.mark.exhaustive
def test_unfinished_work_is_gone_on_with_unasked_and_said(file, tmp_path):
    for options, lines in (({}, ["Going on from an unfinished run with 25 replications."]), ({"force": True}, [])):
        with pytest.raises(Stop):
            run(file, tmp_path / "run", progress=stop_at(25), force=True)
        seen = []
        _, said = run(file, tmp_path / "run", progress=lambda done, at_most, seen=seen: seen.append(done), **options)
        assert (said, seen[0]) == (lines, 0 if options else 25)
    _, said = run(file, tmp_path / "other", resume=True)
    assert said == ["There is no unfinished run to go on from."]


@pytest.mark.exhaustive
def test_unfinished_work_is_finished_though_fewer_are_asked_for(file, tmp_path):
    with pytest.raises(Stop):
        run(file, tmp_path / "run", progress=stop_at(40))
    fewer, _ = run(file, tmp_path / "run", replications=20)
    alone, _ = run(file, tmp_path / "alone", replications=20)
    assert fewer.summary == alone.summary
    assert fewer.dataset.identical(alone.dataset)
    assert sim.Result.load(tmp_path / "run").replications == 50  # two chunks


def test_unfinished_work_of_something_else_is_refused_with_the_difference(file, tmp_path):
    with pytest.raises(Stop):
        run(file, tmp_path / "run", progress=stop_at(25))
    other = from_dict(small(), "small", ["attacks.elasticity=0.25"])
    for resume in (True, False):
        with pytest.raises(FolderError) as refused:
            run(other, tmp_path / "run", resume=resume)
        assert str(refused.value) == (
            f"{tmp_path / '.run.drawdown-sim'} holds an unfinished run of something else (attacks.elasticity is 0.5 "
            "there, 0.25 here); choose another --out, or replace it with --force")
    with pytest.raises(FolderError, match=r"\(seed 3, not 4\)"):
        run(file, tmp_path / "run", seed=4, resume=True)
    begun = tmp_path / ".run.drawdown-sim" / "begun.json"
    record = read_record(begun)
    write_record(begun, record | {"rules": "0" * 12})
    with pytest.raises(FolderError, match=r"\(another version of the rules\)"):
        run(file, tmp_path / "run", resume=True)
    begun.write_text(json.dumps(record))  # without its checksum
    _, said = run(file, tmp_path / "run")
    assert said == [f"An unfinished run in {begun.parent} cannot be read; this one starts afresh."]


def test_two_runs_do_not_work_in_one_folder(file, tmp_path):
    with results_folder(tmp_path / "run", identity(file, 3)), pytest.raises(
            FolderError, match=r"another run is at work in \S*run; wait for it, or choose another --out"):
        run(file, tmp_path / "run")


@pytest.mark.exhaustive
def test_what_cannot_be_played_leaves_nothing(tmp_path):
    busy = small(pressure={"review_days": 0.11, "demand_chance": 0.0})
    busy["phases"]["south"]["tranche_days"] = 0.00005
    with pytest.raises(Unplayable):
        run(from_dict(busy), tmp_path / "deep" / "run")
    assert list(tmp_path.iterdir()) == []


def killed(file, out, count):
    def progress(done, at_most):
        if done >= count:
            os.kill(os.getpid(), signal.SIGKILL)

    run(file, out, progress=progress, workers=2)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("count", [
    25, 85, *(pytest.param(count, marks=pytest.mark.exhaustive) for count in (50, 60, 120))])
def test_killed_at_any_moment_a_resumed_run_ends_alike(file, tmp_path, count):
    run(file, tmp_path / "whole")
    process = multiprocessing.get_context("spawn").Process(target=killed, args=(file, tmp_path / "run", count))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (tmp_path / ".run.drawdown-sim").is_dir()
    run(file, tmp_path / "run", resume=True)
    assert numbers(tmp_path / "run") == numbers(tmp_path / "whole")
