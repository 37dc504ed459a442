"""The two functions people import."""

from __future__ import annotations

from pathlib import Path

import pytest

import mm_orch
from mm_orch import api, parts


def test_ask_answers_and_writes_nothing(own_home: Path) -> None:
    found = mm_orch.ask("什么是茶？")  # type: ignore[operator]
    assert found.answer.startswith("[mock] 以下内容")
    assert list(own_home.iterdir()) == []


def test_ask_remembers_a_session_within_the_process() -> None:
    first = api.ask("My name is Ada", workflow="chat_generate", session_id="app-test")
    second = api.ask("Who am I?", workflow="chat_generate", session_id="app-test")
    assert first.session_id == second.session_id == "app-test"
    assert second.usage.prompt_tokens > first.usage.prompt_tokens


def test_ask_takes_settings_inputs_and_providers() -> None:
    found = api.ask("tea", workflow="lesson_pack", inputs={"num_exercises": 1}, language="zh", search="mock")
    assert found.data
    assert (len(found.data["exercises"]), found.data["language"]) == (1, "zh")


def test_ask_and_generate_text_share_one_manager(tiny_gguf: Path, own_home: Path) -> None:
    limits = {"max_tokens": 4}
    found = api.ask("hello", workflow="chat_generate", model=str(tiny_gguf), generation=limits)
    assert found.provider == "llama.cpp"
    with parts.embedded_manager(own_home) as manager:
        assert manager.loaded_models() == [tiny_gguf.stem]
        api.generate_text(str(tiny_gguf), "hello", max_tokens=4)
        assert manager.loaded_models() == [tiny_gguf.stem]


def test_ask_keeps_no_model_that_was_set_up_for_one_call(tiny_gguf: Path, own_home: Path) -> None:
    api.ask("hello", workflow="chat_generate", model=str(tiny_gguf), engine={"ctx_size": 128}, search="mock")
    with parts.embedded_manager(own_home) as manager:
        assert manager.loaded_models() == []


@pytest.mark.model
def test_generate_text_completes_raw_with_a_real_model() -> None:
    written = mm_orch.generate_text(  # type: ignore[operator]
        model_name="smollm2-135m", prompt="The capital of France is", max_tokens=8, temperature=0.0, seed=1
    )
    assert "Paris" in written
