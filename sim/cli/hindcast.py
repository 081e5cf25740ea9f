"""The command that forecasts drawdowns of the past, and scores the forecasts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.options import Force, Json, NoFigures, Quiet, Seed, shipped, whole_number
from sim.cli.terminal import print_table, print_text, print_written, stamps
from sim.scenario.shipped import HISTORY
from sim.words.layout import table
from sim.words.phrases import share, whole_percent

if TYPE_CHECKING:
    from sim.api.hindcast import Hindcasted
    from sim.play.identity import Identity

MOST_REPLICATIONS = 100_000
"""The most replications of a drawdown: each is kept in memory as it went."""


def hindcast(
    scenarios: Annotated[list[Path] | None, typer.Argument(
        metavar="[FILE]...", callback=shipped(HISTORY), show_default=False,
        help="Scenario files, each with a CSV file of the same name beside it that says what came; all drawdowns of "
        "the past that come with the program when left out.")] = None,
    replications: Annotated[int, typer.Option(
        parser=whole_number(2, MOST_REPLICATIONS), metavar="N", help="How many replications to play of each.")] = 1000,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for the results; results/hindcast/HASH when left out.")] = None,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Forecast drawdowns of the past from what was known when they were ordered, and score the forecasts."""
    from sim.api.evidence import json_text
    from sim.api.hindcast import hindcast as forecast
    from sim.evidence.hindcast_told import CAVEAT, sentences

    folders: list[Path] = []
    before: dict[Path, tuple[int, int]] = {}

    def place(identity: "Identity") -> Path:
        folders.append(out or Path("results", "hindcast", identity.hash))
        before.update(stamps(folders[0] / "hindcast.json"))
        return folders[0]

    done = forecast(scenarios or (), replications, seed, place, not no_figures,
                    (lambda line: None) if quiet else (lambda line: typer.echo(line, err=True)), force)
    if as_json:
        typer.echo(json_text(done.report), nl=False)
        return
    for line in sentences(done.result):
        print_text(line)
    print_text("")
    _print_observations(done)
    print_text("")
    _print_cases(done)
    print_text("", "Percentile: the share of replications that say less than what came; those that say the same count "
               "half. Inside: observations in the middle 50 and 90 % of the replications. CRPS: how far a forecast is "
               "off, in percent of what was planned; lower is better.", CAVEAT)
    print_written(folders[0] / "hindcast.json", before=before)


def _print_observations(done: "Hindcasted") -> None:
    """Print a row for each observation: what came, what was forecast, and where the one lies in the other."""
    from sim.evidence.hindcast_told import band, said

    head = ("Drawdown", "What came", "Median", "5–95 %", "Percentile")
    print_table(table(head, [
        (one.case.file.scenario.title or one.name, score.observation.text,
         said(score.median, score.observation, one), band(one, score), f"{score.percentile:.0f}")
        for one, score in done.result.scores], head[2:]))


def _print_cases(done: "Hindcasted") -> None:
    """Print a row for each drawdown, and one for all."""
    from sim.evidence.hindcast import LABELS

    head = ("Drawdown", "Observations", "Inside 50 %", "Inside 90 %", *(f"CRPS: {label}" for label in LABELS.values()))
    rows = [(one["title"] or one["case"], str(one["observations"]), whole_percent(one["coverage50"]),
             whole_percent(one["coverage90"]), *(share(one["crps"][name]) for name in LABELS))
            for one in done.report["cases"]]
    rows.append(("All", str(len(done.report["observations"])), whole_percent(done.report["coverage50"]),
                 whole_percent(done.report["coverage90"]), *(share(done.report["crps"][name]) for name in LABELS)))
    print_table(table(head, rows, head[1:]))
