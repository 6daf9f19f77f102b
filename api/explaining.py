"""Why one may see something, or what is missing, and who else could (uitleg, wie kan dit zien)."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

import domain.explaining.services as explaining
from api import ids
from api.arguments import YoungPersonId
from api.context import context_of
from api.wording import Wording
from domain.errors import Invalid, NotFound
from domain.explaining.saying import advice
from domain.organisations.views import staff
from permissions import render
from permissions.vocabulary import DataClass, Purpose, Rule, Tie

DataClassName = Annotated[
    str,
    strawberry.argument(
        description="A data class, as `access.withheld` names it: pupil.identity (gegevensklasse)."
    ),
]
_NOBODY = UUID(int=0)


@strawberry.type(
    description="A rule by which your role reads the class for your purpose (autorisatieregel)."
)
class ExplainedGround:
    """A rule, and whether its tie holds now."""

    rule: str = strawberry.field(description="The name of the rule, as traces give it (regel).")
    tie: Tie = strawberry.field(description="The fact that has to connect the two (band).")
    says: Wording = strawberry.field(description="The whole rule as a sentence.")
    basis: str = strawberry.field(description="The ground in AVG art. 6 (grondslag).")
    exception: str | None = strawberry.field(
        description="The exception for special-category data (uitzondering, AVG art. 9)."
    )
    source: str = strawberry.field(description="The legal source of the rule (bron).")
    end: str = strawberry.field(description="What ends it (einde).")
    holds: bool = strawberry.field(description="Whether the fact is there now (geldt nu).")
    until: str | None = strawberry.field(
        description="When it ends as known now (ISO 8601); null while that is open or it does not "
        "hold (tot)."
    )

    @staticmethod
    def of(ground: explaining.Ground) -> "ExplainedGround":
        """Return a ground as a caller reads it."""
        rule = ground.rule
        return ExplainedGround(
            rule=rule.id,
            tie=rule.tie,
            says=said(rule),
            basis=str(rule.basis),
            exception=None if rule.exception is None else str(rule.exception),
            source=rule.source,
            end=str(rule.end),
            holds=ground.holds,
            until=ground.until,
        )


@strawberry.type(
    description="Why you may read a class of data about a young person, or what is missing "
    "(uitleg). A young person who is not there is answered like one who is not there for you."
)
class Explanation:
    """The rules, and what they come to."""

    data_class: str = strawberry.field(description="The data class (gegevensklasse).")
    about_one: bool = strawberry.field(
        description="Whether the class is about one young person; if not, the answer is the same "
        "whoever you ask about."
    )
    permitted: bool = strawberry.field(description="Whether you may read it now (toegestaan).")
    grounds: list[ExplainedGround] = strawberry.field(
        description="Every rule that speaks for your role and purpose (gronden)."
    )
    other_purposes: list[Purpose] = strawberry.field(
        description="Purposes for which your role has a rule, with another token (andere doelen)."
    )
    advice: Wording = strawberry.field(description="What it comes to (advies).")

    @staticmethod
    def of(found: explaining.Explanation) -> "Explanation":
        """Return an explanation as a caller reads it."""
        return Explanation(
            data_class=str(found.data_class),
            about_one=found.about_one,
            permitted=found.permitted,
            grounds=[ExplainedGround.of(ground) for ground in found.grounds],
            other_purposes=list(found.elsewhere),
            advice=Wording.of(advice(found)),
        )


@strawberry.type(description="Somebody of your organisation who could read it now (inziener).")
class Viewer:
    """Who, in which role, and by which rule."""

    staff_id: strawberry.ID = strawberry.field(description="Who (medewerker).")
    name: str = strawberry.field(description="The person's name (naam).")
    role: str = strawberry.field(description="In which role (functie).")
    purpose: Purpose = strawberry.field(description="With a token for which purpose (doel).")
    rule: str = strawberry.field(description="The name of the rule, as traces give it (regel).")
    tie: Tie = strawberry.field(description="The fact that connects the two now (band).")
    says: Wording = strawberry.field(description="The whole rule as a sentence.")
    until: str | None = strawberry.field(
        description="When it ends as known now (ISO 8601), null while that is open (tot)."
    )

    @staticmethod
    def of(viewer: explaining.Viewer) -> "Viewer":
        """Return a viewer as a privacy officer reads it."""
        rule = viewer.ground.rule
        return Viewer(
            staff_id=strawberry.ID(ids.encode(staff.name, viewer.staff_id)),
            name=viewer.name,
            role=str(viewer.role),
            purpose=viewer.purpose,
            rule=rule.id,
            tie=rule.tie,
            says=said(rule),
            until=viewer.ground.until,
        )


@strawberry.type(
    description="Who of your organisation could read a class of data about a young person now "
    "(wie kan dit zien). Everyone was asked as themselves; nobody's reading was counted."
)
class Viewers:
    """Everyone who could, once for each rule that holds."""

    viewers: list[Viewer] = strawberry.field(description="Who could, by role and name.")
    asked: int = strawberry.field(
        description="How many members of staff were asked, each in one role and for one purpose."
    )
    complete: bool = strawberry.field(
        description="False when there are more than were asked: then somebody may be missing."
    )


def said(rule: Rule) -> Wording:
    """Return a rule as the matrix says it."""
    return Wording(nl=render.dutch(rule), en=render.english(rule))


def data_class_of(name: str) -> DataClass:
    """Return the data class that a word names.

    Raises:
        Invalid: there is no such class.
    """
    try:
        return DataClass(name)
    except ValueError:
        message = "There is no such data class. See the classes that the policy names."
        raise Invalid(message, path=("dataClass",)) from None


def person_of(id: object) -> UUID:
    """Return the key in the id of a young person; an id of another kind is nobody's."""
    kind, key = ids.split(str(id))
    return key if kind == "youngperson" and key is not None else _NOBODY


@strawberry.type
class ExplainingQuery:
    """Asking why."""

    @strawberry.field(
        description="Why you may read a class of data about a young person, or what is missing "
        "(uitleg)."
    )
    async def explain(
        self, info: Info[Any, Any], young_person_id: YoungPersonId, data_class: DataClassName
    ) -> Explanation:
        """Explain the caller's own access."""
        context = context_of(info)
        async with context.inquire() as session:
            (found,) = await explaining.explain(
                session,
                context.actor,
                young_person_id=person_of(young_person_id),
                data_classes=[data_class_of(data_class)],
            )
        return Explanation.of(found)

    @strawberry.field(
        description="Who of your organisation could read a class of data about a young person "
        "now, for its privacy officer (wie kan dit zien); null for every other token."
    )
    async def who_can_see(
        self, info: Info[Any, Any], young_person_id: YoungPersonId, data_class: DataClassName
    ) -> Viewers | None:
        """Ask everyone of the organisation."""
        context = context_of(info)
        try:
            async with context.inquire() as session:
                found = await explaining.who_can_see(
                    session,
                    context.actor,
                    database=context.database,
                    young_person_id=person_of(young_person_id),
                    data_class=data_class_of(data_class),
                )
        except NotFound:
            return None
        return Viewers(
            viewers=[Viewer.of(viewer) for viewer in found.viewers],
            asked=found.asked,
            complete=found.complete,
        )
