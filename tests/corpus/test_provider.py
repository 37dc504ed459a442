from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch.corpus.index import CorpusIndex
from mm_orch.corpus.own_documents import OwnDocuments
from mm_orch.corpus.provider import CorpusFetcher, CorpusSearch
from mm_orch.errors import FetchError
from mm_orch.records.search import SearchQuery
from tests.corpus.library import document, index, write

TEA = "# Tea\n\nGreen tea is steeped at 80 degrees."


def search(made: CorpusIndex, folder: Path) -> CorpusSearch:
    write(folder, {"docs/lora.md": "# LoRA\n\nGive --lora FILE."})
    return CorpusSearch(made, OwnDocuments(made, folder / "docs"))


async def test_a_hit_is_a_document_with_its_best_passage(tmp_path: Path) -> None:
    long = "\n\n".join(f"# Part {number}\n\nTea {'leaf ' * 100}" for number in range(5))
    made = index(TEA, long, "Coffee.")
    answer = await search(made, tmp_path).search(SearchQuery("steeped tea", limit=3))
    assert [hit.url for hit in answer.hits] == ["corpus:/0", "corpus:/1"]
    assert "80 degrees" in answer.hits[0].snippet
    assert all(len(hit.snippet) <= 300 for hit in answer.hits)
    assert {hit.provider for hit in answer.hits} == {"corpus"} == {answer.provider}


async def test_there_are_no_more_hits_than_asked_for(tmp_path: Path) -> None:
    made = index(*[f"tea number {number}" for number in range(9)])
    assert len((await search(made, tmp_path).search(SearchQuery("tea", limit=4))).hits) == 4


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("???", "corpus: the question has no word to search for"),
        ("oolong", "corpus: no document has any of the question's words"),
    ],
)
async def test_finding_nothing_says_why(tmp_path: Path, question: str, reason: str) -> None:
    answer = await search(index(TEA), tmp_path).search(SearchQuery(question))
    assert (answer.hits, answer.warnings) == ((), (reason,))


async def test_muais_own_documentation_is_searched_until_the_user_adds_documents(tmp_path: Path) -> None:
    made = index()
    provider = search(made, tmp_path)
    assert [hit.url for hit in (await provider.search(SearchQuery("lora"))).hits] == ["corpus:muai:docs/lora.md"]
    made.store([document("/a", TEA)])
    assert (await provider.search(SearchQuery("lora"))).hits == ()
    made.remove(["/a"])
    assert len((await provider.search(SearchQuery("lora"))).hits) == 1


async def test_what_was_found_is_read_from_the_database() -> None:
    made = index(TEA)
    page = await CorpusFetcher([made]).fetch("corpus:/0")
    assert (page.url, page.text) == ("corpus:/0", TEA)


async def test_a_document_that_was_removed_cannot_be_read() -> None:
    with pytest.raises(FetchError, match="'corpus:/9' is not in the corpus"):
        await CorpusFetcher([index(TEA)]).fetch("corpus:/9")


async def test_a_document_is_read_from_the_index_that_has_it() -> None:
    own = index()
    own.store([document("muai:README.md", "# MuAI")], "muai")
    page = await CorpusFetcher([index(TEA), own]).fetch("corpus:muai:README.md")
    assert page.text == "# MuAI"
