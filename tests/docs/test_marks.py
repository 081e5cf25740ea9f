"""Every number of the schema says how sure it is.

The rule: a default that is not assumed names its source. One that is assumed names the range to scan, unless it is
neutral: 0, which switches off what the number is for, or the weight 1, which treats all alike.
"""

import runpy

import pytest
from pages import ROOT
from pydantic_core import PydanticUndefined

from sim.scenario.fields import within

TABLES = runpy.run_path(str(ROOT / "docs" / "tables.py"))
NUMBERS = {
    f"{TABLES['dotted'](path)}.{name}": spot
    for path, table in TABLES["_tables"]()
    for name, spot in TABLES["_keys"](path, table)
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


@pytest.mark.parametrize("key", [key for key in DEFAULTS if DEFAULTS[key].numeric["span"]])
def test_range_to_scan_holds_the_default_and_is_allowed(key):
    low, high = DEFAULTS[key].numeric["span"]
    assert low <= DEFAULTS[key].field.default <= high
    assert low < high
    assert within(low, DEFAULTS[key].numeric)
    assert within(high, DEFAULTS[key].numeric)


@pytest.mark.parametrize("key", NUMBERS)
def test_number_has_meaning_and_unit(key):
    assert NUMBERS[key].field.description.endswith(".")
    assert NUMBERS[key].numeric["unit"]
