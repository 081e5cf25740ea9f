"""Finished cases of a study on disk: a file to which a record is appended whenever a policy in a future finishes.

A record is a line with a checksum, which includes the identity of the study, and the numbers. If the program is killed,
only the last record can be incomplete; it is then played again.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.play.choice import Say, silent
from sim.play.folder import Contents

ROWS = "rows"
BLOCK = 1 << 20
"""Bytes to read at a time when counting records."""


class Rows:
    """The records of finished cases.

    Parameters
    ----------
    folder
        Where they are kept; records that are already there are used.
    dtype
        Type of a record, with the fields ``policy`` and ``future``.
    belongs_to
        Identity of what they belong to; records of anything else are not used.
    say
        Called with a line of text if some of the existing records are damaged.
    """

    def __init__(self, folder: Path, dtype: np.dtype[Any], belongs_to: str = "", say: Say = silent) -> None:
        self._dtype, self._belongs_to = dtype, belongs_to
        self._path = folder / ROWS
        kept = self._kept(say)
        self.done = set(zip(kept["policy"].tolist(), kept["future"].tolist(), strict=True))
        self._file = self._path.open("ab")

    def add(self, row: NDArray[np.void]) -> None:
        """Add the record of a finished case, unless it is already there."""
        case = (int(row["policy"][0]), int(row["future"][0]))
        if case not in self.done:
            self._file.write(self._line(row))
            self._file.flush()
            self.done.add(case)

    def read(self) -> NDArray[np.void]:
        """Return all records, in the order in which the cases finished."""
        return np.array([record for line in self._lines() if (record := self._record(line)) is not None], self._dtype)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _kept(self, say: Say) -> NDArray[np.void]:
        """Return the valid records on disk, and delete everything else in the file."""
        if not self._path.exists():
            return np.zeros(0, self._dtype)
        by_case: dict[tuple[int, int], NDArray[np.void]] = {}
        complete = damaged = 0
        for line in self._lines():
            record = self._record(line)
            complete += line.endswith(b"\n")
            if record is not None:
                by_case[int(record["policy"]), int(record["future"])] = record
            elif line.endswith(b"\n"):
                damaged += 1
        if damaged:
            say(f"{damaged:,} of {complete:,} cases in {self._path} are damaged and played again.")
        kept = np.array([*by_case.values()], self._dtype)
        draft = self._path.with_name(f"new.{ROWS}")
        draft.write_bytes(b"".join(self._line(kept[i : i + 1]) for i in range(len(kept))))
        draft.replace(self._path)
        return kept

    def _lines(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            yield from file

    def _line(self, row: NDArray[np.void]) -> bytes:
        numbers = b64encode(row.tobytes())
        return b"%s %s\n" % (self._check(numbers), numbers)

    def _record(self, line: bytes) -> NDArray[np.void] | None:
        """Return the record in a line; None if it is damaged."""
        check, _, numbers = line.removesuffix(b"\n").partition(b" ")
        if not line.endswith(b"\n") or check != self._check(numbers):
            return None
        return np.frombuffer(b64decode(numbers), self._dtype)[0]  # type: ignore[no-any-return]

    def _check(self, numbers: bytes) -> bytes:
        return sha256(f"{self._belongs_to} {self._dtype.itemsize} ".encode() + numbers).hexdigest().encode()


def rows_in(folder: Path) -> int:
    """Return the number of finished cases in a folder of unfinished work."""
    try:
        with (folder / ROWS).open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))
    except OSError:
        return 0


STUDY = Contents("study.json", "study", "study", rows_in, "cases")
"""The contents of a study's folder."""
