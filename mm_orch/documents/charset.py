"""Bytes into characters: what the document declares is tried first, what the bytes look like decides otherwise."""

from __future__ import annotations

import codecs
import re

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_OF_WEB_PAGES = re.compile(
    r"utf-8|ascii|gb2312|gbk|gb18030|hz|big5(hkscs)?|shift_jis|cp932|euc_jp|iso2022_jp|euc_kr|cp949"
    r"|iso8859-\d+|cp125\d|koi8-[ru]|cp866|cp874|tis-620|mac-(roman|cyrillic)"
)
_META_WITHIN = 4096  # bytes
_SAMPLE = 200_000  # bytes looked at to tell one charset from another
# Pages labelled with the older set use characters of the newer: every browser reads them so.
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "cp1252", "big5": "big5hkscs"}
_ANYTHING_FITS = ("cp1252",)  # these decode all bytes, so being declared proves little
_TOLERATED = 0.01  # share of characters beyond ASCII that may be broken
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无开手用主行方又如前所本见经头面起公同三已老从动两长知样现分将外但身些与高意进把法此实回二理"
    "這個來國說們為時會過學對裡後麼還發當無開見經頭從動兩長樣現將與進實問題電網資訊機習數據體點間東車書語"
    "问题电网资讯机习数据体点间东车书语，。、：；？！（）《》“”"
)


def decode(data: bytes, declared: str | None = None) -> str:
    """``data`` as text, never failing: byte order mark, ``declared`` (from the header), the document's own meta
    element, then detection among UTF-8, GB 18030, Big5 and Windows-1252.

    A declared charset that does not fit the bytes is passed over; bytes that fit nowhere become U+FFFD.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    named = [name for name in (_known(declared), _known(_in_document(data))) if name]
    certain = [name for name in named if name not in _ANYTHING_FITS]
    for name in (*certain, "utf-8"):
        text = data.decode(name, "replace")
        if _fits(text):
            return text
    return data.decode(_detect(data[:_SAMPLE]), "replace")


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


def _fits(text: str) -> bool:
    broken = text.count("\ufffd")
    if broken == 0:
        return True
    beyond_ascii = sum(character > "\x7f" for character in text)
    return broken <= beyond_ascii * _TOLERATED


def _detect(data: bytes) -> str:
    """GB 18030 or Big5, whichever gives common characters and few broken ones; else Windows-1252."""
    best = max(("gb18030", "big5hkscs"), key=lambda name: _likeness(data, name))
    return best if _likeness(data, best) > _LIKE_CHINESE else "cp1252"


_LIKE_CHINESE = 0.1


def _likeness(data: bytes, name: str) -> float:
    """The share of common Chinese characters among those beyond ASCII, less the share of broken ones."""
    beyond = [character for character in data.decode(name, "replace") if character > "\x7f"]
    if not beyond:
        return 0.0
    common = sum(character in _COMMON_HAN for character in beyond)
    return (common - 2 * beyond.count("\ufffd")) / len(beyond)
