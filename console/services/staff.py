"""What an administrator does with other people's accounts. Each is written into the trail."""

from __future__ import annotations

from console.errors import NotAllowed
from console.rules.text import T
from console.services import accounts
from console.services.account_letters import queue_letter
from console.transactions import verb

STAFF = ("reviewer", "administrator")
INVITE = "invite"  # the letter's kind


def invite(by: int, email: str, unusable_hash: str, roles: tuple[str, ...]) -> None:
    """Make an account for a colleague, who sets a password by the link that is mailed.

    Raises Invalid where the address has an account.
    """
    account = accounts.create_account_for(email, unusable_hash, roles, by)
    _write_to(account.id)


@verb
def _write_to(account_id: int) -> None:
    queue_letter(INVITE, accounts.locked(account_id))


def set_active(by: int, account_id: int, active: bool) -> None:
    """Enable an account, or disable it and end its sessions. Raises NotFound, NotAllowed."""
    _not_oneself(by, account_id)
    accounts.set_active(account_id, active, by=by)


def set_role(by: int, account_id: int, role: str, on: bool) -> None:
    """Give or take a role. Raises NotFound, NotAllowed."""
    _not_oneself(by, account_id)
    if on:
        accounts.add_role(account_id, role, by=by)
    else:
        accounts.remove_role(account_id, role, by=by)


def _not_oneself(by: int, account_id: int) -> None:
    # So there is always an administrator left: the one who acts.
    if by == account_id:
        raise NotAllowed(T("Another administrator changes your account."))
