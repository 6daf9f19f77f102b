"""The foundation: every table of the walking skeleton with its row-level security.

The SQL is read in the order of its file names, so that each file can be read on its own.
"""

from alembic import op
from sqlalchemy import text

from migrations.scripts import run_folder

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything, one file after the other."""
    run_folder("0001_foundation")


def downgrade() -> None:
    """Drop everything the foundation made; the roles stay, for they belong to the cluster."""
    op.get_bind().execute(text("drop schema if exists sec, reach, vault cascade"))
    op.get_bind().execute(text("drop owned by schakel_owner cascade"))
