from datetime import date

import pytest

from sim.clocks.reference import ReferenceClock
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.rules.outcomes import OUTCOMES, RATIOS, WAYS
from sim.scenario.load import from_dict

from .conftest import small


def names(scenario):
    catalogue = expand(set_up(from_dict(scenario).scenario))
    return catalogue.names, [rate.name for rate in catalogue.rates]


def test_names_say_outcome_and_place():
    outcomes, rates = names(small())
    assert [name for name in outcomes if name.startswith("attacks_total")] == [
        "attacks_total", "attacks_total.north", "attacks_total.south"]
    assert [name for name in outcomes if name.startswith("attacks_in")] == [
        "attacks_in.2024q1", "attacks_in.2024q2", "attacks_in.2024q3"]
    assert [name for name in outcomes if name.startswith("killed_during")] == [
        "killed_during.north", "killed_during.south"]
    assert [name for name in outcomes if name.startswith("handover")] == [
        "handover_day.north", "handover_day.south"]
    assert rates == ["attack_rate", "attack_rate.north", "attack_rate.south", "death_rate", "death_rate.north",
                     "death_rate.south", "attack_rate_after", "attack_rate_after.north", "attack_rate_after.south",
                     "tail_attack_rate"]
    assert len(set(outcomes + rates)) == len(outcomes + rates)


def test_a_theatre_without_phases_is_never_handed_over():
    phases = {"south": small()["phases"]["south"]}
    assert [name for name in names(small(phases=phases))[0] if "handover_day" in name] == ["handover_day.south"]


@pytest.mark.parametrize("key", ["phases", "deadline", "talks", "response", "pressure", "threat", "tension", "cost"])
def test_what_a_scenario_lacks_is_not_measured(key):
    scenario = small(phases={}, working_groups={})
    del scenario[key]
    outcomes, rates = names(scenario)
    part = {"response": "strikes"}.get(key, key)
    lacking = {entry.name for entry in (*OUTCOMES, *RATIOS) if {part, "phases"} & set(entry.needs.split())}
    assert lacking
    assert not {name.partition(".")[0] for name in outcomes + rates} & lacking
    assert "attacks_total" in outcomes


ATTACKS = {"attacks_total", "attacks_background", "attacks_politics", "attacks_contagion", "attacks_in",
           "attacks_during", "tail_attacks", "attack_rate", "tail_attack_rate", "attacks_after", "attack_rate_after"}
STRIKES = {"us_strikes", "longest_chain"}
CASUALTIES = {"wounded_in", "wounded_during", "wounded_first", "wounded_final", "harmful_attacks",
              "mass_casualty_day", *(f"any_mass_casualty{way}" for way in WAYS)}
DEATHS = {"killed", "killed_expected", "killed_in", "killed_during", "fatal_attacks", "fatal_day", "death_rate",
          *(f"any_fatal{way}" for way in WAYS)}


@pytest.mark.parametrize(("changes", "absent"), [
    ({}, set()),
    ({"casualties": {"fatal_chance": 0}}, DEATHS),
    ({"casualties": {"harm_chance": 0}}, DEATHS | CASUALTIES),
    ({"attack_kinds": {"dud": {"gets_through": 0}}}, DEATHS | CASUALTIES),
    ({"theatres": {"north": {"troops": 800}, "south": {"troops": 300}}}, DEATHS | CASUALTIES | ATTACKS | STRIKES),
])
def test_what_no_attack_can_do_is_absent_and_not_zero(changes, absent):
    outcomes, rates = ({name.partition(".")[0] for name in listed} for listed in names(small(**changes)))
    assert (ATTACKS | STRIKES | CASUALTIES | DEATHS) - outcomes - rates == absent


def test_attacks_that_only_a_table_of_joint_draws_brings_are_measured():
    drawn = {"joint": {"fit": {"keys": ["theatres.north.attacks_per_day"], "rows": [[0.0], [0.2]]}},
             "theatres": {"north": {"troops": 800}, "south": {"troops": 300}}}
    assert "killed" in names(small(**drawn))[0]


def test_totals_are_sums_over_theatres_and_quarters(model):
    catalogue = expand(model)
    clock = ReferenceClock(model, 1, 4)
    end = clock.play()
    values = dict(zip(catalogue.names, catalogue.measure(end, clock.parameters), strict=True))
    assert values["attacks_total"] == sum(end.attacks) > 0
    assert values["attacks_total.south"] == end.attacks[1]
    for outcome in ("attacks_total", "killed", "troop_days", "wounded_first", "cost_troops"):
        assert values[outcome] == values[f"{outcome}.north"] + values[f"{outcome}.south"]
    assert values["attacks_total"] == sum(value for name, value in values.items() if name.startswith("attacks_in."))
    assert values["completion_day"] == end.completed_at


def test_every_rate_has_its_two_outcomes(model):
    catalogue = expand(model)
    for rate in catalogue.rates:
        assert rate.numerator in catalogue.names
        assert rate.denominator in catalogue.names


def test_quarters_of_another_year():
    scenario = small(start=date(2023, 11, 1), end=date(2024, 2, 29), deadline=date(2024, 1, 1), phases={}, talks={
        "first_round": date(2023, 11, 1)})
    assert [name for name in names(scenario)[0] if name.startswith("wounded_in.")] == [
        "wounded_in.2023q4", "wounded_in.2024q1"]
