"""Machine code: translated from what Numba has compiled, and called directly with the addresses of arrays.

Numba's part ends with LLVM's bitcode, from which LLVM alone makes machine code for any processor. At machine level, a
function compiled by Numba takes a list of words: where to put its result, where to put an error, then the arguments. An
array is passed as seven words or more: two zeros (the memory belongs to Python), the number of items and the size of an
item, the address, the lengths and the strides. When bitcode is made, this is checked for the installed version of
Numba; if it does not hold, Numba calls the function itself.
"""

import re
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, byref, c_int32, c_int64, c_void_p, sizeof
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.clocks.shipped import Bitcode

ENTRY = "entry"
COUNTING = re.compile(r"^\s*(?:tail )?call void @NRT_(?:inc|dec)ref\([^\n]*\n", re.MULTILINE)
"""Numba's calls that count how often an array of its own is in use; there are none here."""


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


def machine_code(program: Bitcode) -> Code:
    """Translate a program for this processor."""
    module, target = llvm.parse_bitcode(program.content), _target()
    module.triple, module.data_layout = target.triple, str(target.target_data)
    return Code(target.emit_object(module), program.returns, list(_needs(module)))


def bitcode(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Bitcode:
    """Compile a function for arguments like these, with Numba.

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
    module = llvm.parse_assembly(_for_any_machine(dispatcher.inspect_llvm(signature)))
    entry = module.get_function(made.fndesc.llvm_func_name)
    given = ["word" if str(argument.type) == "i64" else "address" for argument in entry.arguments]
    whole = returns == types.int64 or (isinstance(returns, types.UniTuple) and returns.dtype == types.int64)
    if not whole or given != ["address", "address", *_kinds(arguments)] or sizeof(c_void_p) != sizeof(c_int64):
        raise Unfit
    _tidy(module, entry)
    return Bitcode(module.as_bitcode(), returns.count if isinstance(returns, types.UniTuple) else 1)


def _for_any_machine(code: str) -> str:
    """Return LLVM's text of a program without what belongs to a machine or to Numba."""
    code = COUNTING.sub("", code).replace("@sqrt(", "@llvm.sqrt.f64(")
    return re.sub(r"^target [^\n]*\n", "", code.replace(" = common ", " = internal "), flags=re.MULTILINE)


def _tidy(module: Any, entry: Any) -> None:
    """Give everything in a program a short name, and drop what is not used."""
    for number, function in enumerate(module.functions):
        if not function.is_declaration and function.name != entry.name:
            function.name, function.linkage = f"f{number}", "internal"
    for number, value in enumerate(module.global_variables):
        value.name = f"g{number}"
    entry.name = ENTRY
    manager = llvm.create_new_module_pass_manager()
    manager.add_global_dead_code_eliminate_pass()
    manager.add_strip_dead_prototype_pass()
    manager.add_constant_merge_pass()
    manager.run(module, llvm.create_pass_builder(_target(), llvm.create_pipeline_tuning_options()))


def _target() -> Any:
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
