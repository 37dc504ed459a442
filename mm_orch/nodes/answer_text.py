"""Checked sentences as the answer that is read: renumbered citations, and the sources with the words they gave."""

from __future__ import annotations

from collections.abc import Sequence

from mm_orch.checking.citations import in_parentheses
from mm_orch.checking.link_filter import Given, without_addresses
from mm_orch.checking.quotes import LONGEST_QUOTE, excerpt, line
from mm_orch.checking.verdicts import Finding
from mm_orch.nodes.answer_check import Checked
from mm_orch.records.passage import Passage
from mm_orch.records.source import Source

_INERT = str.maketrans("<>", "‹›")


def numbered(checked: Sequence[Checked]) -> dict[int, int]:
    """The answer's numbers, from 1 in order of first use, by the ids of the passages that it rests on."""
    used = [finding.passage_id for each in checked if each.shown for finding in each.findings]
    return {passage_id: number for number, passage_id in enumerate(dict.fromkeys(used), 1)}


def answer(checked: Sequence[Checked], numbers: dict[int, int], unverified: str, given: Given) -> str:
    """The sentences that are shown, each with its numbers; ``unverified`` is put behind those that are.

    Addresses that ``given`` does not allow are left out of quotations too. What is not a page's own words is no
    markup, so its angle brackets become such that open nothing.
    """
    said = []
    for each in checked:
        text = plain(each.text, given) if each.shown else ""
        if each.verdict == "unverified" and text:
            text = _spaced(text.translate(_INERT), unverified)
        if text:
            said.append(text + _cites(each.findings, numbers))
    return " ".join(said)


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
    """A statement of a page on one line, without links that are not ``given`` and without citations."""
    return line(_harmless(" ".join(statement.split()), given))


def _harmless(text: str, given: Given) -> str:
    return in_parentheses(without_addresses(text, given, "…")[0])


def _quotation(passage: Passage, around: str, given: Given) -> str:
    lines = (_indented(each, given) for each in excerpt(passage.text, around).strip().splitlines())
    return "\n".join((plain(passage.heading or passage.title, given), *(f"> {each}".rstrip() for each in lines)))


def _indented(text: str, given: Given) -> str:
    said = text.lstrip()
    return text[: len(text) - len(said)] + _harmless(said, given)


def _cites(findings: Sequence[Finding], numbers: dict[int, int]) -> str:
    used = dict.fromkeys(numbers[finding.passage_id] for finding in findings if finding.passage_id in numbers)
    return " " + "".join(f"[{number}]" for number in used) if used else ""


def _spaced(text: str, mark: str) -> str:
    return f"{text} {mark}" if mark and mark.isascii() else text + mark
