"""Where the originals lie, when they are there."""

from pathlib import Path

import pytest

ORIGINALS = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def originals() -> Path:
    """Return the folder of the originals, or skip with the reason."""
    if not (ORIGINALS / "directory").is_dir():
        pytest.skip("the original files (../shared/data) are not part of the repository")
    return ORIGINALS
