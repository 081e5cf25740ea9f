"""Which clock plays an ensemble. Both give the same bits, so the choice is only about time."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.clocks.tally import Fold, compiled_fold, fold
from sim.model.setup import Model
from sim.play.room import is_shortage

AUTO, SIMPY, COMPILED = "auto", "simpy", "compiled"
CLOCKS = (AUTO, SIMPY, COMPILED)

WORTH_LOADING = 100
"""Replications on one processor for which loading the compiled clock pays, when it has been compiled before."""
WORTH_COMPILING = 1500
"""Replications on one processor in whose time the SimPy clock could compile the rules instead."""


Say = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Clock:
    """A clock by name, and what counts diaries beside it."""

    name: str
    fold: Fold


def choose(asked: str, model: Model, replications: int, workers: int, say: Say = silent) -> Clock:
    """Return the clock that is asked for; of itself, the one that is done sooner.

    Parameters
    ----------
    asked
        ``auto``, ``simpy`` or ``compiled``. Where the rules cannot be compiled it is SimPy all the same.
    model
        The scenario, set up.
    replications, workers
        How much there is to play, and by how many.
    say
        Told, in a line, what a user should know.
    """
    reference = Clock(SIMPY, fold)
    if asked == SIMPY or (asked == AUTO and replications < WORTH_LOADING * workers):
        return reference
    try:
        from sim.clocks.ready import is_ready, make_ready

        if not is_ready(model):
            if asked == AUTO and replications < WORTH_COMPILING * workers:
                return reference
            import numba  # noqa: F401 - whether it works

            say("Compiling the rules, once for this version of them; it takes about half a minute.")
        make_ready(model)
        return Clock(COMPILED, compiled_fold)
    except Exception as error:  # whatever is wrong with an installation
        if is_shortage(error):
            raise  # worker processes would take more memory, not less
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        say(f"The rules cannot be compiled here, so the SimPy clock plays them, slower: Numba does not work ({why}).")
        return reference
