"""Which statements of passages answer a question best, and how much of the question they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mm_orch.checking.facts import Facts
from mm_orch.checking.verdicts import Evidence
from mm_orch.retrieval.bm25 import Index
from mm_orch.retrieval.expansion import Concept, concepts

Wanted = Literal["number", "date", "name", ""]
_ASKS: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        "date",
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time)\b|何时|什么时候|哪一?[年天日月]|几[月号日]"
        ),
    ),
    (
        "number",
        re.compile(
            r"\bhow (?:many|much|long|far|old|tall|high|big|deep|wide|often|fast|heavy|large|hot|cold|soon|late)\b"
            r"|\bwhat (?:percentage|share|temperature|price|size|number|age|speed|distance)\b"
            r"|多少|多[长高大远久重深宽快冷热]|几[个种次天年岁条人分位米元块]|第几"
        ),
    ),
    ("name", re.compile(r"\bwho(?:se|m)?\b|谁|哪位")),
)
# What only asks, and stands in no answer.
_ASKING = re.compile(
    r"多少|多[长高大远久重深宽快冷热]|几(?=[个种次天年岁条人分位米元块点月号])|第几|哪[里儿年天个些种位月]|为什么|什么|怎么样?|怎样|如何|谁|吗|呢"
)
_TIME = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:january|february|march|april|may|june|july|august|september"
    r"|october|november|december)\b|\b(?:dawn|noon|midnight|morning|evening|spring|summer|autumn|winter)\b|\d{1,2}:\d\d"
    r"|[年月日号点时]|[春夏秋冬]|正午|半夜|凌晨|清晨|傍晚|周[一二三四五六日]"
)
# How much the statement before counts, which one with a pronoun leans on; how much more a statement counts that has
# the kind of thing that is asked for, how much less one that has not; how fast the passages' own order tells. On
# the development half of the question sets the three passages that come first so have 26 of 28 English and 25 of 28
# Chinese facts; in the very first statement kinds bring two more, the order four.
_BEFORE = 0.3
_HAS, _LACKS = 1.5, 0.8
_PER_RANK = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of a passage, by number, from 0.

    ``score`` ranks it; ``share`` of the question is held by it, the statement before and what stands above, 0..1;
    ``suits``: it has the kind of thing that is asked for.
    """

    passage_id: int
    at: int
    score: float
    share: float
    suits: bool


def wanted(folded: str) -> Wanted:
    """What kind of thing a folded question asks for; empty where anything may answer it."""
    return next((kind for kind, pattern in _ASKS if pattern.search(folded)), "")


def places(question: Facts, evidences: Sequence[Evidence]) -> list[Place]:
    """The statements of ``evidences``, best ones first; passages come in the order in which they were chosen."""
    said = [(rank, evidence, at) for rank, evidence in enumerate(evidences) for at in _telling(evidence, question)]
    own = _index(evidence.statements[at].text for _, evidence, at in said)
    before = _index(evidence.statements[at - 1].text if at else "" for _, evidence, at in said)
    about = _index(f"{evidence.passage.title}\n{evidence.passage.heading}" for _, evidence, _ in said)
    asked = concepts(_ASKING.sub(" ", question.folded), own.vocabulary() | about.vocabulary())
    words, near, heads = (index.scores([concept.variants for concept in asked]) for index in (own, before, about))
    shares = _shares((own, before, about), asked, len(said))
    kind = wanted(question.folded)
    found = []
    for number, (rank, evidence, at) in enumerate(said):
        suits = _suits(kind, evidence.statements[at].facts, question)
        score = (words[number] + _BEFORE * near[number] + heads[number]) * (_HAS if suits else _LACKS)
        score /= 1 + _PER_RANK * rank
        found.append(Place(evidence.passage.id, at, score, shares[number], suits))
    return sorted(found, key=lambda place: -place.score)


def _telling(evidence: Evidence, question: Facts) -> Iterator[int]:
    """The numbers of statements that are more than a heading, the mark of a list, or the question itself."""
    asked = question.folded.strip(' ?？"“”')
    for at, statement in enumerate(evidence.statements):
        beside = statement.text.startswith(("#", "```")) or (asked and asked in statement.facts.folded)
        if statement.facts.terms and not beside:
            yield at


def _index(texts: Iterable[str]) -> Index:
    listed = list(texts)
    return Index(listed, [""] * len(listed))


def _shares(indexes: Sequence[Index], asked: Sequence[Concept], size: int) -> list[float]:
    held = [0.0] * size
    total = 0.0
    for concept in asked:
        having = {at for index in indexes for variant in concept.variants for at in index.frequencies(variant)}
        weight = indexes[0].rarity(len(having))
        total += weight
        for at in having:
            held[at] += weight
    return [each / total if total else 0.0 for each in held]


def _suits(kind: Wanted, said: Facts, question: Facts) -> bool:
    """Whether a statement has what is asked for; where anything may answer, any has."""
    match kind:
        case "date":
            return bool(said.dates or said.years or _TIME.search(said.folded))
        case "number":
            return any(not question.has(number) for number in said.numbers)
        case "name":
            return said.is_chinese or any(name not in question.folded for name in said.names)
    return True
