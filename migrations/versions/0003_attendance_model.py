"""What guardians notify and request, and what else attendance rests on beside the marks."""

from migrations.scripts import run_folder

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, who reaches them, and who may write them."""
    run_folder("0003_attendance_model")


def downgrade() -> None:
    """Refuse: notices and decisions on leave have no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0003: restore a backup instead"
    raise RuntimeError(message)
