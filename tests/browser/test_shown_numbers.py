"""The figures of the page show the results: every number in them is that of the package, before a move and after it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.play.result import Result
from sim.words.phrases import give_or_take
from tests.browser.reading import PLAYED, move, numbers, rows, until

Open = Callable[..., Any]


def test_every_band_is_that_of_the_results(open_page: Open, file: Path, result: Result, changed: Result) -> None:
    page = open_page(file)
    move(page)
    start = result.file.scenario.start
    for figure, of in (("troops", "troops"), ("attacks", "attacks_per_week")):
        found = rows(page, figure)
        for timeline, played in (("as in the file", result), ("changed", changed)):
            for i, panel in enumerate(("North", "South")):
                dates = [row["date"] for row in found if (row["panel"], row["timeline"]) == (panel, timeline)]
                days = [(date.fromisoformat(day) - start).days for day in dates]
                at = days if figure == "troops" else [day // 7 for day in days]
                assert len(at) > 50
                for q, column in enumerate(("q5", "q25", "q50", "q75", "q95")):
                    expected = played.trajectories[of].values[i, q, at]
                    assert numbers(found, column, panel=panel, timeline=timeline) == expected.tolist()


def test_the_mean_of_attacks_and_the_plan_are_those_of_the_results(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    mean = numbers(rows(page, "attacks"), "mean", panel="North", timeline="as in the file")
    assert mean == pytest.approx(result.trajectories.attacks_per_week_mean.values[0].tolist(), rel=1e-4, abs=1e-9)
    plan = [row for row in rows(page, "troops") if (row["panel"], row["timeline"]) == ("South", "plan")]
    start = result.file.scenario.start
    days = [(date.fromisoformat(row["date"]) - start).days for row in plan]
    assert [float(row["q50"]) for row in plan] == result.trajectories.troops_plan.values[1, days].tolist()


def test_chances_are_those_of_the_results(open_page: Open, file: Path, result: Result, changed: Result) -> None:
    page = open_page(file)
    move(page)
    for event in ("completed", "agreed", "handover_day.north", "any_fatal"):
        page.locator("#living-by_date select").select_option(event)
        found = rows(page, "by_date")
        for timeline, played in (("as in the file", result), ("changed", changed)):
            here = [row for row in found if row["timeline"] == timeline][::50]
            by = played.chances(*(row["date"] for row in here))
            chances = [of[event].chance for of in by.values()]
            assert [float(row["share"]) for row in here] == pytest.approx(chances, abs=1e-4)
            low = [of[event].ci95[0] for of in by.values()]  # type: ignore[index]
            assert [float(row["ci95_low"]) for row in here] == pytest.approx(low, abs=1e-3)


def test_the_cursor_reads_a_chance_off(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    page.locator("#living-by_date .cursor input[type=date]").fill("2024-09-30")
    page.locator("#living-by_date .cursor input[type=date]").blur()
    chance = result.chances("2024-09-30")[date(2024, 9, 30)]["completed"].chance
    said = page.locator("#living-by_date .reading").text_content()
    assert float(re.match(r"[\d.]+", said).group()) == pytest.approx(100 * chance, abs=0.06)  # type: ignore[union-attr]


def test_talks_and_tension_are_those_of_the_results(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    start, data = result.file.scenario.start, result.trajectories
    agreed = [row for row in rows(page, "talks") if row["panel"] == "Timeline agreed"]
    days = [(date.fromisoformat(row["date"]) - start).days for row in agreed]
    state = [str(name) for name in data.talks_state.values].index("agreed")
    expected = data.talks_share.values[state, days].tolist()
    assert [float(row["share"]) for row in agreed] == pytest.approx(expected, abs=1e-5)
    tension = rows(page, "tension")
    days = [(date.fromisoformat(row["date"]) - start).days for row in tension]
    assert numbers(tension, "share") == pytest.approx(data.tension_high_share.values[days].tolist(), abs=1e-5)


def test_the_threat_is_that_of_the_results(open_page: Open, file: Path, result: Result) -> None:
    page = open_page(file)
    page.evaluate("drawdown.ready")
    found, start = rows(page, "threat"), result.file.scenario.start
    for panel, of in (("over the capability", "threat_ratio"), ("Capability", "capability")):
        here = [row for row in found if panel in row["panel"]]
        days = [(date.fromisoformat(row["date"]) - start).days for row in here]
        expected = result.trajectories[of].values[4, days].tolist()
        assert [float(row["q95"]) for row in here] == pytest.approx(expected, rel=1e-4)


def test_distributions_are_those_of_the_results(open_page: Open, file: Path, result: Result, changed: Result) -> None:
    page = open_page(file)
    move(page)
    found, start = rows(page, "outcomes"), result.file.scenario.start
    for name in ("completion_day", "attacks_total", "troop_days", "killed_expected"):
        label = result.summary["outcomes"][name]["label"]
        for timeline, played in (("as in the file", result), ("changed", changed)):
            here = [row for row in found if (row["outcome"], row["timeline"]) == (label, timeline)]
            bars = [row for row in here if row["from"] != "never"]
            day = result.summary["outcomes"][name]["kind"] == "day"
            edges = [_edge(row["from"], day, start) for row in bars] + [_edge(bars[-1]["to"], day, start)]
            values = played.column(name)
            counts = np.histogram(values[np.isfinite(values)], edges)[0]
            assert [float(row["share"]) for row in bars] == pytest.approx((counts / PLAYED).tolist(), abs=1e-12)
            if day:
                assert float(here[-1]["share"]) == pytest.approx(np.isinf(values).mean())


def _edge(text: str, day: bool, start: date) -> float:
    return float((date.fromisoformat(text) - start).days) if day else float(text)


def test_differences_are_those_of_a_comparison(
    open_page: Open, file: Path, scenario: Path, result: Result, changed: Result
) -> None:
    page = open_page(file)
    move(page)
    compared = sim.compare([result, changed], replications=PLAYED)
    other = compared.sides[1].name
    expected = {entry.outcome: entry for entry in compared.differences[other] if entry.main}
    found = {row["outcome"]: row for row in rows(page, "differences")}
    assert found.keys() == expected.keys()
    for name, row in found.items():
        entry = expected[name]
        for column, value in (("difference", entry.difference), ("ci95_low", entry.ci95 and entry.ci95[0]),
                              ("ci95_high", entry.ci95 and entry.ci95[1])):
            found_here = float(row[column]) if row[column] else None
            assert found_here == (None if value is None else pytest.approx(value, rel=1e-6, abs=1e-9))


def test_a_first_picture_compares_as_many_replications_of_both(open_page: Open, file: Path, scenario: Path) -> None:
    """Though more has been played of the base: intervals are those of 1,000, and what does not differ differs by 0."""
    page = open_page(file)
    until(page, "drawdown.played('base')?.replications === 10000")
    page.evaluate("""() => {
        addEventListener("drawdown:moved", () => { window.found = {
            played: ["base", "changed"].map((which) => drawdown.played(which).replications),
            said: [...document.querySelectorAll("#outcomes-shown tbody tr")].map((row) =>
                ["summary", ".difference"].map((cell) => row.querySelector(cell)?.textContent))}; }, { once: true });
        drawdown.set("deadline", "2024-09-30").catch((error) => { window.found = { thrown: error.message }; });
    }""")
    until(page, "window.found !== undefined")
    found = page.evaluate("window.found")
    assert "thrown" not in found, found
    assert found["played"] == [1000, 1000]
    earlier = sim.load(scenario, {"deadline": date(2024, 9, 30)})
    compared = sim.compare([sim.load(scenario), earlier], replications=1000)
    (entries,) = compared.differences.values()
    (met,) = (entry for entry in entries if entry.outcome == "deadline_met")
    assert met.difference is not None
    said = dict(found["said"])
    assert said["Deadline met"] == f"{give_or_take(met.difference, met.ci95, 'yes_no')} points worse"
    assert said["Deaths per 1,000 troop-months"] == "0 never differs"


def test_the_table_says_what_the_results_say(open_page: Open, file: Path, result: Result, changed: Result) -> None:
    page = open_page(file)
    move(page)
    cells = page.locator(".outcomes tbody tr", has_text="Attacks").first.locator("td").all_text_contents()
    means = [played.column("attacks_total").mean() for played in (result, changed)]
    assert [float(text) for text in cells[:2]] == pytest.approx(means, rel=5e-3)
    assert cells[2].startswith("+" if means[1] > means[0] else "−")
