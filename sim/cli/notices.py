"""What is said about a scenario on standard error before anything is played."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from sim.scenario.errors import Problem
from sim.scenario.program import program

if TYPE_CHECKING:
    from sim.scenario.load import ScenarioFile


def say_changes(file: "ScenarioFile") -> None:
    """Say what --set changed."""
    for change in file.changes:
        typer.echo(f"{file.name}: {change}", err=True)


MOST_WARNINGS = 3
"""How many warnings are printed before something is played."""


def warn(warnings: Sequence[Problem]) -> None:
    """Print warnings, a line each."""
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)


def warn_briefly(warnings: Sequence[Problem]) -> None:
    """Print the first warnings, and how many more there are."""
    shown = warnings if len(warnings) <= MOST_WARNINGS + 1 else warnings[:MOST_WARNINGS]
    warn(shown)
    if len(shown) < len(warnings):
        typer.echo(f"warning: {len(warnings) - len(shown)} more; {program()} check lists them", err=True)


def doubts_of(file: "ScenarioFile") -> tuple[Problem, ...]:
    """Return all warnings about a scenario. Only a plan has to be played for that."""
    if not file.scenario.phases:
        return file.warnings
    from sim.play.doubts import warnings_of

    return warnings_of(file)


def as_data(warnings: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return warnings as plain data for JSON."""
    return [asdict(warning) for warning in warnings]
