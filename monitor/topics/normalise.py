"""Makes what is typed, pasted or autocorrected plain: curly quotes, full-width brackets, dashes, odd spaces.

Character for character, so that every place stays a place in the text as it was typed.
"""

from monitor.errors import QueryError


def normalised(text: str) -> str:
    """The text with plain quotes, brackets, dashes and spaces; as long as before."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise QueryError("this is not a character", start=error.start, end=error.end) from error
    return text.translate(_PLAIN)


def _plain_characters() -> dict[int, str]:
    """Every character that is typed, pasted or autocorrected for a plain one."""
    shapes = {
        '"': "“”„‟«»＂〝〞〟「」『』",
        "'": "‘’‚‛＇´ʼ",
        "-": "‐‑‒–—―−﹣－",
        " ": "\u00a0\u1680\u202f\u205f\u2060\u3000\ufeff\u200b\u200e\u200f\u061c"
        + "".join(map(chr, (*range(0x2000, 0x200B), *range(0x2028, 0x202F), *range(0x2066, 0x206A)))),
    }
    full_width = {code: chr(code - 0xFEE0) for code in map(ord, "！＆（）＊＋，：；＝？＠［］＾｛｜｝～")}
    return {ord(odd): plain for plain, odds in shapes.items() for odd in odds} | full_width


_PLAIN = _plain_characters()
