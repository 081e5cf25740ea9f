"""How the cost grows: with the number of replications, and with the horizon, the theatres and the sites of a scenario.

python benchmarks/growth.py [REPLICATIONS] [RUNS] [MOST_REPLICATIONS]

If MOST_REPLICATIONS is 0, only scenarios of different size are compared.
"""

import statistics
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from clock_speed import compiled_seconds, events_of, model_of
from command import Run, run
from measure import MICRO, NANO, Ratio, Table, alternate, median, number, over, scaled, show, spread

from sim.model.setup import Model, set_up
from sim.scenario.load import from_dict

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
LARGE, FEW = 100_000, 3
"""From so many replications on, so few runs."""
ENDS = {"half as long": "2026-01-20", "as shipped": "2027-12-31", "twice as long": "2031-11-17"}
THEATRES = (1, 2, 4, 8)
SITES = (4, 64, 512)
IDLE = {"sites": (0, 60, 508), "phases": (0, 30), "theatres": (0, 3, 7)}
"""How many of each there are beside those in which something happens."""
MOST = 1.5
"""How many times as much an event should cost at most with the most of them as with the fewest."""
ATTACKS = (0.05, 2, 20, 180)


def replications_table(runs: int, most: int) -> Table:
    """Run the whole command with more and more replications."""
    sizes = [size for size in SIZES if size <= most]
    got: dict[int, list[Run]] = {size: [] for size in sizes}
    for round_ in range(runs):
        for size in sizes:
            if size < LARGE or round_ < FEW:
                got[size].append(run(size, "--no-figures"))
    first, last = sizes[0], sizes[-1]
    each = {size: MICRO / size * statistics.median(one.finished.seconds for one in got[size]) for size in sizes}
    few = f", {min(runs, FEW)} from {LARGE:,} replications on" if last >= LARGE else ""
    note = ("The whole command without figures, on all processors, with results written to disk; "
            f"{runs} runs{few}; the program chooses the clock. With {last:,} replications, each costs "
            f"{number(each[last])} µs in all; with {first:,}, which share the time for setting up and writing, "
            f"{number(each[first])} µs. {_memory(got[first], got[last], last)}")
    return Table("With the number of replications", note.strip(),
                 ("replications", "clock", "seconds", "of it playing", "µs a replication", "peak memory, MB"),
                 [_row(size, got[size]) for size in sizes])


def _row(size: int, got: list[Run]) -> tuple[str, ...]:
    whole = [one.finished.seconds for one in got]
    peak = [one.finished.megabytes for one in got]
    return (f"{size:,}", got[0].clock, spread(whole), spread([one.playing for one in got]),
            spread(scaled(whole, MICRO / size)), spread(peak) if any(peak) else "not known here")


def _memory(least: list[Run], most: list[Run], size: int) -> str:
    low, high = (statistics.median(one.finished.megabytes for one in got) for got in (least, most))
    text = f"Memory peaks at {low:,.0f} MB with {SIZES[0]} replications, at {high:,.0f} MB with {size:,}."
    return text if low else ""


def scenario(theatres: int, sites: int) -> Model:
    """A drawdown in so many theatres, each like the others, with so many sites in each."""
    names = [f"theatre_{i}" for i in range(theatres)]
    data: dict[str, Any] = {
        "start": date(2024, 2, 12), "end": date(2027, 12, 31),
        "theatres": {name: {"troops": 2560, "attacks_per_day": 0.05,
                            "sites": {f"site_{i}": {} for i in range(sites)}} for name in names},
        "phases": {f"out_of_{name}": {"theatre": name, "start": date(2024, 9, 1), "target": 0, "over_days": 480}
                   for name in names}}
    return set_up(from_dict(data, "growth").scenario)


