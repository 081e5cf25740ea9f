"""From a function to a program: compiled by Numba, and stripped of what belongs to a machine or to Numba.

Only building needs this module, and Numba.
"""

import re
from collections.abc import Callable
from inspect import isfunction
from types import FunctionType
from typing import Any

import llvmlite.binding as llvm
from numba import njit, typeof, types
from numpy import dtype

from sim.clocks.machine import ENTRY, GENERATOR, flat, kind_of
from sim.clocks.shipped import Bitcode
from sim.rules import portable

COUNTING = re.compile(r"^\s*(?:tail )?call void @NRT_(?:inc|dec)ref\([^\n]*\n", re.MULTILINE)
"""Numba's calls that count how often an array of its own is in use; there are none here."""
EVERYWHERE = "".join(f"{len(word)}{word}" for word in portable.__name__.split("."))
"""A part of Numba's names for logarithm and exponential. They become part of every caller, though LLVM finds them too
long: a replication takes a twentieth less time."""
LETTERS = {types.int64: "q", types.float64: "d"}
WORDS = {"q": "i64", "d": "double"}


class Unfit(Exception):
    """The function cannot be a program, or this Numba calls functions in another way."""


def bitcode(function: Callable[..., Any], arguments: tuple[Any, ...], error_model: str) -> Bitcode:
    """Compile a function for arguments like these.

    Parameters
    ----------
    function
        Takes and returns what `sim.clocks.machine` says. It makes no arrays.
    arguments
        An example.
    error_model
        Numba's: what becomes of a division by zero.
    """
    dispatcher = _compiled(function, error_model)
    dispatcher.compile(tuple(map(typeof, arguments)))
    (signature, made), = dispatcher.overloads.items()
    takes, returns = [*map(kind_of, flat(arguments))], _letters(made.signature.return_type)
    code, inner = _for_any_machine(dispatcher.inspect_llvm(signature)), made.fndesc.llvm_func_name
    entrance, given = _entrance(takes, inner)
    expected = [str(argument.type) for argument in llvm.parse_assembly(code).get_function(inner).arguments]
    if given != expected:
        raise Unfit(f"{function.__name__} takes {expected}, not {given}")
    module = llvm.parse_assembly(code + entrance)
    _close(module)
    own = [needed.name for needed in module.functions if needed.name.startswith(("NRT_", "numba_"))]
    if own:
        raise Unfit(f"{function.__name__} needs {', '.join(own)}")
    return Bitcode(module.as_bitcode(), takes, returns)


def _compiled(function: Callable[..., Any], error_model: str) -> Any:
    """Return a function as Numba compiles it; plain functions of the same module that it calls are compiled too."""
    known = function.__globals__
    own = {name: _compiled(known[name], error_model) for name in function.__code__.co_names
           if isfunction(known.get(name)) and known[name].__module__ == function.__module__}
    whole = FunctionType(function.__code__, known | own, function.__name__, function.__defaults__)
    return njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model=error_model)(whole)


def _letters(returns: Any) -> str:
    every = [returns.dtype] * returns.count if isinstance(returns, types.UniTuple) else [types.unliteral(returns)]
    if not all(type_ in LETTERS for type_ in every):
        raise Unfit(f"it returns {returns}")
    return "".join(LETTERS[type_] for type_ in every)


def _entrance(takes: list[str], inner: str) -> tuple[str, list[str]]:
    """Return LLVM's text of a function that takes what a program does and calls another, and the types that this takes.

    That is how Numba calls its functions: with the places for what is returned and for an error, and with each array as
    two zeros, the number of its items, the size of one, the address, the lengths and the strides.
    """
    outer, given, lines = ["ptr %returned"], ["ptr %returned", "ptr %error"], ["%error = alloca ptr"]
    for i, kind in enumerate(takes):
        a = f"%a{i}"
        if kind in WORDS:
            outer.append(f"{WORDS[kind]} {a}")
            given.append(outer[-1])
        elif kind == GENERATOR:
            outer += [f"i64 {a}.{j}" for j in range(4)]  # the state, and three functions that draw from it
            given += ["ptr null", f"i64 {a}.0", *outer[-4:], "i64 0", "ptr null", "ptr null"]
        else:
            code, dimensions = kind.split()
            lengths = [f"{a}.{j}" for j in range(int(dimensions))]
            strides = [str(dtype(code).itemsize)]
            for length in reversed(lengths):
                lines.append(f"{a}.bytes{len(strides)} = mul i64 {strides[0]}, {length}")
                strides.insert(0, f"{a}.bytes{len(strides)}")
            lines.append(f"{a}.size = sdiv exact i64 {strides[0]}, {strides[-1]}")
            outer += [f"ptr {a}", *(f"i64 {length}" for length in lengths)]
            given += ["ptr null", "ptr null", f"i64 {a}.size", f"i64 {strides[-1]}", f"ptr {a}",
                      *(f"i64 {word}" for word in (*lengths, *strides[1:]))]
    lines += [f'%failed = call i32 @"{inner}"({", ".join(given)})', "ret i32 %failed"]
    text = f"\ndefine i32 @{ENTRY}({', '.join(outer)}) {{\n" + "\n".join(lines) + "\n}\n"
    return text, [word.split()[0] for word in given]


def _for_any_machine(code: str) -> str:
    """Return LLVM's text of a program without what belongs to a machine or to Numba."""
    code = re.sub(r"^target [^\n]*\n", "", COUNTING.sub("", code), flags=re.MULTILINE)
    code = re.sub(r"^declare double @(llvm\.sqrt\.f64|sqrt)\([^\n]*\n", "", code, flags=re.MULTILINE)
    code = code.replace(" = common ", " = internal ").replace("@sqrt(", "@llvm.sqrt.f64(")
    return f"{code}\ndeclare double @llvm.sqrt.f64(double)\n"


def _close(module: Any) -> None:
    """Give everything in a program a short name, and optimise it as a whole.

    Numba compiles each function for callers that it does not know yet. Now all of them are known: LLVM puts functions
    into their callers where that pays, and drops what is not used. It knows no processor here, and uses no vectors.
    """
    for number, function in enumerate(module.functions):
        if not function.is_declaration and function.name != ENTRY:
            if EVERYWHERE in function.name:
                function.add_function_attribute("alwaysinline")
            function.name, function.linkage = f"f{number}", "internal"
    for number, value in enumerate(module.global_variables):
        value.name = f"g{number}"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = options.slp_vectorization = False
    passes = llvm.create_pass_builder(llvm.Target.from_default_triple().create_target_machine(), options)
    passes.getModulePassManager().run(module, passes)
