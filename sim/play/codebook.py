"""The codebook beside every result: the label, unit and definition of each outcome, and how to read its values."""

import io
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.play.folder import PROGRAM
from sim.scenario.harmless import CsvWriter, on_screen
from sim.scenario.names import NOT_YET

CSV, MARKDOWN = "codebook.csv", "codebook.md"
FILES = (CSV, MARKDOWN)
COLUMNS = ("name", "label", "unit", "values", "better", "definition", "never")
VALUES = {"number": "number", "yes_no": "1 if so, 0 if not; its mean is a chance", "day": "days after the start",
          "ratio": "ratio of two means: one for all replications, none for each"}
"""What the values of an outcome are, by its kind."""
COUNTED = NOT_YET
WRITTEN = "not by {end}: empty in outcomes.csv and dates.csv, infinite in ensemble.nc; in means it counts as {end}"
"""How a day is written that never came: where there are only means, and where replications are listed."""
RUN_FILES = {
    "summary.json": "each outcome summed up: mean, 95 % interval, quantiles, share of variance due to uncertain "
                    "inputs; and what is held fixed though assumed or estimated",
    "outcomes.csv": "a row for each replication, a column for each outcome, by name",
    "dates.csv": "the outcomes that are days, as dates",
    "ensemble.nc": "all outcomes, and bands over replications by day and week, for xarray and other readers of netCDF",
    "events.csv": "what happened in the first replications, event by event",
    "run.json": "how it was played, and the complete scenario",
}
"""The files beside the codebook of a run."""

Entries = Mapping[str, Mapping[str, Any]]
"""By the name of an outcome: label, unit, kind, better and definition."""


def rows(entries: Entries, never: str) -> list[dict[str, str]]:
    """Return a row for each outcome, by `COLUMNS`."""
    return [{"name": name, "label": entry["label"], "unit": entry["unit"], "values": VALUES[entry["kind"]],
             "better": entry["better"], "definition": entry["definition"],
             "never": never if entry["kind"] == "day" else ""} for name, entry in entries.items()]


def write(
    folder: Path, title: str, about: Mapping[str, Any], files: Mapping[str, str], entries: Entries,
    never: str = COUNTED,
) -> None:
    """Write codebook.csv and codebook.md.

    Parameters
    ----------
    folder
        Where to write them.
    title
        The title of what was played.
    about
        What else to say about it, in this order; ``end`` is the last day, as an ISO date.
    files
        The files beside the codebook, by name.
    entries
        The outcomes.
    never
        How a day is written that never came.
    """
    listed = rows(entries, never.format(end=about["end"]))
    text = io.StringIO()
    writer = CsvWriter(text)
    writer.writerow(COLUMNS)
    writer.writerows(row.values() for row in listed)
    (folder / CSV).write_text(text.getvalue(), encoding="utf-8")
    lines = [f"# Codebook: {_cell(title)}", "", *_markdown(("", ""), about.items()),
             "", "## Files", "", *_markdown(("file", "what it holds"), files.items()),
             "", "## Outcomes", "", *_markdown(COLUMNS, (row.values() for row in listed)), "",
             f"Written by {PROGRAM} {version(PROGRAM)}. Days count from the start: 0 is the start of the first day."]
    (folder / MARKDOWN).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_run(folder: Path, summary: Mapping[str, Any]) -> None:
    """Write the codebook of a run."""
    about = {key: summary[key] for key in ("scenario", "start", "end", "replications", "seed")}
    write(folder, summary["title"] or summary["scenario"], about, RUN_FILES, summary["outcomes"], WRITTEN)


def coordinates(names: Iterable[str], entries: Entries) -> dict[str, tuple[tuple[str, ...], NDArray[Any]]]:
    """Return the coordinates of a dataset's outcomes besides their names: label, unit, kind, better, definition."""
    ordered = list(names)
    return {f"outcome_{key}": (("outcome",), np.array([entries[name][key] for name in ordered], dtype=object))
            for key in ("label", "unit", "kind", "better", "definition")}


def _markdown(head: Iterable[str], body: Iterable[Iterable[Any]]) -> list[str]:
    """Return the lines of a Markdown table."""
    cells = [[_cell(cell) for cell in row] for row in body]
    names = list(head)
    return [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}", *(f"| {' | '.join(row)} |" for row in cells)]


def _cell(text: Any) -> str:
    """Write a text so that it stays in its table cell."""
    return " ".join(on_screen(str(text)).replace("\\", "\\\\").replace("|", "\\|").split())
