"""Fit the attack process to data: from data files to a folder with the fit."""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.api.evidence import Files, doubted, json_text, keep, read_all, regimes_of
from sim.evidence import fit_file, fragment
from sim.evidence.asked import CALIBRATION, Out, asked_of
from sim.evidence.calibrate import Calibration, as_json
from sim.evidence.calibrate import calibrate as fit_all
from sim.evidence.errors import DataError
from sim.evidence.gaps import Gaps
from sim.evidence.places import within
from sim.evidence.recommend import SHORTEST_SPELL, SPELLS
from sim.play.files import write_whole
from sim.play.folder import PROGRAM, results_folder
from sim.scenario.errors import ScenarioError
from sim.scenario.load import ScenarioFile, load
from sim.scenario.shown import Shown
from sim.scenario.source import Source, file_of


@dataclass(frozen=True, repr=False)
class Calibrated(Shown):
    """A calibration, and what is written about it.

    Attributes
    ----------
    result
        The calibration.
    keys
        Its best model as keys of a scenario; None if a scenario cannot hold it.
    unsaid
        Why there are no keys, or why fit.toml cannot be played as it is; one reason per line.
    report
        The contents of fit.json.
    folder
        The folder that it was written to; None if it was not.
    """

    result: Calibration
    keys: fragment.Keys | None
    unsaid: tuple[str, ...]
    report: dict[str, Any]
    folder: Path | None

    def _about(self) -> str:
        return self.result._about() + (f", in {self.folder}" if self.folder is not None else "")

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        return self.result._parts()


def calibrate(
    data: Files,
    regimes: str | os.PathLike[str] | None = None,
    scenario: Source | None = None,
    kind: str | None = None,
    seed: int = 1,
    out: Out | None = None,
    figures: bool = True,
    say: Callable[[str], None] = print,
    force: bool = False,
    begin: date | None = None,
    end: date | None = None,
    gaps: Gaps | None = None,
    by: str | None = None,
) -> Calibrated:
    """Fit the attack process to data.

    Parameters
    ----------
    data
        One CSV file, or several with counts for periods that do not overlap; see `sim.evidence.read.read`.
    regimes
        Dated regimes: a scenario, or a file with only its tables ``tension.dated`` and ``suppressions``; those of
        ``scenario`` when left out.
    scenario
        The scenario that the fit is for: fit.toml extends it.
    kind
        ``events``, ``counts`` or ``cumulative``; recognised by the columns when left out.
    seed
        The seed of draws from the fit and of simulations.
    out
        Folder for fit.json, fit.toml and figures, or a function that names one; nothing is written when left out. If
        it has the same calibration already, that stays as it is.
    figures
        Whether to draw figures into it.
    say
        Called with a line of text about what is being done.
    force
        Whether to replace any results in the folder. Files that this program did not write always stay.
    begin, end
        The first and last day that attacks were recorded; those of the data when left out.
    gaps
        Days in between that were not recorded: pairs of dates, or a CSV file with the columns ``begin`` and ``end``,
        both days included. An empty list or file says that every zero is true.
    by
        ``time``, ``day``, ``week`` or ``month``: the unit of time to count attacks by; decided by the dates when left
        out.

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the scenario or the regimes.
    FolderError
        If the folder holds other results.
    """
    file = None if scenario is None else file_of(scenario)
    record = read_all(data, kind, begin, end, gaps, by)
    if file is not None:
        record = within(record, file)
        if out is not None:
            fit_file.refuse_unnameable(file)
    dated = regimes_of(regimes, file)
    record = doubted(record, dated, begin, end, gaps, say)
    identity = asked_of(record, dated, file, seed)

    def fit() -> tuple[Calibration, fragment.Keys | None, tuple[str, ...], dict[str, Any]]:
        result = fit_all(record, dated, seed, say)
        keys, unsaid = _keys(result, file)
        return result, keys, unsaid, _report(result, keys, seed)

    if out is None:
        return Calibrated(*fit(), None)
    folder = out(identity) if callable(out) else Path(out)
    with results_folder(folder, identity, CALIBRATION, force, say=say) as place:
        result, keys, unsaid, report = fit()

        def write(draft: Path) -> None:
            write_whole(draft / "fit.json", json_text(report))
            if keys is not None:
                write_whole(draft / "fit.toml", fit_file.text(folder, result, keys, file))

        def draw(draft: Path) -> None:
            from sim.figures import calibration

            calibration.draw_all(result, draft / "figures")

        keep(place, identity, CALIBRATION, write, draw if figures else None, say)
    if keys is not None and file is not None:
        unsaid = (*unsaid, *_refused(folder / "fit.toml"))
    return Calibrated(result, keys, unsaid, report, folder)


def _keys(result: Calibration, file: ScenarioFile | None) -> tuple[fragment.Keys | None, tuple[str, ...]]:
    """Return the fit as keys of a scenario, or None, and what the reader should know about it."""
    if result.record.doubts:
        return None, ("no fit.toml: first say whether the times without attacks are true",)
    if why := _salvos(result):
        return None, (why,)
    try:
        keys = fragment.keys_of(result, file)
    except DataError as error:
        return None, error.problems
    if not keys.empty:
        return keys, ()
    if file is None:
        return None, ("no fit.toml: there is nothing to write as a scenario", *keys.remarks)
    return keys, ()


def _salvos(result: Calibration) -> str:
    """If a rate that switches within a day explains the record best, say why no fit.toml is written."""
    best = min(result.models.values(), key=lambda entry: entry.fit.aic).fit
    spell = min(best.value(name) or math.inf for name in SPELLS)
    if spell >= SHORTEST_SPELL:
        return ""
    return (f"no fit.toml: the rate would switch after {24 * spell:.1f} hours on average, which is no regional tension "
            "but attacks that come in salvos or at certain hours; count by day (--by day), or enter a salvo as one "
            "attack")


def _refused(path: Path) -> tuple[str, ...]:
    """Return what is wrong with a scenario file: the fit may contradict the rest of its scenario."""
    try:
        load(path)
    except ScenarioError as error:
        return tuple(f"not to be played as it is: {problem}" for problem in error.problems)
    return ()


def _report(result: Calibration, keys: fragment.Keys | None, seed: int) -> dict[str, Any]:
    return {
        "program": PROGRAM, "version": version(PROGRAM), "seed": seed,
        "data": [{"file": name, "sha256": digest} for name, digest in result.record.files],
        **as_json(result),
        "scenario_keys": keys and {
            "best": keys.best, "fixed": keys.fixed, "draws": len(keys.rows), "notes": keys.notes,
            "left_out": keys.left_out, "labels": keys.labels,
            "harm": {key: estimate.as_json() for key, estimate in keys.harm.items()}},
    }
