"""Compiled programs that come with the package: made from these sources, and enough to play without Numba."""

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from wasmtime import Engine, Module
from worlds import model

import sim
import tools.web
from clocks import web
from clocks.both import compare
from sim.clocks import tally
from sim.clocks.compiled import CompiledClock, play_rows
from sim.clocks.machine import machine_code
from sim.clocks.program import SOURCES, Program
from sim.clocks.shipped import BUILD, packed, shipped, source_hash
from sim.clocks.tally import compiled_fold
from sim.evidence import likelihood, simulate  # noqa: F401 - all modules with loops
from sim.evidence.loops import PROGRAMS

PLAY = """
import json, sys
from clocks.both import compare
from sim.clocks.tally import compiled_fold
from worlds import model
found = compare(model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}}), 1, 0, 5)
compiled_fold.load()
print(json.dumps({"differences": found.differences, "records": found.told.total()}))
"""
CHOOSE = """
import sys
from sim.play.choice import choose
print(choose("auto", lambda line: print(line, file=sys.stderr)).name)
"""


IMPORT = """
import importlib, json, pkgutil, sim
failed = []
for module in pkgutil.walk_packages(sim.__path__, "sim."):
    if module.name != "sim.__main__":
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            assert error.name == "numba"
            failed.append(module.name)
print(json.dumps(failed))
"""
HIDDEN = "import sys; sys.modules['numba'] = None"


def without_numba(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code where there is no Numba and no cache, with the copy of the package that a folder may have."""
    (folder / "none").mkdir()
    (folder / "none" / "sitecustomize.py").write_text(HIDDEN)
    paths = [str(folder / "none"), str(folder), str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ".")]
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONPATH": os.pathsep.join(paths),
                                            "DRAWDOWN_SIM_CACHE": str(folder / "c")})


def test_the_package_has_its_programs_and_they_are_of_these_sources() -> None:
    """If not: python -m tools.build."""
    assert len(PROGRAMS) > 10
    for program in (play_rows, compiled_fold, *PROGRAMS):
        assert shipped(program.name, source_hash(program.sources)) is not None, f"{program.name}: {BUILD}"
    assert web.is_fresh(), BUILD


def test_only_what_makes_programs_imports_numba(tmp_path: Path) -> None:
    names = ("agenda", "bitcode", "bits", "blocks", "compiled_rules", "generator", "loop", "parts")
    assert json.loads(without_numba(IMPORT, tmp_path).stdout) == [f"sim.clocks.{name}" for name in names]


def test_it_plays_and_counts_without_numba(tmp_path: Path) -> None:
    found = json.loads(without_numba(PLAY, tmp_path).stdout)
    assert found["differences"] == []
    assert found["records"] > 500
    assert {path.name.split("-")[0] for path in (tmp_path / "c").rglob("*.o")} == {"play", "fold"}


def test_where_a_rule_has_changed_a_line_names_the_command(tmp_path: Path) -> None:
    shutil.copytree(Path(sim.__file__).parent, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    rain = tmp_path / "sim" / "rules" / "rain.py"
    rain.write_text(rain.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    done = without_numba(CHOOSE, tmp_path)
    assert done.stdout == "simpy\n"
    assert done.stderr == (
        "There is no compiled program `play` for sim.rules and sim.clocks as they are now. `python -m tools.build` "
        "makes it, where Numba is installed. The SimPy clock plays instead; it is slower.\n")


def doubled(numbers: Any) -> int:
    for i in range(len(numbers)):
        numbers[i] = 2.0 * numbers[i]
    return len(numbers)


@pytest.mark.parametrize("spoilt", ["short", "text", "other sources", "another function", "a bit", "nothing"])
def test_a_file_that_does_not_fit_is_not_used(spoilt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compiled again; with what is broken, the package does not even try."""
    monkeypatch.setenv("DRAWDOWN_SIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("sim.clocks.shipped.place", lambda name: tmp_path / f"{name}.bc.xz")
    sources, numbers = ["sim.clocks.tally"], np.ones(3)
    program = Program("doubled", lambda: doubled, lambda: (numbers,), sources)
    content = packed(program.bitcode(), source_hash(program.sources))
    file = tmp_path / "doubled.bc.xz"
    file.write_bytes(content)
    found = shipped("doubled", source_hash(program.sources))
    assert found is not None
    assert (found.takes, found.returns) == (["<f8 1"], "q")
    file.write_bytes({
        "short": content[:-9], "text": b"hello", "nothing": b"", "a bit": content[:-40] + b"x" + content[-39:],
        "other sources": content.replace(source_hash(program.sources).encode(), b"0" * 16),
        "another function": b"{}" + content[content.index(b"\n"):],
    }[spoilt])
    assert shipped("doubled", source_hash(program.sources)) is None
    assert program(numbers) == 3
    assert numbers.tolist() == [2.0, 2.0, 2.0]


def test_the_module_counts_diaries_too() -> None:
    entries = np.array([[0, 0, 0], [0, 1, 3], [2, 5, 4]], np.int32)
    found = []
    for count in (tally.fold, web.WebProgram("fold")):
        last, step, low, high = (np.full(1, value, np.int64) for value in (0, 1, 0, 9))
        place, sum_place, sums = np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(10, np.int64)
        counts = np.zeros(90, np.int32)
        done = count(entries, 0, last, step, low, high, place, counts, sum_place, sums)
        found.append((int(np.ravel(done)[0]), last.tolist(), counts.tolist(), sums.tolist()))
    assert found[0] == found[1]
    assert found[0][0] == 3


def test_a_module_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """One carry of one product is lost on its way to WebAssembly."""
    world = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}})
    made = {program.name: shipped(program.name, source_hash(SOURCES)) for program in (play_rows, compiled_fold)}
    assert tools.web.PRODUCT.count("add i64 %p10, %middle.low") == 1
    monkeypatch.setattr(tools.web, "PRODUCT", tools.web.PRODUCT.replace("add i64 %p10, %middle.low", "add i64 %p10, 0"))
    engine = Engine()
    spoilt = Module(engine, tools.web.module_of(made, ""))
    monkeypatch.setattr(web, "module", lambda: (engine, spoilt))
    found = compare(world, 1, 0).differences
    assert found != []
    assert all("WebAssembly" in line for line in found)


def test_machine_code_that_differs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last digits of one number in the series of the exponential are lost on their way to machine code."""
    world = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}})
    made = shipped(play_rows.name, source_hash(play_rows.sources))
    assert made is not None
    code, sixth = str(llvm.parse_bitcode(made.content)), struct.pack(">d", 1.0 / 6.0).hex().upper()
    assert f"0x{sixth}" in code
    other = llvm.parse_assembly(code.replace(f"0x{sixth}", f"0x{sixth[:8]:0<16}")).as_bitcode()
    monkeypatch.setattr(CompiledClock, "program", machine_code(made._replace(content=other)))
    found = compare(world, 1, 0).differences
    assert found != []
    assert all(" compiled " in line for line in found)
