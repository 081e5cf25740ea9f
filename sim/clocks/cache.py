"""Where compiled programs are kept from run to run: a folder of the user's, named by a hash of all that is compiled."""

import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path


def folder() -> Path:
    """Return the folder for programs compiled from the present rules and clocks."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    return (Path(named) if named else user_cache_path("drawdown-sim")) / source_hash()


def source_hash() -> str:
    """Return a hash of the sources of the rules and the clocks."""
    digest = sha256()
    for package in ("sim.rules", "sim.clocks"):
        for entry in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                digest.update(entry.read_bytes())
    return digest.hexdigest()[:16]


def keep(path: Path, content: bytes) -> None:
    """Write a file whole, or leave it: then it is made anew each time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        return
