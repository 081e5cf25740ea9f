"""Compile the rules into the package: as bitcode for any processor, and as a WebAssembly module.

python -m tools.build            # after a change to what is compiled; takes a minute and needs Numba
python -m tools.build --check    # only tell whether the package holds what would be built
"""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "sim" / "clocks" / "programs"
WEB = "rules.wasm"
COMPILERS = "compilers.txt"
"""The file that says with which compilers the programs were made; others give other bytes, though the same bits."""
SETTINGS = {
    "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0",
    "PYTHONHASHSEED": "0", "PYTHONPATH": str(FOLDER.parents[2]), "TOOLS_BUILD": "1"}
"""For any processor, and the same file from the same sources."""


def build() -> dict[str, bytes]:
    """Return every program, by the name of its file."""
    from sim.clocks.compiled import play_rows
    from sim.clocks.shipped import packed, place, source_hash
    from sim.clocks.tally import compiled_fold
    from sim.evidence import likelihood, simulate  # noqa: F401 - all modules with loops
    from sim.evidence.loops import PROGRAMS
    from tools.web import module_of

    made = {program: program.bitcode() for program in (play_rows, compiled_fold, *PROGRAMS)}
    files = {place(program.name).name: packed(code, source_hash(program.sources)) for program, code in made.items()}
    in_pages = {program.name: made[program] for program in (play_rows, compiled_fold)}
    return files | {WEB: module_of(in_pages, source_hash(play_rows.sources)), COMPILERS: compilers().encode()}


def compilers() -> str:
    """Return what compiles here, with versions."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return f"{python}, Numba {version('numba')}, llvmlite {version('llvmlite')}\n"


def main(check: bool) -> int:
    """Write the programs, or compare them with those that are there."""
    made_with = (FOLDER / COMPILERS).read_text(encoding="utf-8") if (FOLDER / COMPILERS).exists() else ""
    if check and made_with != compilers():
        print(f"Not compared byte by byte: made with {made_with.strip()}; here is {compilers().strip()}. "
              "Whether they fit the sources, tests/clocks/test_shipped.py tells.")
        return 0
    differing = []
    for name, content in build().items():
        path = FOLDER / name
        if path.exists() and path.read_bytes() == content:
            continue
        differing.append(name)
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    if check and differing:
        print(f"Not what these sources give: {', '.join(differing)}. Run: python -m tools.build")
    return 1 if check and differing else 0


if __name__ == "__main__":
    if "TOOLS_BUILD" in os.environ:
        sys.exit(main("--check" in sys.argv))
    sys.exit(subprocess.run([sys.executable, "-m", "tools.build", *sys.argv[1:]], env=os.environ | SETTINGS,
                            cwd=FOLDER.parents[2]).returncode)
