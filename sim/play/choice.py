"""Which clock plays. Both give the same bits, so the choice only affects how long it takes."""

from collections.abc import Callable
from dataclasses import dataclass

from sim.clocks.program import Stale
from sim.clocks.tally import Fold, compiled_fold, fold
from sim.play.room import is_shortage

AUTO, SIMPY, COMPILED = "auto", "simpy", "compiled"
CLOCKS = (AUTO, SIMPY, COMPILED)


Say = Callable[[str], None]


def silent(line: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class Clock:
    """A clock by name, and the function that counts its diaries."""

    name: str
    fold: Fold


def choose(clock: str, say: Say = silent) -> Clock:
    """Return the compiled clock unless the user wants the other, or there are no compiled rules that fit.

    Parameters
    ----------
    clock
        ``auto``, ``simpy`` or ``compiled``.
    say
        Told, in a line, what a user should know.
    """
    if clock == SIMPY:
        return Clock(SIMPY, fold)
    try:
        from sim.clocks.compiled import play_rows  # which loads LLVM

        play_rows.load(say)
        compiled_fold.load(say)
        return Clock(COMPILED, compiled_fold)
    except Stale as error:
        why = str(error)
    except Exception as error:  # whatever is wrong with an installation
        if is_shortage(error):
            raise  # worker processes would take more memory, not less
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        why = f"The compiled rules cannot be used here ({said})"
    say(f"{why}. The SimPy clock plays instead; it is slower.")
    return Clock(SIMPY, fold)
