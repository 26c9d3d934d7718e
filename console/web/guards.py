"""Who may open an order's pages, told by the loader's name; the verbs guard themselves besides.

Nobody who is not signed in gets this far (`access`). A wrong role gets 403; an order that is not
there and one that is not theirs give the same 404.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g
from flask_security import current_user

from console.errors import NoSuchOrder, NotFound
from console.models import Order
from console.queries import orders
from console.rules.lifecycle import Role
from console.rules.text import T
from console.services.actors import Actor
from console.web import access

P = ParamSpec("P")
R = TypeVar("R")

NUMBER = re.compile(r"[0-9A-Za-z-]{1,20}")


def applicant_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let applicants in, acting as such; others get 403."""
    return _required(Role.APPLICANT, view)


def reviewer_required(view: Callable[P, R]) -> Callable[P, R]:
    """Let reviewers in, acting as such; others get 403."""
    return _required(Role.REVIEWER, view)


def _required(role: Role, view: Callable[P, R]) -> Callable[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        access.require_role(role.value)
        g.acting_as = role
        return view(*args, **kwargs)

    return guarded


def current_actor() -> Actor:
    """The signed-in person in the role that the view asked for. Raises NotAllowed.

    Where the view asked for none: as a reviewer if they are one, else as an applicant.
    """
    role = g.get("acting_as")
    if role is None:
        role = Role.REVIEWER if current_user.has_role(Role.REVIEWER.value) else Role.APPLICANT
    return access.reviewer() if role is Role.REVIEWER else access.applicant()


def order_for_applicant_or_404(number: str) -> Order:
    """The signed-in applicant's own order. Raises NotAllowed, NotFound."""
    actor = access.applicant()
    order = _by_number(number)
    if order is None or order.applicant_id != actor.id:
        raise NoSuchOrder()
    return order


def order_for_reviewer_or_404(number: str) -> Order:
    """An order that was handed in at least once, whoever's. Raises NotAllowed, NotFound."""
    access.reviewer()
    order = _by_number(number)
    if order is None or order.round == 0:
        raise NotFound(T("There is no such order."))
    return order


def _by_number(number: str) -> Order | None:
    # What cannot be a number is not asked for: PostgreSQL refuses some characters outright.
    return orders.by_number(number) if NUMBER.fullmatch(number) else None
