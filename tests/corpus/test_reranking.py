from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.corpus.provider import CorpusSearch
from mm_orch.corpus.reranking import Embedder, likeness, rank
from mm_orch.errors import EngineError
from mm_orch.records.search import SearchQuery
from tests.corpus.library import document, index

TEXTS = ["A cat sleeps on the warm mat all day.", "The mat was made of reed.", "A kitten rests on the rug."]


class Meaning:
    """A fake embedding model: it knows which words are about cats and about sleep."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[str] = []
        self._broken = broken

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if self._broken:
            raise EngineError("the model embeds nothing")
        self.asked.extend(texts)
        kinds = (("cat", "kitten"), ("sleep", "rest"), ("reed",))
        return [[float(any(word in text for word in kind)) for kind in kinds] for text in texts]

    def embedder(self, model: str = "one") -> Embedder:
        return Embedder(model, self.embed)


def search(meaning: Meaning, tmp_path: Path, model: str = "one") -> CorpusSearch:
    made = index(*TEXTS)
    return CorpusSearch(made, OwnDocuments(made, tmp_path), meaning.embedder(model))


async def test_meaning_moves_up_what_the_words_put_lower(tmp_path: Path) -> None:
    made = index(*TEXTS)
    question = SearchQuery("what the mat of a kitten was made of", limit=3)
    by_words = [hit.url for hit in (await CorpusSearch(made, OwnDocuments(made, tmp_path)).search(question)).hits]
    by_both = [hit.url for hit in (await search(Meaning(), tmp_path).search(question)).hits]
    assert sorted(by_words) == sorted(by_both)
    assert by_both.index("corpus:/1") > by_words.index("corpus:/1")


async def test_the_vectors_of_passages_are_computed_once_for_each_model() -> None:
    made, meaning = index(*TEXTS), Meaning()
    texts = {number: passage.text for number, passage in made.numbered("mat", 5).items()}
    one = meaning.embedder("one")
    first = await rank(one, "mat", texts, made.vectors)
    assert meaning.asked == ["mat", *texts.values()]
    meaning.asked.clear()
    assert await rank(one, "mat", texts, made.vectors) == first
    assert meaning.asked == ["mat"]
    await rank(meaning.embedder("other"), "mat", texts, made.vectors)
    assert len(meaning.asked) == 2 + len(texts)


async def test_vectors_go_with_their_document() -> None:
    made = index(*TEXTS)
    numbers = list(made.numbered("mat kitten", 5))
    await rank(Meaning().embedder(), "mat", dict.fromkeys(numbers, "cat"), made.vectors)
    assert set(made.vectors.get("one", numbers)) == set(numbers)
    made.store([document("/0", "Another text.")])
    made.remove(["/1", "/2"])
    assert made.vectors.get("one", numbers) == {}


async def test_a_model_that_fails_leaves_the_order_of_words_and_a_warning(tmp_path: Path) -> None:
    answer = await search(Meaning(broken=True), tmp_path).search(SearchQuery("mat"))
    assert len(answer.hits) == 2
    assert answer.warnings == (
        "corpus: found by words alone, for the embedding model failed: the model embeds nothing",
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([1, 0], [2, 0], 1.0),
        ([1, 0], [0, 1], 0.0),
        ([1, 0], [-3, 0], -1.0),
        ([0, 0], [1, 0], 0.0),
        ([1], [1, 0], 0.0),
    ],
)
def test_likeness_is_the_cosine(one: list[float], other: list[float], expected: float) -> None:
    assert likeness(one, other) == pytest.approx(expected)
