"""Starting an engine on the tiny model and asking it, in the words of the engine's tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mm_orch.engine.supervisor import EngineProcess
from mm_orch.errors import MuAIError
from mm_orch.records.generation import GenerationEvent, GenerationRequest, GenerationResult, TextChunk
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.load_spec import LoadSpec
from mm_orch.records.message import Message

WAIT_SECONDS = 60.0


@contextmanager
def engine_of(path: Path, *, stall_s: float = 60.0, **spec: Any) -> Iterator[EngineProcess]:
    """An engine that is ready; ended afterwards."""
    engine = EngineProcess(LoadSpec(str(path), **{"n_ctx": 2048, "n_threads": 1} | spec), stall_s=stall_s)
    engine.start()
    try:
        engine.wait_ready()
        yield engine
    finally:
        engine.close()


def request(prompt: str | tuple[Message, ...], **config: Any) -> GenerationRequest:
    return GenerationRequest(prompt, GenerationConfig(**{"max_tokens": 8, "seed": 1} | config))


def chat(*turns: str) -> tuple[Message, ...]:
    """A conversation that the user begins."""
    return tuple(Message("user" if n % 2 == 0 else "assistant", text) for n, text in enumerate(turns))


class Asked:
    """A request under way: what came so far, and what it ended with."""

    def __init__(self) -> None:
        self.chunks: list[str] = []
        self.end: GenerationResult | MuAIError | None = None
        self.ended = threading.Event()
        self.began = threading.Event()

    def take(self, event: GenerationEvent | MuAIError) -> None:
        if isinstance(event, TextChunk):
            self.chunks.append(event.text)
            self.began.set()
        else:
            self.end = event
            self.ended.set()

    def outcome(self) -> GenerationResult | MuAIError:
        assert self.ended.wait(WAIT_SECONDS)
        assert self.end is not None
        return self.end

    def result(self) -> GenerationResult:
        end = self.outcome()
        if isinstance(end, MuAIError):
            raise end
        assert "".join(self.chunks) == end.text
        return end


def begin(engine: EngineProcess, asked: GenerationRequest) -> tuple[int, Asked]:
    answer = Asked()
    return engine.submit(asked, answer.take), answer


def ask(engine: EngineProcess, asked: GenerationRequest) -> GenerationResult:
    return begin(engine, asked)[1].result()


def ask_together(engine: EngineProcess, asked: Sequence[GenerationRequest]) -> list[GenerationResult]:
    return [answer.result() for _, answer in [begin(engine, one) for one in asked]]
