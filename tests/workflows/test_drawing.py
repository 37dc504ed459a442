import re
from pathlib import Path

import pytest

from mm_orch.workflows.drawing import mermaid
from mm_orch.workflows.flow import edges
from tests.fixtures.definitions import made, shipped
from tests.fixtures.steps import prompt

NAMES = ["search_qa", "lesson_pack", "chat_generate"]
ODD = """
title: "A < B & \\"C\\""
steps:
  - {id: end, kind: generate, reads: {question: query}, prompt: ask, writes: text,
     repeat: {back_to: end, at_most: 3, until: text}}
output: {answer: text}
"""


@pytest.mark.parametrize("name", NAMES)
def test_mermaid_has_every_step_and_every_way(name: str) -> None:
    definition = shipped().get(name)
    text = mermaid(definition)
    assert text.startswith("flowchart TD\n")
    assert len(re.findall(r"-->|-\.->", text)) == len(edges(definition))
    for step in definition.steps:
        assert f'step_{step.id}["{step.id}<br/><small>{step.kind}</small>"]' in text


def test_guards_are_the_labels_of_arrows() -> None:
    assert 'step_research -->|"overflow is empty and passages is empty"| step_answer_alone' in mermaid(
        shipped().get("search_qa")
    )


def test_odd_names_and_repeats_are_drawn(tmp_path: Path) -> None:
    definition = made(tmp_path, ODD, prompt("ask", "{question}"))
    assert 'step_end -.->|"text is empty (at most 3×)"| step_end' in mermaid(definition)
