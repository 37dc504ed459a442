"""The parts an application is made of, each built from settings by one function; ``app`` puts them together."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mm_orch import resources, settings
from mm_orch.database import FILE_NAME, Database
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider, Store
from mm_orch.providers import registry
from mm_orch.providers.fetch_by_scheme import FetchByScheme
from mm_orch.records.engine_info import EngineInfo
from mm_orch.settings import Settings

if TYPE_CHECKING:
    from mm_orch.corpus.library import Library
    from mm_orch.corpus.reranking import Embedder
    from mm_orch.providers.page_cache import PageCache
    from mm_orch.routing.router import Router
    from mm_orch.runtime.download_progress import Progress
    from mm_orch.runtime.downloads import Announce
    from mm_orch.runtime.real_model_manager import RealModelManager
    from mm_orch.workflows.catalogue import Catalogue


def load_catalogue() -> tuple[PromptLibrary, Catalogue]:
    """The prompts and workflows, shipped and the user's. Raises ``PromptError`` and ``DefinitionError``."""
    from mm_orch.workflows.catalogue import load_all

    prompts = PromptLibrary.load(resources.folders("prompts"))
    return prompts, load_all(resources.folders("workflows"), prompts, settings.models)


def make_router(chosen: Settings, catalogue: Catalogue, *, ask_model: bool = False) -> Router:
    """The router over all workflows of ``catalogue``; it asks a model only with ``ask_model``."""
    from mm_orch.routing.router import Router

    destinations = [definition.destination for definition in catalogue.definitions.values()]
    return Router(destinations, chosen.router.ask_model_below if ask_model else 0.0)


def open_store(keep: bool, tape_bytes: int = 0) -> Store:
    """The store of sessions and runs; with ``keep`` False one in memory, and nothing is written.

    ``tape_bytes`` may be kept of what runs asked and got.
    """
    if not keep:
        from mm_orch.storage.memory import MemoryStore

        return MemoryStore()
    from mm_orch.storage.sqlite.store import SqliteStore

    return SqliteStore(Database.open(resources.home()), tape_bytes)


def stored() -> Store:
    """The kept sessions and runs; where none were kept yet, no file is made."""
    return open_store((resources.home() / FILE_NAME).exists())


def recorded_setup(run_id: str) -> Mapping[str, Any]:
    """How the program was set up for a run that was kept. Raises ``UnknownName`` and ``StorageError``."""
    from mm_orch.recording.recorded_run import beginning_of
    from mm_orch.workflows import background

    with closing(stored()) as store:
        background.run(store.run(run_id))
        return beginning_of(run_id, background.run(store.calls(run_id))).setup


def make_manager(
    chosen: Settings,
    announce: Announce | None = None,
    progress: Progress | None = None,
    *,
    keep_heads: bool = False,
) -> RealModelManager:
    """Real models as ``chosen`` configures them; nothing is loaded yet.

    ``keep_heads`` keeps what models compute of the prompt files' fixed words, for the next start.
    """
    from mm_orch.runtime.real_model_manager import RealModelManager

    return RealModelManager(
        chosen.engine.max_cached_models,
        chosen.engine.memory_threshold,
        settings.models(),
        default_model=chosen.model,
        overrides={
            "max_context_length": chosen.engine.ctx_size,
            "n_threads": chosen.engine.threads,
            "n_gpu_layers": chosen.engine.gpu_layers,
        },
        offline=chosen.offline,
        announce=announce,
        progress=progress,
        load_timeout_s=chosen.engine.load_timeout_s,
        stall_s=chosen.engine.stall_s,
        quarantine_after=chosen.engine.quarantine_after,
        heads=PromptLibrary.load(resources.folders("prompts")).heads() if keep_heads else (),
        heads_folder=resources.home() / "cache" / "heads" if keep_heads else None,
    )


@functools.cache
def embedded_manager(_home: Path) -> RealModelManager:
    """The manager of a program that imports MuAI; one for each home, which the names of models belong to."""
    return make_manager(settings.load())


def default_providers(engine: EngineInfo) -> tuple[SearchProvider, PageFetcher]:
    """What a workflow that is built by hand searches and reads with: the settings' providers, or mock pages."""
    chosen = settings.load()
    manager = embedded_manager(resources.home()) if chosen.real_models and chosen.corpus.embed_model else None
    return make_providers(chosen, (registry.MOCK,) if engine.is_mock else chosen.search.providers, manager=manager)


