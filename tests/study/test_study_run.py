"""Running studies: the same numbers as single runs, whoever plays them and however often it was stopped."""

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import sim
from sim.clocks.reference import ReferenceClock
from sim.play.dataset import NOTE
from sim.play.errors import FolderError, Unplayable
from sim.play.handover import play_of, work_of
from sim.play.identity import rules_version
from sim.scenario.load import load
from sim.study.errors import StudyError
from sim.study.file import read_study
from sim.study.rows import rows_in
from sim.study.run import plan_study, run_study
from sim.study.store import default_folder

from .asked import HASTY, SMALL, ask

HANGS = 900
"""Seconds after which what is waited for will not come any more, on however busy a machine."""
LEVER = '[levers.pace]\nkey = "phases.north.over_days"\nvalues = [60, 30]\n'


def silent(line):
    pass


def run(path, out, **more):
    return run_study(path, out, **{"workers": 1, "clock": "simpy", "say": silent} | more)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("study")


@pytest.fixture(scope="module")
def found(folder):
    """Two scenarios with two settings each in three futures, twenty replications."""
    return run(ask(folder, more=LEVER), folder / "out")


def test_a_point_is_what_a_run_with_its_values_gives(found):
    overrides = [f"{key}={value!r}" for key, value in zip(
        ("attacks.elasticity", "lift.per_week", "closing.crews"), found.parameter.values[2].tolist(), strict=True)]
    overrides[2] = overrides[2].removesuffix(".0")
    file = load(HASTY, [*overrides, "phases.north.over_days=30"])
    alone = sim.run(file, replications=20, seed=5, workers=1, clock="simpy")
    point = found.sel(policy="hasty, pace=30", future=2)
    assert float(point["mean"].sel(outcome="killed_expected")) == alone.column("killed_expected").mean()
    days = np.minimum(alone.column("completion_day"), 270)
    assert float(point["value"].sel(outcome="completion_day")) == np.sort(days)[14]
    assert float(point["breach"].sel(outcome="completion_day")) == (days > 122).mean()
    assert float(point["mean"].sel(outcome="deadline_met")) == alone.column("deadline_met").mean()
    rate = 365.25 / 12 * 1000 * (alone.column("killed_expected").sum() / alone.column("troop_days").sum())
    assert float(point["mean"].sel(outcome="death_rate")) == pytest.approx(rate, rel=1e-14)


def test_the_dataset_says_what_is_in_it(found):
    assert found.policy.values.tolist() == ["small, pace=60", "small, pace=30", "hasty, pace=60", "hasty, pace=30"]
    assert dict(found.sizes) == {"policy": 4, "future": 3, "outcome": 4, "half": 2, "quantile": 5, "uncertainty": 3,
                                 "lever": 1}
    assert found.setting.values[:, 0].tolist() == ["60", "30", "60", "30"]
    assert found.low.values.tolist() == [0.1, 80.0, 1.0]
    assert found.key.values.tolist() == ["attacks.elasticity", "lift.per_week", "closing.crews"]
    assert found.kind.values.tolist() == ["number", "day", "yes_no", "ratio"]
    assert found.better.values.tolist() == ["low", "low", "high", "low"]
    assert found.threshold.values[:3].tolist() == [0.5, 122.0, 0.5]
    assert math.isnan(found.threshold.values[3])
    assert found.attrs == {"title": "", "question": "", "name": "asked", "design": "latin_hypercube", "points": 3,
                           "replications": 20, "seed": 5, "rules": rules_version(), "start": "2024-01-01",
                           "end": "2024-09-26", "follow_up_days": 730, "plans_differ": 1,
                           "Conventions": "CF-1.11",
                           "source": f"drawdown-sim {version('drawdown-sim')}, rules {rules_version()}",
                           "comment": NOTE}
    assert found.label.values.tolist() == ["Expected deaths", "Date of completion", "Deadline met",
                                           "Deaths per 1,000 troop-months"]
    assert all(found[name].attrs["long_name"] for name in found.variables)
    assert not found.drop_sel(outcome="death_rate").drop_vars("threshold").isnull().any().to_array().any()


