"""The commands that analyse a study that has been run: nothing is played again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.options import Json, NoFigures, StudyResults
from sim.terminal import print_end, print_table

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
    as_json: Json = False,
) -> None:
    """Say which uncertain parameters of a study move an outcome, and how much of it is noise."""
    from sim.study import sensitivity as analysis

    ds = _open(study)
    found = [analysis.sensitivity(ds, name, policy) for name in _asked(outcome)]
    drawn = [entry for entry in found if entry.indices]
    named = _named("sensitivity", outcome, policy)
    _report(named, ds, _by_outcome(found), found, _print_sensitivity, [] if no_figures else drawn, as_json)


def discover(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Which outcome, the first with a threshold when left out; may be given "
        "several times.")] = None,
    policy: Policy = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
) -> None:
    """Say where in the uncertain parameters of a study an outcome breaks its threshold."""
    from sim.study import discover as analysis

    ds = _open(study)
    found = [analysis.discover(ds, name, policy) for name in _asked(outcome)]
    drawn = [entry for entry in found if entry.box is not None]
    named = _named("discover", outcome, policy)
    _report(named, ds, _by_outcome(found), found, _print_discovery, [] if no_figures else drawn, as_json)


def robust(
    study: StudyResults,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Which outcome, all when left out; may be given several times.")] = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
) -> None:
    """Judge the policies of a study across its futures: worst cases, regret, thresholds, and where rankings flip."""
    from sim.study import robust as analysis

    ds = _open(study)
    found = analysis.robust(ds, outcome)
    named = _named("robust", outcome)
    _report(named, ds, found.as_dict(), found.outcomes, _print_robust, [] if no_figures else found.outcomes, as_json,
            [] if found.joint_verdict is None else ["", found.words()[-1]])


def voi(study: StudyResults, outcome: Outcome = None, no_figures: NoFigures = False, as_json: Json = False) -> None:
    """Say what it would be worth to know the future, or one parameter, before choosing between a study's policies."""
    from sim.study import voi as analysis

    ds = _open(study)
    together = [analysis.TOGETHER] if not outcome and len(analysis.with_thresholds(ds)) > 1 else []
    found = [analysis.voi(ds, name) for name in [*_asked(outcome), *together]]
    drawn = [entry for entry in found if entry.evpi_plain > 0]
    named = _named("voi", outcome)
    _report(named, ds, _by_outcome(found), found, _print_information, [] if no_figures else drawn, as_json)


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
    from sim.ensemble.folder import finish_stopped
    from sim.study.store import folder_of, open_study

    if study.is_dir():
        finish_stopped(study, lambda line: typer.echo(line, err=True))
    return open_study(study).assign_attrs(folder=str(folder_of(study)))


def _by_outcome(found: Sequence[Any]) -> dict[str, Any]:
    return {"outcomes": {entry.goal.name: entry.as_dict() for entry in found}}


def _report(
    named: tuple[str, str, str], ds: "xr.Dataset", data: dict[str, Any], found: Sequence[Any],
    show: Callable[[Any], None], drawn: Sequence[Any], as_json: bool, more: Sequence[str] = (),
) -> None:
    """Write what was found, and its figures, into the study's folder; print it, or the JSON.

    Parameters
    ----------
    named, ds
        What was asked, with the names of its files, of which study.
    data
        What is written.
    found, show
        What was found, and what prints each.
    drawn
        Those of which a figure is drawn.
    as_json
        Whether to print what is written, and nothing else.
    more
        Lines after those.
    """
    from sim.ensemble.folder import additions
    from sim.ensemble.storage import as_json as json_text

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
    if as_json:
        typer.echo(text, nl=False)
        return
    for entry in found:
        show(entry)
    for line in (*more, ""):
        typer.echo(line)
    print_end(folder / f"{own_name}.json", *([folder / "figures"] if drawn else []))


def _print_words(words: list[str]) -> None:
    for line in words:
        typer.echo(line)


def _print_sensitivity(found: "Sensitivity") -> None:
    from sim.analysis.phrases import share
    from sim.study.pick import Interval, amount

    def cell(interval: Interval | None) -> str:
        if interval is None:
            return ""
        return f"{share(interval.estimate)} ({share(interval.low)} to {share(interval.high)})"

    rows, head = [], ["Parameter"]
    for index in found.ranked:
        if index.mu_star is not None and index.mu is not None and index.sigma is not None:
            head = ["Parameter", "mu* (95 %)", "mu", "sigma"]
            star, low, high, mu, sigma = (amount(value, found.goal, unit=False) for value in (
                index.mu_star.estimate, index.mu_star.low, index.mu_star.high, index.mu, index.sigma))
            rows.append([index.parameter, f"{star} ({low} to {high})", mu, sigma])
        elif index.total is not None:
            head = ["Parameter", "By itself (95 %)", "With interactions (95 %)"]
            rows.append([index.parameter, cell(index.first), cell(index.total)])
        else:
            head = ["Parameter", "By itself (95 %)"]
            rows.append([index.parameter, cell(index.first)])
    if rows:
        print_table(head, rows, right=head[1:], whole=head[:1])
    _print_words(found.words())


def _print_discovery(found: "Discovery") -> None:
    if found.box is not None and found.box.limits:
        rows = [(str(limit), "" if limit.quasi_p is None else f"{limit.quasi_p:.2g}") for limit in found.box.limits]
        print_table(("Limit of the box", "Quasi-p"), rows, right=("Quasi-p",), whole=("Limit of the box",))
    _print_words(found.words())


def _print_robust(found: "Compared") -> None:
    from sim.study.pick import axis_label
    from sim.study.robust import standing_cells

    typer.echo(f"\n{axis_label(found.goal)} ({found.goal.statistic})")
    head = ("Policy", "Expected", "Worst", "CVaR 10 %", "Regret, max", "Regret, mean", "Kept in", "Best in")
    print_table(head, [standing_cells(standing, found.goal) for standing in found.standings], right=head[1:],
                whole=head[:1])
    _print_words(found.words())


def _print_information(found: "Information") -> None:
    from sim.study.pick import amount

    head = ("Parameter", "EVPPI", "95 %", "By chance, at most")
    rows = []
    for part in found.ranked:
        value, low, high, chance = (amount(number, found.goal, unit=False) for number in (
            part.value.estimate, part.value.low, part.value.high, part.by_chance))
        rows.append([part.parameter, value, f"{low} to {high}", chance])
    print_table(head, rows, right=head[1:], whole=head[:1])
    _print_words(found.words())
