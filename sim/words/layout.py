"""Tables of texts: how they are laid out at any width. No number is cut, no word broken, no column left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

GAP = "   "
"""Between columns."""
MOST_LINES = 6
"""Of a row; where it would take more, rows are stacked instead."""
INDENT = "  "

Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes
    ----------
    head, rows
        Its cells; a row has as many as the head.
    right
        Columns of numbers, by name: they stand to the right, and are broken only inside a range, after its dash.
    under
        Columns that may stand under another where there is little room, such as an interval under its mean.
    title
        What it is a table of, where a command prints several.
    """

    head: Row
    rows: Sequence[Row]
    right: frozenset[str] = frozenset()
    under: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def lines(self, width: int) -> list[str]:
        """Lay it out: as it is if there is room, else with columns under others, cells broken, or rows stacked.

        Only a single word that is longer than the width makes a line longer.
        """
        forms = [self, *([self._folded()] if self.under else [])]
        for form in forms:
            if form._room(width) >= sum(form._widths()):
                return form._side_by_side(width, False)
        for breaks_ranges in (False, True):
            found = [lines for form in forms if (lines := form._side_by_side(width, breaks_ranges))]
            if found:
                return min(found, key=len)
        return list(self._stacked(width))

    def _widths(self) -> list[int]:
        """Return how wide the columns are if nothing is broken."""
        columns = zip(self.head, *self.rows, strict=True)
        return [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in columns]

    def _room(self, width: int) -> int:
        """Return what a width leaves to the columns."""
        return width - len(GAP) * (len(self.head) - 1)

    def _folded(self) -> "Table":
        """Return the table with columns put under those where they may stand."""
        places = {name: i for i, name in enumerate(self.head)}
        under = {name: above for name, above in self.under.items() if name in places and above in places}
        groups = [[places[name], *(places[low] for low, above in under.items() if above == name)]
                  for name in self.head if name not in under]

        def fold(row: Row) -> Row:
            return tuple("\n".join(row[i] for i in group) for group in groups)

        head = fold(self.head)
        right = {name for name, group in zip(head, groups, strict=True) if self.head[group[0]] in self.right}
        return Table(head, [fold(row) for row in self.rows], frozenset(right))

    def _side_by_side(self, width: int, breaks_ranges: bool) -> list[str]:
        """Return a line or a few for each row; none if there is no room."""
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
        head, *body = [[_wrapped(cell, size, is_number and row is not self.head, breaks_ranges)
                        for cell, size, is_number in zip(row, widths, numeric, strict=True)]
                       for row in (self.head, *self.rows)]
        if any(len(cell) > MOST_LINES for row in body for cell in row):
            return []
        rule = "─" * (sum(widths) + len(GAP) * (len(widths) - 1))
        return [*_row_lines(head, widths, numeric), rule,
                *(line for row in body for line in _row_lines(row, widths, numeric))]

    def _stacked(self, width: int) -> Iterator[str]:
        """Yield each row as its first cell, and below it the others, each with the name of its column."""
        yield from _wrapped(self.head[0], width)
        yield "─" * cell_len(self.head[0])
        names = max(map(cell_len, self.head[1:]), default=0)
        for row in self.rows:
            if row[0]:
                yield from _wrapped(row[0], width)
            for name, cell in zip(self.head[1:], row[1:], strict=True):
                first, *rest = _wrapped(cell, width - len(INDENT) - names - len(INDENT)) or [""]
                if cell:
                    yield f"{INDENT}{_padded(name, names)}{INDENT}{first}"
                    yield from (f"{INDENT}{' ' * names}{INDENT}{line}" for line in rest)


def table(
    head: Iterable[str], rows: Iterable[Iterable[str]], right: Iterable[str] = (),
    under: Mapping[str, str] | None = None, title: str = "",
) -> Table:
    """Return a table; see `Table`."""
    return Table(tuple(head), [tuple(row) for row in rows], frozenset(right), under or {}, title)


def wrapped(text: str, width: int) -> list[str]:
    """Break a line of text at words; what it is indented by, its further lines are too."""
    indent = text[: len(text) - len(text.lstrip())]
    return [indent + line for line in _wrapped(text.lstrip(), width - len(indent))]


def _wrapped(cell: str, width: int, is_number: bool = False, breaks_ranges: bool = True) -> list[str]:
    """Break a text into lines of a width at most, where it may be broken; a piece that is longer stays whole."""
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
    """Return what must stay whole: words; of numbers, a number with its unit, or all of a range."""
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
