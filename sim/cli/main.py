"""The command line: parse, call, print."""

import atexit
import gc
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli import analyses, compare, evidence, optimise, study
from sim.cli.export import write_table
from sim.cli.interrupts import interrupts_first, listen
from sim.cli.options import (
    MOST,
    Clock,
    File,
    Files,
    Force,
    Json,
    NoFigures,
    Quiet,
    Seed,
    Set,
    TableFile,
    Workers,
    found,
    one_of,
    whole,
)
from sim.cli.terminal import kept_work_named, print_summary, print_table, progress_bar, show_controls
from sim.comparison.errors import ComparisonError
from sim.estimate.errors import PrecisionError
from sim.evidence.errors import DataError
from sim.play.defaults import MOST_REPLICATIONS
from sim.play.errors import FolderError, TooLarge, Unplayable, WorkersLost
from sim.play.room import is_shortage
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.program import program
from sim.scenario.shipped import SCENARIOS
from sim.study.errors import StudyError

if TYPE_CHECKING:
    from sim.play.result import Result
    from sim.scenario.load import ScenarioFile

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn whatever a user can bring about into lines of text and an exit code."""
    try:
        yield
    except (ScenarioError, FolderError, PrecisionError, TooLarge, DataError, ComparisonError, StudyError) as error:
        raise _failed(str(error), BAD_INPUT) from None
    except (Unplayable, WorkersLost) as error:
        raise _failed(str(error), FAILED) from None
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is heard
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # whoever read the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None
    except (MemoryError, ImportError, RuntimeError) as error:
        if not is_shortage(error):
            raise
        raise _failed("memory ran out; try fewer --replications or --workers, or an earlier end", FAILED) from None
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        raise _failed(f"cannot write{place}: {(error.strerror or str(error)).lower()}", FAILED) from None


def _failed(text: str, code: int) -> SystemExit:
    with suppress(OSError):  # where this cannot be written either, the exit code has to tell
        typer.echo(text, err=True)
    return SystemExit(code)


class PlainGroup(TyperGroup):
    """The commands, with errors said plainly."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with plain_errors(), interrupts_first():
            return super().invoke(ctx)


app = typer.Typer(cls=PlainGroup, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000)  # what imports make lasts; looking for garbage in it is a tenth of a short command
    _open_streams()
    show_controls()
    listen()
    try:
        with plain_errors():  # help and usage are written before any command is invoked
            app(prog_name=program())
    except SystemExit as stop:
        _leave(stop.code if isinstance(stop.code, int) else 0)


def _open_streams() -> None:
    """Throw away what goes to a closed stream."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # as with 2>&-: the next file to be opened would take its place, and get what is printed
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def _leave(code: int) -> None:
    """End here and now: taking the interpreter apart would take a third of a second after the compiled clock."""
    if code == INTERRUPTED:
        _failed("Stopped.", code)
    else:  # after an interrupt they might wait for what a stopped worker has left locked
        atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = FAILED
    os._exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"drawdown-sim {version('drawdown-sim')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Play scenarios of a troop drawdown many times over, and compare schedules. It does not predict the war."""


@app.command()
def run(
    files: Files,
    replications: Annotated[int | None, typer.Option(
        parser=whole(1, MOST), metavar="N",
        help="Futures to play; 10,000 when neither this nor a precision is given.")] = None,
    precision: Annotated[list[str] | None, typer.Option(
        metavar="OUTCOME=HALF_WIDTH", help="Play until the half-width of the outcome's 95 % interval is reached, e.g. "
        "completion_day=2 or attacks_total=1%; may be given several times.")] = None,
    max_replications: Annotated[int, typer.Option(
        parser=whole(1, MOST), metavar="N", help="Futures to play at most for a precision.")] = MOST_REPLICATIONS,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(
        help="Folder for the results; results/NAME/HASH when left out. With several files, a folder in it for each.",
        metavar="DIR")] = None,
    set_: Set = None,
    workers: Workers = None,
    clock: Clock = "auto",
    cluster: Annotated[str | None, typer.Option(
        metavar="ADDRESS|local", help="Play on the Dask cluster of a scheduler, or on one made here.")] = None,
    resume: Annotated[bool, typer.Option(
        "--resume", help="Say so if no stopped run of the same scenario has left anything to go on from; if one has, "
        "it is gone on from in any case.")] = False,
    force: Force = False,
    no_figures: NoFigures = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Play scenarios and report what came of them.

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

    from sim import api
    from sim.play.folder import RUN, check_folder
    from sim.play.identity import default_folder, identity
    from sim.play.storage import as_json as json_text

    folders = [default_folder(file, seed) if out is None else out if len(scenarios) == 1 else out / file.name
               for file in scenarios]
    for file, folder in zip(scenarios, folders, strict=True):
        check_folder(folder, identity(file, seed), RUN, force)
    api.check_precision(scenarios, precision or ())
    results = {}
    for file, folder in zip(scenarios, folders, strict=True):
        _warn(file.warnings)
        if not quiet:
            _say_changes(file)
        with kept_work_named(folder, RUN), progress_bar(file.name, quiet) as (progress, say):
            result = api.run(file, replications, seed, workers, folder, not no_figures, progress, precision,
                             max_replications, clock, cluster, resume, say, force)
        results[file.name if file.name not in results else str(folder)] = result
        if not as_json:
            print_summary(result.summary, folder, (folder / "figures").is_dir())
    if table is not None:
        _write_tables(table, results)
    if as_json:
        summaries = {name: result.summary for name, result in results.items()}
        alone = len(summaries) == 1
        typer.echo(json_text(summaries[scenarios[0].name] if alone else {"scenarios": summaries}), nl=False)


