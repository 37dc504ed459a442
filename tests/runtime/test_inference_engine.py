"""The calls that users make: in threads, in loops, stopped half-way. What a TextEngine promises is in contracts."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mm_orch.errors import GrammarError, InvalidInput, UnknownName
from mm_orch.records.message import Message
from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import GenerationConfig, InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager

WITHOUT_END = 'root ::= "a" root'
WELL = GenerationConfig(grammar='root ::= "well"')


@pytest.fixture(scope="module")
def manager(tiny_gguf: Path) -> Iterator[RealModelManager]:
    catalogue = {name: ModelConfig(path=str(tiny_gguf), name=name) for name in ("tiny", "other")}
    with RealModelManager(catalogue=catalogue, default_model="tiny") as made:
        yield made


@pytest.fixture
def engine(manager: RealModelManager) -> InferenceEngine:
    return InferenceEngine(manager=manager)


def idle(engine: InferenceEngine) -> bool:
    """Whether the model answers at once, so that nothing else keeps it at work."""
    return engine.generate("the", WELL).text == "well"


def test_a_text_is_completed_raw_and_a_conversation_is_rendered(engine: InferenceEngine) -> None:
    raw = engine.generate("the machine", max_tokens=2)
    assert raw.rendered == "the machine"
    chat = engine.generate([{"role": "user", "content": "the machine"}], max_tokens=2)
    assert chat.rendered.endswith("<|im_start|>assistant\n")
    assert engine.generate((Message("user", "the machine"),), max_tokens=2).rendered == chat.rendered


def test_options_may_be_given_by_name_or_in_a_configuration_or_both(engine: InferenceEngine) -> None:
    config = GenerationConfig(max_new_tokens=3, temperature=0)
    same = engine.generate("the", config).text
    assert engine.generate("the", max_tokens=3, temperature=0).text == same
    assert engine.generate("the", config=config, max_tokens=1).usage.completion_tokens == 1
    with pytest.raises(InvalidInput, match="max_tokens"):
        engine.generate("the", max_length=3)
    with pytest.raises(InvalidInput, match="GenerationConfig"):
        engine.generate("the", {"max_tokens": 3})  # type: ignore[arg-type]


def test_a_stream_is_text_that_joins_to_the_answer(engine: InferenceEngine) -> None:
    config = GenerationConfig(max_tokens=20, temperature=0)
    pieces = list(engine.generate_stream("the machine", config))
    assert all(isinstance(piece, str) for piece in pieces)
    assert "".join(pieces) == engine.generate("the machine", config).text


def test_a_batch_comes_back_in_order(engine: InferenceEngine) -> None:
    results = engine.batch_generate(["the", "a", "my"], GenerationConfig(max_tokens=4, temperature=0))
    assert [result.rendered for result in results] == ["the", "a", "my"]
    assert engine.batch_generate([]) == []
    assert all(result.tokens_per_second >= 0 for result in results)


def test_one_bad_request_ends_its_batch_with_an_error(engine: InferenceEngine) -> None:
    with pytest.raises(GrammarError):
        engine.batch_generate(["the", "a"], grammar="root ::= other")
    assert idle(engine)


def test_a_closed_stream_stops_the_model(engine: InferenceEngine, manager: RealModelManager) -> None:
    pieces = engine.generate_stream("the", max_tokens=2000, grammar=WITHOUT_END)
    next(pieces)
    pieces.close()
    assert idle(engine)


def test_it_works_from_many_threads(engine: InferenceEngine) -> None:
    def say(word: str) -> str:
        return engine.generate("the", grammar=f'root ::= "{word}"').text

    words = [f"{number}{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(say, words)) == words


async def test_the_blocking_calls_work_inside_a_running_loop(engine: InferenceEngine) -> None:
    assert engine.generate("the", WELL).text == "well"
    assert "".join(engine.generate_stream("the", WELL)) == "well"
    assert [result.text for result in engine.batch_generate(["a", "b"], WELL)] == ["well", "well"]


async def test_the_awaited_twins_give_the_same(engine: InferenceEngine) -> None:
    config = GenerationConfig(max_tokens=8, temperature=0)
    whole = engine.generate("the", config).text
    assert (await engine.agenerate("the", config)).text == whole
    assert "".join([piece async for piece in engine.agenerate_stream("the", config)]) == whole
    assert [result.text for result in await engine.abatch_generate(["the", "the"], config)] == [whole, whole]


async def test_the_loop_goes_on_while_a_model_loads_and_writes(manager: RealModelManager) -> None:
    manager.unload_model("other")
    engine = InferenceEngine("other", manager=manager)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await engine.agenerate("the", max_tokens=50, temperature=0)
    ticking.cancel()
    assert ticks > 3


async def test_a_cancelled_task_stops_the_model_and_one_that_loads_too(manager: RealModelManager) -> None:
    engine = InferenceEngine("other", manager=manager)
    for loaded in (False, True):
        if not loaded:
            manager.unload_model("other")
        task = asyncio.create_task(engine.agenerate("the", max_tokens=2000, grammar=WITHOUT_END))
        await asyncio.sleep(0.3 if loaded else 0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert idle(engine)
    assert manager.unload_model("other")


@pytest.mark.skipif(os.name == "nt", reason="raise_signal interrupts no wait on Windows")
def test_ctrl_c_stops_the_model_and_leaves_it_loaded(engine: InferenceEngine) -> None:
    engine.describe()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        engine.generate("the", max_tokens=2000, grammar=WITHOUT_END, temperature=0)
    assert time.monotonic() - begun < 5
    assert idle(engine)


def test_a_chat_completion_has_openais_shape(engine: InferenceEngine) -> None:
    messages = [{"role": "user", "content": [{"type": "text", "text": "what is my name"}]}]
    answer = engine.chat_completion(messages=messages, max_tokens=9, grammar='root ::= "well"')
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "tiny"
    [choice] = answer["choices"]
    assert choice["message"] == {"role": "assistant", "content": "well"}
    assert choice["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0


def test_a_streamed_chat_has_the_role_then_content_then_the_reason(engine: InferenceEngine) -> None:
    messages = [{"role": "user", "content": "what is my name"}]
    chunks = list(engine.chat_completion(messages=messages, stream=True, grammar='root ::= "well"'))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    reasons = [chunk["choices"][0]["finish_reason"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant"}
    assert "".join(delta["content"] for delta in deltas[1:-1]) == "well"
    assert deltas[-1] == {}
    assert reasons == [None] * (len(chunks) - 1) + ["stop"]
    assert {(chunk["id"], chunk["object"]) for chunk in chunks} == {(chunks[0]["id"], "chat.completion.chunk")}


def test_a_chat_may_name_a_file_in_the_engines_place(engine: InferenceEngine, tiny_gguf: Path) -> None:
    messages = [{"role": "user", "content": "hello"}]
    assert engine.chat_completion(model_path=str(tiny_gguf), messages=messages, max_tokens=2)["model"] == "tiny"
    assert engine.chat_completion(model_path="other", messages=messages, max_tokens=2)["model"] == "other"
    with pytest.raises(UnknownName):
        engine.chat_completion(model_path="another", messages=messages)


@pytest.mark.parametrize(
    "messages",
    [[], "hello", None, [{"role": "user"}], [{"role": "robot", "content": "x"}], ["hello"], [{"content": "x"}]],
)
def test_messages_that_are_none_are_refused_before_anything_runs(engine: InferenceEngine, messages: object) -> None:
    with pytest.raises(InvalidInput):
        engine.chat_completion(messages=messages, stream=True)  # type: ignore[arg-type]


def test_the_devices_are_told(engine: InferenceEngine) -> None:
    told = engine.get_device_capabilities()
    assert {"metal_support", "cuda_support", "vulkan_support", "recommended_device", "devices"} <= set(told)
    supported = [name for name in ("metal", "cuda", "vulkan") if told[f"{name}_support"]]
    assert told["recommended_device"] in (*supported, "cpu", "gpu")


def test_the_tokenizer_gives_back_what_it_was_given(engine: InferenceEngine) -> None:
    for text in ("hello world", "机器学习", "<|im_end|>", "😀"):
        tokens = engine.tokenizer.encode(text)
        assert engine.tokenizer.decode(tokens) == text
        assert engine.tokenizer.count(text) >= len(tokens)
    assert len(engine.tokenizer.encode("<|im_end|>")) > 1


def test_a_loaded_model_is_taken_with_its_tokenizer_and_no_other(manager: RealModelManager) -> None:
    one, other = manager.load_model("tiny"), manager.load_model("other")
    engine = InferenceEngine(model=one.model, tokenizer=one.tokenizer, device=one.device)
    assert engine.name == "tiny"
    assert InferenceEngine(one).name == "tiny"
    with pytest.raises(InvalidInput, match="tokenizer"):
        InferenceEngine(model=one.model, tokenizer=other.tokenizer)


def test_an_engine_by_itself_knows_the_default_model_and_ends_it(tiny_gguf: Path, own_home: Path) -> None:
    (own_home / "models.yaml").write_text(f"models:\n  mine:\n    path: {tiny_gguf}\n", encoding="utf-8")
    (own_home / "config.yaml").write_text("model: mine\n", encoding="utf-8")
    with InferenceEngine() as engine:
        assert engine.name == "mine"
        assert engine.generate("the", max_tokens=1).usage.completion_tokens == 1
    with InferenceEngine(model=tiny_gguf, device="cpu") as engine:
        assert engine.describe().model == "tiny"
