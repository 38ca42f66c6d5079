"""canonical: the bytes that a record is held to, JSON that is always the same and digests of rule files.

Nothing but the standard library, and nothing of this package, is needed here: the wheel's build reads this file alone to
write the manifest beside the rules (``hatch_build.py``), so that there is one definition of the digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

#: The manifest's name beside the rules, and in a bundle.
MANIFEST = "manifest.json"
MANIFEST_SCHEMA = "benefits-rules/rules/1"


def canonical_json(data: Any) -> str:
    """Plain data as JSON that is the same text for the same data; read and written again, it is the same again."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over every rule file's path and bytes, in the order of the paths: ``sha256:`` and 64 digits."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def manifest(files: Mapping[str, bytes], version: str) -> bytes:
    """What a set of rule files consists of, file by file, as canonical JSON; ``files`` by path below the rules' folder."""
    listed = [{"path": p, "size": len(files[p]), "sha256": hashlib.sha256(files[p]).hexdigest()} for p in sorted(files)]
    said = {"schema": MANIFEST_SCHEMA, "version": version, "digest": digest(files), "files": listed}
    return canonical_json(said).encode() + b"\n"
