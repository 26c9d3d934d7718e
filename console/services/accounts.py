"""What happens to accounts and their sessions."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer

from console import clock
from console.errors import Invalid, NotAllowed, NotFound
from console.extensions import db
from console.models.accounts import ROLES, Account, AccountRole, LiveSession
from console.models.ledger import Event
from console.queries.accounts import account_by_email
from console.rules.text import T
from console.services.account_letters import CHANGED, CONFIRM, EXISTS, RECOVER, queue_letter
from console.transactions import verb
from console.types import digest


@verb
def create_account(
    email: str,
    password_hash: str,
    roles: tuple[str, ...],
    confirmed: bool = True,
    language: str = "",
) -> Account:
    """A new account; `confirmed` False: its owner is asked by mail to show that it is theirs.

    `language` "": not known yet, so mails are in both.

    Raises Invalid when the address has one, ValueError for an unknown role.
    """
    account = _new(email, password_hash, roles, confirmed, language)
    if not confirmed:
        queue_letter(CONFIRM, account)
    return account


@verb
def create_account_for(
    email: str, password_hash: str, roles: tuple[str, ...], by: int | None = None
) -> Account:
    """A new account that somebody else makes, which is put on record. Raises as above.

    `by` None: at the command line.
    """
    account = _new(email, password_hash, roles, confirmed=True, language="")
    for name in roles:
        note("add-role", by, account.id, role=name)
    return account


def _new(
    email: str, password_hash: str, roles: tuple[str, ...], confirmed: bool, language: str
) -> Account:
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    if db.session.scalar(select(Account.id).where(Account.email_digest == _email(email))):
        raise Invalid(T("There is an account with this e-mail address already. Sign in instead."))
    account = Account(
        email=email,
        email_digest=_email(email),
        password=password_hash,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=clock.now(),
        confirmed_at=clock.now() if confirmed else None,
        roles=[_role(name) for name in roles],
        language=language,
    )
    db.session.add(account)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Invalid(
            T("There is an account with this e-mail address already. Sign in instead.")
        ) from error
    return account


@verb
def set_active(account_id: int, active: bool, by: int | None = None) -> None:
    """Enable an account, or disable it and end all its sessions and links.

    Raises NotFound, and NotAllowed where `by` is no administrator any more.
    """
    account = _to_change(account_id, by)
    account.active = active
    note("enable-account" if active else "disable-account", by, account_id)
    if not active:
        end_all(account)


@verb
def add_role(account_id: int, name: str, by: int | None = None) -> None:
    """Give a role of `ROLES`; having it already is fine. Raises as `set_active`."""
    account = _to_change(account_id, by)
    if name not in {role.name for role in account.roles}:
        account.roles.append(_role(name))
        note("add-role", by, account_id, role=name)


@verb
def remove_role(account_id: int, name: str, by: int | None = None) -> None:
    """Take a role away; its links stop working at once. Raises as `set_active`."""
    account = _to_change(account_id, by)
    account.roles = [role for role in account.roles if role.name != name]
    account.epoch += 1
    note("remove-role", by, account_id, role=name)


@verb
def change_password(account_id: int, password_hash: str) -> None:
    """Set a new password and end every session, the present one included. Raises NotFound."""
    account = locked(account_id)
    account.password = password_hash
    end_all(account)
    note("change-password", account_id, account_id)
    queue_letter(CHANGED, account, {"what": "password"})


@verb
def ask_to_recover(email: str) -> None:
    """Queue a mail with a link to set a new password; for an unknown address, one to nobody."""
    account = account_by_email(email)
    if account is not None:
        note("ask-to-recover", account.id, account.id)
    queue_letter(RECOVER, account if account and account.active else None)


@verb
def tell_of_account(email: str) -> None:
    """Somebody signs up with an address that has an account: its owner is told, nobody else."""
    queue_letter(EXISTS, account_by_email(email))


@verb
def ask_to_confirm(account_id: int) -> None:
    """Queue a mail with a link to confirm the address, unless that is done. Raises NotFound."""
    account = locked(account_id)
    if account.confirmed_at is None:
        queue_letter(CONFIRM, account)


@verb
def confirm_email(account_id: int) -> None:
    """The address was shown to be its owner's. Once is enough. Raises NotFound."""
    account = locked(account_id)
    if account.confirmed_at is None:
        account.confirmed_at = clock.now()
        note("confirm-email", account_id, account_id)


