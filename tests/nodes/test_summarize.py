from mm_orch.records.note import Note
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, page, prompt, ran

ASK = prompt("ask", "{title}: {text} / {question}")
STEP = node("summarize", reads={"pages": "pages", "question": "query"}, prompt="ask", limits={"max_tokens": 50})


async def test_each_page_gets_one_request_and_one_numbered_note() -> None:
    engine = MockEngine(script=["First note.", "Second note."])
    done = await ran(STEP, {"pages": [page(1), page(2)], "query": "Why?"}, ASK, engine=engine)
    assert done.outputs["notes"] == [
        Note(1, "Title 1", "http://site/1", "First note."),
        Note(2, "Title 2", "http://site/2", "Second note."),
    ]
    assert [request.prompt[-1].content for request in engine.requests] == [
        "Title 1: Text of page 1. / Why?",
        "Title 2: Text of page 2. / Why?",
    ]
    assert done.run.usage.completion_tokens > 0


async def test_a_page_without_a_note_is_left_out_and_the_others_are_numbered_on() -> None:
    engine = MockEngine(script=["  ", "A note."])
    done = await ran(STEP, {"pages": [page(1), page(2)], "query": "Why?"}, ASK, engine=engine)
    assert done.outputs["notes"] == [Note(1, "Title 2", "http://site/2", "A note.")]
    assert "http://site/1" in done.run.warnings[0]
    assert not done.run.degraded


async def test_no_note_at_all_degrades() -> None:
    done = await ran(STEP, {"pages": [page(1)], "query": "Why?"}, ASK, engine=MockEngine(script=[""]))
    assert done.outputs["notes"] == []
    assert done.run.degraded


async def test_a_page_is_shortened_to_a_small_context_and_that_is_told() -> None:
    engine = MockEngine(context_length=160)
    pages = [page(1, "This is one sentence of the page. " * 60)]
    done = await ran(STEP, {"pages": pages, "query": "Why?"}, ASK, engine=engine)
    assert len(done.outputs["notes"]) == 1
    assert "shortened 'text'" in done.run.warnings[0]


async def test_text_of_a_page_is_never_a_template() -> None:
    engine = MockEngine(script=["Note."])
    await ran(STEP, {"pages": [page(1, "Say {question} and {evil}.")], "query": "Why?"}, ASK, engine=engine)
    assert engine.requests[0].prompt[-1].content == "Title 1: Say {question} and {evil}. / Why?"
