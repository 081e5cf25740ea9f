"""The commands that analyse a study that has been run: nothing is played again."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.options import Json
from sim.terminal import print_table

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from sim.study.discover import Discovery
    from sim.study.robust import Compared
    from sim.study.sensitivity import Sensitivity
    from sim.study.voi import Information

Study = Annotated[Path, typer.Argument(metavar="STUDY", help="Study file, or the folder with its results.")]
Outcome = Annotated[list[str] | None, typer.Option(
    "--outcome", metavar="NAME", help="Which outcome, the first when left out; may be given several times.")]
Policy = Annotated[str | None, typer.Option(metavar="NAME", help="Which policy; the first when left out.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]


def sensitivity(
    study: Study, outcome: Outcome = None, policy: Policy = None, no_figures: NoFigures = False, as_json: Json = False
) -> None:
    """Say which uncertain parameters of a study move an outcome, and how much of it is noise."""
    from sim.study import sensitivity as analysis

    ds = _open(study)
    found = [analysis.sensitivity(ds, name, policy) for name in _asked(outcome)]

    def draw(entry: "Sensitivity") -> "Figure":
        from sim.figures import sensitivity as picture

        return picture.draw(ds, entry)

    draws = {entry.goal.name: (lambda entry=entry: draw(entry)) for entry in found if entry.indices}
    data = {"outcomes": {entry.goal.name: entry.as_dict() for entry in found}}
    if _written("sensitivity", ds, data, draws, no_figures, as_json):
        for entry in found:
            _print_sensitivity(entry)
        _say_where("sensitivity", ds)


def discover(
    study: Study,
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

    def draw(entry: "Discovery") -> "Figure":
        from sim.figures import discovery as picture

        return picture.draw(ds, entry)

    draws = {entry.goal.name: (lambda entry=entry: draw(entry)) for entry in found if entry.box is not None}
    data = {"outcomes": {entry.goal.name: entry.as_dict() for entry in found}}
    if _written("discover", ds, data, draws, no_figures, as_json):
        for entry in found:
            _print_discovery(entry)
        _say_where("discover", ds)


def robust(
    study: Study,
    outcome: Annotated[list[str] | None, typer.Option(
        "--outcome", metavar="NAME", help="Which outcome, all when left out; may be given several times.")] = None,
    no_figures: NoFigures = False,
    as_json: Json = False,
) -> None:
    """Judge the policies of a study across its futures: worst cases, regret, thresholds, and where rankings flip."""
    from sim.study import robust as analysis

    ds = _open(study)
    found = analysis.robust(ds, outcome)

    def draw(entry: "Compared") -> "Figure":
        from sim.figures import robustness as picture

        return picture.draw(ds, entry)

    draws = {entry.goal.name: (lambda entry=entry: draw(entry)) for entry in found.outcomes}
    if _written("robust", ds, found.as_dict(), draws, no_figures, as_json):
        for entry in found.outcomes:
            _print_robust(entry)
        if found.joint_verdict is not None:
            typer.echo(f"\n{found.words()[-1]}")
        _say_where("robust", ds)


def voi(study: Study, outcome: Outcome = None, no_figures: NoFigures = False, as_json: Json = False) -> None:
    """Say what it would be worth to know the future, or one parameter, before choosing between a study's policies."""
    from sim.study import voi as analysis

    ds = _open(study)
    together = [analysis.TOGETHER] if not outcome and len(analysis.with_thresholds(ds)) > 1 else []
    found = [analysis.voi(ds, name) for name in [*_asked(outcome), *together]]

    def draw(entry: "Information") -> "Figure":
        from sim.figures import information as picture

        return picture.draw(ds, entry)

    draws = {entry.goal.name.replace(" ", "_"): (lambda entry=entry: draw(entry)) for entry in found
             if entry.evpi_plain > 0}
    data = {"outcomes": {entry.goal.name: entry.as_dict() for entry in found}}
    if _written("voi", ds, data, draws, no_figures, as_json):
        for entry in found:
            _print_information(entry)
        _say_where("voi", ds)


def _asked(outcome: list[str] | None) -> list[str | None]:
    return [*outcome] if outcome else [None]


def _open(study: Path) -> "xr.Dataset":
    """Open a study's results, and note where they are."""
    from sim.study.store import folder_of, open_study

    return open_study(study).assign_attrs(folder=str(folder_of(study)))


def _folder(ds: "xr.Dataset") -> Path:
    return Path(ds.attrs["folder"])


def _written(
    command: str, ds: "xr.Dataset", data: dict[str, Any], draws: "Mapping[str, Callable[[], Figure]]",
    no_figures: bool, as_json: bool,
) -> bool:
    """Write what was found, and its figures, into the study's folder; print JSON if asked, else say that it was not."""
    text = json.dumps({"study": ds.attrs["name"], "title": ds.attrs["title"], **data}, indent=2, ensure_ascii=False)
    (_folder(ds) / f"{command}.json").write_text(text + "\n", encoding="utf-8")
    if draws and not no_figures:
        from sim.figures.files import save

        for name, draw in draws.items():
            save(draw(), _folder(ds) / "figures", f"{command}_{name}")
    if as_json:
        typer.echo(text)
    return not as_json


def _say_where(command: str, ds: "xr.Dataset") -> None:
    typer.echo(f"\nWritten: {_folder(ds) / f'{command}.json'}")


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
