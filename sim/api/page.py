"""The living page that `run` and `compare` write beside their figures. It never makes either of them fail."""

from collections.abc import Callable
from pathlib import Path

from sim.comparison.compare import Comparison
from sim.play.defaults import PAGE
from sim.play.files import write_whole
from sim.play.folder import Place
from sim.play.result import Result


def write_page(results: Result | Comparison, folder: Path, say: Callable[[str], None]) -> bool:
    """Write the page about results into a folder; if that fails, say so and return False: the results are fine."""
    from sim.api.report import report

    try:
        write_whole(folder / PAGE, report(results).html())
    except Exception as error:
        say(f"There is no {PAGE}: {str(error) or type(error).__name__}. Everything else is as it should be.")
        return False
    return True


def add_page(place: Place, say: Callable[[str], None]) -> None:
    """Write the page of existing results of a run, if there is none and nothing else of that name."""
    if (place.folder / PAGE).exists():
        return
    result = Result.load(place.folder)
    if write_page(result, place.draft, say):
        place.add()
        say(f"{PAGE} is added; it shows all {result.replications:,} replications.")
