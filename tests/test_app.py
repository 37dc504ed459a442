"""What is wired to what: mock or real, which providers, whose workflows; and the two functions people import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mm_orch
from mm_orch import app, settings
from mm_orch.errors import FetchError, ModelNotFound, SearchError, UnknownName
from mm_orch.orchestrator import Query
from mm_orch.records.engine_info import EngineInfo
from mm_orch.records.search import SearchQuery
from tests.fixtures.search_site import SearchSite

WORKFLOW = """
name: shout
description: Shouts what it is told.
inputs: {text: {type: text}}
query_input: text
steps:
  - {id: say, kind: compose, parts: [{reads: text}], writes: said}
output: {answer: said}
"""


def printed(code: str) -> str:
    """What a new interpreter prints for ``code``."""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip()


def test_the_mock_is_the_default_and_brings_mock_pages() -> None:
    with app.build(settings.load()) as built:
        found = built.run(Query("What is tea?", "search_qa"))
    assert (found.provider, built.manager) == ("mock", None)
    assert [source.url.partition(":")[0] for source in found.sources] == ["mock"] * len(found.sources)
    assert found.sources


def test_streamed_text_joins_to_the_answer() -> None:
    from mm_orch.records.event import RunFinished, StepText

    with app.build(settings.load()) as built:
        events = list(built.stream(Query("Tell me a joke", "chat_generate")))
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert "".join(event.text for event in events if isinstance(event, StepText)) == last.result.answer


@pytest.mark.parametrize(
    ("engine", "name"), [(EngineInfo("m", "mock", 1), "mock"), (EngineInfo("m", "llama.cpp", 1), "ddgs")]
)
def test_default_providers_suit_the_engine(engine: EngineInfo, name: str) -> None:
    assert app.default_providers(engine)[0].name == name


@pytest.mark.parametrize("name", ["duckduckgo", "duckduckgo-search", "ddgs"])
def test_the_former_names_of_ddgs_still_work(name: str) -> None:
    assert app.make_providers(settings.load(), [name])[0].name == "ddgs"


def test_providers_keep_their_order() -> None:
    assert app.make_providers(settings.load(), ["mock", " ddgs"])[0].name == "mock,ddgs"


def test_an_unknown_provider_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'duckduckgo'"):
        app.make_providers(settings.load(), ["duckduck"])


def test_the_web_providers_are_built_without_what_they_use() -> None:
    code = (
        "import sys\n"
        "from mm_orch import app, settings\n"
        "search, _ = app.make_providers(settings.load(), ['ddgs', 'searxng', 'brave', 'tavily', 'bocha'])\n"
        "print(search.name, [name for name in ('ddgs', 'primp', 'httpx2') if name in sys.modules])"
    )
    assert printed(code) == "ddgs,searxng,brave,tavily,bocha []"


async def test_what_the_web_answered_is_kept_on_disk_only_where_that_is_asked_for(
    search_site: SearchSite, own_home: Path
) -> None:
    chosen = settings.load(overrides={"search": {"searxng_url": search_site.url, "spacing_s": 0}})
    for keep in (False, True, True):
        search, _ = app.make_providers(chosen, ["searxng"], keep=keep)
        assert (await search.search(SearchQuery("tea"))).hits
        assert (own_home / "muai.db").exists() is keep
    assert len(search_site.requests) == 2


async def test_with_no_time_to_keep_them_answers_are_asked_for_again(
    search_site: SearchSite, own_home: Path
) -> None:
    searching = {"searxng_url": search_site.url, "spacing_s": 0, "cache_s": 0}
    search, _ = app.make_providers(settings.load(overrides={"search": searching}), ["searxng"], keep=True)
    for _ in range(2):
        assert not (await search.search(SearchQuery("tea"))).cached
    assert len(search_site.requests) == 2
    assert not (own_home / "muai.db").exists()


async def test_offline_asks_nobody_and_says_so() -> None:
    search, fetch = app.make_providers(settings.load(overrides={"offline": True}), ["ddgs"])
    with pytest.raises(SearchError, match="offline: ddgs was not asked"):
        await search.search(SearchQuery("tea"))
    with pytest.raises(FetchError, match="offline"):
        await fetch.fetch("http://127.0.0.1/")


def test_offline_builds_no_network_provider() -> None:
    code = (
        "import sys\n"
        "from mm_orch import app, settings\n"
        "app.build(settings.load(overrides={'offline': True}), search=('ddgs', 'searxng', 'brave', 'mock'))\n"
        "network = ('search_ddgs', 'search_searxng', 'search_brave', 'fetch_http')\n"
        "print([name for name in sys.modules if name.endswith(network)])"
    )
    assert printed(code) == "[]"


def test_a_workflow_dropped_into_the_home_runs(own_home: Path) -> None:
    (own_home / "workflows").mkdir()
    (own_home / "workflows" / "shout.yaml").write_text(WORKFLOW, encoding="utf-8")
    with app.build(settings.load()) as built:
        assert built.run(Query("hello", "shout")).answer == "hello"


def test_a_broken_workflow_of_the_users_is_one_warning(own_home: Path) -> None:
    (own_home / "workflows").mkdir()
    (own_home / "workflows" / "bad.yaml").write_text("name: bad\nstep: 1\n", encoding="utf-8")
    with app.build(settings.load()) as built:
        assert [warning for warning in built.warnings if "bad.yaml" in warning] == list(built.warnings)
        assert len(built.warnings) == 1
        assert built.run(Query("hello", "chat_generate")).answer


def test_nothing_is_written_when_storage_is_off(own_home: Path) -> None:
    with app.build(settings.load(overrides={"storage.keep": False})) as built:
        built.run(Query("hello", "chat_generate"))
        assert len(built.store.runs()) == 1
    assert list(own_home.iterdir()) == []


def test_what_is_kept_is_found_again() -> None:
    with app.build(settings.load()) as built:
        found = built.run(Query("hello", "chat_generate"))
    assert found.run_id
    assert app.open_store(keep=True).run(found.run_id).status == "ok"


def test_a_model_that_is_not_here_is_said_before_anything_runs_under_offline() -> None:
    chosen = settings.load(overrides={"real_models": True, "model": "qwen2-0.5b", "offline": True})
    with pytest.raises(ModelNotFound, match=r"muai pull qwen2-0\.5b"), app.build(chosen) as built:
        built.run(Query("hello", "chat_generate"))


def test_ask_answers_and_writes_nothing(own_home: Path) -> None:
    found = mm_orch.ask("什么是茶？")  # type: ignore[operator]
    assert found.answer.startswith("[mock] 以下内容")
    assert list(own_home.iterdir()) == []


def test_ask_remembers_a_session_within_the_process() -> None:
    first = app.ask("My name is Ada", workflow="chat_generate", session_id="app-test")
    second = app.ask("Who am I?", workflow="chat_generate", session_id="app-test")
    assert first.session_id == second.session_id == "app-test"
    assert second.usage.prompt_tokens > first.usage.prompt_tokens


def test_ask_takes_settings_inputs_and_providers() -> None:
    found = app.ask("tea", workflow="lesson_pack", inputs={"num_exercises": 1}, language="zh", search="mock")
    assert found.data
    assert (len(found.data["exercises"]), found.data["language"]) == (1, "zh")


@pytest.mark.model
def test_generate_text_completes_raw_with_a_real_model() -> None:
    written = mm_orch.generate_text(  # type: ignore[operator]
        model_name="smollm2-135m", prompt="The capital of France is", max_tokens=8, temperature=0.0, seed=1
    )
    assert "Paris" in written
