"""Masks, ICP numbers, phones, provinces and working days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import NotFound
from console.rules.carriers import carrier_of
from console.rules.icp_numbers import entity_number, parse_icp_number, service_number
from console.rules.masking import (
    Unreadable,
    last_six,
    mask_certificate,
    mask_email,
    mask_mobile,
    mask_name,
)
from console.rules.mobiles import is_mobile, is_phone, normalise_mobile, normalise_phone
from console.rules.provinces import PROVINCES, province
from console.rules.workdays import after_workdays, expected_answer, is_workday


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_mobile, "13800000000", "138****0000"),
        (mask_mobile, "1234567", "*****67"),
        (mask_mobile, "1234", "****"),
        (mask_mobile, "12345", "***45"),
        (mask_email, "  ", ""),
        (mask_email, " zhang@example.cn ", "z***@example.cn"),
        (mask_mobile, "", ""),
        (mask_certificate, "110101199003071234", "110***********1234"),
        (mask_certificate, "H12345678", "H******78"),
        (mask_certificate, "110101900307123", "110********7123"),
        (mask_certificate, "H1234567890123", "H***********23"),
        (mask_certificate, "G123456", "G****56"),
        (mask_certificate, "123456", "******"),
        (mask_certificate, "12345", "*****"),
        (mask_certificate, "", ""),
        (mask_name, "张三", "张*"),
        (mask_name, "欧阳娜娜", "欧***"),
        (mask_name, "𠮷田", "𠮷*"),
        (mask_name, "张", "*"),
        (mask_email, "zhang@example.cn", "z***@example.cn"),
        (mask_email, "z@example.cn", "***@example.cn"),
        (mask_email, "zh@example.cn", "z***@example.cn"),
        (mask_email, '"tea@home"@example.cn', '"***@example.cn'),
        (mask_email, "not an address", "***"),
        (mask_email, "", ""),
    ],
)
def test_masks_show_no_more_than_agreed(mask, text, masked):
    assert mask(text) == masked


def test_words_for_what_cannot_be_read_are_shown_as_they_are():
    words = Unreadable("(cannot be read)")
    assert mask_mobile(words) == mask_email(words) == words


@given(st.text(st.characters(exclude_characters="*"), max_size=40))
def test_no_mask_ever_shows_the_whole(text):
    for mask, most in ((mask_mobile, 7), (mask_certificate, 7), (mask_name, 1)):
        plain, masked = text.strip(), mask(text)
        assert len(masked) == len(plain)
        assert masked != plain or not plain
        assert len(masked.replace("*", "")) <= most


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("11010119900307123x", "07123X"),
        ("e12 345678", "345678"),
        ("e12345 67 8", "345678"),
        ("Ｈ１２３４５６７８", "345678"),
        ("123", "123"),
        ("", ""),
    ],
)
def test_the_last_six_compare_without_regard_to_case_width_and_spaces(number, expected):
    assert last_six(number) == expected


def test_icp_numbers_are_built_and_read_back():
    number = entity_number("SC", 2026, 17)
    assert number == "蜀ICP备2026000017号"
    assert service_number(number, 2, False) == "蜀ICP备2026000017号-2"
    assert service_number(number, 3, True) == "蜀ICP备2026000017号-3A"
    read = parse_icp_number("蜀icp备2026000017号-3a")
    assert read is not None
    assert (read.province, read.position, read.app, read.entity) == ("SC", 3, True, number)


@pytest.mark.parametrize(
    "text", ["京ICP备12345678号", "京ICP备 1999000001号".replace("1999", "20")]
)
def test_older_numbers_of_eight_digits_are_read(text):
    read = parse_icp_number(text)
    assert read is not None
    assert (read.province, read.position) == ("BJ", None)


@pytest.mark.parametrize(
    "text",
    [
        "", "京ICP证12345678号", "川ICP备2026000001号", "京ICP备123456789号",
        "京ICP备2026000001号-0", "京ICP备2026000001号-1B", "京ICP备2026000001", "x" * 9999,
        "京ICP备1999000001号",
    ],
)  # fmt: skip
def test_what_is_no_icp_number_is_none(text):
    assert parse_icp_number(text) is None


@pytest.mark.parametrize(
    ("year", "serial", "number"),
    [
        (2000, 1, "京ICP备2000000001号"),
        (2099, 999_999, "京ICP备2099999999号"),
    ],
)
def test_numbers_reach_from_the_first_to_the_last_of_their_digits(year, serial, number):
    assert entity_number("BJ", year, serial) == number
    read = parse_icp_number(number)
    assert read is not None
    assert (str(read), read.digits) == (number, number[5:15])


@pytest.mark.parametrize(
    "arguments", [("BJ", 2026, 0), ("BJ", 2026, 1_000_000), ("BJ", 1999, 1), ("BJ", 2100, 1)]
)
def test_a_number_that_cannot_be_is_not_built(arguments):
    with pytest.raises(ValueError, match="no ICP number"):
        entity_number(*arguments)


@pytest.mark.parametrize(
    ("entity", "position"), [("浙ICP备2026000001号-1", 1), ("浙ICP备2026000001号", 0), ("x", 1)]
)
def test_a_service_number_needs_an_entity_s_number(entity, position):
    with pytest.raises(ValueError, match="no service number"):
        service_number(entity, position, False)


@given(
    st.sampled_from(sorted(PROVINCES)),
    st.integers(2000, 2099),
    st.integers(1, 999_999),
    st.integers(1, 99_999),
    st.booleans(),
)
def test_every_icp_number_reads_back_as_itself(code, year, serial, position, app):
    number = service_number(entity_number(code, year, serial), position, app)
    assert str(parse_icp_number(number)) == number


def test_the_characters_of_the_31_provinces_are_those_of_icp_numbers():
    expected = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀黔滇藏陕陇青宁新"
    assert "".join(row.character for row in PROVINCES.values()) == expected
    assert province("SN").name.en == "Shaanxi"
    assert province("SX").name.to("zh_Hans_CN") == "山西"
    with pytest.raises(NotFound, match="no province XX"):
        province("XX")


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("13300001111", "telecom"), ("18900001111", "telecom"), ("19900001111", "telecom"),
        ("13000001111", "unicom"), ("18600001111", "unicom"), ("16600001111", "unicom"),
        ("13800001111", "mobile"), ("18800001111", "mobile"), ("+86 138 0000 1111", "mobile"),
        ("16200001111", "virtual"), ("16500001111", "virtual"), ("16700001111", "virtual"),
        ("17000001111", "virtual"), ("17100001111", "virtual"), ("19200001111", "virtual"),
        ("13490001111", "telecom"), ("nonsense", "virtual"),
    ],
)  # fmt: skip
def test_the_carrier_is_told_by_the_prefix(number, carrier):
    assert carrier_of(number) == carrier


@pytest.mark.parametrize(
    "text", ["13800001111", "+86 138-0000-1111", "0086 13800001111", "１３８００００１１１１"]
)
def test_one_mobile_has_one_spelling(text):
    assert is_mobile(text)
    assert normalise_mobile(text) == "13800001111"


@pytest.mark.parametrize(
    "text", ["", "12345678901", "010-88886666", "+852 9123 4567", "1380000111", "138000011112", "x"]
)
def test_what_is_no_mainland_mobile_is_told(text):
    assert not is_mobile(text)


def test_a_landline_is_a_phone_and_keeps_its_area_code():
    assert is_phone("010-88886666")
    assert normalise_phone("+86 10 8888 6666") == "01088886666"
    assert not is_phone("88")
    assert normalise_phone(" 88 ") == "88"
    assert normalise_mobile(" +86 10 8888 6666 ") == "+86 10 8888 6666"


@pytest.mark.parametrize(
    ("start", "count", "day", "provisional"),
    [
        (date(2026, 11, 20), 0, date(2026, 11, 20), False),
        (date(2026, 11, 20), 1, date(2026, 11, 23), False),
        (date(2026, 9, 30), 1, date(2026, 10, 8), False),  # National Day, seven days off
        (date(2026, 2, 13), 1, date(2026, 2, 14), False),  # a Saturday to make up for
        (date(2027, 5, 7), 1, date(2027, 5, 10), True),
    ],
)
def test_working_days_leave_out_weekends_and_holidays_but_not_make_up_days(
    start, count, day, provisional
):
    found = after_workdays(start, count)
    assert (found.day, found.provisional) == (day, provisional)


def test_the_answer_is_due_within_20_working_days_provisional_past_the_known_calendar():
    assert expected_answer(date(2026, 9, 20)).day == date(2026, 10, 23)
    assert not expected_answer(date(2026, 9, 20)).provisional
    assert expected_answer(date(2026, 12, 20)).provisional
    with pytest.raises(ValueError, match=r"^working days are counted forwards$"):
        after_workdays(date(2026, 1, 1), -1)


@given(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.integers(1, 40))
def test_counting_one_by_one_is_counting_at_once(day, count):
    at_once = after_workdays(day, count).day
    assert is_workday(at_once)[0]
    step = day
    for _ in range(count):
        step = after_workdays(step, 1).day
    assert step == at_once
    between = (day + timedelta(days=n) for n in range(1, (at_once - day).days + 1))
    assert sum(is_workday(one)[0] for one in between) == count
