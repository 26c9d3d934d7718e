"""Status links: signed, expiring, revocable; each names one order and who looks at it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes

from console.queries.status import Standing

APPLICANT, REVIEWER = "applicant", "reviewer"
LASTS = timedelta(days=30)  # a leader's link: an order may come back and be verified again
ACCOUNT_LASTS = timedelta(hours=12)  # what a page polls need not outlive a session


@dataclass(frozen=True)
class Viewer:
    """Who looks: `kind` is "applicant", "reviewer", or the key of a verifier.

    `epoch` is the account's for the first two, the order's share epoch for a verifier. `until` is
    the last moment in seconds since 1970, set when the token is made.
    """

    order_id: int
    kind: str
    language: str
    epoch: int
    account_id: int | None = None
    until: int | None = None

    @property
    def is_leader(self) -> bool:
        """Whether this is a leader's link, which needs no account."""
        return self.account_id is None

    def in_language(self, language: str) -> Viewer:
        """The same viewer, with the same end, in another language."""
        return replace(self, language=language)


class Exact(Signer):
    """Takes a signature as it was written and in no other way: base 64 would leave several."""

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        """Whether this is the value's signature, letter by letter."""
        if not super().verify_signature(value, sig):
            return False
        return base64_encode(base64_decode(sig)) == want_bytes(sig)


@lru_cache(maxsize=4)
def signer(secret: str) -> URLSafeSerializer:
    """What signs the tokens of the console with this secret."""
    return URLSafeSerializer(secret, salt="status", signer=Exact)


def _signer() -> URLSafeSerializer:
    return signer(current_app.config["SECRET_KEY"])


def make_token(viewer: Viewer, now: datetime) -> str:
    """A token for this viewer, good until its end unless its epoch is raised before.

    A viewer who has an end keeps it: 30 days for a leader, 12 hours for an account otherwise.
    """
    lasts = LASTS if viewer.is_leader else ACCOUNT_LASTS
    until = viewer.until or int((now + lasts).timestamp())
    return str(
        _signer().dumps(
            [
                viewer.order_id,
                viewer.kind,
                viewer.language,
                viewer.epoch,
                viewer.account_id,
                until,
            ]
        )
    )


def read_token(token: str, now: datetime, by: URLSafeSerializer | None = None) -> Viewer | None:
    """The viewer a token names; None when it was tampered with or is too old.

    `by`: the running app's signer, where there is no context to find it in.
    """
    try:
        order_id, kind, language, epoch, account_id, until = (by or _signer()).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    if now.timestamp() >= until:
        return None
    return Viewer(order_id, kind, language, epoch, account_id, until)


def still_good(viewer: Viewer, standing: Standing) -> bool:
    """Whether nothing has revoked the token: logout, disabling, or taking the links back."""
    present = standing.share_epoch if viewer.is_leader else standing.account_epoch
    return present == viewer.epoch
