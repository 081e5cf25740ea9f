"""A few futures bit by bit, kept in golden.json: the same on every system, processor and version of Python.

python tests/golden.py      # write it anew, after a rule has changed on purpose
"""

import json
from pathlib import Path

from worlds import START, day, model

from sim.clocks.reference import play
from sim.rules.outcomes import OUTCOMES

FILE = Path(__file__).with_name("golden.json")
REPLICATIONS = 4


def played() -> dict[str, list[str]]:
    """Return every outcome of each replication in hexadecimal, in its first place if it has several."""
    north = {"troops": {"dist": "normal", "mean": 900, "sd": 90, "low": 500, "high": 1400},
             "attacks_per_day": {"dist": "lognormal", "median": 0.15, "sigma": 0.5, "low": 0.05, "high": 0.35},
             "sites": {"a": {}, "b": {"target_weight": 3}}}
    world = model(
        500, theatres={"north": north}, tension={}, response={}, threat={"tick_days": 10}, capability={},
        pressure={"review_days": 20}, lift={"per_week": 50}, talks={"first_round": START, "round_days": 20},
        working_groups={"a": {"work_days": 80}}, casualties={"harm_chance": 0.5, "fatal_chance": 0.5},
        suppressions={"truce": {"start": day(40), "mean_days": 30, "factor": 0.5}},
        phases={"leave": {"theatre": "north", "start": day(90), "target": 0, "over_days": 200,
                          "hold_after_fatal_days": 20, "hold_at_most_days": 60}})
    futures = [play(world, 1, replication)[:2] for replication in range(REPLICATIONS)]
    return {outcome.name: [float(outcome.measure(s, p, 0)).hex() for s, p in futures] for outcome in OUTCOMES}


if __name__ == "__main__":
    lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in played().items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
