"""A discrete-event scenario model of a troop drawdown: it compares schedules, it does not predict.

The Python interface: `load`, `from_dict`, `run`, `trace`, `Result`, `ScenarioError` and the module `figures`. What is
behind a name is imported when the name is first used, so that ``import sim`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures
    from sim.api import load, run, trace
    from sim.ensemble.result import Result
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import from_dict

__all__ = ["Result", "ScenarioError", "figures", "from_dict", "load", "run", "trace"]

_HOMES = {
    "Result": "sim.ensemble.result", "ScenarioError": "sim.scenario.errors", "from_dict": "sim.scenario.load",
    "load": "sim.api", "run": "sim.api", "trace": "sim.api",
}


def __getattr__(name: str) -> Any:
    if name == "figures":
        return import_module("sim.figures")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
