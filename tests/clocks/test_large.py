"""Wars of record: 500 sites, 180 attacks a day. They run, on both clocks, with the same bits."""

from typing import Any

import pytest
from rules.ledger import audit
from worlds import START, day, model

from clocks.both import compare
from sim.model.setup import Model
from sim.rules import state as codes


def war(days: int, attacks_per_day: float) -> Model:
    """Return a war with 500 sites, half of which close in a first phase; 170,000 troops, of whom 50,000 stay."""
    sites: dict[str, Any] = {f"base_{i}": {"weight": 1 + i % 7, "target_weight": 1 + i % 3} for i in range(495)}
    sites |= {f"hub_{i}": {"hub": True, "weight": 200, "garrison": 500} for i in range(5)}
    return model(
        days, theatres={"north": {"troops": 170_000, "attacks_per_day": attacks_per_day, "sites": sites}},
        attacks={"branching_ratio": 0.3}, response={}, lift={"per_week": 8000, "load": 400}, closing={"crews": 40},
        suppressions={f"truce_{i}": {"start": day(3 * i), "end": day(3 * i + 1), "factor": 0.9} for i in range(20)},
        phases={"half": {"theatre": "north", "sites": [f"base_{i}" for i in range(250)], "start": START, "target": 0,
                         "over_days": 60},
                "rest": {"theatre": "north", "after": "phases.half", "target": 50_000, "per_week": 6000}})


def test_the_books_of_a_large_war_balance() -> None:
    s, p, records = audit(war(12, 20))
    assert (p.sites, p.phases) == (500, 2)
    assert s.attacks[0] > 150
    assert len({r.amount for r in records if r.what == codes.TOLD_ATTACK}) > 100  # sites that were struck


@pytest.mark.exhaustive
def test_a_war_of_record_has_the_same_bits_on_both_clocks() -> None:
    """Some 180 attacks a day."""
    world = war(120, 180)
    found = compare(world, seed=1, first=0, replications=2)
    assert found.differences == []
    assert found.given_up == []
    assert 2 * 120 * 150 < found.told["attacks", codes.TOLD_ATTACK] < 2 * 120 * 200
    assert found.told["closing", codes.TOLD_SITE_CLOSED] > 200
