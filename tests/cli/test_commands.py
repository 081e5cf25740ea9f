import csv
import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import sim
from sim.rules.outcomes import OUTCOMES, RATIOS
from sim.scenario.shipped import SCENARIOS

from .conftest import ENVIRONMENT

ROOT = Path(__file__).parents[2]
HEAVY = {"numpy", "scipy", "pandas", "xarray", "h5netcdf", "matplotlib", "simpy", "rich", "numba", "distributed",
         "SALib", "ema_workbench", "sklearn", "pymoo"}


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["compare", "--help"], ["study", "--help"],
                                       ["sensitivity", "--help"], ["optimise", "--help"], ["check", "still.toml"],
                                       ["schema"], ["resolve", "short.toml"]])
def test_light_commands_import_nothing_heavy(shell, arguments):
    (shell.folder / "still.toml").write_text(
        "start = 2024-02-12\nend = 2024-08-29\ntheatres.iraq.troops = 500\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "sim", *arguments], cwd=shell.folder,
                          capture_output=True, text=True, env=ENVIRONMENT, check=True)
    modules = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "sim.cli.main" in modules
    assert HEAVY & modules == set()


def test_help_names_every_command(shell):
    done = shell("--help")
    assert done.returncode == 0
    for command in ("run", "trace", "check", "resolve", "schema", "new", "outcomes", "compare", "calibrate",
                    "backtest", "study", "sensitivity", "discover", "robust", "voi", "optimise", "--version"):
        assert f"  {command} " in done.stdout
    assert "does not predict the war" in " ".join(done.stdout.split())


