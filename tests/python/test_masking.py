"""Masks and pseudonyms hide the person, whatever text comes in."""

import hashlib
import hmac
import re
import string

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from macros_in_dbt import render

KEY = "key of the masking tests"
TEXTS = 40  # texts in one query

anything = st.text(max_size=60)
# What an e-mail, or what passes for one, is made of.
local_parts = st.one_of(
    st.text(string.ascii_letters + string.digits + ".+-_", min_size=1, max_size=30),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), min_size=1),
    st.sampled_from(['"john smith"', "o'neil", "gmail", "gmail.com", " ", "\n", "李", "***"]),
)
domains = st.one_of(
    st.sampled_from(["gmail.com", "GMail.com", "example.org", "web.de", "jane-doe.net"]),
    st.sampled_from(
        ["[192.0.2.1]", "[IPv6:2001:db8::1]", "localhost", "gmail.com.", "x.gmail.com"]
    ),
    st.text(string.ascii_letters + string.digits + ".-", min_size=1, max_size=80),
    anything,
)
addresses = st.one_of(
    anything,
    st.builds("{}@{}".format, local_parts, domains),
    st.builds("{}@{}@{}".format, local_parts, local_parts, domains),
    st.builds("{}{}@{}{}".format, st.sampled_from(["", " ", "\n", "<"]), local_parts, domains,
              st.sampled_from(["", " ", "\n", ">", "\u3000"])),
)  # fmt: skip
phones = st.one_of(
    anything,
    st.text("0123456789 +-()/.x\n", max_size=30),
    st.text("0123456789\uff10\uff11\uff12\u0660\u0661\u0662", max_size=30),
    st.builds("{}{}".format, anything, st.text(string.digits, min_size=2, max_size=16)),
)
machines = st.one_of(
    st.ip_addresses(v=4).map(str),
    # An address with nothing behind its last colons is that of a network.
    st.ip_addresses(v=6, network="2001:db8::/32").map(str).filter(lambda text: text[-1] != ":"),
    st.lists(st.text("0123456789abcdefABCDEF", min_size=2, max_size=2), min_size=6, max_size=6).map(
        ":".join
    ),
)
# Words in which nothing has to be hidden.
harmless = st.text("jo ,;:!?\n\u00fc", max_size=30)
# What stands between white space, and the separators of what stands in it.
pieces = st.one_of(
    addresses, phones, machines,
    st.sampled_from(["%40", "?a=", "&b=", ", ", ": ", "\n", "\t", *"=;.'\"<>() "]),
)  # fmt: skip
free_texts = st.lists(pieces, max_size=8).map("".join)
persons = st.one_of(
    anything,
    addresses,
    phones,
    st.text("ABCÄÖÜß\u1e9e\u0130\u0131\u03a3\u03c3\u03c2\u01c5 \t\u00a0", max_size=12),
)


def lists(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.one_of(texts, st.none()), min_size=1, max_size=TEXTS)


thorough = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Masks:
    """The compiled macros, run by DuckDB."""

    def __init__(self, engine) -> None:
        self.connection = duckdb.connect()
        self.sql = {
            name: render(engine, "{{ " + name + "('inputs.word') }}")
            for name in ("mask_email", "mask_free_text", "mask_phone", "pseudonym")
        }
        providers = render(engine, "{{ mail_providers() | join(' ') }}")
        self.providers = set(providers.split())

    def __call__(self, macro: str, words: list[str | None]) -> list[str | None]:
        rows = self.connection.execute(
            f"select {self.sql[macro]} "
            "from (select unnest(?::varchar[]) as word, generate_subscripts(?::varchar[], 1) as n) "
            "as inputs order by inputs.n",
            [words, words],
        ).fetchall()
        return [row[0] for row in rows]


@pytest.fixture(scope="module")
def masks(engine):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_PII_KEY", KEY)
        return Masks(engine)


def expected_pseudonym(word: str | None) -> str | None:
    # Lower case goes character by character: see the macro.
    text = "".join("i" if each == "\u0130" else each.lower() for each in (word or "").strip())
    return hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest() if text else None


@thorough
@given(words=lists(addresses))
@example(words=["jane.doe@gmail.com", "me@jane-doe.net", "gmail.fan@gmail.com", "a@b@gmail.com"])
def test_a_masked_email_is_one_of_a_few_known_texts(masks, words):
    known = {"***"} | {f"***@{provider}" for provider in masks.providers}
    for word, mask in zip(words, masks("mask_email", words), strict=True):
        assert (mask is None) == (word is None)
        assert mask is None or mask in known


@thorough
@given(words=lists(addresses))
def test_a_masked_email_shows_the_domain_of_a_provider_and_nothing_else(masks, words):
    for word, mask in zip(words, masks("mask_email", words), strict=True):
        if word is None:
            continue
        local, _, domain = word.partition("@")
        is_shown = local and domain.lower() in masks.providers
        assert mask == (f"***@{domain.lower()}" if is_shown else "***")


