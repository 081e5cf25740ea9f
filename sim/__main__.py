"""``python -m sim``: the command line."""

import sys

if __name__ == "__main__":
    try:
        from sim.cli import main

        main()
    except KeyboardInterrupt:  # before any command had begun
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
