"""Reads a scenario file and the files it extends into plain data, with the line of every key.

Other files written in the same way are also read here.
"""

import os
import re
import stat
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sim.scenario.dates import date_fault
from sim.scenario.errors import Problem, ScenarioError, shown
from sim.scenario.files import read_at_once
from sim.scenario.keys import dotted
from sim.scenario.lines import DEEPEST, KeyPath, key_lines, tokens, too_deep
from sim.scenario.program import program
from sim.scenario.shipped import SCENARIOS, STUDIES

LARGEST = 1_000_000
LONGEST_CHAIN = 10
KNOWN_BY = {"scenario": ("run", {"start", "extends", "theatres"}), "study": ("study", {"scenario", "scenarios"})}
"""The kinds of files: the command that plays them, and keys that are found only in files of this kind."""

PLAINLY = {
    "Invalid value": "not a valid value; write text in double quotes, dates like 2024-02-12, switches as true or false",
    "Invalid date": "there is no such date; dates are written 2024-02-12",
    "Cannot overwrite a value": "this key is given twice; a key may appear only once in its table",
    "Cannot declare": "this table is given twice; a [table] may appear only once in a file",
    "Expected '='": "this line has no meaning; a line is KEY = VALUE, a [table] or a # comment",
    "Invalid statement": "this line has no meaning; a line is KEY = VALUE, a [table] or a # comment",
    "Expected newline": "there is more than one value; write numbers without commas, and lists in square brackets",
    "Expected ']'": "a bracket is not closed; a table is written [table], a list [1, 2]",
    "Unclosed array": "a bracket is not closed; a table is written [table], a list [1, 2]",
    "Unterminated string": "a text is not closed; write text in double quotes",
}
"""What the parser's messages mean, by their beginning, for somebody who does not know TOML."""


@dataclass(frozen=True)
class Layer:
    """One file (or one override): its name as shown, its data, and the line of each key in it."""

    file: str
    data: dict[str, Any]
    lines: dict[KeyPath, int | None]

    def problem(self, path: KeyPath, message: str) -> Problem:
        """Return an error of a key, with its own line or that of the table it is in."""
        lines = (self.lines.get(path[:n]) for n in range(len(path), 0, -1))
        return Problem(self.file, next((line for line in lines if line is not None), None), dotted(path), message)


class _UnreadableError(Exception):
    """A file cannot be read at all; the message says why."""


def read_alone(path: str | os.PathLike[str], what: str, needs: str) -> Layer:
    """Read a TOML file that is not a scenario and extends nothing.

    Parameters
    ----------
    path
        The file.
    what, needs
        Its name in messages, such as ``study``, and what it must contain.

    Raises
    ------
    ScenarioError
        The file cannot be read, or is not TOML.
    """
    file = STUDIES.find(os.fsdecode(path))
    try:
        text = _text(file, what)
    except _UnreadableError as error:
        raise _error(Problem(file, None, "", ""), str(error)) from None
    return _parse(file, text, what, needs)


def read_chain(path: str | os.PathLike[str]) -> list[Layer]:
    """Read a scenario file and the files it extends, one after another.

    Parameters
    ----------
    path
        The file that the user named, or the name of a scenario that comes with the program.

    Returns
    -------
    list of Layer
        The file itself first and the bottom of the chain last; ``extends`` is removed from the data.

    Raises
    ------
    ScenarioError
        A file cannot be read, is not TOML, or the chain is circular or too long.
    """
    file = SCENARIOS.find(os.fsdecode(path))
    layers: list[Layer] = []
    seen: list[str] = []
    blame = Problem(file, None, "", "")
    while True:
        try:
            text = _text(file)
        except _UnreadableError as error:
            raise _error(blame, f"{f'{file}: ' if layers else ''}{error}") from None
        layer = _parse(file, text)
        layers.append(layer)
        seen.append(os.path.realpath(file))  # the file was read, so its name is valid
        if "extends" not in layer.data:
            return layers
        base = layer.data["extends"]
        layers[-1] = replace(layer, data={key: value for key, value in layer.data.items() if key != "extends"})
        blame = Problem(file, layer.lines[("extends",)], "extends", "")
        if not isinstance(base, str) or not base:
            raise _error(blame, f"must be the name of a scenario file in quotes, not {shown(base)}")
        file = SCENARIOS.find(base, os.path.dirname(file))
        if "\0" not in file and os.path.realpath(file) in seen:
            chain = [*(layer.file for layer in layers), file]
            raise _error(blame, f"goes round in a circle: {' -> '.join(chain)}; a file may not extend itself")
        if len(layers) > LONGEST_CHAIN:
            raise _error(blame, f"is one file too many; a scenario can extend at most {LONGEST_CHAIN} others")


