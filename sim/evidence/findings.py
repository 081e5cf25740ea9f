"""What is found in a file: problems, which forbid its use, and notes on what was repaired or assumed."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.evidence.errors import DataError
from sim.evidence.record import Whole
from sim.scenario.harmless import printable

LISTED = 20
"""At most this many problems are listed one by one."""


class Findings:
    """Problems and notes of one file.

    Parameters
    ----------
    file
        The file as the user named it; every line begins with it.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.notes: list[str] = []
        self._problems: list[tuple[int, str]] = []
        self._count = 0

    def problem(self, row: int | None, message: str) -> None:
        """Add what is wrong with a row, or with the whole file."""
        self._problems.append((row or 0, self._line(row, message)))
        self._count += 1

    def problems(self, wrong: NDArray[np.bool_], rows: Whole, say: Callable[[int], str]) -> None:
        """Add what is wrong at each position where `wrong` is true.

        Only as many are put into words as can be listed, since a file may have a million faults.
        """
        places = np.flatnonzero(wrong)
        self._problems += [(int(rows[i]), self._line(int(rows[i]), say(int(i)))) for i in places[:LISTED]]
        self._count += len(places)

    def note(self, message: str, rows: Sequence[int] | Whole = ()) -> None:
        """Add a note on what was repaired, left out or assumed, and in which rows."""
        self.notes.append(printable(f"{self.file}{f', {listed(rows)}' if len(rows) else ''}: {message}"))

    def check(self) -> None:
        """Raise the problems, if there are any, in order of rows.

        Raises
        ------
        DataError
            There are problems.
        """
        if not self._count:
            return
        lines = [line for _, line in sorted(self._problems, key=lambda problem: problem[0])[:LISTED]]
        if self._count > LISTED:
            lines.append(printable(f"{self.file}: and {self._count - LISTED:,} more"))
        raise DataError(tuple(lines))

    def refuse(self, message: str, row: int | None = None) -> DataError:
        """Return the error for a fault after which reading cannot go on."""
        return DataError((self._line(row, message),))

    def _line(self, row: int | None, message: str) -> str:
        return printable(f"{self.file}{f', row {row}' if row else ''}: {message}")


def listed(rows: Sequence[int] | Whole, most: int = 8) -> str:
    """Name rows: ``row 7``, ``rows 3, 7``, ``rows 3, 7, ... and 5 more``."""
    named = ", ".join(str(row) for row in rows[:most])
    more = f" and {len(rows) - most:,} more" if len(rows) > most else ""
    return f"row{'s' if len(rows) > 1 else ''} {named}{more}"
