"""The article about a comparison of scenarios."""

from datetime import date, timedelta
from typing import Any

from sim.comparison import by_date, words
from sim.comparison.changes import differences, tables_of
from sim.comparison.compare import Comparison
from sim.comparison.verdicts import verdict
from sim.report import alternatives
from sim.report.article import Article, Figure, Section, made, of_texts, plain_table
from sim.report.compare_answer import answer, how_to_read
from sim.report.run_sections import BAND, CURVE, on_the_way, story_section
from sim.report.scene import Scene, of_comparison
from sim.report.shared_sections import assumed, reproduce, trust
from sim.report.story import story
from sim.scenario.keys import look_up
from sim.scenario.resolve import unquoted
from sim.words.labels import key_label
from sim.words.phrases import date_text, listed

MOST_YEARS = 4
LONGEST = 60
"""The longest value that is written out, in characters."""


def compare_article(comparison: Comparison, command: str) -> Article:
    """Return the article about a comparison, given the command that makes it again."""
    scenes = of_comparison(comparison)
    base, title = scenes[0], listed(scene.title for scene in scenes)
    told, how = story(base), made(title, command, comparison.seed, comparison.replications)
    sections = [_verdicts(comparison), _why(comparison), _plans(comparison, scenes), _by_date(comparison, base),
                on_the_way(base), story_section(told), assumed(base), trust(base),
                reproduce(how, [scene.name for scene in scenes])]
    return Article("compare", title, _question(scenes), answer(comparison), how_to_read(comparison), how,
                   [section for section in sections if section], scenes, told, _differences(comparison))


def _question(scenes: list[Scene]) -> str:
    others = [scene.name for scene in scenes[1:]]
    return f"How {'do' if len(others) > 1 else 'does'} {listed(others)} differ from {scenes[0].name}?"


def _verdicts(comparison: Comparison) -> Section:
    """Give every difference in the main outcomes, with its interval and verdict."""
    definitions = {name: entry["definition"] for scene in of_comparison(comparison)[::-1]
                   for name, entry in scene.entries.items()}
    tables = []
    if len(comparison.sides) >= words.SIDE_BY_SIDE:
        tables.append(of_texts(words.side_by_side(comparison)))
    for name in comparison.differences:
        table = words.difference_table(comparison, name)
        tables.append(of_texts(table, [definitions[row[-1]] for row in table.rows]))
    figure = Figure("differences", "differences", "Differences from the base.", "Each line is the 95 % interval of a "
                    "difference; one that does not cross zero is not chance.", _told(comparison))
    return Section("differences", "What differs", words.sentences(comparison), tables, [figure],
                   words.notes(comparison))


def _told(comparison: Comparison) -> str:
    """Return all differences in words."""
    return " ".join(f"{row.outcome}, {name}: {row.difference} ({row.interval or 'no interval'}), {row.verdict}."
                    for name in comparison.differences for row in words.difference_rows(comparison, name))


def _why(comparison: Comparison) -> Section:
    """Say in what the scenarios differ, and, where it was asked, which of that makes the difference."""
    base, tables = comparison.base, []
    for side in comparison.sides[1:]:
        a, b = (tables_of(one.file.scenario) for one in (base, side))
        rows = [[key_label(path, [base.file.scenario, side.file.scenario]), _short(look_up(a, path)),
                 _short(look_up(b, path))] for path in differences(a, b)]
        title = f"What {side.name} does otherwise than {base.name}"
        tables.append(plain_table(title, ["What", base.name, side.name], rows))
    told = [line for explanation in comparison.explanations.values() for line in explanation.sentences()]
    return Section("drives", "What drives the difference", told or [
        "The scenarios differ in what the table lists, and in nothing else. The option --explain of "
        "compare tells which of it makes the difference."], [table for table in tables if table.rows])


def _short(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict) and "dist" not in value:
        return listed((str(key).replace("_", " ") for key in value), 5)
    text = date_text(value) if isinstance(value, date) else unquoted(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + " …"


def _plans(comparison: Comparison, scenes: list[Scene]) -> Section:
    """Compare each plan with what the replications make of it."""
    rows = []
    for scene in scenes:
        planned = scene.plan["completion"]
        if "completed" in scene.counts:
            day = by_date.median_day(comparison, scene.name, "completed")
            rows.append([scene.name, date_text(planned) if planned else "never", _date(scene, day),
                         words.mean_text(comparison, "completed", scene.entries["completed"]["mean"])])
    head = ["Scenario", "Complete as planned", "In half of the replications by",
            f"Complete by {date_text(scenes[0].scenario.end)}"]
    figure = Figure("troops", "troops", "Troops by theatre.", f"Dashed: the plan of {scenes[0].name}. {BAND}",
                    alternatives.of_band(scenes[0], "troops"))
    tables = [plain_table("Completion", head, rows, head[1:])] if rows else []
    return Section("plan", "Plan against simulation", [], tables, [figure])


def _date(scene: Scene, day: int | None) -> str:
    if day is None:
        return f"after {date_text(scene.scenario.end)}"
    return date_text(scene.scenario.start + timedelta(days=day))


def _by_date(comparison: Comparison, base: Scene) -> Section | None:
    """Say how the chances by a date differ."""
    start, end = base.scenario.start, base.scenario.end
    years = [date(year, 12, 31) for year in range(start.year, end.year + 1)]
    dates = [day for day in years if start <= day <= end][-MOST_YEARS:] or [end]
    tables = by_date.tables_by(comparison, dates)
    if not tables or not base.counts:
        return None
    figure = Figure("by-date", "by_date", "Chance by any date.", CURVE, alternatives.of_curves(base))
    return Section("by-date", "Chance by any date", [], [of_texts(table, folded=True) for table in tables], [figure])


def _differences(comparison: Comparison) -> list[dict[str, Any]]:
    return [{"scenario": name, "outcome": entry.outcome, "label": words.label(comparison, entry.outcome),
             "unit": entry.unit, "kind": entry.kind, "better": entry.better, "main": entry.main, "base": entry.base,
             "value": entry.value, "difference": entry.difference, "ci95": entry.ci95, "p_worse": entry.p_worse,
             "practical": entry.practical, "verdict": verdict(entry)}
            for name, entries in comparison.differences.items() for entry in entries]
