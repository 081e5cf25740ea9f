"""A discrete-event scenario model of a troop drawdown: it compares schedules, it does not predict.

The Python interface. Scenarios: `load`, `from_dict`, `run`, `trace`, `Result`. Evidence: `calibrate`, `backtest`,
`hindcast`. Decisions: `compare`, `explain`; `read_study`, `run_study`, `open_study`, `sensitivity`, `discover`,
`robust`, `voi`; `optimise`, `ema_model`. Pages to mail: `report`, `explore`, `Report`. What can go wrong:
`ScenarioError`, `DataError`, `ComparisonError`, `StudyError`. And the module `figures`.
What is behind a name is imported when the name is first used, so that ``import sim`` is quick.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim import figures
    from sim.api.backtest import backtest
    from sim.api.calibrate import calibrate
    from sim.api.compare import compare
    from sim.api.hindcast import hindcast
    from sim.api.open import open
    from sim.api.optimise import optimise
    from sim.api.report import Report, explore, report
    from sim.api.run import load, run, trace
    from sim.comparison.errors import ComparisonError
    from sim.comparison.explain import explain
    from sim.evidence.errors import DataError
    from sim.play.result import Result
    from sim.scenario.errors import ScenarioError
    from sim.scenario.load import from_dict
    from sim.study.discover import discover
    from sim.study.ema import ema_model
    from sim.study.errors import StudyError
    from sim.study.file import read_study
    from sim.study.robust import robust
    from sim.study.run import run_study
    from sim.study.sensitivity import sensitivity
    from sim.study.store import open_study
    from sim.study.voi import voi

__all__ = [
    "ComparisonError", "DataError", "Report", "Result", "ScenarioError", "StudyError", "backtest", "calibrate",
    "compare", "discover", "ema_model", "explain", "explore", "figures", "from_dict", "hindcast", "load", "open",
    "open_study", "optimise", "read_study", "report", "robust", "run", "run_study", "sensitivity", "trace", "voi",
]

_HOMES = {
    "sim.api.backtest": ("backtest",),
    "sim.api.calibrate": ("calibrate",),
    "sim.api.compare": ("compare",),
    "sim.api.hindcast": ("hindcast",),
    "sim.api.open": ("open",),
    "sim.api.optimise": ("optimise",),
    "sim.api.report": ("Report", "explore"),
    "sim.api.run": ("load", "run", "trace"),
    "sim.comparison.errors": ("ComparisonError",),
    "sim.comparison.explain": ("explain",),
    "sim.play.result": ("Result",),
    "sim.evidence.errors": ("DataError",),
    "sim.scenario.errors": ("ScenarioError",),
    "sim.scenario.load": ("from_dict",),
    "sim.study.discover": ("discover",),
    "sim.study.ema": ("ema_model",),
    "sim.study.errors": ("StudyError",),
    "sim.study.file": ("read_study",),
    "sim.study.robust": ("robust",),
    "sim.study.run": ("run_study",),
    "sim.study.sensitivity": ("sensitivity",),
    "sim.study.store": ("open_study",),
    "sim.study.voi": ("voi",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "figures":
        return import_module("sim.figures")
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


class _Sim(ModuleType):
    """The package itself. There is a room `sim.report` too, but the name stands for the function."""

    @property
    def report(self) -> Any:
        """Make a report."""
        return import_module("sim.api.report").report

    @report.setter
    def report(self, room: ModuleType) -> None:
        """Stay the function when the room has been imported."""


sys.modules[__name__].__class__ = _Sim
