"""Wires MuAI: the only place that picks mock or real and that builds providers.

Longer than most files: that every such choice stands in one place is what it is for.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mm_orch import resources, settings
from mm_orch.database import FILE_NAME, Database
from mm_orch.errors import UnknownName
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider, TextEngine
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.event import QueryEvent, RunFinished
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.settings import Settings
from mm_orch.storage.run_store import SqliteRunStore

if TYPE_CHECKING:
    from mm_orch.corpus.library import Library
    from mm_orch.corpus.reranking import Embedder
    from mm_orch.orchestrator import Orchestrator, Query
    from mm_orch.providers.fetch_by_scheme import FetchByScheme
    from mm_orch.providers.page_cache import PageCache
    from mm_orch.providers.search_key import ApiKey
    from mm_orch.replay import Replay
    from mm_orch.router import Router
    from mm_orch.runtime.download_progress import Progress
    from mm_orch.runtime.downloads import Announce
    from mm_orch.runtime.real_model_manager import RealModelManager
    from mm_orch.storage.tapes import Tapes
    from mm_orch.workflows.definition import Catalogue

SEARCH_ALIASES = {"duckduckgo": "ddgs", "duckduckgo-search": "ddgs"}
MOCK = "mock"
CORPUS = "corpus"
LOCAL = {MOCK, CORPUS}
KEYED = ("brave", "tavily", "bocha")
"""Search providers that want a key."""


@dataclass(frozen=True)
class App:
    """Everything a query needs. ``warnings`` name what was left out. As a context manager it ends its models."""

    settings: Settings
    engine: TextEngine
    prompts: PromptLibrary
    catalogue: Catalogue
    router: Router
    orchestrator: Orchestrator
    store: SqliteRunStore
    warnings: tuple[str, ...]
    manager: RealModelManager | None
    own_store: bool
    own_fetcher: FetchByScheme | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def stream(self, query: Query) -> Iterator[QueryEvent]:
        """The events of one query, from any thread; closing the iterator stops the run."""
        from mm_orch.workflows import background

        return background.iterate(self.orchestrator.events(query))

    def resume(self, run_id: str) -> Iterator[QueryEvent]:
        """The events of an interrupted or failed run that goes on."""
        from mm_orch.workflows import background

        return background.iterate(self.orchestrator.resume(run_id))

    def run(self, query: Query) -> WorkflowResult:
        """Run one query to its end."""
        with closing(self.stream(query)) as events:  # type: ignore[type-var]
            for event in events:
                if isinstance(event, RunFinished):
                    return event.result
        raise AssertionError("a run ends with a result or an error")

    def close(self) -> None:
        """End the models and what reads pages, and close the store unless it was handed in."""
        if self.manager is not None:
            self.manager.close()
        if self.own_fetcher is not None:
            self.own_fetcher.close()
        if self.own_store:
            self.store.close()


def build(
    chosen: Settings,
    *,
    search: Sequence[str] | None = None,
    adapters: Mapping[str, float] | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
    store: SqliteRunStore | None = None,
    engine: TextEngine | None = None,
    web: tuple[SearchProvider, PageFetcher] | None = None,
) -> App:
    """Wire everything as ``chosen`` says; a real model begins to load at once.

    ``search`` names providers that were asked for in so many words: the mock engine gets others than mock pages
    only by it. ``adapters`` maps LoRA files to scales. ``announce`` and ``progress`` are told of a model that is
    fetched. ``store``, ``engine`` and ``web`` stand in for what ``chosen`` would bring, and are not closed here.
    Raises ``MuAIError``; a user's broken workflow file is only one of ``warnings``.
    """
    manager = None
    if engine is None:
        keep = chosen.storage.keep and store is None
        engine, manager = _engine(chosen, adapters or {}, announce, progress, keep)
    try:
        names = search or (chosen.search.providers if manager is not None else (MOCK,))
        keep_found = chosen.storage.keep and store is None
        setup = {"real_models": manager is not None, "model": chosen.model, "search": list(names)}
        own = None
        if web is None:
            web = own = make_providers(chosen, names, keep=keep_found)
        app = _wired(chosen, engine, manager, web, store, setup)
        return replace(app, own_fetcher=own[1]) if own else app
    except BaseException:
        if manager is not None:
            manager.close()
        raise


def open_store(keep: bool) -> SqliteRunStore:
    """The store of sessions and runs; with ``keep`` False one in memory, and nothing is written."""
    return SqliteRunStore(Database.open(resources.home()) if keep else Database(None))


def open_tapes(chosen: Settings, store: SqliteRunStore) -> Tapes | None:
    """What runs of ``store`` asked and got; None where nothing is to be kept of it."""
    from mm_orch.storage.tapes import Tapes

    most = chosen.storage.tape_bytes
    return Tapes(store.database, most) if chosen.storage.keep and most and store.database.path else None


def make_replay(chosen: Settings, store: SqliteRunStore) -> Replay:
    """What runs the runs of ``store`` again."""
    from mm_orch.replay import Replay
    from mm_orch.storage.tapes import Tapes

    prompts, catalogue = load_catalogue()
    return Replay(catalogue, prompts, store, Tapes(store.database, chosen.storage.tape_bytes))


def recorded_setup(run_id: str) -> Mapping[str, Any]:
    """How the program was set up for a run that was kept. Raises ``UnknownName`` and ``StorageError``."""
    from mm_orch.recorded_run import beginning_of
    from mm_orch.storage.tapes import Tapes

    with closing(open_store((resources.home() / FILE_NAME).exists())) as store:
        store.run(run_id)
        return beginning_of(run_id, Tapes(store.database, 0).calls(run_id)).setup


def search_key(provider: str) -> ApiKey:
    """The key of one of ``KEYED`` from the environment; it may be missing."""
    from mm_orch.providers.search_key import ApiKey

    module = import_module(f"mm_orch.providers.search_{provider}")
    return ApiKey.read(provider, module.VARIABLES, module.KEY_PAGE, os.environ)


def open_library(chosen: Settings) -> Library:
    """The corpus of local documents; where nothing is kept and none was made yet, one in memory."""
    from mm_orch.corpus.library import Library

    return Library(resources.home(), keep=chosen.storage.keep, embedder=_embedder(chosen))


def typed_pages(chosen: Settings) -> FetchByScheme:
    """What reads the addresses that a person typed; nothing offline. The caller closes it."""
    from mm_orch.providers.fetch_by_scheme import FetchByScheme

    return FetchByScheme({} if chosen.offline else _fetchers(chosen, ["ddgs"]))


def load_catalogue() -> tuple[PromptLibrary, Catalogue]:
    """The prompts and workflows, shipped and the user's. Raises ``PromptError`` and ``DefinitionError``."""
    from mm_orch.workflows.definition import load_all

    prompts = PromptLibrary.load(resources.folders("prompts"))
    return prompts, load_all(resources.folders("workflows"), prompts)


