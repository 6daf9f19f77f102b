"""Signals of every kind, guarded by what they tell; and the sides of absence that tiers read."""

from migrations.scripts import run_folder

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let each signal name its class and its marks, and add the weekly sums by dimension."""
    run_folder("0004_signals")


def downgrade() -> None:
    """Refuse: signals that tell of illness have no class to stand under before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0004: restore a backup instead"
    raise RuntimeError(message)
