"""An order about something in the register, as it is being chosen."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import MultiDict

from console.queries.register import FiledEntity
from console.rules.filing import FilingType, ServiceKind
from console.rules.labels import FILING_TYPES
from console.rules.rulebook import Rulebook
from console.rules.text import T, Text
from console.services.drafts import MOST_SERVICES
from console.web import preview
from console.web.forms.new_order import PURPOSES, CountsForm
from console.web.forms.steps import Problem
from console.web.starting_view import (
    CHOOSES_SERVICES,
    QUESTIONS,
    ServiceChoice,
    numbers_of,
    service_choices,
)


class About:
    """What was sent or linked to: the entity, services ticked, counts of services added."""

    def __init__(self, filing_type: FilingType, sent: MultiDict[str, str]) -> None:
        self.filing_type = filing_type
        self.entity_id = _id(sent.get("entity", ""))
        self.ticked = [_id(value) for value in dict.fromkeys(sent.getlist("service"))]
        self.changes_entity = "entity" in sent.getlist("changes")
        self.counts = CountsForm(sent if "websites" in sent or "apps" in sent else None)
        self.problem: Text | None = None
        for field in self.counts:
            field.errors = []

    @property
    def label(self) -> Text:
        """What the type is called."""
        return FILING_TYPES[self.filing_type]

    @property
    def purpose(self) -> Text:
        """What it is for."""
        return PURPOSES[self.filing_type]

    @property
    def question(self) -> Text | None:
        """What is asked of the entity's services; None where all of them go, or none."""
        return QUESTIONS.get(self.filing_type)

    @property
    def adds(self) -> bool:
        """Whether the order adds services."""
        return self.filing_type is FilingType.ADD_SERVICE

    @property
    def changes(self) -> bool:
        """Whether the order changes what is filed."""
        return self.filing_type is FilingType.CHANGE

    def kinds(self) -> tuple[ServiceKind, ...]:
        """The services it adds."""
        return self.counts.kinds() if self.adds else ()

    def choices(self, entity: FiledEntity) -> list[ServiceChoice]:
        """The services to tick."""
        return service_choices(entity, self.filing_type, self.ticked)

    def attach(self) -> None:
        """Say what is still to be chosen."""
        if self.adds:
            self.counts.attach(MOST_SERVICES)
        elif self.filing_type in CHOOSES_SERVICES:
            self.problem = self._unchosen()

    def _unchosen(self) -> Text | None:
        if len(self.ticked) > MOST_SERVICES:
            return T("An order holds at most %(most)s services.", most=MOST_SERVICES)
        if self.ticked or self.changes_entity:
            return None
        if self.changes:
            return T("Choose what changes: the entity, or at least one website or app.")
        return T("Choose at least one website or app.")

    @property
    def problems(self) -> list[Problem]:
        """What is still to be chosen, each with its field's id."""
        found = [Problem(field.id, e) for field in self.counts.wrong for e in field.errors]
        return [*found, Problem("services", self.problem)] if self.problem else found

    def in_the_way(self, entity: FiledEntity) -> str | None:
        """One's own running order that this one would have to wait for."""
        numbers = numbers_of(entity, self.filing_type, self.ticked)
        return entity.in_the_way(self.filing_type, numbers)

    def preview(self, book: Rulebook | None, entity: FiledEntity, today: date) -> preview.Preview:
        """Who must verify for what is chosen so far."""
        numbers = numbers_of(entity, self.filing_type, self.ticked)
        changed = {"service"} if numbers else set()
        if self.changes_entity:
            changed.add("entity")
        return preview.of_filed(
            book, self.filing_type, entity, numbers, self.kinds(), frozenset(changed), today
        )


def _id(text: str) -> int:
    """A row's id; 0, which no row has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
