"""The command that makes the living page of scenarios or results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.notices import doubts_of, say_changes, warn_briefly
from sim.cli.options import MOST, Json, Quiet, Set, Workers, shipped, whole_number
from sim.cli.terminal import print_end, print_text, progress_bar, stamps
from sim.play.defaults import PAGE
from sim.scenario.shipped import SCENARIOS

if TYPE_CHECKING:
    from sim.scenario.load import ScenarioFile


def scenario_or_results(ctx: typer.Context, value: list[Path]) -> Any:
    """Return folders as they are, and read anything else as paths of scenarios."""
    return [path if path.is_dir() else shipped(SCENARIOS)(ctx, path) for path in value]


def report(
    sources: Annotated[list[Path], typer.Argument(
        metavar="SOURCE...", callback=scenario_or_results,
        help="Scenario files, or folders of results: of run, compare, study, calibrate or backtest. Several scenarios "
        "or runs make a comparison with the first.")],
    out: Annotated[Path | None, typer.Option(
        metavar="FILE", help="File for the page; when left out, report.html in the folder of results, or "
        "results/report/NAMES.html for scenarios.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    replications: Annotated[int | None, typer.Option(
        parser=whole_number(1, MOST), metavar="N",
        help="Replications to play of each scenario; when left out, 10,000, or beside results as many as they have."
    )] = None,
    seed: Annotated[int | None, typer.Option(
        parser=whole_number(0, 2**63 - 1), metavar="S",
        help="Seed of the random numbers; when left out, 1, or beside results theirs.")] = None,
    set_: Set = None,
    workers: Workers = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write one HTML page about scenarios or results, in which the reader moves the levers and sees what changes.

    The page needs no network, no server and no installation. With --json, the data that it reads are printed, and no
    file is written.
    """
    from sim.api.report import report as make
    from sim.report.file import require_file
    from sim.scenario.load import load_all

    folders = [path for path in sources if path.is_dir()]
    if set_ and folders:
        raise typer.BadParameter("--set changes scenarios; results are as they were played")
    for option, given in (("--replications", replications), ("--seed", seed)):
        if folders and given is not None:
            raise typer.BadParameter(f"{option} is for scenarios; results have those with which they were played")
    files = iter(load_all([path for path in sources if path not in folders], set_))
    found: list[Path | ScenarioFile] = [path if path in folders else next(files) for path in sources]
    place = out or _default(found)
    if not as_json:
        require_file(place)
    for file in found:
        if not isinstance(file, Path):
            warn_briefly(doubts_of(file))
            if not quiet:
                say_changes(file)
    before = stamps(place)
    with progress_bar("report", quiet) as (progress, say):
        made = make(*found, replications=replications, seed=seed, workers=workers, progress=progress, say=say)
    if as_json:
        from sim.play.storage import as_json as json_text

        typer.echo(json_text(made.document()), nl=False)
        return
    made.write(place)
    print_text(*made.article.answer[:-1], "")
    print_end(place, before=before)
    if open_ and typer.launch(place.absolute().as_uri()):
        typer.echo(f"No browser could be started; open {place} yourself.", err=True)


def _default(found: "list[Path | ScenarioFile]") -> Path:
    """Return where a page is written if nothing is said: beside the results, or among all results."""
    if len(found) == 1 and isinstance(found[0], Path):
        return found[0] / PAGE
    names = "-".join(one.resolve().name if isinstance(one, Path) else one.name for one in found[:4])
    return Path("results", "report", f"{names}{f'-and-{len(found) - 4}-more' if len(found) > 4 else ''}.html")
