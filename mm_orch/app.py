"""The application: picks mock or real and wires the parts; nothing else.

``build`` is the one place where that choice is made. What each part is built from stands in ``parts``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mm_orch import parts
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import Engines, PageFetcher, SearchProvider, Store, TextEngine
from mm_orch.providers.registry import MOCK
from mm_orch.records.event import RunEvent, RunFinished
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.settings import Settings

if TYPE_CHECKING:
    from mm_orch.orchestrator import LiveRuns
    from mm_orch.orchestrator.replay import Replay
    from mm_orch.records.query import Query
    from mm_orch.routing.router import Router
    from mm_orch.runtime.download_progress import Progress
    from mm_orch.runtime.downloads import Announce
    from mm_orch.runtime.real_model_manager import RealModelManager
    from mm_orch.workflows.catalogue import Catalogue

Web = tuple[SearchProvider, PageFetcher]


@dataclass(frozen=True)
class App:
    """Everything a query needs. ``warnings`` name what was left out. As a context manager it ends its models."""

    settings: Settings
    engines: Engines
    prompts: PromptLibrary
    catalogue: Catalogue
    router: Router
    live: LiveRuns
    store: Store
    warnings: tuple[str, ...]
    manager: RealModelManager | None
    owned: ExitStack

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def engine(self) -> TextEngine:
        """The engine of the model that is meant where none is named."""
        return self.engines.get()

    def stream(self, query: Query) -> Iterator[RunEvent]:
        """The events of one query, from any thread; closing the iterator stops the run."""
        from mm_orch.workflows import background

        return background.iterate(self.live.events(query))

    def resume(self, run_id: str) -> Iterator[RunEvent]:
        """The events of an interrupted or failed run that goes on."""
        from mm_orch.workflows import background

        return background.iterate(self.live.events(run_id))

    def run(self, query: Query) -> WorkflowResult:
        """Run one query to its end."""
        with closing(self.stream(query)) as events:  # type: ignore[type-var]
            for event in events:
                if isinstance(event.event, RunFinished):
                    return event.event.result
        raise AssertionError("a run ends with a result or an error")

    def close(self) -> None:
        """End what ``build`` started and opened for it: models, what reads pages, the store."""
        self.owned.close()


def build(
    chosen: Settings,
    *,
    search: Sequence[str] | None = None,
    adapters: Mapping[str, float] | None = None,
    announce: Announce | None = None,
    progress: Progress | None = None,
    store: Store | None = None,
    manager: RealModelManager | None = None,
    engine: TextEngine | None = None,
    web: Web | None = None,
) -> App:
    """Wire everything as ``chosen`` says; a real model begins to load at once.

    ``search`` names providers that were asked for in so many words: the mock engine gets others than mock pages
    only by it. ``adapters`` maps LoRA files to scales. ``announce`` and ``progress`` are told of a model that is
    fetched. ``store``, ``manager``, ``engine`` and ``web`` stand in for what ``chosen`` would bring, and are not
    closed here. Raises ``MuAIError``; a user's broken workflow file is only one of ``warnings``.
    """
    keep = chosen.storage.keep and store is None
    owned = ExitStack()
    try:
        if store is None:
            store = parts.open_store(chosen.storage.keep, chosen.storage.tape_bytes)
            owned.callback(store.close)
        if engine is not None or not chosen.real_models:
            manager = None
        elif manager is None:
            manager = parts.make_manager(chosen, announce, progress, keep_heads=keep)
            owned.callback(manager.close)
        engines = _engines(engine, manager, chosen.model, adapters)
        providers = _providers(chosen, keep, manager, owned)
        names = tuple(search or (chosen.search.providers if manager is not None else (MOCK,)))
        setup = {"real_models": manager is not None, "model": chosen.model, "search": list(names)}
        found = providers(names) if web is None else web
        return _wired(chosen, engines, manager, found, providers, store, setup, owned)
    except BaseException:
        owned.close()
        raise


def _providers(
    chosen: Settings, keep: bool, manager: RealModelManager | None, owned: ExitStack
) -> Callable[[tuple[str, ...]], Web]:
    """Builds the providers of given names, once each; ``owned`` ends them."""

    @functools.cache
    def providers(names: tuple[str, ...]) -> Web:
        made = parts.make_providers(chosen, names, keep=keep, manager=manager)
        owned.callback(made[1].close)
        return made

    return providers


def make_replay(store: Store, run_id: str) -> Replay:
    """What answers a run of ``store`` again. Raises ``UnknownName``."""
    from mm_orch.orchestrator.replay import Replay
    from mm_orch.workflows import background

    run, calls = background.run(store.run(run_id)), background.run(store.calls(run_id))
    prompts, catalogue = parts.load_catalogue()
    return Replay(run, calls, catalogue, prompts)


def _engines(
    engine: TextEngine | None,
    manager: RealModelManager | None,
    model: str,
    adapters: Mapping[str, float] | None,
) -> Engines:
    from mm_orch.runtime import engines

    if engine is not None:
        return engines.same(engine)
    return engines.mocks() if manager is None else engines.real(manager, model, adapters)


def _wired(
    chosen: Settings,
    engines: Engines,
    manager: RealModelManager | None,
    web: Web,
    providers: Callable[[tuple[str, ...]], Web],
    store: Store,
    setup: Mapping[str, Any],
    owned: ExitStack,
) -> App:
    from mm_orch.nodes.base import Deps
    from mm_orch.orchestrator import LiveRuns, Orchestrator
    from mm_orch.records.limits import Limits

    prompts, catalogue = parts.load_catalogue()
    limits = Limits(
        pages=chosen.fetch.max_pages,
        hits=chosen.search.limit,
        generation=chosen.generation.given(),
        max_history_tokens=chosen.chat.max_history_tokens,
    )
    router = parts.make_router(chosen, catalogue, ask_model=manager is not None)
    deps = Deps(engines.get(), prompts, *web, limits, engines=engines, providers=providers)
    live = LiveRuns(Orchestrator(catalogue, router, deps, store, setup))
    warnings = tuple(f"left out: {error}" for error in catalogue.broken.values())
    return App(chosen, engines, prompts, catalogue, router, live, store, warnings, manager, owned)
