"""Articles about results that are not those of a scenario alone: a study, a calibration, a back-test."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.evidence.asked import BACKTEST, CALIBRATION
from sim.play.errors import Damaged, FolderError
from sim.play.folder import RUN
from sim.play.kept import ResultsRecord, as_kind, check_files
from sim.report import run_sections
from sim.report.article import CAVEAT, Article, Figure, Section, made, of_texts, plain_table
from sim.report.scene import Scene
from sim.report.shared_sections import assumed, reproduce, trust
from sim.report.sources import Kept
from sim.scenario.program import command_of
from sim.study import table as study_table
from sim.study.pick import goals_of
from sim.study.rows import STUDY
from sim.study.store import open_study
from sim.words.labels import in_sentence, one_line, outcome_label, with_unit
from sim.words.phrases import counted, date_text, listed, mean_text, minus, number, share, whole_percent

if TYPE_CHECKING:
    import xarray as xr

ANALYSES = {"robust": "Which policy holds up", "sensitivity": "What moves the outcomes",
            "discover": "Where a plan fails", "voi": "What it would be worth to know more"}
"""What can be asked of a study, by the first word of the file with the answer."""
NOT_ASKED = ("Which policy holds up best has not been asked of this study yet: the commands robust, sensitivity, "
             "discover and voi ask such questions, and a report made afterwards has the answers.")
OF_ALL = "Share of futures in which all thresholds are kept"
"""How the sentence of `robust` about all outcomes together begins."""
FITS_ARE_READ = [
    "AIC and BIC weigh how well a model fits against how many parameters it has: lower is better.",
    "The out-of-sample score is of forecasts of data that the fit had not seen: higher is better."]
SCORES_ARE_READ = [
    "CRPS is how far a forecast lies from what came, in attacks, allowing for how sure it was of itself.",
    "Of CRPS and log score, lower is better."]
MOST_SENTENCES = 3
MOST_POLICIES = 4
"""The most policies named in a sentence."""
PICTURES = {
    "attacks": "Attacks as recorded, and as the fitted model simulates them", "deaths": "Deaths in a fatal attack",
    "residuals": "How far counts are from what the fitted model expects", "forecast": "The forecast, and what came",
    "rootogram": "How often each count occurs, and how often the fitted model expects it",
    "models": "The models compared", "scores": "How the forecasters score", "robust": "Which policy holds up",
    "sensitivity": "What moves the outcome", "discover": "Where the plan fails", "voi": "What knowledge would be worth",
}
"""What the figures of these commands show, by the first word of their name."""


def kept_article(found: Kept, base: Scene | None) -> Article:
    """Return the article about a study, a calibration or a back-test.

    Parameters
    ----------
    found
        The results.
    base
        The scenario that it is about, played; None if there is none.

    Raises
    ------
    FolderError
        If they are damaged, or of another version of the program.
    """
    article: dict[str, Callable[[Kept, Scene | None], Article]] = {
        STUDY.holds: _study, CALIBRATION.holds: _calibration, BACKTEST.holds: _backtest}
    try:
        return article[found.kind](found, base)
    except (KeyError, TypeError):
        raise FolderError(f"{found.folder} holds results of another version of this program; run the command again "
                          "for a report") from None


def _study(found: Kept, base: Scene | None) -> Article:
    dataset, record = open_study(found.folder), found.record
    extent = study_table.extent(record["policies"], record["futures"], record["replications"])
    table = of_texts(study_table.table(dataset))
    sections = [Section("outcomes", "The policies", [], [table], [], study_table.words(dataset))]
    told: list[str] = []
    for name, title in ANALYSES.items():
        lines = [line for path in sorted(found.folder.glob(f"{name}*.json")) for line in _words(path)]
        figures = list(_pictures(found.folder, lines, name))
        if lines or figures:
            sections.append(Section(name, title, [], [], figures, lines))
        told += [line for line in lines if line.startswith(OF_ALL)][:1] or lines[:1]
    kept = _kept_within(dataset)
    answer = [*kept[:1], *told[:MOST_SENTENCES]] if told else [*kept[:MOST_SENTENCES], NOT_ASKED]
    title = one_line(str(record["title"])) or str(record["name"])
    return _article(found, "study", title, one_line(str(record["question"])), [*answer, CAVEAT], [
        f"{extent} were played. A future is one setting of the study's uncertain numbers; all policies meet the same "
        "futures with the same random numbers.", "Mean and range are over futures; within is the share of futures in "
        "which the threshold is kept.", *([f"The controls, and all figures and tables but those of the study, are "
        f"about its first scenario, {base.name}."] if base else [])], sections, base)


def _kept_within(dataset: "xr.Dataset") -> list[str]:
    """Say of each outcome with a threshold in which share of the futures each policy keeps it."""
    by_policy, sentences = study_table.summary(dataset), []
    ends = [date.fromisoformat(dataset.attrs[end]) for end in ("start", "end")]
    for goal in goals_of(dataset):
        if goal.threshold is not None:
            unit = f" {goal.unit}" if with_unit(goal.judged, goal.kind, goal.unit) != goal.judged else ""
            most = "most" if goal.better == "low" else "least"
            limit = f"at {most} {mean_text(goal.threshold, goal.kind, *ends)}{unit}"
            kept = [f"{whole_percent(outcomes[goal.name]['within'])}{'' if at else ' of the futures'} under {policy}"
                    for at, (policy, outcomes) in enumerate(by_policy.items())]
            sentences.append(f"The threshold for {in_sentence(goal.judged)} ({limit}) is kept in "
                             f"{listed(kept, MOST_POLICIES)}.")
    return sentences


def _calibration(found: Kept, base: Scene | None) -> Article:
    data = _report(found, "fit.json")
    best, models = data["models"][data["best"]], data["models"]
    rows = [[model["label"], str(model["parameters_fitted"]), f"{model['aic']:.1f}", f"{model['bic']:.1f}",
             "" if model["held_out_log_score"] is None else minus(f"{model['held_out_log_score']:.1f}")]
            for model in sorted(models.values(), key=lambda model: model["aic"])]
    head = ["Model", "Parameters", "AIC", "BIC", "Out-of-sample score"]
    fitted = [[name.replace("_", " "), _said(entry["estimate"]), " – ".join(map(_said, entry["ci90"])), entry["unit"]]
              for name, entry in best["parameters"].items()]
    observed = data["observed"]
    tables = [plain_table("Models compared", head, rows, head[1:]),
              plain_table(f"Parameters: {best['label']}", ["Parameter", "Estimate", "90 % interval", "Unit"], fitted,
                          ["Estimate", "90 % interval"])]
    why = [f"{line}." for line in data["why_not_the_lowest_aic"]]
    sections = [Section("outcomes", "Models of the attacks", why, tables,
                        list(_pictures(found.folder, [*_cells(rows), _fits(data)])),
                        [_fits(data), *observed["notes"], *data["warnings"]])]
    answer = [f"Of {len(models)} models of {observed['attacks']:,} attacks from {_day(observed['first_day'])} to "
              f"{_day(observed['last_day'])}, {best['label'].lower()} is recommended: {data['basis']}.",
              CAVEAT]
    return _article(found, "calibrate", f"Attacks: a fit to {_files(data)}", "Which process explains the attacks?",
                    answer, FITS_ARE_READ, sections, base)


def _backtest(found: Kept, base: Scene | None) -> Article:
    data = _report(found, "backtest.json")
    scores = sorted(data["forecasters"].values(), key=lambda score: score["crps"])
    rows = [[score["label"], f"{score['crps']:.2f}", f"{score['log_score']:.2f}", share(score["inside_50"]),
             share(score["inside_90"])] for score in scores]
    head = ["Forecaster", "CRPS", "Log score", "In middle 50 %", "In middle 90 %"]
    model = data["forecasters"]["model"]
    targets, others = model["targets"], model["crps_less_that_of"]
    missed = round(targets * (1 - model["inside_90"]))
    ahead = [name for name, gain in others.items() if data["forecasters"][name]["crps"] < model["crps"]]
    beyond = [data["forecasters"][name]["label"] for name in ahead if others[name]["beyond_noise"]]
    behind = (f"{counted(len(ahead), 'of the others scores', 'of the others score')} better, "
              f"{f'beyond noise {listed(beyond)}' if beyond else 'none beyond noise'}" if ahead else
              "none of the others scores better")
    answer = [f"Missed: {missed} of {counted(targets, 'count')} that came ({share(missed / targets)}) "
              f"{'lies' if missed == 1 else 'lie'} outside the middle 90 % of the recommended model's forecasts; 10 % "
              "should.",
              f"By how far forecasts lie from what came (CRPS), {behind}.",
              f"{data['distinct_intervals']} distinct intervals are all the evidence there is.", CAVEAT]
    sections = [Section("outcomes", "The forecasts", [], [plain_table("Scores", head, rows, head[1:])],
                        list(_pictures(found.folder, _cells(rows))), list(data["notes"]))]
    return _article(found, "backtest", f"Attacks: forecasts of {_files(data)}", "How good would forecasts have been?",
                    answer, SCORES_ARE_READ, sections, base)


def _article(
    found: Kept, kind: str, title: str, question: str, answer: list[str], how_to_read: list[str],
    sections: list[Section], base: Scene | None,
) -> Article:
    """Add the scenario that it is about, and what every article has."""
    how = made(title, f"report {found.folder.name}", found.record["seed"], found.record.get("replications", 0),
               command_of(found.record["command"]))
    scenes = [] if base is None else [base]
    about = [] if base is None else [run_sections.plan(base), run_sections.by_date(base), assumed(base), trust(base)]
    names = [scene.name for scene in scenes]
    ahead = (replace(section, ahead=True) for section in sections)
    every = [*ahead, *(section for section in about if section), reproduce(how, names)]
    return Article(kind, title, question, answer, how_to_read, how, every, scenes)


def _day(iso: str) -> str:
    return date_text(date.fromisoformat(iso))


def _fits(data: dict[str, Any]) -> str:
    """Say how well the recommended model fits."""
    fit = data["goodness_of_fit"]
    inside = "" if fit["inside_90"] is None else (
        f"; {share(fit['inside_90'])} of {counted(fit['intervals'], 'count')} lie inside its middle 90 %")
    return f"The recommended model: Kolmogorov-Smirnov test of its residuals, p = {number(fit['ks_p'])}{inside}."


def _report(found: Kept, name: str) -> dict[str, Any]:
    """Read a file of results, if it is as it was written."""
    try:
        check_files(found.folder, as_kind(found.record | {"files": found.record.get("files", {})}, ResultsRecord,
                                          found.folder / RUN.record), name)
        data: dict[str, Any] = json.loads((found.folder / name).read_bytes())
    except OSError:
        raise FolderError(f"{found.folder} holds no {name}") from None
    except Damaged as damage:
        raise FolderError(f"{damage}; run the command again for results to rely on") from None
    return data


def _words(path: Path) -> list[str]:
    """Return the sentences in the answer to a question about a study; none if it cannot be read."""
    try:
        data = json.loads(path.read_bytes())
        told = [data] if data.get("words") else data["outcomes"].values()  # the whole names the outcome in each line
        return [str(line) for entry in told for line in entry.get("words", ())]
    except (OSError, ValueError, KeyError, AttributeError):
        return []


def _said(value: float | None) -> str:
    return "–" if value is None else number(value)


def _cells(rows: list[list[str]]) -> list[str]:
    return ["; ".join(row) + "." for row in rows]


def _pictures(folder: Path, told: list[str], prefix: str = "") -> Iterator[Figure]:
    """Yield the figures in a folder, each with what it shows in words: what the tables say of it."""
    for png in sorted((folder / "figures").glob(f"{prefix}*.png")):
        first, _, rest = png.stem.partition("_")
        title = PICTURES.get(first, png.stem.replace("_", " "))
        if first in ANALYSES and rest:
            title += f": {in_sentence(outcome_label(rest)).replace('_', ' ')}"
        forms = [path for path in (png, png.with_suffix(".svg")) if path.is_file()]
        picture = min(forms, key=lambda path: path.stat().st_size)
        kind = "svg+xml" if picture.suffix == ".svg" else "png"
        source = f"data:image/{kind};base64,{b64encode(picture.read_bytes()).decode()}"
        yield Figure(png.stem, "picture", f"{title}.", "", f"{title}. {' '.join(told)}", src=source)


def _files(data: dict[str, Any]) -> str:
    return ", ".join(one_line(Path(entry["file"]).name) for entry in data["data"])
