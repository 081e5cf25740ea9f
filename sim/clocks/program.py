"""Programs: compiled by Numba once, kept as machine code, and loaded from then on without Numba.

Numba has a cache of its own. But to use it Numba and all the code to compile must be imported first, and it would not
notice that a rule in another file has changed. The cache here holds ordinary object files, which LLVM alone can load in
a hundredth of the time.
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
"""What machine code depends on: the type and dimensions of each array, None for each number."""


class Program:
    """A function of whole numbers and contiguous arrays; it is compiled when it is first called.

    Parameters
    ----------
    name
        The name under which it is kept.
    function
        Returns the function if it has to be compiled.
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
        """The forms of arguments for which it has been loaded or compiled."""
        return set(self._ready)

    def is_kept(self, *arguments: Any) -> bool:
        """Tell whether it has been compiled for arguments like these."""
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
        """Return the checksum that begins a file: of its content, and of the function and form that it is for."""
        return sha256(self._place(form).name.encode() + content).hexdigest().encode()

    def _made(self, form: Form, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        from sim.clocks.machine import machine_code

        try:
            code = machine_code(self._function(), arguments)
        except Exception:  # an unexpected version of Numba or LLVM; any other error, Numba will raise again
            from numba import njit

            return njit(nogil=True)(self._function())  # type: ignore[no-any-return]
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
