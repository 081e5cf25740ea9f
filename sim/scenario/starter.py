"""Writes a first scenario file to start from, and copies of the files that come with the program."""

import os
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from sim.scenario.errors import Problem, ScenarioError, nearest
from sim.scenario.program import program
from sim.scenario.shipped import SCENARIOS, STUDIES, Shipped


def write_starter(name: str | os.PathLike[str]) -> Path:
    """Write the commented starter scenario to a new file and return its path.

    Parameters
    ----------
    name
        Name or path of the file; ``.toml`` is added if it is missing.

    Raises
    ------
    ScenarioError
        The file already exists, or cannot be written.
    """
    path = _new_path(name)
    _write_new(path, files("sim.scenario").joinpath("starter.toml").read_text(encoding="utf-8"))
    return path


class Copied(NamedTuple):
    """A copy of a file that comes with the program: its path, its kind, and the file that it extends, if any."""

    path: Path
    kind: Shipped
    base: str


def write_copy(source: str, name: str | os.PathLike[str]) -> Copied:
    """Copy a scenario or a study that comes with the program, with its comments and sources.

    The copy works in any folder, because it refers to files that come with the program by name.

    Parameters
    ----------
    source
        Name of the scenario or study.
    name
        Name or path of the new file; ``.toml`` is added if it is missing.

    Raises
    ------
    ScenarioError
        There is no such scenario or study; or as for `write_starter`.
    """
    stem = source.removesuffix(".toml")
    kind = next((kind for kind in (SCENARIOS, STUDIES) if stem in kind.names), None)
    if kind is None:
        raise ScenarioError((Problem("--from", None, "", _unknown(source)),))
    path = _new_path(name)
    text = (kind.folder / f"{stem}.toml").read_text(encoding="utf-8")
    base = tomllib.loads(text).get("extends", "")
    if base == path.name:
        raise _refused(path, f"would extend itself, since {stem} extends {base}; choose another name")
    _write_new(path, _standing_alone(text, kind, stem, path))
    return Copied(path, kind, base and kind.find(base, os.path.dirname(path)))


def _standing_alone(text: str, kind: Shipped, stem: str, path: Path) -> str:
    """Refer to shipped files by name alone; in commands in comments, use the new file and the name of this program."""
    shipped_path = f"{kind.place}/{stem}.toml"
    text = text.replace(f"../{SCENARIOS.place}/", "").replace(shipped_path, path.as_posix())
    return text.replace("python -m sim", program())


def _unknown(source: str) -> str:
    names = [*SCENARIOS.names, *STUDIES.names]
    near = nearest(source.removesuffix(".toml").lower(), names)
    advice = f"; did you mean {' or '.join(near)}?" if near else ";"
    return f"no scenario or study called {source} comes with the program{advice} there are {', '.join(names)}"


def _new_path(name: str | os.PathLike[str]) -> Path:
    given = os.fsdecode(name)
    if Path(given).name in ("", ".toml"):
        raise _refused(Path(given), "a new scenario needs a name, e.g. my_plan")
    return Path(given if given.endswith(".toml") else f"{given}.toml")


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _refused(path, "exists already; choose another name") from None
    except FileNotFoundError:
        raise _refused(path, f"cannot be written: there is no folder {path.parent}") from None
    except OSError as error:
        raise _refused(path, f"cannot be written: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise _refused(path, "is not a possible file name") from None


def _refused(path: Path, message: str) -> ScenarioError:
    return ScenarioError((Problem(str(path), None, "", message),))
