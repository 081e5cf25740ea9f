"""From files to files: what the command `compare` does, and the Python interface with it."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.comparison import words
from sim.comparison.compare import Comparison, Side, play_comparison, ranked, sides_of
from sim.comparison.errors import ComparisonError
from sim.comparison.kept import CONTENTS, write
from sim.estimate.targets import Target, targets_of
from sim.play.defaults import MOST_REPLICATIONS, REPLICATIONS
from sim.play.folder import Place, results_folder
from sim.play.identity import Identity, identity, version_with
from sim.play.play import Means
from sim.play.room import require_room
from sim.play.run import Progress, Size
from sim.scenario.errors import suggest
from sim.scenario.source import Source, file_of

EXPLAINED, LOOKED_INTO = 3, 1000
"""Outcomes that are explained when none is named, those that differ most; and replications in which, at most."""
AXES = ("completion_day", "killed_expected")
"""Outcomes that are weighed against each other if scenarios trade one off for the other."""


def compare(
    scenarios: Sequence[Source],
    base: str | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: Progress | None = None,
    precision: Mapping[str, float | str] | Sequence[str] | None = None,
    max_replications: int = MOST_REPLICATIONS,
    clock: str = "auto",
    explain: bool = False,
    outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
    say: Callable[[str], None] = print,
    force: bool = False,
) -> Comparison:
    """Play scenarios under the same chance, and compare each with one of them.

    Parameters
    ----------
    scenarios
        At least two, with the same start and end: files, what `load` returned, or results.
    base
        Name of the one that the others are compared with; the first when left out.
    replications
        How many futures each meets; when left out, as many as the precision takes, or 10,000 if none is asked for.
    seed, workers, clock, progress, say
        As for `sim.run`.
    out
        Folder for comparison.json, comparison.csv and figures; nothing is written when left out. If it has the same
        comparison with as many replications already, or more, it stays as it is.
    figures
        Whether to draw figures into it.
    precision
        Half-widths of 95 % intervals of differences to reach, by outcome; ``"1%"`` is a share of the base's mean.
    max_replications
        How many futures to play at most to reach them.
    explain
        Whether to explain why each scenario differs from the base; see `sim.comparison.explain`.
    outcomes
        In which outcomes, of which figures are drawn; when left out, those that differ most.
    trade_off
        Two outcomes to weigh against each other in a figure. When left out, two that some scenario trades off for each
        other; none is drawn if there are none.
    force
        Whether to replace whatever results the folder has. Files that this program did not write always stay.

    Raises
    ------
    ScenarioError
        With all that is wrong with a scenario, or with the precision.
    ComparisonError
        If the scenarios cannot be compared.
    FolderError
        If the folder holds something else.
    Unplayable, WorkersLost, MemoryError
        As for `sim.run`.
    """
    require_room()
    files = [file_of(scenario) for scenario in scenarios]
    sides = sides_of(files, base)
    if trade_off is not None:
        _refuse_what_cannot_be_weighed(sides, trade_off)
    for name in outcomes or ():
        _refuse_unmeasured(name, sides)
    targets = _targets(sides, precision or ())
    size = Size(max_replications, targets) if targets and replications is None else Size(replications or REPLICATIONS)
    means = Means(workers, clock)
    def play(scratch: Path, size: Size) -> Comparison:
        found = play_comparison(sides, seed, size, means, scratch, progress, say)
        return replace(found, explanations=_explain(found, outcomes or (), means, say)) if explain else found

    if out is None:
        with TemporaryDirectory() as scratch:
            return play(Path(scratch), size)
    own = comparison_identity(sides, seed, explain, outcomes, trade_off)
    with results_folder(Path(out), own, CONTENTS, force, say=say) as place:
        comparison = play(place.play, size)
        there = (place.there or {}).get("replications")
        if isinstance(there, int) and there >= comparison.replications:
            say(f"{out} has this comparison with {there:,} replications already; it stays as it is.")
            if figures and not place.has_figures:
                same = there == comparison.replications
                _draw(comparison if same else play(place.play / "all", Size(there)), place, trade_off, say)
                place.add()
                say(f"The figures are added; they show all {there:,} replications.")
        else:
            if place.has_figures and not figures:
                say("Its figures are drawn again, so that they show the same replications as the numbers.")
            write(comparison, place.draft, own)
            if figures or place.has_figures:
                _draw(comparison, place, trade_off, say)
            place.put()
    return comparison


def _draw(
    comparison: Comparison, place: Place, trade_off: tuple[str, str] | None, say: Callable[[str], None]
) -> None:
    from sim.figures.comparisons import draw_comparison

    axes = trade_off or traded_off(comparison)
    if axes is None:
        say("no scenario is shown to be better than the base in one main outcome and worse in another, so there is no "
            "figure of a trade-off; --trade-off X Y draws one of any two")
    draw_comparison(comparison, place.draft / "figures", axes)


def comparison_identity(
    sides: Sequence[Side], seed: int, explain: bool = False, outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
) -> Identity:
    """Return what a comparison belongs to: its scenarios, the base first, all that is asked of them, a seed."""
    scenarios = {side.name: identity(side.file, seed).scenario for side in sides}
    asked = {"explain": explain, "outcomes": sorted(outcomes or ()), "trade_off": list(trade_off or ())}
    return Identity({"base": sides[0].name, "scenarios": scenarios, **asked}, seed, version_with("sim.comparison"))


def default_folder(
    sides: Sequence[Side], seed: int, explain: bool = False, outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
) -> Path:
    """Return the folder for a comparison: ``results/compare/NAMES/HASH``."""
    names = "-".join(side.name for side in sides[:4]) + (f"-and-{len(sides) - 4}-more" if len(sides) > 4 else "")
    return Path("results", "compare", names, comparison_identity(sides, seed, explain, outcomes, trade_off).hash)


def traded_off(comparison: Comparison) -> tuple[str, str] | None:
    """Return two main outcomes in one of which some scenario is shown to be better than the base, in the other worse.

    Those of `AXES` if they are such a pair; else the two that differ most, measured by the smaller of their differences
    in standard deviations of the base. None if there are none.
    """
    found: dict[tuple[str, str], float] = {}
    common = set(_weighable(comparison.sides)) - {"killed"}
    for entries in comparison.differences.values():
        judged = {entry.outcome: entry for entry in entries
                  if entry.main and entry.outcome in common and words.verdict(entry) in ("better", "worse")}
        for pair in combinations(judged, 2):
            one, other = (judged[name] for name in pair)
            if words.verdict(one) != words.verdict(other):
                size = min(abs(one.spreads), abs(other.spreads))
                found[pair] = max(found.get(pair, 0.0), size if math.isfinite(size) else 0.0)
    return AXES if AXES in found else max(found, key=lambda pair: found[pair], default=None)


def _weighable(sides: Sequence[Side]) -> list[str]:
    """Return the outcomes that every scenario measures and of which one direction is better."""
    return [item.name for item in sides[0].catalogue.outcomes if item.outcome.better and all(
        item.name in side.catalogue.names for side in sides)]


def _refuse_what_cannot_be_weighed(sides: Sequence[Side], named: tuple[str, str]) -> None:
    common = _weighable(sides)
    for name in named:
        if name not in common:
            raise ComparisonError(f"{name} is no outcome that every scenario measures and of which more or less is "
                                  f"better; {suggest(name, common)}")


def _targets(sides: Sequence[Side], precision: Mapping[str, float | str] | Sequence[str]) -> tuple[Target, ...]:
    """Return what precision is asked of every difference; scenarios' own tables ask it of means and do not count."""
    texts = [f"{name}={value}" for name, value in precision.items()] if isinstance(precision, Mapping) else precision
    asked: tuple[Target, ...] = ()
    for side in sides:
        plain = replace(side.file, scenario=side.file.scenario.model_copy(update={"precision": {}}))
        asked = targets_of(plain, texts, side.catalogue)
    for target in asked:
        if target.percent is not None:
            raise ComparisonError(f"{target.label}: between scenarios means are compared, not quantiles; ask for "
                                  f"{target.name}")
    return asked


