"""The state of one request in the engine."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from mm_orch.engine.decoder import Sampler, Scales
from mm_orch.engine.prompt import Prepared
from mm_orch.engine.text_stream import TextStream
from mm_orch.records.generation import FinishReason, GenerationRequest, GenerationResult
from mm_orch.records.token_logprob import TokenLogprob
from mm_orch.records.usage import Usage


@dataclass(eq=False, slots=True)
class Sequence:
    """``tokens`` are the prompt's and then the answer's; the first ``computed`` of them are in the KV cells.

    ``key`` names the adapters it runs with: cells are shared between equal keys only. ``slot`` is the sequence id
    in llama.cpp while it runs. Times are seconds of the scheduler's clock.
    """

    ticket: int
    request: GenerationRequest
    prepared: Prepared
    sampler: Sampler
    text: TextStream
    submitted: float
    key: Scales = ()
    logprobs: list[TokenLogprob] = field(default_factory=list)
    tokens: list[int] = field(init=False)
    computed: int = 0
    cached: int | None = None
    slot: int | None = None
    first_token: float | None = None
    is_cancelled: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.tokens = list(self.prepared.tokens)

    @property
    def written(self) -> list[int]:
        """The tokens of the answer."""
        return self.tokens[len(self.prepared.tokens) :]

    @property
    def n_written(self) -> int:
        """How many tokens of the answer there are."""
        return len(self.tokens) - len(self.prepared.tokens)

    @property
    def n_left(self) -> int:
        """How many more tokens it may write."""
        return self.request.config.max_tokens - self.n_written

    @property
    def n_missing(self) -> int:
        """How many tokens must be evaluated before the next one can be sampled."""
        return len(self.tokens) - self.computed

    @property
    def deadline(self) -> float | None:
        """When it must have ended, by the scheduler's clock; None for never."""
        timeout = self.request.config.timeout
        return None if timeout is None else self.submitted + timeout

    def result(self, reason: FinishReason, now: float) -> GenerationResult:
        """What was written, ended for ``reason``."""
        first = now if self.first_token is None else self.first_token
        return GenerationResult(
            text=self.text.text,
            finish_reason=reason,
            usage=Usage(len(self.prepared.tokens), self.cached or 0, self.n_written),
            ttft=first - self.submitted,
            seconds=now - self.submitted,
            rendered=self.prepared.rendered,
            dropped_messages=self.prepared.dropped,
            logprobs=tuple(self.logprobs) if self.request.config.logprobs is not None else None,
        )
