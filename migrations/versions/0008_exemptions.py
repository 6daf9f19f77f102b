"""The office's own records: exemptions and non-enrolment, each with its row-level security."""

from migrations.scripts import run_folder

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, who reaches them, and who may write them."""
    run_folder("0008_exemptions")


def downgrade() -> None:
    """Refuse: exemptions have no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0008: restore a backup instead"
    raise RuntimeError(message)
