"""Installing the key under which claims are believed; the owner alone may, after migrating."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.database import pads


async def install_claims_key(connection: AsyncConnection, key: bytes) -> None:
    """Store the pads of the claims key; the key itself stays with the service.

    Args:
        connection: logged in as `schakel_migrate`.
        key: 32 random bytes.
    """
    inner, outer = pads(key)
    await connection.execute(text("set local role schakel_owner"))
    await connection.execute(
        text(
            "insert into sec.claims_key (inner_pad, outer_pad) values (:inner, :outer)"
            " on conflict (singleton) do update set inner_pad = :inner, outer_pad = :outer"
        ),
        {"inner": inner, "outer": outer},
    )
