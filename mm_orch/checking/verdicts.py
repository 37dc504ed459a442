"""The verdict on a sentence: what the passages that it cites say to its numbers, dates, quotations and names.

Code can tell whether a value stands somewhere; whether a sentence says what a passage says, only where both are the
same word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mm_orch.checking.facts import Facts, Value, read
from mm_orch.checking.quotes import shortened, verbatim
from mm_orch.language.content_words import terms
from mm_orch.language.dates import Date
from mm_orch.language.quantities import Quantity
from mm_orch.language.sentences import sentences
from mm_orch.records.answer_support import Verdict
from mm_orch.records.passage import Passage

_SAME_FACT = 0.6
"""Share of a sentence's words from which a statement is about the same fact.

Chosen on the development claims of WiCE: 0.5 finds one more contradiction in claims that people found supported,
0.7 misses one more number that was changed.
"""
_WORD = re.compile(r"[^\W_]+")
_COMMA = re.compile(r"[,;，；](?!\d)")
_YEAR = re.compile(r"\d{4}年?")
_ORDINAL = "th"
_FEW = 12  # the greatest number that is written in a word where things are only named, not counted


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, list item or table row of a passage: ``text`` as it stands there, ``facts`` what it says.

    ``parts`` are its clauses between commas where it has several values, else it is its only part.
    """

    text: str
    facts: Facts
    parts: tuple[Facts, ...]

    @classmethod
    def of(cls, text: str) -> Statement:
        """``text``, read once."""
        facts = read(text)
        several = len(facts.numbers) + len(facts.dates) > 1
        return cls(text, facts, tuple(map(read, _COMMA.split(text))) if several else (facts,))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage, read: ``about`` is what its title and headings say."""

    passage: Passage
    statements: tuple[Statement, ...]
    about: Facts

    @classmethod
    def of(cls, passage: Passage) -> Evidence:
        """``passage`` cut into statements, each read once."""
        pieces = (piece.strip() for piece in sentences(passage.text))
        statements = tuple(Statement.of(piece) for piece in pieces if piece)
        return cls(passage, statements, read(f"{passage.title}\n{passage.heading}"))

    @property
    def is_chinese(self) -> bool:
        """Whether most of the passage is in Chinese."""
        return sum(len(each.text) if each.facts.is_chinese else -len(each.text) for each in self.statements) > 0

    def closest(self, facts: Facts) -> Finding:
        """The passage with the statement that shares most words and values with ``facts``, if any does."""
        said = [each.facts for each in self.statements]
        shared = [len(each.terms & facts.terms) + sum(map(each.has, facts.values)) for each in said]
        most = max(shared, default=0)
        return Finding(self.passage.id, shortened(self.statements[shared.index(most)].text) if most else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """A passage that a sentence rests on; ``quote`` are its own words, perhaps none."""

    passage_id: int
    quote: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons in words for a person, and the passages that the sentence rests on."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    reasons: tuple[str, ...] = ()


def judge(sentence: str, cited: Sequence[Evidence]) -> Judgement:
    """The verdict of the ``cited`` passages on ``sentence``. Total: no text raises.

    Supported: it is a whole statement of one of them. Contradicted: they give another value for the same fact, or
    have one of its numbers, dates or quotations nowhere. Anything else is unverified.
    """
    whole = verbatim(sentence)
    copied = [(each, said) for each in cited for said in each.statements if whole and verbatim(said.text) == whole]
    if copied:
        quotes = {each.passage.id: shortened(said.text) for each, said in copied}
        return Judgement("supported", tuple(Finding(number, quote) for number, quote in quotes.items()))
    facts = read(sentence)
    statements = [statement for each in cited for statement in each.statements]
    said = [each.facts for each in statements]
    around = [*said, *(each.about for each in cited)]
    clauses = [part for each in statements for part in each.parts]
    against = (*_nowhere(facts, around), *_otherwise(facts, said), *_otherwise(facts, clauses))
    if against:
        return Judgement("contradicted", (), tuple(dict.fromkeys(against)))
    findings = tuple(each.closest(facts) for each in cited)
    if cited and all(each.is_chinese != facts.is_chinese for each in cited):
        return Judgement("unverified", findings, ("in another language",))
    return Judgement("unverified", findings, tuple(_unnamed(facts, around)))


def _nowhere(facts: Facts, around: Sequence[Facts]) -> Iterator[str]:
    """What stands nowhere in ``around``: numbers and dates, times and versions, quotations."""
    for number in facts.numbers:
        if not any(each.has(number) for each in around) and not _follows(number, facts, around):
            yield f"the number {facts.written(number)!r} is not there"
    for date in facts.dates:
        if not _is_there(date, facts, around):
            yield f"the date {facts.written(date)!r} is not there"
    text = " ".join(each.folded for each in around)
    for code in facts.codes:
        if code[0].isdigit() and not _stands(code, text):
            yield f"the number {code!r} is not there"
    for quoted in facts.quotations:
        if _letters(quoted) not in _letters(text):
            yield f"{quoted!r} is quoted and does not stand there"


def _otherwise(facts: Facts, said: Sequence[Facts]) -> Iterator[str]:
    """Values for which a place that shares all words of their own and more has another one of the same kind."""
    for value in facts.values:
        own = [facts.terms & each.terms for each in said if each.has(value)]
        for each in said if own else ():
            shared = facts.terms & each.terms
            if len(shared) >= _SAME_FACT * len(facts.terms) and all(words < shared for words in own):
                other = next((one for one in each.values if _rivals(value, one, facts)), None)
                if other is not None:
                    yield f"it says {facts.written(value)!r} where {each.written(other)!r} stands"
                    break


def _rivals(value: Value, other: Value, facts: Facts) -> bool:
    """Whether ``other`` is of the same kind as ``value`` and not what the sentence says too."""
    if isinstance(value, Quantity) and isinstance(other, Quantity):
        return value.dimension == other.dimension and value.is_year == other.is_year and not facts.has(other)
    if isinstance(value, Date) and isinstance(other, Date):
        return not value.holds(other) and not other.holds(value) and not facts.has(other)
    return False


def _follows(number: Quantity, facts: Facts, around: Sequence[Facts]) -> bool:
    """Whether a number that stands nowhere may be said all the same.

    It is the sum or difference of two numbers of its kind, or of two years, or the sum of all in one statement; or
    it only counts, in a word, what is not counted there: "two" brothers named in a row, the "third" quarter.
    """
    kind, wanted = number.dimension, number.value * number.factor
    if number.value <= _FEW and not facts.folded[number.start].isdigit() and kind in ("", _ORDINAL):
        thing = facts.counted(number)
        return not thing or all(
            each.counted(one) != thing for each in around for one in each.numbers if one.dimension == kind
        )
    if number.is_year or kind == _ORDINAL:
        return False
    years = set[int]().union(*(each.years for each in around))
    if kind == "month" and any(12 * abs(a - b) == wanted for a, b in combinations(years, 2)):
        return True
    sizes = [[one.value * one.factor for one in each.numbers if one.dimension == kind] for each in around]
    pairs = combinations((size for some in sizes for size in some), 2)
    return any(sum(some) == wanted for some in sizes) or any(wanted in (a + b, abs(a - b)) for a, b in pairs)


def _is_there(date: Date, facts: Facts, around: Sequence[Facts]) -> bool:
    """Whether ``date`` stands in ``around``, perhaps in parts: the day in one place, its year in another.

    Where no year stands at all, as in a message of the day, a year is nothing that speaks against it.
    """
    years = set[int]().union(*(each.years for each in around))
    if date.year is not None and years and date.year not in years:
        return False
    day = Date(None, date.month, date.day)
    alike = [one for each in around for one in each.dates if date.year is None or one.year in (None, date.year)]
    if any(one.holds(day) for one in alike):
        return True
    month = _YEAR.sub("", facts.written(date)).strip(" ,.")
    return date.day is None and any(_stands(month, each.folded) for each in around)


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text))


def _stands(word: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text) is not None


def _unnamed(facts: Facts, around: Sequence[Facts]) -> Iterator[str]:
    """Names that stand nowhere in ``around``, in any of their forms."""
    known = frozenset().union(*(each.terms for each in around))
    text = " ".join(each.folded for each in around)
    for name in (*facts.names, *(code for code in facts.codes if not code[0].isdigit())):
        if not _stands(name, text) and terms(name) - known:
            yield f"the name {name!r} is not there"
