"""Which site is struck, against going through all of them, whatever has happened to the troops."""

import pytest
from examples import few_and_many
from hypothesis import strategies as st
from worlds import model

from sim.model.setup import Model
from sim.rules import exposure, headcount, posture
from sim.rules.parameters import Parameters
from sim.rules.state import State

WEIGHTS = st.sampled_from([0.0, 0.5, 1.0, 1.0, 2.0, 3.0])  # so that all sums are exact


def world(weights: list[float]) -> Model:
    sites = {f"s{i}": {"target_weight": weight} for i, weight in enumerate(weights)}
    return model(30, theatres={"other": {"troops": 7}, "north": {"troops": 10 * len(sites), "sites": sites}})


def begun(one: Model) -> tuple[State, Parameters]:
    s = one.first_state()
    posture.begin(s, one.parameters)
    return s, one.parameters


def by_going_through(s: State, p: Parameters, u: float) -> int:
    """Return the site of the second theatre that is struck."""
    sites = [site for site in range(p.sites) if p.site_theatre[site] == 1 and s.troops[site] > 0]
    left = u * sum(s.troops[site] * p.site_target_weight[site] for site in sites)
    for site in sites:
        left -= s.troops[site] * p.site_target_weight[site]
        if left < 0:
            return site
    return sites[-1] if sites else -1


@few_and_many(100, 500, st.lists(WEIGHTS, min_size=1, max_size=40).filter(any), st.data())
def test_the_struck_site_is_the_one_found_by_going_through_all(weights: list[float], data: st.DataObject) -> None:
    s, p = begun(world(weights))
    for _ in range(data.draw(st.integers(0, 6))):
        site = data.draw(st.integers(1, len(weights)))
        headcount.add(s, p, site, data.draw(st.integers(-s.troops[site], 20)))
    for u in data.draw(st.lists(st.floats(0, 1, exclude_max=True) | st.just(1 - 2**-53), min_size=1, max_size=8)):
        assert exposure.struck_site(s, p, 1, u) == by_going_through(s, p, u)


@pytest.mark.parametrize("sites", [1, 2, 3, 64, 65, 513])
def test_every_site_is_struck_in_turn(sites: int) -> None:
    s, p = begun(world([1.0] * sites))
    assert [exposure.struck_site(s, p, 1, (i + 0.5) / sites) for i in range(sites)] == list(range(1, sites + 1))


def test_an_empty_site_is_never_struck() -> None:
    s, p = begun(world([1.0, 1.0, 1.0, 1.0, 1.0]))
    for site in (1, 3, 5):
        headcount.add(s, p, site, -s.troops[site])
    struck = {exposure.struck_site(s, p, 1, u) for u in (0.0, 0.25, 0.5, 0.75, 1 - 2**-53)}
    assert struck == {2, 4}
    assert exposure.struck_site(s, p, 1, 0.5) == 4
