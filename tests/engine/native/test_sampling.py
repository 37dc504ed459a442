"""What the sampler chain chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.asking import ask, engine_of, request


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_penalties_over_chosen_tokens_give_the_text_that_penalties_over_all_give(
    tiny_gguf: Path, temperature: float
) -> None:
    """A look back over 490 tokens leaves no room for choosing first; over 60 it does, and both see the same."""
    penalties = {"repeat_penalty": 1.4, "presence_penalty": 0.3, "frequency_penalty": 0.2, "top_k": 40}
    with engine_of(tiny_gguf) as engine:
        texts = {
            ask(
                engine,
                request("hello", max_tokens=40, temperature=temperature, repeat_last_n=last, **penalties),
            ).text
            for last in (60, 490)
        }
    assert len(texts) == 1
    assert texts != {""}


@pytest.mark.parametrize("temperature", [0.0, 1.5])
def test_a_grammar_over_the_likeliest_tokens_gives_the_text_that_one_over_all_gives(
    tiny_gguf: Path, temperature: float
) -> None:
    """A bias that may lift a token makes the engine look at the whole vocabulary; this one lifts none."""
    schema = {"type": "array", "items": {"type": "string"}, "minItems": 3}
    with engine_of(tiny_gguf) as engine:
        for seed in range(4):
            texts = {
                ask(
                    engine,
                    request("hello", max_tokens=24, temperature=temperature, seed=seed, json_schema=schema, **bias),
                ).text
                for bias in ({}, {"logit_bias": {7: 1e-9}})
            }
            assert len(texts) == 1
