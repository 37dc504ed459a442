"""Which token comes next under a grammar: llama.cpp's, applied lazily."""

from __future__ import annotations

import ctypes
import math
import struct
from functools import partial
from typing import Any

from mm_orch.engine.native.candidates import Proxy
from mm_orch.engine.native.library import native
from mm_orch.engine.native.vocabulary import Vocabulary
from mm_orch.errors import GrammarError
from mm_orch.records.generation_config import GenerationConfig

# Up to this many, llama.cpp's choice of the best leaves the others behind them in the array.
_SHORTLIST = 128
_TOKEN_DATA = struct.Struct("=iff")


class GrammarSampler:
    """A grammar that is asked about the sampled token alone. Raises ``GrammarError`` for a text that is none.

    A refusal costs a look at the likeliest tokens; only where none of them is clearly ahead of all others it costs
    a look at the whole vocabulary, which took 6 ms for 49,000 tokens. Accepting a token that a grammar forbids
    aborts the process, so every token is checked before it is accepted.
    """

    def __init__(self, text: str, vocabulary: Vocabulary, config: GenerationConfig) -> None:
        self._native = native.llama_sampler_init_grammar(vocabulary.pointer, text.encode("utf-8"), b"root")
        if not self._native:
            raise GrammarError("llama.cpp cannot use the grammar", hint="Check it against llama.cpp's GBNF")
        self._shortlist = native.llama_sampler_init_top_k(_SHORTLIST)
        self._config, self._lead = config, _lead(config)

    def sample(self, chain: Any, proxy: Proxy, index: int) -> int:
        """A token that the grammar allows, accepted by it. Raises ``GrammarError`` if there is none."""
        for apply in (partial(native.llama_sampler_apply, chain), partial(self._choose_allowed, chain)):
            token = proxy.run(index, apply)
            if self._allows(token):
                native.llama_sampler_accept(self._native, token)
                return token
        hint = "It describes a text that no token can go on with"
        raise GrammarError("the grammar allows no token here", hint=hint)

    def _choose_allowed(self, chain: Any, candidates: Any) -> None:
        self._forbid(candidates)
        native.llama_sampler_apply(chain, candidates)

    def _forbid(self, candidates: Any) -> None:
        """Leave the likeliest tokens, the forbidden ones of them at minus infinity; or all tokens so."""
        array = candidates.contents
        size = array.size
        if self._lead is not None and size > _SHORTLIST:
            native.llama_sampler_apply(self._shortlist, candidates)
            last = array.data[array.size - 1].logit
            native.llama_sampler_apply(self._native, candidates)
            array.sorted = False
            data = ctypes.string_at(array.data, array.size * _TOKEN_DATA.size)
            best = max(logit for _, logit, _ in _TOKEN_DATA.iter_unpack(data))
            if _penalized(best, self._config) - last > self._lead:
                return
            array.size = size
        native.llama_sampler_apply(self._native, candidates)

    def close(self) -> None:
        """Free llama.cpp's side of it."""
        native.llama_sampler_free(self._native)
        native.llama_sampler_free(self._shortlist)

    def _allows(self, token: int) -> bool:
        one = (native.llama_token_data * 1)(native.llama_token_data(token, 1.0, 0.0))
        array = native.llama_token_data_array(one, 1, -1, False)
        native.llama_sampler_apply(self._native, ctypes.byref(array))
        return bool(one[0].logit > float("-inf"))


def only_lowers(config: GenerationConfig) -> bool:
    """Whether the penalties lift no token."""
    return config.repeat_penalty >= 1 and config.frequency_penalty >= 0 and config.presence_penalty >= 0


def _lead(config: GenerationConfig) -> float | None:
    """How far (in logits) a token must be behind another not to count any more; None where that cannot be said.

    ``min_p`` cuts off what is further behind; without it a thousandth of the other's probability is let go.
    """
    lifts = any(bias > 0 for bias in config.logit_bias.values()) or not only_lowers(config)
    if lifts or (config.repeat_last_n < 0 and config.frequency_penalty > 0):
        return None
    if config.temperature <= 0:
        return 0.0
    if config.min_p > 0:
        return -math.log(config.min_p)
    return -math.log(1e-3) * config.temperature


def _penalized(logit: float, config: GenerationConfig) -> float:
    """What the penalties leave of ``logit`` at least."""
    scaled = logit / config.repeat_penalty if logit > 0 else logit * config.repeat_penalty
    return scaled - config.presence_penalty - config.frequency_penalty * config.repeat_last_n
