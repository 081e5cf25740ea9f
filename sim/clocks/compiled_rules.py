"""The rules, compiled: each module of `sim.rules` gets a copy in which every function is compiled from the same code.

A copy has the same contents as the module, with three changes: functions are compiled, other rule modules are replaced
by their copies, and four functions are replaced by those of `sim.clocks.generator` and `sim.clocks.bits`. The rules
need not know.
"""

import inspect
from collections.abc import Callable, Iterable
from types import FunctionType, ModuleType
from typing import Any

from sim.clocks import bits, generator
from sim.clocks.parts import part
from sim.rules import diary, outcomes, portable, processes, streams, uncertain

Compiled = Callable[..., Any]

COUNTERPARTS: dict[Callable[..., Any], Compiled] = {
    streams.uniform: generator.uniform, streams.seek: generator.seek,
    portable.split: bits.split, portable.power_of_two: bits.power_of_two}
"""Functions of the rules that are written a second time: those that draw, and those that take numbers apart."""


def compiled_rule(function: Callable[..., Any]) -> Compiled:
    """Return the compiled version of a rule; it is compiled when it is first called."""
    return _COMPILED[function]


def one_of(functions: Iterable[Callable[..., Any]], parameters: str) -> Compiled:
    """Compile "call function number n": a chain of ifs.

    Parameters
    ----------
    functions
        Rules with the same parameters.
    parameters
        Their names, e.g. ``"s, p, i"``.
    """
    every = [compiled_rule(function) for function in functions]
    lines = [f"    if n == {n}: return rule_{n}({parameters})" for n in range(len(every) - 1)]
    source = "\n".join([f"def call(n: int, {parameters}):", *lines, f"    return rule_{len(every) - 1}({parameters})"])
    namespace: dict[str, Any] = {f"rule_{n}": rule for n, rule in enumerate(every)}
    exec(source, namespace)  # built only from our own names and numbers
    return part(namespace["call"])


def _compile_modules() -> dict[Callable[..., Any], Compiled]:
    """Copy every rule module that processes and outcomes need; return the compiled function of each rule."""
    modules = _reachable([processes, outcomes, diary, uncertain])
    copies = {module: ModuleType(module.__name__) for module in modules}
    rules = {function: copy for module, copy in copies.items() for function in vars(module).values()
             if inspect.isfunction(function) and function.__module__ == module.__name__}
    rules = {function: copy for function, copy in rules.items() if function not in COUNTERPARTS}
    made: dict[Callable[..., Any], Compiled] = dict(COUNTERPARTS)
    for function, copy in rules.items():
        rule = FunctionType(function.__code__, vars(copy), function.__name__, function.__defaults__)
        rule.__annotations__ = function.__annotations__
        made[function] = part(rule)
    for module, copy in copies.items():
        for name, value in vars(module).items():
            if inspect.ismodule(value):
                setattr(copy, name, copies.get(value, value))
            elif inspect.isfunction(value):
                setattr(copy, name, made.get(value, value))
            elif not name.startswith("__"):
                setattr(copy, name, value)
    return made


def _reachable(modules: list[ModuleType]) -> list[ModuleType]:
    """Return the rule modules among these and all those that they import, directly or indirectly."""
    reachable: list[ModuleType] = []
    while modules:
        module = modules.pop()
        if module in reachable or not module.__name__.startswith("sim.rules."):
            continue
        reachable.append(module)
        owners = (inspect.getmodule(value) for value in vars(module).values()
                  if inspect.ismodule(value) or inspect.isfunction(value))
        modules += [owner for owner in owners if owner is not None]
    return reachable


_COMPILED = _compile_modules()
