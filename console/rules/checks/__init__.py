"""A filing in, findings out: what to correct, where, how gravely, and who says so."""

from __future__ import annotations

from console.rules.checks.entity import check_entity
from console.rules.checks.filing import EMPTY_SHELL, MOBILE_CHANGED, check_filing, refuses
from console.rules.checks.finding import REFUSE, WARN, Finding
from console.rules.checks.limits import LIMITS
from console.rules.checks.person import check_person
from console.rules.checks.service import check_service
from console.rules.domains import parse_domain, show_domain

__all__ = [
    "EMPTY_SHELL",
    "LIMITS",
    "MOBILE_CHANGED",
    "REFUSE",
    "WARN",
    "Finding",
    "check_entity",
    "check_filing",
    "check_person",
    "check_service",
    "parse_domain",
    "refuses",
    "show_domain",
]
