"""Flask-Security's door to the accounts: finding by keyed digest, writing through the verbs."""

from __future__ import annotations

from typing import Any

from flask_security import SQLAlchemyUserDatastore

from console.extensions import db
from console.models.accounts import Account, AccountRole
from console.queries.accounts import account_by_email
from console.services.accounts import create_account


class AccountStore(SQLAlchemyUserDatastore):
    """E-mail addresses are encrypted, so they are found by their digest."""

    def __init__(self) -> None:
        super().__init__(db, Account, AccountRole)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """The account where the one attribute given has this value."""
        if "email" in kwargs:
            return account_by_email(kwargs["email"])
        found = super().find_user(case_insensitive, **kwargs)
        return found if isinstance(found, Account) else None

    def create_user(self, **kwargs: Any) -> Account:
        """A new applicant: who signs up can choose nothing but address and password."""
        return create_account(kwargs["email"], kwargs["password"], ("applicant",))
