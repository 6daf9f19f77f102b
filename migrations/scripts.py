"""Running a folder of SQL that was written by hand."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

SQL = Path(__file__).parent / "sql"


def run_folder(name: str) -> None:
    """Run the SQL files of a folder, in the order of their names.

    A prepared statement holds one command, so each file goes to the driver as a script.
    """
    bind = op.get_bind()
    bind.execute(text("select 1"))
    driver = bind.connection.dbapi_connection
    if driver is None:
        message = "the connection was closed"
        raise RuntimeError(message)
    for path in sorted((SQL / name).glob("*.sql")):
        script = path.read_text(encoding="utf-8")
        driver.run_async(lambda connection, script=script: connection.execute(script))
