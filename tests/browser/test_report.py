"""Reports in a browser without a network: nothing fails, nothing is asked for, and hostile texts do nothing."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.words.phrases import number
from tests.browser.reading import until
from tests.report.conftest import SMALL
from tests.report.hostile import ATTACK, hostile

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "short.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def dated(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: dated(value) for key, value in data.items()}
    return date.fromisoformat(data) if isinstance(data, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", data) else data


def test_a_report_comes_alive(open_page: Open, small: Path, tmp_path: Path) -> None:
    played = sim.run(small, 1000, 3)
    page = open_page(sim.report(played).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready")
    fresh = page.evaluate("Array.from(drawdown.outcomes('base').completion_day.slice(0, 1000), day => `${day}`)")
    expected = played.column("completion_day")
    np.testing.assert_array_equal([float(day.replace("Infinity", "inf")) for day in fresh], expected[: len(fresh)])
    assert len(fresh) == 1000


def test_an_address_that_is_refused_says_why_beside_the_control(open_page: Open, small: Path, tmp_path: Path) -> None:
    file = sim.report(small, replications=100).write(tmp_path / "page.html")
    page = open_page(file, "#couplings.contagion=no")
    page.evaluate("drawdown.ready")
    said = page.locator("[data-key='couplings.contagion'] .fault")
    said.wait_for(state="visible")
    assert said.text_content() == 'must be true or false, not "no"'
    assert page.evaluate("[drawdown.state(), location.hash]") == [{}, ""]


def test_a_comparison_comes_alive(open_page: Open, small: Path, tmp_path: Path) -> None:
    other = sim.load(small, {"phases.iraq.over_days": 90})
    page = open_page(sim.report(small, other, replications=100).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready")
    assert page.locator("h1").inner_text() == "A short one and A short one"


def test_compared_means_of_the_killed_are_expected_deaths(open_page: Open, small: Path, tmp_path: Path) -> None:
    """As in `compare`: their difference is that of expected deaths, and has to be that of the means beside it."""
    scenarios = [small, sim.load(small, {"phases.iraq.over_days": 90})]
    page = open_page(sim.report(*scenarios, replications=1000).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready")
    killed, expected = page.evaluate("""["Killed", "Expected deaths"].map(name =>
        [...[...document.querySelectorAll("#living table.compared tr")]
            .find(row => row.innerText.startsWith(name)).cells].slice(1).map(cell => cell.innerText))""")
    assert killed == expected


@pytest.mark.parametrize("works", [True, False])
def test_a_hostile_scenario_does_nothing(open_page: Open, tmp_path: Path, works: bool) -> None:
    attacked = sim.report(sim.from_dict(dated(hostile()), ATTACK.replace("/", "")), replications=100)
    page = open_page(attacked.write(tmp_path / "page.html"), java_script_enabled=works)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    if works:
        page.evaluate("drawdown.ready")
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed').length") == 0
        assert page.evaluate("[...document.querySelectorAll('a')].filter(a => !/^(data:application.toml|blob:|#)/.test("
                             "a.getAttribute('href') ?? '#')).length") == 0
    assert page.locator("h1").inner_text() == ATTACK


def test_nothing_is_shown_beside_the_results_until_something_is_moved(
    open_page: Open, small: Path, tmp_path: Path
) -> None:
    """Figures, tables and sentences all show the few replications that were played, not more of them."""
    played = sim.run(small, 300, 3)
    page = open_page(sim.report(played).write(tmp_path / "page.html"))
    until(page, "drawdown.played('base')?.replications === 10000")
    assert page.locator(".progress").text_content() == "300 replications"
    shown = page.locator(".outcomes tbody tr", has_text="Attacks").first.locator("td").first.text_content()
    assert shown == number(played.column("attacks_total").mean())
    page.evaluate("drawdown.set('phases.iraq.over_days', 400)")
    until(page, "document.querySelector('.progress').textContent === '10,000 replications'")
    page.evaluate("drawdown.reset()")
    assert page.locator(".progress").text_content() == "300 replications"


def test_what_is_about_the_file_says_so_once_something_is_moved(open_page: Open, small: Path, tmp_path: Path) -> None:
    page = open_page(sim.report(small, replications=200).write(tmp_path / "moved.html"))
    page.evaluate("drawdown.ready")
    notes = page.locator(".of-the-file")
    assert notes.count() == 2
    assert not any(note.is_visible() for note in notes.all())
    page.evaluate("drawdown.set(drawdown.controls.find(one => one.key.endsWith('over_days')).key, 100)")
    assert all(note.is_visible() for note in notes.all())
    page.evaluate("drawdown.reset()")
    assert not any(note.is_visible() for note in notes.all())


def test_a_moved_deadline_is_drawn_beside_that_of_the_file(open_page: Open, tmp_path: Path) -> None:
    page = open_page(sim.report("gradual", replications=200).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready.then(() => drawdown.set('deadline', '2025-12-31'))")
    drawn = page.locator("#living-troops svg.plot").first.text_content()
    assert "deadline 31 Dec 2026" in drawn
    assert "deadline 31 Dec 2025" in drawn


@pytest.mark.parametrize(("key", "called"), [
    ("lift.road.per_week", "Mode Road"), ("lift.per_week", "Lift")], ids=["a number", "an uncertain number"])
def test_the_reason_of_a_refusal_stands_in_the_bar_and_beside_the_control(
    open_page: Open, tmp_path: Path, key: str, called: str
) -> None:
    page = open_page(sim.report("gradual", replications=200).write(tmp_path / "page.html"), f"#{key}=-5")
    page.evaluate("drawdown.ready")
    assert page.locator(".bar .fault").text_content().startswith(f"Not changed. {called}, troops moved a week: ")
    assert page.locator(f"[data-key='{key}'] .fault").text_content()


def test_without_scripts_the_article_is_there(open_page: Open, small: Path, tmp_path: Path) -> None:
    report = sim.report(small, replications=100)
    page = open_page(report.write(tmp_path / "page.html"), java_script_enabled=False)
    for section in report.article.sections:
        assert page.locator(f"#section-{section.id} h2").inner_text() == section.title
    assert page.locator("#figure-troops .alt").inner_text().startswith("Iraq: 12 Feb 2024 median 500")


def test_the_file_can_be_downloaded_without_scripts(open_page: Open, small: Path, tmp_path: Path) -> None:
    report = sim.report(small, replications=100)
    page = open_page(report.write(tmp_path / "page.html"), java_script_enabled=False)
    with page.expect_download() as download:
        page.locator("a.download").click()
    assert download.value.suggested_filename == "short.toml"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text == report.document()["scenarios"][0]["toml"]["text"]


def test_a_scenario_with_one_theatre_and_neither_talks_nor_threat(open_page: Open, tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text("start = 2024-01-01\nend = 2024-03-31\n[theatres.mali]\ntroops = 100\n", encoding="utf-8")
    page = open_page(sim.report(path, replications=50).write(tmp_path / "page.html"))
    page.evaluate("drawdown.ready")
    assert "Nothing is planned to leave" in page.locator("#section-answer").inner_text()


def test_in_a_notebook_the_page_lives_in_a_frame(open_page: Open, small: Path, tmp_path: Path) -> None:
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!doctype html><title>Cell</title>{sim.explore(small)._repr_html_()}", encoding="utf-8")
    page = open_page(cell)
    frame = page.frames[1]
    frame.evaluate("drawdown.ready")
    assert frame.locator("h1").inner_text() == "A short one"
