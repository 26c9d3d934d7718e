"""What the ministry's tests share: people, filings, a clock that is set by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from console.miit.gateway import EventKind, MinistryEvent, Submission
from console.miit.mock import portal, resending
from console.miit.mock.answers import Answer
from console.miit.mock.codes import mobile_digest
from console.miit.mock.store import Fault, reading, switch, write
from console.miit.mock.tables import MinistryCode, MinistryOrder, MinistryPerson, MinistryText
from console.rules.filing import Entity, Filing, FilingType, Person, Service, ServiceKind

BOOKS = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
CERTIFICATE_BOOKS = ("aliyun-2018", "jdcloud-2019")
ANY_BOOKS = ("jdcloud-2020", "aliyun-current")
START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # 10:00 in China

LEADER = Person(
    name="张伟",
    certificate_type="id-card",
    certificate_number="11010519491231002X",
    mobile="13812340001",
    email="leader@example.cn",
)
OWNER = Person(
    name="李娜",
    certificate_type="passport",
    certificate_number="E1234567A",
    mobile="13012340002",
    email="owner@example.cn",
)
LEADER_SIX, OWNER_SIX = "31002X", "34567A"


def website(position: int = 1, domain: str = "example.cn", leader: Person = OWNER) -> Service:
    return Service(
        position=position, name="示例网站", domain=domain, leader=leader, access_mode="cloud-server"
    )


def entity(certificate: str = "91330100MA27XF6Q9C", number: str = "") -> Entity:
    return Entity(
        name="示例科技有限公司",
        nature="enterprise",
        certificate_type="business-licence",
        certificate_number=certificate,
        province="ZJ",
        icp_number=number,
    )


def first_filing(
    certificate: str = "91330100MA27XF6Q9C",
    domain: str = "example.cn",
    leader: Person = LEADER,
    owner: Person = OWNER,
    province: str = "ZJ",
) -> Filing:
    return Filing(
        FilingType.FIRST_FILING,
        entity=replace(entity(certificate), province=province),
        entity_leader=leader,
        services=(website(1, domain, owner),),
    )


def app_service(position: int = 2) -> Service:
    return Service(position=position, kind=ServiceKind.APP, name="示例应用", leader=OWNER)


@dataclass
class Clock:
    """The time as the tests set it."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def set(self, **since_start: float) -> datetime:
        self.moment = START + timedelta(**since_start)
        return self.moment

    def pass_(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


class World:
    """The ministry with the shortest ways of asking it something."""

    def __init__(self, ministry: object, clock: Clock) -> None:
        self.ministry, self.clock = ministry, clock
        self.gateway = ministry.gateway  # type: ignore[attr-defined]

    def submit(self, filing: Filing, key: str = "A/1", number: str | None = None):
        return self.gateway.submit(Submission(key, number or key.split("/")[0], filing))

    def tick(self) -> None:
        while self.ministry.tick(self.clock.now()):  # type: ignore[attr-defined]
            pass

    def handed_over(self, filing: Filing | None = None, key: str = "A/1"):
        receipt = self.submit(filing or first_filing(), key)
        self.tick()
        return receipt

    def code(self, mobile: str) -> str:
        """The newest code on its way to a mobile number, arrived or not."""
        with reading() as session:
            rows = session.scalars(select(MinistryText).order_by(MinistryText.id.desc()))
            return next(row.code for row in rows if row.mobile == mobile)

    def texts(self, mobile: str) -> list[str]:
        with reading() as session:
            rows = session.scalars(select(MinistryText).order_by(MinistryText.id))
            return [row.code for row in rows if row.mobile == mobile]

    def wrong(self, mobile: str) -> str:
        """A code that nobody with this mobile number has had."""
        had = set(self.texts(mobile))
        return next(code for n in range(1000) if (code := f"{n:06d}") not in had)

    def verify(self, mobile: str, last_six: str, code: str | None = None) -> Answer:
        return portal.verify(mobile, last_six, code or self.code(mobile), self.clock.now())

    def resend(self, mobile: str, last_six: str) -> Answer:
        return resending.resend(mobile, last_six, self.clock.now())

    def state(self, key: str = "A/1") -> str:
        with reading() as session:
            return session.scalar(select(MinistryOrder.state).where(MinistryOrder.key == key))

    def order(self, key: str = "A/1") -> MinistryOrder:
        with reading() as session:
            return session.scalar(select(MinistryOrder).where(MinistryOrder.key == key))

    def people(self, key: str = "A/1") -> dict[str, MinistryPerson]:
        with reading() as session:
            rows = session.scalars(
                select(MinistryPerson)
                .join(MinistryOrder, MinistryOrder.id == MinistryPerson.order_id)
                .where(MinistryOrder.key == key)
                .order_by(MinistryPerson.id)
            )
            return {row.verifier: row for row in rows}

    def events(self, key: str = "A/1", *kinds: EventKind) -> list[MinistryEvent]:
        found = [event for event in self.gateway.events(0) if event.key == key]
        return [event for event in found if not kinds or event.kind in kinds]

    def kinds(self, key: str = "A/1") -> list[str]:
        return [event.kind.value for event in self.events(key)]

    def fault(self, name: str, on: bool = True) -> None:
        write(lambda session: switch(session, Fault(name), on, self.clock.now()))


def without_tokens(html: str) -> str:
    """A page without what is new on every page: the form's token and the request's id."""
    html = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", html)
    return re.sub(r'(csrf-token"[^>]*content=")[^"]*', r"\1", html)


class Site:
    """A browser on the ministry's pages."""

    def __init__(self, world) -> None:
        self.world, self.client = world, world.app.test_client()

    def token(self, path: str) -> str:
        html = self.client.get(path).text
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)[1]

    def post(self, path: str, page: str = "", **fields):
        token = self.token(page or path)
        return self.client.post(path, data={"csrf_token": token, **fields})

    def verify(self, mobile: str, last_six: str, code: str):
        return self.post("/miit/verify", mobile=mobile, last_six=last_six, code=code)


def dump(world) -> list[str]:
    """The whole database as SQL."""
    from console.extensions import db

    with db.engine.connect() as connection:
        return list(connection.connection.driver_connection.iterdump())


def count(table) -> int:
    """How many rows a table has."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def kept_codes(mobile: str) -> list[MinistryCode]:
    """All codes of a mobile number, oldest first."""
    with reading() as session:
        query = (
            select(MinistryCode)
            .join(MinistryPerson, MinistryPerson.id == MinistryCode.person_id)
            .where(MinistryPerson.mobile_digest == mobile_digest(mobile))
            .order_by(MinistryCode.id)
        )
        return list(session.scalars(query))


def both_orders(world, owner=LEADER) -> str:
    """Two orders of the leader's; the first one's code."""
    world.handed_over(first_filing(owner=owner), "A/1")
    code = world.code(LEADER.mobile)
    world.handed_over(first_filing("91330100MA27XF0002", "b.cn", owner=owner), "B/1")
    return code
