"""The command that compares scenarios."""

import json

import pytest

FILES = ("short.toml", "long.toml")
SIZE = ("--replications", "60", "--no-figures", "--workers", "1")


def longer(shell):
    (shell.folder / "long.toml").write_text('extends = "short.toml"\n[phases.iraq]\nover_days = 90\n', encoding="utf-8")


@pytest.mark.exhaustive
def test_what_differs_stands_first_with_interval_chance_and_verdict(shell):
    longer(shell)
    done = shell("compare", *FILES, *SIZE)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2 scenarios, 60 replications each, seed 1, all with the same random numbers"
    assert "long against short" in lines
    head = next(line for line in lines if line.startswith("Outcome"))
    assert head.split() == ["Outcome", "short", "long", "Difference", "95", "%", "interval", "Worse", "in", "Verdict",
                            "Name"]
    (row,) = (line for line in lines if line.startswith("Date of completion "))
    assert row.split()[-2:] == ["worse", "completion_day"]
    assert "days" in row
    (folder,) = (shell.folder / "results" / "compare" / "short-long").iterdir()
    assert f"Written: {(folder / 'comparison.json').relative_to(shell.folder)}" in lines
    assert lines[-1] == "This compares schedules; it does not predict the war."


@pytest.mark.exhaustive
def test_json_gives_difference_interval_and_chance_by_scenario_and_outcome(shell):
    longer(shell)
    done = shell("compare", *FILES, *SIZE, "--base", "long", "--json")
    data = json.loads(done.stdout)
    assert (data["base"], list(data["scenarios"])) == ("long", ["long", "short"])
    difference = data["scenarios"]["short"]["outcomes"]["completion_day"]
    assert difference["difference"] < 0
    assert difference["ci95"][0] <= difference["difference"] <= difference["ci95"][1]
    assert difference["p_worse"] == 0.0
    assert data["scenarios"]["long"]["outcomes"]["completion_day"]["difference"] == 0.0


@pytest.mark.exhaustive
def test_a_value_set_is_set_in_all(shell):
    longer(shell)
    done = shell("compare", *FILES, *SIZE, "--set", "phases.iraq.over_days=75")
    assert "long and short agree in all 60 replications." in done.stdout.splitlines()


@pytest.mark.exhaustive
def test_a_folder_of_a_run_is_called_one(shell):
    longer(shell)
    assert shell("run", "short.toml", *SIZE, "--no-figures", "--out", "out").returncode == 0
    done = shell("compare", *FILES, *SIZE, "--out", "out")
    assert (done.returncode, done.stderr) == (
        2, "out holds results of something else (run, not comparison); choose another --out, or replace it with "
        "--force\n")


@pytest.mark.exhaustive
def test_what_cannot_be_compared_is_said_in_a_line(shell):
    longer(shell)
    for arguments, said in (
        (("short.toml",), "give at least two scenarios to compare"),
        ((*FILES, "--base", "none"), "there is no scenario none to compare with; there are short, long"),
        ((*FILES, "--trade-off", "killed", "peace"), "peace is not an outcome that every scenario measures and of "
         "which more or less is better; allowed: "),
        ((*FILES, "--explain", "--outcome", "killd"), "killd is not an outcome that every scenario measures; did you "
         "mean killed?"),
    ):
        done = shell("compare", *arguments, *SIZE)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert done.stderr.startswith(said)
    assert not (shell.folder / "results").exists()


@pytest.mark.exhaustive
def test_figures_are_drawn_of_what_is_measured(shell):
    longer(shell)
    done = shell("compare", *FILES, "--replications", "30", "--out", "out", "--trade-off", "troop_days", "killed")
    assert done.returncode == 0
    assert sorted(path.name for path in (shell.folder / "out" / "figures").iterdir()) == [
        f"{name}.{kind}" for name in ("by_date", "differences", "trade_off", "troops") for kind in ("png", "svg")]


@pytest.mark.exhaustive
def test_why_they_differ_is_said_and_adds_up(shell):
    longer(shell)
    done = shell("compare", *FILES, *SIZE, "--explain", "--outcome", "troop_days")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "Why long differs from short, in the first 60 replications" in lines
    (said,) = (line for line in lines if line.startswith("Exposure: long has"))
    assert said.endswith('All of it comes from one change: "over days" of phase Iraq (60 to 90 days).')
    (path,) = shell.folder.glob("results/compare/*/*/comparison.json")
    (outcome,) = json.loads(path.read_text(encoding="utf-8"))["explanations"]["long"]["outcomes"]
    for game, rest in ((outcome["changes"], 0.0), (outcome["couplings"], outcome["direct"]["share"])):
        total = sum(share["share"] for share in game["shares"]) + rest
        assert abs(total - outcome["difference"]["share"]) < 1e-6


