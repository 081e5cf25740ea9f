"""Where compiled programs are kept between runs: in the user's cache folder, under a hash of what is compiled."""

import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path


def folder() -> Path:
    """Return the folder for programs compiled from the rules and clocks as they are now."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    return (Path(named) if named else user_cache_path("drawdown-sim")) / source_hash()


def source_hash() -> str:
    """Return a hash of the sources of the rules and the clocks."""
    digest = sha256()
    for package in ("sim.rules", "sim.clocks"):
        for entry in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                digest.update(entry.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def keep(path: Path, content: bytes) -> None:
    """Write a file completely or not at all; without it the program is compiled again each time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        return
