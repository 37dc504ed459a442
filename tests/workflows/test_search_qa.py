from mm_orch.errors import SearchError
from mm_orch.records.event import RunFinished, StepText
from mm_orch.records.source import Source
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.search_qa import SearchQAWorkflow
from tests.fixtures.definitions import shipped_prompts
from tests.fixtures.steps import FakeFetch, FakeSearch, hit, page, web


def workflow(engine: MockEngine, search: FakeSearch, fetch: FakeFetch, language: str = "auto") -> SearchQAWorkflow:
    return SearchQAWorkflow(engine, language=language, search=search, fetch=fetch, prompts=shipped_prompts())


def test_the_answer_comes_with_the_pages_as_numbered_sources() -> None:
    engine = MockEngine(script=["Note one.", "Note two.", "So it is [1][2]."])
    done = workflow(engine, *web(1, 2)).execute({"query": "Why?"})
    assert done.result == "So it is [1][2]."
    assert done.sources == (Source(1, "Title 1", "http://site/1"), Source(2, "Title 2", "http://site/2"))
    assert (done.status, done.warnings) == ("ok", ())
    assert "Note one. [1]\nNote two. [2]" in engine.requests[-1].prompt[-1].content


def test_what_streams_is_the_answer_without_citations_of_nothing() -> None:
    engine = MockEngine(script=["Note.", "  So it is [1]. And so [5].\n"])
    events = list(workflow(engine, *web(1)).stream({"query": "Why?"}))
    assert isinstance(events[-1], RunFinished)
    streamed = "".join(event.text for event in events if isinstance(event, StepText))
    assert streamed == events[-1].result.answer == "So it is [1]. And so."
    assert events[-1].result.warnings == ("citations that name no source were removed: [5]",)


def test_a_failed_search_is_told_in_the_first_line_and_the_model_answers_alone() -> None:
    engine = MockEngine(script=["From memory."])
    search = FakeSearch(error=SearchError("no network"))
    done = workflow(engine, search, web()[1]).execute({"query": "Why?"})
    first, _, rest = done.answer.partition("\n\n")
    assert first.startswith("No web page could be found or read")
    assert rest == "From memory."
    assert (done.status, done.sources) == ("degraded", ())
    assert "no network" in done.warnings[0]


def test_finding_nothing_is_told_in_chinese_to_who_asks_in_chinese() -> None:
    done = workflow(MockEngine(script=["凭记忆。"]), *web()).execute({"query": "为什么？"})
    assert done.answer == "没有找到或无法读取任何网页，以下回答只来自模型自身的知识。\n\n凭记忆。"
    assert done.status == "degraded"


def test_pages_that_cannot_be_read_leave_the_model_alone_too() -> None:
    search, fetch = FakeSearch((hit(1), hit(2))), web()[1]
    done = workflow(MockEngine(script=["From memory."]), search, fetch).execute({"query": "Why?"})
    assert done.status == "degraded"
    assert [step.id for step in done.steps] == ["search", "fetch", "answer_alone"]
    assert len(done.warnings) == 3


def test_the_language_asked_for_goes_over_that_of_the_question() -> None:
    search, fetch = web(1)
    workflow(MockEngine(), search, fetch, language="zh").execute({"query": "Why?"})
    assert search.queries[0].language == "zh"


def test_a_small_context_does_not_overflow() -> None:
    search = FakeSearch((hit(1), hit(2), hit(3)))
    long = [page(number, "It is a long story of bees. " * 500) for number in (1, 2, 3)]
    fetch = FakeFetch({each.url: each for each in long})
    done = workflow(MockEngine(context_length=512), search, fetch).execute({"query": "Why do bees dance?"})
    assert done.answer
    assert len(done.sources) == 3
