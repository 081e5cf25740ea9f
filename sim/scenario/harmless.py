"""Makes texts from users harmless before they are written to a terminal or a CSV file.

A terminal obeys control characters and direction marks, and a spreadsheet runs cells that look like formulas. Labels,
titles and file names may contain either, by accident or on purpose.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Protocol

OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories of invisible characters that a terminal obeys: controls, direction marks, zero width, lone
surrogates, and separators of lines and paragraphs. Letters of all scripts are in other categories."""
NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""The beginning of a cell that a spreadsheet would run, or that looks like a cell already made harmless."""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class Written(Protocol):
    """Anything to which text can be written."""

    def write(self, text: str, /) -> object:
        """Write a text."""


def on_screen(text: str) -> str:
    r"""Return a text in which all characters that a terminal would obey are escapes, such as ``\x1b`` or ``\u202e``.

    Line breaks and tabs are kept. JSON remains JSON with the same meaning.
    """
    return "\n".join(line if line.isprintable() else _line(line) for line in text.split("\n"))


def printable(text: str) -> str:
    """Return the same with line breaks and tabs escaped too, so that a message stays on one line."""
    return on_screen(text).replace("\n", NAMED["\n"]).replace("\t", NAMED["\t"])


def _line(text: str) -> str:
    return "".join(_escaped(c) if c != "\t" and unicodedata.category(c) in OBEYED else c for c in text)


def _escaped(c: str) -> str:
    """Return a character as an escape; in JSON's notation if JSON allows the character."""
    if c < " ":
        return NAMED.get(c) or f"\\x{ord(c):02x}"
    units = c.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def in_csv(cell: Any) -> Any:
    """Return a cell that no spreadsheet will run: a text that looks like a formula gets an apostrophe in front.

    Numbers stay numbers, even if they are given as text. `from_csv` removes the apostrophe.
    """
    if isinstance(cell, str) and FORMULA.match(cell) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def from_csv(cell: str) -> str:
    """Return the text from which `in_csv` made a cell."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


class CsvWriter:
    r"""Writes CSV, every cell made harmless.

    Parameters
    ----------
    file
        What to write to; a file is opened with ``newline=""``. Lines end with ``\n``.
    """

    def __init__(self, file: Written) -> None:
        self._file = file
        self._writer = csv.writer(self, lineterminator="\r\n")  # cells with these characters are quoted, even a lone \r

    def writerow(self, cells: Iterable[Any]) -> None:
        """Write a row."""
        self._writer.writerow([in_csv(cell) for cell in cells])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        """Write rows."""
        for row in rows:
            self.writerow(row)

    def write(self, line: str, /) -> object:
        """Accept a line from the writer of the standard library."""
        return self._file.write(line.removesuffix("\r\n") + "\n")
