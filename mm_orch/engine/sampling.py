"""Which token comes next: llama.cpp's own samplers in llama.cpp's order, and grammars applied lazily."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from mm_orch.engine.context import Context, native
from mm_orch.engine.vocabulary import Vocabulary
from mm_orch.errors import GrammarError
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
        self._proxy = _Proxy(context)
        self._grammar = None if grammar is None else _Grammar(grammar, vocabulary)
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
    lowers = config.repeat_penalty >= 1 and config.frequency_penalty >= 0 and config.presence_penalty >= 0
    if lowers and wanted and wanted + last <= _MOST_CHOSEN:
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


class _Proxy:
    """A sampler of ours that llama.cpp fills with candidates; what it does with them is a Python function.

    llama.cpp's one-call sampling also accepts the token; this one's ``accept`` does nothing.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._apply: Callable[[Any], None] = _nothing
        self._callback = native.llama_sampler_i_apply(lambda _sampler, candidates: self._apply(candidates))
        self._interface = native.llama_sampler_i(apply=self._callback)
        self._native = native.llama_sampler_init(ctypes.byref(self._interface), None)

    def run(self, index: int, apply: Callable[[Any], None]) -> int:
        """Let ``apply`` work on the candidates of the batch's token ``index``; returns the one it selected."""
        self._apply = apply
        return int(native.llama_sampler_sample(self._native, self._context.pointer, index))

    def close(self) -> None:
        native.llama_sampler_free(self._native)


class _Grammar:
    """A grammar that is asked about the sampled token alone; only a refusal costs a look at the whole vocabulary.

    Accepting a token that a grammar forbids aborts the process, so every token is checked before it is accepted.
    """

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._native = native.llama_sampler_init_grammar(vocabulary.pointer, text.encode("utf-8"), b"root")
        if not self._native:
            raise GrammarError("llama.cpp cannot use the grammar", hint="Check it against llama.cpp's GBNF")

    def sample(self, chain: Any, proxy: _Proxy, index: int) -> int:
        for stages in ((chain,), (self._native, chain)):
            token = proxy.run(index, partial(_apply_all, stages))
            if self._allows(token):
                native.llama_sampler_accept(self._native, token)
                return token
        hint = "It describes a text that no token can go on with"
        raise GrammarError("the grammar allows no token here", hint=hint)

    def close(self) -> None:
        native.llama_sampler_free(self._native)

    def _allows(self, token: int) -> bool:
        one = (native.llama_token_data * 1)(native.llama_token_data(token, 1.0, 0.0))
        array = native.llama_token_data_array(one, 1, -1, False)
        native.llama_sampler_apply(self._native, ctypes.byref(array))
        return bool(one[0].logit > float("-inf"))


class _Probabilities:
    """The softmax over all tokens, computed by llama.cpp; only the few asked for are copied into Python."""

    def __init__(self, n_top: int) -> None:
        self._n_top = n_top
        self._softmax = native.llama_sampler_init_dist(0)
        self._best = native.llama_sampler_init_top_k(max(1, n_top))

    def read(self, proxy: _Proxy, index: int, token: int) -> tuple[float, list[tuple[int, float]]]:
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


def _apply_all(stages: Sequence[Any], candidates: Any) -> None:
    for stage in stages:
        native.llama_sampler_apply(stage, candidates)


def _nothing(_candidates: Any) -> None:
    """What a proxy does until it is told."""


def _find(entries: Any, size: int, token: int) -> int:
    return next(place for place in range(size) if entries[place].id == token)


def _log(probability: float) -> float:
    # JSON has no infinity; nothing that was sampled is this unlikely.
    return math.log(probability) if probability > 0 else -1000.0
