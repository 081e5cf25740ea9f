"""A discrete-event scenario model of a troop drawdown: it compares schedules, it does not predict.

The Python interface: `load`, `from_dict`, `run`, `trace`, `calibrate`, `backtest`, `run_study`, `open_study`, `Result`,
`ScenarioError`, `DataError`, `StudyError` and the module `figures`. What is behind a name is imported when the name is
first used, so that ``import sim`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures
    from sim.api import load, run, trace
    from sim.ensemble.result import Result
    from sim.evidence.commands import backtest, calibrate
    from sim.evidence.errors import DataError
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import from_dict
    from sim.study.errors import StudyError
    from sim.study.run import run_study
    from sim.study.store import open_study

__all__ = ["DataError", "Result", "ScenarioError", "StudyError", "backtest", "calibrate", "figures", "from_dict",
           "load", "open_study", "run", "run_study", "trace"]

_HOMES = {
    "Result": "sim.ensemble.result", "ScenarioError": "sim.scenario.errors", "from_dict": "sim.scenario.load",
    "load": "sim.api", "run": "sim.api", "trace": "sim.api", "calibrate": "sim.evidence.commands",
    "backtest": "sim.evidence.commands", "DataError": "sim.evidence.errors",
    "StudyError": "sim.study.errors", "open_study": "sim.study.store", "run_study": "sim.study.run",
}


def __getattr__(name: str) -> Any:
    if name == "figures":
        return import_module("sim.figures")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
