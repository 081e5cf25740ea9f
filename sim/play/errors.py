"""What can go wrong in playing a scenario and keeping the results, apart from the scenario itself."""

import os
from pathlib import Path


class Unplayable(Exception):
    """A replication cannot be played to the end; ``variant`` is the number of the variant it belongs to."""

    def __init__(self, text: str, variant: int = 0) -> None:
        super().__init__(text, variant)
        self.text, self.variant = text, variant

    def __str__(self) -> str:
        return self.text


class WorkersLost(Exception):
    """The workers that play the replications are gone, or cannot be reached."""


class TooLarge(Exception):
    """A scenario would take more memory than is allowed."""


class FolderError(Exception):
    """A folder cannot be used for results, or holds no results."""


class Damaged(FolderError):
    """A file that the program keeps is not as it was written, or cannot be read."""

    def __init__(self, path: Path, error: OSError | None = None) -> None:
        if not os.path.lexists(path):
            what = "is missing"
        elif error is not None:
            what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        else:
            what = "is damaged or not as this program wrote it"
        super().__init__(f"{path} {what}")
