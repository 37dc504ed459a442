"""Of all pages' passages those that suit a question: ranked, without near-duplicates, and what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mm_orch.records.page import Page
from mm_orch.records.passage import Passage
from mm_orch.text.expansion import concepts
from mm_orch.text.passages import split
from mm_orch.text.query_words import content_words, folded
from mm_orch.text.ranking import Index, fuse, near_duplicate, ranking, shingles

_NEXT = 8  # passages ranked below the chosen ones that are still named


@dataclass(frozen=True, slots=True)
class Coverage:
    """``share`` of the question's words that passages hold, 0..1, rare words counting more, and the rest."""

    share: float
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """``ranked`` passages, best first, not numbered; ``cut`` ones with the reason; what the question asks about."""

    ranked: tuple[Passage, ...]
    cut: tuple[tuple[Passage, str], ...]
    concepts: tuple[tuple[str, float], ...]

    def coverage(self, passages: Iterable[Passage]) -> Coverage:
        """How far ``passages`` hold the question's words."""
        text = folded("\n".join(f"{each.title}\n{each.heading}\n{each.text}" for each in passages))
        missing = tuple(word for word, _ in self.concepts if word not in text)
        total = sum(weight for _, weight in self.concepts)
        lacking = sum(weight for word, weight in self.concepts if word in missing)
        return Coverage(1 - lacking / total if total else 1.0, missing)


def choose(pages: Sequence[Page], question: str, most: int) -> Selection:
    """The ``most`` best passages of all ``pages`` for ``question``; pages in the order of the search."""
    passages = [
        Passage(0, page.url, page.title, piece.heading, piece.text, piece.start)
        for page in pages
        for piece in split(page.text)
    ]
    index = Index([each.text for each in passages], [f"{each.title}\n{each.heading}" for each in passages])
    asked = concepts(question, index.vocabulary())
    words = content_words(question)
    ranked = fuse([ranking(index.scores([each.variants for each in asked]))])
    kept, cut = _distinct([passages[at] for at in ranked], most)
    weighed = tuple((word, index.rarity(len(index.frequencies(word)))) for word in words)
    return Selection(tuple(kept), tuple(cut), weighed)


def _distinct(ranked: Sequence[Passage], most: int) -> tuple[list[Passage], list[tuple[Passage, str]]]:
    kept: list[Passage] = []
    cut: list[tuple[Passage, str]] = []
    seen: list[frozenset[tuple[str, ...]]] = []
    for passage in ranked:
        if len(cut) == _NEXT:
            break
        if len(kept) == most:
            cut.append((passage, f"ranked below the first {most}"))
            continue
        mine = shingles(passage.text)
        same = next((at for at, other in enumerate(seen) if near_duplicate(mine, other)), None)
        if same is None:
            kept.append(passage)
            seen.append(mine)
        else:
            cut.append((passage, f"near-duplicate of {kept[same].url}"))
    return kept, cut
