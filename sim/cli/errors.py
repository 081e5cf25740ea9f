"""Errors that a user can cause, as plain text and an exit code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import typer

from sim.cli.interrupts import stop_listening
from sim.clocks.program import Stale
from sim.comparison.errors import ComparisonError
from sim.estimate.errors import PrecisionError
from sim.evidence.errors import DataError
from sim.play.errors import FolderError, TooLarge, Unplayable, WorkersLost
from sim.play.room import is_shortage
from sim.scenario.errors import ScenarioError
from sim.study.errors import StudyError

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors that a user can cause into lines of text and an exit code."""
    try:
        yield
    except (ScenarioError, FolderError, PrecisionError, TooLarge, DataError, ComparisonError, StudyError) as error:
        raise failed(str(error), BAD_INPUT) from None
    except (Unplayable, WorkersLost, Stale) as error:
        raise failed(str(error), FAILED) from None
    except KeyboardInterrupt:
        stop_listening()
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader of the output has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(FAILED) from None
    except (MemoryError, ImportError, RuntimeError) as error:
        if not is_shortage(error):
            raise
        raise failed("memory ran out; try fewer --replications or --workers, or an earlier end", FAILED) from None
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        raise failed(f"cannot write{place}: {(error.strerror or str(error)).lower()}", FAILED) from None


def failed(text: str, code: int) -> SystemExit:
    """Print what went wrong, and return the exception that ends the program with a code."""
    with suppress(OSError):  # if this cannot be written either, the exit code has to do
        typer.echo(text, err=True)
    return SystemExit(code)
