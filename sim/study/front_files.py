"""The folder of a search: optimise.json, optimise.csv and the picture of the front."""

from importlib.metadata import version
from pathlib import Path

from sim.ensemble import codebook
from sim.ensemble.files import write_whole
from sim.ensemble.folder import PROGRAM
from sim.ensemble.storage import as_json, finite
from sim.study.front import Front

JSON, CSV = "optimise.json", "optimise.csv"
FILES = {
    CSV: "a row for each timeline and each scenario as it is: status, levers, and each outcome in fresh futures, its "
         "standard error (_se), and the same in the search (_search, _search_se)",
    JSON: "the same, with what else the search found",
}
"""What lies beside the codebook."""


def write(front: Front, folder: Path, figures: bool) -> None:
    """Write a front into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    if figures:
        from sim.figures.files import save
        from sim.figures.front import draw

        save(draw(front), folder / "figures", "front")
    about = {"study": front.name, "question": front.question, "start": front.start.isoformat(),
             "end": front.end.isoformat(), "timelines tried": front.tried,
             "replications": f"{front.replications} in the search, {front.fresh} fresh ones", "seed": front.seed}
    codebook.write(folder, front.title or front.name, about, FILES, {goal.name: goal.entry for goal in front.goals})
    write_whole(folder / CSV, front.as_csv())
    write_whole(folder / JSON, json_text(front))


def json_text(front: Front) -> str:
    """Return a front as it is written and printed; what is not finite is null."""
    report = {"program": PROGRAM, "version": version(PROGRAM), **front.as_dict()}
    return as_json(finite(report))
