"""Every table of the platform, for whoever compares the models with the database."""

import domain.accountability.models
import domain.aggregates.models
import domain.attendance.models
import domain.cases.models
import domain.imports.models
import domain.notes.models
import domain.organisations.models
import domain.plans.models
import domain.pupils.models
import domain.reference.models
import domain.reports.models
import domain.trace  # noqa: F401 - importing is what registers the tables


def load_all() -> None:
    """Make sure that every model is registered; importing this module has done it."""
