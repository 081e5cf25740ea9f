"""Every table that the program prints, at every width: whole numbers, whole words, all columns."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from select import select

import numpy as np
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from sim.cli.main import app
from sim.words.layout import table

from .conftest import ENVIRONMENT, SCENARIO

WIDEST = 1000
QUICK = ("--no-figures", "--quiet", "--replications", "40", "--clock", "simpy", "--workers", "1")
STUDY = """
title = "How fast, and from where?"
scenarios = ["short.toml", "slower.toml"]
[levers.pace]
key = "phases.iraq.over_days"
values = [30, 90]
[uncertainties.elasticity]
key = "attacks.elasticity"
low = 0
high = 1
[outcomes.attacks_total]
threshold = 12
[outcomes.killed_expected]
threshold = 0.2
[outcomes.completion_day]
[design]
points = 24
replications = 10
"""
SWITCH = """
[uncertainties.contagion]
key = "couplings.contagion"
values = [true, false]
"""
COMMANDS = {
    "run": ("run", "short.toml", *QUICK),
    "compare": ("compare", "short.toml", "slower.toml", "third.toml", *QUICK),
    "study": ("study", "study.toml", "--quiet", "--clock", "simpy", "--workers", "1", "--out", "studied"),
    "sensitivity": ("sensitivity", "studied", "--no-figures"),
    "discover": ("discover", "studied", "--no-figures"),
    "robust": ("robust", "studied", "--no-figures"),
    "voi": ("voi", "studied", "--no-figures"),
    "optimise": ("optimise", "search.toml", *QUICK),
    "calibrate": ("calibrate", "weekly.csv", "--no-figures", "--quiet"),
    "backtest": ("backtest", "weekly.csv", "--to", "2023-08-01", "--no-figures", "--quiet"),
    "outcomes": ("outcomes",),
    "outcomes of a file": ("outcomes", "short.toml"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Small inputs for every command."""
    place = tmp_path_factory.mktemp("tables")
    (place / "short.toml").write_text(SCENARIO + "\n[theatres.iraq.sites]\nwest = { label = 'In the west' }\n")
    (place / "slower.toml").write_text(
        'extends = "short.toml"\nphases.iraq.over_days = 150\ntheatres.iraq.troops = 400000\n'
        'theatres.iraq.attacks_per_day = 0.1\nattacks.branching_ratio = 0.8\n')  # worse if attacks are contagious
    (place / "third.toml").write_text('extends = "short.toml"\nphases.iraq.over_days = 20\n')
    (place / "search.toml").write_text(STUDY)
    (place / "study.toml").write_text(STUDY + SWITCH)
    counts = np.random.default_rng(5).poisson(3, 40)
    rows = [f"{date(2023, 1, 2) + timedelta(weeks=week)},{count},{count}" for week, count in enumerate(counts.tolist())]
    (place / "weekly.csv").write_text("\n".join(["date,count,iraq", *rows]) + "\n")
    return place


@pytest.fixture
def printed(folder, monkeypatch):
    """Run a command at a width; return what it prints."""
    monkeypatch.chdir(folder)

    def run(arguments, width):
        if "studied" in arguments[1:2] and not (folder / "studied").exists():  # another worker may have played it
            assert CliRunner().invoke(app, list(COMMANDS["study"])).exit_code == 0
        done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": str(width)})
        assert done.exit_code == 0, done.output
        return done.stdout.replace("Already there: ", "Written: ")  # as the first time

    return run


SLOW = ("backtest", "calibrate", "discover", "voi")


def words(text):
    return Counter(word for word in text.split() if set(word) != {"─"})


@pytest.mark.parametrize("widths", [(80,), pytest.param((60, 140), marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("command", [
    pytest.param(command, marks=pytest.mark.exhaustive if command in SLOW else ()) for command in COMMANDS])
def test_every_number_and_word_is_there_whole_at_every_width(printed, command, widths):
    wide = printed(COMMANDS[command], WIDEST)
    assert "───" in wide
    for width in widths:
        narrow = printed(COMMANDS[command], width)
        assert words(wide) - words(narrow) == Counter(), f"missing at {width} columns"
        ruled = [line for line in narrow.splitlines() if line.startswith("───")]
        assert max(map(len, ruled)) <= width


@pytest.mark.skipif(os.name == "nt", reason="needs a terminal of its own")
def test_on_a_terminal_sentences_are_broken_at_words(folder):
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 60, 0, 0))
    command = [sys.executable, "-m", "sim", "run", "short.toml", *QUICK]
    environment = ENVIRONMENT | {"TERM": "xterm"}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while process.poll() is None or select([ours], [], [], 0)[0]:
            try:
                shown += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
    os.close(ours)
    assert process.returncode == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r", "").splitlines()
    first = lines.index("Sampling error of the mean: its 95 % interval, which narrows")
    assert lines[first + 1] == "as more replications are played. 5–95 % is how far"
    assert max(map(cell_len, lines)) <= 60


ROWS = table(("Outcome", "Mean", "95 % interval", "Note"),
             [("Date of completion", "9 Apr 2026 *", "6 Apr 2026 – 12 Apr 2026", "a long note about the date"),
              ("Exposure", "2,067,104", "2,053,150 – 2,081,057", "")],
             ("Mean", "95 % interval"), {"95 % interval": "Mean"})


def test_with_room_a_row_is_a_line():
    head, rule, *rows = ROWS.lines(100)
    assert head == "Outcome                      Mean              95 % interval   Note"
    assert rule == "─" * 89
    assert rows == ["Date of completion   9 Apr 2026 *   6 Apr 2026 – 12 Apr 2026   a long note about the date",
                    "Exposure                2,067,104      2,053,150 – 2,081,057"]


def test_with_a_little_less_only_heads_are_broken():
    long_head = table(("Outcome", "Sampling error of the mean"), [("Attacks", "217 – 225"), ("Killed", "2.48 – 2.76")],
                      ["Sampling error of the mean"])
    assert long_head.lines(36)[0] == "Outcome   Sampling error of the mean"
    assert long_head.lines(35) == ["Outcome      Sampling", "             error of", "             the mean",
                                   "─────────────────────", "Attacks     217 – 225", "Killed    2.48 – 2.76"]


def test_with_less_a_range_stands_under_its_mean_and_is_broken_at_its_dash_only():
    folded = ROWS.lines(80)
    assert folded[:2] == ["Outcome                                  Mean   Note",
                          "                                95 % interval"]
    assert [line.split() for line in folded[3:5]] == [
        ["Date", "of", "completion", "9", "Apr", "2026", "*", "a", "long", "note", "about", "the", "date"],
        ["6", "Apr", "2026", "–", "12", "Apr", "2026"]]
    narrow = table(ROWS.head[:3], [row[:3] for row in ROWS.rows], ROWS.right, ROWS.under).lines(30)
    assert narrow[3:6] == ["Date of           9 Apr 2026 *",
                           "completion        6 Apr 2026 –",
                           "                   12 Apr 2026"]


def test_with_hardly_any_rows_are_stacked():
    assert ROWS.lines(30)[:4] == ["Outcome", "───────", "Date of completion", "  Mean           9 Apr 2026 *"]


def test_no_line_is_wider_than_it_may_be_while_every_word_fits():
    for width in range(45, 120):
        assert max(map(cell_len, ROWS.lines(width))) <= width
