"""Links in mails about accounts: signed, soon over by the console's clock, void once used."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from console.models import Account
from console.queries.accounts import account_by_id
from console.types import digest
from console.web.tokens import Exact

RECOVER_LASTS = timedelta(hours=1)
CONFIRM_LASTS = timedelta(days=2)
INVITE_LASTS = timedelta(days=3)  # to set the first password
LASTS = {"recover": RECOVER_LASTS, "confirm": CONFIRM_LASTS}


def make_link_token(
    purpose: str, account: Account, at: datetime, lasts: timedelta | None = None
) -> str:
    """A token for a purpose of `LASTS`, counted from `at`; it may last longer or less."""
    until = int((at + (lasts or LASTS[purpose])).timestamp())
    return str(_signer(purpose).dumps([account.id, until, _bound_to(purpose, account)]))


def account_of_token(purpose: str, token: str, now: datetime) -> Account | None:
    """Whose token it is; None where it is not good, over, used, or the account is disabled."""
    try:
        account_id, until, bound = _signer(purpose).loads(token)
        fresh = now.timestamp() < until
    except (BadSignature, ValueError, TypeError):
        return None
    account = account_by_id(account_id) if fresh else None
    if account is None or not account.active or _bound_to(purpose, account) != bound:
        return None
    return account


def _bound_to(purpose: str, account: Account) -> str:
    """What must not have changed since: a new password ends every link to set one."""
    value = account.password if purpose == "recover" else account.email_digest
    return digest(f"link-{purpose}", value)[:16]


def _signer(purpose: str) -> URLSafeSerializer:
    salt = f"account-{purpose}"
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt, signer=Exact)
