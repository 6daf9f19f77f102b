"""Every fact that ties an actor to something; importing this module registers them with reach."""

import domain.cases.ties
import domain.imports.ties
import domain.organisations.ties
import domain.pupils.ties
import domain.reports.ties  # noqa: F401 - importing is what registers the ties


def load_all() -> None:
    """Make sure that every tie is registered; importing this module has done it."""
