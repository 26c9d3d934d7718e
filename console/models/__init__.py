"""Tables."""

from console.models.accounts import Account, AccountLetter, AccountRole, LiveSession, RecoveryCode
from console.models.confirmations import Confirmation, LeaderLanguage
from console.models.desk import Beat, DeliveryAttempt, Note, Setting
from console.models.ledger import Delivery, Event, MinistryNews, Seal
from console.models.materials import Material
from console.models.notices import Notice, NoticeChoice, NoticeCursor, Reminder
from console.models.orders import Mark, Order, Round, VerifierRow
from console.models.register import RegisteredEntity, RegisteredService
from console.models.tallies import OrderCount, Tally, TallyCursor

__all__ = [
    "Account",
    "AccountLetter",
    "AccountRole",
    "Beat",
    "Confirmation",
    "Delivery",
    "DeliveryAttempt",
    "Event",
    "LeaderLanguage",
    "LiveSession",
    "Mark",
    "Material",
    "MinistryNews",
    "Note",
    "Notice",
    "NoticeChoice",
    "NoticeCursor",
    "Order",
    "OrderCount",
    "RecoveryCode",
    "RegisteredEntity",
    "RegisteredService",
    "Reminder",
    "Round",
    "Seal",
    "Setting",
    "Tally",
    "TallyCursor",
    "VerifierRow",
]