def make_router(chosen: Settings, catalogue: Catalogue, *, ask_model: bool = False) -> Router:
    """The router over all workflows of ``catalogue``; it asks a model only with ``ask_model``."""
    from mm_orch.router import Router

    destinations = [definition.destination for definition in catalogue.definitions.values()]
    return Router(destinations, chosen.router.ask_model_below if ask_model else 0.0)


def make_manager(
    chosen: Settings,
    adapters: Mapping[str, float] | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
    *,
    keep_heads: bool = False,
) -> RealModelManager:
    """Real models as ``chosen`` configures them; nothing is loaded yet.

    ``keep_heads`` keeps what they compute of the prompt files' fixed words, for the next start.
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
            "lora": dict(adapters) if adapters else None,
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


def default_providers(engine: EngineInfo) -> tuple[SearchProvider, PageFetcher]:
    """What a workflow that is built by hand searches and reads with: the settings' providers, or mock pages."""
    chosen = settings.load()
    return make_providers(chosen, (MOCK,) if engine.is_mock else chosen.search.providers)


def make_providers(
    chosen: Settings, names: Sequence[str], *, keep: bool = False
) -> tuple[SearchProvider, FetchByScheme]:
    """The search providers called ``names``, in order, and a fetcher for what they find.

    Offline none that needs a network is built. With ``keep`` what the web answered is kept on disk for a while.
    Raises ``UnknownName``.
    """
    from mm_orch.providers.fetch_by_scheme import FetchByScheme
    from mm_orch.providers.search_chain import SearchChain
    from mm_orch.providers.search_offline import OfflineSearch

    wanted = [_search_name(name) for name in names]
    usable = [name for name in wanted if name in LOCAL or not chosen.offline]
    left_out = [name for name in wanted if name not in usable]
    library = open_library(chosen) if CORPUS in usable else None
    made = _SEARCH | ({CORPUS: lambda _: library.search} if library else {})
    providers = [
        made[name](chosen) if name in LOCAL else _spared(made[name](chosen), chosen, keep) for name in usable
    ]
    if left_out:
        providers.append(OfflineSearch(left_out))
    fetchers = _fetchers(chosen, wanted, keep) | ({CORPUS: library.fetch} if library else {})
    return SearchChain(providers), FetchByScheme(fetchers)


