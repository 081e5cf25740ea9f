"""Scripts of users: they call the Python interface as they please."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from datetime import date
import sim
print("begins")
world = sim.from_dict({"start": date(2024, 1, 1), "end": date(2024, 2, 29), "theatres": {"north": {"troops": 1000}}})
print(sim.run(world, 60, workers=2, clock="simpy", say=lambda line: None).replications)
print(__name__, "__file__" in globals())
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize("from_file", [True, False])
def test_a_script_that_plays_in_worker_processes_runs_once(tmp_path: Path, from_file: bool) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([sys.executable, *([str(path)] if from_file else ["-"])], cwd=tmp_path, timeout=900,
                          input=None if from_file else SCRIPT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["begins", "60", "__main__ True"]
