"""Fixtures of the forge's tests."""
import os
import pathlib

import pytest

_CLONE = pathlib.Path(__file__).resolve().parents[4]


@pytest.fixture(scope="session")
def shared() -> pathlib.Path:
    """The development assets beside the clone. Without them a test is skipped, and fails when CI=true."""
    folder = pathlib.Path(os.environ.get("FACEANON_SHARED", _CLONE.parent / "shared"))
    if not folder.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"needs the development assets in {folder}")
    return folder