def ask(
    query: str,
    *,
    workflow: str | None = None,
    session_id: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    search: Sequence[str] | str | None = None,
    **overrides: Any,
) -> WorkflowResult:
    """Send ``query`` through the router (or to ``workflow``) and return its result.

    ``inputs`` are the workflow's; ``session_id`` keys a history that lives as long as the process. ``overrides``
    are settings: ``real_models=True``, ``model="…"`` (which implies it), ``language="zh"``, ``offline=True``,
    ``search={…}``, ``generation={"seed": 1}`` … Nothing is written to disk. Raises ``MuAIError``.
    """
    from mm_orch.orchestrator import Query

    names = search.split(",") if isinstance(search, str) else search
    if "model" in overrides:
        overrides.setdefault("real_models", True)
    if names is not None:
        overrides["search.providers"] = list(names)
    chosen = settings.load(overrides=overrides)
    with build(chosen, search=names, store=_embedded_store()) as app:
        return app.run(Query(query, workflow, session_id, inputs or {}, chosen.language))


def generate_text(model_name: str | None = None, prompt: str = "", **options: Any) -> str:
    """Let a real model complete ``prompt`` raw and return what it wrote.

    ``model_name`` is a name of models.yaml, a file, or ``user/repo[:QUANT]``; None is the configured model.
    ``options`` are fields of ``GenerationConfig``. The model stays loaded for the next call. Raises ``MuAIError``.
    """
    from mm_orch.runtime.inference_engine import InferenceEngine

    return InferenceEngine(model_name, manager=_embedded_manager(resources.home())).generate(prompt, **options).text


def _engine(
    chosen: Settings,
    adapters: Mapping[str, float],
    announce: Announce | None,
    progress: Progress | None,
    keep: bool,
) -> tuple[TextEngine, RealModelManager | None]:
    if not chosen.real_models:
        from mm_orch.runtime.mock_engine import MockEngine

        return MockEngine(), None
    from mm_orch.runtime.inference_engine import InferenceEngine

    manager = make_manager(chosen, adapters, announce, progress, keep_heads=keep)
    engine = InferenceEngine(manager=manager)
    engine.start()
    return engine, manager


def _wired(
    chosen: Settings,
    engine: TextEngine,
    manager: RealModelManager | None,
    web: tuple[SearchProvider, PageFetcher],
    store: SqliteRunStore | None,
    setup: Mapping[str, Any],
) -> App:
    from mm_orch.nodes.base import Deps, Limits
    from mm_orch.orchestrator import Orchestrator

    prompts, catalogue = load_catalogue()
    limits = Limits(
        pages=chosen.fetch.max_pages,
        hits=chosen.search.limit,
        generation=chosen.generation.given(),
        max_history_tokens=chosen.chat.max_history_tokens,
    )
    router = make_router(chosen, catalogue, ask_model=manager is not None)
    kept = store or open_store(chosen.storage.keep)
    deps = Deps(engine, prompts, *web, limits)
    orchestrator = Orchestrator(catalogue, router, deps, kept, open_tapes(chosen, kept), setup)
    warnings = tuple(f"a workflow was left out: {error}" for error in catalogue.broken)
    return App(chosen, engine, prompts, catalogue, router, orchestrator, kept, warnings, manager, store is None)


