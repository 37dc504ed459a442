"""What is wired to what: mock or real, which providers, whose workflows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mm_orch import app, parts, settings
from mm_orch.app import App
from mm_orch.errors import ModelNotFound, UnknownName
from mm_orch.records.event import RunFinished, StepText
from mm_orch.records.limits import Limits
from mm_orch.records.query import Query
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.workflows import background

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
    with app.build(settings.load()) as built:
        events = [told.event for told in built.stream(Query("Tell me a joke", "chat_generate"))]
    last = events[-1]
    assert isinstance(last, RunFinished)
    assert "".join(event.text for event in events if isinstance(event, StepText)) == last.result.answer


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
        assert len(background.run(built.store.runs())) == 1
    assert list(own_home.iterdir()) == []


def test_what_is_kept_is_found_again() -> None:
    with app.build(settings.load()) as built:
        found = built.run(Query("hello", "chat_generate"))
    assert found.run_id
    assert background.run(parts.open_store(keep=True).run(found.run_id)).status == "ok"


def test_a_model_that_is_not_here_is_said_before_anything_runs_under_offline() -> None:
    chosen = settings.load(overrides={"real_models": True, "model": "qwen2-0.5b", "offline": True})
    with pytest.raises(ModelNotFound, match=r"muai pull qwen2-0\.5b"), app.build(chosen) as built:
        built.run(Query("hello", "chat_generate"))


def together(built: App, *queries: Query) -> list[WorkflowResult]:
    """The results of queries that run at the same time."""
    with ThreadPoolExecutor(len(queries)) as pool:
        return list(pool.map(built.run, queries))


def test_two_queries_have_models_and_providers_of_their_own_at_once(tiny_gguf: Path, tmp_path: Path) -> None:
    other = shutil.copy(tiny_gguf, tmp_path / "other.gguf")
    chosen = settings.load(
        overrides={
            "real_models": True,
            "model": str(tiny_gguf),
            "generation.max_tokens": 4,
            "search.providers": "mock",
        }
    )
    with app.build(chosen) as built:
        first, second, third = together(
            built,
            Query("What is tea?", "chat_generate"),
            Query("What is tea?", "chat_generate", model=str(other)),
            Query("How do I add documents to the corpus?", "search_qa", model=str(other), search=("corpus",)),
        )
    assert (first.model, second.model, third.model) == (tiny_gguf.stem, "other", "other")
    assert {source.url.partition(":")[0] for source in third.sources} == {"corpus"}


def test_a_query_that_names_what_is_not_there_is_refused_before_it_is_stored() -> None:
    with app.build(settings.load()) as built:
        with pytest.raises(UnknownName, match="'duckduck'"):
            built.run(Query("hello", "chat_generate", search=("duckduck",)))
        assert background.run(built.store.runs()) == []


def test_a_run_with_overrides_is_replayed_with_them() -> None:
    query = Query("What is tea?", "search_qa", model="other", search=("mock",), limits=Limits(hits=1))
    with app.build(settings.load()) as built:
        found = built.run(query)
        [again] = [
            event.result
            for event in background.iterate(app.make_replay(built.store, found.run_id).events())
            if isinstance(event, RunFinished)
        ]
    assert (again.model, len(again.sources)) == (found.model, len(found.sources)) == ("other", 1)
