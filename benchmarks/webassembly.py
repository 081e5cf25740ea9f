"""The compiled rules in WebAssembly, played by Node.js, against the same rules as machine code.

python benchmarks/webassembly.py [REPLICATIONS] [RUNS]
"""

import base64
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
from clock_speed import model_of
from measure import MICRO, SEED, Ratio, Table, alternate, median, number, over, scaled, show, spread

from sim.clocks import machine, shipped
from sim.clocks.compiled import LOG, CompiledClock
from sim.model.catalogue import expand
from sim.play.player import places_of

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from clocks.elsewhere import sent

INSIDE = Path(__file__).with_suffix(".mjs")
MODULE = Path(str(shipped.place("play"))).with_name("rules.wasm")
START = 1 << 18
"""Address from which on the module's memory is free."""
FEW, WARM = 50, 3_000
"""Replications that a new process plays before, and after, Node.js has translated the module with care."""
TITLE = "WebAssembly against machine code"
NATIVE, LATER, FIRST = "machine code", "WebAssembly", f"WebAssembly, the first {FEW} replications in a process"

Played = tuple[float, str]
"""Seconds a replication, and a hash of the outcomes played last."""


class Native:
    """The compiled clock, and what it would call its program with."""

    def __init__(self, replications: int) -> None:
        model = model_of("gradual")
        self.clock = CompiledClock(model, SEED, places_of(expand(model)))
        self.outcomes = np.zeros((replications, len(self.clock.world.measured)))

    def play(self, replications: int) -> Played:
        played, started = 0, time.perf_counter()
        while played < replications:
            played += self.clock.play(played, self.outcomes)[0]
        return (time.perf_counter() - started) / played, sha256(self.outcomes.tobytes()).hexdigest()

    def call(self) -> str:
        """Return the same call for the module, as JSON."""
        arguments = self.clock.arguments(0, self.outcomes, np.zeros(0, LOG))
        words, memory = sent(arguments, START)
        first = len(sent(arguments[:-5], START)[0])
        addresses = [True]
        for argument in machine.flat(arguments):
            addresses += [True] + [False] * argument.ndim if isinstance(argument, np.ndarray) else [False]
        return json.dumps({
            "start": START, "words": words, "addresses": addresses, "first": first,
            "outcomes": [words[first + 1], self.outcomes.nbytes], "image": base64.b64encode(memory).decode()})


@contextmanager
def node(call: Path) -> Iterator[Callable[[int], Played]]:
    """Start Node.js with the module; yield what has it play."""
    with subprocess.Popen(["node", str(INSIDE), str(MODULE), str(call)], text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        requests, answers = process.stdin, process.stdout
        assert requests is not None
        assert answers is not None

        def play(replications: int) -> Played:
            print(replications, file=requests, flush=True)
            seconds, outcomes = json.loads(answers.readline())
            return seconds, outcomes

        yield play


def size() -> Ratio:
    kilobytes = len(gzip.compress(MODULE.read_bytes(), mtime=0)) / 1000
    return Ratio("size of the WebAssembly module, compressed, kB", [kilobytes], most=250)


def tables(replications: int = 500, runs: int = 9) -> list[Table]:
    if shutil.which("node") is None:
        return [Table(TITLE, "There is no Node.js here.", ("program", "µs a replication"), [], [size()])]
    native = Native(replications)
    with tempfile.TemporaryDirectory() as folder:
        call = Path(folder, "call.json")
        call.write_text(native.call())

        def first() -> float:
            with node(call) as play:
                return play(FEW)[0]

        with node(call) as warm:
            warm(WARM)
            native.play(FEW)
            assert warm(replications)[1] == native.play(replications)[1], "the same bits"
            times = alternate({NATIVE: lambda: native.play(replications)[0], LATER: lambda: warm(replications)[0],
                               FIRST: first}, runs)
    rows = [(name, spread(scaled(seconds, MICRO)), spread(over(seconds, times[NATIVE])))
            for name, seconds in times.items()]
    slower, compressed = over(times[LATER], times[NATIVE]), size()
    note = (f"WebAssembly takes {median(slower)} times as long as machine code and gives the same bits. Node.js "
            f"{node_version()}, one thread, {replications} replications of `gradual`; {runs} runs. The first {FEW} "
            f"replications in a process are slower, because Node.js first translates the module in haste, and again "
            f"with care where it is used much. The module has {number(MODULE.stat().st_size / 1000)} kB, compressed "
            f"{median(compressed.values)}.")
    ratios = [Ratio("WebAssembly in Node.js, time over that of machine code", slower, most=2.0), compressed]
    return [Table(TITLE, note, ("program", "µs a replication", "of machine code"), rows, ratios)]


def node_version() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")


if __name__ == "__main__":
    show(tables(*map(int, sys.argv[1:])))
