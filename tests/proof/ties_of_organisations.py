"""What mandates, agreements and appointments reach, by the page that says what ties mean."""

from domain.reach import Kind
from permissions.vocabulary import End, Role, Tie
from tests.proof.facts import (
    Agreement,
    Branch,
    Client,
    Land,
    Mandate,
    World,
)
from tests.proof.facts_of_work import Receipt
from tests.proof.standing import Reached, Standing
from tests.proof.tying import means

E, K, T = End, Kind, Tie
COUNTRY = "national:NL"
PLATFORM = frozenset({Role.PLATFORM_OPERATOR, Role.PLATFORM_JOB})


def land_of(world: World) -> Land:
    """Return the land a world lies in: its own public facts, unless it has neighbours."""
    if world.land is None:
        world.land = Land.of([world])
    return world.land


def units_of(land: Land) -> dict[str, frozenset[str]]:
    """Return every unit of figures, each with itself and the units it lies in."""
    if land.units:
        return land.units
    around: dict[str, set[str]] = {COUNTRY: set()}
    region_of = {m.code: m.region_code for m in land.municipalities}
    around |= {f"region:{region.code}": set() for region in land.regions}
    around |= {f"alliance:{alliance.code}": set() for alliance in land.alliances}
    around |= {f"board:{o.id}": set() for o in land.organisations if o.kind == "school_board"}
    for place in land.municipalities:
        around[f"municipality:{place.code}"] = {f"region:{place.region_code}"}
    for branch in land.branches:
        around[f"branch:{branch.branch_code}"] = {
            f"board:{branch.organisation_id}",
            f"municipality:{branch.municipality_code}",
            f"alliance:{branch.alliance_code}",
            f"region:{region_of[branch.municipality_code]}",
        }
    land.units.update(
        (unit, frozenset({*larger, unit, COUNTRY})) for unit, larger in around.items()
    )
    return land.units


PROGRAMS_READ = {
    "school_board": {"branch", "board"},
    "support_alliance": {"branch", "alliance"},
    "attendance_office": {"branch", "municipality"},
    "ministry": {"region", "national"},
    "inspectorate": {"branch", "board", "municipality", "alliance", "region", "national"},
}
"""The levels of units that a program of a kind of organisation is tied to."""


def levels(me: Standing) -> set[str] | None:
    """Return the levels that the actor is bound to: none but a program is bound."""
    if me.actor.role is not Role.REPORTING_CLIENT:
        return None
    kinds = [o.kind for o in land_of(me.world).organisations if o.id == me.actor.organisation]
    return set().union(*(PROGRAMS_READ.get(kind, set()) for kind in kinds))


@means(T.MANDATE, K.UNIT, E.MANDATE)
def mandated_units(me: Standing) -> Reached:
    """Yield the units for which the organisation's mandate holds, and those that lie in them."""
    is_client = any(
        client.organisation_id == me.actor.organisation
        and client.role == me.actor.role
        and client.purpose == me.actor.purpose
        for client in me.world.where(Client, "actor_id", me.actor.id)
    )
    if not me.work and not is_client:
        return
    bound = levels(me)
    for mandate in me.world.where(Mandate, "organisation_id", me.actor.organisation):
        if me.holds(mandate.valid_from, mandate.valid_until):
            for unit, around in units_of(land_of(me.world)).items():
                if bound is not None and unit.partition(":")[0] not in bound:
                    continue
                if f"{mandate.unit_level}:{mandate.unit_code}" in around:
                    yield unit, mandate.valid_until


@means(T.COMPARISON, K.UNIT, E.MANDATE)
def compared_units(me: Standing) -> Reached:
    """Yield the municipality, the region and the country that a unit under a mandate lies in."""
    around = units_of(land_of(me.world))
    for unit, until in mandated_units(me):
        for larger in around[str(unit)] - {unit}:
            if larger.partition(":")[0] in {"municipality", "region", "national"}:
                yield larger, until


def agreements(me: Standing) -> list[Agreement]:
    """Return the client's delivery agreements that hold."""
    return [
        a
        for a in me.world.where(Agreement, "client_id", me.actor.id)
        if me.holds(a.valid_from, a.valid_until)
    ]


@means(T.DELIVERY_AGREEMENT, K.BRANCH, E.AGREEMENT)
def delivered_branches(me: Standing) -> Reached:
    """Yield the branches the client delivers for."""
    for agreement in agreements(me):
        yield agreement.branch_id, agreement.valid_until


@means(T.DELIVERY_AGREEMENT, K.CONTROLLER, E.AGREEMENT)
def delivered_boards(me: Standing) -> Reached:
    """Yield the boards of those branches."""
    for agreement in agreements(me):
        for branch in me.world.where(Branch, "id", agreement.branch_id):
            yield branch.organisation_id, agreement.valid_until


@means(T.DELIVERY_AGREEMENT, K.RECEIPT, E.AGREEMENT)
def own_receipts(me: Standing) -> Reached:
    """Yield the receipts that the client started for those branches."""
    for agreement in agreements(me):
        for receipt in me.world.where(Receipt, "branch_id", agreement.branch_id):
            if receipt.client_id == me.actor.id:
                yield receipt.id, agreement.valid_until


@means(T.APPOINTMENT, K.CONTROLLER, E.APPOINTMENT)
def own_organisation(me: Standing) -> Reached:
    """Yield the organisation the actor works at."""
    for work in me.work:
        yield work.organisation_id, work.valid_until


@means(T.PROCESSING_AGREEMENT, K.CONTROLLER, E.AGREEMENT)
def every_controller(me: Standing) -> Reached:
    """Yield every organisation, to the platform's own roles."""
    if me.actor.role in PLATFORM:
        for organisation in land_of(me.world).organisations:
            yield organisation.id, None
