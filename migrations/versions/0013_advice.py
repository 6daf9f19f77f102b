"""Advice to schools on their absence policy, with its row-level security."""

from migrations.scripts import run_folder

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, who reaches it, and who may write it."""
    run_folder("0013_advice")


def downgrade() -> None:
    """Refuse: advice has no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0013: restore a backup instead"
    raise RuntimeError(message)
