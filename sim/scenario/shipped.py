"""Files that come with the program and are found by name: ``gradual`` is a scenario in every folder.

The user's own files come first: a file with exactly this name, then with the ending added. A name that includes a
folder is never a shipped file.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from sim.scenario.errors import nearest

PACKAGE = Path(__file__).parents[1]
LEAST_BEGINNING = 3
"""The fewest letters that are enough to suggest a name that begins with them."""


@dataclass(frozen=True)
class Shipped:
    """One kind of files that come with the program.

    Attributes
    ----------
    what
        The word for such a file in messages.
    suffix
        The ending of their names.
    place
        Their folder in the package, or beside it in a checkout.
    own_place
        A folder where users also keep such files; empty if there is none.
    begins
        The beginning of the names of files that can be requested.
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
        """Return the path of the file that a name means in a folder; the name in that folder if there is none."""
        path = os.path.join(beside, name)
        if os.path.lexists(path) and not os.path.isdir(path):
            return path
        if name and not name.endswith(self.suffix) and os.path.isfile(path + self.suffix):
            return path + self.suffix
        stem = name.removesuffix(self.suffix)
        return str(self.folder / f"{stem}{self.suffix}") if stem in self.names else path

    def said(self, name: str, path: str) -> str:
        """Return a line that says which file a name was taken to mean; empty if that is obvious."""
        stem = name.removesuffix(self.suffix)
        if stem not in self.names or path == name == f"{stem}{self.suffix}":
            return ""
        if self.has(path):
            return f"{name}: the {self.what} that comes with the program, {path}"
        return f"{name}: {path} in this folder, not the {self.what} of that name that comes with the program"

    def missing(self, path: str) -> str:
        """Say that there is no such file, and suggest a similar one."""
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
        """Return the files to suggest: by name without ending, the way a user would write them."""
        places = [folder, self.own_place] if anywhere and self.own_place else [folder]
        beside = {path.stem: os.path.join(place, path.name)
                  for place in reversed(places) for path in sorted(Path(place or ".").glob(f"*{self.suffix}"))}
        return ({name: name for name in self.names} if anywhere else {}) | beside


SCENARIOS = Shipped("scenario", ".toml", "scenarios", "scenarios")
HISTORY = Shipped("drawdown of the past", ".toml", "scenarios/history")
STUDIES = Shipped("study", ".toml", "notebooks")
DATA = Shipped("data file", ".csv", "evidence/data", begins="attacks")
