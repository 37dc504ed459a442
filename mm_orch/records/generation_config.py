"""How a text is to be written: limits, sampling, structure. llama.cpp's names and meanings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from mm_orch.errors import InvalidInput

_RENAMED = {
    "max_length": "use max_tokens: it counts new tokens only",
    "do_sample": "use temperature=0 for greedy decoding, or temperature, top_k and top_p to sample",
    "pad_token_id": "leave it out: GGUF models need no padding token",
}


@dataclass(frozen=True, slots=True, init=False)
class GenerationConfig:
    """Sampling and limits of one request.

    ``max_tokens`` (also spelled ``max_new_tokens``) counts new tokens. ``temperature`` 0 is greedy. ``top_k`` 0,
    ``top_p`` 1, ``min_p`` 0, ``typical_p`` 1 and ``repeat_penalty`` 1 are off. ``repeat_last_n`` is how many
    tokens the penalties look back on (-1: all). ``seed`` None draws one. ``stop`` ends the text before the first
    of its strings. ``grammar`` is GBNF, ``json_schema`` a JSON schema; one of the two. ``logit_bias`` maps token
    ids to what is added to their logit. ``logprobs`` asks for that many alternatives a token. ``lora`` maps
    adapter names or paths to scales. ``timeout`` is seconds for the whole request.

    Raises ``InvalidInput`` for a value out of range or a name that transformers had.
    """

    max_tokens: int = 512
    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 40
    min_p: float = 0.05
    typical_p: float = 1.0
    repeat_penalty: float = 1.1
    repeat_last_n: int = 64
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    grammar: str | None = None
    json_schema: Mapping[str, Any] | None = None
    logit_bias: Mapping[int, float] = field(default_factory=dict)
    logprobs: int | None = None
    lora: Mapping[str, float] | None = None
    timeout: float | None = None

    def __init__(self, **values: Any) -> None:
        if "max_new_tokens" in values:
            if "max_tokens" in values:
                raise InvalidInput("max_tokens and max_new_tokens are the same setting", hint="Give one of them")
            values["max_tokens"] = values.pop("max_new_tokens")
        known = {item.name: item for item in fields(type(self))}
        for name in values:
            if name not in known:
                hint = _RENAMED.get(name, f"Known: {', '.join(known)}")
                raise InvalidInput(f"GenerationConfig has no {name!r}", hint=hint[0].upper() + hint[1:])
        for name, item in known.items():
            default = {} if name == "logit_bias" else item.default
            object.__setattr__(self, name, values.get(name, default))
        stop = self.stop
        object.__setattr__(self, "stop", (stop,) if isinstance(stop, str) else tuple(stop or ()))
        self._check()

    @property
    def max_new_tokens(self) -> int:
        """Another spelling of ``max_tokens``."""
        return self.max_tokens

    def replace(self, **changes: Any) -> GenerationConfig:
        """A copy with some values changed, checked again."""
        return GenerationConfig(**{item.name: getattr(self, item.name) for item in fields(self)} | changes)

    def _check(self) -> None:
        for name, low, high in _RANGES:
            value = getattr(self, name)
            whole = name in _WHOLE
            if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
                raise _out_of_range(name, value, low, high, whole)
            if not math.isfinite(value) or not low <= value <= high:
                raise _out_of_range(name, value, low, high, whole)
        for name, low, high in _OPTIONAL_RANGES:
            value = getattr(self, name)
            if value is None:
                continue
            whole = name in _WHOLE
            bad = isinstance(value, bool) or not isinstance(value, int if whole else (int, float))
            if bad or not math.isfinite(value) or not low <= value <= high:
                raise _out_of_range(name, value, low, high, whole)
        self._check_shapes()

    def _check_shapes(self) -> None:
        if any(not isinstance(text, str) or not text for text in self.stop):
            raise InvalidInput(f"stop is {self.stop!r}", hint="Give non-empty strings")
        if self.grammar is not None and self.json_schema is not None:
            raise InvalidInput("both grammar and json_schema are set", hint="Give one of them")
        if self.grammar is not None and not isinstance(self.grammar, str):
            raise InvalidInput(f"grammar is {self.grammar!r}", hint="Give GBNF text")
        if self.json_schema is not None and not isinstance(self.json_schema, Mapping):
            raise InvalidInput(f"json_schema is {self.json_schema!r}", hint="Give a JSON schema as a dict")
        for token, bias in self.logit_bias.items():
            if not isinstance(token, int) or not isinstance(bias, (int, float)) or math.isnan(bias):
                raise InvalidInput(f"logit_bias has {token!r}: {bias!r}", hint="Give token ids and numbers")


_WHOLE = {"max_tokens", "top_k", "repeat_last_n", "seed", "logprobs"}
_RANGES: tuple[tuple[str, float, float], ...] = (
    ("max_tokens", 1, 1 << 20),
    ("temperature", 0.0, 100.0),
    ("top_p", 0.0, 1.0),
    ("top_k", 0, 1 << 20),
    ("min_p", 0.0, 1.0),
    ("typical_p", 0.0, 1.0),
    ("repeat_penalty", 0.01, 100.0),
    ("repeat_last_n", -1, 1 << 20),
    ("presence_penalty", -100.0, 100.0),
    ("frequency_penalty", -100.0, 100.0),
)
_OPTIONAL_RANGES: tuple[tuple[str, float, float], ...] = (
    ("seed", 0, (1 << 32) - 2),
    ("logprobs", 0, 100),
    ("timeout", 0.001, 1e6),
)


def _out_of_range(name: str, value: object, low: float, high: float, whole: bool) -> InvalidInput:
    kind = "a whole number" if whole else "a number"
    return InvalidInput(f"{name} is {value!r}", hint=f"Give {kind} from {low:g} to {high:g}")
