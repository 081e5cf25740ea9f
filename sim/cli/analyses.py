"""The commands that analyse the results of a study. They play nothing."""

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
    "--outcome", metavar="NAME", help="Outcome to analyse; the first when left out. May be given several times.")]
Policy = Annotated[str | None, typer.Option(metavar="NAME", help="Policy to analyse; the first when left out.")]
PICTURES = {"sensitivity": "sensitivity", "discover": "discovery", "robust": "robustness", "voi": "information"}
"""The module of `sim.figures` that draws the findings of each command."""


def sensitivity(
    study: StudyResults, outcome: Outcome = None, policy: Policy = None, no_figures: NoFigures = False,
    as_json: Json = False, table: TableFile = None,
) -> None:
    """Say which uncertain parameters of a study move an outcome, and how much of the variation is noise."""
    from sim.study import sensitivity as analysis

    ds = _open(study)
    findings = [analysis.sensitivity(ds, name, policy) for name in _names(outcome)]
    drawn = [finding for finding in findings if finding.indices]
    _report(_named("sensitivity", outcome, policy), ds, _by_outcome(findings), findings,
            [] if no_figures else drawn, as_json, table)


def discover(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Outcome to analyse; the first with a threshold when left out. May be "
        "given several times.")] = None,
    policy: Policy = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Say where in the uncertain parameters of a study an outcome breaks its threshold."""
    from sim.study import discover as analysis

    ds = _open(study)
    findings = [analysis.discover(ds, name, policy) for name in _names(outcome)]
    drawn = [finding for finding in findings if finding.box is not None]
    _report(_named("discover", outcome, policy), ds, _by_outcome(findings), findings,
            [] if no_figures else drawn, as_json, table)


def robust(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Outcome to judge; all when left out. May be given several times.")] = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Judge the policies of a study across its futures: worst cases, regret, thresholds, and where rankings flip."""
    from sim.study import robust as analysis

    ds = _open(study)
    judged = analysis.robust(ds, outcome)
    _report(_named("robust", outcome), ds, judged.as_dict(), judged.outcomes, [] if no_figures else judged.outcomes,
            as_json, table, ["", *last] if (last := judged.of_all()) else [])


def voi(
    study: StudyResults, outcome: Outcome = None, no_figures: NoFigures = False, as_json: Json = False,
    table: TableFile = None,
) -> None:
    """Say what it would be worth to know the future, or one parameter, before choosing between a study's policies."""
    from sim.study import voi as analysis

    ds = _open(study)
    together = [analysis.TOGETHER] if not outcome and len(analysis.with_thresholds(ds)) > 1 else []
    findings = [analysis.voi(ds, name) for name in [*_names(outcome), *together]]
    drawn = [finding for finding in findings if finding.evpi_plain > 0]
    _report(_named("voi", outcome), ds, _by_outcome(findings), findings, [] if no_figures else drawn, as_json, table)


def _names(outcome: list[str] | None) -> list[str | None]:
    return [*outcome] if outcome else [None]


def _named(command: str, outcome: list[str] | None, policy: str | None = None) -> tuple[str, str, str]:
    """Return a command, the name of its file and the ending of its figures' names: different for each question."""
    of_policy = "" if policy is None else f"_{_in_file_name(policy)}"
    return command, "_".join([command, *map(_in_file_name, outcome or ())]) + of_policy, of_policy


def _in_file_name(text: str) -> str:
    return "".join(letter if letter.isalnum() or letter in ".-+=," else "_" for letter in text)


def _open(study: Path) -> "xr.Dataset":
    """Open a study's results, and note which folder they are in."""
    from sim.play.folder import finish_stopped
    from sim.study.store import folder_of, open_study

    if study.is_dir():
        finish_stopped(study, lambda line: typer.echo(line, err=True))
    return open_study(study).assign_attrs(folder=str(folder_of(study)))


def _by_outcome(findings: Sequence[Any]) -> dict[str, Any]:
    return {"outcomes": {finding.goal.name: finding.as_dict() for finding in findings}}


def _report(
    named: tuple[str, str, str], ds: "xr.Dataset", data: dict[str, Any], findings: Sequence[Any],
    drawn: Sequence[Any], as_json: bool, table: Path | None, last_lines: Sequence[str] = (),
) -> None:
    """Write findings and their figures into the study's folder, and print them, or the JSON.

    Parameters
    ----------
    named, ds
        The command with the names of its files, see `_named`, and the study.
    data
        What to write.
    findings
        What to print.
    drawn
        The findings to draw.
    as_json
        Whether to print what is written, and nothing else.
    table
        A file for the table as well; None for no such file.
    last_lines
        Lines to print after the findings.
    """
    from sim.play.folder import additions
    from sim.play.storage import as_json as json_text

    command, file_name, of_policy = named
    folder = Path(ds.attrs["folder"])
    text = json_text({"study": ds.attrs["name"], "title": ds.attrs["title"], **data})
    with additions(folder, lambda line: typer.echo(line, err=True)) as draft:
        (draft / f"{file_name}.json").write_text(text, encoding="utf-8")
        if drawn:
            from importlib import import_module

            from sim.figures.files import save

            picture = import_module(f"sim.figures.{PICTURES[command]}")
            for finding in drawn:
                save(picture.draw(ds, finding), draft / "figures",
                     f"{command}_{_in_file_name(finding.goal.name)}{of_policy}")
    if table is not None:
        import pandas as pd

        write_table(table, [finding.as_table() for finding in findings],
                    pd.concat([finding.table for finding in findings]))
    if as_json:
        typer.echo(text, nl=False)
        return
    for finding in findings:
        _print(finding)
    print_text(*last_lines, "")
    print_end(folder / f"{file_name}.json", *([folder / "figures"] if drawn else []),
              *([table] if table is not None else []))


def _print(finding: "Sensitivity | Discovery | Compared | Information") -> None:
    """Print a finding as a table and in sentences."""
    table = finding.as_table()
    if table.rows:
        print_text("", table.title)
        print_table(table)
    print_text(*finding.words())
