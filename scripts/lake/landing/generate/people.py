"""Persons: name, address and country, each a function of the person's number.

Customer 7 is person 7; the guest of order 7 is person GUESTS + 7.
"""

from functools import cache

import numpy as np
import pyarrow as pa

from lake.landing.generate.draws import Column, Draws, Ints, slots
from lake.landing.generate.period import words
from lake.landing.generate.vocabulary import (
    COUNTRIES,
    CURRENCIES,
    DOMAINS,
    NAMES_EACH,
    first_names,
    json_texts,
    last_names,
    mail_names,
)

GUESTS = 500_000_000
CUSTOMER_ID = 1_000_000
CURRENCY_OF = np.array([CURRENCIES.index(country.currency) for country in COUNTRIES])
TAX_OF = np.array([country.tax for country in COUNTRIES])
_LANGUAGE_OF = np.array([country.language for country in COUNTRIES])
_COUNTRY_SLOTS = slots([country.weight for country in COUNTRIES])


def country(draws: Draws, person: Column) -> Ints:
    """Return the country of each person."""
    return draws.pick(person, "country", _COUNTRY_SLOTS)


def first_name(draws: Draws, person: Column, where: Column) -> Ints:
    """Return the first name of each person of a country."""
    return _LANGUAGE_OF[where] * NAMES_EACH + draws.below(person, "first name", NAMES_EACH)


def last_name(draws: Draws, person: Column, where: Column) -> Ints:
    """Return the last name of each person of a country."""
    return _LANGUAGE_OF[where] * NAMES_EACH + draws.below(person, "last name", NAMES_EACH)


def contact(draws: Draws, person: Column, where: Column, change: Column) -> dict[str, Column]:
    """Return the columns of name, e-mail and phone; they differ with the number of the change."""
    moved = person + change * 1_000_000_007
    return {
        "first": first_name(draws, person, where).astype(np.int16),
        "last": last_name(draws, person, where).astype(np.int16),
        "mail_number": (person % GUESTS).astype(np.int32),
        "domain": draws.below(moved, "domain", len(DOMAINS)).astype(np.int8),
        "country": where.astype(np.int8),
        "phone": draws.between(moved, "phone", 1_000_000, 10_000_000).astype(np.int32),
    }


def contact_texts(events: dict[str, Column], phone_label: str) -> dict[str, pa.Array]:
    """Return the columns of NAME and CONTACT; `phone_label` stands between mail and phone."""
    full = events["first"].astype(np.int32) * NAMES_EACH + events["last"] % NAMES_EACH
    end = events["domain"].astype(np.int32) * len(COUNTRIES) + events["country"]
    ends = pa.array(f"@{domain}{phone_label}{c.phone} " for domain in DOMAINS for c in COUNTRIES)
    return {
        "full_name": words(full, _full_names()),
        "mail_name": words(full, _mail_names()),
        "mail_number": pa.array(events["mail_number"]),
        "mail_end": words(end, ends),
        "phone": pa.array(events["phone"]),
    }


NAME = "<full_name>"
CONTACT = "<mail_name><mail_number><mail_end><phone>"


@cache
def _full_names() -> pa.Array:
    return json_texts(_pairs(first_names(), last_names(), " "))


@cache
def _mail_names() -> pa.Array:
    return pa.array(_pairs(mail_names("first"), mail_names("last"), "."))


def _pairs(first: list[str], last: list[str], between: str) -> list[str]:
    """Return each first name with each last name of its language."""
    return [
        f"{name}{between}{last[number // NAMES_EACH * NAMES_EACH + other]}"
        for number, name in enumerate(first)
        for other in range(NAMES_EACH)
    ]
