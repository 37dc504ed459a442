from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_orch.corpus.document import Stamp
from mm_orch.corpus.index import OWN, CorpusIndex
from mm_orch.database import Database
from mm_orch.errors import StorageError
from tests.corpus.library import document, index

TEA = "# Tea\n\nGreen tea is steeped at 80 degrees."
COFFEE = "# Coffee\n\nBeans are ground and brewed."
茶 = "# 茶\n\n绿茶用八十度的水冲泡两分钟。"


def found(made: CorpusIndex, question: str, limit: int = 5) -> list[str]:
    return [passage.url for passage in made.passages(question, limit)]


@pytest.mark.parametrize(
    ("question", "url"),
    [
        ("At how many degrees do I steep GREEN tea?", "corpus:/0"),
        ("brewed beans", "corpus:/1"),
        ("绿茶怎么泡", "corpus:/2"),
        ("綠茶", "corpus:/2"),
        ("Ｔｅａ", "corpus:/0"),
    ],
)
def test_a_passage_is_found_by_its_words(question: str, url: str) -> None:
    assert found(index(TEA, COFFEE, 茶), question)[0] == url


def test_a_passage_says_where_it_is_from() -> None:
    made = index()
    made.store([document("/tea.md", TEA, "All about tea")])
    (passage,) = made.passages("steeped", 5)
    assert (passage.id, passage.url, passage.title, passage.heading) == (
        0,
        "corpus:/tea.md",
        "All about tea",
        "Tea",
    )
    assert TEA[passage.start :].startswith(passage.text)


def test_a_word_of_the_title_or_a_heading_finds_the_passage() -> None:
    made = index("Nothing of it.")
    made.store([document("/a", "# Oolong\n\nIt is half oxidised.", "Formosa")])
    assert found(made, "oolong") == ["corpus:/a"]
    assert found(made, "formosa") == ["corpus:/a"]


def test_there_are_no_more_passages_than_asked_for() -> None:
    assert len(found(index(*[f"tea number {number}" for number in range(9)]), "tea", limit=4)) == 4


def test_a_document_is_replaced_by_the_next_of_its_address() -> None:
    made = index(TEA, COFFEE)
    assert made.store([document("/0", COFFEE), document("/2", TEA)]) == {"/0"}
    assert found(made, "steeped") == ["corpus:/2"]
    assert [each.id for each in made.documents()] == [1, 2, 3]


def test_a_removed_document_leaves_nothing_behind(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    made = CorpusIndex(database)
    made.store([document("/0", TEA), document("/1", COFFEE)])
    assert made.remove(["/0", "/nothing"]) == 1
    with database.read() as connection:
        for table in ("documents", "texts", "passages", "words"):
            assert connection.execute(f"SELECT count(*) FROM corpus_{table}").fetchone() == (1,)
        connection.execute("INSERT INTO corpus_words (corpus_words) VALUES ('integrity-check')")
    assert database.integrity() == []


def test_the_page_is_what_was_read() -> None:
    made = index(TEA)
    page = made.page("/0")
    assert page is not None
    assert (page.url, page.text, page.media_type) == ("corpus:/0", TEA, "text/markdown")
    assert made.page("/9") is None


def test_the_stamp_tells_what_a_document_was_made_from() -> None:
    made = index(TEA)
    stamp = made.stamp("/0")
    assert stamp == document("/0", TEA).stamp
    made.store([], same={"/0": Stamp(stamp.size, 77, stamp.sha256)})
    assert made.stamp("/0") == Stamp(stamp.size, 77, stamp.sha256)
    assert made.stamp("/9") is None


def test_documents_of_an_older_shape_have_no_stamp_so_they_are_read_again(tmp_path: Path) -> None:
    database = Database(tmp_path / "muai.db")
    made = CorpusIndex(database)
    made.store([document("/0", TEA)])
    with database.write() as connection:
        connection.execute("UPDATE corpus_documents SET shape = 0")
    assert made.stamp("/0") is None


def test_documents_in_a_folder_are_those_below_it() -> None:
    made = index()
    made.store([document(address, TEA) for address in ("/a/1", "/a/b/2", "/ab/3", "/a", "C:\\d\\4", "C:\\de\\5")])
    assert made.addresses("/a") == ["/a/1", "/a/b/2"]
    assert made.addresses("C:\\d") == ["C:\\d\\4"]
    assert made.addresses("/") == ["/a", "/a/1", "/a/b/2", "/ab/3"]


def test_own_documents_make_way_for_the_first_of_the_user() -> None:
    made = index()
    made.store([document("muai:README.md", TEA)], OWN)
    assert made.is_empty()
    assert [each.address for each in made.documents(OWN)] == ["muai:README.md"]
    made.store([document("/0", COFFEE)])
    assert made.documents(OWN) == []
    made.store([document("muai:README.md", TEA)], OWN)
    assert found(made, "steeped") == []


def test_a_document_that_cannot_be_stored_takes_nothing_with_it() -> None:
    made = index(TEA)
    broken = document("/1", "x", title="\ud800")
    with pytest.raises((StorageError, UnicodeEncodeError)):
        made.store([document("/2", COFFEE), broken])
    assert [each.address for each in made.documents()] == ["/0"]


def test_a_document_says_when_it_was_added_and_how_many_passages_it_has() -> None:
    (stored,) = index(TEA).documents()
    assert (stored.added, stored.passages, stored.address) == (1000.0, 1, "/0")


WORDS = st.sampled_from(["tea", "绿茶", "c++", "80", "the", "É", "泡", "a'b", "#", "—"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=6), st.data())
def test_every_document_is_found_by_each_of_its_words(texts: list[str], data: st.DataObject) -> None:
    made = index(*texts)
    number = data.draw(st.integers(0, len(texts) - 1))
    for row in document("", texts[number]).rows:
        for word in row.text_words.split():
            if word != "泡":  # a single character is found where a pair begins with it
                assert f"corpus:/{number}" in found(made, word, limit=10)


def test_a_damaged_table_is_a_storage_error() -> None:
    made = index(TEA)
    with made._database.write() as connection:
        connection.execute("DROP TABLE corpus_passages")
    with pytest.raises(StorageError):
        made.passages("tea", 5)


def test_deleting_a_document_by_hand_keeps_the_words_right(tmp_path: Path) -> None:
    path = tmp_path / "muai.db"
    database = Database(path)
    CorpusIndex(database).store([document("/0", TEA), document("/1", COFFEE)])
    database.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM corpus_documents WHERE address = '/0'")
    assert found(CorpusIndex(Database(path)), "steeped") == []
