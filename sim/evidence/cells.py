"""Reads a CSV file whose columns are known, cell by cell, and tells everything that is wrong with it at once."""

import os
import re
from collections.abc import Collection, Iterator
from datetime import date

from sim.evidence.findings import Findings
from sim.evidence.table import Sheet
from sim.evidence.values import WRITE_DATES
from sim.scenario.errors import shown, some

NO_DATE = date.min
"""Stands for a date that is missing or wrong until the problems are told."""


class Row:
    """One row of a file. Its methods read a cell, and add to the file's findings what is wrong with it."""

    def __init__(self, number: int, cells: dict[str, str], findings: Findings) -> None:
        self._number, self._cells, self._findings = number, cells, findings

    def wrong(self, message: str) -> None:
        """Add what is wrong with the row."""
        self._findings.problem(self._number, message)

    def text(self, column: str, among: Collection[str] = ()) -> str:
        """Return a text that has to be there, and perhaps has to be one of several words."""
        text = self._cells[column]
        if not text:
            self.wrong(f"column {column} is empty; it has to be filled")
        elif among and text not in among:
            self.wrong(f"in column {column}: {shown(text)} is none of {', '.join(among)}")
        return text

    def remark(self, column: str) -> str:
        """Return a text that may be empty."""
        return self._cells[column]

    def items(self, column: str) -> tuple[str, ...]:
        """Return the parts of a text that semicolons separate."""
        return tuple(part.strip() for part in self._cells[column].split(";") if part.strip())

    def day(self, column: str) -> date:
        """Return a date that has to be there."""
        found = self.day_if_known(column)
        if found is None:
            self.wrong(f"column {column} is empty; {WRITE_DATES}")
        return found or NO_DATE

    def day_if_known(self, column: str) -> date | None:
        """Return a date, None if the cell is empty."""
        text = self._cells[column]
        return self._date(column, text) if text else None

    def days(self, column: str) -> tuple[date, ...]:
        """Return the dates that semicolons separate."""
        return tuple(self._date(column, text) for text in self.items(column))

    def number_if_known(self, column: str) -> float | None:
        """Return a number of 0 or more, None if the cell is empty."""
        text = self._cells[column]
        if text and not re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
            self.wrong(f"in column {column}: {shown(text)} is not a number; numbers are written 1234 or 0.96")
            return 0.0
        return float(text) if text else None

    def count_if_known(self, column: str) -> int | None:
        """Return a whole number of 0 or more, None if the cell is empty."""
        text = self._cells[column]
        if text and not re.fullmatch(r"\d{1,9}", text):
            self.wrong(f"in column {column}: {shown(text)} is not a whole number; counts are written 0, 1, 2, ...")
            return 0
        return int(text) if text else None

    def _date(self, column: str, text: str) -> date:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            self.wrong(f"{shown(text)} in column {column} is no date; {WRITE_DATES}")
            return NO_DATE


class Rows:
    """The rows of a file that has certain columns.

    Parameters
    ----------
    path
        The file.
    columns
        The columns that it needs.
    others
        Columns that it may have; where it lacks one, its cells are empty.

    Raises
    ------
    DataError
        The file cannot be read, or lacks columns.
    """

    def __init__(
        self, path: str | os.PathLike[str], columns: Collection[str], others: Collection[str] = (),
    ) -> None:
        sheet = Sheet(path)
        lacking = [column for column in columns if column not in sheet.titles]
        if lacking:
            word = "column" if len(lacking) == 1 else "columns"
            raise sheet.findings.refuse(f"lacks the {word} {some(lacking)}; it has {', '.join(sheet.titles.values())}",
                                        1)
        self._table = sheet.table([*columns, *others])
        self._lacks = dict.fromkeys((name for name in others if name not in sheet.titles), "")

    def __iter__(self) -> Iterator[Row]:
        for i, number in enumerate(self._table.rows):
            cells = {name: column.texts[column.codes[i]] for name, column in self._table.columns.items()}
            yield Row(int(number), cells | self._lacks, self._table.findings)

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return self._table.sha256

    def check(self) -> None:
        """Raise what was found to be wrong, if anything was.

        Raises
        ------
        DataError
            With all problems at once.
        """
        self._table.findings.check()