def _refuse_unmeasured(name: str, sides: Sequence[Side]) -> None:
    common = [item.name for item in sides[0].catalogue.outcomes if all(
        item.name in side.catalogue.names for side in sides)]
    if name not in common:
        raise ComparisonError(f"{name} is no outcome that every scenario measures; {suggest(name, common)}")


def _explain(comparison: Comparison, named: Sequence[str], means: Means, say: Callable[[str], None]) -> Any:
    """Explain why each scenario differs from the base: in the outcomes named, or in those that differ most."""
    from sim.comparison.explain import explain

    base, found = replace(comparison.base.file, name=comparison.base.name), {}
    for side in comparison.sides[1:]:
        say(f"looking into why {side.name} differs from {base.name}")
        named_so = replace(side.file, name=side.name)
        found[side.name] = explain(base, named_so, named or most_different(comparison, side.name),
                                   min(LOOKED_INTO, comparison.replications), comparison.seed, means.workers,
                                   means.clock)
    return found


def most_different(comparison: Comparison, name: str) -> list[str]:
    """Return the main outcomes in which a scenario differs most from the base."""
    entries = [entry for entry in comparison.differences[name] if entry.main and entry.kind != "ratio"]
    return [entry.outcome for entry in ranked(entries) if entry.outcome != "killed"][:EXPLAINED]
