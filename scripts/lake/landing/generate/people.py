"""Persons: name, address and country, each a function of the person's number.

Customer 7 is person 7; the guest of order 7 is person GUESTS + 7.
"""

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


def contact_texts(events: dict[str, Column]) -> dict[str, pa.Array]:
    """Return the text columns that MAIL, PHONE and NAME put together."""
    return {
        "first": words(events["first"], json_texts(first_names())),
        "last": words(events["last"], json_texts(last_names())),
        "mail_first": words(events["first"], pa.array(mail_names("first"))),
        "mail_last": words(events["last"], pa.array(mail_names("last"))),
        "mail_number": pa.array(events["mail_number"]),
        "mail_domain": words(events["domain"], pa.array([f"@{name}" for name in DOMAINS])),
        "phone_prefix": words(events["country"], pa.array([c.phone + " " for c in COUNTRIES])),
        "phone": pa.array(events["phone"]),
    }


NAME = "first, ' ', last"
MAIL = "mail_first, '.', mail_last, mail_number, mail_domain"
PHONE = "phone_prefix, phone"
