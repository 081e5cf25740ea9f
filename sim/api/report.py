"""Reports: the living page of scenarios or results, as one HTML file."""

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sim.api.compare import compare
from sim.api.run import run
from sim.comparison.compare import Comparison
from sim.play.errors import FolderError
from sim.play.result import Result
from sim.play.run import Progress
from sim.report.article import Article
from sim.report.compare_article import compare_article
from sim.report.document import document
from sim.report.file import write_report
from sim.report.html import html
from sim.report.kept_article import kept_article
from sim.report.run_article import run_article
from sim.report.scene import of_result as scene_of
from sim.report.sources import Found, Kept, in_folder, scenario_of
from sim.scenario.load import ScenarioFile
from sim.scenario.source import Source, file_of

QUICK = 1_000
"""The replications that are played first of a scenario that is explored; the page plays more."""


@dataclass(frozen=True, repr=False)
class Report:
    """A report: it writes itself into a file, and shows itself in a cell of a notebook.

    Attributes
    ----------
    article
        Its text, its tables and its data.
    """

    article: Article

    def __repr__(self) -> str:
        return f"<Report: {self.article.title}; .write(FILE) writes it>"

    def html(self) -> str:
        """Return the page as text."""
        return html(self.article)

    def document(self) -> dict[str, Any]:
        """Return the data that the page reads, fit for JSON."""
        return document(self.article)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the page into a file, in place of an earlier report.

        Raises
        ------
        FolderError
            If there is something else already.
        """
        return write_report(Path(path), self.html())

    def _repr_html_(self) -> str:
        return (f'<iframe srcdoc="{escape(self.html())}" title="{escape(self.article.title)}" '
                'style="width: 100%; height: 85vh; border: 0"></iframe>')


def report(
    *sources: "Source | Comparison",
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    say: Callable[[str], None] = print,
) -> Report:
    """Make a report on scenarios or results: one HTML page, in which the reader moves the levers.

    Parameters
    ----------
    sources
        Scenarios (files, what `load` returned), folders of results, or results. Several make a comparison with the
        first; they have to be scenarios or runs.
    replications
        Replications to play of scenarios; beside results as many as they have, or 10,000, when left out.
    seed
        The seed of the random numbers; beside results theirs, or 1, when left out.
    workers, progress, say
        As for `sim.run`.

    Raises
    ------
    ScenarioError
        With all that is wrong with a scenario.
    FolderError
        If a folder holds no results, or of a kind that there is no report on.
    ComparisonError
        If scenarios cannot be compared; if runs have different seeds.
    ValueError
        If replications or a seed are given for results, which have those with which they were played.
    """
    found = [_found(source) for source in sources]
    if not found:
        raise ValueError("name at least one scenario or folder of results")
    if (replications, seed) != (None, None) and not all(isinstance(one, ScenarioFile) for one in found):
        raise ValueError("results have the replications and the seed with which they were played")
    if len(found) == 1:
        return Report(_article(found[0], replications, seed, workers, progress, say))
    if any(isinstance(one, Comparison | Kept) for one in found):
        raise FolderError("only scenarios and folders of runs can be put together in one report")
    scenarios: list[Source] = [one for one in found if isinstance(one, Result | ScenarioFile)]
    compared = compare(scenarios, replications=replications, seed=seed, workers=workers, progress=progress, say=say)
    return Report(_article(compared, None, None, workers, progress, say))


def explore(source: Source, replications: int | None = None, seed: int | None = None) -> Report:
    """Show the living page of a scenario or results in a cell of a notebook; see `report`.

    Of a scenario, 1,000 replications are played when left out.
    """
    if replications is None and isinstance(_found(source), ScenarioFile):
        replications = QUICK
    return report(source, replications=replications, seed=seed)


def of_result(result: Result) -> Report:
    """Return the report on a run."""
    return Report(_of_run(result))


def _found(source: "Source | Comparison") -> Found | ScenarioFile:
    """Return results as they are or as they are read, and anything else as a scenario."""
    if isinstance(source, Result | Comparison):
        return source
    if isinstance(source, str | os.PathLike) and Path(source).is_dir():
        return in_folder(source)
    return file_of(source)


def _article(
    found: Found | ScenarioFile, replications: int | None, seed: int | None, workers: int | None,
    progress: Progress | None, say: Callable[[str], None],
) -> Article:
    if isinstance(found, ScenarioFile):
        found = run(found, replications, 1 if seed is None else seed, workers, progress=progress, say=say)
    if isinstance(found, Result):
        return _of_run(found)
    if isinstance(found, Comparison):
        names = [side.name for side in found.sides]
        return compare_article(found, _command(names, found.seed, found.replications))
    base = scenario_of(found)
    played = None if base is None else run(base, QUICK, found.record["seed"], workers,
                                           progress=progress, say=say)
    return kept_article(found, None if played is None else scene_of(played))


def _of_run(result: Result) -> Article:
    return run_article(scene_of(result), _command([result.file.name], result.seed, result.replications))


def _command(names: Sequence[str], seed: int, replications: int) -> str:
    """Return the command that makes a report again from the files that can be downloaded from it."""
    files = " ".join(shlex.quote(f"{name}.toml") for name in names)
    return f"report {files} --seed {seed} --replications {replications}"
