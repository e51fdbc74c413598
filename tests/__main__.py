"""Run the suite: what `./test` calls. `--all` adds the long part; the rest goes to pytest."""

import os
import sys

import pytest


def main(arguments: list[str]) -> int:
    everything = "--all" in arguments
    given = [argument for argument in arguments if argument != "--all"]
    chosen = [] if everything else ["-m", "not long"]
    if not any(argument.startswith("-n") for argument in given):
        chosen += ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]
    return pytest.main([*chosen, *given])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
