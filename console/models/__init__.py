"""Tables."""

from console.models.ledger import Delivery, Event, MinistryNews, Seal
from console.models.orders import Mark, Order, Round, VerifierRow
from console.models.register import RegisteredEntity, RegisteredService

__all__ = [
    "Delivery",
    "Event",
    "Mark",
    "MinistryNews",
    "Order",
    "RegisteredEntity",
    "RegisteredService",
    "Round",
    "Seal",
    "VerifierRow",
]
