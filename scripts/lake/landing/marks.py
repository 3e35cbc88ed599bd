"""The two characters that the readers of the lake take for marks, which no landed file may hold."""

# U+10FFFF is the delimiter and U+10FFFE the null mark of the readers; how JSON writes each.
MARKS = {
    "U+10FFFF": ("\U0010ffff".encode(), rb"\udbff\udfff"),
    "U+10FFFE": ("\U0010fffe".encode(), rb"\udbff\udffe"),
}
_FIRST_BYTE = b"\xf4"


def find_mark(text: bytes) -> str | None:
    """Return the name of a mark that UTF-8 text holds, None where it holds neither."""
    if _FIRST_BYTE not in text:
        return None
    return next((name for name, (mark, _) in MARKS.items() if mark in text), None)


def escape_marks(lines: bytes) -> bytes:
    """Return JSON lines in UTF-8 with their marks escaped: the same values, and no mark."""
    if _FIRST_BYTE in lines:
        for mark, escaped in MARKS.values():
            lines = lines.replace(mark, escaped)
    return lines
