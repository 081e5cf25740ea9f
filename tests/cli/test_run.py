import json
import math
import re

import pytest

QUICK = ("--no-figures", "--workers", 1, "--replications", 12)


def test_a_run_prints_its_outcomes_and_where_they_lie(shell):
    done = shell("run", "short.toml", *QUICK)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:3] == ["A short one", "12 replications, seed 1", ""]
    assert " ".join(lines[3].split()) == "Outcome Mean Sampling error of the mean Median 5–95 % Name"
    folder = re.search(r"^Results: (\S+)$", done.stdout, re.MULTILINE)[1]
    assert re.fullmatch(r"results[/\\]short[/\\][0-9a-f]{8}", folder)
    summary = json.loads((shell.folder / folder / "summary.json").read_text(encoding="utf-8"))["outcomes"]
    attacks = next(line for line in lines if line.startswith("Attacks "))
    low, high = summary["attacks_total"]["ci95"]
    assert attacks.split()[1:] == [
        f"{summary['attacks_total']['mean']:.3g}", f"{low:.3g}", "–", f"{high:.3g}",
        f"{summary['attacks_total']['quantiles']['50']:.3g}", f"{summary['attacks_total']['quantiles']['5']:.3g}", "–",
        f"{summary['attacks_total']['quantiles']['95']:.3g}", "attacks_total"]
    completion = next(line for line in lines if line.startswith("Date of completion"))
    assert summary["completion_day"]["quantile_dates"]["50"] in completion
    assert lines[-1] == "This compares schedules; it does not predict the war."
    assert "Figures" not in done.stdout


@pytest.mark.parametrize("columns", [pytest.param("100", marks=pytest.mark.exhaustive), "140", "200"])
def test_how_much_of_the_variance_is_due_to_uncertain_inputs_is_a_column_with_its_reach(shell, columns):
    rate = 'theatres.iraq.attacks_per_day={ dist = "uniform", low = 0.1, high = 1.0 }'
    done = shell("run", "short.toml", "--no-figures", "--quiet", "--replications", 300, "--set", rate, COLUMNS=columns)
    lines = done.stdout.splitlines()
    rule = next(i for i, line in enumerate(lines) if line.startswith("─"))
    blank = max(i for i, line in enumerate(lines[:rule]) if not line)
    row = next(line for line in lines if "Attacks " in line)
    (written,) = shell.folder.rglob("summary.json")
    outcomes = json.loads(written.read_text(encoding="utf-8"))["outcomes"]
    share = outcomes["attacks_total"]["variance"]["parameters"]
    assert 0.5 < share < 1
    cell = f"{100 * share:.0f} %"
    end = row.rindex(cell) + len(cell)
    heads = [line[:end].rsplit("   ", 1)[-1].strip() for line in lines[blank + 1:rule] if len(line) >= end]
    assert " ".join(filter(None, heads)).endswith("Due to uncertain inputs")
    splits = [entry["variance"] for entry in outcomes.values() if entry["main"] and entry["variance"]]
    reach = max(max(split["parameters"] - split["ci95"][0], split["ci95"][1] - split["parameters"]) for split in splits)
    assert ("Due to uncertain inputs: the share of an outcome's variance that comes from the numbers that the scenario "
            f"draws, to within {math.ceil(100 * reach)} percentage points. The rest is chance, as far as the model is "
            "right.") in lines


@pytest.mark.exhaustive
def test_what_is_held_fixed_though_not_known_stands_below_the_table(shell):
    done = shell("run", "short.toml", *QUICK)
    (written,) = shell.folder.rglob("summary.json")
    summary = json.loads(written.read_text(encoding="utf-8"))
    held = {entry["key"]: entry for entry in summary["held_fixed"]}
    assert held["casualties.fatal_chance"] == {
        "key": "casualties.fatal_chance", "value": 0.118, "mark": "derived", "range": [0.003, 0.65]}
    assert held["theatres.iraq.troops"] == {
        "key": "theatres.iraq.troops", "value": 500, "mark": "assumed", "range": None}
    assert not [key for key in held if key.startswith("phases.")]
    lines = done.stdout.splitlines()
    assert "This scenario draws no number, so nothing here shows what is not known." in lines
    assert ("Held fixed, though assumed or estimated: theatres.iraq.troops, theatres.iraq.true_over_reported, "
            "theatres.iraq.attacks_per_day, theatres.iraq.sites.main.garrison, theatres.iraq.sites.main.closing_days "
            f"and {len(held) - 5} more. No range or share above allows for that. python -m sim resolve FILE marks them "
            "and offers ranges to draw them from.") in lines
    drawn = shell("run", "short.toml", *QUICK, "--set", 'attacks.elasticity={ dist = "uniform", low = 0, high = 1 }')
    assert "This scenario draws no number" not in drawn.stdout
    assert f"and {len(held) - 6} more. No range" in drawn.stdout


