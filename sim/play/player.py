"""Players: each plays replications of a variant with one clock, and returns them as a chunk."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks.budget import GivenUp
from sim.model.catalogue import Catalogue
from sim.play.cast import Cast
from sim.play.choice import COMPILED
from sim.play.errors import Unplayable
from sim.rules.diary import first_diary, most_entries, note, open_diary

PLAY_ERRORS = (GivenUp, ArithmeticError)
"""What a clock raises on a replication that cannot be played to the end."""
MOST_CLOCKS = 32
"""The most compiled clocks that a player keeps; each takes 2 MB."""


class Chunk(NamedTuple):
    """Consecutive replications of a variant, as played.

    Attributes
    ----------
    variant, first
        The numbers of the variant and of the first replication.
    outcomes
        Shape (replications, outcomes), in the order of the cast's catalogue.
    entries
        Their diaries, shape (3, entries), see `sim.rules.diary`; empty if the cast does not ask for diaries.
    failure
        Why they could not be played, if the cast is forgiving. There are no outcomes then.
    """

    variant: int
    first: int
    outcomes: NDArray[np.float64]
    entries: NDArray[np.int32]
    failure: str = ""


Player = Callable[[int, int, int], Chunk]
"""Plays a chunk, given the number of its variant, the number of its first replication, and how many there are."""


def player_of(cast: Cast, clock: str) -> Player:
    """Return a player of a cast with a clock, ``simpy`` or ``compiled``."""
    play = compiled_player(cast) if clock == COMPILED else simpy_player(cast)
    if not cast.forgiving:
        return play

    def forgiving(variant: int, first: int, replications: int) -> Chunk:
        try:
            return play(variant, first, replications)
        except Unplayable as error:
            return Chunk(variant, first, np.zeros((0, 0)), _joined([]), str(error))

    return forgiving


def simpy_player(cast: Cast) -> Player:
    """Return a player with the SimPy clock."""
    from sim.clocks.reference import ReferenceClock

    def play(variant: int, first: int, replications: int) -> Chunk:
        model = cast.variants.model(variant)
        catalogue = cast.catalogue(model)
        diary = first_diary(model.parameters, most_entries(model.parameters)) if cast.diaries else None
        outcomes, entries = [], []
        for replication in range(first, first + replications):
            clock = ReferenceClock(model, cast.seed, replication)
            p = clock.parameters
            try:
                if diary is None:
                    end = clock.play()
                else:
                    open_diary(p, diary)
                    diary.entries = 0
                    end = clock.play(lambda s, upto, p=p: note(s, p, diary, upto))  # type: ignore[misc]
                    note(end, p, diary, p.horizon + 1.0)
                    columns = (diary.entry_row, diary.entry_time, diary.entry_level)
                    entries.append(np.array([column[: diary.entries] for column in columns], np.int32))
                outcomes.append(catalogue.measure(end, p))
            except PLAY_ERRORS as error:
                raise unplayable(replication, error, variant) from None
        return Chunk(variant, first, np.array(outcomes).reshape(replications, -1), _joined(entries))

    return play


def compiled_player(cast: Cast) -> Player:
    """Return a player with the compiled clock, for one thread. All variants of a family share a clock."""
    from sim.clocks.compiled import CompiledClock

    clocks: dict[int, CompiledClock] = {}

    def play(variant: int, first: int, replications: int) -> Chunk:
        model, family = cast.variants.model(variant), cast.variants.family(variant)
        if family in clocks:
            clocks[family].take_numbers(model)
        else:
            if len(clocks) >= MOST_CLOCKS:
                clocks.clear()
            clocks[family] = CompiledClock(model, cast.seed, places_of(cast.catalogue(model)))
        clock, entries = clocks[family], []
        outcomes = np.empty((replications, len(clock.world.measured)))
        played = 0
        while played < replications:
            try:
                more, written = clock.play(first + played, outcomes[played:])
            except PLAY_ERRORS as error:
                raise unplayable(clock.playing, error, variant) from None
            played += more
            if cast.diaries:
                entries.append(written)
        return Chunk(variant, first, outcomes, _joined(entries))

    return play


def _joined(entries: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(entries, axis=1) if entries else np.zeros((3, 0), np.int32)


def places_of(catalogue: Catalogue) -> NDArray[np.int64]:
    """Return, for each outcome, its number among the rules' outcomes, its first place, and the place after its last."""
    from sim.rules.outcomes import OUTCOMES

    number = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}
    return np.array([(number[item.outcome.name], item.places[0], item.places[-1] + 1) for item in catalogue.outcomes])


def unplayable(replication: int | str, error: Exception, variant: int = 0) -> Unplayable:
    """Say which replication (by number or in words) cannot be played, why, and what to do about it."""
    which = replication if isinstance(replication, str) else f"replication {replication}"
    why = str(error) if isinstance(error, GivenUp) else "its numbers grow beyond all bounds"
    return Unplayable(
        f"{which} cannot be played to the end: {why}; try lower attack rates "
        "(theatres.NAME.attacks_per_day, attacks.branching_ratio), longer intervals (tranche_days, tick_days, "
        "review_days, round_days) or an earlier end", variant)
