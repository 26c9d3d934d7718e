"""Who must verify: every row of the table, for every book, and the decisions about people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from console.errors import Invalid, NotFound
from console.rules.filing import FilingType, ServiceKind
from console.rules.rulebook import in_force, load_books, verification_applies
from console.rules.verifiers import (
    OrderFacts,
    ServiceFacts,
    facts_of,
    leader_of,
    who_must_verify,
)
from tests.support.filings import person, valid_filing, website

EL, WL = "entity-leader", "website-leader"
BOOKS = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
APPS = "knows no apps"
BOTH = (EL, WL)
LATE = date(2026, 11, 21)

# filing type, services, changes -> roles under each book, in the order of BOOKS
ROWS: dict[tuple[str, str, str], tuple[object, object, object, object]] = {
    ("first-filing", "website", ""): (BOTH, BOTH, BOTH, BOTH),
    ("first-filing", "website app", ""): (APPS, APPS, APPS, (EL,)),
    ("first-filing", "app", ""): (APPS, APPS, APPS, (EL,)),
    ("add-service", "website", ""): ((WL,), (WL,), (WL,), BOTH),
    ("add-service", "website app", ""): (APPS, APPS, APPS, (EL,)),
    ("add-service", "app", ""): (APPS, APPS, APPS, (EL,)),
    ("add-provider", "website", ""): ((WL,), (WL,), (WL,), BOTH),
    ("add-provider", "app", ""): (APPS, APPS, APPS, BOTH),
    ("change", "website", "entity"): ((EL,), (EL,), (EL,), (EL,)),
    ("change", "website", "service"): ((WL,), (WL,), (WL,), (WL,)),
    ("change", "website", "entity service"): (BOTH, BOTH, BOTH, BOTH),
    ("change", "website", "remarks"): ((), (), (), ()),
    ("change", "website", "entity remarks"): ((EL,), (EL,), (EL,), (EL,)),
    ("change", "website", "service remarks"): ((WL,), (WL,), (WL,), (WL,)),
    ("change", "website", "entity service remarks"): (BOTH, BOTH, BOTH, BOTH),
    ("change", "app", "entity"): (APPS, APPS, APPS, (EL,)),
    ("change", "app", "service"): (APPS, APPS, APPS, (WL,)),
    ("change", "app", "entity service"): (APPS, APPS, APPS, BOTH),
    ("change", "app", "remarks"): (APPS, APPS, APPS, ()),
    ("cancel-entity", "website", ""): ((), (), (EL,), (EL,)),
    ("cancel-entity", "app", ""): (APPS, APPS, APPS, (EL,)),
    ("cancel-service", "website", ""): ((), (), (WL,), (WL,)),
    ("cancel-service", "app", ""): (APPS, APPS, APPS, (WL,)),
    ("cancel-access", "website", ""): ((), (), (), ()),
    ("cancel-access", "app", ""): (APPS, APPS, APPS, ()),
}


def facts(kind="first-filing", services="website", changes="", *, same=False, province="ZJ",
          day=LATE, leaders=None):  # fmt: skip
    kinds = services.split()
    leaders = leaders or [EL if same else f"w{n}" for n in range(1, len(kinds) + 1)]
    return OrderFacts(
        type=FilingType(kind),
        province=province,
        day=day,
        services=tuple(
            ServiceFacts(n, ServiceKind(service), leader)
            for n, (service, leader) in enumerate(zip(kinds, leaders, strict=True), 1)
        ),
        entity_leader=EL,
        changes=frozenset(changes.split()),
    )


def roles(book, order):
    return [verifier.roles for verifier in who_must_verify(book, order)]


@pytest.mark.parametrize(
    ("kind", "services", "changes", "row"),
    [
        ("first-filing", "website website", "", "first-filing.website"),
        ("add-service", "app", "", "add-service.app"),
        ("add-service", "app website", "", "add-service.website-and-app"),
        ("change", "app", "entity", "change.entity"),
        ("change", "app", "remarks service", "change.service"),
        ("change", "website", "service entity", "change.entity-and-service"),
        ("change", "website", "remarks", "change.remarks"),
        ("cancel-entity", "", "", "cancel-entity.website"),
    ],
)
def test_an_order_falls_into_one_row_of_a_book(kind, services, changes, row):
    assert facts(kind, services, changes).row == row


CELLS = [
    pytest.param(*row, same, book, expected[index], id="-".join((*row, str(same), book)))
    for row, expected in ROWS.items()
    for index, book in enumerate(BOOKS)
    for same in (False, True)
]


@pytest.mark.parametrize(("kind", "services", "changes", "same", "book", "expected"), CELLS)
def test_each_row_of_each_book_names_who_must_verify(kind, services, changes, same, book, expected):
    order = facts(kind, services, changes, same=same)
    if expected is APPS:
        with pytest.raises(Invalid, match=f"{book} {APPS}"):
            who_must_verify(load_books()[book], order)
        return
    assert isinstance(expected, tuple)
    if same:
        assert roles(load_books()[book], order) == ([expected] if expected else [])
    else:
        assert roles(load_books()[book], order) == [(role,) for role in expected]


@pytest.mark.parametrize("book", [None, *BOOKS])
def test_a_change_of_nothing_is_refused_under_every_book_and_before_the_first(book):
    with pytest.raises(Invalid, match="changes nothing"):
        who_must_verify(load_books()[book] if book else None, facts("change"))


@pytest.mark.parametrize("book", BOOKS)
def test_future_verifiers_are_named_by_jdcloud_2019_only_and_do_not_verify(book):
    rows = ("cancel-entity", "cancel-service.website", "cancel-access")
    named = [load_books()[book].future_roles_for(row) for row in rows]
    assert named == ([(EL,), (WL,), (WL,)] if book == "jdcloud-2019" else [(), (), ()])


PILOT = {
    "2017-12-18": "TJ GS XZ NX HI XJ QH",
    "2018-09-10": "ZJ SC FJ SN CQ GX YN",
    "2018-09-24": "SD HA AH HN SX HL NM HB",
}
NINE = ["BJ", "HE", "LN", "JL", "SH", "JS", "JX", "GD", "GZ"]


@pytest.mark.parametrize(
    ("province", "day"),
    [(province, day) for day, group in PILOT.items() for province in group.split()],
)
def test_aliyun_2018_holds_in_a_province_from_its_own_day(province, day):
    book = load_books()["aliyun-2018"]
    begin = date.fromisoformat(day)
    eve, morrow = (begin.replace(day=begin.day + step) for step in (-1, 1))
    assert roles(book, facts(province=province, day=eve)) == []
    assert roles(book, facts(province=province, day=begin)) == [(EL,), (WL,)]
    assert roles(book, facts(province=province, day=morrow)) == [(EL,), (WL,)]


@pytest.mark.parametrize("province", " ".join(PILOT.values()).split())
@pytest.mark.parametrize("day", [date(2015, 1, 1), date(2018, 9, 23), date(2026, 1, 1)])
def test_jdcloud_2019_holds_in_its_provinces_on_any_day_when_named(province, day):
    assert verification_applies(load_books()["jdcloud-2019"], province, day)


@pytest.mark.parametrize(("province", "book"), list(product(NINE, BOOKS)))
def test_the_other_nine_provinces_verify_under_the_newer_books_only(province, book):
    expected = [(EL,), (WL,)] if book in ("jdcloud-2020", "aliyun-current") else []
    assert roles(load_books()[book], facts(province=province)) == expected


@pytest.mark.parametrize("book", ["jdcloud-2020", "aliyun-current"])
def test_a_newer_book_named_outright_applies_on_any_day(book):
    assert verification_applies(load_books()[book], "BJ", date(2010, 1, 1))


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("aliyun", date(2017, 12, 17), None),
        ("aliyun", date(2017, 12, 18), "aliyun-2018"),
        ("aliyun", date(2020, 8, 16), "aliyun-2018"),
        ("aliyun", date(2020, 8, 17), "aliyun-current"),
        ("aliyun", date(2020, 8, 18), "aliyun-current"),
        ("jdcloud", date(2018, 9, 23), None),
        ("jdcloud", date(2018, 9, 24), "jdcloud-2019"),
        ("jdcloud", date(2020, 8, 16), "jdcloud-2019"),
        ("jdcloud", date(2020, 8, 17), "jdcloud-2020"),
        ("aliyun-2018", date(2026, 1, 1), "aliyun-2018"),
        ("jdcloud-2020", date(2001, 1, 1), "jdcloud-2020"),
    ],
)
def test_a_family_s_next_book_replaces_the_one_before_on_its_day(name, day, expected):
    book = in_force(name, day)
    assert (book.name if book else None) == expected


def test_an_unknown_book_is_refused_with_those_there_are():
    with pytest.raises(NotFound, match=r"no rulebook tencent.*: aliyun-2018, .*, jdcloud\."):
        in_force("tencent", LATE)


def test_before_a_family_s_first_day_nothing_is_verified():
    assert who_must_verify(None, facts()) == ()
    assert not verification_applies(None, "ZJ", LATE)


def test_several_services_verify_the_leader_of_each_and_one_person_once():
    book = load_books()["aliyun-current"]
    order = facts(services="website website website", leaders=["a", "b", "a"])
    found = who_must_verify(book, order)
    assert [(v.key, v.roles, v.services, v.person) for v in found] == [
        (EL, (EL,), (), EL),
        ("website-leader-1", (WL,), (1, 3), "a"),
        ("website-leader-2", (WL,), (2,), "b"),
    ]


def test_an_entity_leader_who_leads_one_service_verifies_once_for_both_roles():
    book = load_books()["jdcloud-2020"]
    found = who_must_verify(book, facts(services="website website", leaders=["a", EL]))
    assert [(v.key, v.roles, v.services) for v in found] == [
        (EL, (EL, WL), (2,)),
        ("website-leader-1", (WL,), (1,)),
    ]


def test_with_only_the_website_leader_asked_the_key_is_the_service_s():
    book = load_books()["jdcloud-2020"]
    found = who_must_verify(book, facts("add-service", same=True))
    assert [(v.key, v.roles, v.services) for v in found] == [("website-leader-1", (WL,), (1,))]


@pytest.mark.parametrize("name", BOOKS)
def test_the_portal_is_the_province_s_own_under_the_older_books_alone(name):
    book = load_books()[name]
    hosts = [portal and portal.host for portal in map(book.portal_in, ("HI", "HN", "BJ"))]
    assert hosts == {
        "aliyun-2018": ["hncainfo.miitbeian.gov.cn", "xcainfo.miitbeian.gov.cn", None],
        "jdcloud-2019": ["hi.beian.miit.gov.cn", "hn.beian.miit.gov.cn", None],
    }.get(name, ["beian.miit.gov.cn"] * 3)


def test_behind_each_verifier_is_the_leader_named_in_the_filing():
    boss, other = person(1), person(2)
    filing = valid_filing(
        1, services=(website(1), website(2, 2, leader=other), website(3, 3, leader=other))
    )
    found = who_must_verify(load_books()["aliyun-current"], facts_of(filing, LATE))
    assert [(one.services, leader_of(filing, one)) for one in found] == [
        ((1,), boss), ((2, 3), other),
    ]  # fmt: skip
    # Asked as the leader of a website alone, who leads everything is the same person.
    (added,) = who_must_verify(
        load_books()["jdcloud-2020"],
        facts_of(replace(filing, type=FilingType.ADD_SERVICE, services=(website(1),)), LATE),
    )
    assert (added.roles, leader_of(filing, added)) == ((WL,), boss)


def test_leaders_without_a_number_yet_are_different_people_but_one_with_themselves():
    blank = person(1, mobile="")
    services = (website(1), website(2, 2, leader=blank), website(3, 3, leader=blank))
    filing = replace(valid_filing(1, services=services), entity_leader=blank)
    told = facts_of(filing, LATE)
    assert told.services[0].leader == told.entity_leader
    assert len({told.entity_leader, *(one.leader for one in told.services)}) == 3
    assert (told.type, told.province, told.day) == (filing.type, "ZJ", LATE)


def test_one_number_is_one_person_however_it_is_written():
    spaced = person(1, mobile="+86 138 0571 0001")
    told = facts_of(valid_filing(1, services=(website(1, leader=spaced),)), LATE)
    assert told.services[0].leader == told.entity_leader == "13805710001"
