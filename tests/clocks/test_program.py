"""Programs: machine code that is called without Numba, and what happens where that cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.clocks.program import Program


def weighed(numbers: Any, pair: Any, most: Any) -> Any:
    """Fill an array; return two sums."""
    table, out = pair
    total = 0
    for i in range(table.shape[0]):
        out[i] = numbers[i] * table[i, 1]
        total += table[i, 0]
    return total, total // most


def mean(numbers: Any) -> Any:
    return numbers.sum() / len(numbers)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def call(program: Program, most: int = 3) -> tuple[Any, NDArray[np.float64]]:
    table, out = np.array([[1, 2], [3, 4], [5, 6]], np.int32), np.zeros(3)
    return program(np.array([0.5, 1.5, 2.5]), (table, out), most), out


def made(program: Program) -> tuple[Any, list[float]]:
    result, out = call(program)
    return result, out.tolist()


def never() -> Callable[..., Any]:
    raise AssertionError("it lies in the cache")


RIGHT = ((9, 3), [1.0, 6.0, 15.0])


def test_a_program_is_compiled_once(folder: Path) -> None:
    assert made(Program("weighed", lambda: weighed)) == RIGHT
    assert made(Program("weighed", never)) == RIGHT
    assert [path.name.split("-")[0] for path in folder.rglob("*.o")] == ["weighed"]


def test_an_error_is_an_error_of_arithmetic(folder: Path) -> None:
    program = Program("weighed", lambda: weighed)
    with pytest.raises(ArithmeticError):
        call(program, most=0)
    assert made(program) == RIGHT


def test_what_returns_other_than_whole_numbers_is_called_by_numba(folder: Path) -> None:
    program = Program("mean", lambda: mean)
    assert program(np.array([1.0, 2.0, 4.5])) == 2.5
    assert not program.is_at_hand(np.array([1.0]))
    assert list(folder.rglob("*.o")) == []


def unweighed(numbers: Any, pair: Any, most: Any) -> Any:
    """Take the same arguments, and do something else with them."""
    return most, most


@pytest.mark.parametrize("spoilt", ["text", "short", "returns", "another function", "empty"])
def test_a_file_that_cannot_be_used_is_made_anew(folder: Path, spoilt: str) -> None:
    made(Program("weighed", lambda: weighed))
    made(Program("unweighed", lambda: unweighed))
    path, other = (next(folder.rglob(f"{name}-*.o")) for name in ("weighed", "unweighed"))
    content = path.read_bytes()
    assert content.count(b'"returns": 2') == 1
    path.write_bytes({
        "text": b"hello", "short": content[:-1], "empty": b"", "another function": other.read_bytes(),
        "returns": content.replace(b'"returns": 2', b'"returns": 1'),
    }[spoilt])
    assert made(Program("weighed", lambda: weighed)) == RIGHT
    assert made(Program("weighed", never)) == RIGHT


def test_a_folder_that_cannot_be_written_is_no_hindrance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder / "file"))
    assert made(Program("weighed", lambda: weighed)) == RIGHT
