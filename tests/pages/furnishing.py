"""What the house is furnished with: the demo's orders, papers, leaders' words, a second factor."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from passlib.totp import TOTP
from sqlalchemy import select

from console import clock
from console.demo.stage import stage
from console.demo.stories import play
from console.extensions import db
from console.miit.mock.store import reading
from console.miit.mock.tables import MinistryOrder
from console.models import Account, Order
from console.queries.materials import materials_of
from console.queries.orders import reload
from console.rules.lifecycle import Role
from console.services import materials, second_factor
from console.services.actors import Actor
from console.services.confirming import report_wrong_person
from console.services.totp import new_secret
from console.web.account_tokens import make_link_token
from console.web.tokens import Viewer, make_token
from tests.materials import files
from tests.pages.listed import APPLICANT, CAREFUL, NEWCOMER, REVIEWER, SECOND

ENTITY, SITE = "entity-leader", "website-leader-1"
# The demo's orders by what they show; each is found by its first domain.
ORDERS = {
    "draft": "wangshan-books",
    "in-review": "guiniao-travel",
    "claimed": "guyu-seeds",
    "grown": "bailu-logistics",
    "approved": "yanhui-maps",
    "verifying": "yuanfan-boats",
    "fresh": "yiwei-paper",
    "three-failed": "zhiwei-dining",
    "administration-review": "tingyu-silk",
    "accepted": "yunqi-lamps",
    "returned": "songjian-furniture",
    "returned-by-administration": "banmu-garden",
    "expired": "linxi-music",
    "tries-used-up": "qingchuan-optics",
    "lapsed": "qinghe-tea",
    "cancelled": "shiguang-photo",
    "taken-over": "xiaoman-bakery",
}
# Leaders' links: whose order, and which of its leaders.
LINKS = {
    "to-confirm": ("claimed", SITE),
    "reported": ("in-review", ENTITY),
    "to-verify": ("fresh", ENTITY),
    "verified": ("verifying", ENTITY),
    "expired-link": ("expired", SITE),
    "accepted-link": ("accepted", ENTITY),
}
PAPERS = (
    ("entity-certificate", "licence.jpg", files.picture()),
    ("entity-leader-front", "id-card.pdf", files.pdf(2)),
)
Orders = dict[str, Order]


def furnish(app: Flask, ids: dict[str, int]) -> str:
    """Play the demo, then add what it has not; a recovery code. Wants the app's context."""
    actors = [Actor(Role.APPLICANT, ids[name]) for name in (APPLICANT, SECOND)]
    with stage(app, *actors, Actor(Role.REVIEWER, ids[REVIEWER])) as made:
        play(made)
    orders = _orders()
    for kind, name, data in PAPERS:
        materials.add(actors[0], orders["draft"].number, (kind, None), name, data)
    reported = reload(orders["in-review"])
    report_wrong_person(reported.id, reported.share_epoch, ENTITY)
    secret = new_secret()
    now = clock.now()
    code = TOTP(key=secret).generate(time=now.timestamp()).token
    spare = second_factor.switch_on(ids[CAREFUL], secret, code)
    assert spare
    return spare[0]


def places(ids: dict[str, int], language: str) -> dict[str, str]:
    """Where everything is, in a language. Wants the app's context."""
    now, orders = clock.now(), _orders()
    found = {name: f"/orders/{order.number}" for name, order in orders.items()}
    found |= {f"{name}-number": order.number for name, order in orders.items()}
    for name, (order_name, who) in LINKS.items():
        order = orders[order_name]
        viewer = Viewer(order.id, who, language, order.share_epoch)
        found[name] = f"/status/{make_token(viewer, now)}"
    (paper,) = (m for m in materials_of(orders["draft"]) if m.pages)
    found["paper"] = str(paper.id)
    found["no-older"] = "2020-01-01T00:00:00.000000-1"
    newcomer = db.session.get(Account, ids[NEWCOMER])
    assert newcomer is not None
    for purpose in ("recover", "confirm"):
        found[purpose] = make_link_token(purpose, newcomer, now + timedelta(days=1))
    with reading() as session:
        for name, state in (("desk-order", "administration"), ("desk-settled", "accepted")):
            reference = session.scalar(
                select(MinistryOrder.reference).where(MinistryOrder.state == state).limit(1)
            )
            found[name] = f"/miit/desk/{reference}"
    return found


def _orders() -> Orders:
    orders = db.session.scalars(select(Order))
    by_host = {host_of(order.label): order for order in orders}
    return {name: by_host[host] for name, host in ORDERS.items()} | {"blank": by_host[""]}


def host_of(domain: str) -> str:
    """What a domain of the demo is known by here."""
    return domain.removeprefix("shop.").removesuffix("-example.cn")
