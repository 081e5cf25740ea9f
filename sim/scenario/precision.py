"""Wishes about outcomes: how precisely a run should know them, and from what size on a difference in them matters."""

import re
from typing import Annotated, Any

from pydantic import PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.scenario.errors import shown

WISHES = ("precision", "practical")
"""Tables that say what readers want to know. They change no replication, so they have no mark and no source."""

LARGEST = 1e15
SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
WRITTEN = {
    "precision": 'a half-width above 0, such as 2, or a share of the mean up to 100 %, such as "1%"',
    "practical": 'a size above 0, such as 2, or a share of the base\'s mean up to 100 %, such as "1%"',
}
"""What an entry of either table is."""

PLACED = r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)?"
NAMES = {"precision": rf"^{PLACED}(:q[1-9][0-9]?)?$", "practical": rf"^{PLACED}$"}
NAME_RULES = {
    "precision": 'one is written attacks_total, "attacks_total.iraq" (in one place) or "attacks_total:q95" (a '
                 "quantile)",
    "practical": 'one is written attacks_total or "attacks_total.iraq" (in one place)',
}


def read_size(value: Any, wish: str = "precision") -> tuple[float, bool]:
    """Read a half-width or a size: a number, or a text such as ``1%`` for a share of the mean.

    Parameters
    ----------
    value
        As it was given.
    wish
        The table that it belongs to, one of `WISHES`.

    Returns
    -------
    float, bool
        The number, or the share (0.01 for ``1%``); whether it is a share.

    Raises
    ------
    ValueError
        With a message for somebody who writes scenario files.
    """
    share = SHARE.fullmatch(value) if isinstance(value, str) else None
    if share and 0 < float(share[1]) <= 100:
        return float(share[1]) / 100, True
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LARGEST:
        return float(value), False
    raise ValueError(f"must be {WRITTEN[wish]}, not {shown(value)}")


def _checked(wish: str) -> PlainValidator:
    def validated(value: Any) -> float | str:
        try:
            number, relative = read_size(value, wish)
        except ValueError as error:
            raise PydanticCustomError("bad_size", "{message}", {"message": str(error)}) from None
        return str(value) if relative else number

    return PlainValidator(validated)


_IN_JSON = WithJsonSchema({"oneOf": [
    {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST},
    {"type": "string", "pattern": f"^{SHARE.pattern}$"},
]})

OutcomeOrQuantile = Annotated[str, StringConstraints(pattern=NAMES["precision"], max_length=100)]
OutcomeName = Annotated[str, StringConstraints(pattern=NAMES["practical"], max_length=100)]
HalfWidth = Annotated[float | str, _checked("precision"), _IN_JSON]
Size = Annotated[float | str, _checked("practical"), _IN_JSON]
