"""Which token comes next: llama.cpp's own samplers in llama.cpp's order, and grammars applied lazily."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

from mm_orch.engine.context import Context, native
from mm_orch.engine.vocabulary import Vocabulary
from mm_orch.errors import GrammarError
from mm_orch.records.generation_config import GenerationConfig

_RANDOM_SEED = 0xFFFFFFFF


class Sampler:
    """The chain of one request. ``close`` gives its memory back."""

    def __init__(
        self, config: GenerationConfig, context: Context, vocabulary: Vocabulary, grammar: str | None
    ) -> None:
        self._context = context
        self._chain = build_chain(config, vocabulary.n_tokens, context.n_ctx)
        self._grammar = _Grammar(grammar, context, vocabulary) if grammar is not None else None

    def remember(self, tokens: Sequence[int]) -> None:
        """Let the penalties see the end of the prompt."""
        for token in tokens:
            native.llama_sampler_accept(self._chain, token)

    def sample(self, index: int) -> int:
        """Choose from the logits of the batch's token ``index``; raises ``GrammarError`` if none is allowed."""
        if self._grammar is None:
            return int(native.llama_sampler_sample(self._chain, self._context.pointer, index))
        token = self._grammar.sample(self._chain, index)
        native.llama_sampler_accept(self._chain, token)
        return token

    def close(self) -> None:
        if self._grammar is not None:
            self._grammar.close()
            self._grammar = None
        if self._chain is not None:
            native.llama_sampler_free(self._chain)
            self._chain = None


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
        last = n_ctx if config.repeat_last_n < 0 else config.repeat_last_n
        penalties = (config.repeat_penalty, config.frequency_penalty, config.presence_penalty)
        stages.append(native.llama_sampler_init_penalties(n_vocab, last, *penalties))
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


def penalizes(config: GenerationConfig) -> bool:
    """Whether earlier tokens matter to the chain."""
    off = config.repeat_penalty == 1 and config.presence_penalty == 0 and config.frequency_penalty == 0
    return config.repeat_last_n != 0 and not off


def _logit_bias(config: GenerationConfig, n_vocab: int) -> Any:
    known = [(token, bias) for token, bias in config.logit_bias.items() if 0 <= token < n_vocab]
    entries = (native.llama_logit_bias * len(known))(*known)
    return native.llama_sampler_init_logit_bias(n_vocab, len(known), entries)


class _Grammar:
    """A grammar that is asked about the sampled token alone; only a refusal costs a look at the whole vocabulary.

    llama.cpp's one-call sampling also accepts, and accepting a token that a grammar forbids aborts the process. So
    the chain is applied through a sampler of our own whose ``accept`` does nothing; a token is checked before it
    is accepted.
    """

    def __init__(self, text: str, context: Context, vocabulary: Vocabulary) -> None:
        self._context = context
        self._native = native.llama_sampler_init_grammar(vocabulary.pointer, text.encode("utf-8"), b"root")
        if not self._native:
            raise GrammarError("llama.cpp cannot use the grammar", hint="Check it against llama.cpp's GBNF")
        self._stages: tuple[Any, ...] = ()
        self._apply = native.llama_sampler_i_apply(self._apply_stages)
        self._interface = native.llama_sampler_i(apply=self._apply)
        self._proxy = native.llama_sampler_init(ctypes.byref(self._interface), None)

    def sample(self, chain: Any, index: int) -> int:
        for stages in ((chain,), (self._native, chain)):
            self._stages = stages
            token = int(native.llama_sampler_sample(self._proxy, self._context.pointer, index))
            if self._allows(token):
                native.llama_sampler_accept(self._native, token)
                return token
        raise GrammarError(
            "the grammar allows no token here", hint="It describes no text that this model can write"
        )

    def close(self) -> None:
        native.llama_sampler_free(self._proxy)
        native.llama_sampler_free(self._native)

    def _allows(self, token: int) -> bool:
        one = (native.llama_token_data * 1)(native.llama_token_data(token, 1.0, 0.0))
        array = native.llama_token_data_array(one, 1, -1, False)
        native.llama_sampler_apply(self._native, ctypes.byref(array))
        return bool(one[0].logit > float("-inf"))

    def _apply_stages(self, _sampler: Any, candidates: Any) -> None:
        for stage in self._stages:
            native.llama_sampler_apply(stage, candidates)
