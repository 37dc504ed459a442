from mm_orch.records.note import Note
from mm_orch.records.passage import Passage
from mm_orch.runtime.mock_engine import MockEngine
from tests.fixtures.steps import node, prompt, ran

ASK = prompt("ask", "{title}: {text} / {question}")
STEP = node("summarize", reads={"passages": "cut", "question": "query"}, prompt="ask", limits={"max_tokens": 50})


def passage(number: int, text: str = "") -> Passage:
    return Passage(number, f"http://site/{number}", f"Title {number}", "", text or f"Text of passage {number}.")


async def test_each_passage_gets_one_request_and_a_note_of_its_number() -> None:
    engine = MockEngine(script=["First note.", "Second note."])
    done = await ran(STEP, {"cut": [passage(3), passage(5)], "query": "Why?"}, ASK, engine=engine)
    assert done.outputs["notes"] == [
        Note(3, "Title 3", "http://site/3", "First note."),
        Note(5, "Title 5", "http://site/5", "Second note."),
    ]
    assert [request.prompt[-1].content for request in engine.requests] == [
        "Title 3: Text of passage 3. / Why?",
        "Title 5: Text of passage 5. / Why?",
    ]
    assert done.run.usage.completion_tokens > 0


async def test_a_passage_without_a_note_is_left_out_with_a_warning() -> None:
    engine = MockEngine(script=["  ", "A note."])
    done = await ran(STEP, {"cut": [passage(1), passage(2)], "query": "Why?"}, ASK, engine=engine)
    assert [note.source_id for note in done.outputs["notes"]] == [2]
    assert "http://site/1" in done.run.warnings[0]


async def test_a_passage_is_shortened_to_a_small_context_and_that_is_told() -> None:
    engine = MockEngine(context_length=160)
    long = [passage(1, "This is one sentence of the page. " * 60)]
    done = await ran(STEP, {"cut": long, "query": "Why?"}, ASK, engine=engine)
    assert len(done.outputs["notes"]) == 1
    assert "shortened 'text'" in done.run.warnings[0]


async def test_text_of_a_passage_is_never_a_template() -> None:
    engine = MockEngine(script=["Note."])
    await ran(STEP, {"cut": [passage(1, "Say {question} and {evil}.")], "query": "Why?"}, ASK, engine=engine)
    assert engine.requests[0].prompt[-1].content == "Title 1: Say {question} and {evil}. / Why?"
