"""Words of the shop: countries, names, streets, goods. Order matters, it is part of the output."""

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

NAMES_EACH = 20


@dataclass(frozen=True)
class Country:
    """A country the shop sells to; `tax` in permille, `weight` its share of the customers."""

    name: str
    currency: str
    tax: int
    weight: float
    language: int
    phone: str
    cities: tuple[str, str, str, str]


# Languages: 0 English, 1 German, 2 French, 3 Spanish, 4 Portuguese, 5 Italian, 6 Dutch, 7 Nordic,
# 8 Japanese, 9 Indian, 10 Arabic.
COUNTRIES = [
    Country("United States", "USD", 70, 24, 0, "+1 555", ("New York", "Austin", "Chicago", "Reno")),
    Country("Canada", "CAD", 130, 5, 0, "+1 416", ("Toronto", "Montréal", "Calgary", "Halifax")),
    Country("Brazil", "BRL", 170, 4, 4, "+55 11", ("São Paulo", "Recife", "Brasília", "Natal")),
    Country("Mexico", "MXN", 160, 3, 3, "+52 55", ("Mérida", "Puebla", "León", "Tijuana")),
    Country("Germany", "EUR", 190, 11, 1, "+49 151", ("Berlin", "München", "Köln", "Leipzig")),
    Country("France", "EUR", 200, 7, 2, "+33 6", ("Paris", "Lyon", "Nîmes", "Orléans")),
    Country("Netherlands", "EUR", 210, 4, 6, "+31 6", ("Utrecht", "Delft", "Breda", "'t Harde")),
    Country("Spain", "EUR", 210, 4, 3, "+34 6", ("Madrid", "Málaga", "Cádiz", "Logroño")),
    Country("Italy", "EUR", 220, 4, 5, "+39 3", ("Roma", "Torino", "L'Aquila", "Bari")),
    Country("Ireland", "EUR", 230, 2, 0, "+353 8", ("Dublin", "Cork", "Galway", "Sligo")),
    Country("Belgium", "EUR", 210, 2, 6, "+32 4", ("Gent", "Liège", "Namur", "Brugge")),
    Country("Switzerland", "CHF", 81, 2, 1, "+41 7", ("Zürich", "Genève", "Bern", "Chur")),
    Country("United Kingdom", "GBP", 200, 10, 0, "+44 7", ("London", "Leeds", "York", "Bath")),
    Country("Sweden", "SEK", 250, 3, 7, "+46 7", ("Malmö", "Umeå", "Lund", "Västerås")),
    Country("Norway", "NOK", 250, 2, 7, "+47 4", ("Oslo", "Tromsø", "Bergen", "Bodø")),
    Country("Denmark", "DKK", 250, 2, 7, "+45 2", ("Aarhus", "Odense", "Køge", "Helsingør")),
    Country("Finland", "EUR", 255, 1, 7, "+358 4", ("Helsinki", "Espoo", "Jyväskylä", "Oulu")),
    Country("Japan", "JPY", 100, 3, 8, "+81 90", ("東京", "大阪", "京都", "札幌")),
    Country("Australia", "AUD", 100, 3, 0, "+61 4", ("Sydney", "Perth", "Hobart", "Cairns")),
    Country("India", "INR", 180, 3, 9, "+91 98", ("Mumbai", "Delhi", "Chennai", "Pune")),
    Country("Singapore", "SGD", 90, 1, 0, "+65 9", ("Singapore", "Jurong", "Tampines", "Bedok")),
    Country(
        "United Arab Emirates", "AED", 50, 1, 10, "+971 5", ("Dubai", "Ajman", "Al Ain", "Hatta")
    ),
    Country("South Africa", "ZAR", 150, 1, 0, "+27 8", ("Durban", "Cape Town", "Paarl", "Soweto")),
]

# What a price of one US dollar is in the price list of each currency, in thousandths.
PRICE_FACTOR = {
    "USD": 1000, "CAD": 1390, "BRL": 5450, "MXN": 18600, "EUR": 920, "GBP": 790, "CHF": 890,
    "SEK": 10500, "NOK": 10800, "DKK": 6850, "JPY": 150000, "AUD": 1520, "INR": 86000,
    "SGD": 1340, "AED": 3670, "ZAR": 18200,
}  # fmt: skip
CURRENCIES = list(PRICE_FACTOR)

