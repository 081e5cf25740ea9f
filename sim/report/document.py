"""The document: everything that Python says to the page, as plain data. `web/document.ts` has its types."""

import math
from dataclasses import asdict
from typing import Any

from sim.estimate.practical import least_of
from sim.estimate.targets import least_differences_of
from sim.report.article import Article
from sim.report.controls import controls_of
from sim.report.relations import relations_of
from sim.report.scene import Scene
from sim.report.story import Story
from sim.report.text import text_of
from sim.report.told import cast, drawn, sentences
from sim.words.labels import described, labels, one_line

FORMAT = "1"
"""The version of the document; a page reads one version only."""

Data = dict[str, Any]
LABELLED = ("theatres", "sites", "phases", "suppressions", "kinds", "modes", "groups", "milestones")


def document(article: Article) -> Data:
    """Return the document of an article, fit for JSON."""
    data: Data = {
        "version": FORMAT, "kind": article.kind, "title": article.title, "question": article.question,
        "made": asdict(article.made), "answer": article.answer, "how_to_read": article.how_to_read,
        "sections": [{"id": section.id, "title": section.title,
                      "figures": [asdict(figure) | {"src": ""} for figure in section.figures]}
                     for section in article.sections],
        "scenarios": [scenario_data(scene, number, article.story if number == 0 else None)
                      for number, scene in enumerate(article.scenes)],
    }
    if article.scenes:
        data["sentences"] = sentences()
    if article.differences:
        data["differences"] = article.differences
    plain: Data = finite(data)
    return plain


def scenario_data(scene: Scene, number: int, story: Story | None) -> Data:
    """Return a scenario as the page reads it, given its number in the document."""
    scenario, about = scene.scenario, _about(scene)
    data: Data = {
        "name": scene.name, "title": scene.title, "question": one_line(scenario.question),
        "start": scenario.start.isoformat(), "end": scenario.end.isoformat(), "horizon": scene.horizon,
        "follow_up_days": scenario.follow_up_days,
        "names": {key: one_line(value) for key, value in scenario.names.model_dump().items()},
        "labels": {kind: labels(scenario, kind) for kind in LABELLED},
        "outcomes": [{"name": item.name, **about[item.name], "main": scene.entries[item.name]["main"]}
                     for item in scene.catalogue.outcomes],
        "rates": [{"name": rate.name, **_without(about[rate.name], "kind"), "main": scene.entries[rate.name]["main"],
                   "numerator": rate.numerator, "denominator": rate.denominator, "scale": rate.ratio.scale}
                  for rate in scene.catalogue.rates],
        "summary": {name: _without(entry, "definition", "restricted_mean_of") for name, entry in scene.entries.items()},
        "plan": {name: day and day.isoformat() for name, day in scene.plan.items()},
        "history": [{"date": past.date.isoformat(), "text": one_line(past.text)}
                    for past in sorted(scenario.history.milestones.values(), key=lambda past: past.date)],
        "bands": scene.bands, "chances": scene.curves, "histograms": scene.histograms,
        **_levers(scene, number),
    }
    if scenario.deadline is not None:
        data["deadline"] = scenario.deadline.isoformat()
    if story is not None:
        data["story"] = {"replication": story.replication, "chosen": story.chosen, "drawn": list(story.drawn),
                         "left_out": story.left_out,
                         "events": [{"date": event.date.isoformat(), "place": event.place, "kind": event.kind,
                                     "text": event.text, "why": event.why} for event in story.events]}
    return data


def _about(scene: Scene) -> Data:
    """Return what there is to say about each outcome and rate, and from what size on a difference in it matters."""
    stated = least_differences_of(scene.file, scene.catalogue)
    return {name: {**about, "least": asdict(least_of(stated, name, about["kind"]))}
            for name, about in described(scene.catalogue, scene.scenario).items()}


def _levers(scene: Scene, number: int) -> Data:
    """Return what the reader can move, and where the page plays it."""
    file = scene.file
    controls = controls_of(file, scene.world)
    keys = {control["key"] for control in controls}
    return {"toml": {"file": f"{scene.name}.toml", **text_of(file, keys)}, "controls": controls,
            "relations": relations_of(file.scenario, keys), "world": f"world-{number}", "cast": cast(scene.model),
            "drawn": drawn(scene.model, scene.world)}


def _without(entry: Data, *left_out: str) -> Data:
    """Return an entry without what stands elsewhere."""
    return {key: value for key, value in entry.items() if key not in left_out}


def finite(data: Any) -> Any:
    """Return data as JSON has it: None for numbers that are not finite, lists for tuples."""
    if isinstance(data, dict):
        return {key: finite(part) for key, part in data.items()}
    if isinstance(data, list | tuple):
        return [finite(part) for part in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
