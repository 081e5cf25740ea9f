import re
import runpy

import pytest
from pages import ROOT

from sim.scenario.schema import MILESTONES, Couplings

TABLES = runpy.run_path(str(ROOT / "docs" / "tables.py"))
WITH_TABLES = [path for path in sorted((ROOT / "docs").glob("*.md")) if "begin -->" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WITH_TABLES, ids=lambda path: path.name)
def test_generated_tables_are_up_to_date(path):
    page = path.read_text(encoding="utf-8")
    assert TABLES["rewrite"](page) == page, f"docs/{path.name} is stale: run python docs/tables.py"


def test_every_table_is_shown_and_every_marker_has_a_table():
    shown = {name for path in WITH_TABLES for name in re.findall(r"<!-- (\w+): begin -->", path.read_text("utf-8"))}
    assert shown == set(TABLES["TABLES"])


def test_every_switch_and_milestone_is_explained():
    assert set(TABLES["WITHOUT"]) == set(Couplings.model_fields)
    assert set(TABLES["REACHED_WHEN"]) == set(MILESTONES)


def test_all_shipped_scenarios_are_listed():
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.toml")}
    assert shipped == {"baseline", *TABLES["QUESTIONS"]}


def test_a_row_of_the_parameter_table_says_all_that_the_schema_says():
    assert (
        "| `elasticity` | Attacks rise with (present / initial troops) to this power. | 0.5 | exponent | from 0 to 1 | "
        "0 to 1 | assumed: no stable elasticity in Iraq 2004-09, to be scanned |"
    ) in TABLES["parameters"]().splitlines()
