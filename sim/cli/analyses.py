"""The commands that analyse a study that has been run: nothing is played again."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.export import write_table
from sim.cli.options import Json, NoFigures, StudyResults, TableFile
from sim.cli.terminal import print_end, print_table, print_text

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.discover import Discovery
    from sim.study.robust import Compared
    from sim.study.sensitivity import Sensitivity
    from sim.study.voi import Information

Outcome = Annotated[list[str] | None, typer.Option(
    "--outcome", metavar="NAME", help="Which outcome, the first when left out; may be given several times.")]
Policy = Annotated[str | None, typer.Option(metavar="NAME", help="Which policy; the first when left out.")]
PICTURES = {"sensitivity": "sensitivity", "discover": "discovery", "robust": "robustness", "voi": "information"}
"""The module of `sim.figures` that draws what a command found."""


def sensitivity(
    study: StudyResults, outcome: Outcome = None, policy: Policy = None, no_figures: NoFigures = False,
    as_json: Json = False, table: TableFile = None,
) -> None:
    """Say which uncertain parameters of a study move an outcome, and how much of it is noise."""
    from sim.study import sensitivity as analysis

    ds = _open(study)
    found = [analysis.sensitivity(ds, name, policy) for name in _asked(outcome)]
    drawn = [entry for entry in found if entry.indices]
    _report(_named("sensitivity", outcome, policy), ds, _by_outcome(found), found, [] if no_figures else drawn, as_json,
            table)


def discover(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Which outcome, the first with a threshold when left out; may be given "
        "several times.")] = None,
    policy: Policy = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Say where in the uncertain parameters of a study an outcome breaks its threshold."""
    from sim.study import discover as analysis

    ds = _open(study)
    found = [analysis.discover(ds, name, policy) for name in _asked(outcome)]
    drawn = [entry for entry in found if entry.box is not None]
    _report(_named("discover", outcome, policy), ds, _by_outcome(found), found, [] if no_figures else drawn, as_json,
            table)


def robust(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Which outcome, all when left out; may be given several times.")] = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Judge the policies of a study across its futures: worst cases, regret, thresholds, and where rankings flip."""
    from sim.study import robust as analysis

    ds = _open(study)
    found = analysis.robust(ds, outcome)
    _report(_named("robust", outcome), ds, found.as_dict(), found.outcomes, [] if no_figures else found.outcomes,
            as_json, table, [] if found.joint_verdict is None else ["", found.words()[-1]])


def voi(
    study: StudyResults, outcome: Outcome = None, no_figures: NoFigures = False, as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Say what it would be worth to know the future, or one parameter, before choosing between a study's policies."""
    from sim.study import voi as analysis

    ds = _open(study)
    together = [analysis.TOGETHER] if not outcome and len(analysis.with_thresholds(ds)) > 1 else []
    found = [analysis.voi(ds, name) for name in [*_asked(outcome), *together]]
    drawn = [entry for entry in found if entry.evpi_plain > 0]
    _report(_named("voi", outcome), ds, _by_outcome(found), found, [] if no_figures else drawn, as_json, table)


def _asked(outcome: list[str] | None) -> list[str | None]:
    return [*outcome] if outcome else [None]


def _named(command: str, outcome: list[str] | None, policy: str | None = None) -> tuple[str, str, str]:
    """Return a command, the name of its file and the end of its figures' names: each question has files of its own."""
    of_policy = "" if policy is None else f"_{_in_file_name(policy)}"
    return command, "_".join([command, *map(_in_file_name, outcome or ())]) + of_policy, of_policy


def _in_file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter in ".-+=," else "_" for letter in text)


def _open(study: Path) -> "xr.Dataset":
    """Open a study's results, and note where they are."""
    from sim.play.folder import finish_stopped
    from sim.study.store import folder_of, open_study

    if study.is_dir():
        finish_stopped(study, lambda line: typer.echo(line, err=True))
    return open_study(study).assign_attrs(folder=str(folder_of(study)))


def _by_outcome(found: Sequence[Any]) -> dict[str, Any]:
    return {"outcomes": {entry.goal.name: entry.as_dict() for entry in found}}


def _report(
    named: tuple[str, str, str], ds: "xr.Dataset", data: dict[str, Any], found: Sequence[Any], drawn: Sequence[Any],
    as_json: bool, table: Path | None, more: Sequence[str] = (),
) -> None:
    """Write what was found, and its figures, into the study's folder; print it, or the JSON.

    Parameters
    ----------
    named, ds
        What was asked, with the names of its files, of which study.
    data
        What is written.
    found
        What is printed.
    drawn
        Those of which a figure is drawn.
    as_json
        Whether to print what is written, and nothing else.
    table
        A file for the table as well, if one is asked for.
    more
        Lines after those.
    """
    from sim.play.folder import additions
    from sim.play.storage import as_json as json_text

    command, own_name, of_policy = named
    folder = Path(ds.attrs["folder"])
    text = json_text({"study": ds.attrs["name"], "title": ds.attrs["title"], **data})
    with additions(folder, lambda line: typer.echo(line, err=True)) as draft:
        (draft / f"{own_name}.json").write_text(text, encoding="utf-8")
        if drawn:
            from importlib import import_module

            from sim.figures.files import save

            picture = import_module(f"sim.figures.{PICTURES[command]}")
            for entry in drawn:
                save(picture.draw(ds, entry), draft / "figures",
                     f"{command}_{_in_file_name(entry.goal.name)}{of_policy}")
    if table is not None:
        import pandas as pd

        write_table(table, [entry.as_table() for entry in found], pd.concat([entry.table for entry in found]))
    if as_json:
        typer.echo(text, nl=False)
        return
    for entry in found:
        _print(entry)
    print_text(*more, "")
    print_end(folder / f"{own_name}.json", *([folder / "figures"] if drawn else []),
              *([table] if table is not None else []))


def _print(found: "Sensitivity | Discovery | Compared | Information") -> None:
    """Print what was found as a table and in sentences."""
    table = found.as_table()
    if table.rows:
        print_text("", table.title)
        print_table(table)
    print_text(*found.words())