def test_what_the_horizon_cuts_off_is_kept_where_an_outcome_hangs_on_completion(found, tmp_path):
    assert "followed_up" not in found
    brief = tmp_path / "brief.toml"
    brief.write_text(f'extends = "{SMALL}"\nfollow_up_days = 175\n', encoding="utf-8")
    path = ask(tmp_path, [brief.as_posix()], outcomes='[outcomes.troop_days_after]\nbetter = "low"\n')
    asked = run(path, tmp_path / "out")
    overrides = [f"{key}={value!r}" for key, value in zip(
        ("attacks.elasticity", "lift.per_week", "closing.crews"), asked.parameter.values[1].tolist(), strict=True)]
    alone = sim.run(load(brief, [*overrides[:2], overrides[2].removesuffix(".0")]), replications=20, seed=5, workers=1,
                    clock="simpy")
    for name in ("completed", "followed_up"):
        assert asked[name].dims == ("policy", "future")
        assert float(asked[name].isel(policy=0, future=1)) == alone.column(name).mean()
    assert 0 < float(asked["followed_up"].mean()) < 1


def test_what_did_not_happen_by_the_horizon_counts_as_the_horizon(tmp_path):
    path = ask(tmp_path, [SMALL], uncertainties="", replications=40, outcomes="[outcomes.resurgence_day]\n")
    point = run(path, tmp_path / "out").isel(policy=0, future=0, outcome=0)
    days = sim.run(load(SMALL), replications=40, seed=5, workers=1, clock="simpy").column("resurgence_day")
    assert np.isinf(days).any()
    assert float(point["mean"]) == np.minimum(days, 270).mean()
    assert float(point["quantiles"][4]) == 270


def test_a_lever_at_the_scenarios_own_value_changes_nothing(found, tmp_path):
    same = found.sel(policy="hasty, pace=60")  # both are the small scenario but for what pace and futures set
    assert float(abs(same.difference).max()) == 0.0
    plain = run(ask(tmp_path, scenarios=[SMALL]), tmp_path / "plain")
    assert np.array_equal(plain.value.values[0], found.value.sel(policy="small, pace=60").values)


def test_another_policy_does_not_change_the_others(found, tmp_path):
    fewer = run(ask(tmp_path, scenarios=[SMALL], more=LEVER), tmp_path / "fewer")
    for name in ("value", "variance", "difference", "difference_se", "quantile_high"):
        assert np.array_equal(fewer[name].values, found[name].values[:2], equal_nan=True), name
    assert float(abs(fewer.difference[1]).max()) > 0


def test_differences_are_those_of_the_means(found):
    apart = found["mean"] - found["mean"].isel(policy=0)
    assert np.allclose(found.difference, apart, rtol=0, atol=1e-9)


@pytest.mark.exhaustive
@pytest.mark.parametrize("how", [{"clock": "compiled", "workers": 2}, {"workers": 2}])
def test_the_numbers_do_not_depend_on_who_plays(found, folder, tmp_path, how):
    assert run(folder / "asked.toml", tmp_path / "out", **how).identical(found)


@pytest.mark.exhaustive
def test_more_replications_than_a_worker_plays_at_a_time(tmp_path):
    many = run(ask(tmp_path, points=1, replications=60), tmp_path / "out")
    again = run(tmp_path / "asked.toml", tmp_path / "again", clock="compiled", workers=2)
    assert many.identical(again)


def test_what_was_written_is_read_back(found, folder):
    assert sim.open_study(folder / "out").identical(found)
    record = json.loads((folder / "out" / "study.json").read_text(encoding="utf-8"))
    assert (record["policies"], record["futures"], record["replications"]) == (4, 3, 20)
    assert record["study"]["policies"]["hasty, pace=30"] == {"pace": "30"}
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "codebook.csv", "codebook.md", "study.json", "study.nc"]


