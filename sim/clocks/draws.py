"""The uncertain numbers of a scenario as tables, for `sim.clocks.loop` to draw from."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import Model

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class DrawTable(NamedTuple):
    """All the draws of a scenario: for each its distribution, its places and, if it has any, its rows."""

    dist: Ints
    numbers: Floats  # shape (draws, 4)
    place_from: Ints  # into place
    place_to: Ints
    place: Ints  # in the memory of the parameters, counted in numbers
    row_from: Ints  # into upto
    rows: Ints
    value_from: Ints  # into values, row by row
    upto: Floats
    values: Floats


def table_of(model: Model, parameters: np.dtype[Any]) -> DrawTable:
    """Return the draws of a scenario, for parameters laid out as the record type says."""
    offsets: Any = parameters.fields
    columns: dict[str, list[Any]] = {name: [] for name in DrawTable._fields}
    for draw in model.draws:
        columns["dist"].append(draw.dist)
        columns["numbers"].append(draw.numbers)
        columns["place_from"].append(len(columns["place"]))
        columns["place"] += [offsets[field][1] // 8 + max(index, 0) for field, index in draw.places]
        columns["place_to"].append(len(columns["place"]))
        columns["row_from"].append(len(columns["upto"]))
        columns["rows"].append(len(draw.rows))
        columns["value_from"].append(len(columns["values"]))
        columns["upto"] += draw.upto
        columns["values"] += [value for row in draw.rows for value in row]
    types = {"numbers": np.float64, "upto": np.float64, "values": np.float64}
    table: Any = {name: np.array(column, types.get(name, np.int64)) for name, column in columns.items()}
    table["numbers"] = table["numbers"].reshape(-1, 4)
    return DrawTable(**table)
