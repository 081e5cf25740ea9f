"""Which clock plays. Both give the same bits, so the choice only affects how long it takes."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.clocks.tally import Fold, compiled_fold, fold
from sim.model.setup import Model
from sim.play.room import is_shortage

AUTO, SIMPY, COMPILED = "auto", "simpy", "compiled"
CLOCKS = (AUTO, SIMPY, COMPILED)

WORTH_LOADING = 100
"""Replications per processor from which it pays to load the compiled clock, if it has been compiled before."""
WORTH_COMPILING = 1500
"""Replications per processor that take the SimPy clock as long as compiling the rules."""
ORDINARY_EVENTS = 1000
"""Events in a replication of the scenarios for which these two numbers were measured."""


Say = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Clock:
    """A clock by name, and the function that counts its diaries."""

    name: str
    fold: Fold


def choose(clock: str, model: Model, replications: int, workers: int, say: Say = silent) -> Clock:
    """Return the clock that the user wants; for ``auto``, the one that will finish sooner.

    Parameters
    ----------
    clock
        ``auto``, ``simpy`` or ``compiled``. If the rules cannot be compiled, it is SimPy in any case.
    model
        The scenario, set up.
    replications, workers
        How many replications there are to play, and by how many workers.
    say
        Told, in a line, what a user should know.
    """
    reference = Clock(SIMPY, fold)
    work = replications * _weight(model)
    if clock == SIMPY or (clock == AUTO and work < WORTH_LOADING * workers):
        return reference
    try:
        from sim.clocks.ready import is_ready, make_ready, why_compile

        if not is_ready(model):
            if clock == AUTO and work < WORTH_COMPILING * workers:
                return reference
            say(f"The rules have to be compiled: {why_compile()}. It is done once and takes about half a minute.")
            import numba  # noqa: F401 - fails here if it does not work

        make_ready(model)
        return Clock(COMPILED, compiled_fold)
    except Exception as error:  # whatever is wrong with an installation
        if is_shortage(error):
            raise  # worker processes would take more memory, not less
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        say(f"The rules cannot be compiled here ({why}). The SimPy clock plays instead; it is slower.")
        return reference


def _weight(model: Model) -> float:
    """Return how many ordinary replications one of this scenario is worth, by its attacks; at least one."""
    p = model.parameters
    return max(1.0, sum(p.theatre_attacks_per_day) * p.horizon / ORDINARY_EVENTS)
