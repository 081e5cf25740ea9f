"""A first scenario file to start from."""

import os
from importlib.resources import files
from pathlib import Path

from sim.scenario.errors import Problem, ScenarioError


def write_starter(name: str | os.PathLike[str]) -> Path:
    """Write the commented starter scenario to a new file and return its path.

    Parameters
    ----------
    name
        Name or path of the file; ``.toml`` is added where it is missing.

    Raises
    ------
    ScenarioError
        The file exists already, or cannot be written.
    """
    given = os.fsdecode(name)
    if Path(given).name in ("", ".toml"):
        raise _refused(Path(given), "a new scenario needs a name, e.g. my_plan")
    path = Path(given if given.endswith(".toml") else f"{given}.toml")
    text = files("sim.scenario").joinpath("starter.toml").read_text(encoding="utf-8")
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
    return path


def _refused(path: Path, message: str) -> ScenarioError:
    return ScenarioError((Problem(str(path), None, "", message),))
