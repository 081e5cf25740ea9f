"""The page of limits has the numbers that the code has, and each of its rows is checked."""

import re

from pages import ROOT

from sim.cli import hindcast
from sim.cli.options import MOST, MOST_WORKERS
from sim.clocks.budget import EVENT_BUDGET
from sim.evidence import layouts, simulate, table
from sim.play import defaults, place, room, storage, twins
from sim.rules.rain import STRIP_HEIGHT
from sim.rules.state import STRIPS
from sim.scenario import checks, errors, fields, lines, precision, rate_checks, read
from sim.scenario.jsonschema import json_schema
from sim.scenario.places import Theatre
from sim.scenario.schema import Joint, Scenario
from sim.study import defaults as search
from sim.study import file as study_file
from sim.study import optimise, policies, schema

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")


def longest(model, name):
    return next(bound.max_length for bound in model.model_fields[name].metadata if hasattr(bound, "max_length"))


LIMITS = {
    "scenario or study file": read.LARGEST,
    "data file": table.LARGEST,
    "files that a scenario builds on": read.LONGEST_CHAIN,
    "tables inside one another": lines.DEEPEST,
    "errors told of a file": errors.MOST_TOLD,
    "places told apart in data": layouts.MOST_PLACES,
    "length of a name": fields.Name.__metadata__[0].max_length,
    "length of a run": checks.LONGEST_RUN_YEARS,
    "theatres": longest(Scenario, "theatres"),
    "sites of a theatre, those that are alike counted one by one": checks.MOST_SITES,
    "phases": longest(Scenario, "phases"),
    "truces and stop orders": longest(Scenario, "suppressions"),
    "working groups, modes of lift and kinds of attack": longest(Scenario, "working_groups"),
    "values of a discrete distribution": longest(fields.Discrete, "values"),
    "rows of a joint table": longest(Joint, "rows"),
    "attacks in a theatre, on average and at worst": rate_checks.MOST_PER_DAY,
    "attacks in a theatre, at any moment": STRIPS * STRIP_HEIGHT,
    "numbers in `precision` and `practical`": precision.LARGEST,
    "events in one replication": EVENT_BUDGET,
    "memory of a run": room.MOST_GB,
    "replications of a run": MOST,
    "replications played to reach a precision": defaults.MOST_REPLICATIONS,
    "rows of `outcomes.csv`": storage.MOST_ROWS,
    "replications played twice to tell chance from what is not known": twins.MOST_TWINS,
    "workers": MOST_WORKERS,
    "levers, uncertainties or outcomes of a study": schema.MOST_TABLES,
    "values of a lever": schema.MOST_VALUES,
    "policies of a study that are scenarios of their own": policies.MOST_LOADED,
    "futures of a study": study_file.MOST_FUTURES,
    "replications of a study, all in all": study_file.MOST_REPLICATIONS,
    "timelines that a search tries, and replications of each": search.MOST,
    "outcomes that a search weighs": optimise.MOST_OBJECTIVES,
    "replications of a drawdown in a hindcast": hindcast.MOST_REPLICATIONS,
    "attacks in a simulation of a fit": simulate.MOST,
    "name of a folder for results": place.LONGEST_NAME - place.ROOM,
    "folders inside one another": place.DEEPEST,
}


def rows():
    by_hand = re.sub(r"<!-- bounds: begin.*bounds: end -->", "", TEXT, flags=re.DOTALL).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in by_hand if line[:1] == "|"]
    return {row[0].removeprefix("| ").strip(): row[1] for row in cells if row[1] not in ("value", "---")}


def test_the_page_has_the_numbers_of_the_code():
    found = {name: float(re.match(r"[\d,]+", value)[0].replace(",", "")) for name, value in rows().items()}
    assert found == LIMITS


def test_limits_that_are_told_together_are_alike():
    assert longest(Theatre, "sites") == checks.MOST_SITES
    alike = {longest(Scenario, name) for name in ("working_groups", "attack_kinds")}
    assert alike == {LIMITS["working groups, modes of lift and kinds of attack"]}


def bounds_of(node, key=""):
    """Yield every bound in the JSON Schema, with the name of the key or table that has it."""
    if isinstance(node, list):
        for part in node:
            yield from bounds_of(part, key)
    elif isinstance(node, dict):
        for name in ("maximum", "maxLength", "maxItems", "maxProperties"):
            if name in node:
                yield key, node[name]
        for name, part in node.items():
            inside = node if name in ("properties", "$defs") else {}
            yield from (bound for own in inside.get(name, {}) for bound in bounds_of(part[own], own))
            if name not in ("properties", "$defs", "default", "propertyNames"):  # names: see "length of a name"
                yield from bounds_of(part, key)


def test_every_bound_of_the_schema_is_on_the_page():
    """The page is written from the schema's tables; here from the JSON Schema that the validator makes."""
    found = set(bounds_of(json_schema()))
    assert len(found) > 100
    listed = [(line, re.findall(r"`(?:[^` ]*\.)?(\w+)[^`]*`", line)) for line in TEXT.splitlines()]
    for key, bound in found:
        number = rf"(?<![\d,.]){re.escape(f'{bound:,}'.removesuffix('.0'))}(?![\d,.])"
        assert any(key in keys and re.search(number, line) for line, keys in listed), (key, bound)


def test_the_variable_that_raises_the_limit_of_memory_is_named():
    assert f"`{room.MEMORY}`" in TEXT


def test_the_readme_leads_to_the_page():
    assert "(docs/limits.md)" in README
