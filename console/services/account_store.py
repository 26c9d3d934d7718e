"""Flask-Security's door to the accounts: finding by keyed digest, writing through the verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from flask_security import SQLAlchemyUserDatastore

from console.extensions import db
from console.models.accounts import Account, AccountRole
from console.queries.accounts import account_by_email
from console.services.accounts import create_account, tell_of_account


class ConfirmFirst(Exception):
    """Somebody signed up: the mail tells them how to go on."""


class AccountStore(SQLAlchemyUserDatastore):
    """E-mail addresses are encrypted, so they are found by their digest."""

    def __init__(self, language: Callable[[], str]) -> None:
        super().__init__(db, Account, AccountRole)
        self._language = language  # of the page on which somebody signs up

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """The account where the one attribute given has this value."""
        if "email" in kwargs:
            return account_by_email(kwargs["email"])
        found = super().find_user(case_insensitive, **kwargs)
        return found if isinstance(found, Account) else None

    def create_user(self, **kwargs: Any) -> Account:
        """A new applicant: who signs up can choose nothing but address and password.

        Where mails are sent, raises ConfirmFirst for a new address and for one that has an
        account alike: nobody is signed in, and whoever reads the mail learns which it was.
        """
        email, password = kwargs["email"], kwargs["password"]
        if not current_app.config["MAIL_URL"]:
            return create_account(
                email, password, ("applicant",), confirmed=False, language=self._language()
            )
        if account_by_email(email):
            tell_of_account(email)
        else:
            create_account(
                email, password, ("applicant",), confirmed=False, language=self._language()
            )
        raise ConfirmFirst
