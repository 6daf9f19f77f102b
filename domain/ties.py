"""Every fact that ties an actor to something; importing this module registers them with reach."""

from types import ModuleType

from domain.cases import ties as cases
from domain.imports import ties as imports
from domain.organisations import ties as organisations
from domain.pupils import ties as pupils
from domain.reports import ties as reports

TIES: tuple[ModuleType, ...] = (cases, imports, organisations, pupils, reports)


def load_all() -> tuple[ModuleType, ...]:
    """Return every module of ties; with them every tie is registered."""
    return TIES
