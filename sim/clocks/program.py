"""Programs: functions compiled once, kept as machine code, and loaded from then on without a compiler.

A program comes with the package as bitcode, which LLVM alone turns into machine code in less than a second. Where the
sources are no longer those that it was made from, Numba compiles them again. Machine code is kept in the user's cache
folder, as ordinary object files that are loaded in milliseconds.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.clocks.cache import folder, keep
from sim.clocks.shipped import BUILD, Bitcode, shipped

Form = tuple[Any, ...]
"""What a program depends on: the type and dimensions of each array, None for each number."""


class Stale(Exception):
    """The package holds no program for the sources as they are, and there is no Numba to compile them."""


class Program:
    """A function of whole numbers and contiguous arrays; it is made ready when it is first called.

    Parameters
    ----------
    name
        The name under which it is kept.
    function
        Returns the function if it has to be compiled.
    """

    def __init__(self, name: str, function: Callable[[], Callable[..., Any]]) -> None:
        self.name, self._function = name, function
        self._ready: dict[Form, Callable[..., Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call it.

        Raises
        ------
        ArithmeticError
            If the function raises an error.
        Stale
            If it has to be compiled and Numba is not installed.
        """
        form = form_of(arguments)
        if form not in self._ready:
            self._ready[form] = self._kept(form) or self._shipped(form) or self._made(form, arguments)
        return self._ready[form](*arguments)

    @property
    def forms(self) -> set[Form]:
        """The forms of arguments for which it has been loaded or compiled."""
        return set(self._ready)

    def is_at_hand(self, *arguments: Any) -> bool:
        """Tell whether for arguments like these nothing needs to be compiled."""
        form = form_of(arguments)
        return self._place(form).exists() or shipped(self.name, digest(form)) is not None

    def bitcode(self, *arguments: Any) -> Bitcode:
        """Compile it, with Numba, for arguments like these."""
        from sim.clocks.machine import bitcode

        return bitcode(self._function(), arguments)

    def _place(self, form: Form) -> Path:
        """Return the file for a form of arguments, on a machine like this one."""
        from sim.clocks.machine import host

        depends = repr((digest(form), host(), version("llvmlite")))
        return folder() / f"{self.name}-{sha256(depends.encode()).hexdigest()[:16]}.o"

    def _kept(self, form: Form) -> Callable[..., Any] | None:
        from sim.clocks.machine import Code, Unfit

        try:
            seal, _, content = self._place(form).read_bytes().partition(b"\n")
            if seal != self._seal(form, content):
                return None
            about, _, code = content.partition(b"\n")
            return Code(code, **json.loads(about))
        except (OSError, ValueError, TypeError, Unfit):
            return None

    def _seal(self, form: Form, content: bytes) -> bytes:
        """Return the checksum that begins a file: of its content, and of the function and form that it is for."""
        return sha256(self._place(form).name.encode() + content).hexdigest().encode()

    def _shipped(self, form: Form) -> Callable[..., Any] | None:
        program = shipped(self.name, digest(form))
        try:
            return self._translated(form, program) if program else None
        except RuntimeError:  # bitcode of a later LLVM
            return None

    def _made(self, form: Form, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        try:
            from numba import njit
        except ModuleNotFoundError as error:
            raise Stale(f"there is no Numba to compile the program `{self.name}`; `{BUILD}` compiles those of the "
                        "package, where there is one") from error
        try:
            return self._translated(form, self.bitcode(*arguments))
        except Exception:  # an unexpected version of Numba or LLVM; any other error, Numba will raise again
            return njit(nogil=True)(self._function())  # type: ignore[no-any-return]

    def _translated(self, form: Form, program: Bitcode) -> Callable[..., Any]:
        """Turn a program into machine code, and keep that."""
        from sim.clocks.machine import machine_code

        code = machine_code(program)
        content = json.dumps({"returns": code.returns, "needs": code.needs}).encode() + b"\n" + code.content
        keep(self._place(form), self._seal(form, content) + b"\n" + content)
        return code


def form_of(arguments: tuple[Any, ...]) -> Form:
    """Return the form of arguments; the items of a tuple are taken one by one."""
    form: list[Any] = []
    for argument in arguments:
        if isinstance(argument, tuple):
            form += form_of(argument)
        else:
            form.append((argument.dtype, argument.ndim) if isinstance(argument, np.ndarray) else None)
    return tuple(form)


def digest(form: Form) -> str:
    """Return a hash of a form."""
    return sha256(repr(form).encode()).hexdigest()[:16]
