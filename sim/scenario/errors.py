"""Errors in scenarios: problems with file, line and key, and the exception that contains all of them."""

import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sim.scenario.harmless import printable

OVERRIDE = "--set"
"""Stands in for the file name of a value given on the command line."""

MOST_TOLD = 100
"""The most problems to report; a file with more is not a scenario, or has the same error everywhere."""

PRECISION = "--precision"
"""Stands in for the file name of a precision given on the command line."""

BY = "--by"
"""Stands in for the file name of a date asked about on the command line."""


@dataclass(frozen=True)
class Problem:
    """An error, in one line: where it is, what is wrong, and what is allowed.

    Attributes
    ----------
    file
        The file as the user named it, or the option (``--set``, ``--precision``, ``--by``) that gave the value.
    line
        Line in that file, from 1; None when no line is to blame.
    key
        Dotted key, e.g. ``phases.syria.by``; empty when the whole file is meant.
    message
        What is wrong; what is allowed.
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        """Return ``file:line: key: message``, without the parts that are missing."""
        if self.file in (OVERRIDE, PRECISION, BY):
            return printable(f"{self.file} {self.key}".rstrip() + f": {self.message}")
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return printable(": ".join(part for part in (place, self.key, self.message) if part))


class ScenarioError(Exception):
    """A scenario cannot be used; `problems` lists all its errors, in order of file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def told(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems to report; if there are too many, the last one says that there are more."""
    if len(problems) <= MOST_TOLD:
        return tuple(problems)
    more = Problem(problems[0].file, None, "", f"has more errors than these {MOST_TOLD}; correct these first")
    return (*problems[:MOST_TOLD], more)


def shown(value: Any, longest: int = 40) -> str:
    """Return a value as it would be written in a scenario file, shortened for use in a message."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**15:
        return "a whole number with more than 15 digits"
    if isinstance(value, str):
        return json.dumps(value if len(value) <= longest else value[:longest] + "...", ensure_ascii=False)
    if isinstance(value, datetime):
        return f"{value} (a date with a time)"
    if isinstance(value, date | time):
        return value.isoformat()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def suggest(word: str, allowed: Iterable[str]) -> str:
    """Name the allowed words most similar to a word that is not allowed, or all allowed words if none is similar."""
    words = list(allowed)
    near = nearest(word, words)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return f"allowed: {some(words, 60)}" if words else "there is none here"


def some(words: Iterable[str], most: int = 20) -> str:
    """List the first words, and say how many more there are: ``a, b and 39,998 more``."""
    all_words = list(words)
    more = f" and {len(all_words) - most:,} more" if len(all_words) > most else ""
    return ", ".join(all_words[:most]) + more


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """Return up to three words that are similar to a given word, the most similar first."""
    return difflib.get_close_matches(word, list(words), n=3, cutoff=0.72)
