"""With Numba, rules that have changed are compiled again, once; nothing old is used for them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim

TESTS = Path(__file__).parents[1]
PLAY = """
import json
import sys
import sim
from clocks.both import compare, everywhere, in_a_row
from sim.clocks.compiled import CompiledClock
from worlds import model

world = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}})
found = compare(world, 1, 0, 5)
clock = CompiledClock(world, 1, everywhere(world))
print(json.dumps({
    "sim": sim.__file__, "records": found.told.total(), "differences": found.differences,
    "outcomes": in_a_row(clock, 0, 5)["outcomes"].tobytes().hex(),
    "compiled": "numba" in sys.modules}))
"""


def play(folder: Path) -> dict[str, Any]:
    """Play a small scenario on both clocks, by the copy of the package in a folder and with a cache in it."""
    environment = os.environ | {
        "PYTHONPATH": f"{folder}{os.pathsep}{TESTS}", "DRAWDOWN_SIM_CACHE": str(folder / "cache")}
    done = subprocess.run([sys.executable, "-c", PLAY], cwd=folder, env=environment, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    assert Path(found["sim"]) == folder / "sim" / "__init__.py"
    assert found["differences"] == []
    return found


def programs(folder: Path) -> dict[Path, int]:
    """Return the compiled programs in the cache and when they were written."""
    return {path: path.stat().st_mtime_ns for path in (folder / "cache").rglob("play-*.o")}


@pytest.mark.exhaustive
def test_a_program_is_loaded_again_until_a_rule_changes(tmp_path: Path) -> None:
    """The rule that changes is two imports away from the function that is compiled."""
    shutil.copytree(Path(sim.__file__).parent, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    first = play(tmp_path)
    assert not first["compiled"]  # the package brings a program for its own rules: Numba is not even imported
    assert first["records"] > 500
    kept = programs(tmp_path)
    assert len(kept) == 1

    (program,) = kept
    content = program.read_bytes()
    program.write_bytes(content[:-1])
    damaged = play(tmp_path)
    assert not damaged["compiled"]
    assert damaged["outcomes"] == first["outcomes"]
    assert program.read_bytes() == content
    kept = programs(tmp_path)

    rain = tmp_path / "sim" / "rules" / "rain.py"
    source = rain.read_text(encoding="utf-8")
    assert source.count("CELL_MEAN = 4.0") == 1
    rain.write_text(source.replace("CELL_MEAN = 4.0", "CELL_MEAN = 3.0"), encoding="utf-8")
    changed = play(tmp_path)
    assert changed["compiled"]
    assert changed["outcomes"] != first["outcomes"]
    assert changed["records"] < 0.9 * first["records"]
    assert kept.items() < programs(tmp_path).items()
    kept = programs(tmp_path)

    again = play(tmp_path)
    assert not again["compiled"]
    assert again["outcomes"] == changed["outcomes"]
    assert programs(tmp_path) == kept
