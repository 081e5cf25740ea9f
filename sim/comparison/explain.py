"""Why scenario B differs from scenario A: which changes matter, and which couplings carry the difference.

Both questions are games played with common random numbers. In the first game the players are the changes. The value of
a set of changes is the outcome of A with these changes made, less the outcome of A. In the second game the players are
the couplings. The value of a set of couplings is the difference between B and A with all other couplings off. In each
game the shares add up to the mean difference; in the second, together with the direct effect, which is the difference
with every coupling off.
"""

from collections.abc import Sequence

from sim.comparison import changes, couplings
from sim.comparison.errors import ComparisonError
from sim.comparison.explanation import Explanation, Game, OutcomeExplained, Share
from sim.comparison.plays import Plays
from sim.comparison.told import question, questions, smoothing
from sim.estimate.difference import skewed_interval, smoothed
from sim.estimate.intervals import Column
from sim.estimate.shapley import Array, Coalition, Split, Value, coalitions, split
from sim.model.catalogue import Measured, expand
from sim.model.setup import set_up
from sim.play.play import Means
from sim.play.run import Progress
from sim.scenario.called import called
from sim.scenario.errors import suggest
from sim.scenario.keys import dotted
from sim.scenario.load import ScenarioFile, from_dict
from sim.scenario.names import COUPLINGS
from sim.scenario.source import Source, file_of
from sim.words.labels import outcome_label

Player = tuple[str, str, tuple[str, ...], str]
"""Name, label, keys and title, as in `Share`."""


def explain(
    a: Source,
    b: Source,
    outcomes: Sequence[str],
    replications: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    clock: str = "auto",
    progress: Progress | None = None,
) -> Explanation:
    """Explain why scenario B differs from scenario A.

    Parameters
    ----------
    a, b
        The scenarios, with the same start and end: files, what `load` returned, or results.
    outcomes
        Names from the catalogue, such as ``attacks_total`` or ``killed_expected.iraq``.
    replications, seed
        Which replications of every hybrid are played.
    workers, clock
        How they are played; the results do not depend on it.
    progress
        Called with the number of replications done, and how many there will be.

    Raises
    ------
    ComparisonError
        If the scenarios do not start and end on the same days, or do not have the outcomes.
    """
    a, b = file_of(a), file_of(b)
    _require_same_time(a, b)
    measured = [_measured(a, b, name) for name in outcomes]
    tables = changes.tables_of(a.scenario), changes.tables_of(b.scenario)
    both = b.scenario, a.scenario
    parts, notes = changes.parts_of(*tables, lambda hybrid: set(outcomes) <= set(expand(set_up(hybrid)).names),
                                    lambda name: changes.called(name, both))
    names = couplings.players(a.scenario, b.scenario) if parts else []
    at_most = replications * (coalitions(len(parts)) + 2 * coalitions(len(names)))
    play = Plays([smoothed(name) for name in outcomes], seed, Means(workers, clock))
    every = slice(0, replications)
    at_a = play(a.scenario, every)
    at_b = play(b.scenario, every) if parts else at_a

    def changed(taken: Coalition, rows: slice) -> Array:
        """Play A with the parts taken from B."""
        if len(taken) in (0, len(parts)):
            return (at_b if taken else at_a)[rows]
        paths = [path for i in sorted(taken) for path in parts[i].paths]
        return play(from_dict(changes.hybrid(*tables, paths)).scenario, rows)

    def coupled(kept_on: Coalition, rows: slice) -> Array:
        """Play both with only these couplings."""
        if len(kept_on) == len(names):
            return (at_b - at_a)[rows]
        on = {names[i] for i in kept_on}
        return play(couplings.with_only(b.scenario, on), rows) - play(couplings.with_only(a.scenario, on), rows)

    reports = _Reports(progress, at_most)
    first = split(len(parts), replications, reports.of(changed, 1), seed)
    second = split(len(names), replications, reports.of(coupled, 2), seed)
    reports.end()
    changed_to: list[Player] = [
        (part.name, changes.change_text(part, *tables), tuple(map(dotted, part.paths)),
         changes.joined([changes.called(name, both) for name in part.names])) for part in parts]
    switched: list[Player] = [
        (name, called(COUPLINGS[name].said, b.scenario.names), (f"couplings.{name}",), name.replace("_", " "))
        for name in names]
    explained = tuple(
        OutcomeExplained(
            item.name, item.outcome.kind, item.outcome.unit, item.outcome.better,
            float(at_a[:, i].mean()), float(at_b[:, i].mean()), _share("difference", "", (at_b - at_a)[:, i]),
            _game(first, i, changed_to), _game(second, i, switched),
            _share("direct", "direct effect, all couplings off", second.none[:, i]),
            question(outcome_label(item.name, b.scenario), item.name))
        for i, item in enumerate(measured))
    return Explanation(a.name, b.name, a.scenario.start.isoformat(), a.scenario.end.isoformat(), replications, seed,
                       explained, (*questions(outcomes, expand(set_up(b.scenario)).names, b.scenario),
                                   *smoothing(outcomes, b.scenario), *notes))


def _require_same_time(a: ScenarioFile, b: ScenarioFile) -> None:
    for key in ("start", "end"):
        of_a, of_b = getattr(a.scenario, key), getattr(b.scenario, key)
        if of_a != of_b:
            raise ComparisonError(f"{a.name} and {b.name} cannot be compared: the {key} of one is {of_a}, that of the "
                                  f"other {of_b}; give both the same")


def _measured(a: ScenarioFile, b: ScenarioFile, name: str) -> Measured:
    """Return the catalogue's entry for an outcome that both scenarios have."""
    for file in (a, b):
        catalogue = expand(set_up(file.scenario))
        if any(rate.name == name for rate in catalogue.rates):
            raise ComparisonError(f"{name} is a ratio of means, which a single replication does not have; ask for "
                                  "the outcomes that it is made of")
        if name not in catalogue.names:
            raise ComparisonError(f"{file.name} has no outcome {name}; {suggest(name, catalogue.names)}")
    return next(item for item in catalogue.outcomes if item.name == name)


class _Reports:
    """Reports how many replications are done, over all games; results that are known already count as done."""

    def __init__(self, progress: Progress | None, at_most: int) -> None:
        self._progress, self._at_most, self._done = progress, at_most, 0

    def of(self, value: Value, scenarios: int) -> Value:
        """Return a game's value function that reports each coalition, which takes so many scenarios."""
        progress = self._progress
        if progress is None:
            return value

        def telling(coalition: Coalition, rows: slice) -> Array:
            values = value(coalition, rows)
            self._done = min(self._done + scenarios * (rows.stop - rows.start), self._at_most)
            progress(self._done, self._at_most)
            return values

        return telling

    def end(self) -> None:
        """Report that everything is done."""
        if self._progress is not None:
            self._progress(self._at_most, self._at_most)


def _game(played: Split, outcome: int, players: list[Player]) -> Game:
    shares = [Share(name, label, keys, float(played.shares[i, :, outcome].mean()), played.interval(i, outcome), title)
              for i, (name, label, keys, title) in enumerate(players)]
    return Game(tuple(sorted(shares, key=lambda share: -abs(share.share))), played.orders)


def _share(name: str, label: str, values: Column) -> Share:
    return Share(name, label, (), float(values.mean()), skewed_interval(values))
