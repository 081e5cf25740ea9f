"""The compiled clock plays unless the user wants the other; `tests/clocks/test_shipped.py` has what may be missing."""

from sim.play.choice import AUTO, COMPILED, SIMPY, choose


def test_the_compiled_clock_plays_unless_the_other_is_named() -> None:
    said: list[str] = []
    assert [choose(name, said.append).name for name in (AUTO, COMPILED, SIMPY)] == [COMPILED, COMPILED, SIMPY]
    assert said == []