def test_version(shell):
    done = shell("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "drawdown-sim")


def test_check_reports_all_files(shell):
    (shell.folder / "bad.toml").write_text('extends = "short.toml"\ntitel = "x"\n[cost]\nfixed_per_day = -1\n')
    done = shell("check", "short.toml", "bad.toml", "none.toml")
    assert done.returncode == 2
    assert done.stdout == "short.toml: no errors\n"
    errors = done.stderr.splitlines()
    assert errors == [
        "bad.toml:2: titel: unknown key; did you mean title?",
        "bad.toml:4: cost.fixed_per_day: must be from 0 to 1,000,000, not -1",
        "none.toml: there is no such file",
    ]
    listed = json.loads(shell("check", "--json", "short.toml", "bad.toml").stdout)["files"]
    assert listed["short.toml"] == []
    assert listed["bad.toml"][0] == {
        "file": "bad.toml", "line": 2, "key": "titel", "message": "unknown key; did you mean title?"}
    assert shell("check", "short.toml").returncode == 0


@pytest.mark.exhaustive
def test_check_and_run_warn_of_what_can_have_no_effect(shell):
    (shell.folder / "idle.toml").write_text('extends = "short.toml"\n[talks]\nfirst_round = 2124-01-01\n')
    end = tomllib.loads((shell.folder / "short.toml").read_text())["end"]
    said = f"warning: idle.toml:3: talks.first_round: has no effect: it is after the end of the run, {end}"
    done = shell("check", "idle.toml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "idle.toml: no errors\n", said + "\n")
    listed = json.loads(shell("check", "--json", "idle.toml").stdout)
    assert listed["files"] == {"idle.toml": []}
    assert [warning["key"] for warning in listed["warnings"]["idle.toml"]] == ["talks.first_round"]
    done = shell("run", "idle.toml", "--replications", "2", "--no-figures", "--clock", "simpy")
    assert done.returncode == 0
    assert said in done.stderr.splitlines()
    assert "warning" not in done.stdout


def test_trace_in_its_three_forms(shell):
    events = sim.trace(shell.folder / "short.toml", 4, 2)
    text = shell("trace", "short.toml", "--replication", 4, "--seed", 2)
    assert (text.returncode, text.stderr) == (0, "")
    assert text.stdout.startswith("A short one\nReplication 4 of seed 2: one possible course of events among many")
    assert all(event.text in text.stdout for event in events)
    table = shell("trace", "short.toml", "--replication", 4, "--seed", 2, "--format", "csv", "--out", "events.csv")
    assert table.stdout == ""
    rows = list(csv.DictReader(io.StringIO((shell.folder / "events.csv").read_text(encoding="utf-8"))))
    assert [row["text"] for row in rows] == [event.text for event in events]
    data = json.loads(shell("trace", "short.toml", "--replication", 4, "--seed", 2, "--json").stdout)
    assert (data["scenario"], data["replication"], data["seed"]) == ("short", 4, 2)
    assert [event["text"] for event in data["events"]] == [event.text for event in events]
    assert data["events"][-1]["date"] == "2024-08-29"


def test_trace_overwrites_nothing(shell):
    before = (shell.folder / "short.toml").read_bytes()
    done = shell("trace", "short.toml", "--out", "short.toml")
    assert (done.returncode, done.stderr) == (2, "short.toml exists already; choose another --out\n")
    assert (shell.folder / "short.toml").read_bytes() == before


def test_trace_follows_changed_values(shell):
    done = shell("trace", "short.toml", "--set", "talks.agreement_on=2024-03-15")
    assert done.stderr == "short: talks.agreement_on: none -> 2024-03-15\n"
    assert "15 Mar 2024: " in done.stdout


def test_resolve_prints_the_complete_scenario(shell):
    done = shell("resolve", "short.toml", "--set", "attacks.elasticity=0.3")
    resolved = tomllib.loads(done.stdout)
    assert resolved["attacks"]["elasticity"] == 0.3
    assert resolved["casualties"]["severity_exponent"] == 2.5
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("elasticity")]
    assert "--set" in line


def test_schema_is_json(shell):
    assert json.loads(shell("schema").stdout)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_new_writes_a_scenario_that_runs(shell):
    done = shell("new", "mine")
    assert done.stdout == "Wrote mine.toml. Change it, then: python -m sim run mine.toml\n"
    assert shell("check", "mine.toml").stdout == "mine.toml: no errors\n"
    repeated = shell("new", "mine")
    assert (repeated.returncode, repeated.stderr) == (2, "mine.toml: exists already; choose another name\n")


def test_new_copies_what_comes_with_the_program(shell):
    base = SCENARIOS.folder / "baseline.toml"
    done = shell("new", "--from", "gradual")
    assert done.stdout == f"Wrote gradual.toml. Change it, then: python -m sim run gradual.toml\nIt extends {base}.\n"
    assert shell("check", "gradual.toml").stdout == "gradual.toml: no errors\n"
    done = shell("new", "asked", "--from", "which_pace")
    assert done.stdout == "Wrote asked.toml. Change it, then: python -m sim study asked.toml\n"
    done = shell("new", "quick", "--from", "fast")
    assert done.stdout.endswith("It extends gradual.toml.\n")
    none = shell("new")
    assert none.returncode == 2
    assert "give the name of the new file, e.g. my_plan, or --from with what to copy" in none.stderr


@pytest.mark.exhaustive
def test_what_comes_with_the_program_is_found_by_name(shell):
    done = shell("check", "fast", "slow.toml")
    folder = SCENARIOS.folder
    assert done.stdout == f"{folder / 'fast.toml'}: no errors\n{folder / 'slow.toml'}: no errors\n"
    assert done.stderr == (f"fast: the scenario that comes with the program, {folder / 'fast.toml'}\n"
                           f"slow.toml: the scenario that comes with the program, {folder / 'slow.toml'}\n")
    (shell.folder / "fast.toml").write_text('extends = "short.toml"\n')
    done = shell("resolve", "fast")
    assert done.stderr == "fast: fast.toml in this folder, not the scenario of that name that comes with the program\n"
    assert tomllib.loads(done.stdout)["title"] == "A short one"
    played = shell("run", "gradual", "--replications", "20", "--no-figures", "--quiet")
    assert (played.returncode, played.stderr) == (0, "")
    assert "Gradual: 16 months from the agreed timeline\n20 replications" in played.stdout
    assert (shell.folder / "results" / "gradual").is_dir()


@pytest.mark.exhaustive
def test_started_as_a_command_the_program_calls_itself_so(shell):
    script = shell.folder / "drawdown-sim"
    script.write_text("from sim.__main__ import start\nif __name__ == '__main__':\n    start()\n")

    def command(*arguments):
        return subprocess.run([sys.executable, script, *arguments], cwd=shell.folder, capture_output=True, text=True,
                              env=ENVIRONMENT | {"PYTHONPATH": str(ROOT)}, check=False)

    assert command("new", "mine").stdout == "Wrote mine.toml. Change it, then: drawdown-sim run mine.toml\n"
    assert command("nosuch").stderr.startswith("Usage: drawdown-sim [OPTIONS]")
    other = command("study", "short.toml")
    assert other.stderr == "short.toml: is a scenario, not a study; drawdown-sim run plays it\n"
    played = command("run", "short.toml", "--replications", "40", "--no-figures", "--clock", "simpy", "--workers", "2")
    assert (played.returncode, played.stderr) == (0, "")


def test_outcomes_are_listed_with_definition_unit_and_direction(shell):
    listed = json.loads(shell("outcomes", "--json").stdout)["outcomes"]
    assert list(listed) == [entry.name for entry in (*OUTCOMES, *RATIOS)]
    assert listed["killed"] == {
        "label": "Killed",
        "definition": "Killed by attacks, as they fell out in the replication: use it for the distribution.",
        "unit": "persons", "better": "low"}
    of_scenario = json.loads(shell("outcomes", "short.toml", "--json").stdout)["outcomes"]
    assert "attacks_in.2024q1" in of_scenario
    assert "resurgence" not in of_scenario
    table = shell("outcomes", COLUMNS="200").stdout.splitlines()
    assert table[0].split() == ["Name", "Outcome", "Unit", "Better", "Definition"]
    assert " ".join(next(line for line in table if line.startswith("agreed ")).split()) == (
        "agreed Timeline agreed chance high A timeline was announced by the horizon.")


def test_a_reader_that_goes_away_is_no_trouble(shell):
    with subprocess.Popen([sys.executable, "-m", "sim", "schema"], cwd=shell.folder, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_an_output_that_cannot_be_written_is_one_line(shell):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "sim", "schema"], cwd=shell.folder, env=ENVIRONMENT,
                              stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "cannot write: no space left on device\n")


