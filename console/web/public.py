"""Pages for everybody: what the console is, and whether it is well."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from console import clock
from console.queries.health import database_answers, schema_is_old
from console.queries.watching import worker_is_fresh

blueprint = Blueprint("public", __name__)

# Where each kind of account has its work; the first that fits.
HOMES = (("reviewer", "/review"), ("administrator", "/admin/"), ("applicant", "/orders"))


@blueprint.get("/")
def landing() -> ResponseReturnValue:
    """What the console does, or straight on to one's work."""
    if current_user.is_authenticated:
        for role, path in HOMES:
            if current_user.has_role(role):
                return redirect(path, 303)
    return render_template("public/landing.html", register=url_for("security.register"))


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers; says nothing about the database."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers with all our tables; 503 where it does not.

    A worker that gave no sign of life lately is told of, and is no reason to take the web server
    out: pages work without it, only nothing is handed over.
    """
    plain = {"Content-Type": "text/plain; charset=utf-8"}
    try:
        ready = database_answers()
        if schema_is_old():
            return "not ready\ndatabase: ok\nschema: old, run flask db upgrade\n", 503, plain
        worker = "fresh" if ready and worker_is_fresh(clock.now()) else "silent"
    except SQLAlchemyError:
        return "not ready\ndatabase: away\n", 503, plain
    return f"ready\ndatabase: ok\nworker: {worker}\n", 200, plain
