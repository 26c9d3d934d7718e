"""What the codes of orders and verification are called on the page."""

from __future__ import annotations

from console.rules.filing import FilingType, ServiceKind
from console.rules.lifecycle import Action, ReturnedBy, Role, State
from console.rules.text import T, Text

FILING_TYPES: dict[str, Text] = {
    FilingType.FIRST_FILING: T("First filing"),
    FilingType.ADD_SERVICE: T("Add a website or app"),
    FilingType.ADD_PROVIDER: T("Add this provider to a filing"),
    FilingType.CHANGE: T("Change a filing"),
    FilingType.CANCEL_ENTITY: T("Cancel an entity"),
    FilingType.CANCEL_SERVICE: T("Cancel a website or app"),
    FilingType.CANCEL_ACCESS: T("Take this provider off a filing"),
}

SERVICE_KINDS: dict[str, Text] = {
    ServiceKind.WEBSITE: T("Website"),
    ServiceKind.APP: T("App"),
}

CHANGES: dict[str, Text] = {
    "entity": T("Information about the entity"),
    "service": T("Information about a website or app"),
    "remarks": T("Remarks only"),
}

STATES: dict[str, Text] = {
    State.DRAFT: T("Draft"),
    State.IN_REVIEW: T("In first review"),
    State.APPROVED: T("Passed first review"),
    State.VERIFYING: T("Being verified"),
    State.ADMINISTRATION_REVIEW: T("With the administration"),
    State.ACCEPTED: T("Accepted"),
    State.RETURNED: T("Returned"),
    State.CANCELLED: T("Cancelled"),
    State.LAPSED: T("Lapsed"),
}

# "Whose turn is it", one sentence for each state; the checklist says more while verifying.
TURNS: dict[str, Text] = {
    State.DRAFT: T("It is the applicant's turn: complete the filing and submit it."),
    State.IN_REVIEW: T("It is the provider's turn: a reviewer looks through the filing."),
    State.APPROVED: T("It is the provider's turn: the order is being handed to the ministry."),
    State.VERIFYING: T("It is the leaders' turn: each must verify before the deadline."),
    State.ADMINISTRATION_REVIEW: T(
        "It is the administration's turn: the province reviews the filing."
    ),
    State.ACCEPTED: T("It is nobody's turn: the filing is accepted."),
    State.RETURNED: T("It is the applicant's turn: see why it came back, correct and resubmit."),
    State.CANCELLED: T("It is nobody's turn: the order is cancelled."),
    State.LAPSED: T("It is nobody's turn: the order lapsed because it lay untouched."),
}

ACTIONS: dict[str, Text] = {
    Action.START: T("Started"),
    Action.SUBMIT: T("Submitted for first review"),
    Action.DISCARD: T("Discarded"),
    Action.LAPSE: T("Lapsed, untouched for too long"),
    Action.APPROVE: T("Passed by the provider's first review"),
    Action.RETURN: T("Returned by the provider's first review"),
    Action.RESUBMIT: T("Submitted again"),
    Action.RESUBMIT_UNMODIFIED: T("Submitted again unchanged, straight to verification"),
    Action.WITHDRAW: T("Withdrawn by the applicant"),
    Action.HAND_OVER: T("Handed to the ministry for verification"),
    Action.HAND_OVER_UNVERIFIED: T("Handed to the administration, no verification needed"),
    Action.REFUSE: T("Not taken by the ministry"),
    Action.ALL_VERIFIED: T("Everyone has verified"),
    Action.EXPIRE: T("Returned: the time to verify ran out"),
    Action.USE_UP_TRIES: T("Returned: the tries were used up"),
    Action.ACCEPT: T("Accepted by the administration"),
    Action.RETURN_BY_ADMINISTRATION: T("Returned by the administration"),
    Action.CANCEL: T("Cancelled by itself"),
}

ROLES: dict[str, Text] = {
    Role.APPLICANT: T("Applicant"),
    Role.REVIEWER: T("Reviewer"),
    Role.WORKER: T("The console"),
    Role.MINISTRY: T("The ministry"),
}

RETURNED_BY: dict[str, Text] = {
    ReturnedBy.PROVIDER: T("Returned by the provider"),
    ReturnedBy.MINISTRY: T("Returned by the ministry"),
    ReturnedBy.ADMINISTRATION: T("Returned by the administration"),
}

VERIFIER_ROLES: dict[str, Text] = {
    "entity-leader": T("Entity leader"),
    "website-leader": T("Website leader"),
}

VERIFIER_STATES: dict[str, Text] = {
    "waiting-for-code": T("Waiting for the code"),
    "waiting": T("Code sent, not yet verified"),
    "verified": T("Verified"),
    "failed": T("Failed: the tries are used up"),
    "expired": T("Time is up"),
}
