"""Folding what Chinese keyboards and pasted pages add to plain text: full-width forms and invisible characters.

Only forms with a plain twin are folded. Unicode's NFKC is not used: it also rewrites ², ㎡, Ⅳ and ①, which mean
something.
"""

FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
# Zero-width, direction marks, soft hyphen, byte-order mark: pasted along from web pages and PDFs, never typed.
INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD])


def fold_width(text: str) -> str:
    """Full-width letters, digits, punctuation and space → half width; all else unchanged."""
    return text.translate(FULL_WIDTH)


def drop_invisible(text: str) -> str:
    """Without zero-width and direction characters."""
    return text.translate(INVISIBLE)


def upper_ascii(text: str) -> str:
    """a–z → A–Z and nothing else: `str.upper` would turn ß into SS and so change the length."""
    return text.translate(UPPER)
