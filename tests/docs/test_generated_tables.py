import re

import evidence_tables
import hindcast_tables
import pytest
import record_tables
import tables
import trend_tables
from pages import ROOT

WRITERS = {"tables.py": tables.TABLES, "evidence_tables.py --page": evidence_tables.TABLES,
           "record_tables.py": record_tables.TABLES, "trend_tables.py": trend_tables.TABLES,
           "hindcast_tables.py --page": hindcast_tables.TABLES}
WITH_TABLES = [path for path in sorted((ROOT / "docs").glob("*.md")) if "begin -->" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("path", WITH_TABLES, ids=lambda path: path.name)
def test_generated_tables_are_up_to_date(path, writer):
    page = path.read_text(encoding="utf-8")
    assert tables.rewrite(page, WRITERS[writer]) == page, f"docs/{path.name} is stale: run python docs/{writer}"


def test_every_table_is_shown_and_every_marker_has_a_table():
    shown = {name for path in WITH_TABLES for name in re.findall(r"<!-- (\w+): begin -->", path.read_text("utf-8"))}
    assert shown == {name for written in WRITERS.values() for name in written}


def test_all_shipped_scenarios_are_listed():
    shipped = {path.stem for path in (ROOT / "scenarios").glob("*.toml")}
    assert shipped == {"baseline", *tables.QUESTIONS}


@pytest.mark.parametrize("row", [
    "| `elasticity` | Attacks are proportional to (present / initial troops) to this power. | 0.5 | exponent | "
    "from 0 to 1 | 0 to 1 | assumed | no stable elasticity in Iraq 2004-09, to be scanned |",
    "| `branching_ratio` | Mean number of further attacks that an attack sets off directly. | 0.35 | ratio | from 0 to "
    "0.95 | 0.2 to 0.5 | can be fitted | literature: Lewis et al. 2012; regimes first, modest self-excitation |",
    "| `round_days` | Mean time between rounds. | 21 | days | above 0.1 and at most 3,650 | 14 to 45 | measured | "
    "reported: 27 January, 11-12 February 2024 |",
    "| `troops` | Reported strength at the start. | (must be given) | troops | from 0 to 1,000,000 |  | "
    "set by the scenario: measured |  |",
    "| `crews` | Number of crews that work at the same time. | 2 | crews | whole, from 1 to 1,000 | 1 to 4 | "
    "assumed |  |",
])
def test_a_row_of_the_parameter_table_says_all_that_the_schema_says(row):
    assert row in tables.parameters().splitlines()


def test_every_number_of_the_parameter_table_is_known_by_something():
    rows = [line.split(" | ") for line in tables.parameters().splitlines() if line.startswith("| `")]
    known = {row[6].partition(":")[0] for row in rows}
    assert len(rows) > 90
    assert known == {"measured", "can be fitted", "literature", "derived", "assumed", "set by the scenario"}