@pytest.mark.exhaustive
def test_a_comparison_never_leaves_less_than_it_found(shell):
    longer(shell)

    def contents():
        return {path.relative_to(shell.folder).as_posix(): path.read_bytes()
                for path in shell.folder.glob("out/**/*") if path.is_file()}

    def compare(replications, *more):
        return shell("compare", *FILES, "--replications", replications, "--out", "out", *more)

    assert compare(30).returncode == 0
    before = contents()
    fewer = compare(20, "--no-figures", "--json")
    assert fewer.stderr == "compare: out has this comparison with 30 replications already; it stays as it is.\n"
    assert json.loads(fewer.stdout)["replications"] == 20
    assert contents() == before
    there = "out/comparison.json, out/figures, out/report.html"
    assert f"Already there: {there}" in compare(20, "--no-figures").stdout.splitlines()
    explained = compare(20, "--explain")
    assert explained.stderr == (
        "out holds results of something else (explain is false there, true here); choose another "
        "--out, or replace it with --force\n")
    more = compare(40, "--no-figures")
    assert f"Written: {there}" in more.stdout.splitlines()
    assert more.stderr.splitlines()[0] == (
        "compare: Its figures are drawn again, so that they show the same replications as the numbers.")
    assert contents().keys() == before.keys()
    assert b"40 replications" in contents()["out/figures/differences.svg"]
    assert compare(20, "--no-figures", "--force").returncode == 0
    assert sorted(contents()) == ["out/codebook.csv", "out/codebook.md", "out/comparison.csv", "out/comparison.json",
                                  "out/comparison.nc", "out/run.json"]


@pytest.mark.exhaustive
def test_chances_by_a_date_stand_side_by_side(shell):
    longer(shell)
    done = shell("compare", *FILES, *SIZE, "--by", "2024-06-30", "--by", "2024-08-29")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    start = lines.index("long against short: chances by date")
    assert lines[start + 2].split() == ["Outcome", "By", "short", "long", "Difference", "95", "%", "interval", "Name"]
    rows = [line for line in lines[start:] if line.startswith("Timeline agreed")]
    assert [row.split()[2:5] for row in rows] == [["30", "Jun", "2024"], ["29", "Aug", "2024"]]
    told = json.loads(shell("compare", *FILES, *SIZE, "--by", "2024-06-30", "--json").stdout)
    by, outcomes = told["by"]["2024-06-30"], told["scenarios"]["long"]["outcomes"]
    assert by["long"]["agreed"]["difference"] == 0.0
    assert set(by["short"]["agreed"]) == {"chance", "ci95"}
    assert by["long"]["completed"]["chance"] <= by["short"]["completed"]["chance"]
    assert outcomes["completed"]["depends_on_horizon"] in (True, False)


@pytest.mark.exhaustive
@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_date_outside_the_scenario_is_refused_in_a_line_before_anything_is_played(shell, command):
    longer(shell)
    files = FILES if command == "compare" else FILES[:1]
    for asked, said in (("2024-02-11", "is before short starts, on 2024-02-12"),
                        ("2024-08-30", "is after short ends, on 2024-08-29"),
                        ("tomorrow", 'must be a date, not "tomorrow"')):
        done = shell(command, *files, "--by", asked, "--replications", "1000000")
        assert (done.returncode, done.stdout, done.stderr) == (
            2, "", f"--by {asked}: {said}; give a date from 2024-02-12 to 2024-08-29\n")
    assert not (shell.folder / "results").exists()


@pytest.mark.parametrize("columns", [80, *(pytest.param(columns, marks=pytest.mark.exhaustive)
                                          for columns in (60, 100, 120, 140))])
def test_tables_fit_any_terminal(shell, columns):
    longer(shell)
    done = shell("compare", *FILES, *SIZE, "--by", "2024-06-30", COLUMNS=str(columns))
    lines = done.stdout.splitlines()
    tables = lines[: next(n for n, line in enumerate(lines) if line.startswith("long against short: ")
                          and not line.endswith("by date"))]
    assert max(map(len, tables[1:])) <= columns
    assert sum("completion_day" in line for line in tables) == 1
    assert any("never differs*" in line or "worse*" in line for line in tables) or columns < 100


@pytest.mark.exhaustive
def test_sizes_that_matter_are_stated_in_the_file(shell):
    longer(shell)
    with (shell.folder / "short.toml").open("a") as file:
        file.write("[practical]\ncompletion_day = 1000\n")
    done = shell("compare", *FILES, *SIZE)
    (row,) = (line for line in done.stdout.splitlines() if line.startswith("Date of completion "))
    assert row.split()[-2:] == ["negligible", "completion_day"]
    with (shell.folder / "short.toml").open("a") as file:
        file.write('agreed = "5%"\n')
    done = shell("compare", *FILES, *SIZE)
    assert (done.returncode, done.stderr) == (2, "short.toml:19: practical.agreed: a share of a chance is ambiguous; "
                                              "give the size as a chance below 0.5, e.g. agreed=0.01 for one "
                                              "percentage point\n")
