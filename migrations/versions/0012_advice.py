"""Advice to schools on their absence policy, with its row-level security."""

from migrations.scripts import run_folder

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, who reaches it, and who may write it."""
    run_folder("0012_advice")


def downgrade() -> None:
    """Refuse: advice has no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0012: restore a backup instead"
    raise RuntimeError(message)
