"""docs/workflows.md against the program; ``python -m tests.workflows.test_docs`` writes its generated parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mm_orch import resources
from mm_orch.nodes import KINDS
from mm_orch.nodes.asking import AskingNode
from mm_orch.nodes.base import Node
from mm_orch.prompts import PromptLibrary
from mm_orch.workflows.definition import load_file
from mm_orch.workflows.drawing import mermaid
from tests.fixtures.definitions import shipped

PAGE = resources.shipped("docs") / "workflows.md"
_PART = re.compile(r"(<!-- generated: (\S+) -->\n)(.*?)(<!-- end -->)", re.S)
_FENCE = re.compile(r"```(yaml|json)\n(.*?)```", re.S)
_ROUTING = re.compile(r"`\$MUAI_HOME/workflows/(routing/haiku\.\w\w\.txt)`:\n\n```\n(.*?)```", re.S)
_COMMON = set(Node.model_fields)


def kinds_table() -> str:
    rows = ["| kind | what it does | reads | writes | its own keys |", "| --- | --- | --- | --- | --- |"]
    for name, kind in KINDS.items():
        own = [f"`{key}`" for key in kind.model_fields if key not in _COMMON]
        read = [f"`{slot}`" for slot in kind.slots] + ["variables of its prompt"] * issubclass(kind, AskingNode)
        read += [f"optional {' '.join(f'`{name}`' for name in kind.optional)}"] if kind.optional else []
        reads = ", ".join(read) or "—"
        writes = ", ".join(f"`{output}`" for output in kind.outputs)
        rows.append(f"| `{name}` | {kind.described()} | {reads} | {writes} | {', '.join(own) or '—'} |")
    return "\n".join(rows) + "\n"


def part(name: str) -> str:
    if name == "kinds":
        return kinds_table()
    return f"```mermaid\n{mermaid(shipped().get(name))}```\n"


def test_the_page_has_all_generated_parts() -> None:
    assert {found[2] for found in _PART.finditer(PAGE.read_text("utf-8"))} == {*shipped().definitions, "kinds"}


@pytest.mark.parametrize("name", [*shipped().definitions, "kinds"])
def test_a_generated_part_is_what_the_program_says(name: str) -> None:
    written = {found[2]: found[3] for found in _PART.finditer(PAGE.read_text("utf-8"))}
    assert written[name] == part(name), "run: python -m tests.workflows.test_docs"


def test_the_example_is_a_workflow_that_works(tmp_path: Path) -> None:
    blocks = dict(_FENCE.findall(PAGE.read_text("utf-8")))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "haiku.json").write_text(blocks["json"], encoding="utf-8")
    (tmp_path / "haiku.yaml").write_text(blocks["yaml"], encoding="utf-8")
    (tmp_path / "routing").mkdir()
    for name, lines in _ROUTING.findall(PAGE.read_text("utf-8")):
        (tmp_path / name).write_text(lines, encoding="utf-8")
    definition = load_file(tmp_path / "haiku.yaml", PromptLibrary.load([tmp_path]))
    assert definition.destination.phrases == ("haiku", "俳句")
    assert definition.inputs_from_query("write a haiku about autumn rain")["subject"] == "autumn rain"
    assert definition.inputs_from_query("写一首关于秋雨的俳句")["subject"] == "秋雨"


if __name__ == "__main__":
    text = PAGE.read_text("utf-8")
    PAGE.write_text(_PART.sub(lambda found: f"{found[1]}{part(found[2])}{found[4]}", text), encoding="utf-8")
