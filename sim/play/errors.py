"""What can go wrong with an ensemble, apart from the scenario itself."""

import os
from pathlib import Path


class Unplayable(Exception):
    """A replication of this scenario cannot be played to the end; ``variant`` is the number of what was played."""

    def __init__(self, text: str, variant: int = 0) -> None:
        super().__init__(text, variant)
        self.text, self.variant = text, variant

    def __str__(self) -> str:
        return self.text


class WorkersLost(Exception):
    """Those that play the replications are gone, or cannot be reached."""


class TooLarge(Exception):
    """A scenario would take more memory than it may."""


class FolderError(Exception):
    """A folder cannot be used for results, or holds none."""


class Damaged(FolderError):
    """A file that the program has kept is not as it was written; or cannot be read, for a reason."""

    def __init__(self, path: Path, error: OSError | None = None) -> None:
        if not os.path.lexists(path):
            what = "is missing"
        elif error is not None:
            what = f"cannot be read: {(error.strerror or str(error)).lower()}"
        else:
            what = "is damaged or not as this program wrote it"
        super().__init__(f"{path} {what}")
