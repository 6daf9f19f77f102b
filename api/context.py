"""What a resolver has at hand: who asks, one transaction, and the way to read and to act.

A query is one transaction whose root fields run one after another, for a connection is never
shared between concurrent resolvers. It is committed, with its traces, before the answer leaves;
if that fails nothing is released.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from strawberry.types import Info

from api import ids
from api.binding import TYPE, VIEWS
from api.core import core_info
from api.direct import finished
from api.errors import ApiError, ErrorCode
from api.selection import Asker, asked
from domain import clock
from domain.accountability.services import budget_spent
from domain.database import Ask, Database, Login, login_for
from domain.errors import BudgetSpent, Conflict, Invalid, NotFound, Problem
from domain.reading import Asked, Page, Reader, Root, Selection, View
from permissions.vocabulary import Actor

_PROBLEMS: Mapping[str, Callable[[], Problem]] = {
    "23505": lambda: Conflict("This was done already, or meanwhile. Read it again."),
    "23P01": lambda: Conflict("This overlaps with what is registered. Read it again."),
    "40001": lambda: Conflict("Someone changed this meanwhile. Read it again."),
    "40P01": lambda: Conflict("Someone changed this meanwhile. Read it again."),
    "42501": NotFound,
    "23503": NotFound,
    "23514": lambda: Invalid("A value lies outside what is allowed. Correct the input."),
}


@dataclass(slots=True)
class Context:
    """One request; `until` is when its token expires."""

    database: Database
    cursor_key: bytes
    request: Ask | None
    until: datetime | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _connection: AsyncConnection | None = None
    _over: bool = False
    failure: BaseException | None = None

    @property
    def actor(self) -> Actor:
        """Return who asks.

        Raises:
            ApiError: nobody in particular does; everything but the directory needs a token.
        """
        return self.asking.actor

    @property
    def asking(self) -> Ask:
        """Return the request; see `actor`."""
        if self.request is None:
            raise ApiError(
                ErrorCode.UNAUTHENTICATED,
                "This needs an access token. Send one in the Authorization header.",
            )
        return self.request

    @property
    def reader(self) -> Reader:
        """Return the reader of this request."""
        return Reader(self.database, self.cursor_key, self.request)

    # --- reading ---------------------------------------------------------------------

    async def page(
        self,
        info: Info[Any, Any],
        view: View,
        *,
        where: Mapping[str, Any] | None = None,
        starts_with: tuple[str, str] | None = None,
    ) -> object:
        """Read the page of a view that a root field was asked for.

        Raises:
            Invalid: a cursor that is not valid here.
        """
        field = core_info(info)
        wanted = asked(field, "")
        found = await self._read(view, wanted, where, starts_with)
        return finished(field, wanted.selection, found)

    async def rows(self, view: View, wanted: Asked, where: Mapping[str, Any]) -> Page:
        """Read a page of a view with what is needed of it, whatever the root field was asked for.

        Raises:
            TypeError: what was read is no page; a mistake in code.
        """
        found = await self._read(view, wanted, where, None)
        if not isinstance(found, Page):
            message = f"{view.name}: not a page"
            raise TypeError(message)
        return found

    async def one(
        self, info: Info[Any, Any], view: View, type_name: str, key: UUID | None
    ) -> object:
        """Read the one row with a key; None when it is not there for this actor."""
        field = core_info(info)
        wanted = asked(field, type_name)
        found = await self._row(view, type_name, key, wanted)
        return None if found is None else finished(field, wanted.selection, found)

    async def found(
        self, info: Info[Any, Any], view: View, type_name: str, where: Mapping[str, Any]
    ) -> object:
        """Read the one row that columns of its own class name; None when there is none here."""
        field = core_info(info)
        wanted = asked(field, type_name)
        row = await self._where(view, type_name, where, wanted)
        return None if row is None else finished(field, wanted.selection, row)

    async def _row(
        self, view: View, type_name: str, key: UUID | None, wanted: Asked
    ) -> dict[str, Any] | None:
        if not view.public:
            _ = self.asking  # anonymous is refused before anything is looked up
        return None if key is None else await self._where(view, type_name, {"id": key}, wanted)

    async def _where(
        self, view: View, type_name: str, where: Mapping[str, Any], wanted: Asked
    ) -> dict[str, Any] | None:
        found = await self._read(view, wanted, where, None, paged=False)
        return {TYPE: type_name} | found if isinstance(found, dict) else None

    async def by_id(
        self,
        info: Info[Any, Any],
        view: View,
        type_name: str,
        id: object,
        *,
        kind: str | None = None,
    ) -> object:
        """Read the thing with an id; an id of another kind is answered like an absent thing."""
        found, key = ids.split(str(id))
        return await self.one(info, view, type_name, key if found == (kind or view.name) else None)

    async def again(
        self, info: Info[Any, Any], view: View, type_name: str, id: object, *, besides: str
    ) -> dict[str, Any] | None:
        """Read the thing with an id as it is now, as a whole request of its own.

        For subscriptions, which outlive the moment at which they began. `besides` is a field of
        the view to be read also, under a key that no answer has: its name after a stroke.

        Raises:
            BaseException: as `finish`; nothing is released then.
        """
        request = replace(self.asking, moment=clock.now())
        now = Context(self.database, self.cursor_key, request)
        found, key = ids.split(str(id))
        selected = asked(core_info(info), type_name)
        root = selected.selection
        also = Selection(besides.removeprefix("/"), besides)
        wanted = replace(selected, selection=replace(root, fields=(*root.fields, also)))
        try:
            return await now._row(view, type_name, key if found == view.name else None, wanted)
        finally:
            await now.finish()

    async def _read(
        self,
        view: View,
        wanted: Asked,
        where: Mapping[str, Any] | None,
        starts_with: tuple[str, str] | None,
        *,
        paged: bool = True,
    ) -> dict[str, Any] | Page | None:
        if not view.public:
            _ = self.asking  # anonymous is refused before anything is looked up
        given = {column: value for column, value in (where or {}).items() if value is not None}
        root = Root(
            view,
            paged,
            tuple((column, f"where_{column}") for column in given),
            None if starts_with is None else (starts_with[0], "starts_with"),
        )
        values = dict(wanted.values) | {f"where_{column}": v for column, v in given.items()}
        if starts_with is not None:
            values["starts_with"] = starts_with[1]
        async with self._lock:
            try:
                return await self.reader.read(
                    await self._opened(), root, Asked(wanted.selection, values)
                )
            except Problem:
                raise
            except BaseException as failure:
                self._failed(failure)
                raise

    @asynccontextmanager
    async def inquire(self) -> AsyncGenerator[AsyncSession]:
        """Open the query's transaction, as the actor, for a question that no view answers.

        Raises:
            Problem: the question was refused; what else the query reads stands.
        """
        request = self.asking
        async with self._lock:
            try:
                connection = await self._opened()
                await self.database.claim(connection, request)
                session = AsyncSession(bind=connection, expire_on_commit=False)
                session.info["ask"] = request
                yield session
                await session.flush()
            except Problem:
                raise
            except BaseException as failure:
                self._failed(failure)
                raise

    def _failed(self, failure: BaseException) -> None:
        """Keep what failed first, and that a budget was spent whatever else failed."""
        if self.failure is None or isinstance(failure, BudgetSpent):
            self.failure = failure

    async def _opened(self) -> AsyncConnection:
        if self._over:
            # graphql-core goes on in the background with fields whose siblings took the answer.
            message = "the query is over: nothing is read for it any more"
            raise RuntimeError(message)
        if self._connection is None:
            login = Login.AGGREGATE if self.request is None else login_for(self.actor)
            self._connection = await self._stack.enter_async_context(self.database.reading(login))
        return self._connection

    async def finish(self) -> None:
        """Commit what was read and traced; when any part of it failed, roll back and say so.

        Raises:
            BaseException: what failed. Nothing that was read may then be released, for its trace
                is gone with the transaction.
        """
        failure = self.failure
        if failure is not None:
            await self._roll_back()
            if isinstance(failure, BudgetSpent):
                raise await self._over_budget(failure) from None
            if self.was_cancelled:
                return
            raise failure
        self._over = True
        self._connection = None
        await self._stack.aclose()

    @property
    def was_cancelled(self) -> bool:
        """Whether graphql-core stopped a read, because a root field beside it took all with it."""
        return isinstance(self.failure, asyncio.CancelledError)

    async def abandon(self) -> None:
        """Roll back and give the connection back; a spent budget is told all the same."""
        await self._roll_back()
        if isinstance(self.failure, BudgetSpent):
            await self._over_budget(self.failure)

    async def _roll_back(self) -> None:
        self._over = True
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.rollback()
        await self._stack.aclose()

    async def _over_budget(self, spent: BudgetSpent) -> ApiError:
        """Tell the organisation, in a transaction of its own, and return what the actor is told."""
        async with self.database.acting(self.asking, login_for(self.actor)) as session:
            await budget_spent(session, self.actor, most=spent.most)
        return ApiError(
            ErrorCode.LIMIT_EXCEEDED,
            f"You would see more than {spent.most} young persons today for this purpose. Nothing "
            "was shown, and your organisation's privacy officer is told. Ask for fewer, or talk to "
            "her when your work needs more.",
            details={"limit": spent.most},
        )

    # --- acting ----------------------------------------------------------------------

    @asynccontextmanager
    async def act(self) -> AsyncGenerator[tuple[AsyncSession, Actor]]:
        """Open the transaction of a mutation's one root field; it is committed at the end.

        Raises:
            Problem: the act was refused and nothing was changed. What the database refuses is
                answered with the same words as what the services refuse.
        """
        try:
            async with self.database.acting(self.asking, login_for(self.actor)) as session:
                yield session, self.actor
        except DBAPIError as error:
            problem = _PROBLEMS.get(str(getattr(error.orig, "sqlstate", "")))
            if problem is None:
                raise
            raise problem() from error
        except BudgetSpent as spent:
            raise await self._over_budget(spent) from None

    async def read_back(
        self, info: Info[Any, Any], session: AsyncSession, success: str, **things: UUID | str | None
    ) -> dict[str, Any]:
        """Read what a mutation answers, in its own transaction: one row per asked-for field.

        Args:
            info: of the mutation's root field.
            session: the transaction.
            success: the name of the union's member.
            things: for each field of that member, the key of the row it shows, or a text as is.
        """
        asker = Asker(core_info(info))
        row: dict[str, Any] = {TYPE: success}
        members = core_info(info).schema.type_map[success]
        if not isinstance(members, GraphQLObjectType):
            message = f"{success} is not an object type"
            raise TypeError(message)
        connection = await session.connection()
        await session.flush()
        for part in asker.within(success):
            if part.name == "__typename":
                continue
            thing = things[part.name]
            if not isinstance(thing, UUID):
                row[part.key] = thing
                continue
            type_name = str(members.fields[part.name].type).rstrip("!")
            root = Root(VIEWS[type_name], paged=False, where=(("id", "where_id"),))
            selection = Selection(part.name, part.key, (), part.fields)
            row[part.key] = await self.reader.read(
                connection,
                root,
                Asked(selection, asker.values | {"where_id": thing}),
            )
        return row


def context_of(info: Info[Any, Any]) -> Context:
    """Return the context of a resolver."""
    context: Context = info.context
    return context


def key_of(view: View, value: Any, *path: str) -> UUID:  # noqa: ANN401 - an ID as clients send it
    """Return the key in an id of a view's things; see `ids.decode`."""
    return ids.decode(view.name, value, *path)
