from pathlib import Path

import pytest

from mm_orch.errors import DefinitionError
from mm_orch.prompts import PromptLibrary
from mm_orch.workflows.definition import load_file
from tests.fixtures.definitions import made, shipped
from tests.fixtures.steps import prompt

ASK = prompt("ask", "{question}")
GOOD = """
steps:
  - {id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""
# What is wrong, and what the message has to name besides the file.
WRONG = [
    ("steps: []\noutput: {answer: x}", ["steps"]),
    ("output: {answer: query}", ["steps", "missing"]),
    (
        "steps: [{id: a, kind: serch, writes: x}]\noutput: {answer: x}",
        ["step 'a'", "kind", "Did you mean 'search'"],
    ),
    ("steps: [{id: a, writes: x}]\noutput: {answer: x}", ["step 'a'", "'kind' is missing"]),
    ("steps: [{kind: search, writes: x}]\noutput: {answer: x}", ["step 1", "'id' is missing"]),
    (GOOD.replace("prompt: ask", "promt: ask"), ["step 'say'", "unknown key 'promt'", "Did you mean 'prompt'"]),
    (GOOD.replace("prompt: ask", "prompt: aks"), ["step 'say'", "prompt is 'aks'", "Did you mean 'ask'"]),
    (GOOD.replace("question: query", "question: qery"), ["step 'say'", "reads.question", "Did you mean 'query'"]),
    (GOOD.replace("question: query", "qestion: query"), ["step 'say'", "needs the variable 'question'"]),
    (GOOD.replace("{question: query}", "{question: query, more: query}"), ["reads gives 'more'"]),
    (GOOD.replace("answer: text", "answer: txet"), ["output", "nobody writes", "Did you mean 'text'"]),
    (GOOD.replace("writes: text", "writes: warnings"), ["step 'say'", "reserved"]),
    (GOOD.replace("writes: text", "writes: {texts: text}"), ["step 'say'", "writes has 'texts'"]),
    (GOOD.replace("writes: text", "writes: text, when: nobody is empty"), ["step 'say'", "when is 'nobody'"]),
    (GOOD.replace("writes: text", "writes: text, when: query is big"), ["step 'say'", "should read"]),
    (GOOD.replace("writes: text", "writes: text, fit: notes"), ["step 'say'", "fit is 'notes'"]),
    (GOOD.replace("writes: text", "writes: text, limits: {max_token: 5}"), ["limits.max_token", "'max_tokens'"]),
    (GOOD.replace("writes: text", "writes: text, limits: {max_tokens: many}"), ["limits.max_tokens", "'many'"]),
    (GOOD.replace("writes: text", "writes: text, limits: {max_tokens: 0}"), ["limits.max_tokens", "0"]),
    (GOOD.replace("id: say", "id: Say it"), ["step 'Say it'", "id"]),
    (
        GOOD.replace("writes: text", "writes: text, repeat: {back_to: later, at_most: 2, until: text}"),
        ["step 'say'", "repeat.back_to is 'later'"],
    ),
    (
        GOOD.replace("writes: text", "writes: text, repeat: {back_to: say, at_most: 0, until: text}"),
        ["step 'say'", "repeat.at_most"],
    ),
    (
        GOOD.replace("writes: text", "writes: text, repeat: {back_to: say, at_most: 1, until: nobody}"),
        ["step 'say'", "repeat.until is 'nobody'"],
    ),
    (
        "steps: [{id: a, kind: search, reads: {query: query}, writes: h}, "
        "{id: a, kind: search, reads: {query: query}, writes: g}]\noutput: {answer: g}",
        ["step 'a'", "there twice"],
    ),
    ("steps: [{id: a, kind: search, writes: h}]\noutput: {answer: h}", ["step 'a'", "reads has no 'query'"]),
    (
        "steps: [{id: a, kind: search, reads: {query: query, more: count}, writes: h}]\noutput: {answer: h}",
        ["step 'a'", "reads has 'more'"],
    ),
    (f"{GOOD}\ncolour: red", ["unknown key 'colour'"]),
    (f"{GOOD}\nsteps: []", ["'steps' is there twice"]),
    ("- just\n- a list", ["mine.yaml"]),
    ("steps: [", ["line", "not valid YAML"]),
]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    definition = made(tmp_path, GOOD, ASK)
    assert definition.name == "mine"
    assert [step.id for step in definition.steps] == ["say"]
    assert not definition.needs_web


@pytest.mark.parametrize(("text", "named"), WRONG)
def test_a_wrong_file_is_refused_with_file_step_and_key(tmp_path: Path, text: str, named: list[str]) -> None:
    with pytest.raises(DefinitionError) as refused:
        made(tmp_path, text, ASK)
    message = str(refused.value)
    assert str(tmp_path / "mine.yaml") in message
    assert "\n" not in message
    for part in named:
        assert part in message


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        ("warnings: {type: text}", ["'warnings'", "reserved"]),
        ("query: {type: txt}", ["input 'query'", "Did you mean 'text'"]),
        ("query: {type: choice, choices: {a: {}}, default: b}", ["input 'query'", "'b'"]),
        ("query: {type: number, default: 5, most: 3}", ["input 'query'", "not from 0 to 3"]),
        ("query: {type: number, default: 5}", ["query_input is 'query'", "no text input"]),
        ("other: {type: text}", ["query_input is 'query'"]),
    ],
)
def test_a_wrong_input_is_refused(tmp_path: Path, inputs: str, named: list[str]) -> None:
    text = f"name: mine\ninputs:\n  {inputs}\nquery_input: query\n{GOOD}"
    with pytest.raises(DefinitionError) as refused:
        made(tmp_path, text, ASK)
    for part in named:
        assert part in str(refused.value)


def test_shipped_workflows_speak_both_languages() -> None:
    for definition in shipped().definitions.values():
        assert set(definition.title) == set(definition.description) == {"en", "zh"}
        assert definition.destination.name == definition.name


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"none\.yaml"):
        load_file(tmp_path / "none.yaml", PromptLibrary([]))


def test_routing_inside_the_file_still_works_and_says_where_it_belongs(tmp_path: Path) -> None:
    definition = made(tmp_path, GOOD + "routing: {examples: {en: [ask me]}}\n", ASK)
    assert definition.destination.examples == {"en": ("ask me",)}
    assert str(tmp_path / "routing" / "mine.en.txt") in definition.notes[0]


def test_routing_in_two_places_is_refused(tmp_path: Path) -> None:
    (tmp_path / "routing").mkdir()
    (tmp_path / "routing" / "mine.en.txt").write_text("ask me", encoding="utf-8")
    assert made(tmp_path, GOOD, ASK).destination.examples["en"] == ("ask me",)
    with pytest.raises(DefinitionError, match=r"routing: is also in .*mine\.en\.txt"):
        made(tmp_path, GOOD + "routing: {examples: {en: [ask me]}}\n", ASK)
