"""The commands about evidence: fit the attack process to data, and test the fit against what came."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.options import Force, Json, NoFigures, Quiet, Seed, found, one_of, whole
from sim.cli.terminal import print_table, print_text
from sim.scenario.dates import date_fault
from sim.scenario.files import stem
from sim.scenario.program import program
from sim.scenario.shipped import DATA, SCENARIOS
from sim.words.layout import table
from sim.words.phrases import whole_percent

if TYPE_CHECKING:
    from sim.api.calibrate import Calibrated
    from sim.evidence.asked import DefaultFolder


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(date_fault(text) or f"must be a date such as 2023-12-31, not {text}") from None


Data = Annotated[list[Path], typer.Argument(
    metavar="DATA", callback=found(DATA), help="CSV file of attacks; several if they are counts.")]
Regimes = Annotated[Path | None, typer.Option(
    metavar="FILE", callback=found(SCENARIOS),
    help="Dated regimes: a scenario, or a file with its tables tension.dated and suppressions.")]
Kind = Annotated[str | None, typer.Option(
    parser=one_of("events", "counts", "cumulative"), metavar="events|counts|cumulative",
    help="What the data are; recognised by their columns when left out.")]
Begin = Annotated[date | None, typer.Option(
    parser=_date, metavar="DATE", help="First day that attacks were watched; that of the data when left out.")]
End = Annotated[date | None, typer.Option(
    parser=_date, metavar="DATE", help="Last day that attacks were watched; that of the data when left out.")]
Gaps = Annotated[Path | None, typer.Option(
    metavar="FILE", help="Days that nobody watched: a CSV file with the header begin,end. No rows: there are none.")]
By = Annotated[str | None, typer.Option(
    parser=one_of("time", "day", "week", "month"), metavar="time|day|week|month",
    help="Count attacks by this, whatever their dates look like.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for what is written; results/COMMAND/NAME/HASH "
                                          "when left out.")]


def calibrate(
    data: Data,
    regimes: Regimes = None,
    scenario: Annotated[Path | None, typer.Option(
        metavar="FILE", callback=found(SCENARIOS),
        help="The scenario that the fit is for: fit.toml extends it and has its regimes.")] = None,
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

    place = _place("calibrate", data, out)
    done = fit(data, regimes, scenario, kind, seed, place, not no_figures, _say(quiet), force, begin,
                              end, gaps, by)
    if as_json:
        typer.echo(json_text(done.report), nl=False)
        return
    _print_models(done)
    notes = (*(done.keys.remarks if done.keys is not None else ()), *done.unsaid)
    harm = done.result.severity.warnings if done.result.severity is not None else ()
    for line in (*done.result.record.notes, *notes, *done.result.warnings, *harm):
        print_text(f"Note: {line}")
    folder = place.folder
    typer.echo(f"Written: {folder / 'fit.json'}" + (f", {folder / 'fit.toml'}" if done.keys is not None else ""))
    if scenario is not None and done.keys is not None and not done.unsaid:
        typer.echo(f"Play it: {program()} run {folder / 'fit.toml'}")


def backtest(
    data: Data,
    to: Annotated[date, typer.Option(parser=_date, metavar="DATE", help="Last day known when forecasting.")],
    until: Annotated[date | None, typer.Option(
        parser=_date, metavar="DATE", help="Last day forecast; that of the data when left out.")] = None,
    every: Annotated[int | None, typer.Option(
        parser=whole(1, 10_000), metavar="DAYS", help="Forecast again so many days later, and again.")] = None,
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
    """Fit to data up to a date, forecast beyond it, and score the forecast against what came and simple rivals."""
    from sim.api.backtest import backtest as forecast
    from sim.api.evidence import json_text
    from sim.evidence.backtest import LABELS

    place = _place("backtest", data, out)
    done = forecast(data, to, until, every, regimes, kind, seed, place, not no_figures, _say(quiet),
                                       force, begin, end, gaps, by)
    if as_json:
        typer.echo(json_text(done.report), nl=False)
        return
    head = ("Forecaster", "CRPS", "Log score", "In middle 50 %", "In middle 90 %", "Intervals")
    print_table(table(head, [(LABELS[name], f"{score.crps:.2f}", f"{score.log_score:.2f}",
                              whole_percent(score.inside_50), whole_percent(score.inside_90), str(score.targets))
                             for name, score in done.result.scores.items()], head[1:]))
    print_text("CRPS (in attacks) and log score: lower is better. A forecast that knows itself holds what came in its "
               "middle 50 % half of the time.")
    for line in (*done.result.record.doubts, *done.result.record.notes):
        print_text(f"Note: {line}")
    typer.echo(f"Written: {place.folder / 'backtest.json'}")


def _place(command: str, data: list[Path], out: Path | None) -> "DefaultFolder":
    from sim.evidence.asked import DefaultFolder

    return DefaultFolder(command, stem(data[0]), out)


def _say(quiet: bool) -> Any:
    return (lambda line: None) if quiet else (lambda line: typer.echo(line, err=True))


def _print_models(done: "Calibrated") -> None:
    """Print the models compared, the one of the lowest AIC first, and which is recommended, with its parameters."""
    from sim.words.phrases import number

    models = sorted(done.result.compared.values(), key=lambda entry: entry.fit.aic)
    head = ("Model", "Parameters", "AIC", "BIC", "Held-out score", "Branching ratio (90 %)")
    rows = []
    for entry in models:
        ratio = entry.estimates.get("branching_ratio")
        smoothed = f" + {entry.fit.smoothing:.1f}" if entry.fit.smoothing else ""
        rows.append((entry.fit.model.label, f"{len(entry.estimates)}{smoothed}", f"{entry.fit.aic:.1f}",
                     f"{entry.fit.bic:.1f}", "" if entry.held_out is None else f"{entry.held_out:.1f}",
                     "" if ratio is None else f"{ratio.estimate:.2f} ({ratio.low:.2f} – {ratio.high:.2f})"))
    print_table(table(head, rows, head[1:]))
    best = done.result.compared[done.result.best]
    typer.echo(f"\nRecommended: {best.fit.model.label}" + (", the best by AIC" if not done.result.reasons else ""))
    for line in done.result.reasons:
        print_text(f"Why: {line}.")
    units = {parameter.name: parameter.unit for parameter in best.fit.model.parameters}
    print_table(table(("Parameter", "Estimate", "90 % interval", "Unit"), [
        (name.replace("_", " "), number(own.estimate), f"{number(own.low)} – {number(own.high)}", units[name])
        for name, own in best.estimates.items()], ("Estimate", "90 % interval")))
