from __future__ import annotations

from pathlib import Path

import pytest

from mm_orch import resources
from mm_orch.corpus.index import OWN, CorpusIndex
from mm_orch.corpus.library import Library
from mm_orch.corpus.own_documents import OwnDocuments
from tests.corpus.library import document, index, write


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return write(tmp_path, {"docs/lora.md": "# LoRA\n\nGive --lora FILE.", "README.md": "# MuAI\n\nIt answers."})


def own(made: CorpusIndex, shipped: Path) -> OwnDocuments:
    return OwnDocuments(made, shipped / "docs", [shipped / "README.md", shipped / "README.zh-CN.md"])


def test_the_files_are_indexed_under_names_of_their_own(shipped: Path) -> None:
    made = index()
    own(made, shipped).refresh()
    assert [each.address for each in made.documents(OWN)] == ["muai:README.md", "muai:docs/lora.md"]
    assert made.documents() == []
    assert made.passages("lora", 1)[0].url == "corpus:muai:docs/lora.md"


def test_nothing_is_written_while_the_files_are_the_same(shipped: Path) -> None:
    made = index()
    documents = own(made, shipped)
    documents.refresh()
    before = made.documents(OWN)
    documents.refresh()
    assert made.documents(OWN) == before


def test_files_that_change_are_indexed_again_and_gone_ones_leave(shipped: Path) -> None:
    made = index()
    documents = own(made, shipped)
    documents.refresh()
    write(shipped, {"README.md": "# MuAI\n\nIt teaches."})
    (shipped / "docs/lora.md").unlink()
    documents.refresh()
    assert made.passages("answers", 1) == []
    assert made.passages("teaches", 1)
    assert made.passages("lora", 1) == []


def test_nothing_is_stored_beside_documents_of_the_user(shipped: Path) -> None:
    made = index()
    made.store([document("/a", "mine")])
    own(made, shipped).refresh()
    assert made.documents(OWN) == []


@pytest.mark.parametrize(
    ("question", "document", "says"),
    [
        ("How do I load a LoRA adapter?", "corpus:muai:docs/models.md", "--lora FILE"),
        ("如何加载 LoRA 适配器？", "corpus:muai:docs/models.zh-CN.md", "--lora"),
        ("如何載入 LoRA 適配器？", "corpus:muai:docs/models.zh-CN.md", "--lora"),
    ],
)
def test_the_default_question_finds_its_passage_in_muais_own_documentation(
    tmp_path: Path, question: str, document: str, says: str
) -> None:
    with Library(tmp_path, keep=False) as library:
        best = library.search.passages(question, 5)
    assert any(passage.url == document and says in passage.text for passage in best)
    assert list(tmp_path.iterdir()) == []


def test_the_shipped_documentation_is_all_there(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        library.own.refresh()
        names = {each.address for each in library.index.documents(OWN)}
    shipped = {f"muai:docs/{path.name}" for path in resources.shipped("docs").glob("*.md")}
    assert names == shipped | {"muai:README.md", "muai:README.zh-CN.md"}
