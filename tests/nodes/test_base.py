"""What a query or a step wants otherwise than the application."""

from __future__ import annotations

from mm_orch.nodes.base import Deps
from mm_orch.prompts import PromptLibrary
from mm_orch.protocols import PageFetcher, SearchProvider
from mm_orch.providers.mock import MockFetcher, MockSearch
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query
from mm_orch.runtime import engines
from mm_orch.runtime.mock_engine import MockEngine


def providers(names: tuple[str, ...]) -> tuple[SearchProvider, PageFetcher]:
    search = MockSearch()
    search.name = ",".join(names)
    return search, MockFetcher()


MODELS = engines.mocks()
DEPS = Deps(
    MODELS.get(),
    PromptLibrary(()),
    limits=Limits(hits=3, generation={"seed": 1, "top_k": 9}),
    engines=MODELS,
    providers=providers,
)


def test_a_query_that_wants_nothing_changes_nothing() -> None:
    assert DEPS.overridden(Query("tea")) == DEPS


def test_a_query_brings_its_model_adapters_providers_and_limits() -> None:
    wanted = Limits(pages=2, generation={"seed": 2})
    deps = DEPS.overridden(Query("tea", model="other", lora={"a.gguf": 0.5}, search=("x", "y"), limits=wanted))
    assert deps.engine is MODELS.get("other")
    assert deps.search is not None
    assert deps.search.name == "x,y"
    assert deps.limits == Limits(3, 2, {"seed": 2, "top_k": 9, "lora": {"a.gguf": 0.5}})


def test_adapters_of_a_run_are_not_put_on_another_model_of_a_step() -> None:
    deps = DEPS.overridden(Query("tea", lora={"a.gguf": 1.0}))
    assert "lora" not in deps.with_model("other", {}).limits.generation
    assert deps.with_model(None, {}).limits.generation["lora"] == {"a.gguf": 1.0}
    assert deps.with_model("other", {"b.gguf": 1.0}).limits.generation["lora"] == {"b.gguf": 1.0}


def test_without_engines_one_writes_for_all() -> None:
    engine = MockEngine()
    assert Deps(engine, PromptLibrary(())).with_model("other", {}).engine is engine
