"""Tables as files (``--table FILE``): Markdown and LaTeX as printed, CSV and Excel with the numbers in full."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim.play.files import whole
from sim.scenario.harmless import in_csv, on_screen
from sim.words.layout import Table

if TYPE_CHECKING:
    import pandas as pd

NEEDS = {".csv": "", ".md": "", ".tex": "", ".xlsx": "openpyxl"}
"""Endings of files, and the optional package that each needs."""


def table_file(text: str) -> Path:
    """Read the value of ``--table``: a new file, whose ending decides its format."""
    path = Path(text)
    if path.suffix not in NEEDS:
        raise typer.BadParameter(f"must end in .csv, .xlsx (numbers in full), .md or .tex (as printed), not {text}")
    if path.exists() or path.is_symlink():
        raise typer.BadParameter(f"{text} exists already; choose another name")
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}")
    if NEEDS[path.suffix] and find_spec(NEEDS[path.suffix]) is None:
        raise typer.BadParameter(f"a {path.suffix} file needs a package that is not installed: "
                                 f"pip install {NEEDS[path.suffix]}")
    return path


def write_table(path: Path, tables: Sequence[Table], numbers: "pd.DataFrame") -> None:
    """Write tables into a file.

    Parameters
    ----------
    path
        The file; see `table_file`.
    tables
        As they are printed, for Markdown and LaTeX.
    numbers
        The same tables with the numbers in full, for CSV and Excel.
    """
    harmless = numbers.reset_index().map(in_csv).rename(columns=in_csv)
    with whole(path) as draft:
        match path.suffix:
            case ".md":
                draft.write_text("\n".join(map(_markdown, tables)), encoding="utf-8")
            case ".tex":
                draft.write_text("\n".join(map(_latex, tables)), encoding="utf-8")
            case ".csv":
                harmless.to_csv(draft, index=False, lineterminator="\n", encoding="utf-8")
            case ".xlsx":
                with draft.open("wb") as file:
                    harmless.to_excel(file, sheet_name="table", index=False, engine="openpyxl")


def _markdown(table: Table) -> str:
    marks = ["---:" if name in table.right else "---" for name in table.head]
    title = [f"**{_cell(table.title)}**", ""] if table.title else []
    rows = [f"| {' | '.join(map(_cell, row))} |" for row in (table.head, *table.rows)]
    return "\n".join([*title, rows[0], f"|{'|'.join(marks)}|", *rows[1:], ""])


def _cell(text: str) -> str:
    """Write a text so that Markdown shows it as it is."""
    return "".join(f"\\{c}" if c in "\\|*_`<[" else c for c in on_screen(" ".join(text.split())))


def _latex(table: Table) -> str:
    """Return a table for a LaTeX file with the package booktabs."""
    import pandas as pd

    frame = pd.DataFrame(list(table.rows), columns=list(table.head))
    text = frame.to_latex(index=False, escape=True, caption=_escaped(table.title) if table.title else None,
                          column_format="".join("r" if name in table.right else "l" for name in table.head))
    return str(text).replace("−", "$-$")


def _escaped(text: str) -> str:
    """Write a text so that LaTeX shows it as it is."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c) or (f"\\{c}" if c in "&%$#_{}" else c) for c in text)
