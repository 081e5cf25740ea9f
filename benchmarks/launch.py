"""Runs a command and prints, as JSON, the seconds it took and its peak memory in megabytes.

python launch.py [NAME=VALUE...] COMMAND...

A program of its own, because a process is charged with the memory of the one that starts it; this one is small.
"""

import json
import os
import subprocess
import sys
import time


def main(words: list[str]) -> int:
    given = 0
    while "=" in words[given]:
        given += 1
    environment = os.environ | dict(word.split("=", 1) for word in words[:given])
    started = time.perf_counter()
    process = subprocess.Popen(words[given:], env=environment, stdout=subprocess.DEVNULL)
    kilobytes = 0.0
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        kilobytes = usage.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    code = process.wait()
    print(json.dumps([time.perf_counter() - started, kilobytes / 1024]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
