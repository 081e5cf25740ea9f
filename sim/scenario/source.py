"""What functions take for a scenario: a path, a loaded file, or anything that was made from one, such as a result."""

import os
from typing import Protocol

from sim.scenario.load import ScenarioFile, load


class FromScenario(Protocol):
    """Something that was made from a scenario: a result."""

    @property
    def file(self) -> ScenarioFile:
        """The scenario."""


Source = str | os.PathLike[str] | ScenarioFile | FromScenario


def file_of(source: Source) -> ScenarioFile:
    """Return the scenario that a source stands for.

    Raises
    ------
    ScenarioError
        With all that is wrong with a file.
    """
    if isinstance(source, str | os.PathLike):
        return load(source)
    return source if isinstance(source, ScenarioFile) else source.file
