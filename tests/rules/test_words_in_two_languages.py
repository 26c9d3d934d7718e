"""Provinces, certificates, notices and advice: what each is called and whom it is for."""

from __future__ import annotations

from datetime import date

import pytest

from console.rules.advice import ADVICE, advice_for
from console.rules.bilingual import Bilingual
from console.rules.codes import ENTITY_CERTIFICATES, PERSON_CERTIFICATES, certificate_label
from console.rules.notices import OFFERS, Kind, offers_for
from console.rules.provinces import PROVINCES, province
from console.rules.text import T

WORDS = Bilingual("tea", "茶")


def test_a_text_with_nothing_to_fill_in_is_said_as_it_is() -> None:
    assert str(T("100 % cotton")) == "100 % cotton"
    assert str(T("%(share)d %% cotton", share=80)) == "80 % cotton"


@pytest.mark.parametrize("locale", ["zh", "zh_Hans_CN", "zh-CN", "ZH-hant"])
def test_a_chinese_reader_gets_chinese(locale: str) -> None:
    assert WORDS.to(locale) == "茶"


@pytest.mark.parametrize("locale", ["en", "en_GB", "de", "", None])
def test_every_other_reader_gets_english(locale: object) -> None:
    assert WORDS.to(locale) == str(WORDS) == "tea"


@pytest.mark.parametrize(
    ("code", "english", "chinese", "character"),
    [
        ("TJ", "Tianjin", "天津", "津"),
        ("HI", "Hainan", "海南", "琼"),
        ("HN", "Hunan", "湖南", "湘"),
        ("HA", "Henan", "河南", "豫"),
        ("SX", "Shanxi", "山西", "晋"),
        ("SN", "Shaanxi", "陕西", "陕"),
        ("NM", "Inner Mongolia", "内蒙古", "蒙"),
        ("XZ", "Tibet", "西藏", "藏"),
        ("SC", "Sichuan", "四川", "蜀"),
        ("GZ", "Guizhou", "贵州", "黔"),
        ("YN", "Yunnan", "云南", "滇"),
        ("GS", "Gansu", "甘肃", "陇"),
    ],
)
def test_a_province_has_a_name_in_both_languages_and_a_character(
    code: str, english: str, chinese: str, character: str
) -> None:
    found = province(code)
    assert (found.code, found.name.en, found.character) == (code, english, character)
    assert found.name.zh.startswith(chinese)


@pytest.mark.parametrize(
    ("code", "label"),
    [("passport", "Passport"), ("id-card", "Resident ID card"),
     ("business-licence", "Business licence")],
)  # fmt: skip
def test_a_certificate_is_called_by_name_whoever_shows_it(code: str, label: str) -> None:
    assert str(certificate_label(code)) == label


def test_no_certificate_is_a_person_s_and_an_entity_s_at_once() -> None:
    assert not PERSON_CERTIFICATES.keys() & ENTITY_CERTIFICATES.keys()
    with pytest.raises(KeyError):
        certificate_label("library-card")


def test_each_role_is_offered_its_own_notices_and_an_administrator_none() -> None:
    applicant = {offer.kind for offer in offers_for({"applicant"})}
    reviewer = {offer.kind for offer in offers_for({"reviewer"})}
    assert reviewer == {Kind.TO_REVIEW, Kind.WRONG_PERSON_REVIEW, Kind.STUCK_REVIEW}
    assert {Kind.DEADLINE_NEAR, Kind.RETURNED, Kind.ACCEPTED} <= applicant
    assert not applicant & reviewer
    assert offers_for({"reviewer", "applicant"}) == OFFERS
    assert offers_for({"administrator"}) == ()


def test_advice_of_a_province_is_for_units_for_individuals_or_for_all() -> None:
    everyone = set(advice_for("HI"))
    unit, alone = (set(advice_for("HI", who)) for who in ("military", "individual"))
    assert {one.who for one in everyone} >= {"unit", "individual"}
    assert {one.who for one in unit} <= {"unit", "all"}
    assert {one.who for one in alone} <= {"individual", "all"}
    assert unit | alone == everyone
    assert all("HI" in one.provinces for one in everyone)
    assert not advice_for("??")


def test_what_is_for_all_is_told_to_units_and_to_individuals() -> None:
    for_all = [one for one in ADVICE if one.who == "all"]
    assert for_all
    for one in for_all:
        for who in ("enterprise", "individual", ""):
            assert one in advice_for(one.provinces[0], who)


def test_every_advice_says_where_it_is_from_and_how_old_it_is() -> None:
    for one in ADVICE:
        assert set(one.provinces) <= set(PROVINCES)
        assert one.who in ("all", "unit", "individual")
        assert date(2015, 1, 1) < one.as_of <= date(2026, 11, 21)
        for words in (one.text, one.source):
            assert words.en.isascii()
            assert not words.zh.isascii()