@verb
def end_other_sessions(account_id: int, token: str) -> int:
    """End every session of the account but the one with this token; how many there were."""
    ended = end_others(locked(account_id), token)
    note("end-other-sessions", account_id, account_id)
    return ended


@verb
def choose_language(account_id: int, language: str) -> None:
    """Remember the language a person chose."""
    db.session.execute(update(Account).where(Account.id == account_id).values(language=language))


@verb
def open_session(account_id: int, absolute: timedelta) -> str:
    """Start a session and return its random id, which is stored nowhere but in the cookie.

    Sessions of the account that are past the absolute limit are swept on the way.
    """
    token, now = secrets.token_hex(32), clock.now()
    db.session.execute(
        delete(LiveSession).where(
            LiveSession.account_id == account_id, LiveSession.created_at < now - absolute
        )
    )
    db.session.add(
        LiveSession(
            digest=digest("session", token),
            account_id=account_id,
            created_at=now,
            last_seen_at=now,
        )
    )
    note("sign-in", account_id, account_id)
    return token


@verb
def touch_session(token: str) -> None:
    """The session is in use: its idle time starts again."""
    db.session.execute(
        update(LiveSession)
        .where(LiveSession.digest == digest("session", token))
        .values(last_seen_at=clock.now())
    )


@verb
def close_session(account_id: int, token: str) -> None:
    """Sign out: this session ends, and so do the links that the account signed."""
    db.session.execute(delete(LiveSession).where(LiveSession.digest == digest("session", token)))
    db.session.execute(
        update(Account).where(Account.id == account_id).values(epoch=Account.epoch + 1)
    )
    note("sign-out", account_id, account_id)


def note(action: str, by: int | None, account_id: int, **more: str) -> None:
    """One row of the trail. `by` None: at the command line, by whoever runs the console."""
    db.session.add(
        Event(
            at=clock.now(),
            action=action,
            actor="account" if by else "operator",
            actor_id=by,
            data={"account": account_id, **more},
        )
    )


def end_all(account: Account) -> None:
    """End every session of an account and every link it signed, in the caller's transaction."""
    account.epoch += 1
    db.session.execute(delete(LiveSession).where(LiveSession.account_id == account.id))


def end_others(account: Account, token: str) -> int:
    """As `end_all`, but the session with this token goes on; how many others there were."""
    account.epoch += 1
    result = db.session.execute(
        delete(LiveSession).where(
            LiveSession.account_id == account.id, LiveSession.digest != digest("session", token)
        )
    )
    return cast("CursorResult[object]", result).rowcount


def locked(account_id: int) -> Account:
    """The account, locked until the transaction ends. Raises NotFound."""
    # Whoever cannot be read can be disabled all the same.
    later = defer(Account.email), defer(Account.totp_secret)
    account = db.session.get(Account, account_id, options=later, with_for_update=True)
    if account is None:
        raise NotFound(T("There is no such account."))
    return account


def _to_change(account_id: int, by: int | None) -> Account:
    """The account, locked, and who changes it too: of two who shut each other out, one is left."""
    account = locked(account_id)
    if by is not None:
        actor = locked(by)
        if not (actor.active and "administrator" in {role.name for role in actor.roles}):
            raise NotAllowed(T("Your account is not allowed to do this."))
    return account


def _role(name: str) -> AccountRole:
    role = db.session.scalar(select(AccountRole).where(AccountRole.name == name))
    if role is None:
        role = AccountRole(name=name)
        db.session.add(role)
    return role


def _email(email: str) -> str:
    return digest("account-email", email)
