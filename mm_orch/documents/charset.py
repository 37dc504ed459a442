"""Bytes into characters: what the document declares is tried first; else what they look like decides."""

from __future__ import annotations

import codecs
import re

from mm_orch.documents import charset_guess

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_OF_WEB_PAGES = re.compile(
    r"utf-8|ascii|gb2312|gbk|gb18030|hz|big5(hkscs)?|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949"
    r"|iso8859-\d+|cp125\d|koi8-[ru]|cp866|cp874|tis-620|mac-(roman|cyrillic)"
)
_META_WITHIN = 4096  # bytes
# Pages labelled with the older set use characters of the newer: every browser reads them so.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_ANYTHING_FITS = ("cp1252",)  # these decode all bytes, so being declared proves little
_TOLERATED = 0.01  # share of characters beyond ASCII that may be broken
_DAMAGED = 0.2  # share in UTF-8 that was cut or mixed up; other charsets give far more
_FAR_MORE = 0.3  # by how much another charset must look more like text than the declared one


def decode(data: bytes, declared: str | None = None) -> str:
    """``data`` as text, never failing: byte order mark, ``declared`` (from the header), the document's own meta
    element, then what the bytes look like (``charset_guess``).

    A declared charset that does not fit the bytes, or gives rubbish where another gives text, is passed over; bytes
    that fit nowhere become U+FFFD.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    marked = charset_guess.by_marks(data)
    if marked:
        return data.decode(marked, "replace")
    named = [name for name in (_known(declared), _known(_in_document(data))) if name]
    certain = [name for name in named if name not in _ANYTHING_FITS]
    for name in (*certain, "utf-8"):
        text = data.decode(name, "replace")
        if _fits(text):
            return text if name == "utf-8" else _rather(data, name, text)
    guessed = charset_guess.by_look(data)
    if guessed is None and _fits(text, _DAMAGED):
        return text  # UTF-8, damaged
    return data.decode(guessed or "cp1252", "replace")


def _rather(data: bytes, declared: str, text: str) -> str:
    """``text``, or what another charset gives where that looks far more like text: many bytes fit several."""
    sample = charset_guess.sample(data)
    better = charset_guess.by_look(data)
    if better is None or better == declared or declared not in charset_guess.TOLD_APART:
        return text
    gain = charset_guess.likeness(sample, better) - charset_guess.likeness(sample, declared)
    return data.decode(better, "replace") if gain > _FAR_MORE else text


def _in_document(data: bytes) -> str | None:
    head = data[:_META_WITHIN]
    found = _META.search(head) or _XML.search(head)
    return found[1].decode("ascii", "replace") if found else None


def _known(name: str | None) -> str | None:
    """The codec's own name, None for one that no web page is written in: Python has slow ones, too."""
    if not name:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found, found) if _OF_WEB_PAGES.fullmatch(found) else None


def _fits(text: str, tolerated: float = _TOLERATED) -> bool:
    broken = text.count("\ufffd")
    if broken == 0:
        return True
    beyond_ascii = sum(character > "\x7f" for character in text)
    return broken <= beyond_ascii * tolerated
