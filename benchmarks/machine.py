"""On which machine, and with which versions, something was measured."""

import os
import platform
import shutil
import subprocess
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path

from measure import markdown


def processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def system() -> str:
    with suppress(OSError):
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.machine()}"
    return f"{platform.system()} {platform.release()}, {platform.machine()}"


def cores() -> str:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} usable"


def load() -> str:
    return f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "not known here"


def compiler() -> str:
    found = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if found is None:
        return "none"
    return subprocess.run([found, "--version"], capture_output=True, text=True).stdout.splitlines()[0]


def machine() -> str:
    """Return a table; to be asked for before anything is measured, since it says how busy the machine is."""
    today = date.today()
    rows = [("date", f"{today.day} {today:%B %Y}"), ("processor", processor()), ("cores", cores()),
            ("load before the run, processes", load()), ("system", system()), ("Python", platform.python_version()),
            *((name, version(name)) for name in ("llvmlite", "numba", "numpy", "simpy")), ("C compiler", compiler())]
    return markdown(("measured on", ""), rows).replace("---:", "---")
