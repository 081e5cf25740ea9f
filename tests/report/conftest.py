from pathlib import Path

import pytest

import sim
from sim.api.report import Report
from sim.play.result import Result

SMALL = """
title = "A short one"
question = "When are they gone?"
start = 2024-02-12
end = 2024-08-29
[theatres.iraq]
label = "Iraq"
troops = 500
attacks_per_day = { dist = "uniform", low = 0.1, high = 0.3 }
[talks]
first_round = 2024-02-12
[working_groups.all]
work_days = 40
[phases.iraq]
theatre = "iraq"
after = "agreement"
target = 0
over_days = 60
[sources]
"phases.iraq.over_days" = "literature: a <book> & more"
"""


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a small scenario."""
    path = tmp_path_factory.mktemp("small") / "short.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def result(small: Path) -> Result:
    return sim.run(small, 300, 3)


@pytest.fixture(scope="session")
def of_run(result: Result) -> Report:
    return sim.report(result)


@pytest.fixture(scope="session")
def of_two(small: Path) -> Report:
    return sim.report(small, sim.load(small, {"phases.iraq.over_days": 90}), replications=300, seed=3)
