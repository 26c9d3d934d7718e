"""What the tests by number share: browsers without manners, crowds, and looks into the database."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import select, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import new_key
from console.extensions import db
from console.miit.mock.store import reading
from console.miit.mock.tables import MinistryText
from console.rules.masking import last_six

R = TypeVar("R")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
ANSWER = re.compile(r'data-answer="([^"]+)"')
# What the console must be told to be served to people.
PRODUCTION = {
    "APP_ENV": "production",
    "SECRET_KEY": "k3v9-Qz7!mX2_rT8bYw5NcLp4DhJ0sGf",
    "ENCRYPTION_KEYS": new_key(),
    "DIGEST_KEY": new_key(),
    "BASE_URL": "https://console.example.cn",
    "TRUSTED_HOSTS": "console.example.cn",
}


def rude(app: Flask) -> Any:
    """A browser whose pages nobody looks over: fast, and made for refusals."""
    client = app.test_client()
    client.lint = False  # type: ignore[attr-defined]
    return client


def together(times: int, work: Callable[[int], R]) -> list[R]:
    """Do something so many times at once: all wait for each other before they begin."""
    gate = threading.Barrier(times)

    def one(n: int) -> R:
        gate.wait(timeout=30)
        return work(n)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


class Portal:
    """The ministry's portal as anyone on the internet reaches it."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def browser(self) -> tuple[Any, str]:
        """A fresh browser and the token of its form."""
        client = rude(self.app)
        found = TOKEN.search(client.get("/miit/verify").text)
        assert found
        return client, found[1]

    def enter(
        self,
        mobile: str,
        tail: str,
        code: str,
        browser: tuple[Any, str] | None = None,
        page: str = "verify",
        **request: Any,
    ) -> TestResponse:
        """Send the form once."""
        client, token = browser or self.browser()
        data = {"csrf_token": token, "mobile": mobile, "last_six": tail, "code": code}
        answer: TestResponse = client.post(f"/miit/{page}", data=data, **request)
        return answer

    def codes(self, mobile: str) -> list[str]:
        """Every code texted to a mobile number, oldest first."""
        with self.app.app_context(), reading() as session:
            rows = session.scalars(select(MinistryText).order_by(MinistryText.id))
            return [row.code for row in rows if row.mobile == mobile]

    def wrong(self, mobile: str) -> str:
        """A code this number never had."""
        had = set(self.codes(mobile))
        return next(code for n in range(1000) if (code := f"{n:06d}") not in had)


def answer_of(page: TestResponse) -> str:
    """The portal's answer, or the status where it gave none."""
    found = ANSWER.search(page.text)
    return found[1] if found else str(page.status_code)


def tail(person: Any) -> str:
    """What the portal asks of a certificate number."""
    return last_six(person.certificate_number)


def scalar(app: Flask, statement: str) -> Any:
    """One value out of the database."""
    with app.app_context(), db.engine.connect() as connection:
        return connection.execute(text(statement)).scalar()


def state_of(app: Flask) -> dict[str, str]:
    """A digest of the rows of each table: equal when nothing was changed."""
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            rows = sorted(
                repr(tuple(row))
                for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')
            )
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def on_disk(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, as bytes."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stripped(page: TestResponse) -> bytes:
    """A body without what is new on every page: the form's token, request id and time."""
    body = re.sub(r'name="csrf_token"[^>]*', "", page.text)
    body = re.sub(r"X-CSRFToken[^>]*", "", body)
    body = re.sub(r'csrf-token"[^>]*', "", body)
    body = re.sub(r'name="server-time" content="[^"]*"', "", body)
    return body.replace(page.headers.get("X-Request-ID", "-"), "").encode()


def log_text(records: list[Any]) -> str:
    """Records as the console writes them."""
    from console.logs import JsonLines

    return "\n".join(JsonLines().format(record) for record in records)


def rules(app: Flask, method: str) -> Iterator[Rule]:
    """Every rule of the URL map that takes a method."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or set()):
            yield rule


def path_of(rule: Rule, **known: str) -> str:
    """A path that the rule matches, with what is known about its parts."""
    path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
    path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda m: known.get(m[1], "1"), path)
    return path
