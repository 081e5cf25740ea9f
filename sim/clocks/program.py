"""Programs: compiled by Numba once, kept as machine code, and loaded from then on without Numba.

Numba keeps compiled functions too, but it has to be imported, with all that it can compile, before it takes one from
its cache, and it would not notice that a rule in another file has changed. What lies in the cache here is an ordinary
object file, which LLVM alone loads, in a hundredth of the time.
"""

import json
from collections.abc import Callable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sim.clocks.cache import folder, keep

Form = tuple[Any, ...]
"""What machine code depends on: of each array its type and dimensions, of each number None."""


class Program:
    """A function of whole numbers and of arrays, one after another in memory; it is compiled when it is first called.

    Parameters
    ----------
    name
        Under which it is kept.
    function
        Gives the function, when it has to be compiled.
    """

    def __init__(self, name: str, function: Callable[[], Callable[..., Any]]) -> None:
        self._name, self._function = name, function
        self._ready: dict[Form, Callable[..., Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Call it.

        Raises
        ------
        ArithmeticError
            If the function raises an error.
        """
        form = form_of(arguments)
        if form not in self._ready:
            self._ready[form] = self._kept(form) or self._made(form, arguments)
        return self._ready[form](*arguments)

    @property
    def forms(self) -> set[Form]:
        """The forms of arguments that it has been loaded or compiled for."""
        return set(self._ready)

    def is_kept(self, *arguments: Any) -> bool:
        """Say whether it has been compiled for arguments like these."""
        return self._place(form_of(arguments)).exists()

    def _place(self, form: Form) -> Path:
        """Return the file for a form of arguments, on a machine like this one."""
        from sim.clocks.machine import host

        depends = repr((form, host(), version("numba"), version("llvmlite")))
        return folder() / f"{self._name}-{sha256(depends.encode()).hexdigest()[:16]}.o"

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
        """Return the checksum at the head of a file: of what is in it, and of which function and form it is for."""
        return sha256(self._place(form).name.encode() + content).hexdigest().encode()

    def _made(self, form: Form, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        from sim.clocks.machine import machine_code

        try:
            code = machine_code(self._function(), arguments)
        except Exception:  # another Numba or LLVM than expected; what is wrong otherwise, Numba will say again
            from numba import njit

            return njit(nogil=True)(self._function())  # type: ignore[no-any-return]
        content = json.dumps({"returns": code.returns, "needs": code.needs}).encode() + b"\n" + code.content
        keep(self._place(form), self._seal(form, content) + b"\n" + content)
        return code


def form_of(arguments: tuple[Any, ...]) -> Form:
    """Return the form of arguments, those inside a tuple one after the other."""
    form: list[Any] = []
    for argument in arguments:
        if isinstance(argument, tuple):
            form += form_of(argument)
        else:
            form.append((argument.dtype, argument.ndim) if isinstance(argument, np.ndarray) else None)
    return tuple(form)
