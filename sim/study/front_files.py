"""The folder of a search: optimise.json, optimise.csv and the picture of the front."""

import json
import math
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.ensemble.errors import FolderError
from sim.ensemble.folder import PROGRAM
from sim.study.front import Front

JSON, CSV = "optimise.json", "optimise.csv"


def check_folder(folder: Path) -> None:
    """Refuse a folder with something else in it.

    Raises
    ------
    FolderError
        If there is something else.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is no folder; choose another --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / JSON).exists():
        raise FolderError(f"{folder} exists and holds no {JSON}; choose another --out")


def write(front: Front, folder: Path, figures: bool) -> None:
    """Write a front into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    if figures:
        from sim.figures.files import save
        from sim.figures.front import draw

        save(draw(front), folder / "figures", "front")
    _write(folder / CSV, front.as_csv())
    _write(folder / JSON, json_text(front))


def json_text(front: Front) -> str:
    """Return a front as it is written and printed; what is not finite is null."""
    report = {"program": PROGRAM, "version": version(PROGRAM), **front.as_dict()}
    return json.dumps(_finite(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {key: _finite(part) for key, part in thing.items()}
    if isinstance(thing, list):
        return [_finite(part) for part in thing]
    return None if isinstance(thing, float) and not math.isfinite(thing) else thing


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
