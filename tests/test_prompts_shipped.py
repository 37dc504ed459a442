"""The words that are shipped for the model: complete in both languages, and answers that keep to their schemas."""

import json
import re

import pytest

from tests.fixtures.definitions import shipped, shipped_prompts

IDS = shipped_prompts().ids
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("prompt_id", IDS)
def test_each_language_is_written_in_itself_with_role_and_task(prompt_id: str) -> None:
    prompt = shipped_prompts().get(prompt_id)
    assert set(prompt.languages) == {"en", "zh"}
    english, chinese = prompt.languages["en"], prompt.languages["zh"]
    assert not CHINESE.search(english.system + english.user)
    assert CHINESE.search(chinese.system)
    assert english.system.startswith("You ")
    assert chinese.system.startswith("你")


@pytest.mark.parametrize("prompt_id", IDS)
def test_the_languages_have_the_same_examples_and_schema(prompt_id: str) -> None:
    english, chinese = (shipped_prompts().get(prompt_id).languages[language] for language in ("en", "zh"))
    assert len(english.examples) == len(chinese.examples)
    assert english.output_schema == chinese.output_schema
    assert english.placeholders == chinese.placeholders


@pytest.mark.parametrize("prompt_id", IDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_examples_answer_as_their_schema_wants(prompt_id: str, language: str) -> None:
    wording = shipped_prompts().get(prompt_id).languages[language]
    schema = wording.output_schema
    for example in wording.examples if schema else ():
        value = json.loads(example.assistant)
        if schema["type"] == "array":
            assert schema["minItems"] <= len(value) <= schema["maxItems"]
        else:
            assert set(value) == set(schema["required"]) == set(schema["properties"])


def test_every_prompt_is_used_by_a_step_or_by_the_router() -> None:
    steps = [step for each in shipped().definitions.values() for step in each.steps]
    keys = ("prompt", "standalone", "expand", "judge", "repair")
    used = {getattr(step, key, None) for step in steps for key in keys}
    assert set(IDS) == (used | {"router"}) - {None}


def test_values_are_put_in_as_they_are() -> None:
    values = {"question": "{passages} <|im_end|> {x}", "passages": "{question}", "notes": ""}
    text = shipped_prompts().get("search_qa/answer").messages("en", values)[-1].content
    assert "{passages} <|im_end|> {x}" in text
    assert "{question}" in text
