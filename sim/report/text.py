"""The scenario as a file that stands alone, and where in its text each value stands that can be moved."""

from typing import Any

from sim.scenario.keys import dotted, look_up
from sim.scenario.load import ScenarioFile
from sim.scenario.resolve import resolve_lines, toml


def text_of(file: ScenarioFile, keys: set[str]) -> dict[str, Any]:
    """Return the text of a scenario, with the places of some keys, fit for JSON.

    Returns
    -------
    dict
        ``text``; ``spans``: by key, from where to where its value stands, in UTF-16 units as JavaScript counts;
        ``before``: for keys that the text does not give, what has to be written before the value. Such a key has an
        empty span, before the comment that stands for it.
    """
    lines: list[str] = []
    spans: dict[str, tuple[int, int]] = {}
    before: dict[str, str] = {}
    at = 0
    for path, line in resolve_lines(file):
        if not lines:
            line = line.lstrip("\n")
        key, own = dotted(path), f"{dotted(path[-1:])} = "
        if key in keys and line.startswith(own):
            start = at + _units(own)
            spans[key] = (start, start + _units(toml(look_up(file.scenario, path))))
        elif key in keys and line.startswith("# "):
            spans[key], before[key] = (at, at), own
        lines.append(line)
        at += _units(line) + 1
    return {"text": "\n".join(lines) + "\n", "spans": spans, "before": before}


def _units(text: str) -> int:
    """Return the length of a text as JavaScript counts it."""
    return len(text.encode("utf-16-le")) // 2
