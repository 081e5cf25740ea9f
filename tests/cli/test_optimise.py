"""The command `optimise`: what it prints, writes and refuses."""

import json

import pytest

STUDY = """
title = "How fast?"
scenario = "short.toml"
[levers.pace]
key = "phases.iraq.over_days"
values = [30, 90]
[outcomes.completion_day]
[outcomes.completed]
[outcomes.killed_expected]
better = "high"
[design]
seed = 7
"""


@pytest.fixture
def study(shell):
    (shell.folder / "pace.toml").write_text(STUDY, encoding="utf-8")
    return shell


@pytest.mark.exhaustive
def test_the_front_is_printed_and_written(study):
    done = study("optimise", "pace.toml", "--replications", 20)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["How fast?", "2 timelines tried in 20 replications each, seed 7; those below confirmed in "
                         "40 new ones"]
    assert " ".join(lines[3].split()) == "Timeline Date of completion Planned drawdown complete Expected deaths"
    rows = [" ".join(line.split()) for line in lines if line.startswith("short")]
    (folder,) = (path.relative_to(study.folder) for path in study.folder.glob("results/optimise/pace/*"))
    report = json.loads((study.folder / folder / "optimise.json").read_text(encoding="utf-8"))
    assert len(rows) == len(report["front"]) + 1
    assert rows[-1].startswith("short, as it is ")
    assert " 2024 ± " in rows[0]
    assert " % " in rows[0]
    assert lines[-2:] == [f"Written: {folder / 'optimise.json'}, {folder / 'figures'}",
                          "This compares schedules; it does not predict the war."]
    assert {str(folder / "optimise.csv"), str(folder / "figures" / "front.png")} <= set(study.files())
    repeated = study("optimise", "pace.toml", "--replications", 20)
    assert repeated.stderr == f"pace: {folder} has the results of this search already; nothing is played.\n"
    assert repeated.stdout == done.stdout.replace("Written: ", "Already there: ")
    as_json = study("optimise", "pace.toml", "--replications", 20, "--json", "--quiet", "--no-figures")
    assert as_json.stdout == (study.folder / folder / "optimise.json").read_text(encoding="utf-8")
    assert study("optimise", "pace.toml", "--replications", 10, "--no-figures").returncode == 0
    assert len(list(study.folder.glob("results/optimise/pace/*"))) == 2
    assert "search" in study("run", "short.toml", "--out", folder).stderr


def test_json_alone_is_what_is_written(study):
    done = study("optimise", "pace.toml", "--replications", 10, "--json", "--no-figures", "--out", "here")
    assert done.stdout == (study.folder / "here/optimise.json").read_text(encoding="utf-8")
    assert json.loads(done.stdout)["fresh_replications"] == 20
    assert not (study.folder / "here/figures").exists()


def test_what_cannot_be_searched_is_refused_in_a_line(study):
    alone = STUDY.replace("[outcomes.completed]", "").replace("[outcomes.killed_expected]\nbetter = \"high\"\n", "")
    (study.folder / "alone.toml").write_text(alone, encoding="utf-8")
    done = study("optimise", "alone.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "a search needs two or three outcomes to weigh against each other; this study has 1\n"
    (study.folder / "mine").mkdir()
    (study.folder / "mine/letter.txt").touch()
    done = study("optimise", "pace.toml", "--out", "mine")
    assert (done.returncode, done.stderr) == (
        2, "mine exists and holds no results of this program; choose another --out\n")
