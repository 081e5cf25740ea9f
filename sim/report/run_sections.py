"""The sections of an article about one scenario."""

from datetime import date

from sim.estimate.by_date import chance
from sim.report import alternatives
from sim.report.article import Figure, Section, Table, of_texts, plain_table
from sim.report.run_answer import day_text
from sim.report.scene import Scene
from sim.report.story import Story
from sim.words import table as summary_table
from sim.words.by_date import chance_text, event_label
from sim.words.phrases import counted, date_text, share

BAND = "The line is the median of each day, the dark band holds half of the replications, the pale band nine in ten."
CURVE = ("Read a date off the horizontal axis: the curve is the share of replications in which it has happened by the "
         "end of that day, with its 95 % interval.")
TRACKS = {
    "attacks": ("Attacks", "Attacks in each week."),
    "talks": ("Talks", "The share of replications with the talks in each state."),
    "tension": ("Regional tension", "The share of replications with high tension."),
    "threat": ("Threat", "An index, 1 at the start."),
    "ratio": ("Threat over capability", "Above 1, the threat has grown more than the forces that face it."),
}
"""Tracks on the way, with title and caption."""
MILESTONES = ("completion_day", "agreement_day", "handover_day", "first_move_day", "target_day")
"""Days of the plan that are shown beside those that were played, by place where there are several."""
MOST_YEARS = 8


def plan(scene: Scene) -> Section:
    """Compare the plan with what the replications make of it."""
    if "completed" not in scene.entries:
        text = "No phase is planned: the figure shows how many troops stay."
    else:
        text = ("The plan is what would happen if nothing disturbed it: no attacks, no chance, everything on time. The "
                "replications show what comes between a plan and its being carried out.")
    figure = Figure("troops", "troops", "Troops by theatre.", f"Dashed: the plan. {BAND}", alternatives.of_band(
        scene, "troops"))
    table = _plan_table(scene)
    return Section("plan", "Plan against simulation", [text], [table] if table else [], [figure])


def _plan_table(scene: Scene) -> Table | None:
    names = [name for name, entry in scene.entries.items() if entry["kind"] == "day" and entry["quantiles"]
             and name.partition(".")[0] in MILESTONES]
    if not names:
        return None
    rows = []
    for name in names:
        entry = scene.entries[name]
        levels = entry["quantiles"]
        day = scene.planned[name]
        rows.append([entry["label"], "never" if day is None else date_text(day),
                     day_text(scene, levels["50"]), f"{day_text(scene, levels['5'])} – {day_text(scene, levels['95'])}",
                     share(entry["happened"]["share"])])
    head = ["Milestone", "Plan", "Median", "Nine in ten", f"By {date_text(scene.scenario.end)}"]
    return plain_table("Milestones: planned and played", head, rows, head[1:],
                       definitions=[scene.entries[name]["definition"] for name in names])


def by_date(scene: Scene) -> Section | None:
    """Say how likely completion and every milestone are by any date."""
    if not scene.counts:
        return None
    start, end = scene.scenario.start, scene.scenario.end
    dates = [date(year, 12, 31) for year in range(start.year, end.year + 1) if start <= date(year, 12, 31) <= end]
    dates = sorted({*dates[:: -(-len(dates) // MOST_YEARS)], end}) if dates else [end]
    heads = [f"By {date_text(day)}" for day in dates]
    rows = [[event_label(scene.entries[name]["label"]),
             *(chance_text(chance(int(counts[(day - start).days]), scene.replications)) for day in dates)]
            for name, counts in scene.counts.items()]
    table = plain_table("Chance that it has happened by a date, with its 95 % interval", ["What", *heads], rows, heads,
                        definitions=[scene.entries[name]["definition"] for name in scene.counts])
    figure = Figure("by-date", "by_date", "Chance by any date.", CURVE, alternatives.of_curves(scene))
    return Section("by-date", "Chance by any date", [], [table], [figure])


def on_the_way(scene: Scene) -> Section | None:
    """Show attacks, talks and the threat over time."""
    there = scene.bands
    shown = {track: text for track, text in TRACKS.items() if track in there and _moves(there[track])}
    figures = [Figure(track, track, f"{title}.", caption if "share" in there[track] else f"{caption} {BAND}",
                      alternatives.of_band(scene, track)) for track, (title, caption) in shown.items()]
    return Section("on-the-way", "On the way", [], [], figures) if figures else None


def _moves(band: dict[str, object]) -> bool:
    """Whether a band has anything to show."""
    rows = band.get("share") or band.get("high")
    return isinstance(rows, list) and any(value for row in rows for value in row)


def outcomes(scene: Scene) -> Section:
    """Give the table of the main outcomes, with definitions, and their distributions."""
    assert scene.summary is not None
    table = summary_table.main_table(scene.summary)
    main = [entry["definition"] for entry in scene.entries.values() if entry["main"]]
    caption = "How often each value occurs over the replications."
    figures = [Figure(f"outcome-{name}", "outcome", f"{scene.entries[name]['label']}.", caption,
                      alternatives.of_histogram(scene, name), name) for name in scene.histograms]
    title = "Main outcomes, with their names in files"
    return Section("outcomes", "Outcomes", [], [of_texts(table, main, title)], figures,
                   summary_table.notes(scene.summary))


def drives(scene: Scene) -> Section | None:
    """Say which part of each outcome comes from uncertain numbers, and which from chance."""
    if scene.summary is None or not scene.summary["twins"]:
        return None
    figure = Figure("shares", "shares", "Due to uncertain numbers.", "The share of each outcome's variance that would "
                    "disappear if the uncertain numbers were known. The rest is chance.", alternatives.of_shares(scene))
    return Section("drives", "What drives the results", [
        "To tell uncertain numbers from chance, the first "
        f"{counted(scene.summary['twins'], 'replication')} were played again with the same uncertain numbers and fresh "
        "chance. What comes from numbers that are held fixed is in neither part.",
        "Which of the numbers matters most? Suppose that one is known, with the controls of this page, and see what "
        "changes."], [], [figure])


def story_section(story: Story) -> Section:
    """Introduce the story of one replication, whose events follow."""
    left_out = f" {counted(story.left_out, 'event')} of routine are left out." if story.left_out else ""
    rows = [[line.partition(" = ")[0], line.partition(" = ")[2]] for line in story.drawn]
    tables = [plain_table(f"The {len(rows)} uncertain numbers that it drew", ["Key", "Value"], rows, ["Value"], True)]
    return Section("story", f"One replication as a story: number {story.replication}", [
        f"One possible course of events among many, not a forecast. {story.chosen}{left_out}"], tables if rows else [])
