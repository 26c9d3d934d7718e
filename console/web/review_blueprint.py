"""The blueprint of the reviewers' pages; `review` puts its modules together."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("review", __name__)