def with_idle(what: str, count: int) -> Model:
    """A drawdown from four sites, beside which there are sites without troops, later phases or empty theatres."""
    sites: dict[str, Any] = {f"site_{i}": {} for i in range(4)}
    end = date(2027, 12, 31)
    data: dict[str, Any] = {
        "start": date(2024, 2, 12), "end": end,
        "theatres": {"north": {"troops": 2560, "attacks_per_day": 0.05, "sites": sites}},
        "phases": {"out": {"theatre": "north", "sites": list(sites), "start": date(2024, 9, 1), "target": 0,
                           "over_days": 480}}}
    for i in range(count):
        if what == "sites":
            sites[f"idle_{i}"] = {"weight": 0}
        elif what == "phases":
            waits = {"after": "phases.idle_0"} if i else {"start": end, "reinforce": True}  # the first is never done
            data["phases"][f"idle_{i}"] = {"theatre": "north", "target": 9, "over_days": 9} | waits
        else:
            data["theatres"][f"idle_{i}"] = {"troops": 0}
    if what == "sites":
        data["phases"]["out"]["sites"] = list(sites)[:4]
    return set_up(from_dict(data, "idle").scenario)


def under_attack(per_day: float) -> Model:
    """A mission of a year in one theatre with so many attacks a day, and nothing else."""
    return set_up(from_dict({
        "start": date(2024, 1, 1), "end": date(2024, 12, 31), "couplings": {"contagion": False},
        "theatres": {"north": {"troops": 130_000, "attacks_per_day": per_day}}}, "attacks").scenario)


def scenario_table(
    title: str, what: str, models: Mapping[str, Model], replications: int, runs: int, most: float | None = None
) -> Table:
    """Play scenarios of different size in turn by the compiled clock, on one thread.

    If there is a goal, an event in the last scenario should cost at most so many times as much as one in the first.
    """
    counts = {name: events_of(model, replications) for name, model in models.items()}
    times = alternate({name: compiled_seconds(model, replications) for name, model in models.items()}, runs)
    first, *_, last = models
    rows = [(name, f"{counts[name]:,.0f}", spread(scaled(seconds, MICRO)),
             spread(scaled(seconds, NANO / counts[name])), spread(over(seconds, times[first])))
            for name, seconds in times.items()]
    each = [median(scaled(times[name], NANO / counts[name])) for name in (first, last)]
    note = (f"The last has {number(counts[last] / counts[first])} times the events of the first and takes "
            f"{median(over(times[last], times[first]))} times as long: an event costs {each[1]} ns instead of "
            f"{each[0]}. {replications} replications, compiled clock, one thread, {runs} runs.")
    dearer = scaled(over(times[last], times[first]), counts[first] / counts[last])
    return Table(title, note, (what, "events a replication", "µs a replication", "ns an event", "over the first"), rows,
                 [Ratio(f"an event with {last} {what} over one with {first}", dearer, most=most)] if most else [])


def tables(replications: int = 100, runs: int = 7, most: int = SIZES[-1]) -> list[Table]:
    horizon = {name: model_of("gradual", f"end={end}", "deadline=2026-01-01") for name, end in ENDS.items()}
    theatres = {str(count): scenario(count, 4) for count in THEATRES}
    sites = {str(count): scenario(1, count) for count in SITES}
    idle = {what: {f"{count}": with_idle(what, count) for count in counts} for what, counts in IDLE.items()}
    attacks = {f"{rate:g}": under_attack(rate) for rate in ATTACKS}
    return [*([replications_table(runs, most)] if most > 0 else []),
            scenario_table("With the horizon (`gradual`)", "horizon", horizon, replications, runs),
            scenario_table("With the number of theatres, four sites in each", "theatres", theatres, replications, runs),
            scenario_table("With the number of sites in one theatre", "sites", sites, replications, runs, MOST),
            *(scenario_table(f"With {what} in which nothing happens", f"idle {what}", models, replications, runs, MOST)
              for what, models in idle.items()),
            scenario_table("With the attacks per day", "attacks a day", attacks, max(1, replications // 20), runs)]


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
