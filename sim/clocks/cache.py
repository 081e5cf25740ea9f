"""Where machine code is kept between runs: in the user's cache folder."""

import os
from pathlib import Path

from platformdirs import user_cache_path


def folder() -> Path:
    """Return the folder for machine code."""
    named = os.environ.get("DRAWDOWN_SIM_CACHE")
    return Path(named) if named else user_cache_path("drawdown-sim")


def keep(path: Path, content: bytes) -> None:
    """Write a file completely or not at all; without it the machine code is made again each time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        return
