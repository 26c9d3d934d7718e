"""Orders that stand in each other's way, by entity and by domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, or_, select

from console.errors import Conflict
from console.extensions import db
from console.models import Mark, Order, RegisteredService
from console.rules.filing import Filing
from console.rules.lifecycle import FINAL
from console.rules.running import BRINGS_DOMAIN, Running, in_the_way
from console.rules.text import T
from console.services.contents import filing_of
from console.types import digest

MOST = 100  # running orders of one entity that are looked at


def refuse_conflicts(
    applicant_id: int, filing: Filing, entity_id: int | None = None, order_id: int | None = None
) -> None:
    """Raise Conflict when a running order of the same entity or domain is in the way (DOMAIN).

    An order nobody has handed in stands in the way of its own applicant's others only, and only
    once its entity is one of the register's: a half-filled draft says too little.
    """
    certificate = filing.entity.certificate_number
    names = [f"certificate:{digest('certificate', certificate)}"] if certificate else []
    domains = [s.domain for s in filing.services if s.domain and filing.type in BRINGS_DOMAIN]
    _take_turns([*names, *(f"domain:{domain}" for domain in domains)])
    new = Running(filing.type, _numbers(filing))
    for other in _of_entity(certificate, entity_id, order_id):
        if in_the_way(new, Running(filing_of(other).type, _numbers(filing_of(other)))):
            _refuse_entity(applicant_id, other)
    for domain in domains:
        _refuse_domain(applicant_id, domain, filing, order_id)


def _take_turns(names: Iterable[str]) -> None:
    """Let two orders of one entity or domain be checked one after the other.

    On SQLite the write transaction does that already.
    """
    if db.session.connection().dialect.name == "postgresql":
        for name in sorted(names):
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))


def _numbers(filing: Filing) -> frozenset[str]:
    return frozenset(service.icp_number for service in filing.services if service.icp_number)


def _running(order_id: int | None, *where: ColumnElement[bool]) -> Sequence[Order]:
    return db.session.scalars(
        select(Order)
        .where(Order.state.not_in([state.value for state in FINAL]), Order.id != (order_id or 0))
        .where(*where)
        .order_by(Order.id)
        .limit(MOST)
    ).all()


def _marked(purpose: str, value: str) -> ColumnElement[bool]:
    return Order.id.in_(select(Mark.order_id).where(Mark.purpose == purpose, Mark.value == value))


def _of_entity(certificate: str, entity_id: int | None, order_id: int | None) -> Sequence[Order]:
    ways: list[ColumnElement[bool]] = []
    if certificate:
        handed_in = Order.round > 0
        ways.append(_marked("certificate", digest("certificate", certificate)) & handed_in)
    if entity_id is not None:
        ways.append(Order.entity_id == entity_id)
    return _running(order_id, or_(*ways)) if ways else ()


def _refuse_entity(applicant_id: int, other: Order) -> None:
    if other.applicant_id == applicant_id:
        raise Conflict(
            T("Your order %(number)s for the same entity is still running.", number=other.number),
            other.number,
        )
    raise Conflict(T("Another order for the same entity is still running."))


def _refuse_domain(applicant_id: int, domain: str, filing: Filing, order_id: int | None) -> None:
    types = [filing_type.value for filing_type in BRINGS_DOMAIN]
    running = _running(order_id, _marked("domain", domain), Order.round > 0, Order.type.in_(types))
    for other in running:
        if other.applicant_id == applicant_id:
            raise Conflict(
                T(
                    "Your order %(number)s for the domain %(domain)s is still running.",
                    number=other.number,
                    domain=domain,
                ),
                other.number,
            )
        raise Conflict(
            T("Another order for the domain %(domain)s is still running.", domain=domain)
        )
    filed = db.session.scalar(
        select(RegisteredService.icp_number).where(
            RegisteredService.domain == domain,
            RegisteredService.cancelled_at.is_(None),
            RegisteredService.icp_number.not_in(_numbers(filing)),
        )
    )
    if filed is not None:
        raise Conflict(T("The domain %(domain)s is filed already.", domain=domain))
