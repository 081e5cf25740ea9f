"""Random streams are what NumPy says they are, and each is a function of seed, replication and name alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import PCG64, Generator, SeedSequence

from sim.rules.streams import Stream, StreamNames, key, open_streams

FIXED = settings(max_examples=50, deadline=None, derandomize=True)
FIELDS = ("tension", "suppression", "attack_times", "attack_outcomes", "rounds", "breakdown", "working_group",
          "pressure", "lift", "closing", "threat", "execution", "parameter")


def numpys(seed: int, replication: int, name: str) -> Generator:
    return Generator(PCG64(SeedSequence(seed, spawn_key=(replication, key(name)))))


@given(st.integers(0, 2**128), st.integers(0, 2**40), st.text(min_size=1, max_size=30))
@FIXED
def test_a_stream_is_numpys_draw_by_draw(seed: int, replication: int, name: str) -> None:
    stream = Stream(seed, replication, key(name))
    assert [stream.next() for _ in range(100)] == numpys(seed, replication, name).random(100).tolist()


@given(st.lists(st.tuples(st.integers(0, 2**45), st.integers(0, 40)), min_size=1, max_size=8))
@FIXED
def test_seeking_gives_the_draws_of_that_place_whatever_was_drawn_before(visits: list[tuple[int, int]]) -> None:
    stream = Stream(1, 0, key("attacks/north/times"))
    for position, count in visits:
        stream.seek(position)
        reference = numpys(1, 0, "attacks/north/times")
        reference.bit_generator.advance(position)  # type: ignore[attr-defined]
        assert [stream.next() for _ in range(count)] == reference.random(count).tolist()


def test_the_key_of_a_name_is_stable() -> None:
    """The first 64 bits of BLAKE2b with an 8-byte digest, top bit set: a change would change every result."""
    assert key("attacks/iraq/times") == 13104195889783530646
    assert key("lift") == 11725441871290161108


@given(st.lists(st.text(max_size=20), unique=True, min_size=2, max_size=50))
@FIXED
def test_names_have_keys_of_their_own(names: list[str]) -> None:
    assert len({key(name) for name in names}) == len(names)


def some_names(**given: list[str]) -> dict[str, list[str]]:
    return {field: given.get(field, []) for field in FIELDS}


def test_two_streams_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^two random streams have the same name or key; rename a theatre, "):
        StreamNames(some_names(lift=["lift"], threat=["lift"]))


def test_a_prefix_gives_other_streams_and_a_field_keeps_its_own() -> None:
    names = some_names(lift=["lift"], closing=["closing/north/a", "closing/north/b"])
    plain = open_streams(StreamNames(names).keys(), 1, 0)
    twin = open_streams(StreamNames(names, prefix="twin/").keys(), 1, 0)
    assert plain.lift[0].next() == numpys(1, 0, "lift").random()
    assert plain.closing[1].next() == numpys(1, 0, "closing/north/b").random()
    assert twin.lift[0].next() == numpys(1, 0, "twin/lift").random()


def test_seeds_replications_and_names_share_nothing() -> None:
    """10,000 draws of each of eight streams, in 53 bits: two alike have a chance of 4e-7 among all of them."""
    drawn = [x for seed in (1, 2) for replication in (0, 1) for name in ("lift", "threat")
             for x in numpys(seed, replication, name).random(10_000).tolist()]
    streams = [Stream(seed, replication, key(name)) for seed in (1, 2) for replication in (0, 1)
               for name in ("lift", "threat")]
    assert [stream.next() for stream in streams for _ in range(10_000)] == drawn
    assert len(set(drawn)) == len(drawn)
