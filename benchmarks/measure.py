"""How the benchmarks measure and what they tell: alternating runs, medians with their spread, tables.

Only the standard library is used here, since rivals run it in an environment of their own.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "scenarios"
LAUNCHER = Path(__file__).with_name("launch.py")
SEED = 1
MICRO, NANO = 1e6, 1e9
WIDTH = 120

Times = list[float]


class Ratio(NamedTuple):
    """A ratio that matters, run by run, and the goal for its median if there is one."""

    what: str
    values: Times
    least: float | None = None
    most: float | None = None

    @property
    def goal(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"

    @property
    def verdict(self) -> str:
        if not self.goal:
            return ""
        median = statistics.median(self.values)
        met = median >= self.least if self.least is not None else median <= (self.most or 0.0)
        return "yes" if met else "no"


class Table(NamedTuple):
    """What a part of the benchmarks has measured; the note says what it means, in numbers of the same run."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    ratios: Sequence[Ratio] = ()


def alternate(works: Mapping[str, Callable[[], float]], runs: int) -> dict[str, Times]:
    """Have all done in turn, so that a busy machine slows them alike; each returns its seconds."""
    times: dict[str, Times] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(work())
    return times


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def over(times: Times, others: Times) -> Times:
    """Ratios run by run: what is compared was measured one right after the other."""
    return [one / other for one, other in zip(times, others, strict=True)]


def scaled(times: Times, factor: float) -> Times:
    return [factor * one for one in times]


def number(value: float) -> str:
    """A number to three digits."""
    if value == 0 or abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 9.995 else f"{value:.2f}"


def median(values: Times) -> str:
    return number(statistics.median(values))


def spread(values: Times) -> str:
    """Median, and in brackets the lowest and the highest."""
    dash = "–" if min(values) >= 0 else " to "
    return f"{median(values)} ({number(min(values))}{dash}{number(max(values))})"


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def wrapped(text: str) -> str:
    whole = re.sub("`[^`]*`", lambda code: code[0].replace(" ", "\0"), text)  # code is not broken
    return textwrap.fill(whole, WIDTH, break_long_words=False, break_on_hyphens=False).replace("\0", " ")


def text_of(table: Table) -> str:
    return f"### {table.title}\n\n{markdown(table.head, table.rows)}\n\n{wrapped(table.note)}\n"


def show(tables: Sequence[Table]) -> None:
    for table in tables:
        print(text_of(table), flush=True)


class Finished(NamedTuple):
    """What a command took: seconds, and at most so many megabytes of memory (0 where that is not known)."""

    seconds: float
    megabytes: float


def command(*words: str, cache: Path | None = None) -> Finished:
    """Run Python with some arguments to its end, with an empty folder for compiled programs if one is given.

    Python keeps what it has compiled of modules, as it does unless it is told not to.
    """
    keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    variables = [] if cache is None else [f"DRAWDOWN_SIM_CACHE={cache}"]
    done = subprocess.run([sys.executable, "-S", "-E", str(LAUNCHER), *variables, sys.executable, *words],
                          stdout=subprocess.PIPE, check=True, cwd=ROOT, env=keeping)
    return Finished(*json.loads(done.stdout))
