"""Tables of texts, laid out at any width without cutting a number, breaking a word or leaving out a column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

GAP = "   "
"""What separates columns."""
MOST_LINES = 6
"""The most lines that a row may take; if one would take more, rows are stacked instead."""
INDENT = "  "

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes
    ----------
    head, rows
        Its cells; each row has as many as the head.
    right
        Columns of numbers, by name: they are aligned to the right, and broken only inside a range, after its dash.
    under
        Columns that may be put under another if there is little room, such as an interval under its mean.
    title
        What the table shows, for commands that print several.
    """

    head: Row
    rows: Sequence[Row]
    right: frozenset[str] = frozenset()
    under: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def lines(self, width: int) -> list[str]:
        """Lay it out: in one line for each row if there is room, breaking heads if need be.

        Otherwise columns are put under others, cells are broken, or rows are stacked. A line is longer than the width
        only if a single word is.
        """
        forms = [self, *([self._folded()] if self.under else [])]
        for form in forms:
            for breaks_heads in (False, True):
                widths = form._widths(breaks_heads)
                if form._room(width) >= sum(widths):
                    return form._side_by_side(widths, False)
        for breaks_ranges in (False, True):
            layouts = [form._side_by_side(widths, breaks_ranges) for form in forms
                       if (widths := form._shrunk(width, breaks_ranges))]
            if fitting := [lines for lines in layouts if lines]:
                return min(fitting, key=len)
        return list(self._stacked(width))

    def _widths(self, breaks_heads: bool = False) -> list[int]:
        """Return how wide the columns are if nothing is broken, or only heads are."""
        columns = zip(self.head, *self.rows, strict=True)
        return [max(cell_len(piece) for piece in (
            *(_pieces(head, False) if breaks_heads else head.split("\n")),
            *(line for cell in cells for line in cell.split("\n")))) for head, *cells in columns]

    def _room(self, width: int) -> int:
        """Return the width that is left for the columns."""
        return width - len(GAP) * (len(self.head) - 1)

    def _folded(self) -> "Table":
        """Return the table with columns put under others where this is allowed."""
        places = {name: i for i, name in enumerate(self.head)}
        under = {name: above for name, above in self.under.items() if name in places and above in places}
        groups = [[places[name], *(places[low] for low, above in under.items() if above == name)]
                  for name in self.head if name not in under]

        def fold(row: Row) -> Row:
            return tuple("\n".join(row[i] for i in group) for group in groups)

        head = fold(self.head)
        right = {name for name, group in zip(head, groups, strict=True) if self.head[group[0]] in self.right}
        return Table(head, [fold(row) for row in self.rows], frozenset(right))

    def _shrunk(self, width: int, breaks_ranges: bool) -> list[int]:
        """Return how wide the columns are if cells are broken to fit a width; empty if they cannot fit."""
        numeric = [name in self.right for name in self.head]
        columns = zip(self.head, *self.rows, strict=True)
        least = [max(max(map(cell_len, _pieces(head, False)), default=0),
                     max((cell_len(piece) for cell in cells for piece in _pieces(cell, is_number, breaks_ranges)),
                         default=0))
                 for (head, *cells), is_number in zip(columns, numeric, strict=True)]
        widths, room = self._widths(), self._room(width)
        if sum(least) > room:
            return []
        while sum(widths) > room:
            widest = max((i for i in range(len(widths)) if widths[i] > least[i]), key=lambda i: widths[i])
            widths[widest] -= 1
        return widths

    def _side_by_side(self, widths: list[int], breaks_ranges: bool) -> list[str]:
        """Return a line or a few for each row; none if a row would take too many."""
        numeric = [name in self.right for name in self.head]
        head, *body = [[_wrapped(cell, size, is_number and row is not self.head, breaks_ranges)
                        for cell, size, is_number in zip(row, widths, numeric, strict=True)]
                       for row in (self.head, *self.rows)]
        if any(len(cell) > MOST_LINES for row in body for cell in row):
            return []
        rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
        return [*_row_lines(head, widths, numeric), rule,
                *(line for row in body for line in _row_lines(row, widths, numeric))]

    def _stacked(self, width: int) -> Iterator[str]:
        """Yield the first cell of each row, and below it the other cells, each with the name of its column."""
        yield from _wrapped(self.head[0], width)
        yield "─" * cell_len(self.head[0])
        longest = max((cell_len(word) for name in self.head[1:] for word in name.split()), default=0)
        names = min(max(map(cell_len, self.head[1:]), default=0), max(longest, width // 2 - len(INDENT)))
        for row in self.rows:
            if row[0]:
                yield from _wrapped(row[0], width)
            for name, cell in zip(self.head[1:], row[1:], strict=True):
                if cell:
                    lines = _wrapped(cell, width - len(INDENT) - names - len(INDENT))
                    for part, line in zip_longest(_wrapped(name, names), lines, fillvalue=""):
                        yield f"{INDENT}{_padded(part, names)}{INDENT}{line}".rstrip()


def table(
    head: Iterable[str], rows: Iterable[Iterable[str]], right: Iterable[str] = (),
    under: Mapping[str, str] | None = None, title: str = "",
) -> Table:
    """Return a table; see `Table`."""
    return Table(tuple(head), [tuple(row) for row in rows], frozenset(right), under or {}, title)


def wrapped(text: str, width: int) -> list[str]:
    """Break a line of text at words; further lines are indented like the first."""
    indent = text[: len(text) - len(text.lstrip())]
    return [indent + line for line in _wrapped(text.lstrip(), width - len(indent))]


def _wrapped(cell: str, width: int, is_number: bool = False, breaks_ranges: bool = True) -> list[str]:
    """Break a text into lines no longer than a width, at the places where it may be broken."""
    lines = []
    for part in cell.split("\n"):
        line = ""
        for piece in _pieces(part, is_number, breaks_ranges):
            if line and cell_len(line) + 1 + cell_len(piece) > width:
                lines.append(line)
                line = piece
            else:
                line = f"{line} {piece}" if line else piece
        lines.append(line)
    return lines


def _pieces(text: str, is_number: bool, breaks_ranges: bool = True) -> list[str]:
    """Return the pieces that may not be broken: words, or in numbers a number with its unit or a range."""
    pieces: list[str] = []
    for line in text.split("\n"):
        fresh = True
        for word in line.split(" "):
            last = pieces[-1] if pieces else ""
            ends = not is_number or (breaks_ranges and (last.endswith(("–", " to")) or word.startswith(("(", "±"))))
            if fresh or ends:
                pieces.append(word)
            else:
                pieces[-1] = f"{last} {word}"
            fresh = False
    return pieces


def cell_len(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from rich import cells

    return cells.cell_len(text)


def _row_lines(cells: Sequence[Sequence[str]], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    for n in range(max(map(len, cells))):
        texts = [_padded(cell[n] if n < len(cell) else "", width, is_number)
                 for cell, width, is_number in zip(cells, widths, numeric, strict=True)]
        yield GAP.join(texts).rstrip()


def _padded(text: str, width: int, is_number: bool = False) -> str:
    space = " " * (width - cell_len(text))
    return space + text if is_number else text + space
