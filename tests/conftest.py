"""What several tests share: the rules, and ``../shared`` where it is there."""

from __future__ import annotations

from pathlib import Path

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
