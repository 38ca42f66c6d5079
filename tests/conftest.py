"""What several tests share: the rules, and ``../shared`` where it is there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benefits_rules import Rules, load_rules

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The oracle's households and the acceptance cases; a test that needs them is skipped, visibly, without."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def compare(shared: Path) -> ModuleType:
    """The script that holds our answers against the oracle's, as a module."""
    sys.path.insert(0, str(shared / "oracle"))
    spec = importlib.util.spec_from_file_location("compare", shared / "oracle" / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
