"""Many scenarios, made by Hypothesis from one seed, each played on every engine and compared bit by bit."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import Tables

from clocks.both import NO_MORE, Comparison, Engines, compare
from clocks.wild import wild_tables
from sim.model.setup import set_up
from sim.rules import state as codes
from sim.scenario.load import from_dict

BUDGET = 10_000
"""Events after which a replication is given up: few enough that scenarios which run wild do not take all the time."""
REPLICATIONS = 4  # of each scenario
TOLD = {code: name for name, code in vars(codes).items() if name.startswith("TOLD_")}


@dataclass
class Tally:
    """What has been compared so far.

    Attributes
    ----------
    sizes
        Of theatres, sites, phases and working groups: how many scenarios have how many.
    told
        How often each kind of process told what.
    given_up
        How often replications were given up, by reason.
    engines
        How many scenarios each engine has played.
    """

    scenarios: int = 0
    replications: int = 0
    sizes: Counter[tuple[str, int]] = field(default_factory=Counter)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    given_up: Counter[str] = field(default_factory=Counter)
    engines: Counter[str] = field(default_factory=Counter)

    def add(self, counts: Any, found: Comparison) -> None:
        self.scenarios += 1
        self.replications += REPLICATIONS
        self.sizes.update((what, getattr(counts, what)) for what in ("theatres", "sites", "phases", "groups"))
        self.told.update({(kind, TOLD[code]): count for (kind, code), count in found.told.items()})
        self.given_up.update(found.given_up)
        self.engines.update(["SimPy", *found.engines])

    @property
    def records(self) -> int:
        """Lines of all logs."""
        return self.told.total()

    def largest(self, what: str) -> int:
        """Return the most theatres, sites, ... that a scenario had."""
        return max(count for name, count in self.sizes if name == what)


def compare_many(
    scenarios: int, made_from: int, watch: Callable[[Tally], None] = lambda tally: None, more: Engines = NO_MORE
) -> Tally:
    """Play so many scenarios on every engine.

    Parameters
    ----------
    scenarios
        How many.
    made_from
        The seed that Hypothesis makes them from.
    watch
        Called after each scenario.
    more
        Further engines; see `clocks.both.compare`.

    Raises
    ------
    AssertionError
        If the engines differ: where, and the smallest scenario found in which they do.
    """
    tally = Tally()

    @hypothesis.seed(made_from)
    @settings(max_examples=scenarios, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
              suppress_health_check=list(HealthCheck), report_multiple_bugs=False, print_blob=False)
    @given(wild_tables(), st.integers(0, 2**70), st.integers(0, 2**40))
    def one(tables: Tables, seed: int, first: int) -> None:
        model = set_up(from_dict(tables).scenario)
        found = compare(model, seed, first, REPLICATIONS, BUDGET, more)
        assert not found.differences, "\n".join(found.differences[:10])
        tally.add(model.parameters, found)
        watch(tally)

    one()
    return tally
