"""Programs that come with the package: LLVM's bitcode of compiled functions, for any processor.

``python -m tools.build`` makes them. Each file says from which sources it was made; one made from others is not used.
"""

import json
import lzma
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from sim.clocks.cache import source_hash

BUILD = "python -m tools.build"


class Bitcode(NamedTuple):
    """A compiled function as LLVM's bitcode, and how many whole numbers it returns."""

    content: bytes
    returns: int


def place(name: str) -> Traversable:
    """Return the file for the program of a name."""
    return files("sim.clocks").joinpath("programs", f"{name}.bc.xz")


def packed(program: Bitcode, form: str) -> bytes:
    """Return a program as a file."""
    about = {"sources": source_hash(), "form": form, "returns": program.returns}
    return json.dumps(about).encode() + b"\n" + lzma.compress(program.content, preset=9)


def is_stale(name: str) -> bool:
    """Tell whether the program of a name was made from other sources than those that are there now."""
    try:
        about = json.loads(place(name).read_bytes().partition(b"\n")[0])
        return bool(about["sources"] != source_hash())
    except (OSError, ValueError, KeyError):
        return True


def shipped(name: str, form: str) -> Bitcode | None:
    """Return the program of a name, if there is one for a form of arguments, made from the sources as they are now."""
    try:
        about, _, content = place(name).read_bytes().partition(b"\n")
        said = json.loads(about)
        if (said["sources"], said["form"]) != (source_hash(), form):
            return None
        return Bitcode(lzma.decompress(content), said["returns"])
    except (OSError, ValueError, KeyError, lzma.LZMAError):
        return None
