"""Machine code: taken from Numba, and called directly with the addresses of arrays.

At machine level, a function compiled by Numba takes a list of words: where to put its result, where to put an error,
then the arguments. An array is passed as seven words or more: two zeros (the memory belongs to Python), the number of
items and the size of an item, the address, the lengths and the strides. When code is made, this is checked for the
installed version of Numba; if it does not hold, Numba calls the function itself.
"""

from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, byref, c_int32, c_int64, c_void_p, sizeof
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir

ENTRY = "entry"
FREE = "NRT_MemInfo_call_dtor"
"""Numba's function that frees arrays of its own; there are none here."""


class Unfit(Exception):
    """The function cannot be called without Numba."""


def host() -> tuple[str, str]:
    """Return the name and the features of the processor."""
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


class Code:
    """A function as machine code.

    Parameters
    ----------
    content
        An object file.
    returns
        How many whole numbers it returns.
    needs
        Names of the system library functions that it calls.
    """

    def __init__(self, content: bytes, returns: int, needs: list[str]) -> None:
        self.content, self.returns, self.needs = content, returns, needs
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target())
        if not all(map(llvm.address_of_symbol, needs)):
            raise Unfit
        self._engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(content))
        self._engine.finalize_object()
        self._address = self._engine.get_function_address(ENTRY)

    def __call__(self, *arguments: Any) -> Any:
        """Call the function; other threads run meanwhile."""
        words = list(_words(arguments))
        call = CFUNCTYPE(c_int32, c_void_p, c_void_p, *[c_int64] * len(words))(self._address)
        returned, error = (c_int64 * self.returns)(), c_void_p()
        if call(byref(returned), byref(error), *words) != 0:
            raise ArithmeticError
        return tuple(returned) if self.returns > 1 else returned[0]


def machine_code(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Code:
    """Compile a function for arguments like these.

    Raises
    ------
    Unfit
        If it cannot be called without Numba.
    """
    from numba import njit, typeof, types

    dispatcher = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    dispatcher.compile(tuple(map(typeof, arguments)))
    (signature, made), = dispatcher.overloads.items()
    returns = made.signature.return_type
    module = llvm.parse_assembly(dispatcher.inspect_llvm(signature))
    entry = module.get_function(made.fndesc.llvm_func_name)
    given = ["word" if str(argument.type) == "i64" else "address" for argument in entry.arguments]
    whole = returns == types.int64 or (isinstance(returns, types.UniTuple) and returns.dtype == types.int64)
    if not whole or given != ["address", "address", *_kinds(arguments)] or sizeof(c_void_p) != sizeof(c_int64):
        raise Unfit
    entry.name = ENTRY
    _free_nothing(module)
    return Code(_target().emit_object(module), returns.count if isinstance(returns, types.UniTuple) else 1,
                list(_needs(module)))


def _target() -> Any:
    """Return LLVM's code generator for this processor."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = host()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=name, features=features, opt=3, codemodel="jitdefault", jit=True)


def _free_nothing(module: Any) -> None:
    """Replace the call that frees arrays by one that does nothing, since all memory belongs to Python."""
    own = ir.Module()
    free = ir.Function(own, ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()]), FREE)
    ir.IRBuilder(free.append_basic_block()).ret_void()
    module.link_in(llvm.parse_assembly(str(own)))


def _needs(module: Any) -> Iterator[str]:
    """Yield the names of library functions that a module calls, including those that LLVM calls under its own names."""
    for function in module.functions:
        if not function.is_declaration:
            continue
        if not function.name.startswith("llvm."):
            yield function.name
        elif llvm.address_of_symbol(function.name.split(".")[1]):
            yield function.name.split(".")[1]


def _words(arguments: tuple[Any, ...]) -> Iterator[int]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _words(argument)
        elif isinstance(argument, np.ndarray):
            assert argument.flags.c_contiguous
            yield from (0, 0, argument.size, argument.itemsize, argument.ctypes.data, *argument.shape,
                        *argument.strides)
        else:
            yield argument


def _kinds(arguments: tuple[Any, ...]) -> Iterator[str]:
    """Tell for each word whether it is an address."""
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _kinds(argument)
        elif isinstance(argument, np.ndarray):
            yield from ("address", "address", "word", "word", "address", *["word"] * (2 * argument.ndim))
        else:
            yield "word"
