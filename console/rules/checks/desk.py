"""What only a reviewer is told: signs that need a person's eye, never a refusal."""

from __future__ import annotations

from console.rules.checks.entity import begins_with_province
from console.rules.checks.finding import FORM, GUIDES, WARN, Finding
from console.rules.domains import looks_like_another
from console.rules.filing import Filing
from console.rules.provinces import PROVINCES
from console.rules.text import T


def check_for_desk(filing: Filing) -> list[Finding]:
    """Domains that pass themselves off as others, and addresses in another province."""
    return [*_domains(filing), *_province(filing)]


def _domains(filing: Filing) -> list[Finding]:
    message = T("Letters of different scripts: the domain may pass itself off as another.")
    return [
        Finding("service-domain", WARN, message, GUIDES, service.position)
        for service in filing.services
        if service.domain and looks_like_another(service.domain)
    ]


def _province(filing: Filing) -> list[Finding]:
    entity = filing.entity
    if not entity.province:
        return []
    for code, other in PROVINCES.items():
        if code != entity.province and begins_with_province(entity.certificate_address, code):
            message = T(
                "The certificate's address lies in %(other)s, the filing in %(own)s.",
                other=other.name,
                own=PROVINCES[entity.province].name,
            )
            return [Finding("entity-province", WARN, message, FORM)]
    return []
