"""``python -m sim`` and ``drawdown-sim``: the command line."""

import os
import sys


def start() -> None:
    """Run the command line."""
    # nothing here is linear algebra; and where memory is short, OpenBLAS waits for ever for what its threads want
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from sim.cli.main import main

        main()
    except KeyboardInterrupt:  # before any command had begun
        print("Stopped.", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    start()
