"""The people of every test: owner, other applicant, reviewer, administrator, nobody."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from flask_security.utils import hash_password

from console.extensions import db
from console.models.accounts import Account
from console.rules.lifecycle import Role
from console.services.accounts import create_account, open_session
from console.services.actors import Actor
from console.web.sessions import KEY, limits
from tests.support.lint import LintingClient

PASSWORD = "a quiet river at noon"
ADDRESSES = {
    "owner": ("owner@example.cn", "applicant"),
    "other": ("other@example.cn", "applicant"),
    "reviewer": ("reviewer@example.cn", "reviewer"),
    "second_reviewer": ("second.reviewer@example.cn", "reviewer"),
    "administrator": ("administrator@example.cn", "administrator"),
}


@dataclass(frozen=True)
class Person:
    """Someone with an account and, on demand, a browser that is signed in."""

    app: Flask
    id: int
    email: str
    role: str

    @property
    def actor(self) -> Actor:
        """Who they are to the services."""
        return Actor(Role(self.role), self.id)

    def client(self) -> LintingClient:
        """A new browser, signed in, without the form for it: that has its own tests."""
        client = self.app.test_client()
        with self.app.app_context():
            signed_in = db.session.get_one(Account, self.id).fs_uniquifier
            token = open_session(self.id, limits()[1])
        with client.session_transaction() as session:
            session.update({"_user_id": signed_in, "_fresh": True, KEY: token})
        return client  # type: ignore[return-value]


class People:
    """The cast, made when first asked for; `people.owner_client` and so on keep their browser."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._made: dict[str, Person] = {}
        self._clients: dict[str, LintingClient] = {}

    def _person(self, name: str) -> Person:
        if name not in self._made:
            email, role = ADDRESSES[name]
            with self.app.app_context():
                account = create_account(email, hash_password(PASSWORD), (role,))
                self._made[name] = Person(self.app, account.id, email, role)
        return self._made[name]

    def client(self, name: str) -> LintingClient:
        """The one browser of a person, signed in; that of `nobody` is not."""
        if name not in self._clients:
            self._clients[name] = (
                self.app.test_client()  # type: ignore[assignment]
                if name == "nobody"
                else self._person(name).client()
            )
        return self._clients[name]

    def sign_out(self) -> None:
        """Everyone's browsers are closed: the next one signs in anew."""
        self._clients.clear()

    @property
    def owner(self) -> Person:
        """The applicant whose orders a test is about."""
        return self._person("owner")

    @property
    def other(self) -> Person:
        """Another applicant, to whom they must not exist."""
        return self._person("other")

    @property
    def reviewer(self) -> Person:
        """A reviewer of the provider."""
        return self._person("reviewer")

    @property
    def second_reviewer(self) -> Person:
        """Another reviewer, to be first or second."""
        return self._person("second_reviewer")

    @property
    def administrator(self) -> Person:
        """An administrator of the console."""
        return self._person("administrator")


@pytest.fixture
def people(app: Flask) -> People:
    """Everyone a test may need."""
    return People(app)


def sign_in(client: LintingClient, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    """Fill in the sign-in form; the answer to it."""
    return client.submit("/login", {"email": email, "password": password, **more})
