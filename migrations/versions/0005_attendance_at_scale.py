"""Attendance at scale: versions of weeks, records of deletions, partitions by school year."""

from migrations.scripts import run_folder

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables anew, move what there is, and guard them as before."""
    run_folder("0005_attendance_at_scale")


def downgrade() -> None:
    """Refuse: the versions of weeks have no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0005: restore a backup instead"
    raise RuntimeError(message)
