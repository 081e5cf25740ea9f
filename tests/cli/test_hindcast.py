"""The command `hindcast`, from files to files."""

import json

import pytest
from evidence.drawdowns_of_old import pair


@pytest.mark.exhaustive
def test_a_pair_of_ones_own(shell):
    pair(shell.folder)
    done = shell("hindcast", "north.toml", "--replications", "3", "--out", "w")
    assert (done.returncode, done.stderr) == (0, "north: 3 replications; it is no episode of the record\n")
    lines = done.stdout.splitlines()
    assert lines[0] == "Missed: 3 of 6 observations lie outside the middle 90 % of the forecast:"
    assert lines[-1] == "Written: w/hindcast.json"
    assert lines[-2].startswith("Few drawdowns, all of them famous")
    assert shell.files() == ["north.csv", "north.toml", "short.toml", "w", "w/figures", "w/figures/all.png",
                             "w/figures/all.svg", "w/figures/north.png", "w/figures/north.svg", "w/hindcast.json",
                             "w/run.json"]
    report = json.loads((shell.folder / "w/hindcast.json").read_text(encoding="utf-8"))
    again = shell("hindcast", "north.toml", "--replications", "3", "--out", "w", "--json", "--quiet")
    assert json.loads(again.stdout) == report
    assert {"cases", "observations", "coverage50", "coverage90", "crps"} <= report.keys()
    other = shell("hindcast", "north.toml", "--replications", "2", "--out", "w", "--quiet")
    assert other.returncode == 2
    assert other.stderr == ("w holds results of something else (replications is 3 there, 2 here); choose another "
                            "--out, or replace it with --force\n")


@pytest.mark.exhaustive
def test_errors_are_lines(shell):
    pair(shell.folder, "date,what,value\n2020-02-30,gone,many\n")
    done = shell("hindcast", "north.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        'north.csv, row 2: in column value: "many" is not a whole number; counts are written 0, 1, 2, ...',
        'north.csv, row 2: "2020-02-30" in column date is no date; write dates as 2024-01-28']
    done = shell("hindcast", "short.toml")
    assert done.stderr == ("short.csv: there is no such file; it should say what came of short.toml, with the columns "
                           "date, what, value\n")
    done = shell("hindcast", "us_irak_2011", "us_iraq_2020", "--replications", "2", "--no-figures")
    assert done.returncode == 2
    assert "us_irak_2011: there is no such file; did you mean us_iraq_2011 or us_iraq_2020?" in done.stderr
    assert shell.files() == ["north.csv", "north.toml", "short.toml"]
