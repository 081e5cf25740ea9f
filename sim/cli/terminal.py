"""What the command line shows: progress, tables and the summary of a run, with or without a terminal."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from sim.play.defaults import PAGE
from sim.play.errors import WorkersLost
from sim.scenario.harmless import on_screen
from sim.words.layout import Table, wrapped

if TYPE_CHECKING:
    from rich.console import Console

    from sim.play.folder import Contents

CAVEAT = "This compares schedules; it does not predict the war."
PIPED_WIDTH = 160
"""The width of tables if there is no terminal."""


class Shown:
    """A stream of text that shows control characters instead of sending them; see `on_screen`.

    Parameters
    ----------
    stream
        Where the text goes. Text that is already harmless, with control characters of our own, may be written to it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text."""
        return self.stream.write(on_screen(text))

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # so that nobody writes past it
            raise AttributeError(name)
        return getattr(self.stream, name)


def show_controls() -> None:
    """Show control characters in everything that is printed, and a question mark for what cannot be encoded."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
            setattr(sys, name, Shown(stream))


def _console(stream: Any) -> "Console":
    """Return a console that draws on a stream. It gets harmless text, since it sends control characters of its own."""
    from rich.console import Console

    stream = getattr(stream, "stream", stream)
    width = None if stream.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


@contextmanager
def progress_bar(name: str, quiet: bool) -> Iterator[tuple[Callable[[int, int], None], Callable[[str], None]]]:
    """Show a bar with the time left, on a terminal.

    Gives two functions: one takes how many replications are done and how many there will be at most, the other prints a
    line above the bar.
    """
    console = _console(sys.stderr)

    def say(line: str) -> None:
        if not quiet:
            console.print(on_screen(f"{name}: {line}"), soft_wrap=True)

    if quiet or not console.is_terminal:
        yield (lambda done, at_most: None), say
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn(elapsed_when_finished=True))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(on_screen(name), total=None)

        def advance(done: int, at_most: int) -> None:
            bar.update(task, completed=done, total=at_most)
            if done == at_most:
                bar.update(task, description=on_screen(f"{name}: summarising and drawing"))

        yield advance, say


@contextmanager
def kept_work_named(folder: Path, of: "Contents") -> Iterator[None]:
    """If work on a folder is stopped or fails, say what has been kept."""
    try:
        yield
    except (KeyboardInterrupt, OSError, MemoryError, RuntimeError, ImportError, WorkersLost):
        from sim.play.handover import play_of, waits, work_of

        if waits(folder):
            typer.echo(f"The results are finished. Run the same command again to put them into {folder}.", err=True)
        elif done := of.done(play_of(folder)):
            typer.echo(f"{done:,} {of.unit} are kept in {work_of(folder)}. Run the same command with --resume to "
                       "continue.", err=True)
        raise


def print_summary(summary: dict[str, Any], folder: Path, figures: bool, more: Sequence[Table] = ()) -> None:
    """Print the main outcomes of a run, more tables if there are any, and where its results, figures and page are."""
    from sim.words.table import main_table, notes

    played = f"{summary['replications']:,} replications, seed {summary['seed']}"
    print_text(summary["title"] or summary["scenario"], played, "")
    print_table(main_table(summary))
    print_text("", *notes(summary))
    for table in more:
        print_text("", table.title, "")
        print_table(table)
        print_text("")
    typer.echo(f"Results: {folder}" + (f"\nFigures: {folder / 'figures'}" if figures else ""))
    if (folder / PAGE).is_file():
        typer.echo(f"Report: {folder / PAGE}")
    print_text(CAVEAT)


def stamps(*paths: Path) -> dict[Path, tuple[int, int]]:
    """Return, for each file or folder that exists, numbers that change when it is written again."""
    found = {}
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            found[path] = status.st_ino, status.st_mtime_ns
    return found


def print_written(*results: Path, before: Mapping[Path, tuple[int, int]]) -> None:
    """Print which results the command wrote, and which were already there and stay as they are.

    Parameters
    ----------
    results
        Files and folders.
    before
        The `stamps` of them before the command began.
    """
    after = stamps(*results)
    kept = [path for path in results if path in before and before[path] == after.get(path)]
    written = [path for path in results if path not in kept]
    for title, paths in (("Written", written), ("Already there", kept)):
        if paths:
            typer.echo(f"{title}: {', '.join(map(str, paths))}")


def print_end(*results: Path, before: Mapping[Path, tuple[int, int]] | None = None) -> None:
    """Print where results are, and what they are not; for ``before`` see `print_written`."""
    print_written(*results, before=before or {})
    print_text(CAVEAT)


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal allows; see `sim.words.layout`."""
    from rich.text import Text

    console = _console(sys.stdout)
    lines = table.lines(console.width)
    head = next((n for n, line in enumerate(lines) if line.startswith("─")), 0)
    for n, line in enumerate(lines):
        console.print(Text(on_screen(line), style="bold" if n < head else ""), soft_wrap=True)


def print_text(*lines: str) -> None:
    """Print lines of text; on a terminal, broken at words."""
    console = _console(sys.stdout)
    for line in lines:
        for part in wrapped(line, console.width) if console.is_terminal else [line]:
            console.print(on_screen(part), soft_wrap=True)