@pytest.mark.exhaustive
def test_changed_values_are_said_old_and_new(shell):
    done = shell("run", "short.toml", *QUICK, "--set", "attacks.elasticity=0.3", "--set", "phases.iraq.over_days=80")
    assert done.stderr.splitlines() == [
        "short: attacks.elasticity: 0.5 -> 0.3", "short: phases.iraq.over_days: 60 -> 80"]
    (run,) = shell.folder.rglob("run.json")
    assert json.loads(run.read_text(encoding="utf-8"))["overrides"] == [
        {"key": "attacks.elasticity", "old": 0.5, "new": 0.3}, {"key": "phases.iraq.over_days", "old": 60, "new": 80}]
    assert shell("run", "short.toml", *QUICK, "--set", "attacks.elasticity=0.3", "--quiet").stderr == ""


def test_json_is_the_summary_with_its_warnings_and_nothing_else(shell):
    done = shell("run", "short.toml", *QUICK, "--json", "--out", "here", "--seed", 5)
    summary = json.loads(done.stdout)
    kept = json.loads((shell.folder / "here" / "summary.json").read_text(encoding="utf-8"))
    assert summary == kept | {"warnings": []}
    assert (summary["seed"], summary["replications"]) == (5, 12)
    assert set(summary["outcomes"]["killed"]) >= {"n", "mean", "ci95", "quantiles", "unit"}


@pytest.mark.exhaustive
def test_a_run_never_leaves_less_than_it_found(shell):
    assert shell("run", "short.toml", "--replications", 30, "--out", "here").returncode == 0
    before = {path: path.read_bytes() for path in (shell.folder / "here").rglob("*") if path.is_file()}
    fewer = shell("run", "short.toml", *QUICK, "--out", "here")
    assert fewer.stderr == "short: here has 30 replications already; the first 12 are enough, and nothing is played.\n"
    assert {path: path.read_bytes() for path in (shell.folder / "here").rglob("*") if path.is_file()} == before
    alone = shell("run", "short.toml", *QUICK, "--out", "alone")
    without_figures = fewer.stdout.replace("Figures: here/figures\n", "").replace("Report: here/report.html\n", "")
    assert without_figures.replace("Results: here", "Results: alone") == alone.stdout
    forced = shell("run", "short.toml", *QUICK, "--out", "here", "--force", "--quiet")
    assert (forced.stdout.replace("Results: here", "Results: alone"), forced.stderr) == (alone.stdout, "")
    assert "here/figures" not in shell.files()


def test_several_files(shell):
    (shell.folder / "other.toml").write_text('extends = "short.toml"\ntitle = "Other"\n')
    done = shell("run", "short.toml", "other.toml", *QUICK, "--json", "--out", "both")
    assert list(json.loads(done.stdout)["scenarios"]) == ["short", "other"]
    assert (shell.folder / "both" / "short" / "run.json").exists()
    assert (shell.folder / "both" / "other" / "run.json").exists()
    same_names = shell("run", "short.toml", "./short.toml", *QUICK, "--out", "both")
    assert same_names.returncode == 2
    assert same_names.stderr == "2 of the files are called short; with --out or --json each needs a different name\n"


def test_all_files_are_checked_before_any_is_run(shell):
    (shell.folder / "bad.toml").write_text("start = 2024-02-12\nend = 2024-01-01\n[theatres.iraq]\ntroops = -1\n")
    done = shell("run", "short.toml", "bad.toml", "none.toml", *QUICK, "--set", "cost.fixed_per_day=-5")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "--set cost.fixed_per_day: must be from 0 to 1,000,000, not -5",
        "bad.toml:2: end: the run ends before it starts; must be after the start, 2024-02-12",
        "bad.toml:4: theatres.iraq.troops: must be from 0 to 1,000,000, not -1",
        "none.toml: there is no such file",
    ]
    assert shell.files() == ["bad.toml", "short.toml"]


def test_a_folder_of_something_else_is_refused_before_anything_is_run(shell):
    assert shell("run", "short.toml", *QUICK, "--out", "here").returncode == 0
    done = shell("run", "short.toml", "--replications", 1_000_000, "--out", "here", "--seed", 2)
    assert done.returncode == 2
    assert done.stderr == ("here holds results of something else (seed 1, not 2); choose another --out, or replace it "
                           "with --force\n")


