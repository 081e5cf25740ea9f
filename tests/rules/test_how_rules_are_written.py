"""Rules keep to the part of Python that can be compiled unchanged, and to what gives the same bits on every machine.

A walk over the syntax tree of every module of `sim.rules`, apart from those that set up and those that draw: scenarios
are turned into numbers there, once, in ordinary Python.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim.rules
from sim.clocks.compiled_rules import COUNTERPARTS
from sim.rules import portable

FOLDER = Path(sim.rules.__file__).parent
ORDINARY = {"__init__.py", "setup.py", "draws.py", "streams.py"}
RULES = sorted(path.name for path in FOLDER.glob("*.py") if path.name not in ORDINARY)
EXACT_MATH = {"sqrt", "fabs", "floor", "ceil", "inf", "nan", "pi"}
EXACT_IN = {"split": {"frexp"}, "power_of_two": {"ldexp"}}
"""Functions that take numbers apart; the compiled clock has counterparts of them."""
CALLABLE = {"min", "max", "abs", "int", "float", "range", "len"}
IMPORTED = ("math", "dataclasses", "typing", "collections.abc", "sim.rules")
LAYING_OUT = {"per", "lengths", "first_state", "first_diary"}
"""Functions that lay records out in ordinary Python; no rule may call them."""

NOT_COMPILED: dict[type[ast.AST], str] = {
    ast.Dict: "a dict", ast.DictComp: "a dict", ast.Set: "a set", ast.SetComp: "a set", ast.ListComp: "a comprehension",
    ast.GeneratorExp: "a generator", ast.Lambda: "a lambda", ast.Try: "try", ast.Raise: "raise", ast.With: "with",
    ast.NamedExpr: "a walrus", ast.Yield: "yield", ast.Await: "await", ast.JoinedStr: "an f-string",
    ast.LShift: "a bit shift", ast.RShift: "a bit shift", ast.BitAnd: "a bit operation", ast.BitOr: "a bit operation",
    ast.BitXor: "a bit operation", ast.Global: "global", ast.Nonlocal: "nonlocal", ast.AsyncFunctionDef: "async",
    ast.Starred: "a starred argument", ast.Delete: "del", ast.In: "in", ast.NotIn: "not in",
}


def faults(tree: ast.Module) -> Iterator[str]:
    """Say what in a module cannot be compiled, or may give other bits."""
    yield from _imports(tree)
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        if function.name in LAYING_OUT:
            continue
        known = CALLABLE | {n.name for n in tree.body if isinstance(n, ast.FunctionDef)} | _names_imported(tree)
        known -= LAYING_OUT
        yield from _signature(function)
        for node in (inner for part in function.body for inner in ast.walk(part)):
            what = NOT_COMPILED.get(type(node)) or _fault(node, known, EXACT_MATH | EXACT_IN.get(function.name, set()))
            if what:
                yield f"{function.name}: {what}"


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (f"imports {name}" for name in names if not name.startswith(IMPORTED))
        if isinstance(node, ast.ImportFrom) and node.module == "math":
            yield "imports a name from math"


def _names_imported(tree: ast.Module) -> set[str]:
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.asname or alias.name for node in imports for alias in node.names}


def _signature(function: ast.FunctionDef) -> Iterator[str]:
    arguments = function.args
    if arguments.kwonlyargs or arguments.vararg or arguments.kwarg or function.decorator_list:
        yield f"{function.name}: a keyword-only or starred argument, or a decorator"


def _fault(node: ast.AST, known: set[str], exact: set[str]) -> str:
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return "something nested"
        case ast.Pow():  # a function of the C library, like most of `math`; `variates.power` is what it says
            return "a power by **"
        case ast.Attribute(value=ast.Name(id="math"), attr=name) if name not in exact:
            return f"math.{name}"
        case ast.Call(func=ast.Name(id=name)) if name not in known:
            return f"a call of {name}"
        case ast.Call(keywords=[_, *_]):
            return "an argument by keyword"
        case ast.Constant(value=str() | bytes() | complex()) if not _is_docstring(node):
            return "a string"
    return ""


def _is_docstring(node: ast.AST) -> bool:
    return getattr(node, "documents", False)


def parsed(text: str) -> ast.Module:
    """Parse a module, marking its docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body[0].value.documents = True  # type: ignore[attr-defined]
    return tree


