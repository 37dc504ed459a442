from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.corpus.address import shown
from mm_orch.corpus.index import CorpusIndex
from mm_orch.errors import StorageError
from mm_orch.records.page import Page
from mm_orch.records.typed_url import TypedUrl
from tests.corpus.library import Adder, HereReader, Web, addresses, index, write

TEA, COFFEE = "# Tea\n\nGreen tea is steeped.", "# Coffee\n\nBeans are brewed."
HTML = "<html><title>Milk</title><body><p>Milk is heated slowly until it steams.</p></body></html>"
URL = "https://tea.example/green"


@pytest.fixture
def corpus() -> CorpusIndex:
    return index()


@pytest.fixture
def web() -> Web:
    return Web({URL: TEA})


@pytest.fixture
def adder(corpus: CorpusIndex, web: Web) -> Iterator[Adder]:
    made = Adder(corpus, web)
    yield made
    made.preparing.close()


def found(corpus: CorpusIndex, question: str) -> list[str]:
    return [Path(shown(passage.url.removeprefix("corpus:"))).name for passage in corpus.passages(question, 5)]


async def test_a_folder_is_added_with_its_folders(tmp_path: Path, adder: Adder, corpus: CorpusIndex) -> None:
    write(tmp_path, {"tea.md": TEA, "sub/coffee.txt": COFFEE, "milk.html": HTML, "x.png": b"\x89PNG"})
    assert await adder.add(tmp_path) == [
        ("added", "coffee.txt"), ("added", "milk.html"), ("added", "tea.md"), ("left out", "x.png"),
    ]  # fmt: skip
    assert adder.failed == []
    assert found(corpus, "brewed coffee") == ["coffee.txt"]
    assert found(corpus, "milk") == ["milk.html"]


async def test_unchanged_files_are_skipped_and_changed_ones_replaced(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex
) -> None:
    write(tmp_path, {"tea.md": TEA, "coffee.md": COFFEE})
    await adder.add(tmp_path)
    write(tmp_path, {"tea.md": "# Tea\n\nBlack tea is boiled."})
    assert await adder.add(tmp_path) == [("replaced", "tea.md"), ("unchanged", "coffee.md")]
    assert found(corpus, "green steeped") == []
    assert found(corpus, "boiled") == ["tea.md"]


async def test_a_file_that_was_only_touched_is_unchanged_and_not_read_the_next_time(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex
) -> None:
    path = write(tmp_path, {"tea.md": TEA}) / "tea.md"
    await adder.add(tmp_path)
    os.utime(path, ns=(1, 1))
    assert await adder.add(tmp_path) == [("unchanged", "tea.md")]
    stamp = corpus.stamp(addresses(corpus)[0])
    assert stamp is not None
    assert stamp.mtime_ns == 1


async def test_a_file_that_is_gone_leaves_when_its_folder_is_added_again(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex
) -> None:
    write(tmp_path, {"in/tea.md": TEA, "in/coffee.md": COFFEE, "inside/other.md": TEA})
    await adder.add(tmp_path / "in", tmp_path / "inside")
    (tmp_path / "in/tea.md").unlink()
    (tmp_path / "inside/other.md").unlink()
    assert await adder.add(tmp_path / "in") == [("removed", "tea.md"), ("unchanged", "coffee.md")]
    assert found(corpus, "steeped") == ["other.md"]


async def test_one_that_cannot_be_read_does_not_keep_the_others_back(tmp_path: Path, adder: Adder) -> None:
    write(tmp_path, {"junk.dat": b"\0\1\2" * 999, "junk.txt": b"a\0\1" * 999, "empty.md": "", "tea.md": TEA})
    gone = tmp_path / "gone"
    assert await adder.add(gone, tmp_path, "https://tea.example/nothing") == [
        ("added", "tea.md"), ("failed", "empty.md"), ("failed", "gone"), ("failed", "junk.dat"),
        ("failed", "junk.txt"), ("failed", "nothing"),
    ]  # fmt: skip
    assert adder.failed == [str(gone), "https://tea.example/nothing"]
    assert all(outcome.reason for outcome in adder.told if outcome.kind == "failed")


