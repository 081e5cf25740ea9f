"""Options that commands share, and how their values are read."""

from collections.abc import Callable
from typing import Annotated, Any

import typer


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return what reads an option that is a whole number between two bounds."""

    def read(text: Any) -> int:
        try:
            number = int(text)
        except ValueError:
            raise typer.BadParameter(f"must be a whole number from {low:,} to {high:,}, not {text}") from None
        if not low <= number <= high:
            raise typer.BadParameter(f"must be from {low:,} to {high:,}, not {number:,}")
        return number

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads an option that is one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise typer.BadParameter(f"must be {', '.join(words[:-1])} or {words[-1]}, not {text}")
        return text

    return read


Seed = Annotated[int, typer.Option(parser=whole(0, 2**63 - 1), metavar="S", help="Which futures.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
