"""The foundation: every table of the walking skeleton with its row-level security.

The SQL is read in the order of its file names, so that each file can be read on its own.
"""

from pathlib import Path

from alembic import op
from sqlalchemy import text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0001_foundation"


def upgrade() -> None:
    """Create everything, one file after the other.

    A prepared statement holds one command, so each file goes to the driver as a script.
    """
    bind = op.get_bind()
    bind.execute(text("select 1"))
    driver = bind.connection.dbapi_connection
    if driver is None:
        message = "the connection was closed"
        raise RuntimeError(message)
    for path in sorted(SQL.glob("*.sql")):
        script = path.read_text(encoding="utf-8")
        driver.run_async(lambda connection, script=script: connection.execute(script))


def downgrade() -> None:
    """Drop everything the foundation made; the roles stay, for they belong to the cluster."""
    op.get_bind().execute(text("drop schema if exists sec, reach, vault cascade"))
    op.get_bind().execute(text("drop owned by schakel_owner cascade"))
