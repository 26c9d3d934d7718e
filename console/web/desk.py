"""An order open on the applicant's desk: the filing, what is wrong, how far each part is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from console import clock
from console.models import Order
from console.rules.checks import REFUSE, Finding, check_filing
from console.rules.filing import Entity, Filing, Person, Service
from console.rules.lifecycle import State
from console.rules.rulebook import Rulebook
from console.services.books import book_on
from console.services.contents import as_handed_over, filing_of
from console.services.drafts import EDITABLE
from console.web.guards import order_for_applicant_or_404


@dataclass(frozen=True)
class Part:
    """A part of the order and how far it is: `status` is done, started, todo, wrong or locked."""

    key: str
    label: object
    url: str
    status: str
    status_label: str
    hint: str = ""


@dataclass
class Desk:
    """One order as its owner fills it in."""

    order: Order
    today: date

    @classmethod
    def open(cls, number: str) -> Desk:
        """The signed-in applicant's order. Raises NotAllowed, NotFound."""
        return cls(order_for_applicant_or_404(number), clock.china_day(clock.now()))

    @property
    def number(self) -> str:
        """The order's number."""
        return self.order.number

    @property
    def editable(self) -> bool:
        """Whether it is the applicant's turn to change anything."""
        return State(self.order.state) in EDITABLE

    @cached_property
    def filing(self) -> Filing:
        """The filing as it is saved."""
        return filing_of(self.order)

    @cached_property
    def book(self) -> Rulebook | None:
        """The rulebook in force today."""
        return book_on(self.today)

    def check(self, filing: Filing) -> list[Finding]:
        """What is to be said of this filing, as at its submission."""
        return check_filing(as_handed_over(self.order, filing), self.today, self.book)

    @cached_property
    def findings(self) -> list[Finding]:
        """What is to be said of the filing as it is saved."""
        return self.check(self.filing)

    def service(self, position: int) -> Service | None:
        """The service at a position."""
        return next((s for s in self.filing.services if s.position == position), None)

    def path(self, step: str) -> str:
        """The address of a step."""
        return f"/orders/{self.number}/edit/{step}"

    def parts(self) -> list[Part]:
        """The steps, in order, each with how far it is."""
        empty = self.filing.entity == Entity() and self.filing.entity_leader == Person()
        entity = self._status(_of_entity(self.findings), empty)
        ready = not any(finding.severity == REFUSE for finding in self.findings)
        return [
            Part("entity", _("Entity and its leader"), self.path("entity"), *entity),
            Part(
                "services",
                _("Websites and apps"),
                self.path("services"),
                *self._status([f for f in self.findings if _of_services(f)], self._no_service()),
            ),
            Part("materials", _("Materials"), self.path("materials"), "done", _("Nothing to do")),
            Part(
                "check",
                _("Check and submit"),
                self.path("check"),
                "started" if ready else "todo",
                _("Ready to submit") if ready else _("Not yet"),
            ),
        ]

    def service_parts(self) -> list[Part]:
        """The services, each with how far it is."""
        return [self.service_part(service) for service in self.filing.services]

    def service_part(self, service: Service) -> Part:
        """A service with how far it is."""
        mine = [finding for finding in self.findings if finding.service == service.position]
        named = [text for text in (service.name, service.domain) if text]
        kinds = {"website": _("Website %(n)s", n=service.position)}
        kind = kinds.get(service.kind, _("App %(n)s", n=service.position))
        return Part(
            str(service.position),
            service.name or kind,
            self.path(f"services/{service.position}"),
            *self._status(mine, service == _empty_like(service)),
            hint=f"{kind} · {service.domain}" if named and service.domain else kind,
        )

    def _no_service(self) -> bool:
        return all(service == _empty_like(service) for service in self.filing.services)

    def _status(self, findings: Sequence[Finding], empty: bool) -> tuple[str, str]:
        refused = len({(f.field, f.service) for f in findings if f.severity == REFUSE})
        if not refused:
            return "done", _("Complete")
        if empty:
            return "todo", _("Not started")
        label = ngettext("%(num)d answer to complete", "%(num)d answers to complete", refused)
        return "started", label


def _empty_like(service: Service) -> Service:
    return Service(position=service.position, kind=service.kind, icp_number=service.icp_number)


def _of_entity(findings: Sequence[Finding]) -> list[Finding]:
    return [f for f in findings if f.service is None and f.field.startswith("entity")]


def _of_services(finding: Finding) -> bool:
    return finding.service is not None or finding.field == "filing-services"
