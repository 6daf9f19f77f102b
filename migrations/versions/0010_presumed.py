"""What a school presumes of an absence, apart from what it established."""

from migrations.scripts import run_folder

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is presumed, with its row-level security."""
    run_folder("0010_presumed")


def downgrade() -> None:
    """Refuse: what was presumed has no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0010: restore a backup instead"
    raise RuntimeError(message)