def _write_tables(path: Path, results: "dict[str, Result]") -> None:
    """Write the tables of one run or of several into a file."""
    import pandas as pd

    from sim.words.table import main_table

    numbers = pd.concat({name: result.table for name, result in results.items()}, names=["scenario"])
    write_table(path, [main_table(result.summary) for result in results.values()], numbers)


def _refuse_same_names(scenarios: "list[ScenarioFile]") -> None:
    name, count = Counter(file.name for file in scenarios).most_common(1)[0]
    if count > 1:
        raise FolderError(f"{count} of the files are called {name}; with --out or --json each needs a name of its own")


def _say_changes(file: "ScenarioFile") -> None:
    for change in file.changes:
        typer.echo(f"{file.name}: {change}", err=True)


def _warn(warnings: tuple[Problem, ...]) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)


@app.command()
def trace(
    file: File,
    replication: Annotated[int, typer.Option(
        parser=whole(0, 10**9), metavar="K", help="Which replication, from 0.")] = 0,
    seed: Seed = 1,
    format_: Annotated[str, typer.Option(
        "--format", parser=one_of("text", "csv"), metavar="text|csv", help="How to write it.")] = "text",
    out: Annotated[Path | None, typer.Option(help="File to write to, a new one.", metavar="FILE")] = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Tell one replication event by event."""
    from sim.scenario.load import load_all

    (scenario,) = load_all([file], set_)
    _say_changes(scenario)

    from sim import api
    from sim.play.files import write_whole
    from sim.play.place import require_place
    from sim.words import story

    if out is not None and os.path.lexists(out):
        raise FolderError(f"{out} exists already; choose another --out")
    if out is not None:
        require_place(out)
    events = api.trace(scenario, replication, seed)
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


@app.command()
def check(files: Files, as_json: Json = False) -> None:
    """Report everything that is wrong with scenario files, and warn of settings that can have no effect."""
    from sim.scenario.load import load

    found: dict[str, tuple[Any, ...]] = {}
    warnings: dict[str, tuple[Any, ...]] = {}
    for path in files:
        try:
            warnings[str(path)] = load(path).warnings
            found[str(path)] = ()
        except ScenarioError as error:
            found[str(path)] = error.problems
    if as_json:
        errors, idle = ({name: [asdict(problem) for problem in problems] for name, problems in some.items()}
                        for some in (found, warnings))
        typer.echo(json.dumps({"files": errors, "warnings": idle}, indent=2, ensure_ascii=False))
    else:
        for idle_settings in warnings.values():
            _warn(idle_settings)
        for name, problems in found.items():
            for problem in problems:
                typer.echo(str(problem), err=True)
            if not problems:
                typer.echo(f"{name}: no errors")
    if any(found.values()):
        raise typer.Exit(BAD_INPUT)


@app.command()
def resolve(file: File, set_: Set = None) -> None:
    """Print the complete scenario: every value, where it comes from and how sure it is."""
    from sim.scenario.load import load_all
    from sim.scenario.resolve import resolve_text

    (scenario,) = load_all([file], set_)
    _say_changes(scenario)
    typer.echo(resolve_text(scenario), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario.jsonschema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def new(
    name: Annotated[str | None, typer.Argument(
        metavar="NAME", help="Name of the new file; that of the copied one when left out.")] = None,
    from_: Annotated[str | None, typer.Option(
        "--from", metavar="NAME", help="Copy a scenario or a study that comes with the program, such as "
        "gradual.")] = None,
) -> None:
    """Write a commented scenario file to start from."""
    if name is None and from_ is None:
        raise typer.BadParameter("give the name of the new file, e.g. my_plan, or --from with what to copy")
    from sim.scenario.read import KNOWN_BY
    from sim.scenario.starter import write_copy, write_starter

    if from_ is None:
        path, play, base = write_starter(name or ""), "run", ""
    else:
        path, kind, base = write_copy(from_, name or from_)
        play = KNOWN_BY[kind.what][0]
    typer.echo(f"Wrote {path}. Change it, then: {program()} {play} {path}")
    if base:
        typer.echo(f"It extends {base}.")


@app.command()
def outcomes(
    file: Annotated[Path | None, typer.Argument(
        metavar="[FILE]", callback=found(SCENARIOS), help="List those of this scenario.")] = None,
    as_json: Json = False,
) -> None:
    """List every outcome: definition, unit, direction."""
    from sim.rules.outcomes import OUTCOMES, RATIOS
    from sim.words.labels import outcome_label
    from sim.words.layout import table

    entries: list[tuple[str, Any]] = [(entry.name, entry) for entry in (*OUTCOMES, *RATIOS)]
    scenario = None
    if file is not None:
        from sim.model.catalogue import expand
        from sim.model.setup import set_up
        from sim.scenario.load import load

        scenario = load(file).scenario
        catalogue = expand(set_up(scenario))
        entries = [(item.name, item.outcome) for item in catalogue.outcomes]
        entries += [(rate.name, rate.ratio) for rate in catalogue.rates]
    if as_json:
        typer.echo(json.dumps({"outcomes": {name: {
            "label": outcome_label(name, scenario), "definition": entry.definition, "unit": entry.unit,
            "better": entry.better} for name, entry in entries}}, indent=2, ensure_ascii=False))
    else:
        print_table(table(("Name", "Outcome", "Unit", "Better", "Definition"), [
            (name, outcome_label(name, scenario), entry.unit, entry.better, entry.definition)
            for name, entry in entries]))


app.command()(compare.compare)
app.command()(evidence.calibrate)
app.command()(evidence.backtest)
app.command()(study.study)
app.command()(analyses.sensitivity)
app.command()(analyses.discover)
app.command()(analyses.robust)
app.command()(analyses.voi)
app.command()(optimise.optimise)
