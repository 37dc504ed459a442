"""The lines of PDF pages as paragraphs: words mended, running headers and page numbers left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mm_orch.documents.block import Block
from mm_orch.documents.characters import letters, seen, typed

_EDGE = 2  # lines at the top and at the bottom of a page that may be running ones
_REPEATED = 1 / 3  # share of the pages on which a running line stands; headers of odd and even pages differ
_FEWEST = 3  # pages
_FULL = 0.75  # share of the usual width from which on a line goes on in the next one
_SPACED_OUT = 0.4  # share of Chinese characters with a space after them that is typesetting and no gap
_HAN = "\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_HAN_GAP = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_HAN_END, _HAN_START = re.compile(rf"[{_HAN}]$"), re.compile(rf"^[{_HAN}]")
_ENDED = re.compile(r"""[.!?。！？：:；;…]["'”’)）」』]*$""")
_LEADERS = re.compile(r"(?:\s?[.·]){5,}")
_GOES_ON = (",", "，", "、")
_AROUND_NUMBERS = "0123456789 -–—|·•/.[]()"
_SHORT = 20  # characters; "Page 3 of 9" with its numbers anywhere
_DIGITS = re.compile(r"\d+")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NEW_ITEM = re.compile(
    r"[-–•·*▪●◦□■►※]|\(?\d{1,3}[.)、）](?!\d)|\d{1,2}(\.\d{1,2})*\.?\s+[^\W\d_a-z]|[（(][\d一二三四五六七八九十]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}、|第.{1,4}[章节節条條]"
)

Headings = dict[str, int]  # the letters of a heading, and its level


@dataclass(slots=True)
class _Paragraph:
    lines: list[str] = field(default_factory=list)
    level: int = 0


def pdf_blocks(pages: Sequence[str], headings: Sequence[Headings]) -> list[Block]:
    """The text of ``pages`` as headings and paragraphs; ``headings`` holds for each page those that stand on it."""
    lined = _without_running_lines([_lines(page) for page in pages])
    words = Counter(word.lower() for lines in lined for line in lines for word in _WORD.findall(line))
    paragraphs: list[_Paragraph] = []
    for lines, on_page in zip(lined, headings, strict=True):
        _gather(lines, on_page, paragraphs)
    return list(_blocks(paragraphs, words))


def _lines(page: str) -> list[str]:
    lines = (" ".join(_LEADERS.sub(" … ", line).split()) for line in typed(seen(page)).split("\n"))
    return [_closed_up(line) for line in lines if line]


def _closed_up(line: str) -> str:
    """Without the spaces that justified Chinese text gets between all its characters."""
    gaps = len(_HAN_GAP.findall(line))
    han = sum(_HAN_START.match(character) is not None for character in line)
    return _HAN_GAP.sub("", line) if han and gaps / han > _SPACED_OUT else line


def _without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the lines at their edges that many pages share, numbers aside."""
    if len(pages) < _FEWEST:
        return pages
    shared = Counter(key for lines in pages for key in set(map(_unnumbered, _edges(lines))))
    running = {key for key, count in shared.items() if count >= max(_FEWEST, len(pages) * _REPEATED)}
    return [_trimmed(lines, running) for lines in pages]


def _edges(lines: list[str]) -> list[str]:
    return lines[:_EDGE] + lines[-_EDGE:]


def _trimmed(lines: list[str], running: set[str]) -> list[str]:
    last = len(lines) - _EDGE
    return [
        line for position, line in enumerate(lines) if _EDGE <= position < last or _unnumbered(line) not in running
    ]


def _unnumbered(line: str) -> str:
    """The line without the number of its page."""
    return _DIGITS.sub("#", line) if len(line) <= _SHORT else line.strip(_AROUND_NUMBERS)


def _gather(lines: list[str], headings: Headings, paragraphs: list[_Paragraph]) -> None:
    """Append the lines of a page to the paragraph that goes on, or as new ones."""
    widths = sorted(map(_width, lines))
    full = widths[len(widths) * 9 // 10] * _FULL if widths else 0
    before = ""
    for line in lines:
        level = headings.get(letters(line), 0)
        last = paragraphs[-1] if paragraphs else None
        if (
            last is not None
            and not level
            and not last.level
            and _goes_on(before or last.lines[-1], line, before, full)
        ):
            last.lines.append(line)
        else:
            paragraphs.append(_Paragraph([line], level))
        before = line


def _goes_on(line: str, following: str, before: str, full: float) -> bool:
    if _NEW_ITEM.match(following):
        return False
    if line.endswith(_GOES_ON):
        return True
    open_sentence = not _ENDED.search(line)
    if open_sentence and (following[0].islower() or not before):
        # Over the end of a page only what plainly goes on is joined.
        return following[0].islower() or bool(
            _HAN_END.search(line) and _HAN_START.match(following) and len(line) > 15
        )
    return bool(before) and _width(line) >= full


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _blocks(paragraphs: list[_Paragraph], words: Counter[str]) -> Iterator[Block]:
    """Single lines that follow each other, such as rows, stay together."""
    single: list[str] = []
    for paragraph in paragraphs:
        text = _joined(paragraph.lines, words)
        if len(paragraph.lines) == 1 and not paragraph.level:
            single.append(text)
            continue
        if single:
            yield Block("paragraph", "\n".join(single))
            single = []
        yield Block("heading", text, paragraph.level) if paragraph.level else Block("paragraph", text)
    if single:
        yield Block("paragraph", "\n".join(single))


def _joined(lines: list[str], words: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        broken = _BROKEN_WORD.search(text)
        if broken:
            text = text[:-1] + _hyphen(broken[1], line, words) + line
        else:
            without_space = _HAN_END.search(text) and _HAN_START.match(line)
            text += line if without_space else f" {line}"
    return text


def _hyphen(start: str, line: str, words: Counter[str]) -> str:
    """The hyphen at a line's end, where it belongs to the word by what the rest of the document writes."""
    rest = _WORD.match(line)
    if rest is None or not line[0].islower():
        return "-"
    plain, hyphened = f"{start}{rest[0]}".lower(), f"{start}-{rest[0]}".lower()
    return "-" if words[hyphened] > words[plain] else ""