@pytest.mark.parametrize("module", RULES)
def test_rules_can_be_compiled_unchanged(module: str) -> None:
    assert list(faults(parsed((FOLDER / module).read_text(encoding="utf-8")))) == []


def test_every_process_is_among_the_modules_looked_at() -> None:
    assert {"attacks.py", "casualties.py", "talks.py", "variates.py", "uncertain.py", "rain.py", "diary.py",
            "outcomes.py", "processes.py", "portable.py", "normal.py"} <= set(RULES)
    assert len(RULES) >= 24


@pytest.mark.parametrize(("body", "fault"), [
    ("return x**2", "a power by **"), ("return x**-1", "a power by **"), ("return 2.0**x", "a power by **"),
    ("x **= x", "a power by **"), ("return pow(x, 2)", "a call of pow"), ("return {1: x}", "a dict"),
    ("return first_state(x)", "a call of first_state"),
    ("return {x}", "a set"), ("return {k: 1 for k in x}", "a dict"), ("return (lambda: x)()", "a lambda"),
    ("def inner(): return x\n    return inner()", "something nested"),
    ("try:\n        return x\n    except ValueError: return 0", "try"), ("raise ValueError", "raise"),
    ("return (y := x)", "a walrus"), ("return any(k > 0 for k in x)", "a generator"),
    ("return sum(x)", "a call of sum"),
    ("return all(x)", "a call of all"), ("return 1 << x", "a bit shift"), ("return x >> 1", "a bit shift"),
    ("return math.log(x)", "math.log"), ("return math.exp(x)", "math.exp"), ("return math.cos(x)", "math.cos"),
    ("return math.frexp(x)", "math.frexp"), ("return math.ldexp(x, 1)", "math.ldexp"),
    ("return math.lgamma(x)", "math.lgamma"), ("return math.pow(x, 2)", "math.pow"), ("return f'{x}'", "an f-string"),
    ("return 'x'", "a string"), ("return min(x, key=len)", "an argument by keyword"),
    ("return x in (1, 2)", "in"), ("return [k for k in x]", "a comprehension"), ("return np.exp(x)", ""),
])
def test_what_cannot_be_compiled_is_found(body: str, fault: str) -> None:
    source = ('"""A module."""\nimport math\nimport numpy as np\nfrom sim.rules.state import first_state\n\n'
              f'def rule(x):\n    """A rule."""\n    {body}\n')
    found = list(faults(parsed(source)))
    assert "imports numpy" in found
    assert not fault or f"rule: {fault}" in found


def test_the_state_of_a_phase_is_set_in_one_place() -> None:
    """The diary looks at the phases only when `set_phase` has counted a change."""
    set_in = [f"{module}: {function.name}" for module in RULES
              for function in ast.walk(ast.parse((FOLDER / module).read_text(encoding="utf-8")))
              if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
              if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
              and ast.unparse(node.value) == "s.phase"]
    assert set_in == ["state.py: set_phase"]


def test_nothing_of_the_math_module_comes_under_another_name() -> None:
    assert "imports a name from math" in list(faults(parsed("from math import exp")))


def test_functions_that_take_numbers_apart_are_never_compiled() -> None:
    assert {getattr(portable, name) for name in EXACT_IN} <= set(COUNTERPARTS)


def test_keyword_only_arguments_are_found() -> None:
    assert list(faults(parsed("def rule(x, *, y): return x"))) == [
        "rule: a keyword-only or starred argument, or a decorator"]
