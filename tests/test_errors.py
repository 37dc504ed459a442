"""An error is a key and values; what a person reads of it comes from the catalogue of their language."""

from __future__ import annotations

import json
import pickle

import pytest

from mm_orch.errors import (
    ContextLengthExceeded,
    EngineError,
    FetchError,
    MuAIError,
    RateLimited,
    UnknownName,
    as_json,
    of_json,
)
from mm_orch.words import nearest

TOO_LONG = ContextLengthExceeded(9, 5, 16)


def test_an_error_is_english_by_itself_and_chinese_when_asked() -> None:
    assert str(TOO_LONG).startswith("the prompt has 9 tokens; at most 5 fit in a context of 16 tokens")
    assert str(TOO_LONG).endswith("Shorten the prompt, lower max_tokens, or raise the context with --ctx-size")
    assert TOO_LONG.said("zh").startswith("提示词有 9 个 token")
    assert "。缩短提示词" in TOO_LONG.said("zh")


def test_an_error_inside_another_is_said_in_the_same_language() -> None:
    outer = FetchError("page_not_read", url="a.pdf", why=UnknownName("model", "x", []))
    assert outer.said("zh") == "无法读取 'a.pdf'：没有名为 'x' 的模型。目前没有任何模型。换一个网页"
    assert str(outer) == "'a.pdf' could not be read: unknown model 'x'. No model is configured. Choose another page"


def test_text_that_was_written_elsewhere_stays_as_it_is_in_both_languages() -> None:
    error = EngineError("text", text="{braces} stay", hint="so does {this}")
    assert error.said("en") == "{braces} stay. so does {this}"
    assert error.said("zh") == "{braces} stay。so does {this}"


def test_an_error_without_a_hint_ends_with_its_message() -> None:
    error = EngineError("text", text="gone")
    assert (str(error), error.message, error.hint) == ("gone", "gone", "")


@pytest.mark.parametrize(
    "error",
    [
        TOO_LONG,
        UnknownName("workflow", "sarch_qa", ["search_qa"]),
        RateLimited("text", text="wait", wait_s=3.5),
        FetchError("page_not_read", url="a", why=TOO_LONG),
    ],
)
@pytest.mark.parametrize("way", [pickle, json])
def test_an_error_comes_out_of_another_process_as_it_went_in(error: MuAIError, way: object) -> None:
    back = pickle.loads(pickle.dumps(error)) if way is pickle else of_json(json.loads(json.dumps(as_json(error))))
    assert type(back) is type(error)
    assert [back.said(language) for language in ("en", "zh")] == [error.said(language) for language in ("en", "zh")]
    assert getattr(back, "wait_s", None) == getattr(error, "wait_s", None)


def test_an_error_of_a_class_that_is_not_known_here_becomes_the_given_one() -> None:
    document = {"type": "os", "key": "text", "values": {"text": "gone"}, "message": "gone", "hint": ""}
    assert (type(of_json(document)), type(of_json(document, EngineError))) == (MuAIError, EngineError)


def test_a_hint_names_the_nearest_and_all_that_is_known() -> None:
    assert str(nearest("sarch", ["search", "chat"])) == "Did you mean 'search'? Known: chat, search"
    assert nearest("zzz", ["chat"]).said("zh") == "可用的有：chat"


def test_the_counts_of_a_prompt_that_does_not_fit_can_be_read() -> None:
    assert (TOO_LONG.prompt_tokens, TOO_LONG.limit, TOO_LONG.context_length) == (9, 5, 16)


def test_a_provider_that_did_not_say_how_long_to_wait_is_not_given_a_number() -> None:
    assert RateLimited("text", text="wait").wait_s is None


@pytest.mark.parametrize(
    ("key", "values"),
    [("of another version", {}), ("page_not_read", {}), ("page_not_read", {"url": "b", "why": "x"})],
)
def test_an_error_of_another_version_keeps_the_english_it_was_written_with(
    key: str, values: dict[str, str]
) -> None:
    document = {"type": "RateLimited", "key": key, "values": {**values, "wait_s": 2.0}}
    back = of_json(document | {"message": "a page was not read", "hint": "Wait"})
    assert [back.said(language) for language in ("en", "zh")] == [
        "a page was not read. Wait",
        "a page was not read。Wait",
    ]
    assert isinstance(back, RateLimited)
    assert back.wait_s == 2.0
