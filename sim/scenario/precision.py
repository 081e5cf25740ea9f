"""The precision requested in a scenario file: names of outcomes and half-widths."""

import re
from typing import Annotated, Any

from pydantic import PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim.scenario.errors import shown

LARGEST = 1e15
SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
WRITTEN = 'a half-width above 0, such as 2, or a share of the mean up to 100 %, such as "1%"'

NAMES = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?(:q[1-9][0-9]?)?$"
NAME_RULE = 'one is written attacks_total, "attacks_total.iraq" (in one place) or "attacks_total:q95" (a quantile)'


def read_half_width(value: Any) -> tuple[float, bool]:
    """Read a half-width: a number, or a text such as ``1%`` for a share of the mean.

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
    raise ValueError(f"must be {WRITTEN}, not {shown(value)}")


def _validated(value: Any) -> float | str:
    try:
        number, relative = read_half_width(value)
    except ValueError as error:
        raise PydanticCustomError("bad_half_width", "{message}", {"message": str(error)}) from None
    return str(value) if relative else number


OutcomeName = Annotated[str, StringConstraints(pattern=NAMES, max_length=100)]
HalfWidth = Annotated[float | str, PlainValidator(_validated), WithJsonSchema({"oneOf": [
    {"type": "number", "exclusiveMinimum": 0, "maximum": LARGEST},
    {"type": "string", "pattern": f"^{SHARE.pattern}$"},
]})]
