"""What the desk calls states and faults."""

from __future__ import annotations

from typing import Any

from console.miit.mock.store import Fault
from console.rules.labels import FILING_TYPES, VERIFIER_ROLES
from console.rules.lifecycle import REASONS
from console.rules.provinces import PROVINCES
from console.rules.text import T, Text

STATES: dict[str, Text] = {
    "verifying": T("Waiting for verification"),
    "administration": T("With the administration"),
    "accepted": T("Accepted"),
    "returned": T("Returned"),
    "expired": T("Expired"),
    "failed": T("Verification failed"),
    "withdrawn": T("Withdrawn"),
    "refused": T("Not taken"),
}

FAULTS: dict[str, Text] = {
    Fault.LATE_TEXTS: T("Texts arrive ten minutes late"),
    Fault.LOST_TEXTS: T("Texts are sent but never arrive"),
    Fault.LAGGING_ANSWERS: T("Answers can be read a quarter of an hour later"),
    Fault.DOWN: T("The ministry does not answer the console"),
    Fault.LOST_ANSWER: T("What is asked takes effect, but the answer is lost"),
    Fault.REPEATED_EVENTS: T("Events are told more than once"),
}

# What the desk's templates look codes up in.
LABELS: dict[str, Any] = {
    "states": STATES,
    "faults": FAULTS,
    "types": FILING_TYPES,
    "roles": VERIFIER_ROLES,
    "reasons": REASONS,
    "provinces": PROVINCES,
}
