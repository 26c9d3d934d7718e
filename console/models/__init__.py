"""Tables."""

from console.models.accounts import Account, AccountRole, LiveSession
from console.models.ledger import Delivery, Event, MinistryNews, Seal
from console.models.orders import Mark, Order, Round, VerifierRow
from console.models.register import RegisteredEntity, RegisteredService

__all__ = [
    "Account",
    "AccountRole",
    "Delivery",
    "Event",
    "LiveSession",
    "Mark",
    "MinistryNews",
    "Order",
    "RegisteredEntity",
    "RegisteredService",
    "Round",
    "Seal",
    "VerifierRow",
]
