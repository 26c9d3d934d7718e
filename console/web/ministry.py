"""The ministry as a page may ask it: waited for no longer than a person should wait."""

from __future__ import annotations

from flask import current_app

from console.miit.gateway import Gateway
from console.miit.patience import WEB_SECONDS, Patient


def gateway() -> Gateway:
    """The ministry's door; what does not answer in a moment raises TryLater."""
    return Patient(current_app.extensions["ministry"].gateway, WEB_SECONDS)
