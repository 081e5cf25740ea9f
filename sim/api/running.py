"""A run and its folder: existing results answer the question, or new ones take their place."""

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
from sim.play.undisturbed import UndisturbedPlan
from sim.play.work import Work
from sim.scenario.held import held_fixed
from sim.scenario.load import ScenarioFile
from sim.words.summary import summarise

SampleOf = Callable[[int], Sample]
"""Returns the sample of the first so many replications."""


def answer(
    place: Place, file: ScenarioFile, model: Model, seed: int, size: Size, play: Callable[..., Ensemble],
    plan: UndisturbedPlan, say: Callable[[str], None],
) -> Result | None:
    """Answer from existing results; None if they are not enough."""
    existing = kept_in(place)
    if not existing or _damaged(place) is not None:
        return None
    with TemporaryDirectory(dir=place.work) as scratch:
        columns = columns_in(place.folder / DATASET, "outcomes", Path(scratch, "outcomes"))
        twins = columns_in(place.folder / DATASET, TWIN_OUTCOMES, Path(scratch, "twins"))
        if columns is None or (model.draws and twins is None):
            return None
        first, first_twins = _first_of(model, columns), None if twins is None else _first_of(model, twins)
        enough = enough_of(first, existing, size)
        if enough is None:
            return None
        used, precision = enough
        say(f"{place.folder} has {existing:,} replications already; "
            + ("nothing is played." if used == existing else f"the first {used:,} are enough, and nothing is played."))
        summary = _sum_up(file, model, seed, first, first_twins, used, precision, plan)
    return written(file, model, seed, place.folder, used, existing, summary, play, plan)


def kept_in(place: Place) -> int:
    """Return how many replications the existing results have; 0 if there are none."""
    replications = (place.existing or {}).get("replications")
    return replications if isinstance(replications, int) else 0


def _damaged(place: Place) -> Path | None:
    """Return the first file that is needed again and is not as it was written."""
    return next((place.folder / name for name in (DATASET, SUMMARY) if not place.holds(name)), None)


def announce(place: Place, size: Size, figures: bool, say: Callable[[str], None]) -> bool:
    """Say what becomes of the existing results; return whether figures are drawn."""
    if existing := kept_in(place):
        if (damaged := _damaged(place)) is not None:
            say(f"{damaged} is not as it was written; everything is played again.")
        else:
            say(f"The {existing:,} replications in {place.folder} are not enough; they are replaced by more, which "
                "include them.")
    if place.has_figures and not figures:
        say("Its figures are drawn again, so that they show the same replications as the numbers.")
    return figures or place.has_figures


def add_figures(place: Place, say: Callable[[str], None]) -> None:
    """Draw the missing figures of the existing results."""
    from sim.figures.files import fitting, save

    result = Result.load(place.folder)
    figures = place.folder / "figures"
    missing = {name: draw for name, draw in fitting(result.file.scenario).items()
               if not all((figures / f"{name}.{kind}").exists() for kind in ("png", "svg"))}
    for name, draw in missing.items():
        save(draw(result), place.draft / "figures", name)
    if missing:
        place.add()
        say(f"The figures are added; they show all {result.replications:,} replications.")


def written(
    file: ScenarioFile, model: Model, seed: int, folder: Path, used: int, existing: int, summary: dict[str, Any],
    play: Callable[..., Ensemble], plan: UndisturbedPlan,
) -> Result:
    """Return the result of the first ``used`` of the existing replications in a folder."""
    kept = Kept(folder / DATASET)
    data = kept if used == existing else First(
        kept, used, lambda: result_of(file, model, seed, play(Size(used), twins=False), plan).trajectories)
    return Result(file, model, used, seed, summary, data, folder)


def result_of(file: ScenarioFile, model: Model, seed: int, ensemble: Ensemble, plan: UndisturbedPlan) -> Result:
    """Sum up everything that was played."""
    work, twins = ensemble.work, ensemble.twins
    precision = ensemble.precision if ensemble.used == work.done else None
    summary = summary_of(file, model, seed, work, twins, work.done, precision, plan)
    return Result(file, model, work.done, seed, summary, build(model, seed, work, plan, twins))


def summary_of(
    file: ScenarioFile, model: Model, seed: int, work: Work, twins: Work | None, replications: int,
    precision: dict[str, Any] | None, plan: UndisturbedPlan,
) -> dict[str, Any]:
    """Sum up the first replications of what was played."""
    return _sum_up(file, model, seed, work.sample, None if twins is None else twins.sample, replications, precision,
                   plan)


def _first_of(model: Model, columns: Columns) -> SampleOf:
    catalogue = expand(model)
    return lambda n: Sample(catalogue, model.parameters.horizon, lambda name: columns.column(name, n))


def _sum_up(
    file: ScenarioFile, model: Model, seed: int, first: SampleOf, first_twins: SampleOf | None, replications: int,
    precision: dict[str, Any] | None, plan: UndisturbedPlan,
) -> dict[str, Any]:
    twins = None if first_twins is None else first_twins(twins_in(model, replications))
    summary = summarise(file.name, model, seed, first(replications), plan, twins, held_fixed(file))
    return summary if precision is None else summary | {"precision": precision}
