"""The commands about evidence: fit the attack process to data, and test the fit against what came."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.options import Json, NoFigures, Quiet, Seed, one_of, whole
from sim.scenario.errors import printable
from sim.terminal import print_table

if TYPE_CHECKING:
    from sim.evidence.commands import Calibrated


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"must be a date such as 2023-12-31, not {text}") from None


Data = Annotated[list[Path], typer.Argument(metavar="DATA", help="CSV file of attacks; several if they are counts.")]
Regimes = Annotated[Path | None, typer.Option(
    metavar="FILE", help="Dated regimes: a scenario, or a file with its tables tension.dated and suppressions.")]
Kind = Annotated[str | None, typer.Option(
    parser=one_of("events", "counts", "cumulative"), metavar="events|counts|cumulative",
    help="What the data are; recognised by their columns when left out.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for what is written; results/COMMAND/NAME when "
                                          "left out.")]


def calibrate(
    data: Data,
    regimes: Regimes = None,
    scenario: Annotated[Path | None, typer.Option(
        metavar="FILE", help="The scenario that the fit is for: fit.toml extends it and has its regimes.")] = None,
    kind: Kind = None,
    seed: Seed = 1,
    out: Out = None,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit the attack process to data, and write the fit as a scenario file to build on."""
    from sim.evidence import commands

    folder = out or _default("calibrate", data)
    done = commands.calibrate(data, regimes, scenario, kind, seed, folder, not no_figures, _say(quiet))
    if as_json:
        typer.echo(commands.json_text(done.report), nl=False)
        return
    _print_models(done)
    notes = (*(done.keys.remarks if done.keys is not None else ()), *done.unsaid)
    harm = done.result.severity.warnings if done.result.severity is not None else ()
    for line in (*done.result.record.notes, *notes, *done.result.warnings, *harm):
        typer.echo(f"Note: {printable(line)}")
    typer.echo(f"Written: {folder / 'fit.json'}" + (f", {folder / 'fit.toml'}" if done.keys is not None else ""))
    if scenario is not None and done.keys is not None and not done.unsaid:
        typer.echo(f"Play it: python -m sim run {folder / 'fit.toml'}")


def backtest(
    data: Data,
    to: Annotated[date, typer.Option(parser=_date, metavar="DATE", help="Last day known when forecasting.")],
    until: Annotated[date | None, typer.Option(
        parser=_date, metavar="DATE", help="Last day forecast; that of the data when left out.")] = None,
    every: Annotated[int | None, typer.Option(
        parser=whole(1, 10_000), metavar="DAYS", help="Forecast again so many days later, and again.")] = None,
    regimes: Regimes = None,
    kind: Kind = None,
    seed: Seed = 1,
    out: Out = None,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit to data up to a date, forecast beyond it, and score the forecast against what came and simple rivals."""
    from sim.evidence import commands
    from sim.evidence.backtest import LABELS

    folder = out or _default("backtest", data)
    result, report = commands.backtest(data, to, until, every, regimes, kind, seed, folder, not no_figures, _say(quiet))
    if as_json:
        typer.echo(commands.json_text(report), nl=False)
        return
    head = ("Forecaster", "CRPS", "Log score", "In middle 50 %", "In middle 90 %", "Intervals")
    print_table(head, [(LABELS[name], f"{score.crps:.2f}", f"{score.log_score:.2f}", f"{100 * score.inside_50:.0f} %",
                        f"{100 * score.inside_90:.0f} %", str(score.targets))
                       for name, score in result.scores.items()], right=head[1:], whole=head[:1])
    typer.echo("CRPS (in attacks) and log score: lower is better. A forecast that knows itself holds what came in its "
               "middle 50 % half of the time.")
    for line in result.record.notes:
        typer.echo(f"Note: {line}")
    typer.echo(f"Written: {folder / 'backtest.json'}")


def _default(command: str, data: list[Path]) -> Path:
    return Path("results") / command / data[0].stem


def _say(quiet: bool) -> Any:
    return (lambda line: None) if quiet else (lambda line: typer.echo(line, err=True))


def _print_models(done: "Calibrated") -> None:
    """Print the models compared, the one of the lowest AIC first, and which is recommended, with its parameters."""
    models = sorted(done.result.compared.values(), key=lambda entry: entry.fit.aic)
    head = ("Model", "Parameters", "AIC", "BIC", "Held-out score", "Branching ratio (90 %)")
    rows = []
    for entry in models:
        ratio = entry.estimates.get("branching_ratio")
        rows.append((entry.fit.model.label, str(len(entry.estimates)), f"{entry.fit.aic:.1f}", f"{entry.fit.bic:.1f}",
                     "" if entry.held_out is None else f"{entry.held_out:.1f}",
                     "" if ratio is None else f"{ratio.estimate:.2f} ({ratio.low:.2f} – {ratio.high:.2f})"))
    print_table(head, rows, right=head[1:], whole=head[:1])
    best = done.result.compared[done.result.best]
    typer.echo(f"\nRecommended: {best.fit.model.label}" + (", the best by AIC" if best is models[0] else ""))
    for line in done.result.reasons:
        typer.echo(f"Why: {line}.")
    units = {parameter.name: parameter.unit for parameter in best.fit.model.parameters}
    print_table(("Parameter", "Estimate", "90 % interval", "Unit"), [
        (name, f"{estimate.estimate:.3g}", f"{estimate.low:.3g} – {estimate.high:.3g}", units[name])
        for name, estimate in best.estimates.items()], right=("Estimate", "90 % interval"), whole=("Parameter",))
