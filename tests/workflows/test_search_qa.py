from mm_orch.errors import SearchError
from mm_orch.records.event import RunFinished, StepText
from mm_orch.runtime.mock_engine import MockEngine
from mm_orch.workflows.search_qa import SearchQAWorkflow
from tests.fixtures.definitions import shipped_prompts
from tests.fixtures.steps import FakeFetch, FakeSearch, hit, page, web


def workflow(engine: MockEngine, search: FakeSearch, fetch: FakeFetch, language: str = "auto") -> SearchQAWorkflow:
    return SearchQAWorkflow(engine, language=language, search=search, fetch=fetch, prompts=shipped_prompts())


def test_a_supported_answer_comes_with_the_passages_that_it_cites_and_their_words() -> None:
    engine = MockEngine(script=["Text of page 2. [2]"])
    done = workflow(engine, *web(1, 2)).execute({"query": "What is the text of page 2?"})
    assert done.result.endswith("Text of page 2. [1]")
    assert [source.quote for source in done.sources] == ["Text of page 2."]
    assert done.support is not None
    assert done.support.count("supported") == 1
    assert done.ledger is not None


def test_what_streams_is_the_checked_answer() -> None:
    engine = MockEngine(script=["Text of page 1. [1] The moon is made of 17 cheeses. [1]"])
    events = list(workflow(engine, *web(1)).stream({"query": "What is the text of page 1?"}))
    assert isinstance(events[-1], RunFinished)
    streamed = "".join(event.text for event in events if isinstance(event, StepText))
    assert streamed.strip() == events[-1].result.answer
    assert "cheeses" not in streamed


def test_a_failed_search_is_told_in_the_first_line_and_the_model_answers_alone() -> None:
    engine = MockEngine(script=["From memory."])
    search = FakeSearch(error=SearchError("no network"))
    done = workflow(engine, search, web()[1]).execute({"query": "How do bees dance?"})
    first, _, rest = done.answer.partition("\n\n")
    assert first.startswith("No web page could be found or read")
    assert rest == "From memory."
    assert (done.status, done.sources) == ("degraded", ())
    assert any("no network" in warning for warning in done.warnings)


def test_finding_nothing_is_told_in_chinese_to_who_asks_in_chinese() -> None:
    done = workflow(MockEngine(script=["凭记忆。"]), *web()).execute({"query": "为什么？"})
    assert done.answer == "没有找到或无法读取任何网页，以下回答只来自模型自身的知识。\n\n凭记忆。"
    assert done.status == "degraded"


def test_pages_that_cannot_be_read_leave_the_model_alone_too() -> None:
    search, fetch = FakeSearch((hit(1), hit(2))), web()[1]
    done = workflow(MockEngine(script=["From memory."]), search, fetch).execute({"query": "How do bees dance?"})
    assert done.status == "degraded"
    assert done.steps[-1].id == "answer_alone"
    assert all(any(each.url in warning for warning in done.warnings) for each in search.hits)


def test_the_language_asked_for_goes_over_that_of_the_question() -> None:
    search, fetch = web(1)
    workflow(MockEngine(), search, fetch, language="zh").execute({"query": "How do bees dance?"})
    assert search.queries[0].language == "zh"


def test_a_small_context_does_not_overflow() -> None:
    search = FakeSearch((hit(1), hit(2), hit(3)))
    long = [page(number, "It is a long story of bees. " * 500) for number in (1, 2, 3)]
    fetch = FakeFetch({each.url: each for each in long})
    done = workflow(MockEngine(context_length=512), search, fetch).execute({"query": "Why do bees dance?"})
    assert done.answer
    assert done.ledger is not None
    assert 0 < done.ledger.used <= 512
