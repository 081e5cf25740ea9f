"""From what size on a difference matters: stated in a scenario, checked, and by default."""

from datetime import date

import pytest

from sim.estimate.practical import DEFAULTS, Least, least_of
from sim.estimate.targets import least_differences_of
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.play.identity import identity
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict, load

SCENARIO = {
    "start": date(2024, 2, 12), "end": date(2025, 2, 12), "threat": {},
    "theatres": {"iraq": {"troops": 2500, "attacks_per_day": 0.1}},
    "phases": {"leave": {"theatre": "iraq", "start": date(2024, 3, 1), "target": 0, "over_days": 30}}}


def least(**practical):
    file = from_dict(SCENARIO | {"practical": practical})
    return least_differences_of(file, expand(set_up(file.scenario)))


def test_sizes_are_stated_as_numbers_or_as_shares():
    assert least(**{"resurgence": 0.02, "killed_expected": 0.1, "attacks_total.iraq": "5%", "completion_day": 7}) == {
        "resurgence": Least(0.02, False), "killed_expected": Least(0.1, False),
        "attacks_total.iraq": Least(0.05, True), "completion_day": Least(7.0, False)}
    assert Least(0.05, True).of(-40.0) == 2.0
    assert Least(0.05, True).of(None) == 0.0
    assert Least(7.0, False).of(None) == 7.0


def test_a_size_holds_in_each_place_and_for_what_has_the_same_mean():
    stated = {"killed_expected": Least(0.1, False), "attacks_total": Least(5.0, False),
              "attacks_total.iraq": Least(1.0, False)}
    for name, size in (("killed", 0.1), ("killed.iraq", 0.1), ("killed_expected.iraq", 0.1), ("attacks_total", 5.0),
                       ("attacks_total.iraq", 1.0), ("attacks_total.syria", 5.0)):
        assert least_of(stated, name, "number") == Least(size, False), name
    assert least_of(stated, "cost_total", "number") == DEFAULTS["number"] == Least(0.02, True)
    assert least_of(stated, "resurgence", "yes_no") == Least(0.02, False)
    assert least_of({}, "completion_day", "day") == Least(14.0, False)


def test_what_is_wrong_is_said_with_its_place_all_at_once(tmp_path):
    path = tmp_path / "asked.toml"
    path.write_text("start = 2024-02-12\nend = 2025-02-12\n"
                    "theatres.iraq = { troops = 2500, attacks_per_day = 0.1 }\n\n[practical]\n"
                    'atacks_total = 2\nany_fatal = "1%"\nfatal_day = "2%"\nkilled = 1\nresurgence = 0.02\n')
    file = load(path)
    with pytest.raises(ScenarioError) as caught:
        least_differences_of(file, expand(set_up(file.scenario)))
    first, *rest = str(caught.value).splitlines()
    assert first.startswith(f"{path}:6: practical.atacks_total: there is no outcome atacks_total; did you mean "
                            "attacks_total")
    assert rest == [
        f"{path}:7: practical.any_fatal: a share of a chance is ambiguous; give the size as a chance below 0.5, e.g. "
        "any_fatal=0.01 for one percentage point",
        f"{path}:8: practical.fatal_day: a share of a date has no meaning; give it in days, e.g. fatal_day=2",
        f"{path}:10: practical.resurgence: is not measured in this scenario, which has no threat"]


def test_what_matters_to_readers_changes_no_results():
    plain, asked = (from_dict(SCENARIO | more) for more in ({}, {"practical": {"killed": 1}}))
    assert identity(plain, 1) == identity(asked, 1)
