"""What a rulebook is. `rulebook` loads them and tells which is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.rules.bilingual import Bilingual

CARRIERS = ("telecom", "unicom", "mobile", "virtual")
ENTITY_LEADER, WEBSITE_LEADER = "entity-leader", "website-leader"
VERIFIER_ROLES = (ENTITY_LEADER, WEBSITE_LEADER)


@dataclass(frozen=True)
class Source:
    """The document the book was read from. `day`: when it is from, None where it does not say."""

    document: str
    title: str
    day: date | None


@dataclass(frozen=True)
class Portal:
    """Where leaders verify. `host` alone, and the address to open."""

    host: str
    url: str


@dataclass(frozen=True)
class ProvinceRule:
    """A province under a book: from which day (None: no day of its own), and its own portal."""

    in_force_from: date | None
    portal: Portal


@dataclass(frozen=True)
class Note:
    """Something the book's source leaves open, and how it is read.

    `about` names the attribute; `decision` is the number of the decision, None for a reading.
    """

    about: str
    decision: int | None
    text: Bilingual


@dataclass(frozen=True)
class AddProviderAdvice:
    """What to do first when a filed service comes from another provider (`add-provider`)."""

    changed_mobile: Bilingual
    empty_shell: Bilingual


@dataclass(frozen=True)
class Rulebook:
    """All that one book says. Spans are (least, most) in minutes.

    `who` maps "<filing type>" or "<filing type>.<what>" to the roles that must verify; <what> is
    "website", "app", "website-and-app", or for a change "entity", "service",
    "entity-and-service", "remarks". `future` are rows that the book names but that are not in
    force. `resends_manual` None: no limit said. `resend_minutes` None: not said, as the first code.
    `certificates` None: whichever the leader has.
    """

    name: str
    family: str
    title: Bilingual
    source: Source
    in_force_from: date
    provinces: Mapping[str, ProvinceRule] | None
    portal: Portal | None
    portal_link_in_message: bool
    entry_verify: Bilingual
    entry_resend: Bilingual
    window_hours: int
    window_starts_at: str
    dispatch_minutes: tuple[int, int]
    synchronisation_minutes: tuple[int, int]
    answer_lag_minutes: tuple[int, int]
    code_digits: int
    code_unique_per_person: bool
    sent_to: Bilingual
    senders: Mapping[str, str | None]
    captcha_verify: bool
    captcha_resend: bool
    certificates: tuple[str, ...] | None
    counted_failure: str
    tries: int
    tries_in_row: bool
    on_tries_used_up: str
    on_expiry: str
    cancel_after_tries_hours: int | None
    resends_manual: int | None
    resend_automatic: str | None
    resend_minutes: tuple[int, int] | None
    unmodified_resubmission: bool
    resubmission: Bilingual
    mobile_correction: frozenset[str]
    mobile_unreachable: Bilingual
    knows_apps: bool
    who: Mapping[str, tuple[str, ...]]
    future: Mapping[str, tuple[str, ...]]
    add_provider: AddProviderAdvice | None
    no_text_help: tuple[Bilingual, ...]
    legal_basis: Bilingual | None
    notes: tuple[Note, ...]

    def portal_in(self, province: str) -> Portal | None:
        """The portal for an entity of this province; None where the book is not in force."""
        if self.provinces is None:
            return self.portal
        rule = self.provinces.get(province)
        return rule.portal if rule else None

    def roles_for(self, row: str) -> tuple[str, ...] | None:
        """Who must verify for a row ("change.entity"); None where the book has no such row."""
        return self.who.get(row, self.who.get(row.partition(".")[0]))

    def future_roles_for(self, row: str) -> tuple[str, ...]:
        """Who the book names for later, without it being in force yet."""
        return self.future.get(row, self.future.get(row.partition(".")[0], ()))
