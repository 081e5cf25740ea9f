"""Finds the line of each key in a TOML text, which the standard parser does not report.

The scanner relies on the standard parser to reject invalid TOML: `key_lines` is for a text that was parsed without
error, `too_deep` for any text, before it is parsed.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field

DEEPEST = 20
"""The most levels of nested tables and lists."""

KeyPath = tuple[str | int, ...]
"""The place of a value: names of tables and keys from the top down; items of a list by their index from 0."""

BARE = re.compile(r"[A-Za-z0-9_-]+")

TOKEN = re.compile(
    r"""
    (?: [ \t\r]++ | \#[^\n]*+ )*+  # blanks and comments, which are not tokens
    (
        \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?: "{3,5} | \\?\Z )
      | '{3}  (?: [^']++ | '(?!'') )*+ (?: '{3,5} | \Z )
      | "  (?: [^"\\\n]++ | \\[^\n] )*+ "?
      | '  [^'\n]*+ '?
      | [^\s\[\]{}=,.\#"']++
      | .
      | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)


MARKS = frozenset("[]{}=,.\n")
BETWEEN, ENDS = frozenset("\n,"), frozenset(("\n", ",", "]", "}", ""))
"""Characters between the items of a list, and tokens that end a value."""

Token = tuple[str, int]
"""A piece of the text (a mark, a line break, a string or a bare word) and the line where it begins."""


def tokens(text: str) -> list[Token]:
    """Split a text into tokens, without blanks and comments."""
    pieces: list[Token] = []
    line = 1
    for piece in TOKEN.findall(text):
        if piece:
            pieces.append((piece, line))
            if "\n" in piece:
                line += piece.count("\n")
    return pieces


def too_deep(pieces: Sequence[Token]) -> int | None:
    """Return the line where tables and lists are nested more than `DEEPEST` levels deep, in any text, TOML or not."""
    brackets = dots = 0
    for piece, line in pieces:
        if piece not in MARKS:
            continue
        if piece == ".":
            dots += 1
        else:
            dots = 0
            if piece in "[{":
                brackets += 1
            elif piece in "]}":
                brackets = max(0, brackets - 1)
        if brackets + dots > DEEPEST:
            return line
    return None


def name_of(piece: str) -> str:
    """Return the name that a token stands for in a key; ValueError if it cannot be a name."""
    if piece[0] in "\"'":
        return str(tomllib.loads(f"name = {piece}")["name"])
    if BARE.fullmatch(piece):
        return piece
    raise ValueError(piece)


def key_lines(pieces: Sequence[Token]) -> dict[KeyPath, int]:
    """Map every key of a valid TOML text, and every item of its lists, to its line, from 1.

    A table has the line of its header or, if it has no header, the line where it is first mentioned.
    """
    scanner = _Scanner([*pieces, ("", 0)])
    scanner.document()
    return scanner.lines


@dataclass
class _Scanner:
    tokens: list[Token]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    at: int = 0
    items: dict[KeyPath, int] = field(default_factory=dict)  # lists of tables: number of tables so far

    def here(self) -> str:
        return self.tokens[self.at][0]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def after_newlines(self) -> str:
        while self.here() == "\n":
            self.at += 1
        return self.here()

    def document(self) -> None:
        table: KeyPath = ()
        while self.after_newlines():
            if self.here() == "[":
                table = self.header()
            else:
                self.assignment(table)

    def header(self) -> KeyPath:
        line = self.take()[1]
        is_list = self.here() == "["
        self.at += is_list
        path = self.key()
        self.at += 1 + is_list
        if is_list:
            full = self.mention((), path, line, into_last=False)
            self.items[full] = self.items.get(full, 0) + 1
            full = (*full, self.items[full] - 1)
        else:
            full = self.mention((), path, line)
        self.lines[full] = line
        return full

    def mention(self, table: KeyPath, path: list[str], line: int, into_last: bool = True) -> KeyPath:
        """Note the line of a dotted key and of the tables it implies; a list of tables stands for its last item."""
        full = table
        for i, part in enumerate(path):
            full = (*full, part)
            self.lines.setdefault(full, line)
            if full in self.items and (into_last or i < len(path) - 1):
                full = (*full, self.items[full] - 1)
        return full

    def key(self) -> list[str]:
        path = [name_of(self.take()[0])]
        while self.here() == ".":
            self.at += 1
            path.append(name_of(self.take()[0]))
        return path

    def assignment(self, table: KeyPath) -> None:
        line = self.tokens[self.at][1]
        path = self.mention(table, self.key(), line)
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: KeyPath) -> None:
        if self.here() == "[":
            self.array(path)
        elif self.here() == "{":
            self.inline_table(path)
        else:
            while self.here() not in ENDS:
                self.at += 1

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            piece, line = self.tokens[self.at]
            if piece == "]":
                break
            if piece in BETWEEN:
                self.at += 1
                continue
            item = (*path, index)
            self.lines[item] = line
            index += 1
            if piece in "[{":
                self.value(item)
                continue
            while piece not in ENDS:  # a number or a date is several tokens
                self.at += 1
                piece = self.tokens[self.at][0]
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self.after_newlines() != "}":
            if self.here() == ",":
                self.at += 1
            else:
                self.assignment(path)
        self.at += 1
