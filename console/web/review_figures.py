"""Figures."""

from console.web.guards import reviewer_required
from console.web.review_blueprint import blueprint


@blueprint.get("/review/figures")
@reviewer_required
def figures() -> str:
    return ""


@blueprint.post("/review/export")
@reviewer_required
def export_queue() -> str:
    return ""


@blueprint.post("/review/ledger/export")
@reviewer_required
def export_ledger() -> str:
    return ""
