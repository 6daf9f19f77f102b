"""The whole policy: the facts behind every tie, and the database's own account of reach."""

from migrations.scripts import run_folder

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the facts, then what they reach, then who may see and make them."""
    run_folder("0002_policy")


def downgrade() -> None:
    """Refuse: consents, referrals and measures have no place in the schema before.

    Raises:
        RuntimeError: always; a backup is the way back.
    """
    message = "there is no way back from 0002: restore a backup instead"
    raise RuntimeError(message)
