"""Forecast attacks after a date, and score the forecasts: from data files to a folder with the scores."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.api.evidence import Files, doubted, json_text, keep, read_all, regimes_of
from sim.evidence.asked import BACKTEST, Out, asked_of
from sim.evidence.backtest import Backtest
from sim.evidence.backtest import as_json as backtest_json
from sim.evidence.backtest import backtest as forecast_all
from sim.evidence.gaps import Gaps
from sim.play.files import write_whole
from sim.play.folder import PROGRAM, results_folder
from sim.scenario.shown import Shown


@dataclass(frozen=True, repr=False)
class Backtested(Shown):
    """A back-test, and what is written about it.

    Attributes
    ----------
    result
        The forecasts and their scores.
    report
        The contents of backtest.json.
    folder
        The folder that it was written to; None if it was not.
    """

    result: Backtest
    report: dict[str, Any]
    folder: Path | None

    def _about(self) -> str:
        return self.result._about() + (f", in {self.folder}" if self.folder is not None else "")

    def _parts(self) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
        return self.result._parts()


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
    say: Callable[[str], None] = print,
    force: bool = False,
    begin: date | None = None,
    end: date | None = None,
    gaps: Gaps | None = None,
    by: str | None = None,
) -> Backtested:
    """Fit to the data known on a date, forecast the attacks that follow, and score the forecast against the data.

    Parameters
    ----------
    data, regimes, kind, figures, say, force, begin, end, gaps, by
        As for `calibrate`. A forecaster only knows the regimes that had begun by its date.
    to
        The last day of the data to fit to.
    until
        The last day to forecast; the last of the data when left out.
    every
        Days from one forecast to the next; there is only one forecast when left out.
    seed
        The seed of draws and simulations.
    out
        Folder for backtest.json and figures, or a function that names one; nothing is written when left out. If it
        has the same backtest already, that stays as it is.

    Returns
    -------
    Backtested

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the regimes.
    FolderError
        If the folder holds something else.
    """
    record, dated = read_all(data, kind, begin, end, gaps, by), regimes_of(regimes, None)
    record = doubted(record, dated, begin, end, gaps, say)
    identity = asked_of(record, dated, None, seed, to=to, until=until, every=every)

    def forecast() -> tuple[Backtest, dict[str, Any]]:
        result = forecast_all(record, dated, to, until, every, seed, say)
        return result, {"program": PROGRAM, "version": version(PROGRAM), "seed": seed,
                        "data": [{"file": name, "sha256": sha} for name, sha in record.files],
                        "notes": [*record.notes, *record.doubts], **backtest_json(result)}

    if out is None:
        return Backtested(*forecast(), None)
    folder = out(identity) if callable(out) else Path(out)
    with results_folder(folder, identity, BACKTEST, force, say=say) as place:
        result, report = forecast()

        def draw(draft: Path) -> None:
            from sim.figures import backtest as pictures

            pictures.draw_all(result, draft / "figures")

        keep(place, identity, BACKTEST, lambda draft: write_whole(draft / "backtest.json", json_text(report)),
              draw if figures else None, say)
    return Backtested(result, report, folder)