# Names of twenty people each, as given and as they stand in an e-mail address.
_FIRST = [
    "Olivia Liam Emma Noah Ava James Mia Jack Ruby Henry Grace Leo Zoe Owen"
    " Ella Max Ivy Sam Amy Ben",
    "Jürgen Anna Björn Käthe Lukas Marie Felix Lea Jonas Sophie Paul Heike Uwe"
    " Ute Kai Ines Jan Jörg"
    " Rolf Gül",
    "Élodie Louis Chloé Hugo Zoé Jules Inès Léo Anaïs Noël Manon René Alice Théo Léa Rémi Eva Jean"
    " Aïcha Luc",
    "María José Lucía Ángel Sofía Íñigo Inés Raúl Elena Óscar Carmen Iván Marta"
    " Hugo Nuria Álvaro Ana"
    " Luis Paz Begoña",
    "João Conceição Pedro Inês Tiago Lúcia Davi Luísa Caio Helena Otávio Bia Rui Lívia Enzo Júlia"
    " Ivo Sônia Luiz Ana",
    "Giulia Luca Niccolò Sara Marco Chiara Matteo Elisa Dario Irene Paolo Anna Ugo Marta Enzo Lia"
    " Pietro Nina Aldo Noè",
    "Daan Sanne Sem Lotte Bram Anouk Luuk Eva Thijs Noor Ruben Roos Koen Femke"
    " Joris Iris Niels Fleur"
    " Zoë Teun",
    "Astrid Søren Åsa Lars Freja Mikael Sigrid Bjørn Linnéa Nils Aino Eero Ida"
    " Øyvind Maja Jens Elin"
    " Knut Päivi Ulf",
    "陽子 健 美咲 翔太 さくら 大輔 葵 拓也 結衣 誠 優 学 恵 蓮 愛 隼人 舞 進 凛 亮",
    "Aarav Priya Rohan Ananya Vikram Divya Arjun Meera Rahul Kavya Sanjay Isha Dev Nisha Amit Pooja"
    " Ravi Asha Kiran Uma",
    "Omar Layla Yusuf Fatima Khalid Aisha Hassan Noor Ali Zainab Tariq Mariam"
    " Saif Huda Rashid Salma"
    " Faisal Amal Majid Reem",
]
_LAST = [
    "Smith O'Neill Brown Taylor Evans Walker Wright Green Hall Wood Clarke Hughes Lewis Young King"
    " D'Arcy Baker Reid Moore Hill",
    "Müller Schmidt Weiß Schröder Fischer Köhler Wagner Becker Schäfer Koch Richter Klein Wolf Groß"
    " Krämer Vogel Jäger Braun Böhm Lutz",
    "Lefèvre Martin Dubois Moreau Besançon Petit Leroy Roux Fournier Girard Bonnet Gauthier Lacroix"
    " Noël Mercier Blanc Guérin Faure André Hébert",
    "García Núñez López Pérez Gómez Ibáñez Díaz Muñoz Álvarez Romero Peña Navarro Ramos Gil Serrano"
    " Molina Ortiz Rubio Marín Sanz",
    "Silva Santos Araújo Souza Lima Costa Ferrão Gonçalves Ribeiro Alves Mendes Barros Rocha Dias"
    " Nunes Simões Teixeira Pinto Melo Cruz",
    "Rossi D'Angelo Bianchi Ricci Marino Greco Bruno Gallo Conti Lombardi Moretti Fontana Caruso"
    " Ferri Longo Villa Serra Testa Monti Nicolò",
    "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Prins"
    " Kok Coenen Schouten Maas Willems Groen",
    "Andersson Sørensen Lindström Nilsen Virtanen Møller Berg Åkesson Holm Dahl Lund Østby Mäkinen"
    " Jokinen Strand Kjær Nyström Hauge Ek Bäck",
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 松本 井上 木村"
    " 林 清水 森 池田 阿部",
    "Sharma Patel Gupta Reddy Iyer Khan Singh Nair Das Mehta Joshi Rao Bose Shah Verma Menon Kapoor"
    " Chopra Pillai Sethi",
    "Haddad Mansour Nasser Khoury Saleh Aziz Rahman Farouk Hamdan Najjar Sultan Qasim Jaber Habib"
    " Ibrahim Karim Zayed Bakri Odeh Amin",
]
_ROMAJI_FIRST = (
    "yoko ken misaki shota sakura daisuke aoi takuya yui makoto yu manabu megumi ren ai hayato mai"
    " susumu rin ryo"
)
_ROMAJI_LAST = (
    "sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada"
    " matsumoto inoue kimura hayashi shimizu mori ikeda abe"
)
_ASCII = str.maketrans(
    "áàâäãåÁÅÄéèêëÉíìîïÍóòôöõøÓÖØúùûüÚçñß'æ",
    "aaaaaaaaaeeeeeiiiiiooooooooouuuuucns-a",
)
DOMAINS = [
    "example.com",
    "example.org",
    "example.net",
    "mail.example",
    "post.example",
    "web.example",
]
STREETS = [
    "Main Street", "Hauptstraße", "Rue de l'Église", "Calle Mayor", "Avenida Brasil", "Via Roma",
    "Dorpsstraat", "Storgatan", "中央通り", "MG Road", "Corniche Road", "Station Road",
    'Apt. 4 "Rear", High Street', "Am Bahnhof", "Park Lane", "Kirchweg",
]  # fmt: skip
CATEGORIES = {
    "Electronics": (90, 1400, "Headphones", "Monitor", "Keyboard", "Speaker", "Tablet", "Charger"),
    "Home & Kitchen": (15, 260, "Kettle", "Pan", "Lamp", "Knife set", "Blanket", "Coffee grinder"),
    "Clothing": (12, 160, "T-shirt", "Jacket", "Jeans", "Scarf", "Pullover", "Socks"),
    "Sports": (10, 420, "Yoga mat", "Racket", "Backpack", "Bottle", "Running belt", "Tent"),
    "Books": (7, 60, "Atlas", "Cookbook", "Novel", "Dictionary", "Travel guide", "Sketchbook"),
    "Beauty": (5, 90, "Soap", "Shampoo", "Balm", "Hand cream", "Perfume", "Comb"),
    "Toys": (6, 120, "Puzzle", "Train set", "Kite", "Board game", "Teddy bear", "Marbles"),
    "Office": (2, 310, "Notebook", "Stapler", "Desk mat", "Pen set", "Folder", "Chair"),
    "Hardware": (1, 40, "Wood screw", "Washer", "Dowel", "Cable tie", "Hinge", "Hook"),
    "Services": (4, 120, "Gift wrap", "Warranty", "Assembly", "Engraving", "Delivery slot", "Care"),
}
_STYLES = [
    "Classic",
    "Nordic",
    "Café",
    "Pro",
    "Eco",
    "Mini",
    'The "Original"',
    "Ultra",
    "Retro",
    "Père",
]
NOTES = [
    "",
    "",
    "",
    "",
    "prefers e-mail",
    "calls after 18:00, not before",
    'wants to be called "Doc"',
    "second address:\nBackyard, 2nd door",
    "line one\nline two, with comma\nline three",
    'said: "never again",\nthen ordered twice',
    "semicolon; tab\there",
    "日本語のメモ",
]


