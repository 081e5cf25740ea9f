"""An article: its text, tables and places for figures, as plain data. Other modules write what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from sim.play.folder import PROGRAM
from sim.play.identity import rules_version
from sim.report.scene import Scene
from sim.report.story import Story
from sim.scenario.program import program
from sim.words.layout import Table as Texts
from sim.words.layout import table as texts_of

CAVEAT = "This compares schedules under stated assumptions; it does not predict the war."


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes
    ----------
    title, head, rows
        What it shows.
    right
        Numbers of the columns that are aligned to the right.
    definitions
        By row: what its first cell means; empty where there is nothing to say.
    folded
        Whether it is shown only when a reader asks for it.
    """

    title: str
    head: list[str]
    rows: list[list[str]]
    right: list[int] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    folded: bool = False


@dataclass(frozen=True)
class Figure:
    """A place for a chart, or a picture; see `FigureSpec` in web/document.ts.

    Attributes
    ----------
    id, kind
        Its name on the page, and what is drawn there.
    title, caption
        What it shows, and how to read it.
    alt
        What it shows in words, made from its data.
    outcome
        The outcome that is drawn, if it is one.
    src
        The picture itself, as a data URI, if it is one.
    """

    id: str
    kind: str
    title: str
    caption: str
    alt: str
    outcome: str = ""
    src: str = ""


@dataclass(frozen=True)
class Section:
    """A section: paragraphs, then figures, then tables, then notes for whoever reads these.

    Attributes
    ----------
    ahead
        Whether it stands before the part of the page in which the reader moves the levers.
    """

    id: str
    title: str
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ahead: bool = False


@dataclass(frozen=True)
class Made:
    """How it was made: the command that makes it again, the one that made its results, the seed, and versions."""

    command: str
    seed: int
    replications: int
    version: str
    rules: str
    cite: str
    results_by: str


@dataclass(frozen=True)
class Article:
    """An article about results.

    Attributes
    ----------
    kind
        The command that gave the results: ``run``, ``compare``, ``study``, ``calibrate`` or ``backtest``.
    title, question
        What it is about.
    answer, how_to_read
        Sentences.
    made
        How it was made.
    sections
        The sections, in order.
    scenes
        The scenarios, the base first; none if it is not about scenarios.
    story
        One replication of the base.
    differences
        Of a comparison: the differences from the base, fit for JSON.
    """

    kind: str
    title: str
    question: str
    answer: list[str]
    how_to_read: list[str]
    made: Made
    sections: list[Section]
    scenes: Sequence[Scene] = ()
    story: Story | None = None
    differences: list[dict[str, Any]] = field(default_factory=list)


def made(title: str, command: str, seed: int, replications: int, results_by: str = "") -> Made:
    """Return how results were made, and how to cite them."""
    of_program, of_rules = version(PROGRAM), rules_version()
    played = f"{replications:,} replications, seed {seed}. " if replications else ""
    cite = f"{title}{'' if title.endswith(('.', '?', '!')) else '.'} {played}{PROGRAM} {of_program}, rules {of_rules}."
    return Made(f"{program()} {command}", seed, replications, of_program, of_rules, cite, results_by)


def of_texts(table: Texts, definitions: Sequence[str] = (), title: str | None = None, folded: bool = False) -> Table:
    """Return a table of a command as one of an article."""
    right = [number for number, head in enumerate(table.head) if head in table.right]
    return Table(table.title if title is None else title, list(table.head), [list(row) for row in table.rows], right,
                 list(definitions), folded)


def plain_table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = (), folded: bool = False,
    definitions: Sequence[str] = (),
) -> Table:
    """Return a table of texts; ``right`` names the columns of numbers."""
    return of_texts(texts_of(head, rows, right, title=title), definitions, folded=folded)
