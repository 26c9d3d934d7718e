"""Every cell of the frame of the four rulebooks, written by hand from their sources."""

from __future__ import annotations

from datetime import date

import pytest

from console.rules.carriers import sender_for
from console.rules.provinces import PROVINCES
from console.rules.rulebook import load_books

BOOKS = ("aliyun-2018", "jdcloud-2019", "jdcloud-2020", "aliyun-current")
FIXED = {
    "telecom": "106598051001",
    "unicom": "10655113",
    "mobile": "106575000130",
    "virtual": None,
}
SHORT = dict.fromkeys(FIXED, "12381 or 106**********12381")
MANY = ("id-card", "passport", "hk-macao-permit")
NO_ADVICE = None

FRAME: dict[str, tuple[object, object, object, object]] = {
    "family": ("aliyun", "jdcloud", "jdcloud", "aliyun"),
    "in_force_from": (
        date(2017, 12, 18), date(2018, 9, 24), date(2020, 8, 17), date(2020, 8, 17),
    ),
    "window_hours": (24, 48, 24, 24),
    "window_starts_at": ("code-sent",) * 4,
    "dispatch_minutes": ((5, 5), (5, 5), (5, 10), (5, 10)),
    "synchronisation_minutes": ((0, 0), (0, 0), (0, 0), (30, 60)),
    "answer_lag_minutes": ((0, 0), (0, 0), (0, 0), (30, 60)),
    "code_digits": (6, 6, 6, 6),
    "code_unique_per_person": (False, True, False, False),
    "senders": (FIXED, FIXED, SHORT, SHORT),
    "captcha_verify": (False, True, False, False),
    "captcha_resend": (True, True, False, False),
    "counted_failure": ("certificate", "certificate", "any", "any"),
    "tries": (5, 5, 5, 5),
    "tries_in_row": (True, True, True, True),
    "on_tries_used_up": ("returned",) * 4,
    "cancel_after_tries_hours": (None, None, None, 24),
    "on_expiry": ("returned",) * 4,
    "resends_manual": (None, None, 2, 2),
    "resend_automatic": (None, "next-midnight", None, None),
    "resend_minutes": (None, None, (5, 10), None),
    "unmodified_resubmission": (True, False, False, False),
    "mobile_correction": (
        frozenset(), frozenset(), frozenset(), frozenset({"cancel-entity", "cancel-service"}),
    ),
    "certificates": (("id-card",), None, MANY, MANY),
    "knows_apps": (False, False, False, True),
    "portal_link_in_message": (False, False, False, True),
}  # fmt: skip

IN_ENGLISH: dict[str, tuple[str, str, str, str]] = {
    "entry_verify": (
        "ICP Filing SMS Message Verification",
        "Filing SMS Verification",
        "SMS Verification",
        "Text Message Validation",
    ),
    "entry_resend": (
        "Resend SMS Message",
        "Send SMS",
        "Send SMS Verification Code Again",
        "Resend Text Message",
    ),
}


def cells(table):
    return [
        pytest.param(attribute, book, values[index], id=f"{attribute}-{book}")
        for attribute, values in table.items()
        for index, book in enumerate(BOOKS)
    ]


@pytest.mark.parametrize(("attribute", "book", "expected"), cells(FRAME))
def test_each_cell_of_the_frame_is_in_its_book(attribute, book, expected):
    assert getattr(load_books()[book], attribute) == expected


@pytest.mark.parametrize(("attribute", "book", "expected"), cells(IN_ENGLISH))
def test_the_portal_s_entries_are_called_as_in_the_source(attribute, book, expected):
    words = getattr(load_books()[book], attribute)
    assert words.en == expected
    assert words.zh.strip()


def test_there_are_four_books_and_each_names_its_document():
    books = load_books()
    assert list(books) == ["aliyun-2018", "jdcloud-2019", "aliyun-current", "jdcloud-2020"]
    assert {book.source.document for book in books.values()} == {f"{name}.md" for name in BOOKS}


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ("aliyun-2018", ("contact method 1", "new number")),
        ("jdcloud-2019", ("new number", "new or changed")),
        ("jdcloud-2020", ("never the emergency number",)),
        ("aliyun-current", ("leader's mobile",)),
    ],
)
def test_the_book_says_which_mobile_gets_the_code(book, words):
    for word in words:
        assert word in load_books()[book].sent_to.en


@pytest.mark.parametrize(
    ("book", "words"),
    [
        ("aliyun-2018", ()),
        ("jdcloud-2019", ("network", "blocked", "junk", "SIM", "midnight")),
        ("jdcloud-2020", ("again",)),
        ("aliyun-current", ("late", "blocked", "unpaid or suspended")),
    ],
)
def test_the_book_says_where_to_look_when_no_text_comes(book, words):
    help_texts = load_books()[book].no_text_help
    joined = " ".join(text.en for text in help_texts)
    assert bool(help_texts) == bool(words)
    assert all(word in joined for word in words)


@pytest.mark.parametrize(
    ("book", "word"),
    [
        ("aliyun-2018", None),
        ("jdcloud-2019", "[2016] No. 485"),
        ("jdcloud-2020", "2020-08-17"),
        ("aliyun-current", None),
    ],
)
def test_the_legal_basis_is_named_where_the_source_names_one(book, word):
    basis = load_books()[book].legal_basis
    assert (basis is None) if word is None else (basis is not None and word in basis.en)