def test_results_are_found_by_the_study_file(found, folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StudyError) as caught:
        sim.open_study(folder / "asked.toml")
    assert str(caught.value).startswith(f"{folder / 'asked.toml'} was not run yet")
    assert str(caught.value).endswith(f"run the study first: python -m sim study {folder / 'asked.toml'}")
    shutil.copytree(folder / "out", default_folder(read_study(folder / "asked.toml")))
    assert sim.open_study(folder / "asked.toml").identical(found)
    (tmp_path / "empty").mkdir()
    with pytest.raises(StudyError, match="empty has no results of a study"):
        sim.open_study(tmp_path / "empty")


def test_the_folder_follows_all_that_moves_numbers_and_nothing_else(tmp_path):
    def name(**more):
        return default_folder(read_study(ask(tmp_path, **more)))

    assert name() == name()
    path = ask(tmp_path)
    path.write_text('title = "Another title"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    retitled = default_folder(read_study(path))
    assert retitled == name()
    others = [name(points=4), name(replications=21), name(seed=6), name(scenarios=[SMALL]), name(more=LEVER),
              name(outcomes="[outcomes.killed]\n"), name(uncertainties="")]
    assert len({name(), *others}) == 8


def test_a_folder_of_another_study_is_refused_with_the_difference(found, folder, tmp_path):
    before = (folder / "out" / "study.nc").read_bytes()
    for more, difference in (({"seed": 6}, "seed 5, not 6"),
                             ({"replications": 30}, "design.replications is 20 there, 30 here")):
        with pytest.raises(FolderError, match=rf"holds results of something else \({difference}\); choose another"):
            run(ask(tmp_path, **{"more": LEVER} | more), folder / "out")
    assert (folder / "out" / "study.nc").read_bytes() == before
    with pytest.raises(FolderError, match="holds no results of this program"):
        run(ask(tmp_path, more=LEVER), tmp_path)


STOPPED = """
import sys
from sim.study.run import run_study
run_study(sys.argv[1], sys.argv[2], workers=1, clock="simpy", progress=lambda done, total: print(done, flush=True))
"""


@pytest.mark.exhaustive
def test_a_killed_study_goes_on_and_ends_with_the_same_bits(tmp_path):
    path = ask(tmp_path, points=12)
    whole = run(path, tmp_path / "whole")
    process = subprocess.Popen([sys.executable, "-c", STOPPED, str(path), str(tmp_path / "here")], text=True,
                               stdout=subprocess.PIPE)
    while int(process.stdout.readline()) < 7:
        pass
    process.kill()
    process.wait()
    kept = rows_in(play_of(tmp_path / "here"))
    assert 7 <= kept < 24
    with (play_of(tmp_path / "here") / "rows").open("ab") as rows:
        rows.write(b"half a record")  # as if it had been killed while writing
    told = []
    again = run(path, tmp_path / "here", resume=True, progress=lambda done, total: told.append((done, total)))
    assert again.identical(whole)
    assert sim.open_study(tmp_path / "here").identical(whole)
    assert (told[0], told[-1], len(set(told))) == ((kept, 24), (24, 24), 25 - kept)
    assert not work_of(tmp_path / "here").exists()


def zeroed(line):
    return bytes(len(line) - 1) + b"\n"


def flipped(line):
    return line[:99] + bytes([line[99] ^ 1]) + line[100:]


@pytest.mark.exhaustive
@pytest.mark.parametrize("damage", [zeroed, flipped, lambda line: line[10:], lambda line: line[:300] + b"\n"])
def test_damaged_cases_are_played_again_and_said(found, folder, tmp_path, damage):
    shutil.copytree(folder / "out", tmp_path / "whole")

    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder / "asked.toml", tmp_path / "here", progress=stop)
    path = play_of(tmp_path / "here") / "rows"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], damage(lines[2]), lines[1], *lines[3:]]))
    said, told = [], []
    again = run(folder / "asked.toml", tmp_path / "here", resume=True, say=said.append,
                progress=lambda done, total: told.append(done))
    assert again.identical(found)
    assert said == [f"1 of 6 cases in {path} are damaged and played again."]
    assert (told[0], told[-1]) == (4, 12)


