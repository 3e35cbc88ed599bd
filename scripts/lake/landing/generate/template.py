"""Lines as templates: text with `<expression>` where SQL over the columns gives a piece."""

import re

_PLACE = re.compile(r"<([^<>]+)>")


def concat(template: str) -> str:
    """Return SQL that fills a template in; a piece that is NULL is left out.

    Each piece costs a pass over the rows, so pieces that always come together are one word.
    """
    texts = _PLACE.split(template)
    pieces = [
        text if place % 2 else "'" + text.replace("'", "''") + "'"
        for place, text in enumerate(texts)
        if text
    ]
    return f"concat({', '.join(pieces)})"
