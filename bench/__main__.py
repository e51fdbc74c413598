"""Measure and print: `python -m bench [requests] [opening] [start]`; without a name all of it.

Each line is a ratio of two things measured in turn in this run, so that it means the same on
any machine; the bar beside it is what the project has promised itself.
"""

import sys

from bench import opening, requests, start
from bench.line import Line

PARTS = {"requests": requests.measure, "opening": opening.measure, "start": start.measure}


def main(names: list[str]) -> int:
    """Run the named parts and say what was reached; 1 where a bar is missed."""
    if unknown := set(names) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    lines: list[Line] = []
    for name in names or PARTS:
        for line in PARTS[name]():
            print(line, flush=True)
            lines.append(line)
    return 0 if all(line.reached for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
