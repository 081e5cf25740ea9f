"""Each folder of `sim` imports only from those before it; figures are fetched when something is drawn."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim

FOLDER = Path(sim.__file__).parent
LAYERS = [{"scenario"}, {"rules"}, {"model"}, {"clocks"}, {"estimate"}, {"play"}, {"words"}, {"comparison", "study"},
          {"evidence"}, {"figures"}, {"report"}, {"api"}, {"cli"}]
"""From the ground up; what stands side by side does not know of the other. Modules outside folders lie above them."""
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted(path for folder in RANK for path in (FOLDER / folder).rglob("*.py"))


def faults(folder: str, tree: ast.Module) -> Iterator[str]:
    """Say what a module in a folder imports from above it; inside a function it may draw."""
    for node, when in _imports(tree, "at once"):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        if names == ["sim"]:
            names = [f"sim.{alias.name}" for alias in node.names]
        for name in names:
            package, _, inner = name.partition(".")
            other = inner.partition(".")[0]
            below = RANK.get(other, len(LAYERS)) < RANK[folder]
            if package == "sim" and not (below or other == folder or (when == "when called" and other == "figures")):
                yield f"imports {name} {when}"


def _imports(tree: ast.AST, when: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Yield imports and whether they are made at once or when a function is called; not those for type checkers."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, when
        elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _imports(node, "when called" if isinstance(node, ast.FunctionDef) else when)


def test_every_folder_has_its_place() -> None:
    assert {path.parent.name for path in FOLDER.glob("*/__init__.py")} == RANK.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_nothing_is_imported_from_above(path: Path) -> None:
    folder = path.relative_to(FOLDER).parts[0]
    assert list(faults(folder, ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("folder", ["scenario", "study"])
def test_no_import_goes_round_in_a_circle(folder: str) -> None:
    """Not even one that is made when a function is called, or by a type checker only."""
    modules = {f"sim.{folder}.{path.stem}": path for path in (FOLDER / folder).glob("*.py")}
    order = TopologicalSorter({name: imported(ast.parse(path.read_text(encoding="utf-8"))) & modules.keys()
                               for name, path in modules.items()})
    assert set(order.static_order()) == modules.keys()  # raises if there is a circle


def test_circles_are_found() -> None:
    a = ast.parse("def load():\n    from sim.study import b")
    b = ast.parse("if TYPE_CHECKING:\n    from sim.study.a import A")
    with pytest.raises(CycleError):
        TopologicalSorter({"sim.study.a": imported(a), "sim.study.b": imported(b)}).prepare()


def imported(tree: ast.AST) -> set[str]:
    """Return whatever could be a module that a module imports, at once or ever."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name for node in nodes for name in (node.module or "", *(f"{node.module}.{a.name}" for a in node.names))}


@pytest.mark.parametrize(("source", "found"), [
    ("from sim.figures.page import headed", ["imports sim.figures.page at once"]),
    ("def draw():\n    from sim.figures.page import headed", []),
    ("def play():\n    from sim.evidence import fit", ["imports sim.evidence when called"]),
    ("from sim.comparison.changes import changes", ["imports sim.comparison.changes at once"]),
    ("import sim.cli.main", ["imports sim.cli.main at once"]), ("from sim import api", ["imports sim.api at once"]),
    ("if TYPE_CHECKING:\n    from sim.figures import page", []), ("from sim.study.study import Goal", []),
    ("try:\n    from sim.cli.terminal import print_table\nexcept ImportError:\n    pass", [
        "imports sim.cli.terminal at once"]),
    ("from sim.words import labels\nimport numpy", []),
])
def test_imports_from_above_are_found(source: str, found: list[str]) -> None:
    assert list(faults("study", ast.parse(source))) == found
