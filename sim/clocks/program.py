"""Programs: functions compiled once, kept as machine code, and loaded from then on without a compiler.

A program comes with the package as bitcode, which LLVM alone turns into machine code in less than a second. Where the
sources are no longer those that it was made from, Numba compiles them again, if it is installed. Machine code is kept
in the user's cache folder, as ordinary object files that are loaded in milliseconds.
"""

import json
import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.clocks.cache import folder, keep
from sim.clocks.shipped import BUILD, Bitcode, shipped, source_hash

if TYPE_CHECKING:
    from sim.clocks.machine import Code


SOURCES = ("sim.rules", "sim.clocks")
"""What the clock's own programs are made from."""


class Stale(Exception):
    """The package holds no program for the sources as they are, and there is no Numba to compile them."""


class Program:
    """A compiled function of numbers and contiguous arrays; it is made ready when it is first called.

    Parameters
    ----------
    name
        The name under which it is kept.
    function
        Returns the function if it has to be compiled.
    example
        Returns arguments like those that it takes, if it has to be compiled.
    sources
        The modules and packages that it is made from.
    error_model
        What becomes of a division by zero: an error, or ``numpy``'s infinity.
    """

    def __init__(self, name: str, function: Callable[[], Callable[..., Any]], example: Callable[[], tuple[Any, ...]],
                 sources: Sequence[str], error_model: str = "python") -> None:
        self.name, self._function, self.example, self._error_model = name, function, example, error_model
        self.sources = tuple(sources)
        self._code: Code | None = None
        self._loading = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        """Call it.

        Raises
        ------
        ArithmeticError
            If the function raises an error.
        Stale
            If it has to be compiled and Numba is not installed.
        """
        return (self._code or self.load())(*arguments)

    def load(self, say: Callable[[str], None] = lambda line: None) -> "Code":
        """Return it as machine code, which is made if need be; say in a line if that takes long."""
        with self._loading:
            self._code = self._code or self._kept() or self._shipped() or self._made(say)
        return self._code

    def bitcode(self) -> Bitcode:
        """Compile it, with Numba."""
        from sim.clocks.bitcode import bitcode

        return bitcode(self._function(), self.example(), self._error_model)

    def _place(self) -> Path:
        """Return the file for these sources and a machine like this one."""
        from sim.clocks.machine import host

        depends = repr((source_hash(self.sources), host(), version("llvmlite")))
        return folder() / f"{self.name}-{sha256(depends.encode()).hexdigest()[:16]}.o"

    def _kept(self) -> "Code | None":
        from sim.clocks.machine import Code, Unfit

        try:
            seal, _, content = self._place().read_bytes().partition(b"\n")
            if seal != self._seal(content):
                return None
            about, _, code = content.partition(b"\n")
            return Code(code, **json.loads(about))
        except (OSError, ValueError, TypeError, Unfit):
            return None

    def _seal(self, content: bytes) -> bytes:
        """Return the checksum that begins a file: of its content, and of the function that it is for."""
        return sha256(self._place().name.encode() + content).hexdigest().encode()

    def _shipped(self) -> "Code | None":
        program = shipped(self.name, source_hash(self.sources))
        try:
            return self._translated(program) if program else None
        except RuntimeError:  # bitcode of a later LLVM
            return None

    def _made(self, say: Callable[[str], None]) -> "Code":
        missing = f"There is no compiled program `{self.name}` for {' and '.join(self.sources)} as they are now"
        if find_spec("numba") is None:
            raise Stale(f"{missing}. `{BUILD}` makes it, where Numba is installed")
        say(f"{missing}. It is made for this machine, which takes up to a minute; `{BUILD}` makes it for the package.")
        return self._translated(self.bitcode())

    def _translated(self, program: Bitcode) -> "Code":
        """Turn a program into machine code, and keep that."""
        from sim.clocks.machine import machine_code

        code = machine_code(program)
        about = {"takes": code.takes, "returns": code.returns, "needs": code.needs}
        content = json.dumps(about).encode() + b"\n" + code.content
        keep(self._place(), self._seal(content) + b"\n" + content)
        return code
