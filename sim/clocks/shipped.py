"""Programs that come with the package: LLVM's bitcode of compiled functions, for any processor.

``python -m tools.build`` makes them. Each file says from which sources it was made; one made from others is not used.
"""

import json
import lzma
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

BUILD = "python -m tools.build"


class Bitcode(NamedTuple):
    """A compiled function as LLVM's bitcode.

    Attributes
    ----------
    content
        The bitcode.
    takes, returns
        What it takes and returns; see `sim.clocks.machine`.
    """

    content: bytes
    takes: list[str]
    returns: str


def place(name: str) -> Traversable:
    """Return the file for the program of a name."""
    return files("sim.clocks").joinpath("programs", f"{name}.bc.xz")


def packed(program: Bitcode, sources: str) -> bytes:
    """Return a program as a file."""
    content = lzma.compress(program.content, preset=9)
    about = {"sources": sources, "takes": program.takes, "returns": program.returns, "sum": _sum(content)}
    return json.dumps(about).encode() + b"\n" + content


def shipped(name: str, sources: str) -> Bitcode | None:
    """Return the program of a name, if there is one that is whole and made from sources with this hash."""
    try:
        about, _, content = place(name).read_bytes().partition(b"\n")
        said = json.loads(about)
        if (said["sources"], said["sum"]) != (sources, _sum(content)):
            return None
        return Bitcode(lzma.decompress(content), said["takes"], said["returns"])
    except (OSError, ValueError, KeyError, TypeError, lzma.LZMAError):
        return None


@cache
def source_hash(names: Iterable[str]) -> str:
    """Return a hash of the sources of modules and of packages, whose modules lie in one folder."""
    digest = sha256()
    for name in names:
        folder, _, module = name.rpartition(".")
        entry = files(folder).joinpath(f"{module}.py")
        every = [entry] if entry.is_file() else sorted(files(name).iterdir(), key=lambda entry: entry.name)
        for source in every:
            if source.name.endswith(".py"):
                digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
