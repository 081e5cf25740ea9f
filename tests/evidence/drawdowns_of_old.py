"""A drawdown to hindcast, made up: a scenario, and what came of it beside it."""

from pathlib import Path

SCENARIO = """
title = "Out of the north"
start = 2020-01-01
end = 2021-12-31
[theatres.north]
troops = 1000
[theatres.north.sites]
fort = { garrison = 0, closing_days = 0 }
port = { label = "the port", hub = true, garrison = 0, closing_days = 0 }
[phases.out]
theatre = "north"
start = 2020-01-01
by = 2020-04-10
target = 0
"""
CAME = """date,what,value,mark,source,note
2020-01-20,first_move,,read,a paper,
2020-02-01,gone,300,read,a paper,
2020-03-01,there,400,approximate,,
2020-03-01,sites_closed,1,,,
2020-03-02,site,fort,,,
2020-04-10,end,,read,a paper,the last day
"""


def pair(folder: Path, came: str = CAME, scenario: str = SCENARIO, name: str = "north") -> Path:
    """Write a scenario and what came of it, and return the scenario's path."""
    (folder / f"{name}.toml").write_text(scenario, encoding="utf-8")
    (folder / f"{name}.csv").write_text(came, encoding="utf-8")
    return folder / f"{name}.toml"
