"""The command that writes the living page."""

import json

import pytest

from sim.report.file import is_report


def test_a_scenario_gives_a_page_and_its_answer(shell) -> None:
    done = shell("report", "short.toml", "--out", "new/page.html", "--replications", 50)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("The drawdown is complete by 29 Aug 2024 in ")
    assert done.stdout.endswith("Written: new/page.html\nThis compares schedules; it does not predict the war.\n")
    assert is_report(shell.folder / "new" / "page.html")


def test_without_out_the_page_stands_among_the_results(shell) -> None:
    assert "Written: results/report/short.html" in shell("report", "short.toml", "--replications", 20).stdout
    shell("run", "short.toml", "--replications", 20, "--no-figures", "--out", "r")
    assert "Written: r/report.html" in shell("report", "r").stdout
    assert shell("run", "short.toml", "--replications", 20, "--no-figures", "--out", "r").returncode == 0


def test_seed_and_replications_are_not_for_results(shell) -> None:
    shell("run", "short.toml", "--replications", 20, "--no-figures", "--out", "r")
    for asked in (["r", "--seed", 2], ["r", "short.toml", "--seed", 2], ["r", "--replications", 10]):
        done = shell("report", *asked)
        assert done.returncode == 2
        assert f"{asked[-2]} is for scenarios; results have those with" in " ".join(done.stderr.split())
    assert not (shell.folder / "r" / "report.html").exists()


@pytest.mark.exhaustive
def test_several_scenarios_make_a_comparison(shell) -> None:
    text = (shell.folder / "short.toml").read_text(encoding="utf-8")
    (shell.folder / "long.toml").write_text(text.replace("over_days = 60", "over_days = 90"), encoding="utf-8")
    done = shell("report", "short.toml", "long.toml", "--out", "page.html", "--replications", 50)
    assert done.stdout.startswith("Compared with short, long is worse in date of completion (+30 days)"), done.stderr


def test_json_prints_the_data_and_writes_nothing(shell) -> None:
    before = shell.files()
    done = shell("report", "short.toml", "--json", "--replications", 20)
    data = json.loads(done.stdout)
    assert data["made"]["replications"] == 20
    assert data["made"]["command"].endswith("report short.toml --seed 1 --replications 20")
    assert shell.files() == before


@pytest.mark.exhaustive
def test_run_and_compare_write_it_beside_their_figures(shell) -> None:
    done = shell("run", "short.toml", "--replications", 20, "--out", "r")
    assert "Report: r/report.html\n" in done.stdout
    assert not done.stderr
    assert is_report(shell.folder / "r" / "report.html")
    for more in ("--no-report", "--no-figures"):
        shell("run", "short.toml", "--replications", 20, "--out", more[2:], more)
        assert not (shell.folder / more[2:] / "report.html").exists()
    done = shell("compare", "short.toml", "short.toml", "--replications", 20, "--out", "c")
    assert "c/report.html" in done.stdout
    assert is_report(shell.folder / "c" / "report.html")


@pytest.mark.exhaustive
@pytest.mark.parametrize(("arguments", "message"), [
    (["nothing.toml"], "nothing.toml"),
    (["."], ". holds no results of this program"),
    (["short.toml", "--out", "short.toml"],
     "short.toml exists and is not a report of this program; choose another --out"),
    (["short.toml", "--out", "."], ". is a folder; name a file with --out, such as report.html"),
    (["short.toml", "--out", "short.toml/page.html"], "short.toml/page.html cannot be written"),
    (["r", "--set", "phases.iraq.over_days=3"], "--set changes scenarios; results are as they were played"),
    (["short.toml", "--set", "phases.iraq.over_days=-1"], "--set phases.iraq.over_days"),
])
def test_what_cannot_be_done_is_said_in_a_line(shell, arguments: list[str], message: str) -> None:
    (shell.folder / "r").mkdir()
    before = shell.files()
    done = shell("report", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert shell.files() == before
