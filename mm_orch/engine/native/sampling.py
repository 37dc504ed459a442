"""Which token comes next: llama.cpp's own samplers in llama.cpp's order, and grammars applied lazily."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from mm_orch.engine.native.candidates import Proxy
from mm_orch.engine.native.context import Context
from mm_orch.engine.native.grammar_sampler import GrammarSampler, only_lowers
from mm_orch.engine.native.library import native
from mm_orch.engine.native.vocabulary import Vocabulary
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.token_logprob import TokenLogprob

_RANDOM_SEED = 0xFFFFFFFF
_MOST_CHOSEN = 512


class Sampler:
    """The chain of one request. ``close`` gives its memory back."""

    def __init__(
        self, config: GenerationConfig, context: Context, vocabulary: Vocabulary, grammar: str | None
    ) -> None:
        self._context, self._vocabulary = context, vocabulary
        self._proxy = Proxy(context)
        self._grammar = None if grammar is None else GrammarSampler(grammar, vocabulary, config)
        self._probabilities = None if config.logprobs is None else _Probabilities(config.logprobs)
        self._chain = build_chain(config, vocabulary.n_tokens, context.n_ctx)

    def remember(self, tokens: Sequence[int]) -> None:
        """Let the penalties see the end of the prompt."""
        for token in tokens:
            native.llama_sampler_accept(self._chain, token)

    def sample(self, index: int) -> int:
        """Choose from the logits of the batch's token ``index``; raises ``GrammarError`` if none is allowed."""
        if self._grammar is None:
            return int(native.llama_sampler_sample(self._chain, self._context.pointer, index))
        token = self._grammar.sample(self._chain, self._proxy, index)
        native.llama_sampler_accept(self._chain, token)
        return token

    def logprob(self, index: int, token: int) -> TokenLogprob | None:
        """How likely the token was that was sampled from ``index``; None if nobody asked."""
        if self._probabilities is None:
            return None
        own, top = self._probabilities.read(self._proxy, index, token)
        show = self._vocabulary.text_of
        return TokenLogprob(show(token), own, tuple((show(other), value) for other, value in top))

    def close(self) -> None:
        """Free llama.cpp's chain."""
        for part in (self._grammar, self._probabilities, self._proxy):
            if part is not None:
                part.close()
        native.llama_sampler_free(self._chain)


def build_chain(config: GenerationConfig, n_vocab: int, n_ctx: int) -> Any:
    """llama.cpp's default chain; stages that are off are left out. Temperature 0 is greedy."""
    params = native.llama_sampler_chain_default_params()
    params.no_perf = True
    chain = native.llama_sampler_chain_init(params)
    for stage in _stages(config, n_vocab, n_ctx):
        native.llama_sampler_chain_add(chain, stage)
    return chain


def _stages(config: GenerationConfig, n_vocab: int, n_ctx: int) -> list[Any]:
    stages: list[Any] = []
    if config.logit_bias:
        stages.append(_logit_bias(config, n_vocab))
    if penalizes(config):
        stages += _penalties(config, n_vocab, n_ctx)
    if config.temperature <= 0:
        return [*stages, native.llama_sampler_init_greedy()]
    if config.top_k > 0:
        stages.append(native.llama_sampler_init_top_k(config.top_k))
    if config.typical_p < 1:
        stages.append(native.llama_sampler_init_typical(config.typical_p, 1))
    if config.top_p < 1:
        stages.append(native.llama_sampler_init_top_p(config.top_p, 1))
    if config.min_p > 0:
        stages.append(native.llama_sampler_init_min_p(config.min_p, 1))
    stages.append(native.llama_sampler_init_temp(config.temperature))
    stages.append(native.llama_sampler_init_dist(_RANDOM_SEED if config.seed is None else config.seed))
    return stages


def _penalties(config: GenerationConfig, n_vocab: int, n_ctx: int) -> list[Any]:
    """The stage, after a choice of the tokens that can still matter to ``top_k`` or greedy behind it.

    Looking every token of a vocabulary up among the last ones cost a quarter of a millisecond. Where penalties only
    lower logits, each of the last tokens makes room for at most one other, so the outcome is the same.
    """
    last = n_ctx if config.repeat_last_n < 0 else config.repeat_last_n
    values = (config.repeat_penalty, config.frequency_penalty, config.presence_penalty)
    stage = native.llama_sampler_init_penalties(n_vocab, last, *values)
    wanted = 1 if config.temperature <= 0 else config.top_k
    if only_lowers(config) and wanted and wanted + last <= _MOST_CHOSEN:
        return [native.llama_sampler_init_top_k(wanted + last), stage]
    return [stage]


def penalizes(config: GenerationConfig) -> bool:
    """Whether earlier tokens matter to the chain."""
    off = config.repeat_penalty == 1 and config.presence_penalty == 0 and config.frequency_penalty == 0
    return config.repeat_last_n != 0 and not off


def _logit_bias(config: GenerationConfig, n_vocab: int) -> Any:
    known = [(token, bias) for token, bias in config.logit_bias.items() if 0 <= token < n_vocab]
    entries = (native.llama_logit_bias * len(known))(*known)
    return native.llama_sampler_init_logit_bias(n_vocab, len(known), entries)


class _Probabilities:
    """The softmax over all tokens, computed by llama.cpp; only the few asked for are copied into Python."""

    def __init__(self, n_top: int) -> None:
        self._n_top = n_top
        self._softmax = native.llama_sampler_init_dist(0)
        self._best = native.llama_sampler_init_top_k(max(1, n_top))

    def read(self, proxy: Proxy, index: int, token: int) -> tuple[float, list[tuple[int, float]]]:
        """The logarithm of ``token``'s probability, and of the likeliest tokens'."""
        found: list[tuple[int, float]] = []

        def apply(candidates: Any) -> None:
            native.llama_sampler_apply(self._softmax, candidates)
            array = candidates.contents
            entries = array.data
            place = token if entries[token].id == token else _find(entries, array.size, token)
            found.append((token, _log(entries[place].p)))
            native.llama_sampler_apply(self._best, candidates)
            found.extend((entries[i].id, _log(entries[i].p)) for i in range(min(self._n_top, array.size)))
            array.selected = 0

        proxy.run(index, apply)
        return found[0][1], found[1:]

    def close(self) -> None:
        native.llama_sampler_free(self._softmax)
        native.llama_sampler_free(self._best)


def _find(entries: Any, size: int, token: int) -> int:
    return next(place for place in range(size) if entries[place].id == token)


def _log(probability: float) -> float:
    # JSON has no infinity; nothing that was sampled is this unlikely.
    return math.log(probability) if probability > 0 else -1000.0
