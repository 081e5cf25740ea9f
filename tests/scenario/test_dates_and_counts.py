"""Dates and counts may be uncertain: what a file may say, how they are drawn, and how they are shown."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from sim.model.draws import draw_of
from sim.model.setup import set_up
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Discrete, Lognormal, Normal, Triangular, Uniform
from sim.scenario.held import held_fixed
from sim.scenario.load import from_dict
from sim.scenario.resolve import resolve_text
from sim.words.story import as_text, trace

START = date(2024, 1, 1)
CREWS = "closing.crews"
EVENLY = [(i + 0.5) / 9000 for i in range(9000)]


def scenario(**tables: Any) -> dict[str, Any]:
    return {"start": START, "end": date(2026, 12, 31), "theatres": {"north": {"troops": 1000}}, **tables}


def phase(**keys: Any) -> dict[str, Any]:
    return {"out": {"theatre": "north", "target": 0, "over_days": 90, "start": START, **keys}}


def between(first: str, last: str, **more: Any) -> dict[str, Any]:
    return {"dist": "uniform", "low": date.fromisoformat(first), "high": date.fromisoformat(last), **more}


def messages(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        from_dict(data)
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


def drawn(dist: Any) -> dict[float, float]:
    """Return the share of each value, at many evenly spaced uniforms."""
    counts = Counter(draw_of(CREWS, dist, (("closing_crews", -1),)).values(u)[0] for u in EVENLY)
    return {value: round(count / len(EVENLY), 3) for value, count in sorted(counts.items())}


def test_every_whole_number_of_a_uniform_range_is_equally_likely() -> None:
    assert drawn(Uniform(dist="uniform", low=2, high=4)) == {2: 0.333, 3: 0.333, 4: 0.333}


def test_the_ends_are_as_likely_as_their_place_says() -> None:
    # between 1 and 4 with a mode at 2.5: each third has the area under the triangle there
    assert drawn(Triangular(dist="triangular", low=1, mode=2, high=3)) == {1: 0.222, 2: 0.556, 3: 0.222}
    symmetric = drawn(Normal(dist="normal", mean=3, sd=1, low=1, high=5))
    assert symmetric[1] == symmetric[5] < symmetric[2] == symmetric[4] < symmetric[3]
    assert set(drawn(Lognormal(dist="lognormal", median=2, sigma=1, low=1, high=4))) == {1, 2, 3, 4}
    assert drawn(Discrete(dist="discrete", values=[1, 5], weights=[1, 2])) == {1: 0.333, 5: 0.667}


@pytest.mark.parametrize("u", [0.0, 1 - 2.0**-53])
def test_no_draw_is_out_of_range(u: float) -> None:
    for high in (2, 3, 1000):
        (value,) = draw_of(CREWS, Uniform(dist="uniform", low=1, high=high), (("closing_crews", -1),)).values(u)
        assert value == (1 if u == 0 else high)


@pytest.mark.parametrize(("tables", "field", "low", "high"), [
    ({"phases": phase(start=between("2024-02-01", "2024-02-03"))}, "phase_start", 31, 33),
    ({"phases": phase(by=between("2025-01-01", "2025-01-03"), over_days=None)}, "phase_by", 366, 368),
    ({"talks": {"first_round": between("2024-01-01", "2024-01-03")}}, "talks_first_round", 0, 2),
    ({"talks": {"first_round": START, "suspended_until": between("2024-01-02", "2024-01-04")}},
     "talks_suspended_until", 1, 3),
    ({"talks": {"first_round": START, "agreement_on": between("2024-03-01", "2024-03-03")}},
     "talks_agreement_on", 60, 62),
    ({"pressure": {"demand_on": between("2024-01-11", "2024-01-13")}}, "pressure_demand_on", 10, 12),
    ({"tension": {"dated": {"war": {"date": between("2024-01-01", "2024-01-03"), "state": "high"}}}},
     "tension_switch_at", 0, 2),
    ({"suppressions": {"truce": {"start": between("2024-01-01", "2024-01-03"), "end": date(2024, 2, 1)}}},
     "suppression_start", 0, 2),
    ({"suppressions": {"truce": {"start": START, "end": between("2024-01-02", "2024-01-04")}}},
     "suppression_end", 1, 3),
    ({"theatres": {"north": {"troops": 1000, "sites": {"main": {"handover_on": between("2024-01-05", "2024-01-07")}}}}},
     "site_handover_on", 4, 6),
    ({"lift": {"from": between("2024-01-05", "2024-01-07")}}, "mode_from", 4, 6),
    ({"lift": {"until": between("2024-01-05", "2024-01-07")}}, "mode_until", 4, 6),
])
def test_every_date_of_the_model_may_be_uncertain(tables: dict[str, Any], field: str, low: int, high: int) -> None:
    tables = {name: {key: {k: v for k, v in table.items() if v is not None} if isinstance(table, dict) else table
                     for key, table in entry.items()} if isinstance(entry, dict) else entry
              for name, entry in tables.items()}
    model = set_up(from_dict(scenario(**tables)).scenario)
    seen = set()
    for replication in range(60):
        value = getattr(model.parameters_of(model.open_streams(1, replication)), field)
        seen.add(value[0] if isinstance(value, list) else value)
    assert seen == {low, low + 1.0, high}


def test_counts_may_be_uncertain() -> None:
    data = scenario(closing={"crews": {"dist": "uniform", "low": 1, "high": 3}}, phases=phase(
        shape="stepped", steps={"dist": "discrete", "values": [2, 6]}))
    file = from_dict(data)
    model = set_up(file.scenario)
    some = [model.parameters_of(model.open_streams(1, i)) for i in range(60)]
    assert {p.closing_crews for p in some} == {1, 2, 3}
    assert {p.phase_steps[0] for p in some} == {2, 6}
    assert all(number.key != CREWS for number in held_fixed(from_dict(scenario(phases=phase()))))


def test_a_date_is_shown_as_a_date() -> None:
    data = scenario(phases=phase(start={"dist": "triangular", "low": date(2024, 2, 1), "mode": date(2024, 2, 10),
                                        "high": date(2024, 3, 1)}))
    file = from_dict(data)
    line = next(line for line in resolve_text(file).splitlines() if line.startswith("start = {"))
    assert line.startswith('start = { dist = "triangular", low = 2024-02-01, mode = 2024-02-10, high = 2024-03-01 }')
    told = as_text(trace(file), file)
    day = next(line.split(" = ")[1] for line in told.splitlines() if "phases.out.start = " in line)
    begins = next(line for line in told.splitlines() if 'phase "Out" begins' in line)
    assert begins.startswith(f"{day}, North: ")


@pytest.mark.parametrize(("tables", "expected"), [
    ({"phases": phase(start=between("2024-02-03", "2024-02-01"))}, ["phases.out.start: needs low < high"]),
    ({"phases": phase(start={"dist": "uniform", "low": date(2024, 2, 1)})},
     ["phases.out.start.high: is missing; a uniform distribution needs low, high"]),
    ({"phases": phase(start={"dist": "normal", "mean": date(2024, 2, 1)})},
     ["phases.out.start: needs dist = one of uniform, triangular, discrete, with dates"]),
    ({"phases": phase(start={"dist": "uniform", "low": 1, "high": 2})},
     ["phases.out.start.low: must be a date like 2024-02-12 without quotes, not 1",
      "phases.out.start.high: must be a date like 2024-02-12 without quotes, not 2"]),
    ({"phases": phase(start={"dist": "discrete", "values": [START], "weights": [1, 2]})},
     ["phases.out.start: needs one weight for each value, from 0 to 1,000,000, not all zero"]),
    ({"phases": phase(start=between("2023-12-31", "2024-02-01"))},
     ["phases.out.start: must not be before the start of the scenario, 2024-01-01, not 2023-12-31"]),
    ({"phases": {"out": {"theatre": "north", "target": 0, "start": between("2024-02-01", "2024-06-01"),
                         "by": between("2024-06-01", "2024-07-01")}}},
     ["phases.out.by: the timeline ends before it starts; must be after the start of the phase, 2024-06-01, not "
      "2024-06-01"]),
    ({"suppressions": {"truce": {"start": between("2023-12-01", "2024-02-01"), "mean_days": 9}}},
     ["suppressions.truce.start: an uncertain date must not be before the start of the scenario, 2024-01-01, not "
      "2023-12-01"]),
    ({"tension": {"dated": {"a": {"date": between("2024-02-01", "2024-04-01"), "state": "high"},
                            "b": {"date": date(2024, 3, 1), "state": "low"}}}},
     ["tension.dated.b.date: can be before the switch a; their ranges must not overlap"]),
    ({"end": between("2024-02-01", "2024-04-01")},
     ["end: must be a date like 2024-02-12 without quotes, not a table"]),
    ({"closing": {"crews": {"dist": "uniform", "low": 1.5, "high": 3}}},
     ["closing.crews: must be a whole number from 1 to 1,000, not 1.5"]),
    ({"closing": {"crews": {"dist": "discrete", "values": [1, 2.5, 3]}}},
     ["closing.crews: must be a whole number from 1 to 1,000, not 2.5"]),
    ({"closing": {"crews": {"dist": "uniform", "low": 0, "high": 3}}},
     ["closing.crews: must be a whole number from 1 to 1,000, not 0"]),
    ({"closing": {"crews": 2.0}}, ["closing.crews: must be a whole number from 1 to 1,000, not 2"]),
])
def test_what_cannot_be(tables: dict[str, Any], expected: list[str]) -> None:
    assert messages(scenario(**tables)) == expected


def test_a_median_stands_for_an_uncertain_date_in_the_undisturbed_plan() -> None:
    model = set_up(from_dict(scenario(phases=phase(start=between("2024-02-01", "2024-02-11")))).scenario)
    assert START + timedelta(days=model.parameters.phase_start[0]) == date(2024, 2, 6)


def test_a_count_beyond_every_float_is_refused_in_words() -> None:
    assert messages(scenario(closing={"crews": 10**400})) == [
        "closing.crews: must be a whole number from 1 to 1,000, not a whole number with more than 15 digits"]
