"""Every table of the platform, for whoever compares the models with the database."""

from types import ModuleType

from domain import outbox, trace
from domain.accountability import models as accountability
from domain.advice import models as advice
from domain.aggregates import models as aggregates
from domain.attendance import models as attendance
from domain.cases import models as cases
from domain.emergencies import models as emergencies
from domain.exemptions import models as exemptions
from domain.imports import models as imports
from domain.leave import models as leave
from domain.notes import models as notes
from domain.organisations import models as organisations
from domain.plans import models as plans
from domain.pupils import models as pupils
from domain.reference import models as reference
from domain.referrals import models as referrals
from domain.reports import models as reports

# Importing them is what registers their tables.
MODELS: tuple[ModuleType, ...] = (
    accountability,
    advice,
    aggregates,
    attendance,
    cases,
    emergencies,
    exemptions,
    imports,
    leave,
    notes,
    organisations,
    outbox,
    plans,
    pupils,
    reference,
    referrals,
    reports,
    trace,
)


def load_all() -> tuple[ModuleType, ...]:
    """Return every module of models; with them every table is registered."""
    return MODELS
