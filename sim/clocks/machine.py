"""Machine code: made by LLVM from a program's bitcode, and called with the addresses of arrays.

A program takes the address where what it returns is to be put, and then its arguments. What an argument is, a short
text says: ``q`` a whole number, ``d`` a number, ``<f8 2`` an array, with its type and how many dimensions it has, and
``generator`` NumPy's generator of random numbers. An array is its address and its lengths; a generator is the address
of its state and of the three functions that draw from it. What a program returns is one ``q`` or ``d``, or several.
"""

import struct
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, c_double, c_int32, c_int64, c_void_p, cast, create_string_buffer
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.clocks.shipped import Bitcode

ENTRY, GENERATOR = "entry", "generator"


class Unfit(Exception):
    """The machine code cannot be used here."""


def host() -> tuple[str, str]:
    """Return the name and the features of the processor."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


class Code:
    """A function as machine code.

    Parameters
    ----------
    content
        An object file.
    takes, returns
        Of the program, see above.
    needs
        Names of the system library functions that it calls.
    """

    def __init__(self, content: bytes, takes: list[str], returns: str, needs: list[str]) -> None:
        self.content, self.takes, self.returns, self.needs = content, takes, returns, needs
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target())
        if not all(map(llvm.address_of_symbol, needs)):
            raise Unfit
        self._engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(content))
        self._engine.finalize_object()
        every = [c_double if kind == "d" else c_int64 for kind in takes for _ in range(_count(kind))]
        self._call: Callable[..., int] = CFUNCTYPE(c_int32, c_void_p, *every)(
            self._engine.get_function_address(ENTRY))

    def __call__(self, *arguments: Any) -> Any:
        """Call the function; other threads run meanwhile."""
        every = flat(arguments)
        for argument, kind in zip(every, self.takes, strict=True):
            if kind_of(argument) != kind and (kind != "d" or kind_of(argument) != "q"):
                raise TypeError(f"it takes {self.takes}, not {[*map(kind_of, every)]}")
        found = create_string_buffer(8 * len(self.returns))
        if self._call(found, *words(every)) != 0:
            raise ArithmeticError
        returned = struct.unpack(self.returns, found)
        return returned if len(returned) > 1 else returned[0]


def machine_code(program: Bitcode) -> Code:
    """Translate a program for this processor."""
    module, made_for = llvm.parse_bitcode(program.content), target()
    module.triple, module.data_layout = made_for.triple, str(made_for.target_data)
    return Code(made_for.emit_object(module), program.takes, program.returns, list(_needs(module)))


def target() -> Any:
    """Return LLVM's code generator for this processor."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = host()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=name, features=features, opt=3, codemodel="jitdefault", jit=True)


def _needs(module: Any) -> Iterator[str]:
    """Yield the names of library functions that a module calls, including those that LLVM calls under its own names."""
    for function in module.functions:
        if not function.is_declaration:
            continue
        if not function.name.startswith("llvm."):
            yield function.name
        elif llvm.address_of_symbol(function.name.split(".")[1]):
            yield function.name.split(".")[1]


def flat(arguments: tuple[Any, ...]) -> list[Any]:
    """Return arguments with the items of tuples one by one."""
    every = []
    for argument in arguments:
        every += flat(argument) if isinstance(argument, tuple) else [argument]
    return every


def kind_of(argument: Any) -> str:
    """Say what an argument is, see above."""
    if isinstance(argument, np.ndarray):
        return f"{argument.dtype.str} {argument.ndim}"
    if isinstance(argument, np.random.Generator):
        return GENERATOR
    return "d" if isinstance(argument, float) else "q"


def words(arguments: list[Any]) -> Iterator[float]:
    """Yield the words for arguments."""
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            assert argument.flags.c_contiguous
            yield from (argument.ctypes.data, *argument.shape)
        elif isinstance(argument, np.random.Generator):
            c: Any = argument.bit_generator.ctypes
            functions: Any = (cast(draw, c_void_p).value for draw in (c.next_uint64, c.next_uint32, c.next_double))
            yield from (c.state.value, *functions)
        else:
            yield argument


def _count(kind: str) -> int:
    """Return how many words an argument of a kind is."""
    return {"q": 1, "d": 1, GENERATOR: 4}.get(kind) or 1 + int(kind.split()[1])
