"""Deliveries in every format that has a reader, where there were two."""

from migrations.scripts import run_folder

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the kinds of delivery that a receipt may be of."""
    run_folder("0006_readers")


def downgrade() -> None:
    """Refuse: receipts of the new kinds have no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0006: restore a backup instead"
    raise RuntimeError(message)
