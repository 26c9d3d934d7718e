"""Each step twice: what is asked of the product, and what the model makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from console.extensions import db
from console.models import RegisteredEntity, RegisteredService
from console.queries.orders import by_number
from console.rules.filing import FilingType
from console.services import drafts, sharing, starting, submission
from tests.model.console import Console, Order, Telling
from tests.model.filed import Filing, Holder, Site
from tests.model.hands import Hands, added, filing_of
from tests.model.words import UNTOUCHED

COUNTED = "零一二三四五六七八九"


def _revision(number: str) -> int:
    order = by_number(number)
    assert order is not None
    revision = order.revision
    db.session.rollback()
    return revision


# -- starting and filling in ---------------------------------------------------------------------


def start(hands: Hands, model: Console, owner: str, entity: int, domain: str, leader: int) -> Order:
    """A first filing, filled in."""
    actor, filing = hands.actor(owner, "applicant"), filing_of(entity, domain, leader)
    number = starting.start(actor, filing.type)
    revision = drafts.save_entity(
        actor, number, _revision(number), filing.entity, filing.entity_leader
    )
    drafts.save_service(actor, number, revision, filing.services[0])
    order = Order(number, owner, Filing("first-filing", entity, domain, entity, leader), None)
    order.move("start", "draft", "applicant", hands.moment)
    model.orders.append(order)
    return order


def further(kind: str, holder: Holder, site: Site, domain: str) -> Filing:
    """What a further order about something filed would file."""
    if kind == "add-service":
        return Filing(kind, holder.entity, domain, holder.entity, site.leader, holder)
    about = None if kind == "cancel-entity" else site
    return Filing(kind, holder.entity, site.domain, holder.entity, site.leader, holder, about)


def may_follow_up(model: Console, order: Order) -> str:
    """Whether an order about something filed can be started."""
    site = order.filing.site
    if site is not None and not site.at_console:
        return "NotFound"
    if order.filing.type == "cancel-access" and site is not None and not site.with_us:
        return "Refusal"
    return "Conflict" if model.conflict(order, at_start=True) else "ok"


def follow_up(hands: Hands, order: Order) -> None:
    """Start it, and fill in what is added."""
    filing, actor = order.filing, hands.actor(order.owner, "applicant")
    assert filing.holder is not None
    entity_id = db.session.scalar(
        select(RegisteredEntity.id).where(RegisteredEntity.icp_number == filing.holder.number)
    )
    number = filing.site.number if filing.site else ""
    site_id = db.session.scalar(
        select(RegisteredService.id).where(RegisteredService.icp_number == number)
    )
    db.session.rollback()
    order.number = starting.start(
        actor,
        FilingType(filing.type),
        entity_id=entity_id,
        service_ids=[site_id] if site_id is not None else [],
    )
    if filing.type == "add-service":
        content = added(filing.entity, filing.domain, filing.website_leader)
        drafts.save_service(actor, order.number, _revision(order.number), content.services[0])


def edit(hands: Hands, order: Order, who: str = "") -> None:
    """Give the website another name."""
    filing = order.filing
    site = filing_of(filing.entity, filing.domain, filing.website_leader).services[0]
    name = "茶叶" + "".join(COUNTED[int(n)] for n in str(order.version + 1)) + "店"
    actor = hands.actor(who or order.owner, "applicant")
    drafts.save_service(actor, order.number, _revision(order.number), replace(site, name=name))


def edited(order: Order, now: datetime) -> None:
    """The applicant was here."""
    order.version += 1
    order.due = now + UNTOUCHED


def start_again(hands: Hands, order: Order, who: str = "") -> str:
    """Start an ended order again, and hand back the number of the new one."""
    return starting.start_again(hands.actor(who or order.owner, "applicant"), order.number)


def may_start_again(model: Console, order: Order) -> str:
    """Whether an ended order can be started again: "copy" where that was done already."""
    if order.state not in ("cancelled", "lapsed") or order.purged:
        return "Refusal"
    if model.copy_of(order) is not None:
        return "copy"
    copy = Order("", order.owner, order.filing, order.about)
    blocked = order.about is not None and model.conflict(copy)
    return "Conflict" if blocked else "ok"


def copied(model: Console, order: Order, number: str, now: datetime) -> None:
    """The new order has the old one's content."""
    old = order.filing
    holder = old.holder if old.type != "first-filing" else None
    site = old.site if old.type.startswith("cancel") else None
    copy = Order(number, order.owner, replace(old, holder=holder, site=site), order.about)
    copy.version, copy.copied_from = order.version, order
    copy.move("start", "draft", "applicant", now)
    model.orders.append(copy)


