"""The page on hindcasts: caveats first, then what is missed; and the numbers are those that the program gives."""

import json

import hindcast_tables
import pytest
from pages import blocks

from sim.api.hindcast import hindcast
from sim.evidence.drawdowns import episodes
from sim.play.choice import silent
from sim.scenario.shipped import HISTORY

PAGE = hindcast_tables.PAGE.read_text(encoding="utf-8")


def test_caveats_stand_before_results_and_misses_before_scores():
    assert PAGE.index("There are few cases") < PAGE.index("hindcast_missed") < PAGE.index("hindcast_cases")
    told = hindcast_tables.hindcast_missed()
    assert told.startswith("Missed: ")
    assert told.index("Missed: ") < told.index("Held: ") < told.index("CRPS")


def test_every_drawdown_and_observation_has_its_row():
    assert [one["case"] for one in hindcast_tables.kept()["cases"]] == HISTORY.names
    rows = sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in HISTORY.folder.glob("*.csv"))
    assert len(hindcast_tables.hindcast_observations().splitlines()) == rows + 2


def test_each_is_forecast_without_itself():
    record = {one.id: one for one in episodes()}
    for one in hindcast_tables.kept()["cases"]:
        assert one["left_out"]
        assert all(record[name].announced.isoformat() == one["start"] for name in one["left_out"])


def test_the_example_of_ones_own_is_one(tmp_path):
    (scenario,), (came,) = blocks(PAGE, "toml"), blocks(PAGE, "text")
    (tmp_path / "niger.toml").write_text(scenario, encoding="utf-8")
    (tmp_path / "niger.csv").write_text(came, encoding="utf-8")
    (case,) = hindcast([tmp_path / "niger.toml"], replications=2, say=silent).report["cases"]
    assert (case["left_out"], case["kind"], case["observations"]) == (["H4"], "host_demand", 4)


@pytest.mark.exhaustive
def test_the_numbers_are_those_that_the_program_gives():
    assert json.loads(json.dumps(hindcast_tables.rounded(hindcast(say=silent).report))) == hindcast_tables.kept()
