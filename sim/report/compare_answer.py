"""The answer of a comparison in three to five sentences: verdicts alone, with their sizes and what they depend on."""

from collections.abc import Iterator

from sim.comparison import asked, words
from sim.comparison.compare import Comparison
from sim.comparison.verdicts import NEGLIGIBLE, NOT_SHOWN, disagreeing, verdict
from sim.estimate.difference import Difference, ranked
from sim.report.article import CAVEAT
from sim.words.labels import in_sentence, with_unit
from sim.words.phrases import all_of, counted, give_or_take, listed, was

MOST_SCENARIOS = 3
"""The most scenarios of which the answer says how they differ from the base."""
MOST_NAMED = 3
"""The most outcomes named for each verdict: those that differ most."""
ALWAYS_NAMED = ("killed_expected", "attacks_total")
"""Outcomes that are named besides, if they are better or worse: readers ask for them first."""


def answer(comparison: Comparison) -> list[str]:
    """Return the answer: how each scenario differs, on what that depends, and what it is not."""
    names = list(comparison.differences)
    sentences = [_against_base(comparison, name) for name in names[:MOST_SCENARIOS]]
    if len(names) > MOST_SCENARIOS:
        sentences[-1] += f" {counted(len(names) - MOST_SCENARIOS, 'more scenario')} are in the tables."
    return [*sentences, *_depends(comparison), CAVEAT]


def how_to_read(comparison: Comparison) -> list[str]:
    """Return how to read the numbers."""
    return [
        f"{counted(comparison.replications, 'replication')} of each scenario {was(comparison.replications)} played "
        "with the same random numbers, so that a difference comes from the scenarios and not from luck.",
        asked.on_size(comparison),
        "A number after ± is half of a 95 % interval: sampling error alone, not how far the model may be wrong.",
    ]


def _against_base(comparison: Comparison, name: str) -> str:
    """Say in which main outcomes a scenario is better and worse than the base, and by how much."""
    entries = ranked([entry for entry in comparison.differences[name] if entry.main])
    base = comparison.base.name
    if all(entry.is_same or entry.difference is None for entry in entries):
        return f"{name} and {base} agree in {all_of(comparison.replications, 'replication')}."
    open_questions = disagreeing(comparison.differences[name])
    said = {kind: [entry for entry in entries if verdict(entry) == kind and entry.outcome not in open_questions]
            for kind in ("better", "worse", NOT_SHOWN, NEGLIGIBLE)}
    parts = [f"{kind} in {_named(comparison, said[kind])}" for kind in ("better", "worse") if said[kind]]
    if not parts:
        return f"Between {name} and {base}, no difference is shown that would matter."
    small = len(said[NOT_SHOWN]) + len(said[NEGLIGIBLE])
    rest = f"; in {counted(small, 'main outcome')} no difference is shown, or none that matters" if small else ""
    return f"Compared with {base}, {name} is {'; '.join(parts)}{rest}."


def _named(comparison: Comparison, entries: list[Difference]) -> str:
    first = entries[:MOST_NAMED]
    first += [entry for entry in entries[MOST_NAMED:] if entry.outcome in ALWAYS_NAMED]
    labels = [words.label(comparison, entry.outcome) for entry in first]
    named = [f"{in_sentence(label)} ({_size(entry, label)})" for label, entry in zip(labels, first, strict=True)]
    more = len(entries) - len(first)
    return listed([*named, f"{more} more"] if more else named)


def _size(entry: Difference, label: str) -> str:
    unit = {"yes_no": "points", "day": "days"}.get(
        entry.kind, entry.unit if with_unit(label, entry.kind, entry.unit) != label else "")
    percent = f", {100 * entry.difference / abs(entry.base):+.0f} %".replace("-", "−") if (
        entry.kind == "number" and entry.base and entry.difference) else ""
    return f"{give_or_take(entry.difference or 0.0, entry.ci95, entry.kind)}{unit and ' ' + unit}{percent}"


def _depends(comparison: Comparison) -> Iterator[str]:
    """Say which answer depends on how one asks, or on when one stops looking: one of each."""
    for told in (asked.on_ways, asked.on_horizon):
        yield from [line for name in comparison.differences for line in told(comparison, name)][:1]
