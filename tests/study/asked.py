"""Studies of small scenarios, written for tests."""

from pathlib import Path

SCENARIOS = Path(__file__).parent / "scenarios"
SMALL, HASTY = ((SCENARIOS / name).as_posix() for name in ("small.toml", "hasty.toml"))

UNCERTAINTIES = """
[uncertainties.elasticity]
key = "attacks.elasticity"
low = 0.1
high = 0.9
[uncertainties.lift]
key = "lift.per_week"
dist = { dist = "triangular", low = 80, mode = 100, high = 250 }
[uncertainties.crews]
key = "closing.crews"
values = [1, 3]
"""
OUTCOMES = """
[outcomes.killed_expected]
threshold = 0.5
[outcomes.completion_day]
threshold = 2024-05-01
statistic = "q75"
[outcomes.deadline_met]
threshold = 0.5
[outcomes.death_rate]
"""


def ask(folder, scenarios=(SMALL, HASTY), points=3, replications=20, seed=5, more="", outcomes=OUTCOMES,
        uncertainties=UNCERTAINTIES, name="asked.toml"):
    """Write a study file; return its path."""
    path = Path(folder) / name
    listed = ", ".join(f'"{scenario}"' for scenario in scenarios)
    path.write_text(f"scenarios = [{listed}]\n{more}{uncertainties}{outcomes}[design]\npoints = {points}\n"
                    f"replications = {replications}\nseed = {seed}\n", encoding="utf-8")
    return path
