"""Every fact that ties an actor to something; importing this module registers them with reach."""

from types import ModuleType

from domain.advice import ties as advice
from domain.cases import ties as cases
from domain.emergencies import ties as emergencies
from domain.exemptions import ties as exemptions
from domain.imports import ties as imports
from domain.leave import ties as leave
from domain.notes import ties as notes
from domain.organisations import ties as organisations
from domain.pupils import ties as pupils
from domain.referrals import ties as referrals
from domain.reports import ties as reports

TIES: tuple[ModuleType, ...] = (
    advice,
    cases,
    emergencies,
    exemptions,
    imports,
    leave,
    notes,
    organisations,
    pupils,
    referrals,
    reports,
)


def load_all() -> tuple[ModuleType, ...]:
    """Return every module of ties; with them every tie is registered."""
    return TIES
