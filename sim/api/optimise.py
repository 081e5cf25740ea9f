"""Search for timelines that no other beats: from a study's file to a folder with what was found."""

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

    A candidate is played as one ensemble, in which the uncertainties are drawn in every replication together with what
    its scenario draws itself. All candidates meet the same futures. Those that the search ends with are confirmed in
    twice as many fresh futures: the replications that follow those of the search.

    Parameters
    ----------
    study
        The study, or its file. Goals after the third are kept within their thresholds, if they have any; thresholds of
        the first three are not used.
    evaluations
        Candidates tried at most.
    replications
        Replications of each in the search.
    workers
        Threads of the compiled clock; all processors when left out.
    clock
        ``auto``, ``simpy`` or ``compiled``.
    out
        Folder for optimise.json, optimise.csv and figures; nothing is written when left out. If it has the same
        search already, that is returned.
    figures
        Whether to draw the front.
    progress
        Told how many replications are played, and how many there will be at most.
    say
        Told, in a line, what a user should know.
    force
        Whether to replace whatever results the folder has. Files that this program did not write always stay.

    Returns
    -------
    Front
        Same study, same seed, same bits, whatever the workers and the clock.

    Raises
    ------
    StudyError
        If the study does not lend itself to a search, or no candidate can be played.
    ScenarioError
        If a scenario does not go together with the uncertainties.
    FolderError
        If the folder holds something else.
    """
    study = study if isinstance(study, Study) else read_study(study)
    own = identity(study, evaluations, replications)
    if out is None:
        return search_timelines(study, evaluations, replications, workers, clock, progress, say)
    with results_folder(Path(out), own, SEARCH, force, say=say) as place:
        if place.holds(JSON):
            say(f"{out} has the results of this search already; nothing is played.")
            found = read(place.folder)
            if figures and not place.has_figures:
                _draw(found, place.draft)
                place.add()
                say("The figure is added.")
            return found
        if place.there is not None:
            say(f"{Path(out) / JSON} is not as it was written; the search is made again.")
        found = search_timelines(study, evaluations, replications, workers, clock, progress, say)
        write(found, place.draft, own)
        if figures or place.has_figures:
            _draw(found, place.draft)
        place.put()
    return found


def _draw(front: Front, folder: Path) -> None:
    from sim.figures.files import save
    from sim.figures.front import draw

    save(draw(front), folder / "figures", "front")
