"""Chances, factors and places that are easily mistaken for one another, each told apart by what only it can do."""

from typing import Any

import numpy as np
import pytest
from worlds import ALWAYS_FATAL, SURE, day, model

from rules.ledger import audit
from sim.clocks.reference import Record, ReferenceClock, play
from sim.rules import rain
from sim.rules import state as codes
from sim.rules.streams import Stream

BUSY = {"north": {"troops": 1000, "attacks_per_day": 0.5}}
WOUNDS_ONLY = {"harm_chance": 1, "fatal_chance": 0}


@pytest.mark.parametrize(("casualties", "key"), [
    ({"harm_chance": 0}, "chance_after_attack"), (WOUNDS_ONLY, "chance_after_harm"),
    (ALWAYS_FATAL, "chance_after_fatal")])
def test_each_attack_is_answered_by_the_chance_of_its_own_harm(casualties: dict[str, float], key: str) -> None:
    """A chance of 1 for one sort of attack, 0 for the two others, no delay: a strike for each attack of that sort."""
    keys = ("chance_after_attack", "chance_after_harm", "chance_after_fatal")
    for other in keys:
        response = dict.fromkeys(keys, 0) | {other: 1, "delay_days": 0}
        world = model(100, theatres=BUSY, attack_kinds=SURE, casualties=casualties, response=response)
        s, _, _ = audit(world)
        assert s.attacks[0] > 20
        assert s.strikes[0] == (s.attacks[0] if other == key else 0)


@pytest.mark.parametrize(("kept", "slipping"), [(1, 0), (0, 1)])
def test_a_timeline_slips_while_a_phase_is_held_and_is_kept_otherwise(kept: float, slipping: float) -> None:
    """Agreed on day 0; the threat holds the phase from day 7, the first tick, for 90 days, and never again."""
    world = model(
        300, theatres=BUSY, casualties={"harm_chance": 0}, talks={"first_round": day(0), "agreement_on": day(0)},
        attacks={"timeline_kept": kept, "timeline_slipping": slipping, "branching_ratio": 0}, threat={"noise": 0},
        phases={"out": {"theatre": "north", "start": day(0), "target": 500, "over_days": 280,
                        "hold_above_threat": 0.1, "hold_at_most_days": 90}})
    _, _, records = audit(world)
    times = [record.time for record in records if record.what == codes.TOLD_ATTACK]
    assert len(times) > 20
    assert {7 < time < 97 for time in times} == {slipping == 1}


def test_expected_deaths_are_those_of_the_troops_that_stand_there_after_a_garrison_has_moved() -> None:
    """Every attack adds its chance to kill times the mean of k^-a for k up to the troops at the site struck.

    Small sites close, and their garrisons move to the hub without any other change there. Nobody is killed: the chance
    to kill is too small, so that attacks change no strength.
    """
    exponent, chance = 1.5, 1e-12
    sites = {"one": {"weight": 2, "garrison": 150}, "two": {"weight": 2, "garrison": 150}, "hub": {"hub": True}}
    world = model(
        400, theatres={"north": {"troops": 1000, "attacks_per_day": 2, "sites": sites}}, attack_kinds=SURE,
        casualties={"harm_chance": 1, "fatal_chance": chance, "severity_exponent": exponent, "evacuated_share": 0},
        phases={"out": {"theatre": "north", "start": day(0), "target": 500, "over_days": 200}})
    expected, moved = 0.0, 0

    def note(record: Record) -> None:
        nonlocal expected, moved
        moved += record.what == codes.TOLD_SITE_CLOSED and record.amount > 0
        if record.what == codes.TOLD_ATTACK:
            k = np.arange(1.0, clock.state.troops[int(record.amount)] + 1)
            expected += chance * float((k ** (1 - exponent)).sum() / (k**-exponent).sum())

    clock = ReferenceClock(world, 1, 0, on_record=note)
    s = clock.play()
    assert s.killed == [0]
    assert moved == 2
    assert s.expected_killed[0] == pytest.approx(expected, rel=1e-9)


def test_reinforcements_land_at_the_last_site_that_is_open() -> None:
    """Three hundred come: to the hub, which is last; to the second site, where the hub is closed."""
    sites = {"one": {}, "two": {}, "hub": {"hub": True}}
    back: dict[str, Any] = {"theatre": "north", "start": day(100), "reinforce": True, "over_days": 30}
    out = {"theatre": "north", "sites": ["hub"], "start": day(0), "target": 0, "over_days": 30}
    place = {"north": {"troops": 900, "sites": sites}}
    s, _, _ = audit(model(300, theatres=place, phases={"back": back | {"target": 1200}}))
    assert s.troops == [300, 300, 600]
    s, _, _ = audit(model(300, theatres=place, phases={"out": out, "back": back | {"target": 900}}))
    assert s.site[2] == codes.CLOSED
    assert s.troops[0] == 300
    assert s.troops[1] > 300


class Counting(Stream):
    """A stream that counts how many uniforms are drawn at each place to which it is set."""

    def __init__(self, *origin: int) -> None:
        super().__init__(*origin)
        self.drawn: dict[int, int] = {}
        self._place = 0

    def seek(self, position: int) -> None:
        super().seek(position)
        self._place = position
        self.drawn[position] = 0

    def next(self) -> float:
        self.drawn[self._place] += 1
        return super().next()


def test_an_attack_has_room_for_all_that_it_draws() -> None:
    """Site, kind, through, harm, kills, deaths, wounded, late, evacuated; strike and delay; suspension and length.

    A rule that draws one more has to raise `rain.POINT_DRAWS`, and with it what stands between two points.
    """
    world = model(
        200, theatres=BUSY, attack_kinds=SURE, casualties=ALWAYS_FATAL, response={},
        talks={"first_round": day(0), "suspend_after_fatal": 1}, working_groups={"slow": {"work_days": 5000}})
    clock = ReferenceClock(world, 1, 0)
    counting = Counting(1, 0, world.stream_keys[3][0])
    clock.streams.attack_outcomes[0] = counting
    s = clock.play()
    assert s.attacks == play(world, 1, 0)[0].attacks  # the same stream
    assert s.attacks[0] > 20
    assert max(counting.drawn.values()) == rain.POINT_DRAWS <= rain.POINT_UNIFORMS
    places = np.array(sorted(counting.drawn))
    assert np.all(places % rain.POINT_UNIFORMS == 0)
    assert np.diff(places).min() >= rain.POINT_UNIFORMS
