"""Forecast drawdowns of the past and score the forecasts: from scenarios, with what came beside them, to a folder."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.api.evidence import json_text, keep
from sim.evidence.asked import HINDCAST, Out
from sim.evidence.drawdowns import Episode, episodes
from sim.evidence.errors import DataError
from sim.evidence.happened import COLUMNS, happened, path_beside
from sim.evidence.hindcast import REPLICATIONS, Case, Hindcasts, as_json, episodes_of, hindcast_all
from sim.evidence.hindcast_told import sentences
from sim.play.files import write_whole
from sim.play.folder import PROGRAM, results_folder
from sim.play.identity import Identity, digest, identity, version_with
from sim.scenario.load import load_all
from sim.scenario.shipped import HISTORY
from sim.scenario.shown import Shown
from sim.words.phrases import whole_percent


@dataclass(frozen=True, repr=False)
class Hindcasted(Shown):
    """Hindcasts, and what is written about them.

    Attributes
    ----------
    result
        The forecasts and their scores.
    report
        The contents of hindcast.json.
    folder
        The folder that it was written to; None if it was not.
    """

    result: Hindcasts
    report: dict[str, Any]
    folder: Path | None

    def _about(self) -> str:
        return " ".join(sentences(self.result))

    def _parts(self) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
        rows = [(one.name, score.observation.text, f"{score.percentile:.0f}", whole_percent(score.inside(0.9)))
                for one, score in self.result.scores]
        return [("", ("Drawdown", "Observation", "Percentile", "In middle 90 %"), rows)]


def hindcast(
    scenarios: Sequence[str | os.PathLike[str]] = (),
    replications: int = REPLICATIONS,
    seed: int = 1,
    out: Out | None = None,
    figures: bool = True,
    say: Callable[[str], None] = print,
    force: bool = False,
) -> Hindcasted:
    """Forecast drawdowns from what was known when they were ordered, and score the forecasts with what came.

    Parameters
    ----------
    scenarios
        Scenario files; beside each, a CSV file of the same name says what came. All that come with the program when
        left out.
    replications
        How many replications to play of each.
    seed
        The seed of the random numbers.
    out
        Folder for hindcast.json and figures, or a function that names one; nothing is written when left out. If it has
        the same hindcast already, that stays as it is.
    figures
        Whether to draw figures into that folder.
    say
        Called with a line of text about what is being done.
    force
        Whether to replace any results in the folder.

    Returns
    -------
    Hindcasted

    Raises
    ------
    ScenarioError
        With all that is wrong with the scenarios.
    DataError
        With all that is wrong with what came, or with the plans.
    FolderError
        If the folder holds something else.
    ValueError
        If there are fewer than two replications, or the seed is negative.
    """
    if replications < 2 or seed < 0:
        raise ValueError("replications must be at least 2, and the seed at least 0")
    record = episodes()
    cases = read_cases(scenarios, record)

    def forecast() -> tuple[Hindcasts, dict[str, Any]]:
        result = hindcast_all(cases, record, seed, replications, say)
        return result, {"program": PROGRAM, "version": version(PROGRAM), "seed": seed, **as_json(result),
                        "told": sentences(result)}

    if out is None:
        return Hindcasted(*forecast(), None)
    asked = _asked(cases, record, seed, replications)
    folder = out(asked) if callable(out) else Path(out)
    with results_folder(folder, asked, HINDCAST, force, say=say) as place:
        result, report = forecast()

        def draw(draft: Path) -> None:
            from sim.figures import hindcast as pictures

            pictures.draw_all(result, draft / "figures")

        keep(place, asked, HINDCAST, lambda draft: write_whole(draft / "hindcast.json", json_text(report)),
             draw if figures else None, say)
    return Hindcasted(result, report, folder)


def read_cases(scenarios: Sequence[str | os.PathLike[str]], record: Sequence[Episode]) -> list[Case]:
    """Read scenarios and what came of them; see `hindcast`."""
    paths = [HISTORY.find(os.fsdecode(path)) for path in scenarios or HISTORY.names]
    if lacking := tuple(f"{path}: {HISTORY.missing(path)}" for path in paths if not os.path.lexists(path)):
        raise DataError(lacking)
    files = load_all(paths)
    cases, problems = [], []
    for i, file in enumerate(files):
        if file.name in [other.name for other in files[:i]]:
            problems.append(f"{file.path}: another scenario is called {file.name} too; each needs a name of its own")
            continue
        if not (beside := path_beside(file)).exists():
            problems.append(f"{beside}: there is no such file; it should say what came of {file.path}, with the "
                            f"columns {', '.join(COLUMNS)}")
            continue
        try:
            came = happened(beside, file, record)
        except DataError as error:
            problems += error.problems
        else:
            cases.append(Case(file, came, episodes_of(file, came, record)))
    if problems:
        raise DataError(tuple(problems))
    return cases


def _asked(cases: Sequence[Case], record: Sequence[Episode], seed: int, replications: int) -> Identity:
    """Return what results belong to: the scenarios, what came, the record, and everything else asked for."""
    content = {
        "cases": {case.file.name: {**identity(case.file, seed).scenario, "came": case.happened.sha256,
                                   "left_out": list(case.left_out)} for case in cases},
        "record": digest([str(episode) for episode in record]), "replications": replications}
    return Identity(content, seed, version_with("sim.evidence"))
