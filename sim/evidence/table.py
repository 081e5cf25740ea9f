"""Reads a CSV file into a table of texts, with the line of each row in the file."""

import csv
import hashlib
import io
import os
import re
import stat
from array import array
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.evidence.findings import Findings
from sim.evidence.record import Whole
from sim.scenario.errors import some
from sim.scenario.files import read_at_once
from sim.scenario.shipped import DATA

LARGEST = 1_000_000_000
SEPARATORS = ",;\t"
NOT_TEXT = {
    b"PK\x03\x04": "is an Excel workbook or another zip archive; open it and save the table as CSV",
    b"\xd0\xcf\x11\xe0": "is an Excel workbook; open it and save the table as CSV",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"%PDF": "is a PDF document; the table has to be saved as CSV",
}
"""What kind of file begins with these bytes."""


@dataclass(frozen=True)
class Column:
    """A column: the different texts in it, and which of them each row has.

    Attributes
    ----------
    title
        The name as the file writes it.
    texts
        Different texts, without blanks around them, in order of appearance.
    codes
        For each row, the index of its text in `texts`.
    """

    title: str
    texts: list[str]
    codes: Whole

    @property
    def empty(self) -> bool:
        """Whether all cells are empty."""
        return not any(self.texts)


@dataclass(frozen=True)
class Table:
    """The rows of a file, without empty ones.

    Attributes
    ----------
    path, sha256
        The file, and the hash of its bytes.
    findings
        Problems and notes so far.
    columns
        Columns by plain name (see `plain`).
    rows
        The line of the file on which each row begins; the header is row 1.
    """

    path: Path
    sha256: str
    findings: Findings
    columns: dict[str, Column]
    rows: Whole


class Sheet:
    """A file whose header has been read and whose rows have not.

    Parameters
    ----------
    path
        The file as the user named it, or the name of a file that comes with the program.

    Attributes
    ----------
    findings
        Problems and notes so far.
    titles
        The header as the file writes it, by plain name.

    Raises
    ------
    DataError
        The file cannot be read, or is not a CSV file.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        path = DATA.find(os.fsdecode(path))
        self.findings = Findings(path)
        content = _content(self.findings)
        self._path = Path(path)
        self._sha256 = hashlib.sha256(content).hexdigest()
        self._text = _decoded(content, self.findings)
        first = self._text.split("\n", 1)[0]
        self._separator = max(SEPARATORS, key=first.count)
        _, header = next(self._rows(), (1, [""]))
        if not any(header):
            raise self.findings.refuse("the first row is empty; it has to name the columns", 1)
        self._header = [plain(title) or f"column_{place}" for place, title in enumerate(header, 1)]
        self.titles = {name: title.strip() for name, title in zip(self._header, header, strict=True)}
        twice = sorted(name for name, times in Counter(self._header).items() if times > 1)
        if twice:
            raise self.findings.refuse(f"columns are named twice: {some(twice)}; each needs a name of its own", 1)

    def table(self, wanted: Collection[str], *, may_be_empty: bool = False) -> Table:
        """Read the rows.

        Parameters
        ----------
        wanted
            Plain names of the columns to keep. The others take no memory; an export may have dozens, with long
            texts.
        may_be_empty
            Whether a file without rows is allowed.
        """
        places = [(place, name) for place, name in enumerate(self._header) if name in wanted]
        texts_by_column: list[dict[str, int]] = [{} for _ in places]
        codes = [array("q") for _ in places]
        rows = array("q")
        picked = [(place, texts, code.append)
                  for (place, _), texts, code in zip(places, texts_by_column, codes, strict=True)]
        width = len(self._header)
        lines = self._rows()
        next(lines)
        for row, cells in lines:
            if len(cells) != width:
                if any(cells[width:]):
                    self.findings.problem(row, f"has {len(cells)} cells where the header has {width}; a text or number "
                                          f"that holds a {_spoken(self._separator)} stands in double quotes")
                    continue
                cells += [""] * (width - len(cells))
            if not any(cells):
                continue
            rows.append(row)
            for place, texts, append in picked:
                append(texts.setdefault(cells[place].strip(), len(texts)))
        if not rows and not may_be_empty:
            self.findings.check()
            raise self.findings.refuse("has a header and no rows")
        columns = {
            name: Column(self.titles[name], list(texts), np.array(code, np.int64))
            for (_, name), texts, code in zip(places, texts_by_column, codes, strict=True)
        }
        return Table(self._path, self._sha256, self.findings, columns, np.array(rows, np.int64))

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the line on which each row begins, and its cells; a quoted text may span several lines."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._separator, strict=True)
        row = 1
        try:
            for cells in reader:
                yield row, cells
                row = reader.line_num + 1
        except csv.Error as error:
            if "limit" in str(error):
                message = f"a cell has more than {csv.field_size_limit():,} characters; is a double quote not closed?"
            else:
                message = "double quotes do not match; a text that holds one is written \"like \"\"this\"\"\""
            raise self.findings.refuse(message, row) from None


def plain(name: str) -> str:
    """Return the name of a column or a place in small letters, joined by ``_``, as in keys of theatres."""
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


def _spoken(separator: str) -> str:
    return {",": "comma", ";": "semicolon"}.get(separator, "tab")


def _content(findings: Findings) -> bytes:
    """Read the bytes; whatever can go wrong is reported in plain words."""
    try:
        kind = os.stat(findings.file).st_mode
        if stat.S_ISDIR(kind):
            raise findings.refuse("is a folder; name a CSV file in it")
        if not stat.S_ISREG(kind):
            raise findings.refuse("is not an ordinary file; data are read from a file on disk")
        content = read_at_once(findings.file, LARGEST + 1)
    except FileNotFoundError:
        raise findings.refuse(DATA.missing(findings.file)) from None
    except PermissionError:
        raise findings.refuse("may not be read; you lack the permission") from None
    except OSError as error:
        raise findings.refuse(f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise findings.refuse("is not a possible file name") from None
    if len(content) > LARGEST:
        raise findings.refuse("is too large; a data file has at most 1 GB")
    return content


def _decoded(content: bytes, findings: Findings) -> str:
    for begin, what in NOT_TEXT.items():
        if content.startswith(begin):
            raise findings.refuse(what)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    elif b"\0" in content:
        raise findings.refuse("is not a text file (it holds NUL bytes); save the table as CSV")
    else:
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            text = content.decode("cp1252", "replace")
            line = content.count(b"\n", 0, error.start) + 1
            findings.note("is not in UTF-8; read as Windows-1252, so look whether names are spelt right", [line])
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise findings.refuse("is empty; the first row names the columns, the others say what happened")
    return text
