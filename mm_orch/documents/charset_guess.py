"""Which charset bytes are in that nobody declared: by marks that only one has, else by the characters it gives."""

from __future__ import annotations

import re

_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无开手用主行方又如前所本见经头面起公同三已老从动两长知样现分将外但身些与高意进把法此实回二理"
    "這個來國說們為時會過學對裡後麼還發當無開見經頭從動兩長樣現將與進實問題電網資訊機習數據體點間東車書語"
    "问题电网资讯机习数据体点间东车书语，。、：；？！（）《》“”"
)
_KANA = frozenset(
    "のにはをたがでてとしれさいるなもすからこあっりまおうきくんコスルトイラアリシンドロタレ。、ー日本人大一年"
)
_HANGUL = frozenset("이다는의에을를가은로하고한지도기어사서대나자인아시리라들것수있해그정일과주만보전게부스장제")
_CYRILLIC = frozenset("оеаинтсрвлкмдпуябьыгзчйхжшюцщэф")
# What common text of each charset consists of, and how many bytes beyond ASCII follow each other in it.
TOLD_APART = {
    "gb18030": _HAN,
    "big5hkscs": _HAN,
    "cp932": _KANA,
    "euc_jp": _KANA,
    "cp949": _HANGUL,
    "cp1251": _CYRILLIC,
    "koi8-r": _CYRILLIC,
}
_LIKE_TEXT = {_HAN: 0.1, _KANA: 0.25, _HANGUL: 0.25, _CYRILLIC: 0.6}
_SAMPLE = 30_000  # bytes of lines that have any beyond ASCII
_RUN = re.compile(rb"[\x80-\xff]+")
_LINES = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")
_ACCENTS = 2.0  # bytes beyond ASCII in a row, on average, up to which they are accents in Latin text
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_LOOKED_AT = 4096  # bytes
_FEWEST_ZEROS = 8
_PRINTABLE = 0.95
_ZEROS = 0.05  # share of 16-bit units that are ASCII in any markup


def by_marks(data: bytes) -> str | None:
    """UTF-16 without its mark, told by the zeros beside ASCII letters, or the escapes of ISO-2022-JP; else None."""
    head = data[:_LOOKED_AT]
    if any(escape in head for escape in _ESCAPES):
        return "iso2022_jp"
    zeros = {"utf-16-be": head[0::2].count(0), "utf-16-le": head[1::2].count(0)}
    more = max(zeros, key=lambda name: zeros[name])
    if zeros[more] < max(_FEWEST_ZEROS, len(head) // 2 * _ZEROS) or min(zeros.values()) * 4 > zeros[more]:
        return None
    text = head.decode(more, "replace")
    shown = sum(character.isprintable() or character.isspace() for character in text)
    return more if shown > len(text) * _PRINTABLE else None


def by_look(data: bytes) -> str | None:
    """The charset among ``TOLD_APART`` that gives common characters and few broken ones, None where none does."""
    taken = sample(data)
    runs = _RUN.findall(taken)
    names = list(TOLD_APART)
    if not runs or sum(map(len, runs)) / len(runs) < _ACCENTS:
        names = [name for name in names if TOLD_APART[name] is not _CYRILLIC]
    scores = {name: likeness(taken, name) for name in names}
    alike = [name for name in names if scores[name] > _LIKE_TEXT[TOLD_APART[name]]]
    return max(alike, key=lambda name: scores[name], default=None)


def sample(data: bytes) -> bytes:
    """The first lines that have bytes beyond ASCII."""
    taken = bytearray()
    for line in _LINES.finditer(data):
        taken += line[0][: _SAMPLE - len(taken)]
        if len(taken) >= _SAMPLE:
            break
    return bytes(taken)


def likeness(data: bytes, name: str) -> float:
    """The share of common characters among those beyond ASCII, less twice the share of broken ones."""
    common = TOLD_APART[name]
    beyond = [character for character in data.decode(name, "replace") if character > "\x7f"]
    found = sum(character in common for character in beyond)
    return (found - 2 * beyond.count("\ufffd")) / len(beyond) if beyond else 0.0
