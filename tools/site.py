"""Build the documentation as a site: pages, notebooks as executed, the Python interface, a gallery of living pages.

python -m tools.site            # into build/site, whose index.html opens from disk; needs the extras "docs" and "web"
"""

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from inspect import getmembers, isfunction
from pathlib import Path
from types import ModuleType
from typing import Any

from tools.page import WEB, install

ROOT = Path(__file__).parents[1]
CONFIG = Path(__file__).with_name("mkdocs.yml")
PAGES, SITE = ROOT / "build" / "pages", ROOT / "build" / "site"
STARTS = [*map(ROOT.joinpath, ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *sorted((ROOT / "docs").glob("*.md"))]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCENARIOS = sorted((ROOT / "scenarios").glob("*.toml"))
COMPARED = ("gradual", "fast", "slow")
CODE = {".toml": "toml", ".py": "python"}
"""What a browser would rather save than show becomes a page."""
LINK = re.compile(r"\]\(([^)#:\s]+)(#[^)\s]*)?\)")
MATHS = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)


def gather() -> None:
    """Write the pages, and every file of the project that they lead to, in the same folders as here."""
    waiting, known = [*STARTS, *SCENARIOS], set(NOTEBOOKS)
    while waiting:
        file = waiting.pop()
        if file in known:
            continue
        known.add(file)
        place = PAGES / file.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".md":
            text = file.read_text(encoding="utf-8")
            waiting += [path for path in linked(file, text) if path.is_file()]
            place.write_text(LINK.sub(shown, text), encoding="utf-8")
        elif file.suffix in CODE:
            text = file.read_text(encoding="utf-8")
            place.with_name(f"{place.name}.md").write_text(
                f"# {file.name}\n\n```{CODE[file.suffix]}\n{text}```\n", encoding="utf-8")
        else:
            shutil.copy(file, place)


def linked(page: Path, text: str) -> list[Path]:
    """Return the files that a page leads to."""
    return [(page.parent / match[1]).resolve() for match in LINK.finditer(text)]


def shown(link: re.Match[str]) -> str:
    """Return a link to the page that shows a file, if one does."""
    path, anchor = link[1], link[2] or ""
    return f"]({path}.md{anchor})" if Path(path).suffix in {*CODE, ".ipynb"} else link[0]


def execute(notebook: Path) -> None:
    """Run a notebook from top to bottom, and write it as a page with all that it shows."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import MarkdownExporter

    content = nbformat.read(notebook, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("notebooks", "scenarios"):
            shutil.copytree(ROOT / name, Path(folder, name))
        where = {"metadata": {"path": str(Path(folder, "notebooks"))}}
        NotebookClient(content, timeout=None, resources=where).execute()
    pictures = f"{notebook.stem}_files"
    text, made = MarkdownExporter().from_notebook_node(content, {"output_files_dir": pictures, "unique_key": "shown"})
    place = PAGES / "notebooks" / f"{notebook.name}.md"
    (place.parent / pictures).mkdir(parents=True, exist_ok=True)
    place.write_text(LINK.sub(shown, text), encoding="utf-8")
    for name, picture in made["outputs"].items():
        (place.parent / name).write_bytes(picture)


def gallery() -> None:
    """Write the living page of every shipped scenario and of a comparison, and a page that leads to them."""
    from sim.scenario.load import load

    folder = PAGES / "gallery"
    folder.mkdir(parents=True)
    rows = []
    for file in SCENARIOS:
        scenario = load(file).scenario
        rows.append(f"| [{scenario.title}]({file.stem}.html) | {scenario.question} | "
                    f"[{file.name}](../scenarios/{file.name}.md) |")
    pages = {file.stem: [file] for file in SCENARIOS}
    pages["comparison"] = [ROOT / "scenarios" / f"{name}.toml" for name in COMPARED]
    for name, sources in pages.items():
        run("sim", "report", *map(str, sources), "--out", str(folder / f"{name}.html"), "--quiet")
    (folder / "README.md").write_text("\n".join([
        "# Gallery", "",
        "The living page of every scenario that comes with the program. Each is one file that opens from disk and can "
        "be mailed. Move a lever, and it plays the scenario again in the browser.", "",
        f"[A comparison of {', '.join(COMPARED[:-1])} and {COMPARED[-1]}](comparison.html) shows what two or more "
        "scenarios on one page look like.", "",
        "| page | question | file |", "| --- | --- | --- |", *rows, ""]), encoding="utf-8")


def run(module: str, *arguments: str) -> None:
    """Run a module of Python as a command."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL,
                   env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})


def reference() -> None:
    """Write the page of the Python interface, which mkdocstrings fills from the docstrings."""
    import sim
    from sim import figures

    offered = {f"sim.{name}": getattr(sim, name) for name in sorted(sim.__all__, key=str.lower) if name != "figures"}
    drawn = {}
    for name in figures.__all__:
        found = getattr(figures, name)
        inside = getmembers(found, isfunction) if isinstance(found, ModuleType) else []
        own = {f"{name}.{inner}": one for inner, one in inside if one.__module__ == found.__name__ and inner[0] != "_"}
        drawn |= {f"sim.figures.{name}": one for name, one in (own or {name: found}).items()}
    (PAGES / "reference.md").write_text("\n\n".join([
        "# Python interface", about(sim), *map(described, offered, offered.values()),
        "# Figures", about(figures), *map(described, drawn, drawn.values()), ""]), encoding="utf-8")


def about(module: ModuleType) -> str:
    """Return what a module says of itself."""
    return (module.__doc__ or "").replace("``", "`").strip()


def described(name: str, what: Any) -> str:
    """Return the line for which mkdocstrings describes a function or class, by the name under which it is offered."""
    return f"::: {what.__module__}.{what.__qualname__}\n    options:\n      heading: {name}\n      toc_label: {name}"


def build() -> None:
    """Make the site of the pages; a warning is an error."""
    from latex2mathml.converter import convert

    install()
    (PAGES / "assets").mkdir()
    shutil.copy(CONFIG.with_name("site.css"), PAGES / "assets")
    shutil.copy(WEB / "node_modules" / "iframe-worker" / "shim" / "index.js", PAGES / "assets" / "iframe-worker.js")
    run("mkdocs", "build", "--quiet", "--strict", "--config-file", str(CONFIG))
    (SITE / "404.html").unlink()  # for servers only

    def maths(found: re.Match[str]) -> str:
        return convert(html.unescape(found[2]), display="inline" if found[1] == "span" else "block")

    for page in SITE.rglob("*.html"):
        if SITE / "gallery" not in page.parents or page.name == "index.html":
            page.write_text(MATHS.sub(maths, page.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Build all anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    gather()
    with ProcessPoolExecutor() as executor:
        for _ in executor.map(execute, NOTEBOOKS):
            pass
    gallery()
    reference()
    build()
    print(f"The site is ready: {SITE / 'index.html'}")


if __name__ == "__main__":
    main()