# -- handing in and taking back -------------------------------------------------------------------


def submit(hands: Hands, order: Order, who: str = "") -> None:
    """Hand in."""
    actor = hands.actor(who or order.owner, "applicant")
    submission.submit(actor, order.number, confirmed=True)


def submitted(order: Order, now: datetime) -> None:
    """A new round, to the first review."""
    action = "resubmit" if order.state == "returned" else "submit"
    _new_round(order)
    order.move(action, "in-review", "applicant", now)


def _new_round(order: Order) -> None:
    order.forget()
    order.round += 1
    order.epoch += 1
    order.people = []


def may_skip_review(model: Console, order: Order) -> bool:
    """The book allows it, nobody verified in time, and nothing was changed since."""
    passed = order.approved is not None and order.approved[1] == order.version
    late = order.reasons in (["expired"], ["tries-used-up"])
    return model.ministry.frame.unmodified and passed and late and order.book is not None


def resubmit_unmodified(hands: Hands, order: Order, who: str = "") -> None:
    """Straight back to verification."""
    submission.resubmit_unmodified(hands.actor(who or order.owner, "applicant"), order.number)


def resubmitted(order: Order, now: datetime) -> None:
    """A new round that is approved at once."""
    _new_round(order)
    order.approved = (order.round, order.version)
    order.move("resubmit-unmodified", "approved", "applicant", now)
    order.outbox.append(Telling("submit", order.key))


def withdraw(hands: Hands, order: Order, who: str = "") -> None:
    """Take it back."""
    actor = hands.actor(who or order.owner, "applicant")
    submission.withdraw(actor, order.number, hands.ministry.gateway)


def withdrawn(model: Console, order: Order, now: datetime) -> str:
    """What comes of it: at once where the ministry cannot know, else when it has answered."""
    if order.state not in ("in-review", "approved", "verifying"):
        return "Changed"
    waits = order.telling("submit")
    unknown = order.state == "in-review" or (waits is not None and not waits.tried)
    if unknown:
        order.outbox = [one for one in order.outbox if one is not waits]
        order.move("withdraw", "draft", "applicant", now)
        order.forget()
        return "ok"
    if order.too_late == order.key:
        return "Conflict"  # it has said so: nobody is asked again
    telling = order.telling("withdraw")
    if telling is None:
        telling = Telling("withdraw", order.key)
        order.outbox.append(telling)
    return "ok" if model.send(order, telling, now) == "done" else "Conflict"


def discard(hands: Hands, order: Order, who: str = "") -> None:
    """Give it up."""
    drafts.discard(hands.actor(who or order.owner, "applicant"), order.number)


def revoke(hands: Hands, order: Order, who: str = "") -> None:
    """Take the leaders' links back."""
    sharing.revoke_links(hands.actor(who or order.owner, "applicant"), order.number)


# What only the owner of an order can do to it.
VERBS: dict[str, Callable[[Hands, Order, str], Any]] = {
    "edit": edit,
    "submit": submit,
    "resubmit unmodified": resubmit_unmodified,
    "withdraw": withdraw,
    "discard": discard,
    "revoke": revoke,
    "start again": start_again,
}
