"""Versions of marks that were moved to another pupil are kept for the school alone."""

from migrations.scripts import run_folder

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark the versions that were moved, and keep them from families."""
    run_folder("0011_moved_marks")


def downgrade() -> None:
    """Refuse: the schema before shows a family marks that were another child's.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0011: restore a backup instead"
    raise RuntimeError(message)