def _error(blame: Problem, message: str) -> ScenarioError:
    return ScenarioError((Problem(blame.file, blame.line, blame.key, message),))


def _text(file: str, what: str = "scenario") -> str:
    """Read a text file; if that fails, say why in plain words."""
    try:
        kind = os.stat(file).st_mode
        if stat.S_ISDIR(kind):
            raise _UnreadableError(f"is a folder; name a {what} file in it")
        if not stat.S_ISREG(kind):
            raise _UnreadableError(f"is not an ordinary file; a {what} is read from a file on disk")
        content = read_at_once(file, LARGEST + 1)
    except FileNotFoundError:
        shipped = STUDIES if what == STUDIES.what else SCENARIOS
        raise _UnreadableError(shipped.missing(file)) from None
    except PermissionError:
        raise _UnreadableError("cannot be read: you do not have permission") from None
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise _UnreadableError("is not a possible file name") from None
    if len(content) > LARGEST:
        raise _UnreadableError(f"is too large; a {what} file has at most 1 MB")
    if b"\0" in content:
        raise _UnreadableError("is not a text file (it contains NUL bytes); save it as plain text in UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _UnreadableError(f"is not a text file in UTF-8 (line {line}); save it as plain text in UTF-8") from None


@lru_cache(maxsize=8)
def _parse(file: str, text: str, what: str = "scenario", needs: str = "start, end and a theatre") -> Layer:
    pieces = tokens(text)
    line = too_deep(pieces)
    if line is not None:
        raise _error(Problem(file, line, "", ""), f"tables or lists are nested too deeply; at most {DEEPEST} levels")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError((_syntax_problem(file, text, str(error)),)) from None
    except ValueError:  # a number of thousands of digits
        raise _error(Problem(file, None, "", ""), "has a number that is far too long") from None
    if not data:
        raise _error(Problem(file, None, "", ""), f"is empty; a {what} has at least {needs}")
    if other := _other_kind(data, what):
        play = f"{program()} {KNOWN_BY[other][0]}"
        checks = f", and {play} FILE --dry-run checks it" if other == "study" else ""
        raise _error(Problem(file, None, "", ""), f"is a {other}, not a {what}; {play} plays it{checks}")
    return Layer(file, data, dict(key_lines(pieces)))


def _other_kind(data: dict[str, Any], what: str) -> str:
    """Return the kind of file that the data come from, if it is not the kind wanted; otherwise empty."""
    kinds = [kind for kind, (_, keys) in KNOWN_BY.items() if keys & data.keys()]
    return kinds[0] if len(kinds) == 1 and kinds != [what] else ""


def _syntax_problem(file: str, text: str, message: str) -> Problem:
    place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    line = int(place[1]) if place else text.count("\n", 0, len(text.rstrip())) + 1
    what = message[:place.start()] if place else re.sub(r" \(at end of document\)$", "", message)
    lines = text.split("\n")
    value = lines[line - 1].partition("=")[2].partition("#")[0].strip() if line <= len(lines) else ""
    plain = next((plainly for start, plainly in PLAINLY.items() if what.startswith(start)), what[:1].lower() + what[1:])
    explained = date_fault(value) or plain
    return Problem(file, line, "", f"is not valid TOML: {explained}")
