"""Finished cases of a study on disk: a file of records, one appended for each policy in a future as it finishes.

Whenever the program is killed, all records but perhaps the last are whole; what is not whole is played again.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import codebook
from sim.ensemble.folder import Contents

ROWS, LENGTH = "rows", "row_length"


class Rows:
    """The records of finished cases.

    Parameters
    ----------
    folder
        Where they are kept; those that are there already are taken over.
    dtype
        Type of a record, with the fields ``policy`` and ``future``.
    """

    def __init__(self, folder: Path, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._path = folder / ROWS
        (folder / LENGTH).write_text(str(dtype.itemsize), encoding="utf-8")
        kept = self.read() if self._path.exists() else np.zeros(0, dtype)
        self.done = set(zip(kept["policy"].tolist(), kept["future"].tolist(), strict=True))
        self._file = self._path.open("ab")
        self._file.truncate(kept.nbytes)

    def add(self, row: NDArray[np.void]) -> None:
        """Take the record of a finished case, unless there is one."""
        case = (int(row["policy"][0]), int(row["future"][0]))
        if case not in self.done:
            self._file.write(row.tobytes())
            self._file.flush()
            self.done.add(case)

    def read(self) -> NDArray[np.void]:
        """Return all records that are whole, in the order in which they were finished."""
        return np.fromfile(self._path, self._dtype, self._path.stat().st_size // self._dtype.itemsize)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def rows_in(folder: Path) -> int:
    """Return how many finished cases a folder of unfinished work holds."""
    try:
        return (folder / ROWS).stat().st_size // int((folder / LENGTH).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


STUDY = Contents("study.json", "study", ("study.json", "study.nc", *codebook.FILES), (ROWS, LENGTH), rows_in, "cases")
"""What a folder of a study holds."""
