"""Every number of the schema says how sure it is.

The rule: a default that is not assumed names its source. One that is assumed names the range to scan, unless it is
neutral: 0, which switches off what the number is for, or the weight 1, which treats all alike.
"""

import pytest
import tables
from pydantic_core import PydanticUndefined

from sim.scenario.fields import within

NUMBERS = {
    f"{tables.dotted(path)}.{name}": spot
    for path, table in tables._tables()
    for name, spot in tables._keys(path, table)
    if spot.numeric
}
DEFAULTS = {key: spot for key, spot in NUMBERS.items() if spot.field.default not in (None, PydanticUndefined)}


def test_the_whole_schema_is_covered():
    assert {"theatres.NAME.troops", "theatres.NAME.sites.NAME.garrison", "threat.noise"} <= NUMBERS.keys()
    assert len(DEFAULTS) > 80


@pytest.mark.parametrize("key", DEFAULTS)
def test_default_has_a_source_or_a_range_to_scan(key):
    default, said = DEFAULTS[key].field.default, DEFAULTS[key].numeric
    neutral = default == 0 or (key.endswith("weight") and default == 1)
    if said["mark"] == "assumed":
        assert said["span"] or neutral, "assumed: give the range over which to scan it"
    else:
        assert said["source"], "give the source"


@pytest.mark.parametrize("key", [key for key in NUMBERS if NUMBERS[key].span])
def test_range_to_scan_holds_the_default_and_is_allowed(key):
    low, high = NUMBERS[key].span
    assert low < high
    assert within(low, NUMBERS[key].numeric)
    assert within(high, NUMBERS[key].numeric)
    if key in DEFAULTS:
        default = DEFAULTS[key].field.default
        assert low <= default <= high or default == 0  # which switches off what the number is for


@pytest.mark.parametrize("key", NUMBERS)
def test_number_has_meaning_and_unit(key):
    assert NUMBERS[key].field.description.endswith(".")
    assert NUMBERS[key].numeric["unit"]
