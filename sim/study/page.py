"""A study file as read: its tables, and the errors found in them."""

import os
from typing import Any

from sim.scenario.build import Fault, build
from sim.scenario.errors import MOST_TOLD, Problem, ScenarioError, told
from sim.scenario.keys import look_up
from sim.scenario.lines import KeyPath
from sim.scenario.read import read_alone
from sim.study.schema import StudyTables


class Page:
    """The valid part of a study file, and its errors.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    ScenarioError
        If it cannot be read, is not TOML, or no part of it is valid.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._layer = read_alone(path, "study", "a scenario and an outcome")
        self._built = build(self._layer.data, StudyTables)
        self._problems: dict[Problem, None] = {}
        self.file = self._layer.file
        for fault in self._built.faults:
            self.note(self._layer.problem(fault.path, fault.message))
        if self._built.made is None:
            raise self.error()
        self.tables = self._built.made

    @property
    def is_full(self) -> bool:
        """Whether there are already more errors than will be reported."""
        return len(self._problems) > MOST_TOLD

    def given(self, path: KeyPath = ()) -> dict[str, Any]:
        """Return a table as written in the file, valid or not."""
        table = look_up(self._layer.data, path)
        return table if isinstance(table, dict) else {}

    def is_broken(self, *path: str | int) -> bool:
        """Whether a value has an error that was already reported."""
        return self._built.rests_on_broken(Fault(path, ""))

    def has_faults(self, table: str) -> bool:
        """Whether a table has an error."""
        return any(problem.key.startswith(table) for problem in self._problems)

    def wrong(self, path: KeyPath, message: str, *about: KeyPath) -> None:
        """Note an error of a key, unless it follows from one already noted; for ``about`` see `Fault`."""
        if not self._built.rests_on_broken(Fault(path, message, about)):
            self.note(self._layer.problem(path, message))

    def note(self, problem: Problem) -> None:
        """Note a problem, once."""
        self._problems[problem] = None

    def check(self) -> None:
        """Raise a `ScenarioError` with all errors, if there are any."""
        if self._problems:
            raise self.error()

    def error(self) -> ScenarioError:
        """Return the errors: those of the study by line, then those of each scenario file."""
        files = list(dict.fromkeys([self.file, *(problem.file for problem in self._problems)]))
        return ScenarioError(told(sorted(self._problems, key=lambda p: (files.index(p.file), p.line or 0))))
