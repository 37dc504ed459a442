"""What goes through JSON comes back as the record it was."""

from __future__ import annotations

import json

import pytest

from mm_orch.errors import (
    ContextLengthExceeded,
    FetchError,
    MuAIError,
    RateLimited,
    StorageError,
    UnknownName,
    as_json,
)
from mm_orch.recording import codec
from mm_orch.records.generation import GenerationRequest, GenerationResult
from mm_orch.records.generation_config import GenerationConfig
from mm_orch.records.message import Message
from mm_orch.records.page import Page
from mm_orch.records.prompt_text import PromptText
from mm_orch.records.search import Hit, SearchAnswer
from mm_orch.records.token_logprob import TokenLogprob
from mm_orch.records.usage import Usage

RESULT = GenerationResult(
    "茶 🌱",
    "stop",
    Usage(3, 2, 1),
    0.1,
    0.25,
    "<|user|>",
    1,
    (TokenLogprob("茶", -0.5, (("茶", -0.5), ("tea", float("-inf")))),),
)


@pytest.mark.parametrize(
    "value",
    [
        RESULT,
        Page("http://a/", "Tea", "# Tea\n\ud800 hot"),
        SearchAnswer((Hit("http://a/", "Tea", "hot", "x"),), "x", ("slow",)),
    ],
)
def test_a_record_comes_back_equal(value: object) -> None:
    assert codec.record(type(value), json.loads(codec.text(value))) == value


def test_the_same_request_has_the_same_text_and_another_has_not() -> None:
    first = GenerationRequest((Message("user", "hi"),), GenerationConfig(seed=1, logit_bias={2: 0.5, 1: 1.0}))
    again = GenerationRequest((Message("user", "hi"),), GenerationConfig(logit_bias={1: 1.0, 2: 0.5}, seed=1))
    other = GenerationRequest((Message("user", "hi"),), GenerationConfig(seed=2))
    assert codec.text(first) == codec.text(again) != codec.text(other)


def test_a_prompt_with_spans_is_not_the_plain_text() -> None:
    spans = PromptText([("<|user|>", True), ("hi", False)])
    assert codec.text([spans]) != codec.text([str(spans)])


@pytest.mark.parametrize(
    "error",
    [
        FetchError("no page", hint="look elsewhere"),
        ContextLengthExceeded(9, 5, 16),
        UnknownName("model", "x", ["y"]),
        RateLimited("wait", wait_s=3.0),
    ],
)
def test_an_error_comes_back_as_its_kind_with_what_it_held(error: MuAIError) -> None:
    error.add_note("in step 'fetch'")
    back = codec.error_of(json.loads(codec.text(as_json(error))))
    assert type(back) is type(error)
    assert (str(back), back.hint) == (str(error), error.hint)
    assert getattr(back, "wait_s", None) == getattr(error, "wait_s", None)


def test_an_error_that_is_no_longer_known_is_still_an_error() -> None:
    back = codec.error_of({"error": "os", "state": {"message": "gone", "hint": ""}})
    assert (type(back), str(back)) == (MuAIError, "gone")


def test_a_record_of_another_shape_is_said_to_be_of_an_older_version() -> None:
    with pytest.raises(StorageError, match="Page that was recorded by an older version"):
        codec.record(Page, {"address": "http://a/"})


def test_equal_requests_have_equal_keys() -> None:
    assert codec.key({"b": 1, "a": 2}) == codec.key({"a": 2, "b": 1}) != codec.key({"a": 1, "b": 2})