def _embedder(chosen: Settings) -> Embedder | None:
    """The configured embedding model, which loads when it is first asked; none where models are mocked."""
    if not chosen.real_models or not chosen.corpus.embed_model:
        return None
    from mm_orch.corpus.reranking import Embedder
    from mm_orch.runtime import model_loader
    from mm_orch.runtime.inference_engine import InferenceEngine

    manager = make_manager(chosen)
    path = model_loader.find(manager.config(chosen.corpus.embed_model))
    status = path.stat() if path and path.is_file() else None
    version = f"{path} {status.st_size} {status.st_mtime_ns}" if status else chosen.corpus.embed_model
    return Embedder(version, InferenceEngine(chosen.corpus.embed_model, manager=manager).embed, manager.close)


def _mock_search(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.mock import MockSearch

    return MockSearch()


def _ddgs(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.search_ddgs import DdgsSearch

    return DdgsSearch(timeout_s=chosen.search.timeout_s, region=chosen.search.region)


def _searxng(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.search_searxng import SearxngSearch

    search = chosen.search
    return SearxngSearch(search.searxng_url, timeout_s=search.timeout_s, region=search.region)


def _brave(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.search_brave import BraveSearch

    search = chosen.search
    return BraveSearch(search_key("brave"), timeout_s=search.timeout_s, region=search.region)


def _tavily(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.search_tavily import TavilySearch

    search = chosen.search
    return TavilySearch(search_key("tavily"), timeout_s=search.timeout_s, region=search.region)


def _bocha(chosen: Settings) -> SearchProvider:
    from mm_orch.providers.search_bocha import BochaSearch

    return BochaSearch(search_key("bocha"), timeout_s=chosen.search.timeout_s)


def _spared(provider: SearchProvider, chosen: Settings, keep: bool) -> SearchProvider:
    """``provider`` of the web, asked no more often than need be."""
    from mm_orch.providers.search_cache import CachedSearch, SearchCache
    from mm_orch.providers.search_spacing import SpacedSearch

    spaced = SpacedSearch(provider, chosen.search.spacing_s)
    if not chosen.search.cache_s:
        return spaced
    cache = SearchCache(chosen.search.cache_s, resources.home() if keep else None)
    return CachedSearch(spaced, cache, chosen.search.region)


_SEARCH: dict[str, Callable[[Settings], SearchProvider]] = {
    MOCK: _mock_search,
    "bocha": _bocha,
    "brave": _brave,
    "ddgs": _ddgs,
    "searxng": _searxng,
    "tavily": _tavily,
}


def _search_name(name: str) -> str:
    plain = SEARCH_ALIASES.get(name.strip(), name.strip())
    if plain not in _SEARCH and plain != CORPUS:
        raise UnknownName("search provider", name, [*_SEARCH, CORPUS, *SEARCH_ALIASES])
    return plain


def _fetchers(chosen: Settings, searched: Sequence[str], keep: bool = False) -> dict[str, PageFetcher]:
    """What reads the hits of these providers and typed addresses, by scheme; offline only what was kept of them."""
    fetchers: dict[str, PageFetcher] = {}
    if MOCK in searched:
        from mm_orch.providers.mock import MockFetcher

        fetchers[MOCK] = MockFetcher()
    if any(name != MOCK for name in searched):
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


@functools.cache
def _embedded_store() -> SqliteRunStore:
    return open_store(keep=False)


@functools.cache
def _embedded_manager(_home: Path) -> RealModelManager:
    """One for each home: the names of models are its."""
    return make_manager(settings.load())
