"""Search for timelines that no other timeline beats: from a study file to a folder with the best ones."""

import os
from pathlib import Path

from sim.play.choice import Say
from sim.play.folder import results_folder
from sim.play.run import Progress
from sim.study.defaults import EVALUATIONS, REPLICATIONS
from sim.study.file import read_study
from sim.study.front import Front
from sim.study.front_files import JSON, SEARCH, identity, read, write
from sim.study.optimise import search_timelines
from sim.study.study import Study


def optimise(
    study: Study | str | os.PathLike[str],
    evaluations: int = EVALUATIONS,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    clock: str = "auto",
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: Progress | None = None,
    say: Say = print,
    force: bool = False,
) -> Front:
    """Search a study's levers for the Pareto-best timelines against its first two or three goals.

    Every replication of a candidate draws the study's uncertainties together with those of its scenario. All candidates
    are played with the same random numbers. Those that the search ends with are confirmed in twice as many new
    replications, the ones that follow those of the search.

    Parameters
    ----------
    study
        The study, or its file. Goals after the third are kept within their thresholds, if they have any. Thresholds of
        the first three are not used.
    evaluations
        The most candidates to try.
    replications
        Replications of each candidate in the search.
    workers
        Threads of the compiled clock; all processors when left out.
    clock
        ``auto``, ``simpy`` or ``compiled``.
    out
        Folder for optimise.json, optimise.csv and figures; nothing is written when left out. If it already has the
        same search, that is returned.
    figures
        Whether to draw the front.
    progress
        Called with the number of replications played, and the most that there will be.
    say
        Called with a line of text when there is something that the user should know.
    force
        Whether to replace any results in the folder. Files that this program did not write always stay.

    Returns
    -------
    Front
        The same study and seed give the same bits, whatever the workers and the clock.

    Raises
    ------
    StudyError
        If the study cannot be searched, or no candidate can be played.
    ScenarioError
        If a scenario contradicts the uncertainties.
    FolderError
        If the folder holds other results.
    """
    study = study if isinstance(study, Study) else read_study(study)
    belongs_to = identity(study, evaluations, replications)
    if out is None:
        return search_timelines(study, evaluations, replications, workers, clock, progress, say)
    with results_folder(Path(out), belongs_to, SEARCH, force, say=say) as place:
        if place.holds(JSON):
            say(f"{out} has the results of this search already; nothing is played.")
            front = read(place.folder)
            if figures and not place.has_figures:
                _draw(front, place.draft)
                place.add()
                say("The figure is added.")
            return front
        if place.existing is not None:
            say(f"{Path(out) / JSON} is not as it was written; the search is repeated.")
        front = search_timelines(study, evaluations, replications, workers, clock, progress, say)
        write(front, place.draft, belongs_to)
        if figures or place.has_figures:
            _draw(front, place.draft)
        place.put()
    return front


def _draw(front: Front, folder: Path) -> None:
    from sim.figures.files import save
    from sim.figures.front import draw

    save(draw(front), folder / "figures", "front")
