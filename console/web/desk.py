"""An order open on the applicant's desk: the filing, what is wrong, how far each part is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from console import clock
from console.models import Material, Order
from console.rules.checks import REFUSE, Finding, check_filing
from console.rules.corrections import Opened, paper_is_open
from console.rules.filing import Entity, Filing, Person, Service
from console.rules.lifecycle import State
from console.rules.return_points import split
from console.rules.rulebook import Rulebook
from console.rules.sections import Mode, Sections, sections_of
from console.services import materials
from console.services.books import book_on
from console.services.contents import as_handed_over, filing_of, registered_filing
from console.services.corrections import open_points
from console.services.drafts import EDITABLE
from console.web.guards import order_for_applicant_or_404


@dataclass(frozen=True)
class Part:
    """A part of the order and how far it is: `status` is done, started, todo, wrong or locked;
    optional where nothing has to be there to submit, and something is missing."""

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

    @property
    def sections(self) -> Sections:
        """What the order's type asks for, shows, and leaves out."""
        return sections_of(self.order.type)

    def has_step(self, step: str) -> bool:
        """Whether the order's type has a page for this: a change of the entity has no services."""
        return step in self.sections.steps and (
            step != "services" or self.sections.may_add or bool(self.filing.services)
        )

    @cached_property
    def registered(self) -> Filing | None:
        """What the register holds of all that a change is about; None for other types."""
        if not self.sections.compared or self.order.entity_id is None:
            return None
        numbers = [service.icp_number for service in self.filing.services]
        return registered_filing(self.order.entity_id, numbers, self.order.type)

    @cached_property
    def book(self) -> Rulebook | None:
        """The rulebook in force today."""
        return book_on(self.today)

    def check(self, filing: Filing) -> list[Finding]:
        """What is to be said of this filing, as at its submission."""
        return check_filing(as_handed_over(self.order, filing), self.today, self.book)

    @cached_property
    def findings(self) -> list[Finding]:
        """What is to be said of the filing as it is saved, its materials included."""
        return self.check(self.filing) + self.material_findings

    @cached_property
    def material_findings(self) -> list[Finding]:
        """The materials that are not there yet."""
        handed = as_handed_over(self.order, self.filing)
        return materials.findings(self.order, handed, materials.papers_of(self.order))

    @cached_property
    def open_points(self) -> Opened | None:
        """What a return opens for correction; None where everything is open."""
        return open_points(self.order)

    def opens(self, parts: Collection[str], position: int | None = None) -> bool:
        """Whether any answer of these parts can be corrected."""
        if self.open_points is None:
            return True
        found = (split(point) for point in self.open_points)
        return any(f.partition("-")[0] in parts and at == position for f, at in found)

    def opens_paper(self, paper: Material) -> bool:
        """Whether a paper that is there can be replaced or taken away: new ones always can."""
        return paper.round_first > self.order.round or paper_is_open(self.open_points, paper.slot)

    def service(self, position: int) -> Service | None:
        """The service at a position."""
        return next((s for s in self.filing.services if s.position == position), None)

    def path(self, step: str) -> str:
        """The address of a step."""
        return f"/orders/{self.number}/edit/{step}"

    def parts(self) -> list[Part]:
        """The steps that the order's type has, in order, each with how far it is."""
        empty = self.filing.entity == Entity() and self.filing.entity_leader == Person()
        entity = self._status(_of_entity(self.findings), empty)
        if self.sections.entity is not Mode.EDITED and entity[0] == "done":
            entity = "done", _("As it is filed")
        ready = not any(finding.severity == REFUSE for finding in self.findings)
        steps = [
            Part("entity", _("Entity and its leader"), self.path("entity"), *entity),
            Part(
                "services",
                _("Websites and apps"),
                self.path("services"),
                *self._status([f for f in self.findings if _of_services(f)], self._no_service()),
            ),
            Part("materials", _("Materials"), self.path("materials"), *self._materials()),
            Part(
                "check",
                _("Check and submit"),
                self.path("check"),
                "started" if ready else "todo",
                _("Ready to submit") if ready else _("Not yet"),
            ),
        ]
        return [s for s in steps if s.key in ("materials", "check") or self.has_step(s.key)]

    def service_parts(self) -> list[Part]:
        """The services, each with how far it is."""
        return [self.service_part(service) for service in self.filing.services]

    def service_part(self, service: Service) -> Part:
        """A service with how far it is."""
        mine = [
            finding
            for finding in self.findings
            if finding.service == service.position and not of_materials(finding)
        ]
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

    def _materials(self) -> tuple[str, str]:
        missing = len(self.material_findings)
        if not missing:
            return "done", _("Complete")
        if not any(finding.severity == REFUSE for finding in self.material_findings):
            return "optional", _("%(num)d not uploaded", num=missing)
        label = ngettext("%(num)d material to upload", "%(num)d materials to upload", missing)
        return "todo", label

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


def of_materials(finding: Finding) -> bool:
    """Whether a finding is about an uploaded paper, whoever's it is."""
    return finding.field.startswith("materials-")


def _of_services(finding: Finding) -> bool:
    if of_materials(finding):
        return False
    return finding.service is not None or finding.field == "filing-services"