@thorough
@given(first=local_parts, second=local_parts, domain=domains)
def test_the_local_part_does_not_change_the_mask(masks, first, second, domain):
    if "@" in domain:
        return
    one, other = masks("mask_email", [f"{first}@{domain}", f"{second}@{domain}"])
    assert one == other


@thorough
@given(words=lists(phones))
@example(words=["+49 170 1234567", "0123456789\n", "12", "jane doe 42"])
def test_a_masked_phone_shows_at_most_its_last_two_digits(masks, words):
    for word, mask in zip(words, masks("mask_phone", words), strict=True):
        assert (mask is None) == (word is None)
        if mask is None or mask == "***":
            continue
        assert re.fullmatch(r"[*]{3}[0-9]{2}", mask, re.ASCII)
        assert word.endswith(mask[-2:])
        assert len(word) >= 10


@thorough
@given(words=lists(free_texts))
@example(words=["jane@web.de", "a%40b", "from 10.1.2.3", "+49 170 1234567", "GET /x?a=b", None])
def test_masked_text_holds_no_address_no_long_number_and_no_query(masks, words):
    for word, mask in zip(words, masks("mask_free_text", words), strict=True):
        assert (mask is None) == (word is None)
        if mask is None:
            continue
        assert "@" not in mask and "%40" not in mask
        assert not re.search(r"[0-9]([-() ./]*[0-9]){6}", mask)
        assert not re.search(r"[0-9]+([.][0-9]+){3}", mask)
        assert not re.search(r"\?[^ \t\r\n\"'<>=?*]*=", mask)


@thorough
@given(
    before=free_texts,
    after=free_texts,
    local=st.text(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~.", min_size=1),
    domain=st.from_regex(r"[a-z]{1,9}([.][a-z]{2,9}){0,2}", fullmatch=True),
)
@example(before="user=", after=", 12", local="o'neil", domain="web.de")
@example(before="x?a=1 ", after="?b=2", local="jane=doe", domain="web.de")
def test_nothing_of_an_address_is_left_in_masked_text(masks, before, after, local, domain):
    one, other = masks(
        "mask_free_text", [f"{before}x{each}x{after}" for each in (f"{local}@{domain}", "a%40b")]
    )
    assert one == other


@thorough
@given(address=machines, before=harmless, after=harmless)
def test_the_address_of_a_machine_is_masked_and_what_stands_around_it_stays(
    masks, address, before, after
):
    text = f"{before}<{address}>{after}"
    assert masks("mask_free_text", [text]) == [f"{before}<***>{after}"]


@thorough
@given(words=lists(harmless))
def test_text_with_nothing_to_hide_stays(masks, words):
    assert masks("mask_free_text", words) == words


@thorough
@given(words=lists(persons))
@example(
    words=[
        "Jane@Example.com",
        " jane@example.com\u3000",
        "\u0130",
        "\u03a3\u0391\u03a3",
        "Straße",
        "",
        " \n",
        None,
    ]
)
def test_a_pseudonym_is_the_hmac_of_the_cleaned_text_in_lower_case(masks, words):
    assert masks("pseudonym", words) == [expected_pseudonym(word) for word in words]


@thorough
@given(words=lists(persons))
def test_a_pseudonym_is_64_hex_digits_or_nothing(masks, words):
    for word, pseudonym in zip(words, masks("pseudonym", words), strict=True):
        assert (pseudonym is None) == (not (word or "").strip())
        assert pseudonym is None or re.fullmatch("[0-9a-f]{64}", pseudonym)


def test_one_person_has_one_pseudonym_and_the_masks_say_something(masks):
    same = masks("pseudonym", ["Jane@Example.com", "\tjane@example.com ", "JANE@EXAMPLE.COM\n"])
    assert len(set(same)) == 1
    assert masks("mask_email", ["jane@gmail.com", "jane@acme.example"]) == ["***@gmail.com", "***"]
    assert masks("mask_phone", ["+49 170 1234567", "12345"]) == ["***67", "***"]


def test_another_key_makes_other_pseudonyms(engine, masks, monkeypatch):
    monkeypatch.setenv("LAKE_PII_KEY", "another key")
    assert Masks(engine)("pseudonym", ["jane"]) != masks("pseudonym", ["jane"])


def test_an_empty_key_is_no_key(engine, monkeypatch):
    monkeypatch.delenv("LAKE_PII_KEY", raising=False)
    without = Masks(engine)("pseudonym", ["jane"])
    monkeypatch.setenv("LAKE_PII_KEY", "")
    assert Masks(engine)("pseudonym", ["jane"]) == without