@pytest.mark.exhaustive
def test_cases_of_another_study_are_not_taken_over(found, folder, tmp_path):
    for name, more in (("here", {}), ("other", {"seed": 6})):
        def stop(done, total):
            if done == 5:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(ask(tmp_path, more=LEVER, **more), tmp_path / name, progress=stop)
    path = play_of(tmp_path / "here") / "rows"
    shutil.copyfile(play_of(tmp_path / "other") / "rows", path)
    said = []
    assert run(folder / "asked.toml", tmp_path / "here", resume=True, say=said.append).identical(found)
    assert said == [f"5 of 5 cases in {path} are damaged and played again."]


def test_unfinished_work_of_another_study_is_refused(tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ask(tmp_path), tmp_path / "here", progress=stop)
    assert rows_in(play_of(tmp_path / "here")) == 2
    with pytest.raises(FolderError, match=r"unfinished run of something else \(seed 5, not 6\)"):
        run(ask(tmp_path, seed=6), tmp_path / "here", resume=True)
    said = []
    run(ask(tmp_path), tmp_path / "here", say=said.append)
    assert said == ["Going on from an unfinished run with 2 cases."]
    run(ask(tmp_path), tmp_path / "here", resume=True, say=said.append)
    assert said[1:] == ["There is no unfinished run to go on from.",
                        f"{tmp_path / 'here'} has the results of this study already; nothing is played."]


@pytest.mark.exhaustive
def test_the_plan_adds_up_and_its_time_comes_true(tmp_path, monkeypatch):
    """By the clock of this process, which stands still while others are at work."""
    monkeypatch.setattr("sim.study.plan.perf_counter", time.process_time)
    study = read_study(ask(tmp_path, points=20))
    plan = plan_study(study, tmp_path / "out", 1, "simpy", silent)
    assert (plan.policies, plan.futures, plan.replications, plan.total) == (2, 20, 20, 800)
    started = time.process_time()
    run(study, tmp_path / "out")
    assert 0.2 < plan.seconds / (time.process_time() - started) < 5


def test_a_study_without_room_on_the_disk_is_refused(tmp_path, monkeypatch):
    usage = namedtuple("usage", ("total", "used", "free"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 1000))
    with pytest.raises(StudyError, match=r"would need 1 MB, and .* has 0 MB left; use fewer points or"):
        run(ask(tmp_path), tmp_path / "out")
    assert not work_of(tmp_path / "out").exists()


def test_what_cannot_be_played_is_said_with_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(ReferenceClock.__init__, "__defaults__", (None, (), 3))  # a budget of three events
    with pytest.raises(Unplayable, match=r"^small, future 0: replication 0 cannot be played to the end"):
        run(ask(tmp_path), tmp_path / "out")
    assert not work_of(tmp_path / "out").exists()


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise on Windows")
def test_ctrl_c_keeps_what_is_finished(tmp_path):
    path = ask(tmp_path, points=400)
    command = [sys.executable, "-m", "sim", "study", str(path), "--out", "here", "--clock", "simpy", "--workers", "1"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    until = time.monotonic() + HANGS
    while not rows_in(play_of(tmp_path / "here")):
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=HANGS)
    kept = rows_in(play_of(tmp_path / "here"))
    assert said.splitlines()[-2:] == [
        f"{kept} cases are kept in .here.drawdown-sim. Run the same command with --resume to continue.", "Stopped."]
    assert process.returncode == 130


def test_the_example_is_right_and_asks_what_matters():
    study = read_study(Path(__file__).parents[2] / "notebooks" / "which_pace.toml")
    assert [policy.name for policy in study.policies] == ["gradual", "fast", "slow"]
    assert {key for factor in study.uncertainties for key in factor.keys} >= {
        "casualties.fatal_chance", "threat.noise", "threat.rests_without", "threat.trend_per_year",
        "threat.capability_elasticity"}
    assert [goal.name for goal in study.goals if goal.threshold is None] == ["deadline_met"]


def test_the_dataset_needs_nothing_of_this_program_to_be_read(found, folder):
    assert xr.load_dataset(folder / "out" / "study.nc", engine="h5netcdf").identical(found)
