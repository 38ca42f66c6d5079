"""The wheel's build: the manifest of the rules beside them, so that an installed copy is accounted for file by file."""

from __future__ import annotations

import importlib.util
import re
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent


class ManifestHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``benefits_rules/rules/manifest.json`` to a wheel; an editable install reads the checkout, whose pages change."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        place = importlib.util.spec_from_file_location("canonical", ROOT / "src" / "benefits_rules" / "canonical.py")
        assert place is not None and place.loader is not None
        canonical = importlib.util.module_from_spec(place)
        place.loader.exec_module(canonical)
        files = {p.relative_to(ROOT / "rules").as_posix(): p.read_bytes() for p in (ROOT / "rules").rglob("*.yaml")}
        said = re.search(r'RULES = "([^"]+)"', (ROOT / "src" / "benefits_rules" / "version.py").read_text())
        assert said is not None
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / canonical.MANIFEST
        path.write_bytes(canonical.manifest(files, said[1]))
        build_data["force_include"][str(path)] = f"benefits_rules/rules/{canonical.MANIFEST}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.folder.cleanup()
