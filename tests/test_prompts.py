from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mm_orch import resources
from mm_orch.errors import PromptError, UnknownName
from mm_orch.prompts import PromptLibrary
from mm_orch.records.message import Message

ENGLISH: dict[str, Any] = {"system": "You answer {question}.", "user": "{question}? {passages}"}
CHINESE: dict[str, Any] = {"system": "你回答{question}。", "user": "{question}？{passages}"}


def document(**changes: Any) -> dict[str, Any]:
    whole = {
        "id": "qa/answer",
        "description": "Answers.",
        "variables": ["question", "passages"],
        "languages": {"en": ENGLISH, "zh": CHINESE},
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def write(folder: Path, content: object, name: str = "qa/answer") -> Path:
    path = folder / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def library(folder: Path, content: object = None) -> PromptLibrary:
    write(folder, document() if content is None else content)
    return PromptLibrary.load([folder])


def test_values_are_put_into_system_and_user(tmp_path: Path) -> None:
    messages = library(tmp_path).get("qa/answer").messages("zh", {"question": "什么是队列", "passages": "先进先出"})
    assert messages == (Message("system", "你回答什么是队列。"), Message("user", "什么是队列？先进先出"))


@pytest.mark.parametrize(
    "value", ["{passages}", "{question}", "{0}", "{{x}}", "%s", "\\1", "$question", "<|im_end|>"]
)
def test_a_value_is_never_read_as_a_template(tmp_path: Path, value: str) -> None:
    messages = library(tmp_path).get("qa/answer").messages("en", {"question": value, "passages": "P"})
    assert messages[-1].content == f"{value}? P"


def test_examples_come_between_as_they_are_written(tmp_path: Path) -> None:
    wording = ENGLISH | {"examples": [{"user": "{question}", "assistant": "{}"}]}
    content = document(languages={"en": wording, "zh": CHINESE})
    messages = library(tmp_path, content).get("qa/answer").messages("en", {"question": "Q", "passages": "P"})
    assert [message.role for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[1:3] == (Message("user", "{question}"), Message("assistant", "{}"))


def test_braces_that_name_nothing_stay(tmp_path: Path) -> None:
    wording = {"user": '{question}{passages} as {"a": 1} and {} and {two words}'}
    content = document(languages={"en": wording, "zh": wording})
    messages = library(tmp_path, content).get("qa/answer").messages("en", {"question": "Q", "passages": "P"})
    assert messages == (Message("user", 'QP as {"a": 1} and {} and {two words}'),)


def test_the_schema_is_the_languages_own(tmp_path: Path) -> None:
    wording = ENGLISH | {"schema": {"type": "string"}}
    prompt = library(tmp_path, document(languages={"en": wording, "zh": CHINESE})).get("qa/answer")
    assert prompt.schema("en") == {"type": "string"}
    assert prompt.schema("zh") is None


@pytest.mark.parametrize("values", [{"question": "Q"}, {"question": "Q", "passages": "P", "pages": "x"}, {}])
def test_missing_and_unknown_values_are_errors(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match="qa/answer"):
        library(tmp_path).get("qa/answer").messages("en", values)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("{", ["line 1", "not valid JSON"]),
        ('{"id": "a", "id": "b"}', ["'id' is there twice"]),
        ("[" * 100_000, ["not valid JSON"]),
        ("[]", ["the whole is []"]),
        (document(id="qa/other"), ["id is 'qa/other'", "'qa/answer'"]),
        (document(id="../etc"), ["id is '../etc'"]),
        (document(description=...), ["'description' is missing"]),
        (document(variable=["a"]), ["unknown key 'variable'", "Did you mean 'variables'"]),
        (document(variables="question"), ["variables is 'question'"]),
        (document(variables=["question"]), ["languages.en", "{passages}"]),
        (document(variables=["question", "passages", "tone"]), ["languages.en", "'tone'"]),
        (document(languages={"en": ENGLISH}), ["no 'zh'"]),
        (document(languages={"en": ENGLISH, "zh": CHINESE, "fr": ENGLISH}), ["'fr'", "en, zh"]),
        (document(languages={"en": ENGLISH | {"sistem": "x"}, "zh": CHINESE}), ["languages.en.sistem", "'system'"]),
        (document(languages={"en": {"system": "x"}, "zh": CHINESE}), ["'languages.en.user' is missing"]),
        (
            document(languages={"en": ENGLISH | {"examples": [{"user": "x"}]}, "zh": CHINESE}),
            ["examples[0].assistant"],
        ),
        (document(languages={"en": ENGLISH | {"schema": "x"}, "zh": CHINESE}), ["languages.en.schema is 'x'"]),
    ],
)
def test_a_broken_file_is_named_with_key_found_and_allowed(
    tmp_path: Path, content: object, parts: list[str]
) -> None:
    path = write(tmp_path, content)
    with pytest.raises(PromptError) as caught:
        PromptLibrary.load([tmp_path])
    for part in (str(path), *parts):
        assert part in str(caught.value)


def test_a_later_folder_replaces_by_id_and_adds(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, document())
    write(own, document(languages={"en": ENGLISH | {"system": "Mine {question}."}}))
    write(own, document(id="new", languages={"zh": CHINESE}), "new")
    prompts = PromptLibrary.load([shipped, own])
    assert prompts.ids == ("new", "qa/answer")
    assert prompts.get("qa/answer").messages("en", {"question": "Q", "passages": ""})[0].content == "Mine Q."


def test_a_users_prompt_in_one_language_serves_the_other_with_a_warning(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, document())
    write(own, document(languages={"en": ENGLISH}))
    prompt = PromptLibrary.load([shipped, own]).get("qa/answer")
    assert prompt.messages("zh", {"question": "Q", "passages": ""})[0].content == "You answer Q."
    assert "'zh'" in str(prompt.fallback_warning("zh"))
    assert prompt.fallback_warning("en") is None


def test_a_replacement_keeps_to_the_variables_that_are_filled(tmp_path: Path) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    write(shipped, document())
    path = write(own, document(variables=["question"], languages={"en": {"user": "{question}"}}))
    with pytest.raises(PromptError) as caught:
        PromptLibrary.load([shipped, own])
    assert str(path) in str(caught.value)
    assert "passages" in str(caught.value)


def test_an_unknown_prompt_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'qa/answer'"):
        library(tmp_path).get("qa/anser")


def test_the_shipped_prompts_are_sound_and_in_both_languages() -> None:
    prompts = PromptLibrary.load([resources.shipped("prompts")])
    assert prompts.ids
    for prompt_id in prompts.ids:
        prompt = prompts.get(prompt_id)
        values = {name: f"<{name}>" for name in prompt.variables}
        english, chinese = (prompt.messages(language, values) for language in ("en", "zh"))
        assert english != chinese
        assert any("\u4e00" <= letter <= "\u9fff" for message in chinese for letter in message.content)
