"""Programs: machine code that is called without Numba, and what happens where that cannot be."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.clocks.bitcode import Unfit
from sim.clocks.program import Program


def weighed(numbers: Any, pair: Any, most: Any) -> Any:
    """Fill an array; return two sums."""
    table, out = pair
    total = 0
    for i in range(table.shape[0]):
        out[i] = numbers[i] * table[i, 1]
        total += table[i, 0]
    return total, total // most


def mean(numbers: Any, weight: Any) -> Any:
    return _total(numbers) * weight / len(numbers)


def _total(numbers: Any) -> Any:
    total = 0.0
    for i in range(len(numbers)):
        total += numbers[i]
    return total


def thrown(generator: Any, found: Any) -> Any:
    """Fill an array with numbers drawn; return a sum and a product."""
    total, product = 0.0, 1.0
    for i in range(len(found)):
        found[i] = generator.exponential(2.0) if i % 2 == 0 else generator.random()
        total += found[i]
        product *= found[i]
    return total, product


def listed(numbers: Any) -> Any:
    return len(np.zeros(3)) + len(numbers)


def named(numbers: Any) -> Any:
    return numbers


SOURCES = ["sim.clocks.tally"]
EXAMPLES: dict[Callable[..., Any], tuple[Any, ...]] = {
    weighed: (np.zeros(0), (np.zeros((0, 2), np.int32), np.zeros(0)), 1), mean: (np.zeros(0), 1.0),
    thrown: (np.random.default_rng(0), np.zeros(0)), listed: (np.zeros(0),), named: (np.zeros(0),)}


def program_of(function: Callable[..., Any]) -> Program:
    return Program(function.__name__, lambda: function, lambda: EXAMPLES[function], SOURCES)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAWDOWN_SIM_CACHE", str(tmp_path))
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
    assert made(program_of(weighed)) == RIGHT
    assert made(Program("weighed", never, never, SOURCES)) == RIGHT
    assert [path.name.split("-")[0] for path in folder.rglob("*.o")] == ["weighed"]


def test_an_error_is_an_error_of_arithmetic(folder: Path) -> None:
    program = program_of(weighed)
    with pytest.raises(ArithmeticError):
        call(program, most=0)
    assert made(program) == RIGHT


def test_what_it_calls_of_its_module_is_compiled_too_and_numbers_are_taken_as_they_come(folder: Path) -> None:
    program = program_of(mean)
    numbers = np.array([1.0, 2.0, 4.5])
    assert [program(numbers, weight) for weight in (2.0, 2, np.float64(2), np.int64(2))] == [5.0] * 4


def test_a_generator_of_numbers_is_numpys_own_and_goes_on(folder: Path) -> None:
    """The numbers are those that NumPy draws, and the generator is where it would be."""
    ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
    found = np.zeros(6)
    total, product = program_of(thrown)(ours, found)
    expected = [theirs.exponential(2.0) if i % 2 == 0 else theirs.random() for i in range(6)]
    assert found.tolist() == expected
    assert (total, product) == (sum(expected), np.prod(expected))
    assert ours.random() == theirs.random()


@pytest.mark.parametrize("arguments", [
    (np.ones(3, np.float32), 1.0), (np.ones((3, 1)), 1.0), (np.ones(3, np.int64), 1.0), (1.0, 1.0),
    (np.ones(3), np.ones(3))])
def test_what_it_does_not_take_is_refused(arguments: tuple[Any, ...], folder: Path) -> None:
    with pytest.raises(TypeError, match="it takes"):
        program_of(mean)(*arguments)


@pytest.mark.parametrize("arguments", [(), (np.ones(3),), (np.ones(3), 1.0, 1.0)])
def test_so_is_another_number_of_arguments(arguments: tuple[Any, ...], folder: Path) -> None:
    with pytest.raises(ValueError, match="argument"):
        program_of(mean)(*arguments)


@pytest.mark.parametrize(("function", "why"), [(listed, "listed needs NRT_"), (named, "it returns array")])
def test_what_cannot_be_a_program_is_seen_when_it_is_made(function: Callable[..., Any], why: str) -> None:
    with pytest.raises(Unfit, match=why):
        program_of(function).bitcode()


def unweighed(numbers: Any, pair: Any, most: Any) -> Any:
    """Take the same arguments, and do something else with them."""
    return most, most


EXAMPLES[unweighed] = EXAMPLES[weighed]


@pytest.mark.parametrize("spoilt", ["text", "short", "returns", "another function", "empty"])
def test_a_file_that_cannot_be_used_is_made_anew(folder: Path, spoilt: str) -> None:
    made(program_of(weighed))
    made(program_of(unweighed))
    path, other = (next(folder.rglob(f"{name}-*.o")) for name in ("weighed", "unweighed"))
    content = path.read_bytes()
    assert content.count(b'"returns": "qq"') == 1
    path.write_bytes({
        "text": b"hello", "short": content[:-1], "empty": b"", "another function": other.read_bytes(),
        "returns": content.replace(b'"returns": "qq"', b'"returns": "q"'),
    }[spoilt])
    assert made(program_of(weighed)) == RIGHT
    assert made(Program("weighed", never, never, SOURCES)) == RIGHT


def test_a_folder_that_cannot_be_written_is_no_hindrance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").touch()
    monkeypatch.setenv("DRAWDOWN_SIM_CACHE", str(folder / "file"))
    assert made(program_of(weighed)) == RIGHT


def test_one_program_can_be_loaded_by_many_threads_at_once(folder: Path) -> None:
    program = program_of(weighed)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: made(program), range(40))) == [RIGHT] * 40


TWICE = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from clocks.test_program import RIGHT, made, program_of, weighed
from sim.clocks.tally import compiled_fold
assert made(program_of(weighed)) == RIGHT
compiled_fold.load()
"""


@pytest.mark.exhaustive
def test_processes_that_begin_at_once_with_an_empty_cache_do_not_disturb_one_another(folder: Path) -> None:
    tests = str(Path(__file__).parents[1])
    begun = [subprocess.Popen([sys.executable, "-c", TWICE, tests], stderr=subprocess.PIPE, text=True)
             for _ in range(3)]
    assert [process.communicate()[1] for process in begun] == [""] * 3
    assert [process.returncode for process in begun] == [0] * 3
    assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == ["fold", "weighed"]  # no drafts are left
