import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = """
title = "A short one"
start = 2024-02-12
end = 2024-08-29
[theatres.iraq]
troops = 500
attacks_per_day = 0.2
[talks]
first_round = 2024-02-12
[working_groups.all]
work_days = 40
[phases.iraq]
theatre = "iraq"
after = "agreement"
target = 0
over_days = 60
"""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}


class Shell:
    """Runs the program in a folder, without a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments, **environment):
        return subprocess.run(
            [sys.executable, "-m", "sim", *map(str, arguments)], cwd=self.folder, capture_output=True, text=True,
            encoding="utf-8", env=ENVIRONMENT | {"PYTHONIOENCODING": "utf-8"} | environment, timeout=900, check=False)

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*"))


@pytest.fixture
def shell(tmp_path):
    (tmp_path / "short.toml").write_text(SCENARIO, encoding="utf-8")
    return Shell(tmp_path)
