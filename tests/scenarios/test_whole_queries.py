"""Whole queries: question in, answer with sources out, through a web site on the loopback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from mm_orch import app, settings
from mm_orch.app import App
from mm_orch.providers.fetch_http import HttpFetcher
from mm_orch.records.query import Query
from mm_orch.records.search import Hit, SearchAnswer, SearchQuery
from mm_orch.records.workflow_result import WorkflowResult
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows import background
from tests.fixtures.site import Site

ENGLISH = "What is photosynthesis?"
CHINESE = "什么是光合作用？"


class Fixed:
    """Finds the same pages whatever is asked."""

    name = "fixed"

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = urls

    async def search(self, query: SearchQuery) -> SearchAnswer:
        return SearchAnswer(tuple(Hit(url, f"Page {n}") for n, url in enumerate(self._urls, 1)), self.name)


def fetcher(site: Site, timeout_s: float = 10.0) -> HttpFetcher:
    return HttpFetcher(timeout_s=timeout_s, allow_hosts=[site.host])


@pytest.fixture
def mock(site: Site) -> Iterator[App]:
    with app.build(settings.load(), web=(site.search(), fetcher(site))) as built:
        yield built


@pytest.mark.parametrize(("question", "page"), [(ENGLISH, "/en/photosynthesis"), (CHINESE, "/zh/photosynthesis")])
def test_a_question_is_routed_searched_read_and_answered(mock: App, site: Site, question: str, page: str) -> None:
    found = mock.run(Query(question))
    assert found.route
    assert (found.workflow, found.status) == ("search_qa", "ok")
    assert site.url(page) in [source.url for source in found.sources]
    assert [source.id for source in found.sources] == sorted({source.id for source in found.sources})
    assert found.answer.startswith("[mock]")


def test_the_words_of_the_pages_reach_the_prompt_and_ours_do_not_change(site: Site) -> None:
    engine = MockEngine()
    with app.build(settings.load(), engine=engine, web=(site.search(), fetcher(site))) as built:
        built.run(Query(ENGLISH))
    prompts = " ".join(str(request.prompt) for request in engine.requests)
    assert "chlorophyll" in prompts.lower()


def test_every_run_is_kept_with_its_sources(mock: App) -> None:
    found = mock.run(Query(ENGLISH))
    assert found.run_id
    document = background.run(mock.store.run(found.run_id)).document
    assert document
    assert [source["url"] for source in document["sources"]] == [source.url for source in found.sources]


def _degraded(site: Site, paths: Sequence[str], question: str, timeout_s: float = 2.0) -> WorkflowResult:
    web = (Fixed([site.url(path) for path in paths]), fetcher(site, timeout_s))
    with app.build(settings.load(), web=web) as built:
        return built.run(Query(question, "search_qa"))


@pytest.mark.parametrize("path", ["/broken", "/silent", "/drip", "/loop", "/endless", "/bomb", "/binary"])
def test_a_site_that_misbehaves_degrades_the_answer_and_is_named(site: Site, path: str) -> None:
    found = _degraded(site, [path], ENGLISH)
    assert (found.status, found.sources) == ("degraded", ())
    assert found.answer.startswith("No web page could be found or read")
    assert any(path in warning for warning in found.warnings)


def test_a_page_that_is_too_long_is_read_as_far_as_it_may_be_and_does_not_pass_for_an_answer(site: Site) -> None:
    found = _degraded(site, ["/huge"], ENGLISH, timeout_s=60.0)  # its length is the matter, not how fast it is read
    assert (found.status, found.sources) == ("degraded", ())
    assert "do not answer this question" in found.answer
    assert any("/huge" in warning for warning in found.warnings)


def test_the_reason_is_told_in_the_users_language(site: Site) -> None:
    assert _degraded(site, ["/broken"], CHINESE).answer.startswith("没有找到或无法读取任何网页")


def test_a_bad_page_does_not_spoil_the_good_one(site: Site) -> None:
    found = _degraded(site, ["/broken", "/en/photosynthesis"], ENGLISH, timeout_s=10.0)
    assert [source.url for source in found.sources] == [site.url("/en/photosynthesis")]
    assert any("/broken" in warning for warning in found.warnings)


def test_a_private_address_is_not_read(site: Site) -> None:
    web = (Fixed([site.url("/en/photosynthesis")]), HttpFetcher(timeout_s=2.0))
    with app.build(settings.load(), web=web) as built:
        found = built.run(Query(ENGLISH, "search_qa"))
    assert (found.status, found.sources) == ("degraded", ())
    assert site.requests == []


def test_offline_degrades_and_contacts_nobody(site: Site) -> None:
    with app.build(settings.load(overrides={"offline": True}), search=("ddgs",)) as built:
        found = built.run(Query(ENGLISH))
    assert found.status == "degraded"
    assert any("offline" in warning for warning in found.warnings)


@pytest.mark.model
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("question", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_the_bundled_model_answers_from_the_site_with_sources(site: Site, question: str, language: str) -> None:
    chosen = settings.load(
        overrides={"real_models": True, "generation.seed": 1, "generation.max_tokens": 32, "fetch.max_pages": 1}
    )
    with app.build(chosen, web=(site.search(), fetcher(site))) as built:
        found = built.run(Query(question))
        assert found.run_id
        assert background.run(built.store.run(found.run_id)).status == found.status
    assert (found.workflow, found.provider, found.model) == ("search_qa", "llama.cpp", "smollm2-135m")
    assert found.answer.strip()
    assert "[mock]" not in found.answer
    assert site.url(f"/{language}/photosynthesis") in [source.url for source in found.sources]
    assert found.usage.completion_tokens > 0


@pytest.mark.model
@pytest.mark.timeout(300)
def test_the_bundled_model_writes_a_lesson_of_the_number_of_exercises_asked_for() -> None:
    chosen = settings.load(overrides={"real_models": True, "generation.seed": 1, "generation.max_tokens": 48})
    with app.build(chosen) as built:
        found = built.run(Query("A beginner lesson about tea with 2 exercises", "lesson_pack"))
    assert found.data
    assert len(found.data["exercises"]) == 2
    assert all(exercise["question"].strip() for exercise in found.data["exercises"])


@pytest.mark.model
@pytest.mark.timeout(300)
def test_the_bundled_model_hears_what_was_said_before() -> None:
    chosen = settings.load(overrides={"real_models": True, "generation.max_tokens": 8, "generation.seed": 1})
    with app.build(chosen) as built:
        first = built.run(Query("My name is Ada.", "chat_generate", "s"))
        second = built.run(Query("What is my name?", "chat_generate", "s"))
    assert second.usage.prompt_tokens > first.usage.prompt_tokens + first.usage.completion_tokens
