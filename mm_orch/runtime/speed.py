"""How fast a model is on this machine: first token, prompt, answer, several answers together, memory."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from mm_orch.errors import InvalidInput
from mm_orch.records.generation import GenerationResult
from mm_orch.runtime.inference_engine import InferenceEngine
from mm_orch.runtime.loaded_model import Tokenizer
from mm_orch.runtime.resident import resident_bytes

STREAMS = (1, 2, 4, 8)
_SHORT_TOKENS, _QUESTION_TOKENS, _PROMPT_TOKENS, _ANSWER_TOKENS = 16, 128, 512, 64
# Texts that end an answer, by model family: forbidden where an answer must have its full length.
_ENDS = ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<end_of_turn>", "<|end|>", "</s>")


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians. Times in seconds, rates in tokens a second, memory in bytes (0 where the system does not tell).

    ``first_token`` is for a question of ``question_tokens``; ``prefill`` is the rate at which a long prompt is
    read; ``streams`` maps how many answers are written together to their rate together.
    """

    question_tokens: int
    first_token: float
    prefill: float
    streams: Mapping[int, float]
    model_memory: int
    own_memory: int

    @property
    def decode(self) -> float:
        """The rate of one answer alone."""
        return self.streams[1]


def measure(engine: InferenceEngine, rounds: int, told: Callable[[str], None] = lambda _step: None) -> Speed:
    """Measure a model ``rounds`` times, everything in turns; ``told`` hears what is under way.

    Raises ``InvalidInput`` for a context too small to measure in.
    """
    context = engine.describe().context_length or 0
    room = context // (2 * max(STREAMS))
    if room < 16:
        raise InvalidInput(f"a context of {context} tokens is too small", hint="Give 256 or more")
    gauge = _Gauge(engine, min(_ANSWER_TOKENS, room))
    question = min(_QUESTION_TOKENS, room * max(STREAMS))
    prompt = min(_PROMPT_TOKENS, room * max(STREAMS))
    gauge.answers(1)
    taken: dict[str, list[float]] = {}
    for number in range(1, rounds + 1):
        told(f"round {number} of {rounds}")
        for name, value in _round(gauge, question, prompt):
            taken.setdefault(name, []).append(value)
    medians = {name: median(values) for name, values in taken.items()}
    with engine.tokenizer.model.use() as (process, _):
        model_memory = resident_bytes(process.pid or 0)
    streams = {count: medians[f"streams {count}"] for count in STREAMS}
    own = resident_bytes(os.getpid())
    return Speed(question, medians["first token"], medians["prefill"], streams, model_memory, own)


def numbers(tokenizer: Tokenizer, n_tokens: int, draw: random.Random) -> str:
    """A text of about ``n_tokens`` tokens that no model was asked before: random numbers."""
    text = " ".join(str(draw.randrange(10, 100)) for _ in range(n_tokens))
    return tokenizer.decode(tokenizer.encode(text)[:n_tokens])


def no_end(tokenizer: Tokenizer) -> dict[int, float]:
    """A logit bias that keeps the model from ending its answer."""
    with tokenizer.model.use() as (process, _):
        found = [process.call("tokenize", {"text": text, "special": True}) for text in _ENDS]
    return {tokens[0]: -1000.0 for tokens in found if len(tokens) == 1}


def rate(results: Sequence[GenerationResult], seconds: float) -> float:
    """Tokens a second after the first, of answers that took ``seconds`` together from asking on."""
    written = sum(result.usage.completion_tokens - 1 for result in results)
    return written / max(seconds - min(result.ttft for result in results), 1e-9)


class _Gauge:
    """Asks one engine, and looks at the clock."""

    def __init__(self, engine: InferenceEngine, n_answer: int) -> None:
        self._engine, self._n_answer = engine, n_answer
        self._draw = random.Random(1)
        self._bias = no_end(engine.tokenizer)

    def first_token(self, n_tokens: int) -> tuple[float, int]:
        """Seconds from asking a question not asked before to the first token, and the tokens evaluated for it."""
        results, seconds = self._ask([n_tokens], 1)
        usage = results[0].usage
        return seconds, usage.prompt_tokens - usage.cached_tokens

    def answers(self, count: int) -> float:
        """Tokens a second of ``count`` answers together."""
        return rate(*self._ask([_SHORT_TOKENS] * count, self._n_answer))

    def _ask(self, sizes: Sequence[int], max_tokens: int) -> tuple[list[GenerationResult], float]:
        """The answers to prompts of these sizes, and the seconds from asking to the last."""
        prompts = [numbers(self._engine.tokenizer, size, self._draw) for size in sizes]
        started = time.monotonic()
        results = self._engine.batch_generate(prompts, max_tokens=max_tokens, logit_bias=self._bias)
        return results, time.monotonic() - started


def _round(gauge: _Gauge, question: int, prompt: int) -> Iterator[tuple[str, float]]:
    yield "first token", gauge.first_token(question)[0]
    seconds, tokens = gauge.first_token(prompt)
    yield "prefill", tokens / seconds
    for count in STREAMS:
        yield f"streams {count}", gauge.answers(count)
