from pathlib import Path

import pytest

from mm_orch.errors import DefinitionError
from mm_orch.nodes.base import Node
from mm_orch.prompts import PromptLibrary
from mm_orch.workflows import wiring
from mm_orch.workflows.definition import Definition, Output, load_file
from mm_orch.workflows.inputs import ChoiceInput, Input, TextInput
from tests.fixtures.definitions import write
from tests.fixtures.steps import node, prompt

ASK = prompt("ask", "{question}")
GOOD = """
steps:
  - {id: say, kind: generate, reads: {question: query}, prompt: ask, writes: text}
output: {answer: text}
"""
QUERY: dict[str, Input] = {"query": TextInput(type="text")}
FIND = node("search", id="find", reads={"query": "query"}, writes="hits")


def problems(*steps: Node, answer: str = "query", inputs: dict[str, Input] = QUERY) -> list[str]:
    definition = Definition("mine", {}, {}, inputs, "query", steps, Output(answer=answer))
    return list(wiring.problems(definition, PromptLibrary([ASK])))


def test_steps_that_fit_have_no_problems() -> None:
    assert problems(FIND, node("fetch", id="read", reads={"hits": "hits"}, writes="pages")) == []


def test_every_problem_is_told_with_its_step() -> None:
    wrong = node("fetch", id="read", reads={"hits": "hist"}, writes={"pages": "steps"})
    first, second = problems(FIND, wrong)
    assert first.startswith("step 'read': reads.hits is 'hist', which no input and no earlier step writes")
    assert "Did you mean 'hits'" in first
    assert second.startswith("step 'read': writes.pages is 'steps', which is reserved")


def test_a_key_of_a_later_step_is_known_where_a_round_leads_back_and_nowhere_else() -> None:
    back = {"back_to": "find", "at_most": 2, "until": "pages"}
    find = node("search", id="find", reads={"query": "query", "earlier": "pages"}, writes="hits")
    read = {"id": "read", "reads": {"hits": "hits"}, "writes": "pages"}
    assert problems(find, node("fetch", **read, repeat=back)) == []
    [problem] = problems(find, node("fetch", **read))
    assert "reads.earlier is 'pages'" in problem


def test_a_choice_brings_its_label() -> None:
    level = ChoiceInput(type="choice", choices={"easy": {}}, default="easy")
    inputs: dict[str, Input] = {**QUERY, "level": level}
    assert wiring.input_keys(inputs) == {"language", "query", "level", "level_label"}
    assert problems(FIND, answer="level_label", inputs=inputs) == []


def test_an_output_that_nobody_writes_is_told() -> None:
    [problem] = problems(FIND, answer="hist")
    assert problem.startswith("output: answer is 'hist', which nobody writes. Did you mean 'hits'?")


@pytest.mark.parametrize("model", ["smol-lm", "./m.gguf", "user/repo:Q8_0"])
def test_a_step_names_a_known_model_a_file_or_a_repository(tmp_path: Path, model: str) -> None:
    path = write(tmp_path, GOOD.replace("writes: text", f"writes: text, model: '{model}'"))
    assert load_file(path, PromptLibrary([ASK]), lambda: ["smol-lm"]).steps


def test_a_step_that_names_no_model_is_told_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("writes: text", "writes: text, model: smollm"))
    assert load_file(path, PromptLibrary([ASK])).steps
    with pytest.raises(DefinitionError, match=r"step 'say': model is 'smollm', .*Did you mean 'smol-lm'"):
        load_file(path, PromptLibrary([ASK]), lambda: ["smol-lm"])