async def test_a_file_that_becomes_unreadable_keeps_what_was_read(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex
) -> None:
    path = write(tmp_path, {"tea.md": TEA}) / "tea.md"
    await adder.add(tmp_path)
    path.write_bytes(b"\0" * 99)
    assert [kind for kind, _ in await adder.add(tmp_path)] == ["failed"]
    assert found(corpus, "steeped") == ["tea.md"]


async def test_a_page_is_added_by_its_url(adder: Adder, web: Web, corpus: CorpusIndex) -> None:
    assert await adder.add(URL) == [("added", "green")]
    assert await adder.add(URL) == [("unchanged", "green")]
    web.pages[URL] = COFFEE
    assert await adder.add(URL) == [("replaced", "green")]
    assert addresses(corpus) == [URL]
    assert found(corpus, "brewed") == ["green"]


async def test_an_address_that_a_person_typed_is_marked_as_such(corpus: CorpusIndex) -> None:
    asked: list[str] = []

    class Noting(Web):
        async def fetch(self, url: str) -> Page:
            asked.append(url)
            return Page(url, "Tea", TEA)

    await Adder(corpus, Noting()).add(URL)
    assert isinstance(asked[0], TypedUrl)


async def test_the_same_place_under_another_name_is_the_same_document(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"in/tea.md": TEA})
    await adder.add(tmp_path / "in" / "tea.md")
    monkeypatch.chdir(tmp_path / "in")
    assert await adder.add(".", "tea.md", tmp_path / "in" / ".." / "in") == [("unchanged", "tea.md")] * 3
    assert len(addresses(corpus)) == 1


async def test_many_files_are_all_added(tmp_path: Path, adder: Adder, corpus: CorpusIndex) -> None:
    write(tmp_path, {f"{number:03}.md": f"# Note {number}\n\nword{number} 茶叶{number}" for number in range(150)})
    assert {kind for kind, _ in await adder.add(tmp_path)} == {"added"}
    assert len(corpus.documents()) == 150
    assert found(corpus, "word77") == ["077.md"]


async def test_names_in_other_scripts_and_with_spaces_are_kept(
    tmp_path: Path, adder: Adder, corpus: CorpusIndex
) -> None:
    write(tmp_path, {"绿 茶/100% tea.md": TEA})
    assert await adder.add(tmp_path) == [("added", "100% tea.md")]
    assert found(corpus, "steeped") == ["100% tea.md"]


async def test_interrupted_it_keeps_what_it_had_read(tmp_path: Path, corpus: CorpusIndex) -> None:
    asked = asyncio.Event()

    class Stuck(HereReader):
        async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
            asked.set()
            await asyncio.sleep(60)
            raise AssertionError

    write(tmp_path, {"a.md": TEA, "b.html": HTML})
    adder = Adder(corpus, reader=Stuck())
    running = asyncio.create_task(adder.add(tmp_path / "a.md", tmp_path / "b.html"))
    await asyncio.wait_for(asked.wait(), 10)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert found(corpus, "steeped") == ["a.md"]


async def test_a_reader_that_breaks_is_raised_as_it_is_and_ends_the_others(
    tmp_path: Path, corpus: CorpusIndex
) -> None:
    ended: list[str] = []

    class Broken(HereReader):
        async def read(self, data: bytes, media_type: str, url: str, charset: str | None) -> Page:
            try:
                await asyncio.sleep(60 if url == "b.html" else 0)
            finally:
                ended.append(url)
            raise StorageError("the disk is full")

    write(tmp_path, {"a.html": HTML, "b.html": HTML})
    with pytest.raises(StorageError, match="disk"):
        await Adder(corpus, reader=Broken()).add(tmp_path)
    assert sorted(ended) == ["a.html", "b.html"]
