"""What happened at this provider in the past weeks, oldest first: orders in every state."""

from __future__ import annotations

from dataclasses import replace

from console import clock
from console.demo.cast import COMPANIES, Company, app, filing, person, website
from console.demo.stage import Stage
from console.queries.orders import by_number
from console.rules.filing import Filing, FilingType
from console.services import drafts, review, starting, submission
from console.services.books import book_on


def play(stage: Stage) -> None:
    """Play everything. It ends at the present."""
    _long_ago(stage)
    accepted = _last_month(stage)
    _last_week(stage, accepted)
    _yesterday(stage)
    _today(stage)


def _company(n: int) -> Company:
    return COMPANIES[n - 1]


def _long_ago(stage: Stage) -> None:
    stage.go(days=61)
    stage.draft(filing(_company(1)))  # lapses after 45 days
    stage.go(days=40)
    stage.draft(filing(_company(2), two_people=True))  # close to lapsing


def _last_month(stage: Stage) -> str:
    stage.go(days=32)
    number = stage.approved(filing(_company(3), two_people=True))
    stage.go(days=31, hours=20)
    stage.verify(person(6), person(7))
    stage.go(days=20)
    stage.decide(number)
    stage.go(days=19)
    given_up = stage.draft(filing(_company(4)), stage.second)
    drafts.discard(stage.second, given_up)
    return number


def _last_week(stage: Stage, accepted: str) -> None:
    stage.go(days=9)
    returned = stage.approved(filing(_company(5)))
    stage.go(days=8, hours=22)
    stage.verify(person(10))
    stage.approved(filing(_company(6), two_people=True))
    stage.go(days=8, hours=15)
    stage.verify(person(12))  # the website's leader never does: it expires
    stage.go(days=6)
    stage.approved(filing(_company(7)), stage.second)
    stage.go(days=5, hours=23)
    stage.fail(person(14), 5)  # where the book says so, cancelled a day later
    stage.go(days=5)
    _take_over(stage)
    stage.go(days=4)
    stage.decide(
        returned,
        ["document-unclear", "address-incomplete"],
        "营业执照扫描件第二页模糊, 请重新上传; 通信地址请填写到门牌号。",
    )
    stage.go(days=3)
    stage.approved(filing(_company(8), two_people=True))
    stage.go(days=2, hours=20)
    stage.verify(person(16), person(17))
    stage.go(days=2)
    _grow(stage, accepted)


def _grow(stage: Stage, accepted: str) -> None:
    """The entity that was accepted files another website; that is being reviewed."""
    order = by_number(accepted)
    assert order is not None
    more = _company(9)
    service = website(replace(more, name=_company(3).name), person(6))
    number = starting.start(
        stage.applicant, FilingType.ADD_SERVICE, (service.kind,), entity_id=order.entity_id
    )
    added = replace(service, same_as_entity_leader=True)
    stage.fill(number, Filing(FilingType.ADD_SERVICE, services=(added,)))
    submission.submit(stage.applicant, number)


def _take_over(stage: Stage) -> None:
    """A filing made elsewhere takes this provider on; the applicant still fills it in."""
    known = filing(_company(10), two_people=True)
    _, services = stage.ministry.file_elsewhere(known)
    starting.start_add_provider(
        stage.second,
        next(iter(services.values())),
        known.entity.certificate_number,
        {"mobile-changed": False, "empty-shell": False},
        stage.ministry.gateway,
    )


def _yesterday(stage: Stage) -> None:
    stage.go(hours=30)
    number = stage.submitted(filing(_company(11)))
    stage.go(hours=28)
    stage.send_back(
        number,
        ["leader-not-legal-representative", "site-name"],
        "主体负责人不是法定代表人, 请补充授权书; 网站名称请与实际内容一致。",
    )
    stage.go(hours=21)
    stage.approved(filing(_company(12), two_people=True))  # three hours left of 24
    stage.go(hours=14)
    stage.verify(person(24))
    stage.go(hours=10)
    stage.approved(filing(_company(13), two_people=True), stage.second)
    stage.go(hours=9)
    stage.fail(person(27), 3)


def _today(stage: Stage) -> None:
    stage.go(hours=5)
    stage.submitted(filing(_company(14)), stage.second)
    stage.go(hours=3)
    stage.approved(filing(_company(15)))
    stage.go(hours=2)
    stage.fail(person(30), 5)  # returned: its tries are used up
    stage.go(minutes=70)
    stage.submitted(_with_app(_company(16)))
    stage.go(minutes=40)
    stage.approved(filing(_company(17), two_people=True))
    stage.go(minutes=12)
    claimed = stage.submitted(filing(_company(18), two_people=True))
    review.claim(stage.reviewer, claimed)
    stage.go(minutes=5)
    starting.start(stage.applicant, FilingType.FIRST_FILING)
    last = stage.submitted(filing(_company(19)), stage.second)
    stage.go(minutes=0)
    stage.approve(last, hand_over=False)


def _with_app(company: Company) -> Filing:
    """A website and an app, where the book of today knows apps."""
    made = filing(company)
    book = book_on(clock.china_day(clock.now()))
    if book is None or not book.knows_apps:
        return made
    shop = replace(app(company, position=2), domain=f"api.{company.domain}")
    return replace(made, services=(*made.services, shop))
