"""Of all pages' passages those that suit a question: ranked, without near-duplicates, and what they cover."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mm_orch.language.folding import fold
from mm_orch.language.stopwords import light_words
from mm_orch.records.page import Page
from mm_orch.records.passage import Passage
from mm_orch.retrieval.bm25 import Index
from mm_orch.retrieval.coverage import Coverage, coverage
from mm_orch.retrieval.expansion import Concept, concepts
from mm_orch.retrieval.fusion import fuse, ranking
from mm_orch.retrieval.near_duplicates import near_duplicate, shingles
from mm_orch.retrieval.passages import split

_NEXT = 8  # passages ranked below the chosen ones that are still named
_ALSO = 0.5  # weight of other words beside the question's own
_LIGHT = 0.6  # weight of words that say little of the subject: on the dev half 0.3 and 1.0 rank worse
_COMPARES = re.compile(
    r"\bdifferen|\bcompar|\bversus\b|\bvs\b|\bbetween\b|\bboth\b|区别|不同|差别|比较|对比|相比|分别|哪个更"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """``ranked`` passages, best first, not numbered; ``cut`` ones with the reason; what the question asks about.

    ``matched`` is False where no passage has any of it: then the pages' first passages are ranked, page by page.
    """

    question: str
    concepts: tuple[Concept, ...]
    ranked: tuple[Passage, ...] = ()
    cut: tuple[tuple[Passage, str], ...] = ()
    matched: bool = True

    def coverage(self, passages: Iterable[Passage]) -> Coverage:
        """How far one page's ``passages`` hold what the question asks about: the best page's.

        Where the question compares, all of them together: what it names may well stand on different pages.
        """
        pages: dict[str, list[Passage]] = {}
        for passage in passages:
            pages.setdefault("" if _COMPARES.search(fold(self.question)) else passage.url, []).append(passage)
        found = [coverage(self.question, self.concepts, page) for page in pages.values()]
        return max(found, key=lambda each: each.share, default=coverage(self.question, self.concepts, ()))


def choose(pages: Sequence[Page], question: str, most: int, also: str = "") -> Selection:
    """The ``most`` best passages of all ``pages`` for ``question``; of equals those of earlier pages.

    ``also`` are other words for the question, which count less.
    """
    passages = [
        Passage(0, page.url, page.title, piece.heading, piece.text, piece.start)
        for page in pages
        for piece in split(page.text)
    ]
    index = Index([each.text for each in passages], [f"{each.title}\n{each.heading}" for each in passages])
    vocabulary = index.vocabulary()
    asked = concepts(question, vocabulary)
    own, others = (ranking(index.scores(map(_weighed, each))) for each in (asked, concepts(also, vocabulary)))
    ranked = fuse([(own, 1.0), (others, _ALSO)])
    kept, cut = _distinct([passages[at] for at in ranked] or _beginnings(passages), most)
    return Selection(question, tuple(asked), tuple(kept), tuple(cut), bool(ranked))


def _weighed(concept: Concept) -> Mapping[str, float]:
    weight = _LIGHT if concept.word in light_words() else 1.0
    return {variant: weight * value for variant, value in concept.variants.items()}


def _beginnings(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage of each page, then the second …"""
    places: dict[str, int] = {}
    order: list[tuple[int, int]] = []
    for at, passage in enumerate(passages):
        places[passage.url] = places.get(passage.url, -1) + 1
        order.append((places[passage.url], at))
    return [passages[at] for _, at in sorted(order)]


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
