"""The product under the machine's hands: one app, a fresh database for each run, all its people."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from sqlalchemy import event, select, text

from console import clock, worker
from console.extensions import db
from console.miit.mock import portal, resending
from console.miit.mock.codes import code_digest
from console.miit.mock.store import Fault, reading, switch, write
from console.miit.mock.tables import MinistryCode, MinistryOrder, MinistryPerson, MinistryText
from console.models import Account
from console.queries.orders import by_number
from console.rules.filing import Filing, FilingType
from console.rules.lifecycle import Role
from console.rules.masking import last_six
from console.services import handover
from console.services.accounts import create_account, open_session
from console.services.actors import Actor
from console.web.tokens import Viewer, make_token
from tests.support.apps import make_app
from tests.support.filings import person, valid_filing, website
from tests.support.quiet import quiet

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
APPLICANTS = ("owner", "other", "both")
REVIEWERS = ("reviewer", "both")
EVERYONE = {
    "owner": ("applicant",),
    "other": ("applicant",),
    "both": ("applicant", "reviewer"),
    "reviewer": ("reviewer",),
    "administrator": ("administrator",),
    "nobody": (),
}
SHARED_LEADER = 9  # leads websites of several entities: several orders for one mobile number


def filing_of(entity: int, domain: str, website_leader: int) -> Filing:
    """The n-th entity's filing of one website."""
    led = {} if website_leader == entity else {"leader": person(website_leader)}
    site = website(entity, domain=domain, home_address=f"www.{domain}", **led)
    filing = valid_filing(entity, services=(site,))
    leader = person(entity)
    services = tuple(replace(s, leader=s.leader if led else leader) for s in filing.services)
    return replace(filing, entity_leader=leader, services=services)


def added(entity: int, domain: str, website_leader: int) -> Filing:
    """The same website, to be added to the entity's filing."""
    return replace(filing_of(entity, domain, website_leader), type=FilingType.ADD_SERVICE)


class Hands:
    """Everyone's hands at once, on the real thing."""

    def __init__(self, app: Flask, ids: dict[str, int]) -> None:
        self.app, self.ids = app, ids
        self.moment = START
        self.clients: dict[str, Any] = {}

    def now(self) -> datetime:
        """The present moment, standing still until it is moved."""
        return self.moment

    @property
    def ministry(self) -> Any:
        """The mock, with the doors it has for a rehearsal."""
        return self.app.extensions["ministry"]

    def actor(self, name: str, role: str) -> Actor:
        """Somebody in one of their roles."""
        return Actor(Role(role), self.ids[name])

    def drain(self) -> None:
        """One go of the worker."""
        worker.drain(self.ministry, threading.Event(), once=True)

    def fault(self, name: str, on: bool) -> None:
        """Tell the ministry to do something wrong, or to stop it."""
        write(lambda session: switch(session, Fault(name), on, self.moment))

    # -- the portal ----------------------------------------------------------------------------

    def codes(self, key: str, mobile: int) -> list[str]:
        """The codes texted to a person for one paper, oldest first."""
        number = person(mobile).mobile
        with reading() as session:
            mine = set(
                session.scalars(
                    select(MinistryCode.code_digest)
                    .join(MinistryPerson, MinistryPerson.id == MinistryCode.person_id)
                    .join(MinistryOrder, MinistryOrder.id == MinistryPerson.order_id)
                    .where(MinistryOrder.key == key, MinistryCode.sent_at.is_not(None))
                )
            )
            rows = session.scalars(select(MinistryText).order_by(MinistryText.id)).all()
            return [
                row.code
                for row in rows
                if row.mobile == number and code_digest(number, row.code) in mine
            ]

    def unknown_code(self) -> str:
        """A code that nobody was ever texted."""
        with reading() as session:
            had = {row.code for row in session.scalars(select(MinistryText))}
        return next(code for n in range(1000) if (code := f"{n:06d}") not in had)

    def enter(self, mobile: int, right_six: bool, code: str) -> str:
        """The portal's answer to an entry."""
        return str(portal.verify(person(mobile).mobile, _six(mobile, right_six), code, self.moment))

    def resend(self, mobile: int, right_six: bool) -> str:
        """The portal's answer to someone who asks for the text again."""
        return str(resending.resend(person(mobile).mobile, _six(mobile, right_six), self.moment))

    def link(self, number: str, key: str) -> str:
        """The path of a leader's link."""
        order = by_number(number)
        assert order is not None
        viewer = Viewer(order.id, key, "en", order.share_epoch)
        db.session.rollback()
        return f"/status/{make_token(viewer, self.moment)}"

    # -- pages ---------------------------------------------------------------------------------

    def get(self, who: str, path: str) -> int:
        """The status of a page as somebody sees it."""
        client = self.clients.setdefault(who, self.app.test_client())
        client.lint = False
        if who != "nobody":
            account = db.session.get_one(Account, self.ids[who])
            uniquifier = account.fs_uniquifier
            db.session.rollback()
            token = open_session(self.ids[who], timedelta(hours=12))
            Context().run(_sign_in, client, {"_user_id": uniquifier, "_fresh": True, "sid": token})
        # Outside of our own context, which would keep the person who asked before.
        return int(Context().run(client.get, path).status_code)


def _sign_in(client: Any, values: dict[str, Any]) -> None:
    with client.session_transaction() as session:
        session.update(values)


def _six(mobile: int, right: bool) -> str:
    return last_six(person(mobile).certificate_number) if right else "000000"


class Workshop:
    """Makes the app and its people once, and gives each run a copy of the empty database."""

    def __init__(self, folder: Path) -> None:
        self.file, self.empty = folder / "console.sqlite3", folder / "empty.sqlite3"
        self.app = make_app(f"sqlite:///{self.file}", folder, RATELIMIT_ENABLED=False)
        with self.app.app_context():
            # Nothing here is to outlive the machine's power.
            event.listen(db.engine, "connect", _unsynced)
            db.create_all()
            self.ids = {
                name: create_account(f"{name}@example.cn", "no password", roles).id
                for name, roles in EVERYONE.items()
                if roles
            }
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
        shutil.copyfile(self.file, self.empty)

    @contextmanager
    def hands(self, book: str) -> Iterator[Hands]:
        """A run: everyone's hands on an empty database, with time standing still."""
        for rest in ("-wal", "-shm"):
            Path(f"{self.file}{rest}").unlink(missing_ok=True)
        shutil.copyfile(self.empty, self.file)
        self.app.config["RULEBOOK"] = book
        hands = Hands(self.app, self.ids)
        with (
            self.app.app_context(),
            mock.patch.object(clock, "now", hands.now),
            # Pauses between attempts of a known length, so that the model can tell what is due.
            mock.patch.object(handover, "LONGEST_PAUSE", timedelta(seconds=2)),
            mock.patch.object(handover.random, "uniform", lambda least, most: most),
            # No mail is drawn: that is another story, and most of the worker's time.
            mock.patch.object(worker.mailing, "send_next", return_value=False),
        ):
            try:
                yield hands
            finally:
                db.session.remove()
                db.engine.dispose()


def _unsynced(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def workshop() -> Iterator[Workshop]:
    """A workshop in a folder that goes away."""
    with quiet("console"), tempfile.TemporaryDirectory(prefix="model-") as folder:
        yield Workshop(Path(folder))
