"""The second factor of an account: an authenticator app, and codes for when it is lost."""

from __future__ import annotations

import re
import secrets
from typing import cast

from sqlalchemy import CursorResult, delete, or_, update

from console import clock
from console.extensions import db
from console.models import Account, RecoveryCode
from console.services.account_letters import CHANGED, queue_letter
from console.services.accounts import end_others, locked, note
from console.services.totp import step_of
from console.transactions import verb
from console.types import digest

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for one another


@verb
def switch_on(account_id: int, secret: str, code: str, token: str = "") -> list[str] | None:
    """Take the app's key if this code is the app's; the recovery codes, told this once.

    Of the account's sessions, which the password alone has opened, the one with this token goes
    on. None where the code is not right. Raises NotFound.
    """
    account = locked(account_id)
    now = clock.now()
    step = step_of(secret, code, now)
    if step is None:
        return None
    account.totp_secret, account.totp_counter, account.totp_since = secret, step, now
    end_others(account, token)
    note("second-factor-on", account_id, account_id)
    queue_letter(CHANGED, account, {"what": "second-factor-on"})
    return _fresh_codes(account_id)


@verb
def switch_off(account_id: int, by: int | None = None, token: str = "") -> None:
    """Sign in with the password alone from now on. Raises NotFound.

    Of the account's sessions the one with this token goes on. `by` None: the operator did it,
    because the app is lost; whoever has it is signed out.
    """
    account = locked(account_id)
    end_others(account, token)
    account.totp_secret = account.totp_counter = account.totp_since = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    note("second-factor-off", by, account_id)
    queue_letter(CHANGED, account, {"what": "second-factor-off"})


@verb
def renew_codes(account_id: int) -> list[str]:
    """New recovery codes, told this once; the earlier ones are void. Raises NotFound."""
    locked(account_id)
    note("recovery-codes", account_id, account_id)
    return _fresh_codes(account_id)


@verb
def prove(account_id: int, entered: str) -> bool:
    """Whether this is a code of the app that was not used yet, or an unused recovery code.

    Either is used up by it: two requests with one code cannot both succeed.
    """
    account = locked(account_id)
    if account.totp_secret is None:
        return False
    step = step_of(account.totp_secret, "".join(entered.split()), clock.now())
    if step is not None:
        result = db.session.execute(
            update(Account)
            .where(
                Account.id == account_id,
                or_(Account.totp_counter.is_(None), Account.totp_counter < step),
            )
            .values(totp_counter=step)
        )
        return cast("CursorResult[object]", result).rowcount == 1
    return _use_recovery_code(account_id, entered)


def _use_recovery_code(account_id: int, entered: str) -> bool:
    plain = re.sub(r"[^a-z0-9]", "", entered.casefold()[:64])
    result = db.session.execute(
        delete(RecoveryCode).where(
            RecoveryCode.account_id == account_id, RecoveryCode.digest == _kept(account_id, plain)
        )
    )
    used = cast("CursorResult[object]", result).rowcount == 1
    if used:
        note("recovery-code-used", account_id, account_id)
    return used


def _fresh_codes(account_id: int) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(12)) for _ in range(CODES)]
    db.session.add_all(
        RecoveryCode(account_id=account_id, digest=_kept(account_id, code)) for code in codes
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _kept(account_id: int, code: str) -> str:
    return digest("recovery-code", f"{account_id} {code}")
