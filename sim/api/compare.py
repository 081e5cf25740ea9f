"""Compare scenarios: from scenario files to a folder with the comparison."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.comparison.compare import Comparison, Side, play_comparison, sides_of
from sim.comparison.errors import ComparisonError
from sim.comparison.kept import CONTENTS, write
from sim.comparison.verdicts import verdict
from sim.estimate.difference import ranked
from sim.estimate.targets import Target, targets_of
from sim.play.defaults import MOST_REPLICATIONS, PAGE, REPLICATIONS
from sim.play.folder import Place, results_folder
from sim.play.identity import Identity, identity, version_with
from sim.play.play import Means
from sim.play.result import Result
from sim.play.room import require_room
from sim.play.run import Progress, Size
from sim.scenario.errors import suggest
from sim.scenario.source import Source, file_of

EXPLAINED, LOOKED_INTO = 3, 1000
"""How many outcomes are explained if none is named (those that differ most), and in how many replications at most."""
AXES = ("completion_day", "killed_expected")
"""Outcomes drawn against each other if scenarios trade one off for the other."""


def compare(
    scenarios: Sequence[Source],
    base: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
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
    report: bool = True,
) -> Comparison:
    """Play scenarios with the same random numbers, and compare each with one of them.

    Parameters
    ----------
    scenarios
        At least two, with the same start and end: files, what `load` returned, or results.
    base
        Name of the scenario to compare the others with; the first when left out.
    replications
        Replications of each; when left out, as many as the precision takes; without a precision, as many as all
        results have that are compared, or 10,000 of scenarios.
    seed
        The seed of the random numbers, which all share; when left out, that of the results, or 1 for scenarios.
    workers, clock, progress, say
        As for `sim.run`.
    out
        Folder for comparison.json, comparison.csv and figures; nothing is written when left out. If it already has
        the same comparison with as many replications or more, it stays as it is.
    figures
        Whether to draw figures into it.
    precision
        Half-widths of 95 % intervals of differences to reach, by outcome; ``"1%"`` is a share of the base's mean.
    max_replications
        The most replications to play to reach them.
    explain
        Whether to explain why each scenario differs from the base; see `sim.comparison.explain`.
    outcomes
        The outcomes to explain; when left out, those that differ most.
    trade_off
        Two outcomes to draw against each other in a figure. When left out, two that some scenario trades off; if there
        are none, there is no such figure.
    force
        Whether to replace any results in the folder. Files that this program did not write always stay.
    report
        Whether to write report.html beside the figures; without figures there is none. See `sim.report`.

    Raises
    ------
    ScenarioError
        With all that is wrong with a scenario, its sizes that matter, or the precision.
    ComparisonError
        If the scenarios cannot be compared; if results have different seeds, and none is given.
    FolderError
        If the folder holds other results.
    Unplayable, WorkersLost, MemoryError
        As for `sim.run`.
    """
    require_room()
    from sim.api.page import write_page

    if isinstance(scenarios, str | os.PathLike):  # a single one; that it takes two is said below
        scenarios = [scenarios]
    files = [file_of(scenario) for scenario in scenarios]
    sides = sides_of(files, base)
    results = [scenario for scenario in scenarios if isinstance(scenario, Result)]
    seed = _seed_of(results) if seed is None else seed
    if trade_off is not None:
        _refuse_what_cannot_be_weighed(sides, trade_off)
    for name in outcomes or ():
        _refuse_unmeasured(name, sides)
    targets = _targets(sides, precision or ())
    shared = min((result.replications for result in results), default=REPLICATIONS)
    size = Size(max_replications, targets) if targets and replications is None else Size(replications or shared)
    means = Means(workers, clock)

    def play(scratch: Path, size: Size) -> Comparison:
        played = play_comparison(sides, seed, size, means, scratch, progress, say)
        return replace(played, explanations=_explain(played, outcomes or (), means, say)) if explain else played

    if out is None:
        with TemporaryDirectory() as scratch:
            return play(Path(scratch), size)
    belongs_to = comparison_identity(sides, seed, explain, outcomes, trade_off)
    with results_folder(Path(out), belongs_to, CONTENTS, force, say=say) as place:
        comparison = play(place.play, size)
        existing = (place.existing or {}).get("replications")
        if isinstance(existing, int) and existing >= comparison.replications:
            say(f"{out} has this comparison with {existing:,} replications already; it stays as it is.")
            figures = figures and not place.has_figures
            page = report and (figures or place.has_figures) and not (place.folder / PAGE).exists()
            if figures or page:
                same = existing == comparison.replications
                whole = comparison if same else play(place.play / "all", Size(existing))
                if figures:
                    _draw(whole, place, trade_off, say)
                page = page and write_page(whole, place.draft, say)
                place.add()
                if figures:
                    say(f"The figures are added; they show all {existing:,} replications.")
                if page:
                    say(f"{PAGE} is added; it shows all {existing:,} replications.")
        else:
            if place.has_figures and not figures:
                say("Its figures are drawn again, so that they show the same replications as the numbers.")
            write(comparison, place.draft, belongs_to)
            if figures or place.has_figures:
                _draw(comparison, place, trade_off, say)
                if report or place.has_page:
                    write_page(comparison, place.draft, say)
            place.put()
    return comparison


def _draw(
    comparison: Comparison, place: Place, trade_off: tuple[str, str] | None, say: Callable[[str], None]
) -> None:
    from sim.figures.comparisons import draw_comparison

    axes = trade_off or traded_off(comparison)
    if axes is None:
        say("no scenario is shown to be better than the base in one main outcome and worse in another, so there is no "
            "figure of a trade-off; --trade-off X Y draws one of any two outcomes")
    draw_comparison(comparison, place.draft / "figures", axes)


def comparison_identity(
    sides: Sequence[Side], seed: int, explain: bool = False, outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
) -> Identity:
    """Return the identity of a comparison: its scenarios, the base first, the question about them, and the seed.

    From what size on a difference matters is part of the question, since the verdicts rest on it.
    """
    scenarios = {side.name: identity(side.file, seed).scenario for side in sides}
    question = {"explain": explain, "outcomes": sorted(outcomes or ()), "trade_off": list(trade_off or ()),
                "practical": sides[0].file.scenario.practical}
    return Identity({"base": sides[0].name, "scenarios": scenarios, **question}, seed, version_with("sim.comparison"))


def default_folder(
    sides: Sequence[Side], seed: int, explain: bool = False, outcomes: Sequence[str] | None = None,
    trade_off: tuple[str, str] | None = None,
) -> Path:
    """Return the folder for a comparison: ``results/compare/NAMES/HASH``."""
    names = "-".join(side.name for side in sides[:4]) + (f"-and-{len(sides) - 4}-more" if len(sides) > 4 else "")
    return Path("results", "compare", names, comparison_identity(sides, seed, explain, outcomes, trade_off).hash)


def traded_off(comparison: Comparison) -> tuple[str, str] | None:
    """Return two main outcomes, one in which some scenario is shown to be better than the base and one worse.

    These are `AXES` if they are such a pair; otherwise the pair whose smaller difference is largest, in standard
    deviations of the base. None if there is no such pair.
    """
    pairs: dict[tuple[str, str], float] = {}
    common = set(_weighable(comparison.sides)) - {"killed"}
    for entries in comparison.differences.values():
        judged = {entry.outcome: entry for entry in entries
                  if entry.main and entry.outcome in common and verdict(entry) in ("better", "worse")}
        for pair in combinations(judged, 2):
            first, second = (judged[name] for name in pair)
            if verdict(first) != verdict(second):
                size = min(abs(first.spreads), abs(second.spreads))
                pairs[pair] = max(pairs.get(pair, 0.0), size if math.isfinite(size) else 0.0)
    return AXES if AXES in pairs else max(pairs, key=lambda pair: pairs[pair], default=None)


def _weighable(sides: Sequence[Side]) -> list[str]:
    """Return the outcomes that every scenario measures and that have a better direction."""
    return [item.name for item in sides[0].catalogue.outcomes if item.outcome.better and all(
        item.name in side.catalogue.names for side in sides)]


def _seed_of(results: Sequence[Result]) -> int:
    """Return the seed with which results were played; 1 without any."""
    seeds = sorted({result.seed for result in results})
    if len(seeds) > 1:
        raise ComparisonError(f"the runs have different seeds ({', '.join(map(str, seeds))}); scenarios are compared "
                              "under the same random numbers, so run them with the same --seed")
    return seeds[0] if seeds else 1


def _refuse_what_cannot_be_weighed(sides: Sequence[Side], names: tuple[str, str]) -> None:
    common = _weighable(sides)
    for name in names:
        if name not in common:
            raise ComparisonError(f"{name} is not an outcome that every scenario measures and of which more or less is "
                                  f"better; {suggest(name, common)}")


def _targets(sides: Sequence[Side], precision: Mapping[str, float | str] | Sequence[str]) -> tuple[Target, ...]:
    """Return the precision wanted of every difference. Precision tables in scenarios are about means: left out."""
    texts = [f"{name}={value}" for name, value in precision.items()] if isinstance(precision, Mapping) else precision
    targets: tuple[Target, ...] = ()
    for side in sides:
        plain = replace(side.file, scenario=side.file.scenario.model_copy(update={"precision": {}}))
        targets = targets_of(plain, texts, side.catalogue)
    for target in targets:
        if target.percent is not None:
            raise ComparisonError(f"{target.label}: scenarios are compared by means, not by quantiles; ask for "
                                  f"{target.name}")
    return targets


def _refuse_unmeasured(name: str, sides: Sequence[Side]) -> None:
    common = [item.name for item in sides[0].catalogue.outcomes if all(
        item.name in side.catalogue.names for side in sides)]
    if name not in common:
        raise ComparisonError(f"{name} is not an outcome that every scenario measures; {suggest(name, common)}")


def _explain(comparison: Comparison, names: Sequence[str], means: Means, say: Callable[[str], None]) -> Any:
    """Explain why each scenario differs from the base: in the outcomes named, or in those that differ most."""
    from sim.comparison.explain import explain

    base, explanations = replace(comparison.base.file, name=comparison.base.name), {}
    for side in comparison.sides[1:]:
        say(f"looking into why {side.name} differs from {base.name}")
        other = replace(side.file, name=side.name)
        explanations[side.name] = explain(
            base, other, names or most_different(comparison, side.name), min(LOOKED_INTO, comparison.replications),
            comparison.seed, means.workers, means.clock)
    return explanations


def most_different(comparison: Comparison, name: str) -> list[str]:
    """Return the main outcomes in which a scenario differs most from the base."""
    entries = [entry for entry in comparison.differences[name] if entry.main and entry.kind != "ratio"]
    return [entry.outcome for entry in ranked(entries) if entry.outcome != "killed"][:EXPLAINED]