@cache
def first_names() -> list[str]:
    """Return all first names; a language's names start at language * NAMES_EACH."""
    return _names(_FIRST)


@cache
def last_names() -> list[str]:
    """Return all last names, in the order of `first_names`."""
    return _names(_LAST)


@cache
def mail_names(which: str) -> list[str]:
    """Return the names, `first` or `last`, as they stand in an e-mail address."""
    lines = list(_FIRST if which == "first" else _LAST)
    lines[8] = _ROMAJI_FIRST if which == "first" else _ROMAJI_LAST
    return [name.translate(_ASCII).lower() for name in _names(lines)]


def _names(lines: list[str]) -> list[str]:
    names = [line.split() for line in lines]
    assert all(len(group) == NAMES_EACH for group in names), [len(group) for group in names]
    return [name for group in names for name in group]


def product_name(category: str, number: int, style: int) -> str:
    """Return the name of a product."""
    goods = CATEGORIES[category][2:]
    return f"{_STYLES[style % len(_STYLES)]} {goods[number % len(goods)]} {100 + number}"


def json_texts(texts: list[str]) -> pa.Array:
    """Return texts as they stand inside a JSON string, without the outer quotes."""
    return pa.array([escape(text) for text in texts])


def escape(text: str) -> str:
    """Return a text as it stands inside a JSON string."""
    for plain, coded in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, coded)
    return text
