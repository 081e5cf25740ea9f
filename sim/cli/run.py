"""The commands that play one scenario at a time: `run` and `trace`."""

import json
import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.export import write_table
from sim.cli.notices import as_data, doubts_of, say_changes, warn_briefly
from sim.cli.options import (
    MOST,
    By,
    Clock,
    File,
    Files,
    Force,
    Json,
    NoFigures,
    NoReport,
    Quiet,
    Seed,
    Set,
    TableFile,
    Workers,
    one_of,
    whole_number,
)
from sim.cli.terminal import kept_work_named, print_summary, print_text, progress_bar
from sim.play.defaults import MOST_REPLICATIONS
from sim.play.errors import FolderError

if TYPE_CHECKING:
    from sim.play.result import Result
    from sim.scenario.load import ScenarioFile
    from sim.words.layout import Table


def run(
    files: Files,
    replications: Annotated[int | None, typer.Option(
        parser=whole_number(1, MOST), metavar="N",
        help="Replications to play; 10,000 when neither this nor a precision is given.")] = None,
    precision: Annotated[list[str] | None, typer.Option(
        metavar="OUTCOME=HALF_WIDTH", help="Play until the half-width of the outcome's 95 % interval is reached, e.g. "
        "completion_day=2 or attacks_total=1%; may be given several times. The first check is at 1,000 "
        "replications.")] = None,
    max_replications: Annotated[int, typer.Option(
        parser=whole_number(1, MOST), metavar="N",
        help="Most replications to play for a precision.")] = MOST_REPLICATIONS,
    by: By = None,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(
        help="Folder for the results; results/NAME/HASH when left out. With several files, a folder in it for each.",
        metavar="DIR")] = None,
    set_: Set = None,
    workers: Workers = None,
    clock: Clock = "auto",
    cluster: Annotated[str | None, typer.Option(
        metavar="ADDRESS|local", help="Play on a Dask cluster, given by the address of its scheduler, or on one "
        "started here.")] = None,
    resume: Annotated[bool, typer.Option(
        "--resume", help="Continue a stopped run of the same scenario, and say so if there is none. A stopped run is "
        "continued without this option too.")] = False,
    force: Force = False,
    no_figures: NoFigures = False,
    no_report: NoReport = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Play scenarios and report the results.

    With --json and several files, {"scenarios": {NAME: summary, ...}} is printed.
    """
    if replications is not None and precision:
        raise typer.BadParameter("give --precision or --replications, not both; --max-replications limits a precision")
    if workers is not None and cluster not in (None, "local"):
        raise typer.BadParameter("--workers has no effect on a cluster that is running; leave it out")
    from sim.scenario.load import load_all

    scenarios = load_all(files, set_)
    if len(scenarios) > 1 and (out is not None or as_json):
        _refuse_same_names(scenarios)

    from sim.api.run import check_precision
    from sim.api.run import run as play
    from sim.estimate.by_date import check_dates
    from sim.play.folder import RUN, check_folder
    from sim.play.identity import default_folder, identity
    from sim.play.storage import as_json as json_text
    from sim.words.by_date import NOTHING

    folders = [default_folder(file, seed) if out is None else out if len(scenarios) == 1 else out / file.name
               for file in scenarios]
    for file, folder in zip(scenarios, folders, strict=True):
        check_folder(folder, identity(file, seed), RUN, force)
    check_precision(scenarios, precision or ())
    check_dates(by or (), scenarios)
    results, warnings = {}, {}
    for file, folder in zip(scenarios, folders, strict=True):
        doubts = doubts_of(file)
        warn_briefly(doubts)
        if not quiet:
            say_changes(file)
        with kept_work_named(folder, RUN), progress_bar(file.name, quiet) as (progress, say):
            result = play(file, replications, seed, workers, folder, not no_figures, progress, precision,
                          max_replications, clock, cluster, resume, say, force, not no_report)
        name = file.name if file.name not in results else str(folder)
        results[name], warnings[name] = result, doubts
        if not as_json:
            chances = _chances(result, by or [])
            print_summary(result.summary, folder, (folder / "figures").is_dir(), chances)
            if by and not chances:
                print_text(NOTHING)
    if table is not None:
        _write_tables(table, results, by or [])
    if as_json:
        summaries = {name: result.summary | _asked(result, by or []) | {"warnings": as_data(warnings[name])}
                     for name, result in results.items()}
        printed = summaries[scenarios[0].name] if len(summaries) == 1 else {"scenarios": summaries}
        typer.echo(json_text(printed), nl=False)


def _chances(result: "Result", by: list[str]) -> "list[Table]":
    """Return a table of the chance of every milestone by some dates; none if there is nothing to tell."""
    from sim.words.by_date import by_table

    chances = by_table(result.summary, result.chances(*by))
    return [chances] if chances.rows else []


def _asked(result: "Result", by: list[str]) -> dict[str, Any]:
    """Return the same for JSON."""
    from sim.words.by_date import as_dict

    return {"by": as_dict(result.chances(*by))} if by else {}


def _write_tables(path: Path, results: "dict[str, Result]", by: list[str]) -> None:
    """Write the tables of one or several runs into a file."""
    import pandas as pd

    from sim.words.table import main_table

    numbers = pd.concat({name: result.table for name, result in results.items()}, names=["scenario"])
    tables = [table for result in results.values() for table in (
        main_table(result.summary), *_chances(result, by))]
    write_table(path, tables, numbers)


def _refuse_same_names(scenarios: "list[ScenarioFile]") -> None:
    name, count = Counter(file.name for file in scenarios).most_common(1)[0]
    if count > 1:
        raise FolderError(f"{count} of the files are called {name}; with --out or --json each needs a different name")


def trace(
    file: File,
    replication: Annotated[int, typer.Option(
        parser=whole_number(0, 10**9), metavar="K", help="Number of the replication, from 0.")] = 0,
    seed: Seed = 1,
    format_: Annotated[str, typer.Option(
        "--format", parser=one_of("text", "csv"), metavar="text|csv", help="Format of the events.")] = "text",
    out: Annotated[Path | None, typer.Option(help="File to write to, a new one.", metavar="FILE")] = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Tell one replication event by event."""
    from sim.scenario.load import load_all

    (scenario,) = load_all([file], set_)
    say_changes(scenario)

    from sim.api.run import trace as tell
    from sim.play.files import write_whole
    from sim.play.place import require_place
    from sim.words import story

    if out is not None and os.path.lexists(out):
        raise FolderError(f"{out} exists already; choose another --out")
    if out is not None:
        require_place(out)
    events = tell(scenario, replication, seed)
    if as_json:
        text = _events_json(scenario, replication, seed, events)
    else:
        text = story.as_csv(events) if format_ == "csv" else story.as_text(events, scenario)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(out, text)


def _events_json(scenario: "ScenarioFile", replication: int, seed: int, events: list[Any]) -> str:
    data = {"scenario": scenario.name, "replication": replication, "seed": seed,
            "events": [{**asdict(event), "date": event.date.isoformat()} for event in events]}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
