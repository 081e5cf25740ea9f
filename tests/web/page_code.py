"""The page's own functions, called from Python: in Node.js, or in a browser."""

import base64
import json
import math
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tools import page

CALLS = Path(__file__).with_name("calls.ts")
LOOP = ("require('readline').createInterface({input: process.stdin})"
        ".on('line', async line => process.stdout.write(await PageCode.answer(line) + '\\n'))")

Call = Callable[..., Any]


def node() -> str:
    """Return Node.js; skip the test where it is not installed."""
    found = shutil.which("node", path=os.pathsep.join([os.environ.get("PATH", ""), *page._wheel()]))
    if found is None:
        pytest.skip("there is no Node.js to run the page's functions with: python -m pip install -e '.[web]'")
    return found


def bundle() -> str:
    """Return a script that defines ``PageCode.answer``; skip the test where there is nothing to make it with."""
    program = node()
    if not (page.WEB / page.ESBUILD).exists():
        pytest.skip("esbuild, which bundles the page's functions, is not installed: python -m tools.page")
    return subprocess.run([program, page.ESBUILD, str(CALLS), "--bundle", "--format=iife", "--global-name=PageCode",
                           "--target=es2022"], cwd=page.WEB, capture_output=True, text=True, check=True).stdout


def in_node(folder: Path) -> Iterator[Call]:
    """Yield what calls a function by its name, with a process of Node.js behind it."""
    script = folder / "calls.js"
    script.write_text(f"{bundle()};{LOOP}", encoding="utf-8")
    with subprocess.Popen([node(), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def call(name: str, *given: Any) -> Any:
            asks.write(question(name, *given) + "\n")
            asks.flush()
            return read(answers.readline())

        yield call
        asks.close()


def question(name: str, *given: Any) -> str:
    """Write a call as JSON."""
    return json.dumps({"name": name, "given": [_plain(one) for one in given]})


def read(answer: str) -> Any:
    """Read what was answered."""
    return json.loads(answer, object_hook=lambda one: float(one["$number"]) if one.keys() == {"$number"} else one)


def _plain(value: Any) -> Any:
    """Return a value as JSON can write it: columns as their bytes, and what is not finite as text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return {"$column": base64.b64encode(np.ascontiguousarray(value, np.float64).tobytes()).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$number": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}
    return value
