"""Reports on studies, fits and back-tests."""

import re
from pathlib import Path

import pytest

import sim
from sim.play.errors import FolderError
from sim.scenario.program import command_of
from tests.report.pages import Page

STUDY = """
title = "Which pace?"
question = "How fast should they leave?"
scenario = "short.toml"
[levers.days]
key = "phases.iraq.over_days"
values = [40, 80]
[uncertainties.rate]
key = "theatres.iraq.attacks_per_day"
[outcomes.attacks_total]
threshold = 20
[design]
kind = "latin_hypercube"
points = 12
replications = 20
"""
EVENTS = "date\n" + "\n".join(f"2024-{month:02}-{day:02}" for month in range(1, 7) for day in range(2, 28, 3)) + "\n"


@pytest.fixture(scope="module")
def study(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "short.toml").write_text(small.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "pace.toml").write_text(STUDY, encoding="utf-8")
    sim.run_study(folder / "pace.toml", out=folder / "results", say=lambda line: None)
    return folder / "results"


def test_a_study_is_told_with_its_policies_and_its_base_comes_alive(study: Path) -> None:
    report = sim.report(study)
    assert report.article.title == "Which pace?"
    within = (sim.open(study)["value"].sel(outcome="attacks_total") <= 20).mean("future")
    first, second = (f"{100 * float(share):.0f} %" for share in within)
    assert report.article.answer[0] == (
        f"The threshold for attacks (at most 20) is kept in {first} of the futures under short, days=40 and {second} "
        "under short, days=80.")
    assert report.article.question == "How fast should they leave?"
    (table,) = report.article.sections[0].tables
    assert [row[0] for row in table.rows] == ["short, days=40", "short, days=80"]
    assert any("has not been asked of this study yet" in line for line in report.article.answer)
    assert report.document()["scenarios"][0]["world"] == "world-0"
    (how,) = report.article.sections[-1].paragraphs
    assert "were made by" not in how  # they were made in Python, not by a command


def test_how_results_were_made_is_told_as_it_was_typed() -> None:
    asked = ["backtest", "my data.csv"]
    assert command_of(["/any where/sim/__main__.py", *asked]) == "python -m sim backtest 'my data.csv'"
    assert command_of(["/usr/bin/drawdown-sim", *asked]) == "python -m sim backtest 'my data.csv'"  # as started here
    assert command_of(["/a/notebook.py", "-f", "kernel.json"]) == ""


@pytest.mark.exhaustive
def test_what_was_asked_of_a_study_is_in_its_report(study: Path) -> None:
    import subprocess
    import sys

    subprocess.run([sys.executable, "-m", "sim", "robust", study], check=True, capture_output=True)
    article = sim.report(study).article
    (section,) = [section for section in article.sections if section.id == "robust"]
    asked = sim.robust(study)
    assert section.notes[: len(asked.words())]
    assert any(line in section.notes for line in asked.words())
    (picture,) = section.figures
    assert picture.src.startswith("data:image/")
    assert picture.alt.startswith("Which policy holds up: attacks. ")
    assert len(set(section.notes)) == len(section.notes)
    assert article.answer[1] == section.notes[0]


@pytest.mark.exhaustive
def test_a_fit_is_told_with_its_models(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    done = sim.calibrate(tmp_path / "events.csv", out=tmp_path / "fit", say=lambda line: None)
    page = Page(sim.report(tmp_path / "fit").html())
    for model in done.result.models.values():
        assert model.fit.model.label in page.text
        assert f"{model.fit.aic:.1f}" in page.text
    assert all(image["alt"] and image["src"].startswith("data:image/") for image in page.of("img"))
    assert page.of("img")


@pytest.mark.exhaustive
def test_a_back_test_says_first_what_it_missed(tmp_path: Path) -> None:
    from datetime import date

    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    sim.backtest(tmp_path / "events.csv", date(2024, 5, 15), out=tmp_path / "b", say=lambda line: None)
    article = sim.report(tmp_path / "b").article
    assert re.match(r"Missed: \d+ of \d+ counts that came \(", article.answer[0])
    assert article.scenes == []


def test_a_damaged_study_is_refused(study: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(study, tmp_path / "copy")
    record = tmp_path / "copy" / "study.json"
    record.write_text(record.read_text(encoding="utf-8").replace("Which pace?", "Whose pace?"), encoding="utf-8")
    with pytest.raises(FolderError, match="holds no results of this program"):
        sim.report(tmp_path / "copy")
