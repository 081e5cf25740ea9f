"""A run and its folder: what is there answers, or what is played takes its place."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.estimate.sample import Sample
from sim.model.catalogue import expand
from sim.model.setup import Model
from sim.play.answer import First, columns_in, enough_of
from sim.play.columns import Columns
from sim.play.dataset import build
from sim.play.folder import Place
from sim.play.result import Result
from sim.play.run import Ensemble, Size
from sim.play.storage import DATASET, SUMMARY, TWIN_OUTCOMES, Kept
from sim.play.twins import twins_in
from sim.play.undisturbed import Plan
from sim.play.work import Work
from sim.scenario.load import ScenarioFile
from sim.words.summary import summarise

SampleOf = Callable[[int], Sample]
"""Gives the sample of the first so many replications."""


def answer(
    place: Place, file: ScenarioFile, model: Model, seed: int, size: Size, play: Callable[..., Ensemble],
    plan: Plan, say: Callable[[str], None],
) -> Result | None:
    """Answer from the results that are there; None if they are not enough."""
    there = kept_in(place)
    if not there or _spoilt(place) is not None:
        return None
    with TemporaryDirectory(dir=place.work) as scratch:
        columns = columns_in(place.folder / DATASET, "outcomes", Path(scratch, "outcomes"))
        twins = columns_in(place.folder / DATASET, TWIN_OUTCOMES, Path(scratch, "twins"))
        if columns is None or (model.draws and twins is None):
            return None
        first, again = _first_of(model, columns), None if twins is None else _first_of(model, twins)
        found = enough_of(first, there, size)
        if found is None:
            return None
        asked, precision = found
        say(f"{place.folder} has {there:,} replications already; "
            + ("nothing is played." if asked == there else f"the first {asked:,} answer this, and nothing is played."))
        summary = _sum_up(file, model, seed, first, again, asked, precision, plan)
    return written(file, model, seed, place.folder, asked, there, summary, play, plan)


def kept_in(place: Place) -> int:
    """Return how many replications the results that are there have; 0 if there are none."""
    there = (place.there or {}).get("replications")
    return there if isinstance(there, int) else 0


def _spoilt(place: Place) -> Path | None:
    """Return the first file of those that are read again which is not as it was written."""
    return next((place.folder / name for name in (DATASET, SUMMARY) if not place.holds(name)), None)


def announce(place: Place, size: Size, figures: bool, say: Callable[[str], None]) -> bool:
    """Say what becomes of the results that are there; return whether figures are drawn."""
    if there := kept_in(place):
        if (spoilt := _spoilt(place)) is not None:
            say(f"{spoilt} is not as it was written; all is played again.")
        else:
            say(f"The {there:,} replications in {place.folder} are not enough; more take their place, the same ones "
                "among them.")
    if place.has_figures and not figures:
        say("Its figures are drawn again, so that they show the same replications as the numbers.")
    return figures or place.has_figures


def add_figures(place: Place, say: Callable[[str], None]) -> None:
    """Draw figures of the results that are there, those that are missing."""
    from sim.figures.files import fitting, save

    result = Result.load(place.folder)
    there = place.folder / "figures"
    missing = {name: draw for name, draw in fitting(result.file.scenario).items()
               if not all((there / f"{name}.{kind}").exists() for kind in ("png", "svg"))}
    for name, draw in missing.items():
        save(draw(result), place.draft / "figures", name)
    if missing:
        place.add()
        say(f"The figures are added; they show all {result.replications:,} replications.")


def written(
    file: ScenarioFile, model: Model, seed: int, folder: Path, asked: int, there: int, summary: dict[str, Any],
    play: Callable[..., Ensemble], plan: Plan,
) -> Result:
    """Return the first replications of the results in a folder; all of them are read from it."""
    kept = Kept(folder / DATASET)
    data = kept if asked == there else First(
        kept, asked, lambda: result_of(file, model, seed, play(Size(asked), twins=False), plan).trajectories)
    return Result(file, model, asked, seed, summary, data, folder)


def result_of(file: ScenarioFile, model: Model, seed: int, ensemble: Ensemble, plan: Plan) -> Result:
    """Sum up all that was played."""
    work, twins = ensemble.work, ensemble.twins
    precision = ensemble.precision if ensemble.asked == work.done else None
    summary = summary_of(file, model, seed, work, twins, work.done, precision, plan)
    return Result(file, model, work.done, seed, summary, build(model, seed, work, plan, twins))


def summary_of(
    file: ScenarioFile, model: Model, seed: int, work: Work, twins: Work | None, replications: int,
    precision: dict[str, Any] | None, plan: Plan,
) -> dict[str, Any]:
    """Sum up the first replications of what was played."""
    return _sum_up(file, model, seed, work.sample, None if twins is None else twins.sample, replications, precision,
                   plan)


def _first_of(model: Model, columns: Columns) -> SampleOf:
    catalogue = expand(model)
    return lambda n: Sample(catalogue, model.parameters.horizon, lambda name: columns.column(name, n))


def _sum_up(
    file: ScenarioFile, model: Model, seed: int, first: SampleOf, again: SampleOf | None, replications: int,
    precision: dict[str, Any] | None, plan: Plan,
) -> dict[str, Any]:
    twins = None if again is None else again(twins_in(model, replications))
    summary = summarise(file.name, model, seed, first(replications), plan, twins)
    return summary if precision is None else summary | {"precision": precision}
