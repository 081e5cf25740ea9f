"""Writes and reads the folder of a search: optimise.json, optimise.csv and the figure of the front."""

import json
import math
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.estimate.estimate import Estimate
from sim.play import codebook
from sim.play.folder import PROGRAM, Contents, record_of
from sim.play.identity import Identity, version_with
from sim.play.kept import write_record
from sim.play.storage import as_json, finite
from sim.study.candidates import Axis
from sim.study.front import Candidate, Front
from sim.study.store import identity as study_identity
from sim.study.study import Goal, Study

JSON, CSV = "optimise.json", "optimise.csv"
SEARCH = Contents("run.json", "scenario", "search")
FILES = {
    CSV: "a row for each timeline and for each scenario as it is: status, levers, each outcome in fresh replications, "
         "its standard error (_se), and the same in the search (_search, _search_se)",
    JSON: "the same, with the other results of the search",
}
"""The files beside the codebook."""


def identity(study: Study, evaluations: int, replications: int) -> Identity:
    """Return the identity of a search's results: the study, and the size of the search."""
    of_study = study_identity(study)
    return Identity({"study": of_study.scenario, "evaluations": evaluations, "replications": replications},
                    of_study.seed, version_with("sim.study"))


def default_folder(study: Study, evaluations: int, replications: int) -> Path:
    """Return the folder for a search: ``results/optimise/NAME/HASH``."""
    return Path("results", "optimise", study.name, identity(study, evaluations, replications).hash)


def write(front: Front, folder: Path, search: Identity) -> None:
    """Write a front into a folder, with the record that identifies the search."""
    about = {"study": front.name, "question": front.question, "start": front.start.isoformat(),
             "end": front.end.isoformat(), "timelines tried": front.tried,
             "replications": f"{front.replications} in the search, {front.fresh} fresh ones", "seed": front.seed}
    codebook.write(folder, front.title or front.name, about, FILES, {goal.name: goal.entry for goal in front.goals})
    (folder / CSV).write_text(front.as_csv(), encoding="utf-8")
    (folder / JSON).write_text(json_text(front), encoding="utf-8")
    write_record(folder / SEARCH.record, record_of(search, SEARCH, name=front.name))


def read(folder: Path) -> Front:
    """Read a front back."""
    data = json.loads((folder / JSON).read_text(encoding="utf-8"))
    goals = tuple(Goal(**goal) for goal in (*data["objectives"], *data["constraints"]))
    axes = tuple(Axis(name, tuple(axis["keys"]), axis.get("low", 0.0), axis.get("high", 0.0), 0,
                      tuple(axis.get("values", ())), axis["unit"]) for name, axis in data["levers"].items())
    searched, fresh = data["replications"], data["fresh_replications"]
    front, dropped, base = (tuple(_candidate(entry, searched, fresh) for entry in data[part])
                            for part in ("front", "dropped", "base"))
    return Front(
        data["study"], data["title"], data["question"], date.fromisoformat(data["start"]),
        date.fromisoformat(data["end"]), data["seed"], searched, fresh, goals,
        len(data["objectives"]), axes, front, dropped, base, _estimates(data["optimism"], len(front)), data["tried"],
        data["refused"], tuple(data["notes"]), data["seconds"])


def _candidate(data: dict[str, Any], searched: int, fresh: int) -> Candidate:
    status = "" if data["status"] == "base" else data["status"]
    return Candidate(data["policy"], data["setting"], _estimates(data["search"], searched),
                     _estimates(data["confirmed"], fresh), status)


def _estimates(data: dict[str, Any], n: int) -> tuple[Estimate, ...]:
    def finite_or(value: float | None, other: float) -> float:
        return other if value is None else value

    return tuple(Estimate(finite_or(numbers["value"], math.nan), finite_or(numbers["se"], math.inf), None, n)
                 for numbers in data.values())


def json_text(front: Front) -> str:
    """Return a front as JSON text; numbers that are not finite become null."""
    report = {"program": PROGRAM, "version": version(PROGRAM), **front.as_dict()}
    return as_json(finite(report))