@pytest.mark.parametrize(("arguments", "message"), [
    (["run", "short.toml", "--replications", "0"], "'--replications': must be from 1 to 1,000,000, not 0"),
    (["run", "short.toml", "--replications", "-3"], "'--replications': must be from 1 to 1,000,000, not -3"),
    (["run", "short.toml", "--replications", "1e3"],
     "'--replications': must be a whole number from 1 to 1,000,000, not 1e3"),
    (["run", "short.toml", "--replications", "9" * 30], "'--replications': must be from 1 to 1,000,000, not 999,"),
    (["run", "short.toml", "--workers", "0"], "'--workers': must be from 1 to 1,000, not 0"),
    (["run", "short.toml", "--seed", "-1"], "'--seed': must be from 0 to 9,223,372,036,854,775,807, not -1"),
    (["trace", "short.toml", "--replication", "-1"], "'--replication': must be from 0 to 1,000,000,000, not -1"),
    (["trace", "short.toml", "--format", "pdf"], "'--format': must be text or csv, not pdf"),
])
def test_impossible_options_are_refused_plainly(shell, arguments, message):
    done = shell(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert shell.files() == ["short.toml"]


def test_a_folder_that_cannot_be_made_is_one_line(shell):
    done = shell("run", "short.toml", *QUICK, "--out", "short.toml/below")
    assert done.returncode == 2
    assert re.fullmatch(r"short.toml/below cannot be written: \S*short.toml is not a folder\n", done.stderr)
    assert shell.files() == ["short.toml"]


def test_a_full_disk_is_one_line_and_leaves_nothing(shell):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))  # enough for run.json, not for ensemble.nc
    try:
        done = shell("run", "short.toml", *QUICK, "--out", "deep/down", PYTHONDONTWRITEBYTECODE="1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 1
    assert done.stderr.startswith(f"cannot write {shell.folder / 'deep' / 'down'}")
    assert len(done.stderr.splitlines()) == 1
    assert shell.files() == ["short.toml"]


@pytest.mark.exhaustive
def test_a_scenario_that_runs_wild_is_reported(shell):
    (shell.folder / "wild.toml").write_text(
        "start = 2024-02-12\nend = 2063-12-31\n[theatres.iraq]\ntroops = 10\n[threat]\ntick_days = 0.11\n"
        "noise = 2\npersistence = 1\n")
    done = shell("run", "wild.toml", "--no-figures", "--workers", 1, "--replications", 2)
    assert done.returncode == 1
    assert re.match(r"replication [01] cannot be played to the end: its numbers grow beyond all bounds; try lower "
                    "attack rates", done.stderr)
    assert len(done.stderr.splitlines()) == 1
    traced = shell("trace", "wild.toml", "--replication", done.stderr.split()[1])
    assert (traced.returncode, traced.stderr) == (1, done.stderr)
    assert shell.files() == ["short.toml", "wild.toml"]


@pytest.mark.parametrize("columns", ["40", "100", *(
    pytest.param(width, marks=pytest.mark.exhaustive) for width in ("70", "200"))])
def test_no_line_of_the_table_is_wider_than_the_terminal(shell, columns):
    done = shell("run", "short.toml", *QUICK, COLUMNS=columns)
    table = done.stdout.split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= int(columns)
    assert any("attacks_total" in line for line in table)


@pytest.mark.exhaustive
def test_piped_output_has_no_control_characters(shell):
    done = shell("run", "short.toml", *QUICK, TERM="xterm-256color", FORCE_COLOR="")
    assert all(c.isprintable() or c == "\n" for c in done.stdout + done.stderr)
    plain = shell("run", "short.toml", *QUICK, PYTHONIOENCODING="ascii")
    assert plain.returncode == 0
    assert plain.stdout.isascii()


@pytest.mark.exhaustive
def test_figures_are_drawn_and_named(shell):
    done = shell("run", "short.toml", "--replications", 12, "--out", "here")
    assert done.returncode == 0
    figures = shell.folder / "here" / "figures"
    assert f"Figures: {figures.relative_to(shell.folder)}" in done.stdout.splitlines()
    assert {path.stem for path in figures.iterdir()} == {
        "troops", "attacks", "talks", "outcomes", "timelines", "by_date"}
    assert {path.suffix for path in figures.iterdir()} == {".png", ".svg"}


@pytest.mark.exhaustive
def test_chances_by_dates_are_printed_and_told_in_json(shell):
    done = shell("run", "short.toml", *QUICK, "--by", "2024-06-30", "--by", "2024-08-29")
    lines = done.stdout.splitlines()
    start = lines.index("Chance that it has happened by a date, with its 95 % interval")
    head = lines[start + 2]
    assert head.split() == ["Outcome", "By", "30", "Jun", "2024", "By", "29", "Aug", "2024", "Name"]
    (row,) = [line for line in lines[start:] if line.startswith("Hand-over (Iraq)")]
    assert row.endswith("handover_day.iraq")
    assert lines[-1] == "This compares schedules; it does not predict the war."
    told = json.loads(shell("run", "short.toml", *QUICK, "--by", "2024-08-29", "--json").stdout)
    agreed = told["outcomes"]["agreed"]
    assert told["by"]["2024-08-29"]["agreed"] == {"chance": agreed["mean"], "ci95": agreed["ci95"]}
    assert set(told["by"]["2024-08-29"]) == {"completed", "agreed", "any_fatal", "any_mass_casualty", "breakdown",
                                             "handover_day.iraq", "first_move_day.iraq", "target_day.iraq"}
    assert "by" not in json.loads(shell("run", "short.toml", *QUICK, "--json").stdout)


def test_a_scenario_in_which_nothing_may_happen_says_so(shell):
    (shell.folder / "calm.toml").write_text(
        "start = 2024-02-12\nend = 2024-08-29\ntheatres.iraq.troops = 500\n", encoding="utf-8")
    done = shell("run", "calm.toml", *QUICK, "--by", "2024-06-30")
    assert done.returncode == 0
    assert "Nothing in this scenario is planned or may happen by a date." in done.stdout.splitlines()
