"""Make the virtual environment and run Consult in it: what `./start` and `./test` call.

Standard library only, since it runs before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWEST = (3, 14)
BASE = "requirements.txt"
DEV = "requirements-dev.txt"
MEGABYTES = {BASE: 100, DEV: 190}


def main(arguments: list[str]) -> None:
    """Run the command that is named first with the arguments behind it; it never returns."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        stop(
            "Python 3.11 to 3.14 is needed; this is "
            + sys.version.split()[0]
            + " (choose one: PYTHON=python3.12 …)"
        )
    commands = {"start": start, "test": test}
    if not arguments or arguments[0] not in commands:
        stop("use ./start or ./test")
    commands[arguments[0]](arguments[1:])


def start(arguments: list[str]) -> NoReturn:
    """Install what the program needs, then let the program set itself up and serve."""
    install(BASE)
    become("-m", "flask", "--app", "wsgi", "serve", *arguments)


def test(arguments: list[str]) -> NoReturn:
    """Install what the tests need too, then run them; arguments go to pytest."""
    install(BASE, DEV)
    become("-m", "tests", *arguments)


def install(*names: str) -> None:
    """Fill the virtual environment from the pinned files, unless it holds just that."""
    files = [ROOT / name for name in names]
    stamp = VENV / ".installed"
    content = b"".join(file.read_bytes() for file in files)
    made_for = sys.version + str(ROOT)
    wanted = hashlib.sha256(content + made_for.encode()).hexdigest()
    installed = stamp.read_text().split() if stamp.exists() and PYTHON.exists() else []
    if wanted in installed:
        return
    make_environment(keep=bool(installed))
    size = sum(MEGABYTES[name] for name in names)
    say(f"Installing into .venv (once; about {size} MB to download) …")
    requirements = [part for file in files for part in ("-r", str(file))]
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run(
        [*pip, "--require-hashes", "--only-binary", ":all:", *requirements]
    ).returncode:
        stop(
            "installing failed (see above); nothing was started. "
            "Run it again when the network is there."
        )
    # What the tests need holds what the program needs, so both are then installed.
    base = hashlib.sha256((ROOT / BASE).read_bytes() + made_for.encode()).hexdigest()
    stamp.write_text(" ".join(sorted({wanted, base})))


def make_environment(*, keep: bool) -> None:
    """Make `.venv` anew, unless it is whole and only its packages are out of date."""
    if keep and PYTHON.exists():
        return
    uv = shutil.which("uv")
    try:
        import ensurepip  # noqa: F401 - a bare Debian lacks it, and venv then leaves a broken folder
        import venv  # noqa: F401
    except ImportError:
        if not uv:
            stop(
                "this Python has no `ensurepip`. "
                "On Debian and Ubuntu: apt install python3-venv (or install `uv`)"
            )
    shutil.rmtree(VENV, ignore_errors=True)
    made = (
        [uv, "venv", "-q", "--seed", "--python", sys.executable, VENV]
        if uv
        else [sys.executable, "-m", "venv", VENV]
    )
    say("Making the virtual environment .venv …")
    if subprocess.run([str(part) for part in made]).returncode:
        stop("the virtual environment .venv could not be made (see above)")


def become(*arguments: str) -> NoReturn:
    """Turn into the environment's Python, so that Ctrl-C and exit codes are the program's."""
    os.chdir(ROOT)
    os.execv(PYTHON, [str(PYTHON), *arguments])


def say(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)


def stop(reason: str) -> NoReturn:
    """End with one line that says why."""
    sys.exit(f"consult: {reason}")


if __name__ == "__main__":
    main(sys.argv[1:])
