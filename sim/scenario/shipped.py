"""Files that come with the program, and are found by name: ``gradual`` is a scenario wherever one works.

A file of the user's own goes first: the name itself, then the name with its ending. Names with a folder in them are
never those of shipped files.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.errors import nearest

PACKAGE = Path(__file__).parents[1]
LEAST_BEGINNING = 3
"""Letters from which on the beginning of a name is taken for that name."""


@dataclass(frozen=True)
class Shipped:
    """Files of a kind that come with the program.

    Attributes
    ----------
    what
        What one is called in messages.
    suffix
        How their names end.
    place
        Their folder, in the package; from a checkout, beside it.
    own_place
        A folder in which users keep theirs, too; empty if there is none.
    begins
        How the names of those begin that can be asked for.
    """

    what: str
    suffix: str
    place: str
    own_place: str = ""
    begins: str = ""

    @property
    def folder(self) -> Path:
        """Where they are."""
        inside = PACKAGE / self.place
        return inside if inside.is_dir() else PACKAGE.parent / self.place

    @property
    def names(self) -> list[str]:
        """Their names, without endings."""
        return sorted(path.stem for path in self.folder.glob(f"{self.begins}*{self.suffix}"))

    def has(self, path: str | os.PathLike[str]) -> bool:
        """Whether a file is one of them."""
        return os.path.realpath(os.path.dirname(os.path.abspath(path))) == os.path.realpath(self.folder)

    def find(self, name: str, beside: str = "") -> str:
        """Return the path of the file that a name stands for, in a folder; the name itself in it if there is none."""
        path = os.path.join(beside, name)
        if os.path.lexists(path) and not os.path.isdir(path):
            return path
        if name and not name.endswith(self.suffix) and os.path.isfile(path + self.suffix):
            return path + self.suffix
        stem = name.removesuffix(self.suffix)
        return str(self.folder / f"{stem}{self.suffix}") if stem in self.names else path

    def said(self, name: str, path: str) -> str:
        """Return what a user should know of the file that a name was taken for; nothing if that is plain."""
        stem = name.removesuffix(self.suffix)
        if stem not in self.names or path == name == f"{stem}{self.suffix}":
            return ""
        if self.has(path):
            return f"{name}: the {self.what} that comes with the program, {path}"
        return f"{name}: {path} in this folder, not the {self.what} of that name that comes with the program"

    def missing(self, path: str) -> str:
        """Say that there is no such file, and which one may be meant."""
        folder, name = os.path.split(path)
        stem = name.removesuffix(self.suffix)
        candidates = self._around(folder, not os.path.isdir(folder))
        near = [stem] if stem in candidates else nearest(stem.lower(), candidates) or [
            other for other in candidates if len(stem) >= LEAST_BEGINNING and other.startswith(stem.lower())]
        advice = f"; did you mean {' or '.join(candidates[other] for other in near)}?" if near else ""
        if folder or name != stem or not stem:
            return f"there is no such file{advice}"
        return f"there is no such file{advice or ';'} {', '.join(self.names)} come with the program"

    def _around(self, folder: str, anywhere: bool) -> dict[str, str]:
        """Return files that may be meant by their names without endings: how a user would name them."""
        places = [folder, self.own_place] if anywhere and self.own_place else [folder]
        beside = {path.stem: os.path.join(place, path.name)
                  for place in reversed(places) for path in sorted(Path(place or ".").glob(f"*{self.suffix}"))}
        return ({name: name for name in self.names} if anywhere else {}) | beside


SCENARIOS = Shipped("scenario", ".toml", "scenarios", "scenarios")
STUDIES = Shipped("study", ".toml", "notebooks")
DATA = Shipped("data file", ".csv", "evidence/data", begins="attacks")