def test_check_finds_outcomes_that_precision_and_practical_name_in_vain(shell):
    (shell.folder / "vain.toml").write_text(
        'extends = "short.toml"\n[practical]\nnonsense = 1\ncompletion_day = "5%"\n[precision]\npeace = 1\n')
    done = shell("check", "vain.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "vain.toml:6: precision.peace: there is no outcome peace; python -m sim outcomes vain.toml lists all",
        "vain.toml:3: practical.nonsense: there is no outcome nonsense; python -m sim outcomes vain.toml lists all",
        "vain.toml:4: practical.completion_day: a share of a date has no meaning; give it in days, e.g. "
        "completion_day=2"]


LATE = """
extends = "short.toml"
[lift]
per_week = 20
[phases.iraq]
over_days = 30
"""


@pytest.mark.exhaustive
def test_warnings_count_as_errors_if_asked(shell):
    (shell.folder / "late.toml").write_text(LATE, encoding="utf-8")
    done, strict = shell("check", "late.toml"), shell("check", "--strict", "late.toml", "short.toml")
    assert (done.returncode, done.stdout) == (0, "late.toml: no errors\n")
    assert (strict.returncode, strict.stdout) == (
        2, "late.toml: with --strict, 1 warning too many\nshort.toml: no errors\n")
    (line,) = done.stderr.splitlines()
    assert line.startswith("warning: late.toml:6: phases.iraq.over_days: lift and closing keep the planned end, ")
    assert strict.stderr == done.stderr
    assert shell("check", "--strict", "short.toml").returncode == 0
    listed = json.loads(shell("check", "--json", "--strict", "late.toml").stdout)
    assert (listed["files"], [warning["key"] for warning in listed["warnings"]["late.toml"]]) == (
        {"late.toml": []}, ["phases.iraq.over_days"])


@pytest.mark.exhaustive
def test_run_and_compare_print_warnings_briefly(shell):
    (shell.folder / "late.toml").write_text(LATE, encoding="utf-8")
    unused = "".join(f"[suppressions.t{i}]\nstart = 2030-01-01\nmean_days = 9\n" for i in range(6))
    (shell.folder / "many.toml").write_text(LATE + unused, encoding="utf-8")
    options = ("--replications", "2", "--clock", "simpy", "--no-figures", "--quiet")
    brief = [line for line in shell("run", "many.toml", *options).stderr.splitlines() if line.startswith("warning")]
    assert [line.partition(": ")[2].partition(" ")[0] for line in brief] == [
        "many.toml:6:", "many.toml:8:", "many.toml:11:", "4"]
    assert brief[-1] == "warning: 4 more; python -m sim check lists them"
    printed = json.loads(shell("run", "many.toml", *options, "--json").stdout)
    assert len(printed["warnings"]) == 7
    compared = shell("compare", "short.toml", "late.toml", *options, "--json")
    assert [line for line in compared.stderr.splitlines() if "phases.iraq.over_days" in line]
    assert {name: len(found) for name, found in json.loads(compared.stdout)["warnings"].items()} == {
        "short": 0, "late": 1}
