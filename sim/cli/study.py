"""The commands that compare policies over many futures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.export import write_table
from sim.cli.options import Clock, Force, Json, Quiet, StudyFile, TableFile, Workers
from sim.cli.terminal import CAVEAT, kept_work_named, print_table, print_text, progress_bar
from sim.scenario.program import program

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.plan import Plan

NEXT_COMMANDS = ("sensitivity", "discover", "robust", "voi")
"""Commands that read what a study has written; those after the second choose between policies."""


def study(
    file: StudyFile,
    out: Annotated[Path | None, typer.Option(
        metavar="DIR", help="Folder for the results; results/study/NAME/HASH when left out.")] = None,
    workers: Workers = None,
    clock: Clock = "auto",
    resume: Annotated[bool, typer.Option(
        "--resume", help="Continue a stopped run of the study, and say so if there is none. A stopped run is continued "
        "without this option too.")] = False,
    force: Force = False,
    dry_run: Annotated[bool, typer.Option(
        "--dry-run", help="Only say how long it would take and how much disk space it needs.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Play several policies in many futures, and keep the results of each."""
    from sim.play.storage import as_json as json_text
    from sim.play.storage import finite
    from sim.study.file import read_study
    from sim.study.rows import STUDY
    from sim.study.run import plan_study, run_study
    from sim.study.store import default_folder
    from sim.study.table import as_dict, numbers
    from sim.study.table import table as text_table

    policies = read_study(file, lambda line: None if quiet else typer.echo(line, err=True))
    folder = default_folder(policies) if out is None else out
    with progress_bar(policies.name, quiet) as (progress, say), kept_work_named(folder, STUDY):
        if dry_run:
            size = plan_study(policies, folder, workers, clock, say, force)
        else:
            dataset = run_study(policies, folder, workers, clock, resume, progress, say, force)
    if table is not None and not dry_run:
        write_table(table, [text_table(dataset)], numbers(dataset))
    if dry_run and as_json:
        typer.echo(json_text({**vars(size), "total": size.total, "folder": str(folder)}), nl=False)
    elif dry_run:
        _print_size(size, folder)
    elif as_json:
        typer.echo(json_text(finite({"folder": str(folder), **as_dict(dataset)})), nl=False)
    else:
        _print_study(dataset, file if out is None else out, folder)


def _print_size(size: "Plan", folder: Path) -> None:
    from sim.study import table

    assert size.seconds is not None
    typer.echo(f"{table.extent(size.policies, size.futures, size.replications)} = {size.total:,} replications")
    typer.echo(f"Time: about {table.duration(size.seconds)} on this machine, estimated from a sample")
    typer.echo(f"Disk: {table.size(size.bytes_needed)} needed, {table.size(size.bytes_free)} free")
    typer.echo(f"Folder: {folder}")


def _print_study(dataset: "xr.Dataset", source: Path, folder: Path) -> None:
    from sim.study.table import extent, table, words

    attributes: dict[Any, Any] = dataset.attrs
    sizes = extent(dataset.sizes["policy"], dataset.sizes["future"], attributes["replications"])
    print_text(attributes["title"] or attributes["name"], f"{sizes}, seed {attributes['seed']}", "")
    print_table(table(dataset))
    print_text("", "Mean and range are over futures; in each, all policies are played with the same random numbers. "
               "Within is the share of futures in which the threshold is kept.",
               *words(dataset))
    typer.echo(f"Results: {folder}")
    commands = NEXT_COMMANDS if dataset.sizes["policy"] > 1 else NEXT_COMMANDS[:2]
    typer.echo("Ask next: " + "\n          ".join(f"{program()} {command} {source}" for command in commands))
    print_text(CAVEAT)
