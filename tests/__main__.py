"""Run the suite: what `./test` calls. `--all` adds the long part; the rest goes to pytest."""

import os
import shutil
import sys
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 2 * 10**9


def main(arguments: list[str]) -> int:
    everything = "--all" in arguments
    given = [argument for argument in arguments if argument != "--all"]
    chosen = [] if everything else ["-m", "not long"]
    if not any(argument.startswith("-n") for argument in given):
        # Half of a test's time is waiting, so there are twice as many workers as cores.
        chosen += ["-n", str(min(8, 2 * (os.cpu_count() or 1))), "--dist", "worksteal"]
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    return pytest.main([*chosen, *given])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