def make_providers(
    chosen: Settings, names: Sequence[str], *, keep: bool = False, manager: RealModelManager | None = None
) -> tuple[SearchProvider, FetchByScheme]:
    """The search providers called ``names``, in order, and a fetcher for what they find.

    Offline none that needs a network is built. With ``keep`` what the web answered is kept on disk for a while.
    ``manager`` loads the corpus's embedding model, if one is configured. Raises ``UnknownName``.
    """
    from mm_orch.providers.search_chain import SearchChain
    from mm_orch.providers.search_offline import OfflineSearch

    wanted = [registry.named(name) for name in names]
    usable = [entry for entry in wanted if not (entry.on_network and chosen.offline)]
    library = _library(chosen, manager) if any(entry.name == registry.CORPUS for entry in usable) else None
    providers = [
        library.search if library and entry.name == registry.CORPUS else _search(entry, chosen, keep)
        for entry in usable
    ]
    left_out = [entry.name for entry in wanted if entry not in usable]
    if left_out:
        providers.append(OfflineSearch(left_out))
    fetchers = _fetchers(chosen, [entry.name for entry in wanted], keep)
    return SearchChain(providers), FetchByScheme(fetchers | ({registry.CORPUS: library.fetch} if library else {}))


def typed_pages(chosen: Settings) -> FetchByScheme:
    """What reads the addresses that a person typed; nothing offline. The caller closes it."""
    web = None if chosen.offline else _web_fetcher(chosen, _page_cache(chosen, keep=False))
    return FetchByScheme({"http": web, "https": web} if web else {})


def _library(chosen: Settings, manager: RealModelManager | None) -> Library:
    """The corpus of local documents; where nothing is kept and none was made yet, one in memory."""
    from mm_orch.corpus.library import Library

    name = chosen.corpus.embed_model
    embedder = _embedder(name, manager) if name and manager else None
    return Library(resources.home(), keep=chosen.storage.keep, embedder=embedder)


def _embedder(name: str, manager: RealModelManager) -> Embedder:
    """The configured embedding model, which loads when it is first asked."""
    from mm_orch.corpus.reranking import Embedder
    from mm_orch.runtime import model_loader
    from mm_orch.runtime.inference_engine import InferenceEngine

    path = model_loader.find(manager.config(name))
    status = path.stat() if path and path.is_file() else None
    version = f"{path} {status.st_size} {status.st_mtime_ns}" if status else name
    return Embedder(version, InferenceEngine(name, manager=manager).embed)


def _search(entry: registry.Entry, chosen: Settings, keep: bool) -> SearchProvider:
    """The provider; one of the web is asked no more often than need be."""
    search = chosen.search
    provider = entry.built(registry.SearchOptions(search.timeout_s, search.region, search.searxng_url))
    if not entry.on_network:
        return provider
    from mm_orch.providers.search_cache import CachedSearch, SearchCache
    from mm_orch.providers.search_spacing import SpacedSearch

    spaced = SpacedSearch(provider, search.spacing_s)
    if not search.cache_s:
        return spaced
    return CachedSearch(spaced, SearchCache(search.cache_s, resources.home() if keep else None), search.region)


def _fetchers(chosen: Settings, searched: Sequence[str], keep: bool) -> dict[str, PageFetcher]:
    """What reads the hits of these providers and typed addresses, by scheme; offline only what was kept of them."""
    fetchers: dict[str, PageFetcher] = {}
    if registry.MOCK in searched:
        from mm_orch.providers.mock import MockFetcher

        fetchers[registry.MOCK] = MockFetcher()
    if any(name != registry.MOCK for name in searched):
        web = _web_fetcher(chosen, _page_cache(chosen, keep))
        fetchers |= {"http": web, "https": web} if web else {}
    return fetchers


def _web_fetcher(chosen: Settings, cache: PageCache | None) -> PageFetcher | None:
    if chosen.offline:
        from mm_orch.providers.fetch_cached import CachedFetcher

        return CachedFetcher(cache) if cache else None
    from mm_orch.providers.fetch_http import HttpFetcher

    return HttpFetcher(
        timeout_s=chosen.fetch.timeout_s,
        max_bytes=chosen.fetch.max_bytes,
        concurrency=chosen.fetch.concurrency,
        per_host=chosen.fetch.per_host,
        allow_hosts=chosen.fetch.allow_hosts,
        max_redirects=chosen.fetch.max_redirects,
        robots=chosen.fetch.robots,
        cache=cache,
    )


def _page_cache(chosen: Settings, keep: bool) -> PageCache | None:
    """The cache of pages; with ``keep`` False one in memory, and nothing is written."""
    from mm_orch.providers.page_cache import PageCache

    path = resources.home() / "cache" / "pages.db" if keep else None
    return PageCache(lambda: Database(path), chosen.fetch.cache_bytes) if chosen.fetch.cache_bytes else None
