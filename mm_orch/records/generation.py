"""A request to a model, and what comes back: pieces of text while it writes, a result at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.token_logprob import TokenLogprob
from mm_orch.records.usage import Usage

FinishReason = Literal["stop", "length", "cancelled"]


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One text to write.

    ``prompt`` is a conversation that the model's chat template renders, a ``PromptText`` whose spans say what
    is template and what a person's, or a plain ``str`` that is completed raw. ``trim_history`` lets the engine
    leave out the oldest turns (never the system message nor the last user message) until the prompt fits both
    the context and ``max_history_tokens`` tokens; without it a prompt that does not fit is an error.
    """

    prompt: tuple[Message, ...] | PromptText | str
    config: GenerationConfig = field(default_factory=GenerationConfig)
    trim_history: bool = False
    max_history_tokens: int | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class TextChunk:
    """Text as it is written: whole characters, never part of a stop string."""

    text: str


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """The whole answer.

    ``finish_reason`` is ``"length"`` when the token limit ended it, inside a structure too. Times are seconds:
    ``ttft`` from submission to the first token, ``seconds`` to the last. ``rendered`` is the prompt as the model
    saw it, ``dropped_messages`` how many old turns were left out to make it fit, ``logprobs`` one entry a token if
    they were asked for.
    """

    text: str
    finish_reason: FinishReason
    usage: Usage
    ttft: float = 0.0
    seconds: float = 0.0
    rendered: str = ""
    dropped_messages: int = 0
    logprobs: tuple[TokenLogprob, ...] | None = None

    @property
    def tokens_per_second(self) -> float:
        """Completion tokens per second after the first token; 0.0 for fewer than two tokens."""
        span = self.seconds - self.ttft
        return (self.usage.completion_tokens - 1) / span if self.usage.completion_tokens > 1 and span > 0 else 0.0


GenerationEvent = TextChunk | GenerationResult
