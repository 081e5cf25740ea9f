"""Tables in files, as printed or with the numbers in full, and what is refused before anything is played."""

import csv
import json
import re
import sys

import pytest
import typer

from sim.cli.export import table_file, write_table
from sim.words.layout import table

QUICK = ("--no-figures", "--quiet", "--clock", "simpy", "--workers", 1, "--replications", 30)


@pytest.mark.exhaustive
def test_a_run_is_written_as_csv_with_all_numbers_in_full(shell):
    done = shell("run", "short.toml", *QUICK, "--table", "out.csv")
    assert (done.returncode, done.stderr) == (0, "")
    with (shell.folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["outcome"]: row for row in csv.DictReader(file)}
    (written,) = shell.folder.rglob("summary.json")
    outcomes = json.loads(written.read_text(encoding="utf-8"))["outcomes"]
    assert list(rows) == list(outcomes)
    assert float(rows["attacks_total"]["mean"]) == outcomes["attacks_total"]["mean"]
    assert [rows["attacks_total"][key] for key in ("scenario", "label", "unit")] == ["short", "Attacks", "attacks"]
    assert re.fullmatch(r"2024-\d\d-\d\d", rows["completion_day"]["mean_date"])
    assert rows["attacks_total"]["mean_date"] == ""


@pytest.mark.exhaustive
def test_markdown_and_latex_are_what_is_printed(shell):
    printed = shell("run", "short.toml", *QUICK, "--table", "out.md", COLUMNS="500").stdout
    head, mark, first = (shell.folder / "out.md").read_text(encoding="utf-8").splitlines()[2:5]
    assert head.startswith("| Outcome | Mean | Sampling error of the mean | Median | 5–95 % | ")
    assert set(mark) <= set("|-:")
    assert mark.count("|") == head.count("|") == first.count("|")
    row = next(line for line in printed.splitlines() if line.startswith("Date of completion"))
    cells = [cell.strip().replace("\\", "") for cell in first.strip("|").split("|")]
    assert " ".join(" ".join(cells).split()) == " ".join(row.split())
    pytest.importorskip("jinja2")
    assert shell("run", "short.toml", *QUICK, "--table", "out.tex").returncode == 0
    latex = (shell.folder / "out.tex").read_text(encoding="utf-8")
    assert "\\toprule\nOutcome & Mean & Sampling error of the mean & Median" in latex
    assert "completion\\_day \\\\" in latex


def test_what_a_format_would_take_for_itself_is_escaped(tmp_path):
    import pandas as pd

    text = table(("a_b", "50 %"), [("=1+1 | *x* <b>", "−3 & {y}")], ("50 %",), title="#1 ~ A_b")
    numbers = pd.DataFrame({"label": ["=1+1", "-2"], "value": [1.5, -2.0]})
    write_table(tmp_path / "t.md", [text], numbers)
    assert (tmp_path / "t.md").read_text(encoding="utf-8") == (
        "**#1 ~ A\\_b**\n\n| a\\_b | 50 % |\n|---|---:|\n| =1+1 \\| \\*x\\* \\<b> | −3 & {y} |\n")
    write_table(tmp_path / "t.csv", [text], numbers)
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == "index,label,value\n0,'=1+1,1.5\n1,-2,-2.0\n"
    pytest.importorskip("jinja2")
    write_table(tmp_path / "t.tex", [text], numbers)
    latex = (tmp_path / "t.tex").read_text(encoding="utf-8")
    assert "\\caption{\\#1 \\textasciitilde{} A\\_b}" in latex
    assert "a\\_b & 50 \\% \\\\" in latex
    assert "$-$3 \\& \\{y\\} \\\\" in latex


def test_excel_gets_numbers_as_numbers_and_no_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    import pandas as pd

    numbers = pd.DataFrame({"label": ["=1+1"], "value": [1.5]}, index=pd.Index(["a"], name="outcome"))
    write_table(tmp_path / "t.xlsx", [], numbers)
    (head, row) = openpyxl.load_workbook(tmp_path / "t.xlsx")["table"].values
    assert (head, row) == (("outcome", "label", "value"), ("a", "'=1+1", 1.5))


@pytest.mark.exhaustive
def test_every_command_with_a_table_for_an_answer_writes_it(shell):
    (shell.folder / "long.toml").write_text('extends = "short.toml"\nphases.iraq.over_days = 90\n', encoding="utf-8")
    (shell.folder / "study.toml").write_text(
        'scenario = "short.toml"\n[levers.pace]\nkey = "phases.iraq.over_days"\nvalues = [30, 90]\n'
        '[uncertainties.a]\nkey = "attacks.elasticity"\nlow = 0\nhigh = 1\n[outcomes.attacks_total]\nthreshold = 12\n'
        "[outcomes.killed_expected]\n[design]\npoints = 20\nreplications = 10\n", encoding="utf-8")
    simpy = ("--clock", "simpy", "--workers", 1, "--quiet")
    for command in (["compare", "short.toml", "long.toml", *QUICK], ["study", "study.toml", "--out", "s", *simpy],
                    ["robust", "s", "--no-figures"], ["voi", "s", "--no-figures"],
                    ["sensitivity", "s", "--no-figures"], ["discover", "s", "--no-figures"],
                    ["optimise", "study.toml", *QUICK]):
        done = shell(*command, "--table", f"{command[0]}.csv")
        assert done.returncode == 0, done.stderr
        with (shell.folder / f"{command[0]}.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        assert rows or command[0] == "discover"  # which may have found no limit
        assert {"outcome", "policy"} & set(head), command


@pytest.mark.parametrize(("name", "message"), [
    ("t.pdf", "must end in .csv, .xlsx (numbers in full), .md or .tex (as printed), not t.pdf"),
    ("short.csv", "short.csv exists already; choose another name"),
    ("none/t.csv", "there is no folder none"),
])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_played(shell, name, message):
    (shell.folder / "short.csv").write_text("mine")
    done = shell("run", "short.toml", "--table", name)
    assert done.returncode == 2
    assert f"'--table': {message}" in done.stderr
    assert shell.files() == ["short.csv", "short.toml"]
    assert (shell.folder / "short.csv").read_text() == "mine"


def test_without_its_package_excel_is_refused_with_the_way_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)  # as if it were not installed
    message = r"^a \.xlsx file needs a package that is not installed: pip install openpyxl$"
    with pytest.raises(typer.BadParameter, match=message):
        table_file(str(tmp_path / "t.xlsx"))
    assert table_file(str(tmp_path / "t.csv")) == tmp_path / "t.csv"
