from mm_orch.nodes.base import Deps
from mm_orch.nodes.step_run import StepRun
from mm_orch.nodes.writing_all import write_structures, write_texts, write_texts_twice
from mm_orch.prompts import PromptLibrary
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.runtime.mock_engine import MockEngine

SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}


def run_of(*answers: str) -> tuple[StepRun, MockEngine]:
    engine = MockEngine(script=answers)
    return StepRun("step", Deps(engine, PromptLibrary([])), "en", lambda event: None), engine


def requests(count: int, **config: int) -> list[GenerationRequest]:
    return [GenerationRequest((Message("user", f"Part {at}?"),), GenerationConfig(**config)) for at in range(count)]


async def test_texts_come_in_order_and_one_at_its_limit_ends_with_a_whole_sentence() -> None:
    run, _ = run_of(" One. ", "It is so. And then it goes on and on and on.")
    assert await write_texts(run, requests(2, max_tokens=8)) == ["One.", "It is so."]


async def test_only_a_blank_text_is_asked_for_again_with_another_seed() -> None:
    run, engine = run_of("one", " ", "two")
    assert await write_texts_twice(run, requests(2, seed=5)) == ["one", "two"]
    assert [request.prompt[0].content for request in engine.requests] == ["Part 0?", "Part 1?", "Part 1?"]
    assert [request.config.seed for request in engine.requests] == [5, 5, 6]
    assert not run.degraded


async def test_a_text_that_stays_blank_is_told() -> None:
    run, _ = run_of("", "")
    assert await write_texts_twice(run, requests(1)) == [""]
    assert run.warnings == ["step 'step', part 1 of 1: the model wrote nothing, twice"]
    assert run.degraded


async def test_a_broken_off_structure_gets_more_tokens() -> None:
    whole = '{"a": "one two three four", "b": "five six seven eight"}'
    run, engine = run_of(whole, whole)
    assert await write_structures(run, requests(1, max_tokens=24), SCHEMA) == [
        {"a": "one two three four", "b": "five six seven eight"}
    ]
    assert [request.config.max_tokens for request in engine.requests] == [24, 48]


async def test_a_structure_that_leaves_something_out_twice_comes_with_blanks_and_a_warning() -> None:
    run, engine = run_of('{"a": "x"}', '{"a": "x"}')
    assert await write_structures(run, requests(1), SCHEMA) == [{"a": "x", "b": ""}]
    assert len(engine.requests) == 2
    assert run.degraded
    assert "part 1 of 1" in run.warnings[0]
