"""The parts of an application, built from settings: which providers, in which order, online and off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mm_orch import parts, settings
from mm_orch.errors import FetchError, SearchError
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import SearchSite


def printed(code: str) -> str:
    """What a new interpreter prints for ``code``."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip()


@pytest.mark.parametrize(
    ("engine", "name"), [(EngineInfo("m", "mock", 1), "mock"), (EngineInfo("m", "llama.cpp", 1), "ddgs")]
)
def test_default_providers_suit_the_engine(engine: EngineInfo, name: str) -> None:
    assert parts.default_providers(engine)[0].name == name


def test_providers_keep_their_order() -> None:
    assert parts.make_providers(settings.load(), ["mock", " ddgs"])[0].name == "mock,ddgs"


def test_the_web_providers_are_built_without_what_they_use() -> None:
    code = (
        "import sys\n"
        "from mm_orch import parts, settings\n"
        "search, _ = parts.make_providers(settings.load(), ['ddgs', 'searxng', 'brave', 'tavily', 'bocha'])\n"
        "print(search.name, [name for name in ('ddgs', 'primp', 'httpx2') if name in sys.modules])"
    )
    assert printed(code) == "ddgs,searxng,brave,tavily,bocha []"


async def test_what_the_web_answered_is_kept_on_disk_only_where_that_is_asked_for(
    search_site: SearchSite, own_home: Path
) -> None:
    chosen = settings.load(overrides={"search": {"searxng_url": search_site.url, "spacing_s": 0}})
    for keep in (False, True, True):
        search, _ = parts.make_providers(chosen, ["searxng"], keep=keep)
        assert (await search.search(SearchQuery("tea"))).hits
        assert (own_home / "muai.db").exists() is keep
    assert len(search_site.requests) == 2


async def test_with_no_time_to_keep_them_answers_are_asked_for_again(
    search_site: SearchSite, own_home: Path
) -> None:
    searching = {"searxng_url": search_site.url, "spacing_s": 0, "cache_s": 0}
    search, _ = parts.make_providers(settings.load(overrides={"search": searching}), ["searxng"], keep=True)
    for _ in range(2):
        assert not (await search.search(SearchQuery("tea"))).cached
    assert len(search_site.requests) == 2
    assert not (own_home / "muai.db").exists()


async def test_offline_asks_nobody_and_says_so() -> None:
    search, fetch = parts.make_providers(settings.load(overrides={"offline": True}), ["ddgs"])
    with pytest.raises(SearchError, match="offline: ddgs was not asked"):
        await search.search(SearchQuery("tea"))
    with pytest.raises(FetchError, match="offline"):
        await fetch.fetch("http://127.0.0.1/")


async def test_the_embedding_model_of_the_corpus_is_loaded_by_the_manager_that_is_given(
    tiny_embedding_gguf: Path,
) -> None:
    chosen = settings.load(overrides={"corpus.embed_model": str(tiny_embedding_gguf), "storage.keep": False})
    with parts.make_manager(chosen) as manager:
        search, fetch = parts.make_providers(chosen, ["corpus"], manager=manager)
        assert manager.loaded_models() == []
        answer = await search.search(SearchQuery("How do I add documents to the corpus?"))
        assert (answer.warnings, manager.loaded_models()) == ((), [tiny_embedding_gguf.stem])
        fetch.close()
