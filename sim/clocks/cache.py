"""Where compiled programs are kept from run to run: a folder of the user's, named by a hash of all that is compiled.

Numba's own cache looks at the file of one function only and would not notice that a rule in another file has changed.
"""

import tempfile
from collections.abc import Callable
from hashlib import sha256
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Any

from numba import config, njit, types
from platformdirs import user_cache_path

NUMBERS = {int: types.int64, float: types.float64, bool: types.boolean}


def folder() -> Path:
    """Return the folder for programs compiled from the present rules and clocks."""
    base = Path(config.CACHE_DIR) if config.CACHE_DIR else user_cache_path("drawdown-sim")
    return base / source_hash()


def source_hash() -> str:
    """Return a hash of the sources of the rules and the clocks."""
    digest = sha256()
    for package in ("sim.rules", "sim.clocks"):
        for entry in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                digest.update(entry.read_bytes())
    return digest.hexdigest()[:16]


def part(function: Callable[..., Any], inline: bool = False) -> Callable[..., Any]:
    """Compile a function that only compiled functions call: it needs no entrance from Python.

    It is compiled once for its types as annotated; left to itself, Numba would do so again for every constant that
    it is called with. With ``inline``, the machine code goes into that of its callers.
    """
    dispatcher = njit(nogil=True, forceinline=inline, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    annotated = [NUMBERS.get(parameter.annotation) for parameter in signature(function).parameters.values()]
    resolve = dispatcher.get_call_template

    def as_annotated(given: Any, keywords: Any) -> Any:
        return resolve(tuple(number or types.unliteral(own) for number, own in zip(annotated, given, strict=False)),
                       keywords)

    dispatcher.get_call_template = as_annotated
    return dispatcher  # type: ignore[no-any-return]


def compiled_entry(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function at its first call for each set of types, or take it from the folder if it is there."""
    place = folder()
    if not _writable(place):
        return njit(nogil=True)(function)  # type: ignore[no-any-return]
    before, config.CACHE_DIR = config.CACHE_DIR, str(place)
    try:
        return njit(nogil=True, cache=True)(function)  # type: ignore[no-any-return]
    finally:
        config.CACHE_DIR = before


def _writable(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False
