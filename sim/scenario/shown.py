"""How results are displayed: as a line in a Python session, and with tables in a notebook."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from html import escape


class Shown(ABC):
    """Base class of objects with a short ``repr`` and, in a notebook, tables.

    A subclass describes itself in one line in `_about`, and returns its tables in `_parts`.
    """

    @abstractmethod
    def _about(self) -> str:
        """Return what it is, in a line."""

    def _parts(self) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
        """Return tables, each with title, head and rows; none if there is nothing to show."""
        return ()

    def __repr__(self) -> str:
        """Return what it is, in a line."""
        return f"<{type(self).__name__}: {self._about()}>"

    def _repr_html_(self) -> str:
        """Return the line and the tables, for a notebook."""
        return "\n".join([f"<p>{escape(self._about())}</p>", *(_html(*part) for part in self._parts())])


def _html(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (f"<table>{caption}<thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr></thead>"
            f"<tbody>{body}</tbody></table>")
