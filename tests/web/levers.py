"""Some values to which a reader might move a control."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any


def some_value(control: dict[str, Any], chance: random.Random) -> Any:
    """Return a value; it may be out of bounds, or not allowed beside others."""
    kind, span, base = control["kind"], control["span"], control["base"]
    if kind == "switch":
        return not base
    if control["narrows"] and chance.random() < 0.4:
        return _range(kind, base, chance)
    if kind == "date":
        return _date(span[0], span[1], chance)
    if kind == "whole":
        return chance.randint(int(span[0]), int(span[1]))
    return chance.choice([round(chance.uniform(*span), 4), chance.uniform(*span), *span])


def _range(kind: str, base: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    if kind == "date":
        ends = [_date(base["low"], base["high"], chance) for _ in range(2)]
    elif kind == "whole":
        ends = [float(chance.randint(int(base["low"]), int(base["high"]))) for _ in range(2)]
    else:
        ends = [round(chance.uniform(base["low"], base["high"]), 4) for _ in range(2)]
    ends.append(base.get("mode", ends[0]))
    return {"low": min(ends), "high": max(ends)}


def _date(first: str, last: str, chance: random.Random) -> str:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return (start + timedelta(days=chance.randint(-3, (end - start).days))).isoformat()


def in_file(base: Any, value: Any) -> Any:
    """Return a value of the page as a TOML parser would."""
    if isinstance(value, dict):
        return {key: _dated(part) for key, part in (base | value).items()}
    return _dated(value)


def _dated(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return value


def parts(items: list[Any], size: int) -> Iterator[list[Any]]:
    """Yield a list in parts."""
    return (items[i : i + size] for i in range(0, len(items), size))
