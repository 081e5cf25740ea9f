"""What is said about a scenario on standard error before anything is played."""

from typing import TYPE_CHECKING

import typer

from sim.scenario.errors import Problem

if TYPE_CHECKING:
    from sim.scenario.load import ScenarioFile


def say_changes(file: "ScenarioFile") -> None:
    """Say what --set changed."""
    for change in file.changes:
        typer.echo(f"{file.name}: {change}", err=True)


def warn(warnings: tuple[Problem, ...]) -> None:
    """Print warnings, a line each."""
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
