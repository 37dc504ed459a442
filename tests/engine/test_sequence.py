from __future__ import annotations

import pytest

from mm_orch.engine.prompt import Prepared
from mm_orch.engine.sequence import Sequence
from mm_orch.engine.text_stream import TextStream
from mm_orch.records.generation import GenerationRequest
from mm_orch.records.generation_config import GenerationConfig
from tests.engine.decoding import FakeDecoder, FakeSampler


def sequence(timeout: float | None = None) -> Sequence:
    request = GenerationRequest("", GenerationConfig(max_tokens=4, timeout=timeout))
    return Sequence(1, request, Prepared([5, 6, 7], "<s>", 2), FakeSampler(FakeDecoder()), TextStream(), 10.0)


def test_a_new_sequence_has_its_prompt_to_evaluate_and_all_its_tokens_to_write() -> None:
    new = sequence()
    assert (new.n_missing, new.n_written, new.n_left) == (3, 0, 4)


def test_what_was_written_is_what_comes_after_the_prompt() -> None:
    one = sequence()
    one.tokens += [8, 9]
    one.computed = 4
    assert (one.written, one.n_left, one.n_missing) == ([8, 9], 2, 1)


def test_the_deadline_counts_from_when_it_was_submitted() -> None:
    assert sequence().deadline is None
    assert sequence(timeout=2.5).deadline == pytest.approx(12.5)


def test_the_result_tells_tokens_times_and_dropped_messages() -> None:
    one = sequence()
    one.tokens += [8]
    one.cached, one.first_token = 2, 10.5
    result = one.result("stop", 12.0)
    assert (result.usage.prompt_tokens, result.usage.cached_tokens, result.usage.completion_tokens) == (3, 2, 1)
    assert (result.ttft, result.seconds, result.dropped_messages) == (0.5, 2.0, 2)
