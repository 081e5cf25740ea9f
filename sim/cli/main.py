"""The command line: all commands, and how each begins and ends."""

import atexit
import gc
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.cli import analyses, compare, evidence, hindcast, optimise, report, run, scenario, study
from sim.cli.errors import FAILED, INTERRUPTED, failed, plain_errors
from sim.cli.interrupts import interrupts_first, listen
from sim.cli.terminal import show_controls
from sim.scenario.program import program


class PlainGroup(TyperGroup):
    """The commands, with errors said plainly."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with plain_errors(), interrupts_first():
            return super().invoke(ctx)


app = typer.Typer(cls=PlainGroup, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})


def main() -> None:
    """Run the command line."""
    gc.set_threshold(100_000)  # imported modules stay; looking for garbage in them takes a tenth of a short command
    _open_streams()
    show_controls()
    listen()
    try:
        with plain_errors():  # again, for help and usage, which are written before any command is invoked
            app(prog_name=program())
    except SystemExit as stop:
        _leave(stop.code if isinstance(stop.code, int) else 0)


def _open_streams() -> None:
    """Open closed streams, so that what is printed to them is thrown away."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # as with 2>&-: the next file opened would take its number, and receive what is printed
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until the end


def _leave(code: int) -> None:
    """End the process at once: after the compiled clock, a tidy shutdown of Python takes a third of a second."""
    if code == INTERRUPTED:
        failed("Stopped.", code)
    else:  # not after an interrupt: these functions might wait for a lock that a stopped worker held
        atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        code = FAILED
    os._exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"drawdown-sim {version('drawdown-sim')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Play scenarios of a troop drawdown many times over, and compare schedules. It does not predict the war."""


for command in (
    run.run, run.trace, scenario.check, scenario.resolve, scenario.schema, scenario.new, scenario.outcomes,
    report.report, compare.compare, evidence.calibrate, evidence.backtest, hindcast.hindcast, study.study,
    analyses.sensitivity, analyses.discover, analyses.robust, analyses.voi, optimise.optimise,
):
    app.command()(command)
