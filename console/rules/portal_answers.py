"""The answers of the ministry's portal: what each means and what to do next, in words.

The portal that stands in for the ministry's speaks in these words, and the console explains them.
What a book adds to an answer is told by `portal_advice`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.rules.text import T, Text


class Answer(StrEnum):
    """What the portal says to an entry."""

    VERIFIED = "verified"
    VERIFIED_OTHERS_WAITING = "verified-others-waiting"
    FAILED = "failed"
    NO_RECORD = "no-record"
    RESENT = "resent"
    NOTHING_PENDING = "nothing-pending"
    RESEND_LIMIT = "resend-limit"


@dataclass(frozen=True)
class Words:
    """An answer in words; `tone` is how the page colours it."""

    title: Text
    meaning: Text
    next_step: Text
    tone: str


VERIFY: dict[Answer, Words] = {
    Answer.VERIFIED: Words(
        T("Verified: the order is complete"),
        T("Your mobile number is verified, and you were the last to do so."),
        T(
            "There is nothing more to enter. The communications administration reviews the "
            "order now; the applicant sees its answer in the console."
        ),
        "success",
    ),
    Answer.VERIFIED_OTHERS_WAITING: Words(
        T("Verified: others are still to do so"),
        T("Your mobile number is verified. The order still waits for the other leaders."),
        T(
            "Ask them to verify before the deadline: if one of them does not, the order goes "
            "back and everyone starts again."
        ),
        "success",
    ),
    Answer.FAILED: Words(
        T("Verification failed"),
        T(
            "Either the last try is used up, or the time allowed is over. This code can no "
            "longer be used."
        ),
        T(
            "Check the filing's particulars, have the order submitted again and wait for a "
            "new code."
        ),
        "danger",
    ),
    Answer.NO_RECORD: Words(
        T("No such record"),
        T("Nothing that is pending fits the code, mobile number and last six entered."),
        T(
            "Check all three: the newest code, the mobile number it came to, and the last six "
            "characters of the certificate. If they are right, the order may not have reached "
            "the ministry yet, or it may be verified already."
        ),
        "warning",
    ),
}

RESEND: dict[Answer, Words] = {
    Answer.RESENT: Words(
        T("A new code is on its way"),
        T("It replaces the one before, which can no longer be used. The deadline stays."),
        T("Look at the phone, then enter the new code."),
        "success",
    ),
    Answer.NOTHING_PENDING: Words(
        T("Nothing is waiting to be verified"),
        T("The ministry knows this person, but no order waits for a code now."),
        T(
            "If an order was just handed over, wait until it has reached the ministry: that "
            "can take an hour. Otherwise submit one."
        ),
        "info",
    ),
    Answer.RESEND_LIMIT: Words(
        T("No more codes can be sent"),
        T("Every resend of this verification is used."),
        T("Use the last code that came: it stays valid until the deadline."),
        "warning",
    ),
    Answer.NO_RECORD: Words(
        T("No such record"),
        T("Nothing fits the mobile number and last six entered."),
        T(
            "Check both. If they are right, the order may already be with the communications "
            "administration."
        ),
        "warning",
    ),
}
