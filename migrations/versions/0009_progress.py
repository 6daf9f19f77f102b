"""How far a delivery has come, readable while it is under way."""

from migrations.scripts import run_folder

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the progress of deliveries with its row-level security."""
    run_folder("0009_progress")


def downgrade() -> None:
    """Refuse: a delivery under way would tell of itself nowhere.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0009: restore a backup instead"
    raise RuntimeError(message)