@pytest.mark.parametrize(
    ("book", "way"),
    [
        ("aliyun-2018", "first filing"),
        ("jdcloud-2019", "additional website"),
        ("jdcloud-2020", "additional website"),
    ],
)
def test_an_empty_shell_is_cancelled_and_filed_anew_as_the_book_advises(book, way):
    advice = load_books()[book].add_provider
    assert advice is not None
    assert "Cancel" in advice.empty_shell.en
    assert way in advice.empty_shell.en
    assert "original provider" in advice.changed_mobile.en


def test_aliyun_current_has_no_advice_for_a_changed_mobile_or_an_empty_shell():
    assert load_books()["aliyun-current"].add_provider is NO_ADVICE


PORTALS = {
    "TJ": ("2017-12-18", "tjcainfo", "tj"), "GS": ("2017-12-18", "gscainfo", "gs"),
    "XZ": ("2017-12-18", "xzcainfo", "xz"), "NX": ("2017-12-18", "nxcainfo", "nx"),
    "HI": ("2017-12-18", "hncainfo", "hi"), "XJ": ("2017-12-18", "xjcainfo", "xj"),
    "QH": ("2017-12-18", "qhcainfo", "qh"), "ZJ": ("2018-09-10", "zcainfo", "zj"),
    "SC": ("2018-09-10", "sccainfo", "sc"), "FJ": ("2018-09-10", "fjcainfo", "fj"),
    "SN": ("2018-09-10", "shxcainfo", "sn"), "CQ": ("2018-09-10", "cqcainfo", "cq"),
    "GX": ("2018-09-10", "gxcainfo", "gx"), "YN": ("2018-09-10", "yncainfo", "yn"),
    "SD": ("2018-09-24", "sdcainfo", "sd"), "HA": ("2018-09-24", "hcainfo", "ha"),
    "AH": ("2018-09-24", "ahcainfo", "ah"), "HN": ("2018-09-24", "xcainfo", "hn"),
    "SX": ("2018-09-24", "sxcainfo", "sx"), "HL": ("2018-09-24", "hlcainfo", "hl"),
    "NM": ("2018-09-24", "nmcainfo", "nm"), "HB": ("2018-09-24", "ecainfo", "hb"),
}  # fmt: skip
OTHER_NINE = ("BJ", "HE", "LN", "JL", "SH", "JS", "JX", "GD", "GZ")


@pytest.mark.parametrize("code", PORTALS)
def test_each_pilot_province_has_its_day_and_its_portals(code):
    day, aliyun, jdcloud = PORTALS[code]
    books = load_books()
    rule = (books["aliyun-2018"].provinces or {})[code]
    path = "/state/outPortal/loginPortal.action" if day > "2018" else ""
    assert rule.in_force_from == date.fromisoformat(day)
    assert rule.portal.host == f"{aliyun}.miitbeian.gov.cn"
    assert rule.portal.url == f"http://{aliyun}.miitbeian.gov.cn{path}"
    other = (books["jdcloud-2019"].provinces or {})[code]
    assert other.in_force_from is None
    assert other.portal.host == f"{jdcloud}.beian.miit.gov.cn"
    assert other.portal.url == f"http://{jdcloud}.beian.miit.gov.cn"


def test_the_two_older_books_hold_in_22_provinces_and_the_newer_everywhere():
    books = load_books()
    assert set(books["aliyun-2018"].provinces or {}) == set(PORTALS)
    assert set(books["jdcloud-2019"].provinces or {}) == set(PORTALS)
    assert set(PROVINCES) == set(PORTALS) | set(OTHER_NINE)
    for name in ("jdcloud-2020", "aliyun-current"):
        assert books[name].provinces is None


@pytest.mark.parametrize("code", [*PORTALS, *OTHER_NINE])
@pytest.mark.parametrize("name", ["jdcloud-2020", "aliyun-current"])
def test_the_newer_books_have_one_portal_for_the_country(name, code):
    portal = load_books()[name].portal_in(code)
    assert portal is not None
    assert portal.host == "beian.miit.gov.cn"
    path = "#/Integrated/ComplaintA" if name == "jdcloud-2020" else ""
    assert portal.url == f"https://beian.miit.gov.cn/{path}"


def test_no_address_carries_a_session_id():
    for book in load_books().values():
        for code in PROVINCES:
            portal = book.portal_in(code)
            assert portal is None or "jsessionid" not in portal.url


@pytest.mark.parametrize(
    ("mobile", "sender"),
    [
        ("13300001111", "106598051001"),
        ("13000001111", "10655113"),
        ("13800001111", "106575000130"),
        ("16200001111", None),
        ("16500001111", None),
        ("16700001111", None),
        ("17000001111", None),
        ("17100001111", None),
    ],
)
def test_the_sender_follows_from_the_carrier_where_the_book_fixes_one(mobile, sender):
    assert sender_for(load_books()["aliyun-2018"], mobile) == sender
    assert sender_for(load_books()["aliyun-current"], mobile) == "12381 or 106**********12381"
