"""Safe aggregates: periods that are closed and locked, exact tables, and releases written once."""

from migrations.scripts import run_folder

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add periods and publications in the place of the provisional figures."""
    run_folder("0012_publications")


def downgrade() -> None:
    """Refuse: what was published stays published.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0012: restore a backup instead"
    raise RuntimeError(message)
