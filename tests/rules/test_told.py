"""Everything that a rule tells stands in the table of what can be told, with the numbers it says, and has its words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import sim.rules
from sim.rules import state as codes
from sim.rules.told import BY_CODE, TOLD, Told
from sim.words.story import WORDS

FOLDER = Path(sim.rules.__file__).parent
CODES = {name: code for name, code in vars(codes).items() if name.startswith("TOLD_")}


def tellings(source: str) -> Iterator[tuple[Told, list[ast.expr]]]:
    """Yield each call of ``tell`` in a module: its entry in the table, and ``where``, ``amount`` and ``detail``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tell":
            _, what, *numbers = node.args
            names = [what.body, what.orelse] if isinstance(what, ast.IfExp) else [what]
            for name in names:
                yield BY_CODE[CODES[ast.unparse(name)]], numbers


def faults(entry: Told, numbers: list[ast.expr]) -> list[str]:
    """Say which numbers a rule tells that the table does not know, or leaves out although the table has them."""
    meanings = {"where": entry.where, "amount": entry.amount, "detail": entry.detail}
    return [f"{entry.name}: {part} is {ast.unparse(number)}, the table says {meaning!r}"
            for (part, meaning), number in zip(meanings.items(), numbers, strict=True)
            if (ast.unparse(number) in ("0", "0.0")) != (meaning == "") and " 0 if" not in meaning]


def test_every_code_that_a_rule_tells_is_in_the_table_with_its_numbers() -> None:
    told = [call for path in sorted(FOLDER.glob("*.py")) for call in tellings(path.read_text(encoding="utf-8"))]
    assert [fault for entry, numbers in told for fault in faults(entry, numbers)] == []
    assert {entry.code for entry, _ in told} == set(CODES.values())


def test_every_code_is_in_the_table_once_under_a_name_of_its_own_and_is_worded() -> None:
    assert set(BY_CODE) == set(CODES.values()) == set(WORDS)
    assert len(CODES) == len(TOLD) == len({entry.name for entry in TOLD})
    assert {entry.where for entry in TOLD} <= {"", "theatre", "phase", "site", "group", "milestone", "suppression"}


def test_a_number_that_the_table_does_not_know_is_found() -> None:
    ((entry, numbers),) = tellings("tell(s, TOLD_LATE, j, missing, 0.0)")
    assert faults(entry, numbers) == ["late: amount is missing, the table says ''"]
    ((entry, numbers),) = tellings("tell(s, TOLD_LOAD, j, troops, 0.0)")
    assert faults(entry, numbers) == ["load: detail is 0.0, the table says 'arrival (day)'"]
