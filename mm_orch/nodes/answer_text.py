"""Checked sentences as the answer that is read: renumbered citations, and the sources with the words they gave."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mm_orch.checking.link_filter import Given, without_addresses
from mm_orch.checking.verdicts import LONGEST_QUOTE, Finding
from mm_orch.language.sentences import sentences
from mm_orch.nodes.answer_check import Checked
from mm_orch.records.passage import Passage
from mm_orch.records.source import Source

_NUMBERS = re.compile(r"[\[【［]\s*(\d{1,4}(?:\s*[,，、]\s*\d{1,4})*)\s*[\]】］]")
_EXCERPT = 900  # characters of a passage that are quoted
_SAME = 60  # characters by which a sentence is known
_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.M)
_LEADING = re.compile(r"^(?:[-*•>]|#{1,6}|\d{1,3}[.)、])\s+")


def numbered(checked: Sequence[Checked]) -> dict[int, int]:
    """The answer's numbers, from 1 in order of first use, by the ids of the passages that it rests on."""
    used = [finding.passage_id for each in checked if each.shown for finding in each.findings]
    return {passage_id: number for number, passage_id in enumerate(dict.fromkeys(used), 1)}


def answer(checked: Sequence[Checked], numbers: dict[int, int], unverified: str, given: Given) -> str:
    """The sentences that are shown, each with its numbers; ``unverified`` is put behind those that are.

    Addresses that ``given`` does not allow are left out of quotations too.
    """
    text = ""
    for each in checked:
        if each.shown:
            mark = unverified if each.verdict == "unverified" else ""
            text = _joined(text, f"{_spaced(plain(each.text, given), mark)}{_cites(each.findings, numbers)}")
    return text


def quotations(findings: Sequence[Finding], passages: Sequence[Passage], given: Given) -> str:
    """The passage of each finding, numbered from 1, as a quotation in Markdown under what stands above it."""
    pairs = enumerate(zip(findings, passages, strict=True), 1)
    return "\n\n".join(
        f"[{number}] {_quotation(passage, finding.quote, given)}" for number, (finding, passage) in pairs
    )


def sources(findings: Sequence[Finding], numbers: dict[int, int], passages: Sequence[Passage]) -> list[Source]:
    """One source a number, with the words of its passage that were used first, as far as 300 characters allow."""
    quotes: dict[int, str] = {}
    for finding in findings:
        before = quotes.get(finding.passage_id, "")
        both = f"{before} … {finding.quote}" if before else finding.quote
        if finding.quote and finding.quote not in before and len(both) <= LONGEST_QUOTE:
            quotes[finding.passage_id] = both
    by_id = {passage.id: passage for passage in passages}
    return [
        Source(number, by_id[each].title, by_id[each].url, quotes.get(each) or None)
        for each, number in numbers.items()
    ]


def plain(statement: str, given: Given) -> str:
    """A statement of a page as a sentence on one line: without the mark of a list before it, and without links."""
    line = " ".join(_LEADING.sub("", statement.strip()).split())
    line = _harmless(line, given)
    return " – ".join(cell.strip() for cell in line.strip("|").split("|")) if line.startswith("|") else line


def _harmless(line: str, given: Given) -> str:
    """``line`` of a page without addresses that are not ``given``, and without what would pass for a citation."""
    return _NUMBERS.sub(r"(\1)", without_addresses(line, given, "…")[0])


def _indented(line: str, given: Given) -> str:
    said = line.lstrip()
    return line[: len(line) - len(said)] + _harmless(said, given)


def _quotation(passage: Passage, around: str, given: Given) -> str:
    lines = (_indented(line, given) for line in excerpt(passage.text, around).strip().splitlines())
    return "\n".join((plain(passage.heading or passage.title, given), *(f"> {line}".rstrip() for line in lines)))


def excerpt(text: str, around: str) -> str:
    """``text``, or as many of its sentences around the one that begins as ``around`` does as are not too long.

    Code that is cut stands between fences all the same.
    """
    pieces = sentences(text)
    first = next((at for at, piece in enumerate(pieces) if piece.strip()[:_SAME] == around[:_SAME]), 0)
    last, size = first + 1, len(pieces[first]) if pieces else 0
    while size < _EXCERPT and (first or last < len(pieces)):
        before = len(pieces[first - 1]) if first else _EXCERPT
        after = len(pieces[last]) if last < len(pieces) else _EXCERPT
        size += min(before, after)
        if size > _EXCERPT:
            break
        first, last = (first - 1, last) if before < after else (first, last + 1)
    return _fenced("".join(pieces[:first]), "".join(pieces[first:last]))


def _fenced(before: str, text: str) -> str:
    above = _FENCE.findall(before)
    fences = above + _FENCE.findall(text)
    head = f"{above[-1]}\n" if len(above) % 2 else ""
    return f"{head}{text.rstrip()}\n{fences[-1]}" if len(fences) % 2 else head + text


def _cites(findings: Sequence[Finding], numbers: dict[int, int]) -> str:
    used = dict.fromkeys(numbers[finding.passage_id] for finding in findings if finding.passage_id in numbers)
    return " " + "".join(f"[{number}]" for number in used) if used else ""


def _spaced(text: str, mark: str) -> str:
    return f"{text} {mark}" if mark and mark.isascii() else text + mark


def _joined(text: str, sentence: str) -> str:
    return f"{text} {sentence}" if text else sentence
