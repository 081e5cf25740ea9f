"""The commands about evidence: fit the attack process to data, and test forecasts against later data."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Force, Json, NoFigures, Quiet, Seed, one_of, shipped, whole_number
from sim.cli.terminal import print_table, print_text, print_written, stamps
from sim.scenario.dates import date_fault
from sim.scenario.files import stem
from sim.scenario.program import program
from sim.scenario.shipped import DATA, SCENARIOS
from sim.words.layout import table
from sim.words.phrases import whole_percent

if TYPE_CHECKING:
    from sim.api.calibrate import Calibrated
    from sim.play.identity import Identity


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(date_fault(text) or f"must be a date such as 2023-12-31, not {text}") from None


Data = Annotated[list[Path], typer.Argument(
    metavar="DATA", callback=shipped(DATA), help="CSV file of attacks; several if they are counts.")]
Regimes = Annotated[Path | None, typer.Option(
    metavar="FILE", callback=shipped(SCENARIOS),
    help="Dated regimes: a scenario, or a file with its tables tension.dated and suppressions.")]
Kind = Annotated[str | None, typer.Option(
    parser=one_of("events", "counts", "cumulative"), metavar="events|counts|cumulative",
    help="Kind of data; recognised by the columns when left out.")]
Begin = Annotated[date | None, typer.Option(
    parser=_date, metavar="DATE", help="First day that attacks were recorded; the first of the data when left out.")]
End = Annotated[date | None, typer.Option(
    parser=_date, metavar="DATE", help="Last day that attacks were recorded; the last of the data when left out.")]
Gaps = Annotated[Path | None, typer.Option(
    metavar="FILE", help="Days that were not recorded: a CSV file with the header begin,end. A file without "
    "rows: there are none.")]
By = Annotated[str | None, typer.Option(
    parser=one_of("time", "day", "week", "month"), metavar="time|day|week|month",
    help="Unit of time to count attacks by, whatever their dates look like.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the results; results/COMMAND/NAME/HASH when "
                                          "left out.")]


def calibrate(
    data: Data,
    regimes: Regimes = None,
    scenario: Annotated[Path | None, typer.Option(
        metavar="FILE", callback=shipped(SCENARIOS),
        help="Scenario that the fit is for: fit.toml extends it and has its regimes.")] = None,
    kind: Kind = None,
    begin: Begin = None,
    end: End = None,
    gaps: Gaps = None,
    by: By = None,
    seed: Seed = 1,
    out: Out = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit the attack process to data, and write the fit as a scenario file to build on."""
    from sim.api.calibrate import calibrate as fit
    from sim.api.evidence import json_text

    place = _Place("calibrate", data, out)
    done = fit(data, regimes, scenario, kind, seed, place, not no_figures, _say(quiet), force, begin, end, gaps, by)
    if as_json:
        typer.echo(json_text(done.report), nl=False)
        return
    _print_models(done)
    notes = (*(done.keys.remarks if done.keys is not None else ()), *done.unsaid)
    harm = done.result.severity.warnings if done.result.severity is not None else ()
    for line in (*done.result.record.notes, *notes, *done.result.warnings, *harm):
        print_text(f"Note: {line}")
    folder = place.folder
    results = ("fit.json", "fit.toml") if done.keys is not None else ("fit.json",)
    print_written(*(folder / name for name in results), before=place.before)
    if scenario is not None and done.keys is not None and not done.unsaid:
        typer.echo(f"Play it: {program()} run {folder / 'fit.toml'}")


