"""shelf: a kept session in a file: written where somebody says and readable by them alone, read back, never half written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benefits_rules.errors import RequestError
from benefits_rules.session import MAX_BYTES


def put(text: str, path: Path) -> None:
    """Write a session, in place of what stands there. The file is its owner's alone. Raises :class:`OSError`."""
    if path.exists() and not path.is_file():
        raise OSError
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")  # made with mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def take(path: str) -> bytes:
    """The text of a kept session, at most one byte more than it may have. Raises :class:`RequestError`."""
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        raise RequestError("there is no such file; give the path of a kept interview") from None
