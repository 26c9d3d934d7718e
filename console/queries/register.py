"""What an applicant has in the register, and which of their orders are running for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from console.extensions import db
from console.models import Mark, Order, RegisteredEntity, RegisteredService
from console.queries.readable import readable
from console.rules.filing import FilingType
from console.rules.lifecycle import FINAL
from console.rules.running import Running, in_the_way
from console.types import legible

PAGE = 10


@dataclass(frozen=True)
class FiledService:
    """A website or app of the register. `with_us`: this provider is on its filing."""

    id: int
    icp_number: str
    kind: str
    name: str
    domain: str
    with_us: bool
    filed_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True)
class RunningOrder:
    """An order that has not ended, and the ICP numbers of the services it is about."""

    number: str
    running: Running


@dataclass(frozen=True)
class FiledEntity:
    """An entity of the register with its services, those cancelled last."""

    id: int
    icp_number: str
    name: str
    province: str
    filed_at: datetime
    cancelled_at: datetime | None
    services: tuple[FiledService, ...]
    orders: tuple[RunningOrder, ...]

    @property
    def live(self) -> tuple[FiledService, ...]:
        """The services that are filed still."""
        return tuple(service for service in self.services if service.cancelled_at is None)

    def in_the_way(self, filing_type: FilingType, numbers: Iterable[str] = ()) -> str | None:
        """The number of one's own running order that keeps this one from being started."""
        new = Running(filing_type, frozenset(numbers))
        return next((o.number for o in self.orders if in_the_way(new, o.running)), None)


@dataclass(frozen=True)
class Page:
    """Some entities, and the id after which the next page begins."""

    entities: Sequence[FiledEntity]
    next: int | None


@dataclass(frozen=True)
class Holdings:
    """How much of each an account has: what an order can be about."""

    entities: int
    services: int
    with_us: int


def holdings(account_id: int) -> Holdings:
    """Counts of what is filed and not cancelled."""
    mine = RegisteredEntity.account_id == account_id, RegisteredEntity.cancelled_at.is_(None)
    entities = db.session.scalar(select(func.count(RegisteredEntity.id)).where(*mine)) or 0
    live = (
        select(RegisteredService.with_us, func.count(RegisteredService.id))
        .join(RegisteredEntity, RegisteredEntity.id == RegisteredService.entity_id)
        .where(*mine, RegisteredService.cancelled_at.is_(None))
        .group_by(RegisteredService.with_us)
    )
    counts = {bool(with_us): count for with_us, count in db.session.execute(live)}
    return Holdings(entities, sum(counts.values()), counts.get(True, 0))


def filed(account_id: int, after: int = 0, limit: int = PAGE, cancelled: bool = True) -> Page:
    """An account's entities, first filed first, by keyset; `cancelled`: with those given up."""
    query = (
        select(RegisteredEntity)
        .where(RegisteredEntity.account_id == account_id, RegisteredEntity.id > after)
        .order_by(RegisteredEntity.id)
        .limit(limit + 1)
    )
    if not cancelled:
        query = query.where(RegisteredEntity.cancelled_at.is_(None))
    rows = [row for (row,) in readable(query, RegisteredEntity)]
    more, rows = len(rows) > limit, rows[:limit]
    return Page(_with_services(rows), rows[-1].id if more else None)


def filed_entity(account_id: int, entity_id: int) -> FiledEntity | None:
    """One's own entity that is not cancelled; None for any other id."""
    row = db.session.scalar(
        select(RegisteredEntity).where(
            RegisteredEntity.id == entity_id,
            RegisteredEntity.account_id == account_id,
            RegisteredEntity.cancelled_at.is_(None),
        )
    )
    return _with_services([row])[0] if row else None


def _with_services(rows: Sequence[RegisteredEntity]) -> list[FiledEntity]:
    ids = [row.id for row in rows]
    services: dict[int, list[FiledService]] = {entity_id: [] for entity_id in ids}
    query = (
        select(RegisteredService)
        .where(RegisteredService.entity_id.in_(ids))
        .order_by(RegisteredService.id)
    )
    for (row,) in readable(query, RegisteredService):
        services[row.entity_id].append(_service(row))
    running = _running(ids)
    return [_entity(row, services[row.id], running.get(row.id, ())) for row in rows]


def _entity(
    row: RegisteredEntity, services: Sequence[FiledService], orders: Sequence[RunningOrder]
) -> FiledEntity:
    return FiledEntity(
        id=row.id,
        icp_number=row.icp_number,
        name=legible(lambda: row.content["entity"]["name"]),
        province=row.province,
        filed_at=row.filed_at,
        cancelled_at=row.cancelled_at,
        services=tuple(sorted(services, key=lambda s: s.cancelled_at is not None)),
        orders=tuple(orders),
    )


def _service(row: RegisteredService) -> FiledService:
    return FiledService(
        id=row.id,
        icp_number=row.icp_number,
        kind=row.kind,
        name=legible(lambda: row.content["name"]),
        domain=row.domain,
        with_us=row.with_us,
        filed_at=row.filed_at,
        cancelled_at=row.cancelled_at,
    )


def _running(entity_ids: Sequence[int]) -> Mapping[int, Sequence[RunningOrder]]:
    """The orders of these entities that have not ended, oldest first."""
    orders = db.session.execute(
        select(Order.id, Order.entity_id, Order.number, Order.type)
        .where(
            Order.entity_id.in_(entity_ids), Order.state.not_in([state.value for state in FINAL])
        )
        .order_by(Order.id)
    ).all()
    about: dict[int, set[str]] = {order.id: set() for order in orders}
    marks = select(Mark.order_id, Mark.value).where(
        Mark.order_id.in_(about), Mark.purpose == "icp-number"
    )
    for order_id, value in db.session.execute(marks):
        # The entity's own number is no service's.
        about[order_id] |= {value} if "-" in value else set()
    found: dict[int, list[RunningOrder]] = {}
    for order in orders:
        running = Running(FilingType(order.type), frozenset(about[order.id]))
        found.setdefault(order.entity_id, []).append(RunningOrder(order.number, running))
    return found
