"""The built-in mock: a ``TextEngine`` without a model. Deterministic, labelled, in the language of the question."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence

from mm_orch.errors import ContextLengthExceeded, EngineError, InvalidInput, MuAIError
from mm_orch.language.detection import detect
from mm_orch.records.engine_info import Capabilities, EngineInfo
from mm_orch.records.generation import (
    FinishReason,
    GenerationEvent,
    GenerationRequest,
    GenerationResult,
    TextChunk,
)
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.usage import Usage
from mm_orch.runtime import mock_grammar, mock_schema, mock_text

Prompt = tuple[Message, ...] | PromptText | str
Script = Sequence[str | MuAIError] | Callable[[GenerationRequest], str]
_DIMENSIONS = 64
_REMEMBERED = 256
_ANSWER_SHARE = 4  # the engine keeps as much of its context for the answer


class MockEngine:
    """Answers without a model.

    Plain requests get a labelled text in the language of the last user message; ``json_schema`` gets an instance of
    its own, ``grammar`` a sentence of the prompt where it allows one, else a constant. ``script`` replaces that:
    texts (or errors, which are raised) for one request after the other, or a function of the request; stop strings
    and ``max_tokens`` still hold. ``requests`` are the last 256 that came. Tokens, also of ``context_length``, are
    counted as ``mock_text.tokens`` says.
    """

    def __init__(self, *, script: Script | None = None, model: str = "mock", context_length: int = 8192) -> None:
        self._script = script if callable(script) else deque(script) if script is not None else None
        can = Capabilities(
            grammar=True, logprobs=False, token_counts=True, embeddings=True, rerank=False, roles=True
        )
        self._context_length = context_length
        self._info = EngineInfo(model, "mock", context_length, notice=mock_text.NOTICE, can=can)
        self._lock = threading.Lock()
        self.requests: deque[GenerationRequest] = deque(maxlen=_REMEMBERED)

    async def info(self) -> EngineInfo:
        """That it is the mock, and no model's size."""
        return self._info

    async def stream(self, request: GenerationRequest) -> AsyncIterator[GenerationEvent]:
        """The answer word by word, then the result."""
        result, pieces = self._write(request)
        for piece in pieces:
            await asyncio.sleep(0)
            yield TextChunk(piece)
        yield result

    async def complete(self, requests: Sequence[GenerationRequest]) -> list[GenerationResult]:
        """An answer to each request."""
        return [self._write(request)[0] for request in requests]

    async def count_tokens(self, prompts: Sequence[Prompt]) -> list[int]:
        """How many words and characters the mock takes for tokens."""
        return [mock_text.size(prompt) for prompt in prompts]

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Unit vectors that are closer the more tokens two texts share."""
        return [_vector(text) for text in texts]

    def _write(self, request: GenerationRequest) -> tuple[GenerationResult, list[str]]:
        prompt, dropped = _fitted(request, self._context_length)
        with self._lock:
            self.requests.append(request)
            text = self._text(request)
        pieces, reason = _limited(text, request.config)
        rendered = mock_text.rendered(prompt)
        usage = Usage(len(mock_text.tokens(rendered)), 0, len(pieces))
        return GenerationResult("".join(pieces), reason, usage, 0.0, 0.0, rendered, dropped), pieces

    def _text(self, request: GenerationRequest) -> str:
        if callable(self._script):
            return self._script(request)
        if self._script is not None:
            return self._next_line(self._script)
        asked = mock_text.last_user_text(request.prompt)
        language = detect(asked)
        if request.config.json_schema is not None:
            value = mock_schema.SchemaInstance(request.config.json_schema, language).write()
            return json.dumps(value, ensure_ascii=False)
        if request.config.grammar is not None:
            return self._allowed(request.config.grammar, asked)
        return mock_text.answer(asked, language)

    def _allowed(self, grammar: str, asked: str) -> str:
        """A sentence of the prompt that the grammar allows, else a constant that it holds."""
        fitting = (text for text in mock_text.quotations(asked) if mock_grammar.allows(grammar, text))
        return next(fitting, None) or mock_grammar.instance(grammar)

    def _next_line(self, script: deque[str | MuAIError]) -> str:
        if not script:
            raise EngineError("the mock's script has no answer left", hint="Give one for each request")
        line = script.popleft()
        if isinstance(line, MuAIError):
            raise line
        return line


def _limited(text: str, config: GenerationConfig) -> tuple[list[str], FinishReason]:
    ends = [at for at in (text.find(stop) for stop in config.stop) if at >= 0]
    pieces = mock_text.tokens(text[: min(ends)] if ends else text)
    if len(pieces) > config.max_tokens:
        return pieces[: config.max_tokens], "length"
    return pieces, "stop"


def _fitted(request: GenerationRequest, context_length: int) -> tuple[Prompt, int]:
    """The prompt, without the oldest turns that do not fit, and how many messages were left out."""
    prompt: Prompt = request.prompt
    if prompt == ():
        raise InvalidInput("the conversation has no message")
    budget, trims = request.max_history_tokens, request.trim_history
    if isinstance(prompt, PromptText) and prompt.messages:
        budget = budget or prompt.max_history_tokens
        prompt, trims = prompt.messages, trims or budget is not None
    limit = context_length - min(request.config.max_tokens, context_length // _ANSWER_SHARE)
    size, dropped = mock_text.size(prompt), 0
    while trims and isinstance(prompt, tuple) and size > min(limit, budget or limit):
        head, end = mock_text.oldest_turn(prompt)
        if head == end:
            break
        size -= mock_text.size(prompt[head:end])
        prompt = prompt[:head] + prompt[end:]
        dropped += end - head
    if size > limit:
        raise ContextLengthExceeded(size, limit, context_length)
    return prompt, dropped


def _vector(text: str) -> list[float]:
    counts = [0.0] * _DIMENSIONS
    for token in mock_text.tokens(text.lower()):
        digest = hashlib.blake2b(token.encode(), digest_size=2).digest()
        counts[digest[0] % _DIMENSIONS] += 1.0 if digest[1] % 2 else -1.0
    norm = math.sqrt(sum(value * value for value in counts)) or 1.0
    return [value / norm for value in counts]
