"""What functions accept as a scenario: a path, a loaded file, or anything made from a scenario, such as a result."""

import os
from typing import Protocol

from sim.scenario.load import ScenarioFile, load


class FromScenario(Protocol):
    """Something made from a scenario, such as a result."""

    @property
    def file(self) -> ScenarioFile:
        """The scenario."""


Source = str | os.PathLike[str] | ScenarioFile | FromScenario


def file_of(source: Source) -> ScenarioFile:
    """Return the scenario of a source.

    Raises
    ------
    ScenarioError
        With all errors in a file.
    """
    if isinstance(source, str | os.PathLike):
        return load(source)
    file = source if isinstance(source, ScenarioFile) else getattr(source, "file", None)
    if not isinstance(file, ScenarioFile):
        raise TypeError(f"a scenario is given by a path, by what sim.load returned, or by a result, not by {source!r}")
    return file
