"""Domains as people type them, and characters that nobody sees."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import Invalid
from console.rules.domains import (
    looks_like_another,
    parse_domain,
    registrable,
    show_domain,
    u_label,
)
from console.rules.strings import (
    has_digit,
    has_invisible,
    only_latin_or_digits,
    seen,
    tidy,
)

# A name of 253 characters, which is as long as one can be: labels of 63 at most.
LONGEST = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 58, "cn"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (LONGEST, LONGEST),
        ("example.cn", "example.cn"),
        ("  Example.CN\n", "example.cn"),
        ("www.example.com.cn", "www.example.com.cn"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("例子。中国", "xn--fsqu00a.xn--fiqs8s"),
        ("XN--FSQU00A.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
        ("bu\u0308cher.de", "xn--bcher-kva.de"),
    ],
)
def test_a_domain_is_kept_as_an_a_label(typed, kept):
    assert parse_domain(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter a domain"),
        ("   ", "Enter a domain"),
        ("https://example.cn", "without a scheme"),
        ("example.cn/path", "without a path"),
        ("example.cn\\path", "without a path"),
        ("example.cn?x", "without a path"),
        ("example.cn:8080", "without a port"),
        ("me@example.cn", "without a user name"),
        ("1.2.3.4", "not an IP address"),
        ("１.2.3.4", "not an IP address"),
        ("2001:db8::1", "not an IP address"),
        ("[::1]", "not an IP address"),
        ("example.cn.", "without a dot at its end"),
        ("例子.中国。", "without a dot at its end"),
        ("例子.中国．", "without a dot at its end"),
        ("例子.中国｡", "without a dot at its end"),
        ("\u3000example.cn", "without spaces"),
        (f"a{LONGEST}", "at most 253"),
        ("exa\u00admple.cn", "cannot be seen"),
        ("exa\u200bmple.cn", "cannot be seen"),
        ("exa\x00mple.cn", "cannot be seen"),
        ("exam ple.cn", "without spaces"),
        ("a_b.cn", "letters, digits and hyphens"),
        ("-a.cn", "letters, digits and hyphens"),
        ("a..cn", "letters, digits and hyphens"),
        ("*.example.cn", "letters, digits and hyphens"),
        ("xn--zzzzzz.cn", "letters, digits and hyphens"),
        ("a" * 64 + ".cn", "letters, digits and hyphens"),
        ("a." * 200 + "cn", "at most 253"),
        ("com.cn", "only a suffix"),
        ("localhost", "only a suffix"),
        ("example.nosuchsuffix", "only a suffix"),
    ],
)
def test_what_is_no_domain_is_refused_with_what_to_enter(typed, words):
    with pytest.raises(Invalid, match=words):
        parse_domain(typed)


def test_a_domain_is_shown_in_both_forms_where_they_differ():
    assert show_domain("example.cn") == "example.cn"
    assert show_domain("xn--fsqu00a.xn--fiqs8s") == "例子.中国 (xn--fsqu00a.xn--fiqs8s)"
    assert u_label("xn--zzzzzz") == "xn--zzzzzz"


@pytest.mark.parametrize(
    ("domain", "root"),
    [
        ("a.b.example.com.cn", "example.com.cn"),
        ("a.github.io", "github.io"),
        ("com.cn", None),
        ("nosuchsuffix", None),
    ],
)
def test_the_registrable_part_is_found_with_the_public_suffix_list(domain, root):
    assert registrable(domain) == root


@pytest.mark.parametrize(
    ("typed", "suspicious"),
    [
        ("аpple.com", True),  # Cyrillic а before Latin
        ("раура.com", True),  # all Cyrillic, all Latin to the eye
        ("baıdu.com", True),  # all Latin, with a dotless i
        ("ɡooɡle.com", True),
        ("ʙᴀɪᴅᴜ.com", True),
        ("straße.com", False),
        ("яндекс.com", False),
        ("αβγ.com", False),
        ("例子apple.com", False),
        ("例аб.com", True),
        ("ひらカナ漢字.com", False),
        ("한국kr.com", False),
        ("\U00017000\U00017001.com", False),  # Tangut, of which Python knows no names
        ("\U00017000a.com", True),
        ("サーバー例.com", False),  # the long mark belongs to both kana
        ("example.com", False),
        ("123.com", False),
    ],
)
def test_mixed_scripts_and_look_alikes_are_flagged(typed, suspicious):
    assert looks_like_another(parse_domain(typed)) is suspicious


@given(st.text(max_size=300))
def test_any_text_is_either_a_domain_or_refused_and_a_domain_reads_back(text):
    try:
        domain = parse_domain(text)
    except Invalid:
        return
    assert parse_domain(domain) == domain
    assert parse_domain(u_label(domain)) == domain


@pytest.mark.parametrize(
    ("text", "invisible"),
    [
        ("张三 · 买买提", False),
        ("𠮷", False),
        ("\U000323b0", False),  # newer than this Python's tables
        ("全角\u3000空格", False),
        ("a\u00a0b", True),
        ("a\u200db", True),
        ("a\ufeffb", True),
        ("a\u3164b", True),
        ("a\ufffdb", True),
        ("a\ufe00b", True),
        ("a\ufe0fb", True),
        ("\U00040000", True),
        ("a\U000e0100b", True),
        ("a\U000e01efb", True),
        ("a\u034fb", True),
        ("a\ue000b", True),
        ("a\u2028b", True),
        ("a\u2029b", True),
        ("a\tb", True),
        ("\ud800", True),
        ("\u0378", True),
    ],
)
def test_characters_that_nobody_sees_are_found(text, invisible):
    assert has_invisible(text) is invisible


def test_line_ends_are_fine_where_lines_are_asked_for():
    assert not has_invisible("one\r\n\ttwo", lines=True)
    assert has_invisible("one\x00two", lines=True)


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("abc", True), ("Ａ１", True), ("123", True), ("a-b c", True), ("Müller", True),
        ("abc张", False), ("\U00017000", False), ("a\U00017000", False),
        ("···", False), ("", False), ("имя", False),
    ],
)  # fmt: skip
def test_names_of_latin_letters_or_digits_alone_are_told(text, only):
    assert only_latin_or_digits(text) is only


def test_digits_of_any_script_are_digits():
    assert has_digit("张٣")
    assert not has_digit("张三")


@given(st.text())
def test_tidy_composes_once_and_for_all(text):
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a\u00a0b\u2003c", "a b c"),
        ("全角\u3000空格", "全角\u3000空格"),
        ("one\r\n\ttwo\u2028three\rfour", "one\n\ttwo\nthree\nfour"),
        ("\u202eevil\u200b\x00\u3164", "evil"),
        ("  e\u0301 ", "é"),
    ],
)
def test_words_are_kept_as_they_are_seen(written, read):
    assert seen(written) == read


@given(
    st.text(st.characters() | st.sampled_from("\r\n\t \u00a0\u2028\u202e\u200b\x00张"), max_size=40)
)
def test_what_is_seen_of_words_holds_nothing_else_and_loses_nothing_that_is_seen(text):
    once = seen(text)
    assert not has_invisible(once, lines=True)
    assert seen(once) == once
    kept = [c for c in unicodedata.normalize("NFC", text) if c.isalnum() and not has_invisible(c)]
    assert [c for c in once if c.isalnum()] == kept
