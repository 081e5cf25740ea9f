"""Ways to damage a file: on the disk, by a wrong hand, in an editor. `damage.py` applies them."""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Damage = Callable[[Path, Path, random.Random], None]
"""Damages a file, the second being that of the other of its kind; raises ValueError where it cannot be damaged so."""


def _bytes(change: Callable[[bytearray, random.Random], bytearray]) -> Damage:
    def damage(path: Path, other: Path, rng: random.Random) -> None:
        content = bytearray(path.read_bytes())
        if not content:
            raise ValueError("nothing to damage")
        path.write_bytes(change(content, rng))

    return damage


def _part(content: bytearray, rng: random.Random) -> slice:
    first = rng.randrange(len(content))
    return slice(first, min(len(content), first + rng.choice((1, 8, 512, 1 << 30))))


def _zero(content: bytearray, rng: random.Random) -> bytearray:
    part = _part(content, rng)
    content[part] = bytes(part.stop - part.start)
    return content


def _flip(content: bytearray, rng: random.Random) -> bytearray:
    for _ in range(rng.choice((1, 1, 1, 20))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return content


def _double(content: bytearray, rng: random.Random) -> bytearray:
    part = _part(content, rng)
    return content[: part.stop] + content[part] + content[part.stop :]


def _leave_out(content: bytearray, rng: random.Random) -> bytearray:
    del content[_part(content, rng)]
    return content


def _exchange(path: Path, other: Path, rng: random.Random) -> None:
    if not other.exists():
        raise ValueError("the other has no such file")
    shutil.copyfile(other, path)


def _within(path: Path, other: Path, rng: random.Random) -> None:
    """Put a neighbour in its place."""
    others = sorted(entry for entry in path.parent.rglob("*") if entry.is_file() and entry != path)
    if not others:
        raise ValueError("it is alone")
    shutil.copyfile(rng.choice(others), path)


def _folder_instead(path: Path, other: Path, rng: random.Random) -> None:
    path.unlink()
    path.mkdir()


ODD: list[Any] = [None, True, 0, -1, 1, 2, 1e300, -1e-300, 10**30, "", "x", "2024-02-12", "\x00", "../..", [], {}, [[]],
                  {"": 0}, [1, 2]]


def _edit(path: Path, other: Path, rng: random.Random) -> None:
    """Change a value, or leave out, rename or add a key, somewhere in a JSON file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    places = list(_places(data))
    if not places:
        raise ValueError("nothing to edit")
    inside, key = rng.choice(places)
    what = rng.randrange(6)
    if what == 0:
        del inside[key]
    elif what == 1 and isinstance(inside, dict):
        inside[f"{key}x"] = inside.pop(key)
    elif what == 2 and isinstance(inside[key], int | float):
        inside[key] = inside[key] * rng.choice((2, -1, 0.5)) + rng.choice((0, 1))
    elif what == 3:
        inside[key] = rng.choice(rng.choice(places)[0:1])
    else:
        inside[key] = rng.choice(ODD)
    try:
        text = json.dumps(data)
    except (ValueError, RecursionError):  # what is put inside itself
        raise ValueError("no JSON") from None
    path.write_text(text, encoding="utf-8")


def _places(data: Any) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield data, key
        yield from _places(value)


def _nest(path: Path, other: Path, rng: random.Random) -> None:
    """Put a value in its place that nests deeply: the whole, or the first text."""
    deep = "[" * 100_000 + "]" * 100_000
    text = path.read_text(encoding="utf-8")
    path.write_text(rng.choice((deep, re.sub(r': "[^"]*"', lambda _: f": {deep}", text, count=1))), encoding="utf-8")


def _long_number(path: Path, other: Path, rng: random.Random) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r": \d+", ": " + "9" * rng.choice((400, 5000)), text, count=1), encoding="utf-8")


def _variable(path: Path, other: Path, rng: random.Random) -> None:
    """Leave out, rename, empty or change a variable of a dataset."""
    import h5py

    with h5py.File(path, "r+") as file:
        name = rng.choice(sorted(file))
        what, values = rng.randrange(4), file[name]
        if what == 0:
            del file[name]
        elif what == 1:
            file.move(name, f"{name}x")
        elif what == 2:
            del file[name]
            file[name] = rng.choice((0, "x", 1.5))
        elif values.size and values.dtype.kind in "if":
            values[(0,) * values.ndim] = values[(0,) * values.ndim] + 1
        else:
            raise ValueError("no numbers")


DAMAGES: dict[str, Damage] = {
    "deleted": lambda path, other, rng: path.unlink(), "emptied": _bytes(lambda content, rng: bytearray()),
    "cut": _bytes(lambda content, rng: content[: rng.randrange(len(content))]), "zeroed": _bytes(_zero),
    "flipped": _bytes(_flip), "doubled": _bytes(_double), "left out": _bytes(_leave_out),
    "appended": _bytes(lambda content, rng: content + rng.randbytes(rng.choice((1, 8, 1000)))),
    "exchanged": _exchange, "exchanged within": _within, "a folder instead": _folder_instead,
}
OF_JSON: dict[str, Damage] = {"edited": _edit, "edited much": lambda path, other, rng: [
    _edit(path, other, rng) for _ in range(5)] and None, "nested": _nest, "a long number": _long_number}
OF_DATASETS: dict[str, Damage] = {"variable": _variable}


def damages_of(path: Path) -> dict[str, Damage]:
    """Return the ways to damage a file, by name."""
    more = {".json": OF_JSON, ".nc": OF_DATASETS}.get(path.suffix, {})
    return {**DAMAGES, **more}
