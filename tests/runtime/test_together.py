"""Two threads and an event loop that use one engine at once: everyone gets their own answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mm_orch.records.model_config import ModelConfig
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.real_model_manager import RealModelManager

EACH = 12


@pytest.fixture
def engine(tiny_gguf: Path) -> Iterator[InferenceEngine]:
    catalogue = {"one": ModelConfig(path=str(tiny_gguf), name="one")}
    with RealModelManager(catalogue=catalogue, default_model="one") as manager:
        yield InferenceEngine(manager=manager)


def grammar_of(who: str) -> str:
    """A text that nobody else is to write."""
    return f'root ::= "{who}: " [a-z ]{{20}}'


def test_threads_and_a_loop_get_right_and_unmixed_answers(engine: InferenceEngine) -> None:
    answers: dict[str, str] = {}

    def ask_all(thread: str) -> None:
        for n in range(EACH):
            who = f"{thread}-{n}"
            if n % 2:
                answers[who] = engine.generate("the", grammar=grammar_of(who), seed=n).text
            else:
                answers[who] = "".join(engine.generate_stream("the", grammar=grammar_of(who), seed=n))

    async def ask_in_loop() -> None:
        async def one(n: int) -> None:
            who = f"loop-{n}"
            pieces = engine.agenerate_stream("the", grammar=grammar_of(who), seed=n)
            answers[who] = "".join([piece async for piece in pieces])

        await asyncio.gather(*(one(n) for n in range(EACH)))

    threads = [threading.Thread(target=ask_all, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    asyncio.run(ask_in_loop())
    for thread in threads:
        thread.join()
    assert set(answers) == {f"{name}-{n}" for name in ("left", "right", "loop") for n in range(EACH)}
    for who, text in answers.items():
        assert text.startswith(f"{who}: ")
        assert len(text) == len(who) + 22
