"""Reports: the living page of scenarios or results, as one HTML file."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from sim.api.compare import compare
from sim.api.run import run
from sim.comparison.compare import Comparison
from sim.play.errors import FolderError
from sim.play.files import write_whole
from sim.play.result import Result
from sim.play.run import Progress
from sim.report.article import Article
from sim.report.document import document
from sim.report.html import html
from sim.report.run_article import run_article
from sim.report.scene import of_result
from sim.report.sources import Found, in_folder, scenarios_of
from sim.scenario.load import ScenarioFile
from sim.scenario.source import Source, file_of


@dataclass(frozen=True, repr=False)
class Report:
    """A report: it writes itself into a file, and shows itself in a notebook.

    Attributes
    ----------
    article
        Its text, tables and data.
    """

    article: Article

    def __repr__(self) -> str:
        return f"<Report: {self.article.title}; write it with .write(FILE)>"

    def html(self) -> str:
        """Return the page."""
        return html(self.article)

    def document(self) -> dict[str, Any]:
        """Return the data that the page reads."""
        return document(self.article)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the page into a file, in place of whatever is there."""
        place = Path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, self.html())
        return place

    def _repr_html_(self) -> str:
        return (f'<iframe srcdoc="{escape(self.html())}" title="{escape(self.article.title)}" '
                'style="width: 100%; height: 85vh; border: 0"></iframe>')
