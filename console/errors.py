"""The domain's refusals. Each carries a text for people; none knows of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.rules.bilingual import Bilingual
from console.rules.text import T, Text

if TYPE_CHECKING:
    from console.rules.checks.finding import Finding


class Refusal(Exception):
    """What was asked cannot be done, for a reason the person can be told."""

    def __init__(self, text: Text | Bilingual) -> None:
        super().__init__(str(text))
        self.text = text


class NotFound(Refusal):
    """There is no such thing, or not for this person: the two are never told apart."""


class NoSuchOrder(NotFound):
    """No order of this number, or another applicant's: both are put on record."""

    def __init__(self) -> None:
        super().__init__(T("There is no such order."))


class NotAllowed(Refusal):
    """The person's role does not allow it."""


class Changed(Refusal):
    """Someone was first: the order is no longer as the person saw it."""

    def __init__(self, text: Text | None = None) -> None:
        super().__init__(
            text or T("This order has changed since you opened it. Look at it again, then decide.")
        )


class Conflict(Refusal):
    """Another order stands in the way; `number` names it when it is the applicant's own."""

    def __init__(self, text: Text, number: str | None = None) -> None:
        super().__init__(text)
        self.number = number


class Invalid(Refusal):
    """What was entered cannot be accepted; `findings` say where and why."""

    def __init__(self, text: Text, findings: Sequence[Finding] = ()) -> None:
        super().__init__(text)
        self.findings = tuple(findings)


class Unconfirmed(Refusal):
    """What ends for good has to be confirmed in so many words."""


class Throttled(Refusal):
    """Too often; `retry_after` is in seconds."""

    def __init__(self, text: Text, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class Busy(Refusal):
    """The database could not take the write now; trying again in a moment is safe."""
