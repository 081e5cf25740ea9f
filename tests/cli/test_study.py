"""The command that plays studies, as a user types it."""

import json
import re

import pytest

STUDY = """
title = "Sooner or later"
scenario = "short.toml"
[levers.pace]
key = "phases.iraq.over_days"
values = [60, 90]
[uncertainties.elasticity]
key = "attacks.elasticity"
[outcomes.killed_expected]
threshold = 0.5
[outcomes.completion_day]
threshold = 2024-06-15
statistic = "q50"
[design]
points = 4
replications = 10
"""
SMALL = ("--clock", "simpy", "--workers", "1")


def study_file(shell):
    (shell.folder / "asked.toml").write_text(STUDY, encoding="utf-8")
    return "asked.toml"


def test_a_study_is_played_and_says_what_came_of_it_and_what_to_ask_next(shell):
    done = shell("study", study_file(shell), *SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Sooner or later", "2 policies × 4 futures × 10 replications, seed 1"]
    table = [[cell.strip() for cell in re.split("   +", line)] for line in lines[3:9]]
    assert table[0][:5] == ["Policy", "Outcome", "Mean", "Range", "Within"]
    assert table[2][:2] == ["short, pace=60", "Expected deaths"]
    assert table[2][4:] == ["100 %"]
    assert table[5][:2] == ["", "Date of completion, median"]
    (folder,) = (shell.folder / "results" / "study" / "asked").iterdir()
    assert f"Results: results/study/asked/{folder.name}" in lines
    assert "Ask next: python -m sim sensitivity asked.toml" in lines
    assert "          python -m sim robust asked.toml" in lines
    assert lines[-1] == "This compares schedules; it does not predict the war."
    repeated = shell("study", study_file(shell), *SMALL, "--json")
    told = json.loads(repeated.stdout)
    assert list(told["policies"]) == ["short, pace=60", "short, pace=90"]
    days = told["policies"]["short, pace=90"]["completion_day"]
    assert (days["statistic"], days["threshold"], days["within"]) == ("q50", 125.0, 0.0)
    assert told["policies"]["short, pace=60"]["completion_day"]["within"] == 1.0
    assert told["policies"]["short, pace=60"]["killed_expected"]["lowest"] < 0.5
    assert shell.files().count(f"results/study/asked/{folder.name}") == 1


@pytest.mark.exhaustive
def test_a_dry_run_says_what_it_would_take_and_leaves_nothing(shell):
    done = shell("study", study_file(shell), *SMALL, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2 policies × 4 futures × 10 replications = 80 replications"
    assert re.fullmatch(r"Time: about [1-9]\d* s on this machine, estimated from a sample", lines[1])
    assert lines[2].startswith("Disk: 1 MB needed, ")
    assert lines[3].startswith("Folder: results/study/asked/")
    assert shell.files() == ["asked.toml", "short.toml"]
    size = json.loads(shell("study", "asked.toml", *SMALL, "--dry-run", "--json").stdout)
    assert (size["total"], size["policies"], size["futures"], size["replications"]) == (80, 2, 4, 10)


def test_all_errors_are_said_at_once_in_a_line_each(shell):
    text = STUDY.replace("killed_expected", "killed_expectd").replace("points = 4", "points = 0")
    (shell.folder / "asked.toml").write_text(text, encoding="utf-8")
    done = shell("study", "asked.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "asked.toml:9: outcomes.killed_expectd: there is no outcome killed_expectd; did you mean killed_expected or "
        "killed_expected.iraq?",
        "asked.toml:15: design.points: must be a whole number from 1 to 100,000, not 0"]


def test_a_folder_that_holds_something_else_is_refused(shell):
    done = shell("study", study_file(shell), *SMALL, "--out", ".")
    assert done.returncode == 2
    assert done.stderr == ". exists and holds no results of this program; choose another --out\n"
