"""Checked sentences as the answer that is read: renumbered citations, and the sources with the words they gave."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mm_orch.nodes.answer_check import Checked
from mm_orch.nodes.own_words import Given, without_addresses
from mm_orch.records.passage import Passage
from mm_orch.records.source import Source
from mm_orch.text.script import HAN
from mm_orch.text.support import LONGEST_QUOTE, Finding

_ENDS_CHINESE = re.compile(rf"[{HAN}。！？”」）]\Z")
_NUMBERS = re.compile(r"[\[【［]\s*(\d{1,4}(?:\s*[,，、]\s*\d{1,4})*)\s*[\]】］]")
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


def quotations(findings: Sequence[Finding], numbers: dict[int, int], given: Given) -> str:
    """Quotations, one a line, each with its number."""
    return "\n".join(f"- “{plain(finding.quote, given)}”{_cites([finding], numbers)}" for finding in findings)


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
    line = _NUMBERS.sub(r"(\1)", without_addresses(line, given, "…")[0])
    return " – ".join(cell.strip() for cell in line.strip("|").split("|")) if line.startswith("|") else line


def _cites(findings: Sequence[Finding], numbers: dict[int, int]) -> str:
    used = dict.fromkeys(numbers[finding.passage_id] for finding in findings if finding.passage_id in numbers)
    return " " + "".join(f"[{number}]" for number in used) if used else ""


def _spaced(text: str, mark: str) -> str:
    return f"{text} {mark}" if mark and mark.isascii() else text + mark


def _joined(text: str, sentence: str) -> str:
    return f"{text} {sentence}" if text else sentence
