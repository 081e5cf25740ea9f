"""From files to files: what the commands `calibrate` and `backtest` do, and the Python interface with them."""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.evidence import fit_file, fragment
from sim.evidence.asked import BACKTEST, CALIBRATION, Out, asked_of
from sim.evidence.backtest import Backtest
from sim.evidence.backtest import as_json as backtest_json
from sim.evidence.backtest import backtest as forecast_all
from sim.evidence.calibrate import Calibration, as_json
from sim.evidence.calibrate import calibrate as fit_all
from sim.evidence.cut import day_of, join
from sim.evidence.errors import DataError
from sim.evidence.gaps import Gaps, mask
from sim.evidence.large import is_large
from sim.evidence.places import within
from sim.evidence.quiet import doubt
from sim.evidence.read import read
from sim.evidence.recommend import SHORTEST_SPELL, SPELLS
from sim.evidence.record import Record
from sim.evidence.rhythm import regular
from sim.evidence.stretches import Regimes, read_regimes
from sim.play.choice import silent
from sim.play.files import write_whole
from sim.play.folder import PROGRAM, Contents, Place, record_of, results_folder
from sim.play.identity import Identity
from sim.play.kept import write_record
from sim.play.storage import as_json as text_of
from sim.play.storage import finite
from sim.scenario.errors import ScenarioError
from sim.scenario.load import ScenarioFile, load
from sim.scenario.shown import Shown

Files = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, repr=False)
class Calibrated(Shown):
    """A calibration and what is written of it.

    Attributes
    ----------
    result
        The calibration.
    keys
        Its best model as keys of a scenario; None where they would be more than a scenario allows.
    unsaid
        Why there are no keys, or why fit.toml cannot be played as it is, a line each.
    report
        What stands in fit.json.
    folder
        Where it was written; None if it was not.
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
    scenario: str | os.PathLike[str] | ScenarioFile | None = None,
    kind: str | None = None,
    seed: int = 1,
    out: Out | None = None,
    figures: bool = True,
    say: Callable[[str], None] = silent,
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
        One CSV file, or several of counts over times that do not overlap; see `sim.evidence.read.read`.
    regimes
        A scenario, or a file with its tables ``tension.dated`` and ``suppressions`` alone, for dated regimes; those of
        ``scenario`` when left out.
    scenario
        The scenario that the fit is for: fit.toml extends it.
    kind
        ``events``, ``counts`` or ``cumulative``; recognised by the columns when left out.
    seed
        Of the draws from the fit and of simulations.
    out
        Folder for fit.json, fit.toml and figures, or what names one; nothing is written when left out. If it has the
        same calibration already, that stays as it is.
    figures
        Whether to draw figures into it.
    say
        Told, in a line, what is being done.
    force
        Whether to replace whatever results the folder has. Files that this program did not write always stay.
    begin, end
        First and last day that were watched; those of the data when left out.
    gaps
        Days within that were not watched: a CSV file with the columns ``begin`` and ``end``, both days included, or
        pairs of dates. None at all (an empty list, a file without rows) says that all zeros are true.
    by
        ``time``, ``day``, ``week`` or ``month``: by what attacks are counted; decided by the dates when left out.

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the scenario or the regimes.
    FolderError
        If the folder holds something else.
    """
    file = scenario if isinstance(scenario, ScenarioFile) or scenario is None else load(scenario)
    record = read_all(data, kind, begin, end, gaps, by)
    if file is not None:
        record = within(record, file)
        if out is not None:
            fit_file.refuse_unnameable(file)
    known = _regimes(regimes, file)
    record = _doubted(record, known, begin, end, gaps, say)
    own = asked_of(record, known, file, seed)

    def fit() -> tuple[Calibration, fragment.Keys | None, tuple[str, ...], dict[str, Any]]:
        result = fit_all(record, known, seed, say)
        keys, unsaid = _keys(result, file)
        return result, keys, unsaid, _report(result, keys, seed)

    if out is None:
        return Calibrated(*fit(), None)
    folder = out(own) if callable(out) else Path(out)
    with results_folder(folder, own, CALIBRATION, force, say=say) as place:
        result, keys, unsaid, report = fit()

        def write(draft: Path) -> None:
            write_whole(draft / "fit.json", json_text(report))
            if keys is not None:
                write_whole(draft / "fit.toml", fit_file.text(folder, result, keys, file))

        def draw(draft: Path) -> None:
            from sim.figures import calibration

            calibration.draw_all(result, draft / "figures")

        _keep(place, own, CALIBRATION, write, draw if figures else None, say)
    if keys is not None and file is not None:
        unsaid = (*unsaid, *_refused(folder / "fit.toml"))
    return Calibrated(result, keys, unsaid, report, folder)


def _keep(
    place: Place, own: Identity, of: Contents, write: Callable[[Path], None], draw: Callable[[Path], None] | None,
    say: Callable[[str], None],
) -> None:
    """Put results into their folder; if they are there already, add no more than their figures."""
    if not place.is_whole:
        write(place.draft)
        write_record(place.draft / of.record, record_of(own, of))
        if draw is not None:
            draw(place.draft)
        place.put()
        return
    say(f"{place.folder} has this {of.holds} already; it stays as it is.")
    if draw is not None and not place.has_figures:
        draw(place.draft)
        place.add()
        say("The figures are added.")