def backtest(
    data: Data,
    to: Annotated[date, typer.Option(parser=_date, metavar="DATE", help="Last day of the data to fit to.")],
    until: Annotated[date | None, typer.Option(
        parser=_date, metavar="DATE", help="Last day to forecast; the last of the data when left out.")] = None,
    every: Annotated[int | None, typer.Option(
        parser=whole_number(1, 10_000), metavar="DAYS", help="Forecast again every so many days.")] = None,
    regimes: Regimes = None,
    kind: Kind = None,
    begin: Begin = None,
    end: End = None,
    gaps: Gaps = None,
    by: By = None,
    seed: Seed = 1,
    out: Out = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit to data up to a date, forecast what follows, and score the forecast against the data and simple rivals."""
    from sim.api.backtest import backtest as forecast
    from sim.api.evidence import json_text
    from sim.evidence.backtest import LABELS
    from sim.evidence.backtest_told import sentences

    place = _Place("backtest", data, out)
    done = forecast(data, to, until, every, regimes, kind, seed, place, not no_figures, _say(quiet), force, begin, end,
                    gaps, by)
    if as_json:
        typer.echo(json_text(done.report), nl=False)
        return
    head = ("Forecaster", "CRPS", "Log score", "In middle 50 %", "In middle 90 %", "Forecasts", "Distinct intervals")
    print_table(table(head, [(LABELS[name], f"{score.crps:.2f}", f"{score.log_score:.2f}",
                              whole_percent(score.inside_50), whole_percent(score.inside_90), str(score.targets),
                              str(done.result.distinct))
                             for name, score in done.result.scores.items()], head[1:]))
    print_text("CRPS (in attacks) and log score: lower is better. With a forecast of the right width, half of what "
               "happened lies in its middle 50 %.")
    for line in sentences(done.result):
        print_text(line)
    for line in (*done.result.record.doubts, *done.result.record.notes):
        print_text(f"Note: {line}")
    print_written(place.folder / "backtest.json", before=place.before)


class _Place:
    """The folder for results: the one that the user names, else ``results/COMMAND/NAME/HASH``.

    Attributes
    ----------
    folder
        The folder; known once it is known what the results belong to.
    before
        The `stamps` of the result files that it had before the command wrote anything.
    """

    folder: Path
    before: dict[Path, tuple[int, int]]

    def __init__(self, command: str, data: list[Path], out: Path | None) -> None:
        self._default, self._out = Path("results", command, stem(data[0])), out

    def __call__(self, identity: "Identity") -> Path:
        """Return the folder for results of some identity."""
        self.folder = self._out or self._default / identity.hash
        self.before = stamps(*(self.folder / name for name in ("fit.json", "fit.toml", "backtest.json")))
        return self.folder


def _say(quiet: bool) -> Any:
    return (lambda line: None) if quiet else (lambda line: typer.echo(line, err=True))


def _print_models(done: "Calibrated") -> None:
    """Print the models compared, by AIC, the simple rival, and the recommended one with its parameters."""
    from sim.evidence.calibrate import score_text
    from sim.words.phrases import number

    models = sorted(done.result.compared.values(), key=lambda entry: entry.fit.aic)
    head = ("Model", "Parameters", "AIC", "BIC", "Out-of-sample score", "Branching ratio (90 %)")
    rows = []
    for entry in models:
        ratio = entry.estimates.get("branching_ratio")
        smoothed = f" + {entry.fit.smoothing:.1f}" if entry.fit.smoothing else ""
        rows.append((entry.fit.model.label, f"{len(entry.estimates)}{smoothed}", f"{entry.fit.aic:.1f}",
                     f"{entry.fit.bic:.1f}", score_text(entry),
                     "" if ratio is None else f"{ratio.estimate:.2f} ({ratio.low:.2f} – {ratio.high:.2f})"))
    if (recent := done.result.recent) is not None:
        rows.append((recent.fit.model.label, "1", "", "", score_text(recent), ""))
    print_table(table(head, rows, head[1:]))
    best = done.result.best_entry
    print_text(f"\nRecommended: {best.fit.model.label}, {done.result.basis}")
    for line in done.result.reasons:
        print_text(f"Why: {line}.")
    units = {parameter.name: parameter.unit for parameter in best.fit.model.parameters}
    print_table(table(("Parameter", "Estimate", "90 % interval", "Unit"), [
        (name.replace("_", " "), number(fitted.estimate), f"{number(fitted.low)} – {number(fitted.high)}", units[name])
        for name, fitted in best.estimates.items()], ("Estimate", "90 % interval")))
