"""The facts that tie a system client to its own receipts."""

from typing import Any

from sqlalchemy import Select

from domain.imports.models import ImportReceipt
from domain.organisations.models import DeliveryAgreement
from domain.organisations.ties import agreed
from domain.reach import ME, Kind, fact, register
from permissions.vocabulary import Tie


@register(Tie.DELIVERY_AGREEMENT, Kind.RECEIPT)
def own_receipt() -> Select[Any, Any]:
    """Started the delivery, and still delivers for the branch."""
    return (
        fact(ImportReceipt.id, DeliveryAgreement.valid_until)
        .join(DeliveryAgreement, DeliveryAgreement.branch_id == ImportReceipt.branch_id)
        .where(agreed(), ImportReceipt.client_id == ME.actor)
    )
