"""What holds of every order, number and moment, tried with many; each run tries the same ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from console.rules.checklist import VerifierFacts, checklist
from console.rules.checks.certificates import credit_code_problem, person_number_problem
from console.rules.filing import FilingType, ServiceKind
from console.rules.lifecycle import State
from console.rules.masking import last_six, mask_certificate, mask_email, mask_mobile
from console.rules.provinces import PROVINCES
from console.rules.rulebook import load_books, verification_applies
from console.rules.verifiers import OrderFacts, ServiceFacts, who_must_verify
from tests.support.filings import credit_code, id_number

some = settings(max_examples=60, derandomize=True, deadline=None)
TODAY = date(2026, 11, 21)
ENTITY, WEBSITE = "entity-leader", "website-leader"

services = st.lists(
    st.tuples(st.sampled_from(ServiceKind), st.sampled_from("EABC")), min_size=1, max_size=5
)
orders = st.builds(
    lambda type_, province, day, found, changes: OrderFacts(
        type=type_,
        province=province,
        day=day,
        services=tuple(ServiceFacts(n, *one) for n, one in enumerate(found, 1)),
        entity_leader="E",
        changes=frozenset(changes),
    ),
    st.sampled_from(FilingType),
    st.sampled_from(sorted(PROVINCES)),
    st.dates(date(2017, 1, 1), date(2027, 1, 1)),
    services,
    st.sets(st.sampled_from(["entity", "service", "remarks"]), min_size=1),
)
books = st.sampled_from(sorted(load_books())).map(load_books().__getitem__)


@some
@given(books, orders, st.randoms(use_true_random=False))
def test_whoever_must_verify_does_so_once_for_all_that_is_theirs(book, order, random):
    assume(book.knows_apps or all(s.kind is ServiceKind.WEBSITE for s in order.services))
    found = who_must_verify(book, order)
    wanted = book.roles_for(order.row) or ()
    if not verification_applies(book, order.province, order.day):
        wanted = ()
    assert {role for verifier in found for role in verifier.roles} == set(wanted)
    assert max(Counter(v.person for v in found).values(), default=0) <= 1
    assert max(Counter(v.key for v in found).values(), default=0) <= 1
    led = {s.position: s.leader for s in order.services} if WEBSITE in wanted else {}
    assert {n: v.person for v in found for n in v.services} == led
    assert [v.person for v in found if ENTITY in v.roles] == ["E"] * (ENTITY in wanted)
    shuffled = random.sample(order.services, len(order.services))
    assert who_must_verify(book, replace(order, services=tuple(shuffled))) == found


@some
@given(books, st.integers(-72 * 60, 72 * 60), st.integers(0, 9), st.booleans())
def test_a_window_is_open_until_its_last_moment_and_never_again(book, minutes, used, sent):
    start = datetime(2026, 11, 21, 8, tzinfo=UTC)
    deadline = start + timedelta(hours=book.window_hours)
    now = deadline + timedelta(minutes=minutes)
    person = VerifierFacts(ENTITY, (ENTITY,), code_sent_at=start if sent else None, tries_used=used)
    made = [checklist([person], book, deadline, State.VERIFYING, moment)
            for moment in (now, deadline - timedelta.resolution, deadline)]  # fmt: skip
    states = [one.rows[0].state for one in made]
    pending = "waiting" if sent else "waiting-for-code"
    assert states == [pending if now < deadline else "expired", pending, "expired"]
    assert [one.overdue for one in made] == [now >= deadline, False, True]
    assert made[0].rows[0].tries_left == max(0, book.tries - used)


def _others(text: str, position: int, alphabet: str) -> list[str]:
    """The text with another character in one place."""
    return [text[:position] + c + text[position + 1 :] for c in alphabet if c != text[position]]


@some
@given(st.integers(0, 999), st.dates(date(1930, 1, 1), date(2008, 1, 1)), st.integers(0, 17))
def test_one_wrong_digit_of_an_id_number_is_always_seen(n, born, position):
    number = id_number(n, f"{born:%Y%m%d}")
    assert person_number_problem("id-card", number, TODAY) is None
    for wrong in _others(number, position, "0123456789X"):
        assert person_number_problem("id-card", wrong, TODAY), wrong
    turned = number[:position] + number[position : position + 2][::-1] + number[position + 2 :]
    assert turned == number or person_number_problem("id-card", turned, TODAY)


@some
@given(st.integers(0, 999_999), st.integers(0, 17))
def test_one_wrong_character_of_a_credit_code_is_always_seen(n, position):
    code = credit_code(n)
    assert credit_code_problem(code) is None
    for wrong in _others(code, position, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        assert credit_code_problem(wrong), wrong


@pytest.mark.parametrize("mask", [mask_mobile, mask_certificate, mask_email])
@some
@given(text=st.text(st.sampled_from("0123456789ABCDEX"), min_size=7, max_size=24))
def test_a_mask_never_shows_what_the_portal_asks_for(mask, text):
    shown = mask(f"{text}@example.cn" if mask is mask_email else text)
    assert last_six(text) not in shown
    assert shown.count("*") >= 3
