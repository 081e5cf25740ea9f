"""Whether the compiled rules give the same bits on arm64, which an emulator plays.

python benchmarks/arm64.py [REPLICATIONS=1000] [SCENARIOS=300] [SEED=1]

The bitcode of the package is made into arm64 code, linked with a small C program, and played by QEMU. So many
replications of `gradual`, a tenth as many of every other shipped scenario, and so many made-up scenarios are compared
with SimPy, with the compiled clock of this machine and with WebAssembly: logs, outcomes, diaries, drawn parameters and
last states. So is the counting of diaries by day. It takes some minutes, and these packages of Debian:
qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross.
"""

import shutil
import subprocess
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from clock_speed import SHIPPED, model_of
from clocks.both import compare
from clocks.elsewhere import returned, sent
from clocks.many import compare_many
from measure import SEED

from sim.clocks import tally
from sim.clocks.compiled import CompiledClock, play_rows
from sim.clocks.program import Program
from sim.clocks.shipped import BUILD, Bitcode, shipped, source_hash
from sim.model.setup import Model
from sim.play.cast import solo
from sim.play.histogram import Histograms
from sim.play.player import compiled_player

TRIPLE, COMPILER, EMULATOR = "aarch64-unknown-linux-gnu", "aarch64-linux-gnu-gcc", "qemu-aarch64"
DRIVER = Path(__file__).with_suffix(".c")
MEMORY = 1 << 37
"""The address of a program's memory, where nothing else is."""


def code(program: Bitcode) -> bytes:
    """Return a program as an object file for arm64."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(TRIPLE).create_target_machine(cpu="generic", opt=3)
    module = llvm.parse_bitcode(program.content)
    module.triple, module.data_layout = TRIPLE, str(target.target_data)
    return bytes(target.emit_object(module))


class ArmProgram:
    """A program of the package on an emulated processor, called like a `sim.clocks.program.Program`."""

    def __init__(self, here: Program) -> None:
        program = shipped(here.name, source_hash(here.sources))
        if program is None:
            sys.exit(f"The package has no program of these sources. Run: {BUILD}")
        self._returns, self.content = program.returns, code(program)
        self._folder = tempfile.TemporaryDirectory()
        built, made = Path(self._folder.name, "player"), Path(self._folder.name, "program.o")
        made.write_bytes(self.content)
        count = len(sent(here.example(), MEMORY)[0])
        numbers = [f"-DCOUNT={count}", f"-DMEMORY={MEMORY}L", f"-DTYPES={', '.join(['int64_t'] * count)}",
                   f"-DWORDS={', '.join(f'words[{i}]' for i in range(count))}"]
        sources = [str(DRIVER), str(made), "-o", str(built), "-lm"]
        subprocess.run([COMPILER, "-O1", "-static", *numbers, *sources], check=True)
        self._process = subprocess.Popen([EMULATOR, str(built)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, *arguments: Any) -> Any:
        words, memory = sent(arguments, MEMORY)
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(np.array([len(memory), *words], np.int64).tobytes() + memory.tobytes())
        requests.flush()
        status = int.from_bytes(answers.read(8), sys.byteorder)
        found = returned(arguments, status, np.frombuffer(answers.read(len(memory)), np.uint8))
        return found[0] if len(self._returns) == 1 else found


@cache
def play_on_arm() -> ArmProgram:
    return ArmProgram(play_rows)


class ArmClock(CompiledClock):
    """The compiled clock on arm64."""

    def __init__(self, model: Model, *more: Any) -> None:
        super().__init__(model, *more)
        self.program = play_on_arm()


ENGINES = {"arm64": ArmClock}


def shipped_scenarios(replications: int) -> list[str]:
    """Compare the engines on the shipped scenarios; return how they differ."""
    differences = []
    for name in SHIPPED:
        count = replications if name == "gradual" else max(1, replications // 10)
        found = compare(model_of(name), SEED, 0, count, more=ENGINES)
        print(f"{name}: {count:,} replications, {found.told.total():,} records of events, {', '.join(found.engines)}; "
              f"differences: {len(found.differences)}", flush=True)
        differences += found.differences
    return differences


def counting(replications: int) -> list[str]:
    """Count the same diaries by day on both processors; return what differs."""
    model = model_of("gradual")
    chunk = compiled_player(solo(model, SEED, diaries=True))(0, 0, replications)
    counted = []
    for fold in (tally.compiled_fold, ArmProgram(tally.compiled_fold)):
        histograms = Histograms(model, fold)
        histograms.add(chunk.entries, replications)
        counted.append(histograms.packed())
    differing = [name for name, found in counted[0].items() if np.any(found != counted[1][name])]
    print(f"counting by day: {chunk.entries.shape[1]:,} entries of diaries; differences: {len(differing)}", flush=True)
    return [f"counting by day: {name} differ" for name in differing]


def main(replications: str = "1000", scenarios: str = "300", made_from: str = "1") -> int:
    missing = [name for name in (COMPILER, EMULATOR) if shutil.which(name) is None]
    if missing:
        print(f"Not found here: {', '.join(missing)}. {__doc__.split(': ')[-1]}")
        return 2
    differences = shipped_scenarios(int(replications)) + counting(int(replications))
    try:
        made_up = compare_many(int(scenarios), int(made_from), more=ENGINES)
        print(f"{made_up.scenarios:,} made-up scenarios, {made_up.engines['arm64']:,} of them on arm64, "
              f"{made_up.records:,} records of events; differences: 0")
    except AssertionError as error:
        differences += traceback.format_exception_only(error)
    print("\n".join(differences[:20]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
