"""The outbox: what changed, for the change feed of whoever may see it."""

from migrations.scripts import run_folder

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the outbox with its row-level security."""
    run_folder("0007_outbox")


def downgrade() -> None:
    """Refuse: whoever follows the feed would not know what it missed.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0007: restore a backup instead"
    raise RuntimeError(message)
