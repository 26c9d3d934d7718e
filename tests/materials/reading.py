"""What a page says about papers."""

from __future__ import annotations

import re

NEEDED = {
    "entity-certificate",
    "entity-leader-front",
    "entity-leader-back",
    "website-leader-front-1",
    "website-leader-back-1",
    "authenticity-form",
    "domain-certificate-1",
}


def papers(text: str) -> dict[str, str]:
    """The papers a page lists, each with its state."""
    return dict(re.findall(r'data-material="([^"]+)" data-state="([^"]+)"', text))
