"""On which line each key of a TOML text stands, which the standard parser does not tell.

The scanner trusts the standard parser to refuse what is not TOML: `key_lines` is for a text that was parsed without
error, `too_deep` for any text at all, before it is parsed.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

DEEPEST = 20
"""Tables and lists may nest so many levels deep."""

KeyPath = tuple[str | int, ...]
"""Where a value stands: names of tables and keys from the top down, items of a list by their index from 0."""

BARE = re.compile(r"[A-Za-z0-9_-]+")

TOKEN = re.compile(
    r"""
      (?P<space>   [ \t\r]++ | \#[^\n]*+ )
    | (?P<newline> \n )
    | (?P<string>  \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ (?: "{3,5} | \\?\Z )
                 | '{3}  (?: [^']++ | '(?!'') )*+ (?: '{3,5} | \Z )
                 | "  (?: [^"\\\n]++ | \\[^\n] )*+ "?
                 | '  [^'\n]*+ '? )
    | (?P<bare>    [^\s\[\]{}=,.\#"']++ )
    | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text: its kind (newline, string, bare or mark), the text itself and the line it begins on."""

    kind: str
    text: str
    line: int


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into tokens, leaving out spaces and comments."""
    line = 1
    for match in TOKEN.finditer(text):
        kind, piece = str(match.lastgroup), match.group()
        if kind != "space":
            yield Token(kind, piece, line)
        line += piece.count("\n")


def too_deep(text: str) -> int | None:
    """Return the line where tables and lists nest more than `DEEPEST` levels deep, in any text, TOML or not."""
    brackets = dots = 0
    for token in tokens(text):
        if token.text in ("[", "{"):
            brackets += 1
        elif token.text in ("]", "}"):
            brackets = max(0, brackets - 1)
        if token.text == ".":
            dots += 1
        elif token.kind not in ("bare", "string"):
            dots = 0
        if brackets + dots > DEEPEST:
            return token.line
    return None


def name_of(token: Token) -> str:
    """Return the name that a key's token stands for; ValueError when it is not fit for one."""
    if token.kind == "string":
        return str(tomllib.loads(f"name = {token.text}")["name"])
    if BARE.fullmatch(token.text):
        return token.text
    raise ValueError(token.text)


def key_lines(text: str) -> dict[KeyPath, int]:
    """Map every key of a valid TOML text, and every item of its lists, to the line it stands on, from 1.

    A table is on the line of its header, or, without one, on the line where it is first mentioned.
    """
    scanner = _Scanner(list(tokens(text)))
    scanner.document()
    return scanner.lines


@dataclass
class _Scanner:
    tokens: list[Token]
    lines: dict[KeyPath, int] = field(default_factory=dict)
    at: int = 0
    items: dict[KeyPath, int] = field(default_factory=dict)  # lists of tables: how many were opened so far

    def here(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

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
        line = self.take().line
        is_list = self.here() == "["
        self.at += is_list
        path = self.key()
        self.at += 1 + is_list
        if is_list:
            whole = self.mention((), path, line, into_last=False)
            self.items[whole] = self.items.get(whole, 0) + 1
            whole = (*whole, self.items[whole] - 1)
        else:
            whole = self.mention((), path, line)
        self.lines[whole] = line
        return whole

    def mention(self, table: KeyPath, path: list[str], line: int, into_last: bool = True) -> KeyPath:
        """Note the line of a dotted key and of the tables it implies; a list of tables stands for its last item."""
        whole = table
        for i, part in enumerate(path):
            whole = (*whole, part)
            self.lines.setdefault(whole, line)
            if whole in self.items and (into_last or i < len(path) - 1):
                whole = (*whole, self.items[whole] - 1)
        return whole

    def key(self) -> list[str]:
        path = [name_of(self.take())]
        while self.here() == ".":
            self.at += 1
            path.append(name_of(self.take()))
        return path

    def assignment(self, table: KeyPath) -> None:
        line = self.tokens[self.at].line
        path = self.mention(table, self.key(), line)
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: KeyPath) -> None:
        if self.here() == "[":
            self.array(path)
        elif self.here() == "{":
            self.inline_table(path)
        else:
            while self.here() not in ("\n", ",", "]", "}", ""):
                self.at += 1

    def array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self.after_newlines() != "]":
            if self.here() == ",":
                self.at += 1
                continue
            item = (*path, index)
            self.lines[item] = self.tokens[self.at].line
            self.value(item)
            index += 1
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self.after_newlines() != "}":
            if self.here() == ",":
                self.at += 1
            else:
                self.assignment(path)
        self.at += 1