def _salvos(result: Calibration) -> str:
    """Say why nothing is written if a rate that switches within a day explains the record best."""
    best = min(result.models.values(), key=lambda entry: entry.fit.aic).fit
    spell = min(best.value(name) or math.inf for name in SPELLS)
    if spell >= SHORTEST_SPELL:
        return ""
    return (f"no fit.toml: the rate would switch after {24 * spell:.1f} hours on average, which is no regional tension "
            "but attacks that come in salvos or at certain hours; count by day (--by day), or enter a salvo as one "
            "attack")


def _keys(result: Calibration, file: ScenarioFile | None) -> tuple[fragment.Keys | None, tuple[str, ...]]:
    """Return the fit as keys of a scenario, or None, and what a reader should know about it."""
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


def backtest(
    data: Files,
    to: date,
    until: date | None = None,
    every: int | None = None,
    regimes: str | os.PathLike[str] | None = None,
    kind: str | None = None,
    seed: int = 1,
    out: Out | None = None,
    figures: bool = True,
    say: Callable[[str], None] = silent,
    force: bool = False,
    begin: date | None = None,
    end: date | None = None,
    gaps: Gaps | None = None,
    by: str | None = None,
) -> tuple[Backtest, dict[str, Any]]:
    """Fit to what was known on a date, forecast beyond it, and score the forecast against what came.

    Parameters
    ----------
    data, regimes, kind, figures, say, force, begin, end, gaps, by
        As for `calibrate`. A forecaster knows only the regimes that had begun by its date.
    to
        Last day known.
    until
        Last day forecast; that of the data when left out.
    every
        Days from one forecast to the next; only one when left out.
    seed
        Of draws and simulations.
    out
        Folder for backtest.json and figures, or what names one; nothing is written when left out. If it has the same
        backtest already, that stays as it is.

    Returns
    -------
    result : Backtest
    report : dict
        What stands in backtest.json.

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the regimes.
    FolderError
        If the folder holds something else.
    """
    record, known = read_all(data, kind, begin, end, gaps, by), _regimes(regimes, None)
    record = _doubted(record, known, begin, end, gaps, say)
    own = asked_of(record, known, None, seed, to=to, until=until, every=every)

    def forecast() -> tuple[Backtest, dict[str, Any]]:
        result = forecast_all(record, known, to, until, every, seed, say)
        return result, {"program": PROGRAM, "version": version(PROGRAM), "seed": seed,
                        "data": [{"file": name, "sha256": sha} for name, sha in record.files],
                        "notes": [*record.notes, *record.doubts], **backtest_json(result)}

    if out is None:
        return forecast()
    with results_folder(out(own) if callable(out) else Path(out), own, BACKTEST, force, say=say) as place:
        result, report = forecast()

        def draw(draft: Path) -> None:
            from sim.figures import backtest as pictures

            pictures.draw_all(result, draft / "figures")

        _keep(place, own, BACKTEST, lambda draft: write_whole(draft / "backtest.json", json_text(report)),
              draw if figures else None, say)
    return result, report


def read_all(data: Files, kind: str | None, begin: date | None = None, end: date | None = None,
             gaps: Gaps | None = None, by: str | None = None) -> Record:
    """Read one file, or several as one record, with what the user says about the time watched and about its dates."""
    paths = [data] if isinstance(data, str | os.PathLike) else list(data)
    records = [read(path, kind, begin=begin, end=end) if len(paths) == 1 else read(path, kind) for path in paths]
    if len(paths) > 1 and (begin or end):
        order = sorted(range(len(paths)), key=lambda i: records[i].first_day)
        records[order[0]] = read(paths[order[0]], kind, begin=begin)
        records[order[-1]] = read(paths[order[-1]], kind, end=end)
    record = join(records)
    if record.guessed:
        first, last = day_of(record, record.begin), day_of(record, record.end - 1e-9)
        asked = " and ".join(f"--{name}" for name in record.guessed)
        record = replace(record, notes=(
            f"the data do not tell how long attacks were watched for: taken as from the first to the last, {first} to "
            f"{last}. Quiet time before or after them counts, so give {asked} if it was longer", *record.notes))
    record = regular(record if gaps is None else mask(record, gaps), by)
    if not is_large(record):
        return record
    return replace(record, notes=(
        *record.notes, "the counts are so large that their likelihoods are approximated: means and variances are "
        "exact, counts are taken as negative binomial (docs/calibration.md)"))


def _doubted(record: Record, regimes: Regimes | None, begin: date | None, end: date | None, gaps: Gaps | None,
             say: Callable[[str], None]) -> Record:
    """Return a record with what is doubtful about it, if the user has not said which of its time was watched."""
    quiet = None if gaps is not None else doubt(record, regimes, say, (begin is not None, end is not None))
    return record if quiet is None else replace(record, doubts=(quiet.warning(record),))


def _regimes(regimes: str | os.PathLike[str] | None, file: ScenarioFile | None) -> Regimes | None:
    if regimes is not None:
        return read_regimes(regimes)
    return None if file is None else Regimes.of(file.scenario)


def _refused(path: Path) -> tuple[str, ...]:
    """Return what is wrong with a scenario file, since the fit may not go together with the rest of its scenario."""
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


def json_text(report: dict[str, Any]) -> str:
    """Return a report as it is written and printed; what is not finite is null."""
    return text_of(finite(report))
