"""Nothing in titles, labels and names can control the terminal or a spreadsheet."""

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata

import pytest

from sim.scenario.harmless import from_csv
from sim.scenario.keys import quoted

from .conftest import ENVIRONMENT, SCENARIO

OSC, RTL = "\x1b]0;owned\x07", "\u202e"
NAME = f"plan{RTL}{OSC}"
FORMULA = "=HYPERLINK(1)"
TITLE = r"\u001b]0;owned\u0007 \u202e \u009b31m محافظة الأنبار"


@pytest.fixture
def nasty(shell):
    text = SCENARIO.replace('"A short one"', f'"{TITLE}"').replace(
        "[theatres.iraq]", f'[theatres.iraq]\nlabel = "{FORMULA}"').replace(
        "[phases.iraq]", f'[phases.iraq]\nlabel = "@x{RTL}"')
    (shell.folder / f"{NAME}.toml").write_text(text, encoding="utf-8")
    (shell.folder / "=study.toml").write_text(
        f'title = "{TITLE}"\nscenarios = [{quoted(NAME + ".toml")}, "short.toml"]\n[outcomes.killed]\n[design]\n'
        "points = 2\nreplications = 10\n", encoding="utf-8")
    return shell


def commands(text):
    return {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in "\n\t"}


QUICK = ("--replications", "20", "--no-figures")


@pytest.mark.exhaustive
@pytest.mark.parametrize("arguments", [
    ("run", f"{NAME}.toml", *QUICK), ("run", f"{NAME}.toml", *QUICK, "--json"), ("check", f"{NAME}.toml", NAME + OSC),
    ("trace", f"{NAME}.toml"), ("trace", f"{NAME}.toml", "--format", "csv"), ("trace", f"{NAME}.toml", "--json"),
    ("resolve", f"{NAME}.toml"), ("compare", f"{NAME}.toml", "short.toml", *QUICK), (OSC,), ("run", f"--{OSC}"),
    ("run", f"{NAME}.toml", "--seed", OSC), ("study", "=study.toml"), ("new", NAME), ("calibrate", NAME)])
def test_nothing_that_is_printed_commands_the_terminal(nasty, arguments):
    done = nasty(*arguments)
    assert commands(done.stdout) | commands(done.stderr) == set()
    assert done.stdout + done.stderr
    if "--json" in arguments:
        assert json.loads(done.stdout)["scenario"] == NAME


def test_a_title_in_another_script_stays_readable(nasty):
    first = nasty("run", f"{NAME}.toml", *QUICK).stdout.splitlines()[0]
    assert first == r"\x1b]0;owned\x07 \u202e \u009b31m محافظة الأنبار"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such terminals")
def test_not_on_a_terminal_with_a_progress_bar_either(nasty):
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "sim", "run", f"{NAME}.toml", *QUICK], cwd=nasty.folder,
                          env=ENVIRONMENT | {"TERM": "xterm"}, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    os.close(ours)
    assert process.returncode == 0
    assert r"\x1b]0;owned\x07 \u202e \u009b31m محافظة الأنبار".encode() in shown
    assert not any(c.encode() in shown for c in ("\x1b]", "\x07", RTL, "\x9b"))


def _read(descriptor):
    try:
        return os.read(descriptor, 10_000)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.exhaustive
def test_labels_in_csv_files_are_no_formulas_and_come_back(nasty):
    assert nasty("run", f"{NAME}.toml", *QUICK, "--out", "there").returncode == 0
    rows = list(csv.DictReader(io.StringIO((nasty.folder / "there" / "events.csv").read_text(encoding="utf-8"))))
    places = {row["place"] for row in rows}
    assert places == {"", f"'{FORMULA}"}
    assert {from_csv(place) for place in places} == {"", FORMULA}
    assert any(float(row["detail"]) or float(row["amount"]) for row in rows)  # numbers are numbers
    (nasty.folder / "=base.toml").write_text('extends = "short.toml"\n')
    assert nasty("compare", "short.toml", "=base.toml", *QUICK, "--out", "both").returncode == 0
    names = {row["scenario"] for row in csv.DictReader((nasty.folder / "both" / "comparison.csv").open())}
    assert names == {"short", "'=base"}
