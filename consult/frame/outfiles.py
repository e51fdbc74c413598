"""Files that a command was asked to write: for their owner alone, whole or not at all."""

import os
from pathlib import Path

from consult.errors import BadInput

PRIVATE = 0o600


class NotWritten(BadInput):
    """The file cannot be written, and nothing of it is left."""


def write(out: Path, content: bytes) -> None:
    """Write a file that only its owner may read, also where one was before.

    Raises `NotWritten`. What is no file, such as a pipe, is written straight.
    """
    half = out.with_name(f".{out.name}.half")
    try:
        if out.exists() and not out.is_file():
            out.write_bytes(content)
            return
        half.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(half, flags, PRIVATE), "wb") as file:
            file.write(content)
        half.replace(out)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise NotWritten(f"{out} cannot be written: {error.strerror}") from error
